//! Decisions become moves: the step of every customer in a ladder.

use jiff::civil::Date;

use super::decide::Decided;
use super::faults::{FaultPlace, Faults};
use super::outcome::{LadderOutcome, Moved};
use super::periods;
use super::renamed::Renamed;
use crate::expr::days_from_date;
use crate::expr::{Fault, LadderId, TierId};
use crate::lifecycle::{
    Decision, Event, LadderStandings, Move, NO_DAY, Standing, Standings, TierCode, TierPolicy,
    Upgrade, choose,
};
use crate::metrics::population::{BLOCK_ROWS, Customers, Population, StandingColumns, map};
use crate::program::{Ladder, Program};

/// What was decided in a ladder, block by block.
pub(super) struct Decisions {
    pub ladder: LadderId,
    pub blocks: Vec<Decided>,
    pub renamed: Vec<Renamed>,
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
    let Decisions { ladder: id, blocks: decided, renamed } = decisions;
    let ladder = &program.ladders[id];
    let policies = policies(ladder);
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
    standings.last_pass = days_from_date(population.as_of);
    standings.review_now.clear();
    let mut renamed = renamed.into_iter().peekable();
    for change in blocks.into_iter().flatten() {
        while let Some(renamed) = renamed.next_if(|renamed| renamed.slot <= change.slot) {
            outcome.migrate(renamed);
        }
        outcome.apply(id, ladder, change, standings, faults);
    }
    renamed.for_each(|renamed| outcome.migrate(renamed));
    outcome.changed.dedup();
    for code in &standings.tier {
        match code.tier() {
            Some(tier) => outcome.tiers[tier] += 1,
            None => outcome.none += 1,
        }
    }
    outcome
}

pub(super) fn policies(ladder: &Ladder) -> Vec<TierPolicy> {
    let policy = |tier: &crate::program::Tier| TierPolicy {
        upgrade: tier.upgrade,
        grace: tier.grace,
        landing: tier.landing,
        warn: ladder.warn.filter(|_| tier.review.is_fixed()),
    };
    ladder.tiers.iter().map(policy).collect()
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
    let undisturbed = decided.faults.is_none() && !standings.any_hold(&block.rows);
    let ticks: Vec<_> = ladder.tiers.iter().map(|tier| tier.review.tick()).collect();
    let review_now = |code: TierCode| {
        code.tier().is_some_and(|tier| standings.review_now.get(tier) == Some(&true))
    };
    for (row, &earned) in decided.earned.iter().enumerate() {
        let slot = block.rows.start + row;
        let held = standings.tier[slot];
        if undisturbed && standings.grace_until[slot] == NO_DAY {
            let rests = match held.tier() {
                None => earned == held,
                Some(tier) => match standings.tick(slot) {
                    // Kept: at a tick of everybody's the next one follows by itself.
                    Some(tick) => {
                        (earned == held || decided.kept[row]) && ticks[tier] == Some(tick)
                    }
                    None => {
                        standings.review_day(slot) > today
                            && !review_now(held)
                            && waits(policies, tier, earned.tier(), decided.kept[row])
                    }
                },
            };
            if rests {
                continue;
            }
        }
        let standing = standings.get(slot);
        let decision = Decision {
            earned: earned.tier(),
            kept: decided.kept[row],
            fault: decided.fault(row).is_some(),
            gone: held.gone_index().is_some(),
            review_now: review_now(held),
        };
        let chosen = choose(&standing, &decision, policies, as_of);
        let left_behind = standings.tick(slot).is_some_and(|tick| {
            chosen.begins.is_none() && chosen.to.review_on != Some(tick.after(as_of))
        });
        if chosen.event.is_some() || chosen.begins.is_some() || chosen.to != standing || left_behind
        {
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
            let standing = standings.get(slot as usize);
            let hold = standing.hold.filter(|hold| hold.is_active(as_of));
            let to = Standing { hold, ..standing };
            Change { slot, to, event: Some(Event::Fault), fault: Some(fault) }
        }
    });
    changes.collect()
}

/// Whether nothing happens to somebody in a tier whose review is not due yet.
fn waits(policies: &[TierPolicy], held: TierId, earned: Option<TierId>, kept: bool) -> bool {
    match earned {
        Some(earned) if earned < held => policies[earned].upgrade == Upgrade::AtReview,
        Some(earned) if earned == held => true,
        _ => kept || policies[held].warn.is_none(),
    }
}

impl LadderOutcome {
    /// A tier that has another name now.
    fn migrate(&mut self, Renamed { slot, from, to }: Renamed) {
        self.note(Moved { slot, event: Event::Migrated, from, to, fault: None });
        self.changed.push(slot);
    }

    fn note(&mut self, moved: Moved) {
        self.moves.count(moved.event);
        self.events.push(moved);
    }

    fn apply(
        &mut self,
        id: LadderId,
        ladder: &Ladder,
        change: Change,
        standings: &mut LadderStandings,
        faults: &mut Faults,
    ) {
        let slot = change.slot as usize;
        let from = standings.tier[slot];
        if let Some(fault) = change.fault {
            faults.add(FaultPlace::Ladder(id), fault, slot);
            self.faults += 1;
        }
        // A tier that is gone has no name in the program: it stays as it is until it is left.
        let stays = change.event.is_none() || change.event == Some(Event::Fault);
        let to =
            if stays && change.to.tier.is_none() { from } else { TierCode::new(change.to.tier) };
        let hold_ended = standings.hold(slot).is_some() && change.to.hold.is_none();
        let before = standings.row(slot);
        let tick = to.tier().and_then(|tier| ladder.tiers[tier].review.tick());
        standings.set(slot, to, &change.to, tick);
        if standings.row(slot) != before || hold_ended {
            self.changed.push(change.slot);
        }
        if hold_ended {
            self.note(Moved {
                slot: change.slot,
                event: Event::HoldEnded,
                from,
                to: from,
                fault: None,
            });
        }
        if from != to {
            standings.leave(slot, from);
        }
        if let Some(event) = change.event {
            self.note(Moved { slot: change.slot, event, from, to, fault: change.fault });
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::lifecycle::Landing;

    #[test]
    fn who_waits_are_those_whose_step_changes_nothing() {
        let standing = Standing {
            tier: Some(1),
            since: Some(date(2025, 5, 1)),
            review_on: Some(date(2026, 5, 1)),
            ..Standing::default()
        };
        let month = Some("1 month".parse().expect("a duration"));
        for (upgrade, warn) in [
            (Upgrade::AtOnce, None),
            (Upgrade::AtOnce, month),
            (Upgrade::AtReview, None),
            (Upgrade::AtReview, month),
        ] {
            let policies = [TierPolicy { upgrade, grace: None, landing: Landing::Earned, warn }; 3];
            for earned in [None, Some(0), Some(1), Some(2)] {
                for kept in [false, true] {
                    let decision = Decision { earned, kept, ..Decision::default() };
                    let chosen = choose(&standing, &decision, &policies, date(2026, 4, 20));
                    let nothing = chosen.event.is_none() && chosen.to == standing;
                    assert_eq!(
                        waits(&policies, 1, earned, kept),
                        nothing,
                        "{policies:?} {decision:?}"
                    );
                }
            }
        }
    }
}
