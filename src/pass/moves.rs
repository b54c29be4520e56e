//! Decisions become moves: the step of every customer in a ladder.

use jiff::civil::Date;

use super::decide::Decided;
use super::faults::{FaultPlace, Faults};
use super::outcome::{LadderOutcome, Moved};
use super::periods;
use crate::expr::days_from_date;
use crate::expr::{Fault, LadderId};
use crate::lifecycle::{
    Decision, Event, Gone, LadderStandings, Move, NO_DAY, Standing, Standings, TierCode,
    TierPolicy, choose, day_or_none,
};
use crate::metrics::population::{BLOCK_ROWS, Customers, Population, StandingColumns, map};
use crate::program::{Ladder, Program};

/// What was decided in a ladder, block by block.
pub(super) struct Decisions {
    pub ladder: LadderId,
    pub blocks: Vec<Decided>,
}

/// What changes for one customer.
struct Change {
    slot: u32,
    to: Standing,
    event: Option<Event>,
    /// The decision's fault, or that of the period that would begin.
    fault: Option<Fault>,
}

/// Takes the step of everybody in a ladder and writes the standings after it into `after`, which
/// holds those before.
pub(super) fn ladder(
    program: &Program,
    population: &Population,
    before: &StandingColumns,
    decisions: Decisions,
    after: &mut Standings,
    faults: &mut Faults,
    threads: usize,
) -> LadderOutcome {
    let Decisions { ladder: id, blocks: decided } = decisions;
    let ladder = &program.ladders[id];
    let policies: Vec<TierPolicy> = ladder
        .tiers
        .iter()
        .map(|tier| TierPolicy { upgrade: tier.upgrade, grace: tier.grace, landing: tier.landing })
        .collect();
    let standings = &mut after.ladders[id];
    let blocks = {
        let standings = &*standings;
        map(population.columns(program, before), population.len(), threads, |block| {
            let decided = &decided[block.rows.start / BLOCK_ROWS];
            of_block(program, ladder, &policies, block, decided, standings, population.as_of)
        })
    };
    let mut outcome = LadderOutcome { tiers: vec![0; ladder.tiers.len()], ..Default::default() };
    outcome.earned.reserve(population.len());
    decided.iter().for_each(|block| outcome.earned.extend_from_slice(&block.earned));
    let changes = blocks.iter().map(Vec::len).sum();
    outcome.changed.reserve(changes);
    outcome.events.reserve(changes);
    for change in blocks.into_iter().flatten() {
        outcome.apply(id, change, standings, faults);
    }
    for code in &standings.tier {
        match code.tier() {
            Some(tier) => outcome.tiers[tier] += 1,
            None => outcome.none += 1,
        }
    }
    outcome
}

fn of_block(
    program: &Program,
    ladder: &Ladder,
    policies: &[TierPolicy],
    block: &Customers<'_>,
    decided: &Decided,
    standings: &LadderStandings,
    as_of: Date,
) -> Vec<Change> {
    let today = days_from_date(as_of);
    let mut moves: Vec<(u32, Move)> = Vec::new();
    let undisturbed = decided.faults.is_none() && standings.holds.is_empty();
    let held = &standings.tier[block.rows.clone()];
    let review_on = &standings.review_on[block.rows.clone()];
    let grace_until = &standings.grace_until[block.rows.clone()];
    for (row, (&held, &earned)) in held.iter().zip(&decided.earned).enumerate() {
        let safe = review_on[row] > today && grace_until[row] == NO_DAY;
        if undisturbed && held == earned && (safe || held == TierCode::NONE) {
            continue;
        }
        let slot = block.rows.start + row;
        let standing = standings.get(slot);
        let decision = Decision {
            earned: earned.tier(),
            kept: decided.kept[row],
            fault: decided.fault(row).is_some(),
            gone: held.gone_index().map(|_| Gone::Removed),
        };
        let chosen = choose(&standing, &decision, policies, as_of);
        if chosen.event.is_some() || chosen.begins || chosen.to != standing {
            moves.push((slot as u32, chosen));
        }
    }
    let begun = periods::begin(ladder, program.settings.year_starts, block, &moves, as_of);
    let changes = moves.into_iter().zip(begun).map(|((slot, _), begun)| match begun {
        Ok(transition) => {
            let row = slot as usize - block.rows.start;
            let fault = decided.fault(row).filter(|_| transition.event == Some(Event::Fault));
            Change { slot, to: transition.to, event: transition.event, fault }
        }
        Err(fault) => {
            let to = standings.get(slot as usize);
            Change { slot, to, event: Some(Event::Fault), fault: Some(fault) }
        }
    });
    changes.collect()
}

impl LadderOutcome {
    fn apply(
        &mut self,
        ladder: LadderId,
        change: Change,
        standings: &mut LadderStandings,
        faults: &mut Faults,
    ) {
        let slot = change.slot as usize;
        let from = standings.tier[slot];
        if let Some(fault) = change.fault {
            faults.add(FaultPlace::Ladder(ladder), fault, slot);
            self.faults += 1;
        }
        let before = standings.get(slot);
        // A tier that is gone has no name in the program: it stays as it is until it is left.
        let stays = change.event.is_none() || change.event == Some(Event::Fault);
        let to =
            if stays && change.to.tier.is_none() { from } else { TierCode::new(change.to.tier) };
        if to != from || change.to != before {
            standings.tier[slot] = to;
            standings.since[slot] = day_or_none(change.to.since);
            standings.review_on[slot] = day_or_none(change.to.review_on);
            standings.grace_until[slot] = day_or_none(change.to.grace_until);
            standings.period_start[slot] = day_or_none(change.to.period_start);
            if change.to.hold != before.hold {
                standings.holds.retain(|(of, _)| *of != change.slot);
            }
            self.changed.push(change.slot);
        }
        if let Some(event) = change.event {
            self.moves.count(event);
            self.events.push(Moved { slot: change.slot, event, from, to });
        }
    }
}
