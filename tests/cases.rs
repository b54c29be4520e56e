//! Rules, a store, and what comes of them, worked out by hand: each folder of `fixtures/cases`.
//!
//! `README.md` there says what a case is made of.

#[path = "cases/case.rs"]
mod case;
#[path = "cases/compare.rs"]
mod compare;
#[path = "cases/expected.rs"]
mod expected;
#[path = "cases/lines.rs"]
mod lines;

use std::fs;
use std::path::PathBuf;

use case::Case;

#[test]
fn every_case_comes_out_as_worked_out() {
    let mut faults = Vec::new();
    let folders = folders();
    assert!(!folders.is_empty());
    for folder in folders {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.join("expected.csv")).expect("expected.csv");
        let found = expected::run(Case::open(&folder, "store.sql"), &text);
        faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Two passes over one state; `expected.md` there says how the numbers come about.
#[test]
fn twelve_customers_with_every_trap() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/mini");
    let mut case = Case::open(&folder, "mini.sql");
    let skipped = r#"{"customers": 12, "faults": 0, "bad_rows": 0,
        "skipped_rows": {"no customer": 3, "unknown customer": 3}}"#;
    let mut faults = Vec::new();
    for date in ["2024-02-29", "2024-03-31"] {
        faults.extend(case.command(&format!("as-of {date} {skipped}"), ""));
        let table = fs::read_to_string(folder.join(format!("expected-{date}.csv")));
        faults.extend(expected::compare(&case, &table.expect("the expected table")));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Those of `fixtures/cases`, or the one named in `CASE`.
fn folders() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let wanted = std::env::var("CASE").ok();
    let entries = fs::read_dir(root).expect("the folder of cases");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .filter(|path| wanted.as_ref().is_none_or(|wanted| path.ends_with(wanted)))
        .collect();
    folders.sort();
    folders
}
