//! Simulation: history replayed into tiers, one pass per date, without a state.
//!
//! In: a program, the standings to begin with, the facts of one date after the other. Out: a
//! [`Step`] per date: sizes of tiers, moves, flapping, what benefits cost.
//! Never: IO, a clock, or a word of the stored standings once it has begun.

mod before;
mod dates;
mod flapping;
mod step;
#[cfg(test)]
mod tests;

pub use before::Before;
pub use dates::{DatesError, MOST_STEPS, dates};
pub use step::{LadderStep, Step, TierMoves};

use jiff::civil::Date;

use crate::expr::LadderId;
use crate::pass::run;
use crate::program::Program;
use crate::store::{CustomerId, Facts};
use flapping::Flapping;

/// A program on its way through time.
#[derive(Debug)]
pub struct Simulation<'p> {
    program: &'p Program,
    before: Before,
    /// By `LadderId`.
    flapping: Vec<Flapping>,
    threads: usize,
}

impl<'p> Simulation<'p> {
    /// Begins with nobody in a tier. `threads` 0: as many as there are processors.
    pub fn from_empty(program: &'p Program, threads: usize) -> Self {
        Self::begin(program, Before::empty(program), true, threads)
    }

    /// Begins with standings that are there.
    pub fn from_standings(program: &'p Program, before: Before, threads: usize) -> Self {
        Self::begin(program, before, false, threads)
    }

    fn begin(program: &'p Program, before: Before, from_empty: bool, threads: usize) -> Self {
        let flapping = Flapping::new(before.customers.len(), from_empty);
        let flapping = vec![flapping; program.ladders.len()];
        Self { program, before, flapping, threads }
    }

    /// Takes the pass of a date, which lies after those before. `facts` gives the facts of that
    /// date; it is handed the simulation's own answer to since when a customer has held their
    /// tier, for `within: tier LADDER`.
    pub fn step(
        &mut self,
        as_of: Date,
        facts: impl FnOnce(&(dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync)) -> Facts,
    ) -> Step {
        let before = &self.before;
        let facts = facts(&|ladder, customer| before.tier_since(ladder, customer));
        if let Some(carried) = self.before.carry_to(self.program, &facts.customers) {
            self.flapping.iter_mut().for_each(|flapping| flapping.carry(&carried));
        }
        let Before { standings, held, .. } = &self.before;
        let outcome = run(self.program, facts, standings, held, as_of, self.threads);
        let mut step = Step::of(self.program, &outcome);
        let ladders = self.flapping.iter_mut().zip(&outcome.ladders).zip(&mut step.ladders);
        for ((flapping, outcome), ladder) in ladders {
            ladder.flapping = flapping.count(&outcome.events, as_of);
        }
        self.before.follow(outcome);
        step
    }

    /// The standings as they are after the last step.
    pub fn standings(&self) -> &Before {
        &self.before
    }
}
