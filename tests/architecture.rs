//! The rules of the layout that matter, kept by looking at the source.

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file of the program, relative to `src`, with its text up to its unit tests.
fn files() -> Vec<(String, String)> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("src can be listed") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    assert!(found.len() > 50, "the walk finds the program");
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("source is text");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
            (name.replace('\\', "/"), code)
        })
        .filter(|(name, _)| !name.ends_with("tests.rs") && !name.contains("/tests/"))
        .collect()
}

/// The code lines outside of `rooms` that contain one of `words`.
fn outside(rooms: &[&str], words: &[&str]) -> Vec<String> {
    files()
        .iter()
        .filter(|(name, _)| !rooms.iter().any(|room| name.starts_with(room)))
        .flat_map(|(name, code)| {
            code.lines()
                .enumerate()
                .filter(|(_, line)| !line.trim_start().starts_with("//"))
                .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
                .map(move |(number, line)| format!("{name}:{}: {}", number + 1, line.trim()))
        })
        .collect()
}

#[track_caller]
fn nowhere_else(rooms: &[&str], words: &[&str]) {
    let found = outside(rooms, words);
    assert!(found.is_empty(), "only {rooms:?} may use {words:?}:\n{}", found.join("\n"));
    let inside = outside(&[], words);
    assert!(!inside.is_empty(), "nobody uses {words:?}: the rule is out of date");
}

#[test]
fn only_script_knows_rhai() {
    nowhere_else(&["script/"], &["rhai::"]);
}

#[test]
fn only_store_knows_sql() {
    // The demo makes shops as their owners would: with a database of its own.
    nowhere_else(&["store/", "demo/"], &["rusqlite"]);
}

#[test]
fn only_import_and_tracking_write_to_a_store() {
    // The state is ours, and the demo makes the shops that it shows.
    let rooms = ["store/import.rs", "store/tracking/install.rs", "store/state/", "demo/"];
    nowhere_else(&rooms, &["SQLITE_OPEN_READ_WRITE", "Connection::open("]);
}

#[test]
fn only_the_service_speaks_http() {
    nowhere_else(&["host/serve/"], &["axum::", "hyper::", "prometheus_client::"]);
}

#[test]
fn only_the_program_reads_a_clock() {
    nowhere_else(&["bin/", "host/clock.rs"], &["SystemTime::now", "Zoned::now", "Timestamp::now"]);
}

#[test]
fn deciding_has_no_io() {
    for room in [
        "expr/",
        "criteria/",
        "lifecycle/",
        "check/",
        "coverage/",
        "program/",
        "metrics/",
        "mutation/",
        "pass/",
        "plan/",
        "simulate/",
        "diagnostic/",
        "difference/",
        "host/decide/",
    ] {
        let found: Vec<String> = outside(&[], &["std::fs", "std::net", "std::env::", "std::io"])
            .into_iter()
            .filter(|line| line.starts_with(room))
            .collect();
        assert!(found.is_empty(), "{room} is pure:\n{}", found.join("\n"));
    }
}

#[test]
fn snapshots_are_read_and_written_in_one_place() {
    let io = ["std::fs", "std::net", "std::env::", "std::process", "std::io"];
    let (files, rest): (Vec<String>, Vec<String>) = outside(&[], &io)
        .into_iter()
        .filter(|line| line.starts_with("suite/snapshot/"))
        // What went wrong there.
        .filter(|line| !line.starts_with("suite/snapshot/error.rs"))
        .partition(|line| line.starts_with("suite/snapshot/files.rs"));
    assert!(!files.is_empty(), "nobody reads snapshots: the rule is out of date");
    assert!(rest.is_empty(), "only `files` does:\n{}", rest.join("\n"));
}

#[test]
fn only_one_reader_of_packs() {
    nowhere_else(&["pack/"], &["serde_saphyr"]);
}
