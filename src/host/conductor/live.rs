use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::build::Rules;
use crate::host::Waiting;
use crate::pack::Schedule;
use crate::plan::Limits;

/// The rules that answer.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) rules: Arc<Rules>,
    pub(super) generation: String,
    pub(super) files: BTreeMap<String, String>,
    pub(super) zone: TimeZone,
    pub(super) schedule: Schedule,
    pub(super) guard: Limits,
    /// The last pass that the state knew when the host began.
    pub(super) last_pass: Option<Date>,
}

/// Rules that could be live.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) rules: Arc<Rules>,
    pub(super) generation: String,
    pub(super) files: BTreeMap<String, String>,
}

impl Candidate {
    pub(super) fn waits(&self, since: Timestamp, impact: crate::host::Impact) -> Waiting {
        Waiting {
            generation: self.generation.clone(),
            since,
            impact: impact.json,
            reasons: impact.reasons,
        }
    }
}
