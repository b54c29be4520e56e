//! What a person decides about a generation that waits.

use super::live::digits;
use super::{Candidate, Conductor};
use crate::host::{Decided, Refused};
use crate::store::{Decision, State};

/// Characters of a generation, without `sha256:`, that are enough to mean it.
const ENOUGH: usize = 6;

impl Conductor {
    /// Carries out what a person says to the waiting generation, or to one that was rejected and is
    /// still on disk.
    pub(super) fn decide(
        &mut self,
        asked: &str,
        decision: Decision,
        by: &str,
    ) -> Result<Decided, Refused> {
        let candidate = self.meant(asked)?.clone();
        self.record(&candidate, decision, by)?;
        tracing::info!(generation = candidate.generation, by, "{}", decision.name());
        (self.waiting, self.rejected) = (None, None);
        self.status.waiting = None;
        match decision {
            Decision::Approved => self.approve(candidate),
            Decision::Rejected => Ok(self.reject(candidate)),
        }
    }

    fn approve(&mut self, candidate: Candidate) -> Result<Decided, Refused> {
        let generation = candidate.generation.clone();
        match self.go_live(candidate.clone(), None) {
            Ok(()) => {
                self.publish_status();
                Ok(Decided { message: format!("{generation} is live"), generation })
            }
            Err(trouble) => {
                // It is tried again, without asking again.
                self.approved = Some(candidate);
                let message = format!(
                    "{generation} is approved, and goes live when a pass can be made: {trouble}"
                );
                self.settle(Err(trouble));
                Err(Refused::Failed(message))
            }
        }
    }

    /// Also when it is loaded again.
    fn reject(&mut self, candidate: Candidate) -> Decided {
        let generation = candidate.generation.clone();
        self.rejected = Some(candidate);
        self.publish_status();
        let live = &self.live.generation;
        Decided { message: format!("{generation} is rejected; {live} stays live"), generation }
    }

    fn meant(&self, asked: &str) -> Result<&Candidate, Refused> {
        let asked_digits = digits(asked);
        let Some(waiting) = self.waiting.as_ref().or(self.rejected.as_ref()) else {
            return Err(Refused::NothingWaits);
        };
        if !digits(&waiting.generation).starts_with(asked_digits) {
            let (asked, waiting) = (asked.to_owned(), waiting.generation.clone());
            return Err(Refused::Another { asked, waiting });
        }
        if asked_digits.len() < ENOUGH {
            return Err(Refused::TooShort(ENOUGH));
        }
        Ok(waiting)
    }

    /// Who decided what, for later; a rejection is remembered over a restart.
    fn record(
        &mut self,
        candidate: &Candidate,
        decision: Decision,
        by: &str,
    ) -> Result<(), Refused> {
        let now = self.clock.now();
        let mut record = || {
            let state = match self.state.take() {
                Some(state) => state,
                None => State::open_or_create(&self.settings.state)?,
            };
            let state = self.state.insert(state);
            state.decide(&candidate.generation, decision, now, by)
        };
        record().map_err(|error| Refused::Failed(error.to_string()))
    }
}
