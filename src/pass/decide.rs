//! What everybody has earned in a ladder, and whether they keep what they hold.

use std::ops::Range;

use jiff::civil::Date;

use crate::expr::{Condition, Fault, Inputs, LadderId, TierId, Truth, holds};
use crate::lifecycle::{Decision, LadderStandings, Standings, TierCode};
use crate::metrics::population::{Population, StandingColumns, map};
use crate::program::{Ladder, Program};

/// The decisions of a block of customers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decided {
    pub earned: Vec<TierCode>,
    /// Whether `keep` holds, asked of those who earn less than they hold.
    pub kept: Vec<bool>,
    /// A [`Fault`] as byte, 0 for none.
    pub faults: Option<Vec<u8>>,
}

/// Decides everybody in a ladder, block by block.
pub(super) fn ladder(
    program: &Program,
    population: &Population,
    before: &StandingColumns,
    standings: &Standings,
    ladder: LadderId,
    threads: usize,
) -> Vec<Decided> {
    let columns = population.columns(program, before);
    let standings = &standings.ladders[ladder];
    map(columns, population.len(), threads, |block| {
        let floors = floors(standings, &block.rows, population.as_of);
        of_block(&program.ladders[ladder], block, &standings.tier[block.rows.clone()], &floors)
    })
}

/// The decision of one customer in a ladder where they hold that tier, and nothing by hand.
pub fn decision(
    program: &Program,
    population: &Population,
    before: &StandingColumns,
    (ladder, slot): (LadderId, usize),
    held: Option<TierId>,
) -> Decision {
    let decided = population.with_customer(program, before, slot, |customer| {
        of_block(&program.ladders[ladder], customer, &[TierCode::new(held)], &[])
    });
    let earned = decided.earned[0].tier();
    let is_earned = held.is_some_and(|held| earned.is_some_and(|earned| earned <= held));
    let fault = decided.fault(0).is_some();
    Decision { earned, kept: is_earned || decided.kept[0], fault, ..Decision::default() }
}

/// Rows of a block with the tiers that they have at least, by hand.
fn floors(standings: &LadderStandings, rows: &Range<usize>, as_of: Date) -> Vec<(usize, TierId)> {
    if !standings.any_hold(rows) {
        return Vec::new();
    }
    let floor = |slot: usize| {
        let hold = standings.hold(slot).filter(|hold| !hold.pins && hold.is_active(as_of))?;
        Some((slot - rows.start, hold.tier?))
    };
    rows.clone().filter_map(floor).collect()
}

/// With a floor the search ends at its tier as if that were earned, and nothing is asked below it.
pub(super) fn of_block(
    ladder: &Ladder,
    block: &dyn Inputs,
    held: &[TierCode],
    floors: &[(usize, TierId)],
) -> Decided {
    let rows = held.len();
    let mut decided =
        Decided { earned: vec![TierCode::NONE; rows], kept: vec![false; rows], faults: None };
    let mut open = vec![true; rows];
    for (id, tier) in ladder.tiers.iter().enumerate() {
        let code = TierCode::new(Some(id));
        match &tier.enter {
            Condition::Never => {}
            Condition::Always => {
                for (earned, open) in decided.earned.iter_mut().zip(&mut open) {
                    if std::mem::take(open) {
                        *earned = code;
                    }
                }
                break;
            }
            enter => {
                let truth = holds(enter, block, Some(&open));
                let here = floors.iter().filter(|(row, floor)| *floor == id && open[*row]);
                let here: Vec<usize> = here.map(|(row, _)| *row).collect();
                decided.note(&truth, &mut open);
                decided.forget(&here);
                for ((earned, open), holds) in
                    decided.earned.iter_mut().zip(&mut open).zip(&truth.holds)
                {
                    let wins = *open & *holds;
                    *earned = if wins { code } else { *earned };
                    *open &= !wins;
                }
            }
        }
        for (row, _) in floors.iter().filter(|(_, floor)| *floor == id) {
            open[*row] = false;
        }
        if !open.contains(&true) {
            break;
        }
    }
    decided.ask_keep(ladder, block, held, floors);
    decided
}

impl Decided {
    pub(super) fn fault(&self, row: usize) -> Option<Fault> {
        self.faults.as_ref().and_then(|faults| Fault::from_byte(faults[row]))
    }

    /// Keeps the faults of those who are asked, and asks them no more.
    fn note(&mut self, truth: &Truth, asked: &mut [bool]) {
        let Some(found) = &truth.faults else { return };
        let faults = self.faults.get_or_insert_with(|| vec![0; asked.len()]);
        for ((fault, found), asked) in faults.iter_mut().zip(found).zip(asked) {
            if *asked && *found != 0 {
                *fault = *found;
                *asked = false;
            }
        }
    }

    /// Takes back the faults of rows that were open until now.
    fn forget(&mut self, rows: &[usize]) {
        if let Some(faults) = &mut self.faults {
            rows.iter().for_each(|row| faults[*row] = 0);
        }
    }

    fn ask_keep(
        &mut self,
        ladder: &Ladder,
        block: &dyn Inputs,
        held: &[TierCode],
        floors: &[(usize, TierId)],
    ) {
        let has_floor = |row: usize, tier: TierId| {
            let found = floors.binary_search_by_key(&row, |(row, _)| *row);
            found.is_ok_and(|at| floors[at].1 <= tier)
        };
        for (id, tier) in ladder.tiers.iter().enumerate() {
            let Some(keep) = &tier.keep else { continue };
            let mut asked: Vec<bool> = (0..held.len())
                .map(|row| {
                    held[row].tier() == Some(id)
                        && self.earned[row].tier().is_none_or(|earned| earned > id)
                        && self.fault(row).is_none()
                        && !has_floor(row, id)
                })
                .collect();
            if !asked.contains(&true) {
                continue;
            }
            let truth = holds(keep, block, Some(&asked));
            self.note(&truth, &mut asked);
            for ((kept, asked), holds) in self.kept.iter_mut().zip(&asked).zip(&truth.holds) {
                *kept |= *asked && *holds;
            }
        }
    }
}
