//! One pass: who has earned what as of a date, and what follows from it.
//!
//! In: a program, facts, the standings before, a date. Out: the standings after, what changed,
//! who is in which segment, whom an alert is about, what benefits cost.
//! Never: IO, a clock, or an answer that depends on the order of customers.

mod alerts;
mod because;
mod benefits;
mod by_hand;
mod decide;
mod faults;
#[cfg(test)]
pub(crate) mod fixture;
mod moves;
mod near;
mod noticed;
mod outcome;
mod periods;
mod reads;
mod renamed;
mod rows;
mod segments;
mod standing_columns;
#[cfg(test)]
mod tests;
mod trial;
mod warnings;

use jiff::civil::Date;

pub use alerts::{AlertOutcome, holders as alert_holders};
pub use because::{Because, Grounds};
pub use benefits::{BenefitCost, GivenBenefit, GivenValue, Why, benefits};
pub use by_hand::{ByHand, Deeds, Note, Wanted, do_by_hand};
pub use decide::decision;
pub use faults::{FaultCount, FaultPlace};
pub use near::{near_holders, relaxed};
pub use noticed::{About, Noticed, NoticedEvents};
pub use outcome::{LadderOutcome, Membership, Moved, Moves, PassOutcome};
pub(crate) use renamed::begun;
pub use rows::{ListRow, list_rows};
pub use standing_columns::{asks_standings, remembered_tiers, standing_columns};
pub use trial::{Trial, Tried};

use crate::lifecycle::Standings;
use crate::metrics::population::{Fixed, HeldCutoff, Population, StandingColumns};
use crate::program::Program;
use crate::store::Facts;
use faults::Faults;

/// Decides everybody as of a date. `standings` are those before the pass, by the slots of the
/// facts, `held` the cutoffs of earlier passes, by `CutoffId` (empty: nothing is held; what the
/// next pass is given is [`Population::held`]); `threads` 0: as many as there are processors.
pub fn run(
    program: &Program,
    facts: Facts,
    standings: &Standings,
    held: &[Option<HeldCutoff>],
    as_of: Date,
    threads: usize,
) -> PassOutcome {
    run_over(program, standings, as_of, threads, |before| {
        Population::build(program, facts, before, held, as_of, threads)
    })
}

/// The same for some customers, against what an earlier pass took over everybody
/// ([`Population::fixed`]). Each is decided as they would be among everybody.
///
/// The sums of the outcome (tiers, costs, warnings) are of these customers alone.
pub fn run_fixed(
    program: &Program,
    facts: Facts,
    standings: &Standings,
    fixed: &Fixed,
    as_of: Date,
    threads: usize,
) -> PassOutcome {
    run_over(program, standings, as_of, threads, |before| {
        Population::build_fixed(program, facts, before, fixed, as_of, threads)
    })
}

/// A pass over the population that `build` makes, given what criteria read of standings.
fn run_over(
    program: &Program,
    standings: &Standings,
    as_of: Date,
    threads: usize,
    build: impl FnOnce(&StandingColumns) -> Population,
) -> PassOutcome {
    let mut faults = Faults::default();
    let mut after = standings.clone();
    let renamed = renamed::all(program, &mut after);
    let asked = after.asked.take();
    let before = standing_columns(program, asked.as_deref().unwrap_or(&after), as_of);
    let population = build(&before);
    faults.population(program, &population);
    let ladders: Vec<LadderOutcome> = renamed
        .into_iter()
        .enumerate()
        .map(|(ladder, renamed)| {
            let blocks = decide::ladder(program, &population, &before, &after, ladder, threads);
            let decided = moves::Decisions { ladder, blocks, renamed };
            let (columns, faults) = (&before, &mut faults);
            let mut outcome =
                moves::ladder(program, &population, columns, decided, &mut after, faults, threads);
            let decided = (ladder, &outcome);
            outcome.because = Because::moved(program, &population, columns, decided, threads);
            outcome
        })
        .collect();
    let mut columns = standing_columns(program, &after, as_of);
    let segments = segments::all(program, &population, &after, &mut columns, &mut faults, threads);
    let mut after = After { standings: after, columns, segments, before: None };
    let alerts = alerts::all(program, &population, &mut after, &mut faults, threads);
    let events = noticed::all(program, &mut after, &alerts);
    let because = Because::noticed(program, &population, &after.columns, &events, threads);
    let noticed = NoticedEvents { events, because };
    let costs = benefits::costs(program, &population, &after, &mut faults, threads);
    let faults = faults.done();
    let warnings = warnings::all(program, &population, &after.standings, &faults);
    PassOutcome { population, after, ladders, alerts, noticed, costs, faults, warnings }
}

/// What the criteria of a pass read of the standings before it, in which tiers have their names of
/// now.
pub fn columns_before(program: &Program, standings: &Standings, as_of: Date) -> StandingColumns {
    let before = begun(program, standings);
    standing_columns(program, before.asked.as_deref().unwrap_or(&before), as_of)
}

/// What is true once the standings are known, or of stored standings, without a pass: what
/// segments, alerts and benefits read.
#[derive(Debug, Clone)]
pub struct After {
    pub standings: Standings,
    pub columns: StandingColumns,
    /// By `SegmentId`.
    pub segments: Vec<Membership>,
    /// What the criteria of a pass of the past read: standings before it.
    pub before: Option<StandingColumns>,
}

impl After {
    /// What criteria read: the standings as they are, for the next pass, or those before a pass
    /// of the past.
    pub fn asked(&self) -> &StandingColumns {
        self.before.as_ref().unwrap_or(&self.columns)
    }

    /// The segments of stored standings.
    pub fn stored(
        program: &Program,
        population: &Population,
        standings: Standings,
        threads: usize,
    ) -> After {
        let mut columns = standing_columns(program, &standings, population.as_of);
        let mut faults = Faults::default();
        let segments =
            segments::all(program, population, &standings, &mut columns, &mut faults, threads);
        After { standings, columns, segments, before: None }
    }
}
