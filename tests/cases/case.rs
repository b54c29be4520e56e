//! One case: commands over one store and one state, each with what is expected of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::compare::{rows, subset};

pub struct Case {
    folder: PathBuf,
    /// The rules that are in force: the case's own, or those of a folder inside of it.
    pack: PathBuf,
    work: TempDir,
    set: Vec<String>,
}

impl Case {
    pub fn open(folder: &Path, store: &str) -> Self {
        let work = tempfile::tempdir().expect("a temporary directory");
        let sql = fs::read_to_string(folder.join(store)).expect("the store's SQL");
        let store = rusqlite::Connection::open(work.path().join("store.db")).expect("a store");
        store.execute_batch(&sql).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        Self { folder: folder.to_owned(), pack: folder.to_owned(), work, set: Vec::new() }
    }

    /// A file of the case as it runs: `store.db`, `store.tiers.db`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.work.path().join(name)
    }

    /// Does what a line says; `input` is what stands under it. Every difference in words.
    pub fn command(&mut self, line: &str, input: &str) -> Vec<String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "set" => {
                self.set = rest.split_whitespace().map(str::to_owned).collect();
                Vec::new()
            }
            "pack" => {
                self.pack = self.folder.join(rest);
                Vec::new()
            }
            "as-of" => {
                let (date, expected) = rest.split_once(' ').unwrap_or((rest, "{}"));
                self.json(&["evaluate", "--as-of", date], expected)
            }
            "as-of-skipping" => {
                let (date, expected) = before_json(rest);
                self.json(&["evaluate", "--skip-bad-rows", "--as-of", date], expected)
            }
            "explain" | "history" => {
                let text = format!("{rest} {input}");
                let (customer, expected) = before_json(&text);
                self.json(&[word, customer], expected)
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
                let store = rusqlite::Connection::open(self.file("store.db"));
                store.and_then(|store| store.execute_batch(rest)).expect("SQL");
                Vec::new()
            }
            "hold" | "release" | "adopt" | "extend" => {
                let output = self.action(line, input);
                if output.status.success() { Vec::new() } else { vec![failed(&[line], &output)] }
            }
            "refused" => {
                let (date, words) = rest.split_once(' ').expect("a date and words");
                self.refused(&format!("evaluate --as-of {date}"), input, words)
            }
            "fails" => {
                let (action, words) = rest.split_once(" | ").expect("a command | words");
                self.refused(action, input, words)
            }
            _ => panic!("`{word}` is no command of a case"),
        }
    }

    /// A command as it is typed; `FILE` in it is a file with the input.
    fn action(&self, line: &str, input: &str) -> Output {
        let file = self.file("input.csv");
        fs::write(&file, input).expect("a file");
        let file = file.to_string_lossy();
        let words = line.split_whitespace();
        let words: Vec<&str> =
            words.map(|word| if word == "FILE" { &*file } else { word }).collect();
        self.tierkeeper(&words)
    }

    fn refused(&self, line: &str, input: &str, words: &str) -> Vec<String> {
        let output = self.action(line, input);
        let stderr = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(2) && stderr.contains(words) {
            return Vec::new();
        }
        vec![format!("{line}: {:?}, not `{words}`: {stderr}", output.status.code())]
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

    /// What `list` says: the names of the columns, and the rows.
    pub fn list(&self) -> Result<(Vec<String>, Vec<Vec<String>>), String> {
        let output = self.tierkeeper(&["list", "--format", "csv"]);
        if output.status.success() {
            Ok(rows(&output.stdout))
        } else {
            Err(failed(&["list"], &output))
        }
    }

    fn tierkeeper(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierkeeper"));
        command.args(arguments).arg("--pack").arg(&self.pack);
        command.arg("--store").arg(self.file("store.db"));
        for set in &self.set {
            command.arg("--set").arg(set);
        }
        command.env_remove("TIERKEEPER_AS_OF").output().expect("tierkeeper runs")
    }
}

/// `who or when {…}`, or with a list.
fn before_json(text: &str) -> (&str, &str) {
    let begins = |pair: &[u8]| matches!(pair, b" {" | b" [");
    let at = text.as_bytes().windows(2).position(begins).expect("JSON");
    (&text[..at], &text[at + 1..])
}

fn failed(arguments: &[&str], output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> =
        stderr.split("\n\n").filter(|part| !part.trim_start().starts_with("warning")).collect();
    let (command, code) = (arguments.join(" "), output.status.code());
    format!("{command}: exit {code:?}\n{}", errors.join("\n\n"))
}
