//! Runs of the program, as a user runs it.

#![allow(dead_code, reason = "a benchmark uses what it needs of it")]

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use jiff::civil::Date;

use crate::measure::{self, Memory, Seconds};

/// A pack with its store and its state.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a> {
    pub pack: &'a str,
    pub store: &'a Path,
    pub state: &'a Path,
    /// Parameters, as `--set` takes them.
    pub set: &'a [String],
}

/// One run of `evaluate`.
#[derive(Debug, Clone, Copy)]
pub struct Evaluate {
    pub took: Seconds,
    /// Elapsed seconds, as `--timings` tells them.
    pub read: f64,
    pub decide: f64,
    pub write: f64,
    pub memory: Memory,
    /// Bytes that it wrote to files.
    pub written: u64,
}

impl Project<'_> {
    pub fn evaluate(&self, as_of: Date) -> Evaluate {
        let (start, before) = (Instant::now(), measure::processor_seconds().children);
        let bytes = measure::bytes_written();
        let child = self
            .command("evaluate", as_of)
            .args(["--timings", "--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let process = child.id();
        let watcher = std::thread::spawn(move || Memory::watch(process));
        let output = child.wait_with_output().expect("the program ends");
        let elapsed = start.elapsed().as_secs_f64();
        assert!(output.status.success(), "the pass succeeds");
        let memory = watcher.join().expect("the watcher ends");
        let processor = measure::processor_seconds().children - before;
        let summary: serde_json::Value =
            serde_json::from_slice(&output.stdout).expect("the summary is JSON");
        let seconds =
            |stage: &str| summary["seconds"][stage].as_f64().expect("timings were asked for");
        Evaluate {
            took: Seconds { elapsed, processor },
            read: seconds("read"),
            decide: seconds("decide"),
            write: seconds("write"),
            memory,
            written: measure::bytes_written() - bytes,
        }
    }

    /// Any other command on the same files.
    pub fn run(&self, command: &str, as_of: Date, arguments: &[&OsStr]) {
        let output = self.command(command, as_of).args(arguments).output();
        let output = output.expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn command(&self, command: &str, as_of: Date) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tierkeeper"));
        program.args([command, "--pack", self.pack, "--as-of", &as_of.to_string()]);
        program.arg("--store").arg(self.store).arg("--state").arg(self.state);
        program.args(self.set.iter().flat_map(|set| ["--set", set.as_str()]));
        program
    }
}
