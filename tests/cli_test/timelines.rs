//! The timelines that were worked out by hand, told as cases: each customer is a case whose
//! expectations are the rows of `timeline.csv`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tierkeeper::build::Origin;
use tierkeeper::pack::PackFiles;
use tierkeeper::program::Program;

use crate::shop::tierkeeper;
use crate::stored::people;

/// A date: what is done by hand before its pass, and its rows.
#[derive(Default)]
struct Day {
    date: String,
    /// By customer.
    deeds: Vec<(String, String)>,
    /// By customer, as `column → cell`.
    rows: Vec<(String, BTreeMap<String, String>)>,
}

#[test]
fn timelines_as_cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/timelines");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let mut told = 0;
    for folder in &folders {
        let Some(suite) = suite(folder) else { continue };
        told += 1;
        let pack = tempfile::tempdir().unwrap();
        for part in ["pack.yaml", "scripts"].map(|part| folder.join(part)) {
            copy(&part, &pack.path().join(part.file_name().unwrap()));
        }
        fs::create_dir(pack.path().join("tests")).unwrap();
        fs::write(pack.path().join("tests/lives.yaml"), &suite).unwrap();
        let output = tierkeeper().args(["test", "."]).current_dir(pack.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}:\n{suite}\n{said}{error}", folder.display());
    }
    assert!(told >= 40, "only {told} of the timelines could be told as cases");
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).unwrap();
    } else if from.is_dir() {
        fs::create_dir(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    }
}

/// A timeline as a test file; `None` where something in it cannot be said by a case.
fn suite(folder: &Path) -> Option<String> {
    let files = PackFiles::read(folder).unwrap();
    let program = Origin { files, project: None, set: Vec::new() }.build().program?;
    let store = Connection::open_in_memory().unwrap();
    store.execute_batch(&fs::read_to_string(folder.join("store.sql")).unwrap()).unwrap();
    let people = people(&program, &store)?;
    let days = days(&fs::read_to_string(folder.join("timeline.csv")).unwrap())?;
    // Ids decide between equals, and a population is everybody: both are asked elsewhere.
    let others_matter = !program.cutoffs.is_empty();
    if others_matter || program.customers.is_none() {
        return None;
    }
    let mut suite = String::from("cases:\n");
    for (id, facts) in &people {
        write!(suite, "  - name: customer {id}\n{facts}    timeline:\n").unwrap();
        for day in &days {
            step(&program, id, day, &mut suite);
        }
    }
    Some(suite)
}

fn step(program: &Program, id: &str, day: &Day, suite: &mut String) {
    writeln!(suite, "      - on: {}", day.date).unwrap();
    for (_, deed) in day.deeds.iter().filter(|(customer, _)| customer == id) {
        writeln!(suite, "        {deed}").unwrap();
    }
    writeln!(suite, "        expect:\n          ladders:").unwrap();
    let rows = || day.rows.iter().filter(|(customer, _)| customer == id).map(|(_, row)| row);
    for ladder in &program.ladders {
        let of_ladder = |row: &&BTreeMap<String, String>| {
            row.get("ladder").is_none_or(|name| *name == ladder.name)
        };
        let Some(row) = rows().find(of_ladder) else {
            writeln!(suite, "            {}: {{ event: none }}", ladder.name).unwrap();
            continue;
        };
        let mut said = Vec::new();
        for (column, cell) in row {
            let or_none = if cell.is_empty() { "none" } else { cell };
            match column.as_str() {
                // The day on which somebody left is no day since which they hold something.
                "since" if row["tier"].is_empty() => said.push("since: none".to_owned()),
                "tier" | "since" | "review_on" | "grace_until" => {
                    said.push(format!("{column}: {or_none}"));
                }
                "event" if cell.is_empty() => said.push("event: none".to_owned()),
                "event" => said.push(format!("event: [{}]", cell.replace(' ', ", "))),
                _ => {}
            }
        }
        writeln!(suite, "            {}: {{ {} }}", ladder.name, said.join(", ")).unwrap();
    }
    let metrics: Vec<String> = rows()
        .flatten()
        .filter(|(column, cell)| {
            program.metrics.iter().any(|metric| metric.name == **column) && !cell.is_empty()
        })
        .map(|(column, cell)| format!("{column}: {cell}"))
        .collect();
    // With several ladders every row tells the same of them.
    if !metrics.is_empty() && rows().count() == 1 {
        writeln!(suite, "          metrics: {{ {} }}", metrics.join(", ")).unwrap();
    }
}

/// The dates of a timeline; `None` where it changes what a case cannot change on the way.
fn days(text: &str) -> Option<Vec<Day>> {
    let mut days: Vec<Day> = Vec::new();
    let mut head: Vec<&str> = Vec::new();
    let mut deeds: Vec<(String, String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("#> ") {
            let words: Vec<&str> = command.split_whitespace().collect();
            match words[0] {
                "hold" | "release" => deeds.push(deed(&words)?),
                "events" | "explain" | "history" | "fails" | "says" => {}
                _ => return None,
            }
        } else if line.starts_with("date,") {
            head = line.split(',').collect();
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            let cells: Vec<&str> = line.split(',').collect();
            if days.last().is_none_or(|day| day.date != cells[0]) {
                let on_another = deeds.iter().any(|(on, ..)| on != cells[0]);
                if on_another {
                    return None;
                }
                let deeds = deeds.drain(..).map(|(_, customer, deed)| (customer, deed)).collect();
                days.push(Day { date: cells[0].to_owned(), deeds, rows: Vec::new() });
            }
            let row: BTreeMap<String, String> =
                head.iter().zip(&cells).map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            days.last_mut()?.rows.push((row["customer"].clone(), row));
        }
    }
    let twice = days.iter().any(|day| {
        let mut customers: Vec<&String> = day.deeds.iter().map(|(customer, _)| customer).collect();
        let all = customers.len();
        customers.sort();
        customers.dedup();
        customers.len() < all
    });
    (deeds.is_empty() && !twice).then_some(days)
}

/// A command as the date, the customer, and what a timeline says.
fn deed(words: &[&str]) -> Option<(String, String, String)> {
    let after = |flag: &str| {
        words.iter().position(|word| *word == flag).and_then(|at| words.get(at + 1)).copied()
    };
    let deed = match words[0] {
        "release" => format!("release: {}", after("--ladder")?),
        _ => {
            let until = after("--until").unwrap_or("none");
            let floor = words.contains(&"--floor");
            format!("hold: {{ tier: {}, until: {until}, floor: {floor} }}", after("--tier")?)
        }
    };
    Some((after("--as-of")?.to_owned(), words[1].to_owned(), deed))
}
