//! New rules: loaded, held against the live ones, and let in or not.

use super::live::{Candidate, Live, short};
use super::{Conductor, Trouble};
use crate::diagnostic::findings_text;
use crate::evaluation::Beginning;
use crate::host::reload::{self, Fingerprint, LoadError, Loaded};
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
            Ok(loaded) => self.built(loaded),
        }
    }

    /// Files that could be read.
    fn built(&mut self, loaded: Loaded) -> Reloaded {
        let Loaded { origin, files, built, fingerprint } = loaded;
        self.fingerprint = Some(fingerprint);
        let was_bad = self.status.last_attempt.as_ref().is_some_and(|last| !last.ok);
        self.status.last_attempt = Some(Attempt::of(&built, self.clock.now()));
        let text = findings_text(&built.findings, &built.sources, false);
        let has_findings = !built.findings.is_empty();
        let Some(candidate) = Candidate::of(built, origin, files) else {
            self.status.counts.reloads_failed += 1;
            let live = &self.live.generation;
            tracing::error!(live, "the rules have errors; the live ones stay\n{text}");
            let message = format!("the rules have errors; {live} stays live");
            return self.told(None, Outcome::Findings, &message);
        };
        if has_findings {
            tracing::warn!("the rules have findings\n{text}");
        }
        self.status.counts.reloads_ok += 1;
        self.status.counts.last_reload_ok = Some(self.clock.now());
        if was_bad {
            tracing::info!("the rules are mended");
        }
        self.consider(candidate)
    }

    fn unreadable(&mut self, found: Option<Fingerprint>, error: &LoadError) -> Reloaded {
        let message = error.to_string();
        let known = self.status.last_attempt.as_ref().and_then(|attempt| attempt.error.as_ref());
        if known != Some(&message) {
            self.status.counts.reloads_failed += 1;
            tracing::error!(error = message, "the rules cannot be read; the live ones stay");
        }
        self.fingerprint = found;
        self.status.last_attempt = Some(Attempt::unreadable(message.clone(), self.clock.now()));
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
            let schedule = self.live.schedule;
            self.live = Live::of(candidate);
            self.status.files = self.live.files.clone();
            self.status.from_state = false;
            // A pass that is due now is not put off.
            if self.live.schedule != schedule {
                self.plan_next();
            }
            return told(self, Outcome::Unchanged, "these rules are live already");
        }
        if self.waiting.as_ref().is_some_and(|it| it.generation == candidate.generation) {
            return told(self, Outcome::Waiting, "these rules wait for a person already");
        }
        let (impact, beginning) = match self.weigh(&candidate) {
            Ok(Some(weighed)) => weighed,
            Ok(None) => {
                tracing::warn!(generation, "these rules were rejected before; the live ones stay");
                self.rejected = Some(candidate);
                return told(self, Outcome::Rejected, "these rules were rejected before");
            }
            Err(trouble) => {
                // Looked at again when passes can be made again.
                self.fingerprint = None;
                let message = format!("what these rules would do cannot be told yet: {trouble}");
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
                let message = format!("these rules go live when a pass can be made: {trouble}");
                self.settle(Err(trouble));
                told(self, Outcome::Unreadable, &message)
            }
        }
    }

    /// What rules would do, and what a pass with them begins with; `None` where a person has
    /// rejected them.
    fn weigh(&mut self, candidate: &Candidate) -> Result<Option<(Impact, Beginning)>, Trouble> {
        self.state = self.open_state()?;
        let decision = match &self.state {
            Some(state) => state.decision(&candidate.generation)?,
            None => None,
        };
        match decision {
            Some(Decision::Rejected) => Ok(None),
            _ => self.impact_of(candidate).map(Some),
        }
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
        self.live = Live::of(candidate);
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
