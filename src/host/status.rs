//! What the host says of itself.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::build::Built;
use crate::diagnostic::findings_json;
use crate::program::Program;

/// The shape of `GET /v1/status`, as plain values.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// The live generation; empty before the first one is loaded.
    pub generation: String,
    pub loaded_at: Option<Timestamp>,
    /// `sha256:…` by file of the live generation: relative to the pack's root, and
    /// `tierkeeper.yaml` for the project file.
    pub files: BTreeMap<String, String>,
    /// Whether the live rules are the last good ones from the state, because those on disk do not
    /// build.
    pub from_state: bool,
    pub last_attempt: Option<Attempt>,
    pub waiting: Option<Waiting>,
    pub last_pass: Option<LastPass>,
    pub next_pass: Option<Timestamp>,
    /// As written, like `daily at 03:00`.
    pub schedule: String,
    /// How new facts of each source are found: name, how, and whether by an index.
    pub following: Vec<Json>,
    /// What keeps passes from being made, in words; `None` while all is well.
    pub trouble: Option<String>,
    pub counts: Counts,
}

/// A try to load the files.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub ok: bool,
    pub at: Timestamp,
    /// `None` where they did not build.
    pub generation: Option<String>,
    /// Findings as `check --format json` has them.
    pub findings: Vec<Json>,
    /// Why the files could not be read at all.
    pub error: Option<String>,
}

/// A generation that waits for a person.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub generation: String,
    pub since: Timestamp,
    /// The shape of `plan --format json` without its movers, with the limits that are passed.
    pub impact: Json,
    /// Why it waits, in words.
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassKind {
    /// Everybody.
    Full,
    /// Customers with new facts.
    Touched,
}

impl PassKind {
    pub fn name(self) -> &'static str {
        match self {
            PassKind::Full => "full",
            PassKind::Touched => "touched",
        }
    }
}

#[derive(Debug, Clone)]
pub struct LastPass {
    pub kind: PassKind,
    pub as_of: Date,
    pub at: Timestamp,
    pub generation: String,
    /// Customers decided.
    pub customers: u64,
    pub events: u64,
    pub seconds: StageSeconds,
}

/// Seconds that the stages of a pass took, or those of many.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StageSeconds {
    pub read: f64,
    pub decide: f64,
    pub write: f64,
}

impl StageSeconds {
    /// Of a pass that had read, decided and written after so long.
    pub fn of(read: Duration, decided: Duration, written: Duration) -> Self {
        Self {
            read: read.as_secs_f64(),
            decide: (decided - read).as_secs_f64(),
            write: (written - decided).as_secs_f64(),
        }
    }

    pub fn all(self) -> f64 {
        self.read + self.decide + self.write
    }

    /// By the names of the stages.
    pub fn named(self) -> [(&'static str, f64); 3] {
        [("read", self.read), ("decide", self.decide), ("write", self.write)]
    }
}

impl AddAssign for StageSeconds {
    fn add_assign(&mut self, more: Self) {
        self.read += more.read;
        self.decide += more.decide;
        self.write += more.write;
    }
}

/// Counts since the start, for `/metrics`.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub reloads_ok: u64,
    pub reloads_failed: u64,
    pub last_reload_ok: Option<Timestamp>,
    pub full_passes: u64,
    pub touched_passes: u64,
    pub failed_passes: u64,
    /// Of all full passes, and of all touched ones.
    pub full_seconds: StageSeconds,
    pub touched_seconds: StageSeconds,
    /// Decisions that could not be made, in the last full pass and what came after it.
    pub faults: u64,
    /// Touched customers who are not decided yet.
    pub queue: u64,
}

impl Status {
    pub fn to_json(&self) -> Json {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        json!({
            "generation": self.generation,
            "loaded_at": time(self.loaded_at),
            "files": self.files,
            "from_state": self.from_state,
            "last_attempt": self.last_attempt.as_ref().map(Attempt::to_json),
            "waiting": self.waiting.as_ref().map(Waiting::to_json),
            "last_pass": self.last_pass.as_ref().map(LastPass::to_json),
            "next_pass": time(self.next_pass),
            "schedule": self.schedule,
            "following": self.following,
            "trouble": self.trouble,
        })
    }
}

impl Attempt {
    /// Of files that could be read.
    pub fn of(built: &Built, at: Timestamp) -> Self {
        let json = findings_json(&built.findings, &built.sources, false);
        let generation = built.program.as_ref().map(Program::generation);
        Self {
            ok: generation.is_some(),
            at,
            generation,
            findings: json["findings"].as_array().cloned().unwrap_or_default(),
            error: None,
        }
    }

    /// Of files that could not, and why.
    pub fn unreadable(error: String, at: Timestamp) -> Self {
        Self { ok: false, at, generation: None, findings: Vec::new(), error: Some(error) }
    }

    fn to_json(&self) -> Json {
        json!({
            "ok": self.ok,
            "at": self.at.to_string(),
            "generation": self.generation,
            "findings": self.findings,
            "error": self.error,
        })
    }
}

impl Waiting {
    fn to_json(&self) -> Json {
        json!({
            "generation": self.generation,
            "since": self.since.to_string(),
            "impact": self.impact,
            "reasons": self.reasons,
        })
    }
}

impl LastPass {
    fn to_json(&self) -> Json {
        let rounded = |seconds: f64| (seconds * 1e6).round() / 1e6;
        let stages = self.seconds.named().into_iter();
        let seconds: BTreeMap<_, _> = stages.map(|(stage, it)| (stage, rounded(it))).collect();
        json!({
            "kind": self.kind.name(),
            "as_of": self.as_of.to_string(),
            "at": self.at.to_string(),
            "generation": self.generation,
            "customers": self.customers,
            "events": self.events,
            "seconds": seconds,
        })
    }
}
