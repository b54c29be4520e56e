//! New rules: loaded, held against the live ones, and let in or not.

use std::sync::Arc;

use serde_json::Value as Json;

use super::live::{Candidate, Live};
use super::{Conductor, Trouble};
use crate::build::{Built, Rules};
use crate::diagnostic::{findings_json, findings_text};
use crate::evaluation::Beginning;
use crate::host::reload::{self, Fingerprint, LoadError};
use crate::host::{Attempt, Impact, Outcome, Reloaded};
use crate::store::Decision;

impl Conductor {
    /// Looks at the files. Where nothing changed since the last time, nothing happens; unless
    /// somebody asks.
    pub(super) fn reload(&mut self, asked: bool) -> Reloaded {
        let found = reload::fingerprint(&self.settings.inputs);
        if found.is_some() && found == self.fingerprint && !asked {
            return self.told(Some(self.live.generation.clone()), Outcome::Unchanged, "no change");
        }
        match reload::load(&self.settings.inputs) {
            Err(error) => self.unreadable(found, &error),
            Ok(attempt) => {
                self.fingerprint = Some(attempt.fingerprint);
                let was_bad = self.status.last_attempt.as_ref().is_some_and(|last| !last.ok);
                let built = attempt.built;
                let findings = found_json(&built);
                let generation = built.program.as_ref().map(|program| program.generation());
                self.status.last_attempt = Some(Attempt {
                    ok: generation.is_some(),
                    at: self.clock.now(),
                    generation: generation.clone(),
                    findings,
                    error: None,
                });
                let text = findings_text(&built.findings, &built.sources, false);
                let Some(program) = built.program else {
                    self.status.counts.reloads_failed += 1;
                    let live = &self.live.generation;
                    tracing::error!(live, "the rules have errors; the live ones stay\n{text}");
                    let message = format!("the rules have errors; {live} stays live");
                    return self.told(None, Outcome::Findings, &message);
                };
                if !built.findings.is_empty() {
                    tracing::warn!("the rules have findings\n{text}");
                }
                let rules = Rules { program, texts: built.sources, origin: attempt.origin };
                self.count_good();
                if was_bad {
                    tracing::info!("the rules are mended");
                }
                let generation = rules.program.generation();
                self.consider(Candidate {
                    rules: Arc::new(rules),
                    generation,
                    files: attempt.files,
                })
            }
        }
    }

    fn count_good(&mut self) {
        self.status.counts.reloads_ok += 1;
        self.status.counts.last_reload_ok = Some(self.clock.now());
    }

    fn unreadable(&mut self, found: Option<Fingerprint>, error: &LoadError) -> Reloaded {
        let message = error.to_string();
        let known = self.status.last_attempt.as_ref().and_then(|attempt| attempt.error.as_ref());
        if known != Some(&message) {
            self.status.counts.reloads_failed += 1;
            tracing::error!(error = message, "the rules cannot be read; the live ones stay");
        }
        self.fingerprint = found;
        self.status.last_attempt = Some(Attempt {
            ok: false,
            at: self.clock.now(),
            generation: None,
            findings: Vec::new(),
            error: Some(message.clone()),
        });
        self.told(None, Outcome::Unreadable, &message)
    }

