//! One case: commands over one store and one state, each with what is expected of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::compare::{rows, same, subset};

pub struct Case {
    folder: PathBuf,
    work: TempDir,
    as_of: String,
    set: Vec<String>,
}

impl Case {
    pub fn open(folder: &Path, store: &str) -> Self {
        let work = tempfile::tempdir().expect("a temporary directory");
        let sql = fs::read_to_string(folder.join(store)).expect("the store's SQL");
        let store = rusqlite::Connection::open(work.path().join("store.db")).expect("a store");
        store.execute_batch(&sql).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        Self { folder: folder.to_owned(), work, as_of: String::new(), set: Vec::new() }
    }

    /// Does what `expected.csv` says, line by line; every difference in words.
    pub fn run(mut self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join("expected.csv")).expect("expected.csv");
        let mut faults = Vec::new();
        let mut table = String::new();
        for (number, line) in text.lines().enumerate() {
            let Some(command) = line.strip_prefix("#> ") else {
                if !line.starts_with('#') && !line.trim().is_empty() {
                    table.push_str(line);
                    table.push('\n');
                }
                continue;
            };
            faults.extend(self.list(&std::mem::take(&mut table)));
            let answer = self.command(command);
            faults.extend(answer.into_iter().map(|fault| format!("line {}: {fault}", number + 1)));
        }
        faults.extend(self.list(&table));
        faults
    }

    pub fn command(&mut self, line: &str) -> Vec<String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "set" => {
                self.set = rest.split_whitespace().map(str::to_owned).collect();
                Vec::new()
            }
            "as-of" => {
                let (date, expected) = rest.split_once(' ').unwrap_or((rest, "{}"));
                date.clone_into(&mut self.as_of);
                self.json(&["evaluate", "--as-of", date], expected)
            }
            "as-of-skipping" => {
                let (date, expected) = rest.split_once(" {").expect("a date and JSON");
                date.clone_into(&mut self.as_of);
                let expected = format!("{{{expected}");
                self.json(&["evaluate", "--skip-bad-rows", "--as-of", date], &expected)
            }
            "explain" => {
                let (customer, expected) = rest.split_once(" {").expect("a customer and JSON");
                self.json(&["explain", customer], &format!("{{{expected}"))
            }
            "says" => {
                let (customer, rest) = rest.split_once(' ').expect("a customer and words");
                let (locale, words) = rest.split_once(' ').expect("a locale and words");
                let output = self.tierkeeper(&["explain", customer, "--locale", locale]);
                let page = String::from_utf8_lossy(&output.stdout);
                if page.contains(words) {
                    return Vec::new();
                }
                vec![format!("`{words}` is not in\n{page}")]
            }
            "store" => {
                let store = rusqlite::Connection::open(self.work.path().join("store.db"));
                store.and_then(|store| store.execute_batch(rest)).expect("SQL");
                Vec::new()
            }
            "refused" => {
                let (date, words) = rest.split_once(' ').expect("a date and words");
                let output = self.tierkeeper(&["evaluate", "--as-of", date]);
                let stderr = String::from_utf8_lossy(&output.stderr);
                if output.status.code() == Some(2) && stderr.contains(words) {
                    return Vec::new();
                }
                vec![format!("refused: {:?}, not `{words}`: {stderr}", output.status.code())]
            }
            _ => panic!("`{word}` is no command of a case"),
        }
    }

    fn json(&self, arguments: &[&str], expected: &str) -> Vec<String> {
        let expected: Value = serde_json::from_str(expected)
            .unwrap_or_else(|error| panic!("{}: {error} in {expected}", self.folder.display()));
        let output = self.tierkeeper(&[arguments, &["--format", "json"]].concat());
        if !output.status.success() {
            return vec![failed(arguments, &output)];
        }
        let answer = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut faults = Vec::new();
        subset(&expected, &answer, &arguments.join(" "), &mut faults);
        faults
    }

    /// Compares the columns that the expected table names.
    pub fn list(&self, expected: &str) -> Vec<String> {
        if expected.is_empty() {
            return Vec::new();
        }
        let output = self.tierkeeper(&["list", "--format", "csv"]);
        if !output.status.success() {
            return vec![failed(&["list"], &output)];
        }
        let (head, want) = rows(expected.as_bytes());
        let (columns, have) = rows(&output.stdout);
        let as_of = &self.as_of;
        if want.len() != have.len() {
            return vec![format!("as of {as_of}: {} rows, not {}", have.len(), want.len())];
        }
        let mut faults = Vec::new();
        for (name, at) in head.iter().zip(0..) {
            let Some(place) = columns.iter().position(|column| column == name) else {
                faults.push(format!("no column `{name}`"));
                continue;
            };
            for (want, have) in want.iter().zip(&have) {
                let (want, got, who) = (&want[at], &have[place], &have[0]);
                if !same(want, got) {
                    faults.push(format!("as of {as_of}: {who}: {name} is `{got}`, not `{want}`"));
                }
            }
        }
        faults
    }

    fn tierkeeper(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierkeeper"));
        command.args(arguments).arg("--pack").arg(&self.folder);
        command.arg("--store").arg(self.work.path().join("store.db"));
        for set in &self.set {
            command.arg("--set").arg(set);
        }
        command.env_remove("TIERKEEPER_AS_OF").output().expect("tierkeeper runs")
    }
}

fn failed(arguments: &[&str], output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> =
        stderr.split("\n\n").filter(|part| !part.trim_start().starts_with("warning")).collect();
    let (command, code) = (arguments.join(" "), output.status.code());
    format!("{command}: exit {code:?}\n{}", errors.join("\n\n"))
}
