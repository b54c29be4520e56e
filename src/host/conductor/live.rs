use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::build::{Built, Origin, Rules};
use crate::diagnostic::Diagnostics;
use crate::host::{Impact, Waiting};
use crate::limits::Limits;
use crate::pack::Schedule;
use crate::source::Sources;

/// The rules that answer.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) rules: Arc<Rules>,
    pub(super) generation: String,
    pub(super) files: BTreeMap<String, String>,
    pub(super) zone: TimeZone,
    pub(super) schedule: Schedule,
    pub(super) guard: Limits,
}

/// Rules that could be live.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) rules: Arc<Rules>,
    pub(super) generation: String,
    pub(super) files: BTreeMap<String, String>,
}

impl Candidate {
    /// `None`: the files have errors.
    pub(super) fn of(
        built: Built,
        origin: Origin,
        files: BTreeMap<String, String>,
    ) -> Option<Self> {
        let program = built.program?;
        let generation = program.generation();
        let rules = Arc::new(Rules { program, texts: built.sources, origin });
        Some(Self { rules, generation, files })
    }

    pub(super) fn waits(&self, since: Timestamp, impact: Impact) -> Waiting {
        Waiting {
            generation: self.generation.clone(),
            since,
            impact: impact.json,
            reasons: impact.reasons,
        }
    }
}

impl Live {
    /// The rules, with what their project file says to the host.
    pub(super) fn of(candidate: Candidate) -> Self {
        let Candidate { rules, generation, files } = candidate;
        let zone = TimeZone::get(&rules.program.settings.timezone).unwrap_or(TimeZone::UTC);
        let project = rules
            .origin
            .project
            .as_ref()
            .map(|file| file.parse(&mut Sources::default(), &mut Diagnostics::default()));
        let host = project.unwrap_or_default().host;
        Self {
            schedule: host.schedule.unwrap_or(Schedule::NIGHTLY),
            guard: host.guard.limits(),
            rules,
            generation,
            files,
            zone,
        }
    }
}

/// A generation without `sha256:`.
pub(super) fn digits(generation: &str) -> &str {
    generation.strip_prefix("sha256:").unwrap_or(generation)
}

/// As much of a generation as people need to type.
pub(super) fn short(generation: &str) -> &str {
    let digits = digits(generation);
    digits.get(..12).unwrap_or(digits)
}
