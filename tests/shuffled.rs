//! Neither the order of rows and customers nor how a pack is spread over files changes anything:
//! the cases again, with their stores shuffled and their packs split, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use tempfile::TempDir;

/// Sections that may stand in any file of a pack.
const SECTIONS: [&str; 7] =
    ["customers", "sources", "metrics", "ladders", "benefits", "segments", "alerts"];
const SHUFFLES: u64 = 2;

#[test]
fn order_and_layout_change_nothing() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let cases = fs::read_dir(root.join("cases")).expect("the cases");
    let mut folders: Vec<_> = cases
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| (path, "store.sql"))
        .collect();
    folders.push((root.join("mini"), "mini.sql"));
    for (folder, sql) in folders {
        let pack = Pack::read(&folder);
        let sql = fs::read_to_string(folder.join(sql)).expect("the store's SQL");
        let expected = outcome(&pack, &sql, None);
        for seed in 1..=SHUFFLES {
            let found = outcome(&pack, &sql, Some(seed));
            assert_eq!(found, expected, "{}, seed {seed}", folder.display());
        }
    }
}

struct Pack {
    folder: PathBuf,
    text: String,
}

impl Pack {
    fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("pack.yaml")).expect("pack.yaml");
        Self { folder: folder.to_owned(), text }
    }

    /// The pack as it is, or its sections in other files, some split between two entries.
    fn write(&self, to: &Path, seed: Option<u64>) {
        let scripts = self.folder.join("scripts");
        if scripts.is_dir() {
            fs::create_dir_all(to.join("scripts")).expect("a directory");
            for script in fs::read_dir(scripts).expect("the scripts") {
                let path = script.expect("an entry").path();
                let name = path.file_name().expect("a name");
                fs::copy(&path, to.join("scripts").join(name)).expect("a copy");
            }
        }
        let Some(seed) = seed else {
            fs::write(to.join("pack.yaml"), &self.text).expect("a file");
            return;
        };
        let mut random = Random(seed);
        let mut manifest = String::new();
        for (name, section) in sections(&self.text) {
            if !SECTIONS.contains(&name) {
                manifest.push_str(&section);
                continue;
            }
            // Files are read by name; the entries of a section keep their order.
            let at = match name {
                "customers" => 0,
                _ => random.below(3) as usize,
            };
            let (head, entries) = entries(&section);
            let at = if at < entries.len() { at } else { 0 };
            let letter = char::from(b'a' + random.below(26) as u8);
            let halves = [("1", &entries[..at]), ("2", &entries[at..])];
            for (half, entries) in halves.into_iter().filter(|(_, entries)| !entries.is_empty()) {
                let text = format!("# Moved.\n{head}\n\n{}", entries.concat());
                fs::write(to.join(format!("{letter}_{name}_{half}.yaml")), text).expect("a file");
            }
        }
        fs::write(to.join("pack.yaml"), manifest).expect("a file");
    }
}

/// The parts of a pack that begin in the first column.
fn sections(text: &str) -> Vec<(&str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        let begins = line.starts_with(|first: char| first.is_ascii_lowercase());
        if let (true, Some((name, _))) = (begins, line.split_once(':')) {
            sections.push((name, String::new()));
        }
        if let Some((_, section)) = sections.last_mut() {
            section.push_str(line);
            section.push('\n');
        }
    }
    sections
}

/// The first line of a section, and its entries.
fn entries(section: &str) -> (&str, Vec<String>) {
    let (head, rest) = section.split_once('\n').expect("a line");
    let mut entries: Vec<String> = Vec::new();
    for line in rest.lines() {
        let begins = line.starts_with("  ") && line[2..].starts_with(|c: char| c.is_alphabetic());
        match entries.last_mut() {
            Some(entry) if !begins => entry.push_str(line),
            _ => entries.push(line.to_owned()),
        }
        if let Some(entry) = entries.last_mut() {
            entry.push('\n');
        }
    }
    if entries.is_empty() { (head, vec![String::new()]) } else { (head, entries) }
}

/// What two passes over one state say.
fn outcome(pack: &Pack, sql: &str, seed: Option<u64>) -> Vec<String> {
    let work = tempfile::tempdir().expect("a temporary directory");
    fs::create_dir(work.path().join("pack")).expect("a directory");
    pack.write(&work.path().join("pack"), seed);
    let store = Connection::open(work.path().join("store.db")).expect("a store");
    store.execute_batch("PRAGMA synchronous = OFF").expect("SQL");
    store.execute_batch(sql).expect("the store's SQL");
    let mut said = Vec::new();
    for (pass, date) in [(0, "2026-02-28"), (1, "2026-04-01")] {
        if let Some(seed) = seed {
            shuffle(&store, seed * 2 + pass);
        }
        said.push(tierkeeper(&work, &["evaluate", "--as-of", date, "--format", "json"]));
        said.push(tierkeeper(&work, &["list", "--format", "csv"]));
    }
    said
}

/// Writes every table anew, its rows in another order.
fn shuffle(store: &Connection, seed: u64) {
    let mut tables = store.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let names: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for name in names {
        let order = format!("(rowid * 7919 + {seed} * 104729) % 10007");
        let sql = format!(
            "CREATE TABLE shuffled AS SELECT * FROM {name} ORDER BY {order};
             DROP TABLE {name}; ALTER TABLE shuffled RENAME TO {name};"
        );
        store.execute_batch(&sql).expect("SQL");
    }
}

fn tierkeeper(work: &TempDir, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierkeeper"));
    command.args(arguments).args(["--pack", "pack", "--store", "store.db"]);
    let output = command.current_dir(work.path()).output().expect("tierkeeper runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A small generator of even numbers, enough for shuffling (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
