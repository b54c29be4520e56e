//! What a change of the rules would do: two packs over the same facts, from the same stored
//! standings, as of the same date, and who ends up elsewhere.
//!
//! In: for each of two packs its rules, facts, standings and held cutoffs; a date. Out: a [`Plan`]:
//! both passes, everybody in one cell of a matrix per ladder, who moves and on what that rests,
//! cutoffs, segments, alerts and costs before and after. Never: IO, a clock, words for people, or
//! an answer that depends on the order of customers.

mod because;
mod difference;
mod join;
mod json;
mod ladder;
mod limit;
mod rank;
mod review_all;
mod sample;
mod stays;
#[cfg(test)]
mod tests;

use std::thread;

use jiff::civil::Date;

pub use because::{Because, Reasons};
pub use difference::{Costs, CutoffPair, Pair, TotalCost};
pub use json::NO_TIER;
pub use ladder::{LadderPlan, Mover, Way};
pub use limit::{CostRise, Found, Limit, PERCENT_PLACES, Verdict, percent_of};
pub use stays::Stays;

use crate::build::Rules;
use crate::difference::changes;
use crate::evaluation::Beginning;
use crate::expr::{LadderId, TierId};
use crate::lifecycle::Standings;
use crate::metrics::population::HeldCutoff;
use crate::pass::{PassOutcome, run};
use crate::store::{CustomerId, Facts};

/// One of the two packs, with what a pass of it takes.
#[derive(Debug)]
pub struct Side<'p> {
    pub rules: &'p Rules,
    pub facts: Facts,
    /// Before the pass, by the slots of the facts.
    pub standings: Standings,
    /// By `CutoffId`; empty: none is held.
    pub held: Vec<Option<HeldCutoff>>,
}

/// A pack that was passed.
#[derive(Debug)]
pub struct Passed<'p> {
    pub rules: &'p Rules,
    /// The standings from which the pass was made.
    pub before: Standings,
    pub outcome: PassOutcome,
}

/// What changes between the passes of two packs.
#[derive(Debug)]
pub struct Plan<'p> {
    pub as_of: Date,
    /// Whether everybody was reviewed, whatever was promised; see [`plan`].
    pub review_all: bool,
    /// The pack whose tiers are the rows of the matrices.
    pub from: Passed<'p>,
    /// The one whose tiers are the columns.
    pub to: Passed<'p>,
    /// Everybody who is a customer of either pack.
    pub customers: u64,
    /// Those of `from` in its order, then those that only `to` has.
    pub ladders: Vec<LadderPlan>,
    /// Who is in another tier: ladder by ladder, in the order of customers.
    pub movers: Vec<Mover>,
    /// What changed in the rules, in words.
    pub rules: Vec<String>,
}

/// Passes both packs and compares what comes of it. `threads` 0: as many as there are processors.
///
/// With `review_all` both passes are made as if everybody who holds a tier were due for review on
/// the date, and without time to catch up: a grace that runs is over, and none begins. A promised
/// period and a grace only delay a demotion, so this tells what the rules come to in the end.
/// Pins and floors stay: they were given by hand.
pub fn plan<'p>(
    from: Side<'p>,
    to: Side<'p>,
    as_of: Date,
    review_all: bool,
    threads: usize,
) -> Plan<'p> {
    // Side by side: what one of them does alone does not keep the other waiting.
    let (from, to) = thread::scope(|scope| {
        let other = scope.spawn(move || to.passed(as_of, review_all, threads));
        let from = from.passed(as_of, review_all, threads);
        (from, other.join().expect("the pass of the other pack panicked"))
    });
    let pairs = ladder::pairs(&from.rules.program, &to.rules.program);
    let compared: Vec<_> = thread::scope(|scope| {
        let (from, to) = (&from, &to);
        let compare = pairs
            .into_iter()
            .enumerate()
            .map(|(index, pair)| scope.spawn(move || ladder::compare(from, to, index, pair)));
        let running: Vec<_> = compare.collect();
        running.into_iter().map(|thread| thread.join().expect("comparing panicked")).collect()
    });
    let (mut ladders, mut movers) = (Vec::new(), Vec::new());
    for (ladder, moved) in compared {
        ladders.push(ladder);
        movers.extend(moved);
    }
    let customers = join::joined(from.customers(), to.customers()).count() as u64;
    let rules = changes(from.rules, to.rules).iter().map(ToString::to_string).collect();
    Plan { as_of, review_all, from, to, customers, ladders, movers, rules }
}

impl<'p> Side<'p> {
    pub fn of(rules: &'p Rules, beginning: Beginning) -> Self {
        let Beginning { facts, standings, held, .. } = beginning;
        Self { rules, facts, standings, held }
    }

    fn passed(self, as_of: Date, review_all: bool, threads: usize) -> Passed<'p> {
        let Side { rules, facts, mut standings, held } = self;
        let program = &rules.program;
        let outcome = if review_all {
            let program = review_all::without_graces(program);
            review_all::make_due(&program, &mut standings, as_of);
            run(&program, facts, &standings, &held, as_of, threads)
        } else {
            run(program, facts, &standings, &held, as_of, threads)
        };
        Passed { rules, before: standings, outcome }
    }
}

impl Passed<'_> {
    pub fn customers(&self) -> &[CustomerId] {
        &self.outcome.population.facts.customers
    }

    /// A tier's name, where there is a ladder and a tier.
    fn tier(&self, ladder: Option<LadderId>, tier: Option<TierId>) -> Option<&str> {
        Some(&self.rules.program.ladders[ladder?].tiers[tier?].name)
    }
}

impl Plan<'_> {
    /// Who a mover is.
    pub fn customer(&self, mover: &Mover) -> &CustomerId {
        match (mover.to_slot, mover.from_slot) {
            (Some(slot), _) => &self.to.customers()[slot as usize],
            (None, slot) => {
                &self.from.customers()[slot.expect("who moves is a customer of one") as usize]
            }
        }
    }

    /// The names of the tiers of a mover; `None`: no tier.
    pub fn tiers(&self, mover: &Mover) -> (Option<&str>, Option<&str>) {
        let ladder = &self.ladders[mover.ladder];
        (self.from.tier(ladder.from, mover.from), self.to.tier(ladder.to, mover.to))
    }

    /// Of the movers at most so many, the same ones each time, in their order. Every kind of move
    /// (from one tier of a ladder to another) gets one place after the other in turn, the largest
    /// kind first; within a kind they lie evenly over its customers.
    pub fn sample(&self, count: usize) -> Vec<&Mover> {
        sample::of(&self.movers, count)
    }
}
