//! What `expected.csv` says, read from the top: commands, and tables of what `list` says then.

use super::case::Case;
use super::compare::{rows, same};
use super::lines::{Line, read};

/// Does it line by line; every difference in words.
pub fn run(mut case: Case, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut table = String::new();
    for line in read(text) {
        match line {
            Line::Row(text) => {
                table.push_str(&text);
                table.push('\n');
            }
            Line::Command { number, text, rows } => {
                faults.extend(compare(&case, &std::mem::take(&mut table)));
                let answer = case.command(&text, &rows);
                faults.extend(answer.into_iter().map(|fault| format!("line {number}: {fault}")));
            }
        }
    }
    faults.extend(compare(&case, &table));
    faults
}

/// Compares the columns that the expected table names.
pub fn compare(case: &Case, expected: &str) -> Vec<String> {
    if expected.is_empty() {
        return Vec::new();
    }
    let (head, want) = rows(expected.as_bytes());
    let (columns, have) = match case.list() {
        Ok(table) => table,
        Err(fault) => return vec![fault],
    };
    if want.len() != have.len() {
        return vec![format!("{} rows, not {}: {expected}", have.len(), want.len())];
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
                faults.push(format!("{who}: {name} is `{got}`, not `{want}`"));
            }
        }
    }
    faults
}