    /// Good rules: live already, waiting, or let in.
    fn consider(&mut self, candidate: Candidate) -> Reloaded {
        let generation = candidate.generation.clone();
        let told = |of: &mut Self, outcome, message: &str| {
            of.told(Some(generation.clone()), outcome, message)
        };
        if candidate.generation == self.live.generation {
            if self.waiting.take().is_some() {
                self.status.waiting = None;
                tracing::info!("the waiting generation was taken back");
            }
            // Layout and comments may differ, and what the project file says to the host.
            self.live = Live { last_pass: self.live.last_pass, ..Live::of(candidate) };
            self.status.files = self.live.files.clone();
            self.status.from_state = false;
            self.plan_next();
            return told(self, Outcome::Unchanged, "these rules are live already");
        }
        if self.waiting.as_ref().is_some_and(|it| it.generation == candidate.generation) {
            return told(self, Outcome::Waiting, "these rules wait for a person already");
        }
        if self.is_rejected(&candidate) {
            tracing::warn!(generation, "these rules were rejected before; the live ones stay");
            self.rejected = Some(candidate);
            return told(self, Outcome::Rejected, "these rules were rejected before");
        }
        let (impact, beginning) = match self.impact_of(&candidate) {
            Ok((impact, beginning)) => (impact, beginning),
            Err(trouble) => {
                // Looked at again when passes can be made again.
                self.fingerprint = None;
                let message = match &trouble {
                    Trouble::Stopped => "the host is stopping".to_owned(),
                    Trouble::Because(reason) => {
                        format!("what these rules would do cannot be told yet: {reason}")
                    }
                };
                self.settle(Err(trouble));
                return told(self, Outcome::Unreadable, &message);
            }
        };
        self.tell_change(&candidate, &impact);
        if !impact.reasons.is_empty() {
            let now = self.clock.now();
            for reason in &impact.reasons {
                tracing::warn!(generation, "these rules wait for a person: {reason}");
            }
            tracing::warn!(
                "`tierkeeper approve {0}` or `tierkeeper reject {0}`",
                short(&generation)
            );
            self.status.waiting = Some(candidate.waits(now, impact));
            self.waiting = Some(candidate);
            return told(self, Outcome::Waiting, "these rules wait for a person");
        }
        (self.waiting, self.status.waiting) = (None, None);
        let outcome = self.go_live(candidate, Some(beginning));
        match outcome {
            Ok(()) => told(self, Outcome::Live, "these rules are live"),
            Err(trouble) => {
                self.fingerprint = None;
                let message = match &trouble {
                    Trouble::Stopped => "the host is stopping".to_owned(),
                    Trouble::Because(reason) => {
                        format!("these rules go live when a pass can be made: {reason}")
                    }
                };
                self.settle(Err(trouble));
                told(self, Outcome::Unreadable, &message)
            }
        }
    }

    fn is_rejected(&self, candidate: &Candidate) -> bool {
        let decision = self.state.as_ref().map(|state| state.decision(&candidate.generation));
        matches!(decision, Some(Ok(Some(Decision::Rejected))))
    }

    fn tell_change(&self, candidate: &Candidate, impact: &Impact) {
        let program = &candidate.rules.program;
        tracing::info!(
            generation = candidate.generation,
            "new rules: {} {}",
            program.name,
            program.version
        );
        for change in &impact.rules {
            tracing::info!("  {change}");
        }
        if impact.people.is_empty() {
            tracing::info!("  nobody would move");
        }
        for people in &impact.people {
            tracing::info!("  {people}");
        }
    }

    /// Makes a pass with rules, and then has them answer.
    pub(super) fn go_live(
        &mut self,
        candidate: Candidate,
        beginning: Option<Beginning>,
    ) -> Result<(), Trouble> {
        let passed = self.pass_of(&candidate.rules, beginning)?;
        self.live = Live { last_pass: Some(passed.date()), ..Live::of(candidate) };
        self.status.generation.clone_from(&self.live.generation);
        self.status.files = self.live.files.clone();
        self.status.loaded_at = Some(self.clock.now());
        self.status.from_state = false;
        self.approved = None;
        self.show(passed);
        tracing::info!(generation = self.live.generation, "live");
        Ok(())
    }

    fn told(&mut self, generation: Option<String>, outcome: Outcome, message: &str) -> Reloaded {
        self.publish_status();
        Reloaded { generation, outcome, message: message.to_owned() }
    }
}

/// Findings as `check --format json` has them.
pub(super) fn found_json(built: &Built) -> Vec<Json> {
    let json = findings_json(&built.findings, &built.sources, false);
    json["findings"].as_array().cloned().unwrap_or_default()
}

/// As much of a generation as people need to type.
fn short(generation: &str) -> &str {
    let digits = generation.strip_prefix("sha256:").unwrap_or(generation);
    digits.get(..12).unwrap_or(digits)
}
