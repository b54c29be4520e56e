//! Touched passes: only customers with new facts, against what the last full pass took.

use std::time::Instant;

use jiff::civil::Date;

use super::passing::Told;
use super::{Conductor, Trouble};
use crate::evaluation::nobody;
use crate::expr::Merge;
use crate::host::answers::Layer;
use crate::host::{PassKind, StageSeconds};
use crate::lifecycle::Standings;
use crate::metrics::population::Fixed;
use crate::pass::run_fixed;
use crate::program::Program;
use crate::store::{CustomerId, ReadOptions, State, TierSince, Touched, read_facts_of};

/// Of more than one in so many customers, everybody is decided.
const FEW: usize = 8;

/// What the passes of a date share.
#[derive(Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) fixed: Fixed,
    /// The standings that criteria ask, by the slots of everybody at the full pass: those before
    /// it. `None`: they ask none.
    pub(super) asked: Option<Standings>,
    /// Since when people held their tiers then, as windows of facts ask for it.
    pub(super) tier_since: TierSince,
}

impl Conductor {
    /// Decides those with new facts, and those for whom something was done by hand.
    pub(super) fn touched_pass(&mut self) -> Result<(), Trouble> {
        let by_hand = self.touched_by_hand()?;
        self.dirty |= self.watch.has_changed()?;
        if !self.dirty && by_hand.is_empty() {
            return Ok(());
        }
        let rules = self.live.rules.clone();
        let program = &rules.program;
        let mut marks = None;
        let mut ids = by_hand;
        if self.dirty {
            let Some(known) = &self.marks else { return self.full_pass("the store is new") };
            let (touched, now) = known.touched(program, &self.settings.store)?;
            match touched {
                Touched::Everybody(reason) => {
                    self.dirty = false;
                    return self.full_pass(&reason).inspect_err(|_| self.dirty = true);
                }
                Touched::Some(found) => ids.extend(found),
            }
            marks = Some(now);
        }
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            self.status.counts.queue = ids.len() as u64;
            self.decide_touched(&ids)?;
            self.status.counts.queue = 0;
        }
        if marks.is_some() {
            (self.marks, self.dirty) = (marks, false);
        }
        Ok(())
    }

    fn decide_touched(&mut self, ids: &[CustomerId]) -> Result<(), Trouble> {
        let (Some(day), Some(answers)) = (&self.day, self.board.answers()) else {
            return self.full_pass("nobody was decided yet");
        };
        let as_of = self.as_of();
        if day.date != as_of {
            return self.full_pass("the first new facts of the date");
        }
        if ids.len() > answers.everybody.population.len() / FEW + 100 {
            return self.full_pass("many customers have new facts");
        }
        let rules = self.live.rules.clone();
        let program = &rules.program;
        let began = Instant::now();
        let since = |ladder, customer: &CustomerId| day.tier_since.get(ladder, customer);
        let facts = {
            // It is over in a moment, and somebody waits for it: all processors may help.
            let options = ReadOptions { threads: 0, ..self.read_options(&since) };
            read_facts_of(program, &self.settings.store, as_of, &options, ids)?
        };
        let Some(state) = &mut self.state else { return self.full_pass("the state is new") };
        let mut standings = state.standings_of(program, &facts.customers)?;
        let Some(day) = &self.day else { return Ok(()) };
        if let Some(asked) = &day.asked {
            let everybody = &answers.everybody.population.facts.customers;
            let asked = asked_of(program, everybody, asked, &facts.customers);
            standings.asked = Some(Box::new(asked));
        }
        let read = began.elapsed();
        let outcome =
            run_fixed(program, facts, &standings, &day.fixed, as_of, self.settings.threads);
        let decided = began.elapsed();
        let written = state.write_touched(&rules, &outcome)?;
        self.last_event = state.last_event();
        let told = Told { written, seconds: StageSeconds::of(read, decided, began.elapsed()) };
        self.status.counts.touched_passes += 1;
        self.status.counts.faults += outcome.decision_faults();
        let customers = outcome.population.len() as u64;
        let gone = gone(ids, &outcome.population.facts.customers);
        let mut layer = Layer::of(program, outcome);
        layer.gone = gone;
        self.put_above(&answers, layer);
        self.tell(PassKind::Touched, as_of, customers, told);
        self.publish_status();
        Ok(())
    }

    /// Customers for whom somebody else has stored something since the last look.
    fn touched_by_hand(&mut self) -> Result<Vec<CustomerId>, Trouble> {
        let is_known = |state: &State| state.last_event() == self.last_event;
        if let Some(state) = &self.state
            && is_known(state)
            && !state.has_changed()?
        {
            return Ok(Vec::new());
        }
        self.state = self.open_state()?;
        match &self.state {
            Some(state) => Ok(state.customers_of_events_after(self.last_event)?),
            None => Ok(Vec::new()),
        }
    }
}

/// Those of the touched who are no customers (any more).
fn gone(touched: &[CustomerId], found: &[CustomerId]) -> Vec<CustomerId> {
    touched.iter().filter(|id| found.binary_search(id).is_err()).cloned().collect()
}

/// What criteria ask of standings, for customers (sorted) of whom not everybody was there at the
/// full pass.
pub(super) fn asked_of(
    program: &Program,
    everybody: &[CustomerId],
    asked: &Standings,
    customers: &[CustomerId],
) -> Standings {
    let (mut known, mut slots) = (Vec::new(), Vec::new());
    for customer in customers {
        if let Ok(slot) = everybody.binary_search(customer) {
            known.push(customer.clone());
            slots.push(slot);
        }
    }
    let merge = Merge::of(customers, &known);
    nobody(program, customers.len()).merged(&asked.rows(&slots), &merge)
}
