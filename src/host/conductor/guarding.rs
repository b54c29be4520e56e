//! What rules would do, before they do it.

use jiff::civil::Date;

use super::{Candidate, Conductor, Trouble};
use crate::evaluation::{Beginning, begin_together};
use crate::host::{Impact, impact};
use crate::plan::Side;
use crate::program::Program;
use crate::store::{
    Asking, CustomerId, Facts, State, TierSince, facts_in_common, read_facts_together,
};

impl Conductor {
    /// The impact of rules on everybody as they are, and what a pass with them begins with.
    pub(super) fn impact_of(
        &mut self,
        candidate: &Candidate,
    ) -> Result<(Impact, Beginning), Trouble> {
        let as_of = self.as_of();
        let live = self.live.rules.clone();
        let programs = [&live.program, &candidate.rules.program];
        let state = self.open_state()?;
        let read = |since: [&TierSince; 2]| match self.in_memory(programs, as_of) {
            Some(facts) => Ok(facts),
            None => self.read_both(programs, since, as_of),
        };
        let ([from, to], state) = begin_together(programs, state, as_of, read)?;
        self.state = state;
        let (from, side) = (Side::of(&live, from), Side::of(&candidate.rules, to.clone()));
        let found = impact(from, side, as_of, self.live.guard, self.settings.threads);
        Ok((found, to))
    }

    /// The facts of both from those that are in memory, where both read the same and nothing has
    /// to be read anew.
    fn in_memory(&self, [live, new]: [&Program; 2], as_of: Date) -> Option<[Facts; 2]> {
        let answers = self.board.answers().filter(|answers| answers.as_of == as_of)?;
        let facts = answers.facts();
        let new = facts_in_common(live, &facts, new)?;
        Some([facts, new])
    }

    fn read_both(
        &self,
        programs: [&Program; 2],
        since: [&TierSince; 2],
        as_of: Date,
    ) -> Result<[Facts; 2], Trouble> {
        let since =
            since.map(|since| move |ladder, customer: &CustomerId| since.get(ladder, customer));
        let asking =
            [0, 1].map(|place| Asking { program: programs[place], tier_since: &since[place] });
        let options = self.read_options(&|_, _| None);
        let facts = read_facts_together(&asking, &self.settings.store, as_of, &options)?;
        Ok(facts.try_into().expect("two programs get their facts"))
    }

    /// The state, for somebody who gives it back; `None` where nothing was ever stored.
    pub(super) fn open_state(&mut self) -> Result<Option<State>, Trouble> {
        Ok(match self.state.take() {
            Some(mut state) => {
                state.refresh()?;
                Some(state)
            }
            None => State::open_existing(&self.settings.state)?,
        })
    }
}
