//! What everybody has earned in a ladder, and whether they keep what they hold.

use crate::expr::{Condition, Fault, Inputs, LadderId, Truth, holds};
use crate::lifecycle::{Standings, TierCode};
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
    let held = &standings.ladders[ladder].tier;
    map(columns, population.len(), threads, |block| {
        of_block(&program.ladders[ladder], block, &held[block.rows.clone()])
    })
}

pub(super) fn of_block(ladder: &Ladder, block: &dyn Inputs, held: &[TierCode]) -> Decided {
    let rows = held.len();
    let mut decided =
        Decided { earned: vec![TierCode::NONE; rows], kept: vec![false; rows], faults: None };
    let mut open = vec![true; rows];
    for (id, tier) in ladder.tiers.iter().enumerate() {
        let code = TierCode::new(Some(id));
        match &tier.enter {
            Condition::Never => continue,
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
                decided.note(&truth, &mut open);
                for ((earned, open), holds) in
                    decided.earned.iter_mut().zip(&mut open).zip(&truth.holds)
                {
                    let wins = *open & *holds;
                    *earned = if wins { code } else { *earned };
                    *open &= !wins;
                }
            }
        }
        if !open.contains(&true) {
            break;
        }
    }
    decided.ask_keep(ladder, block, held);
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

    fn ask_keep(&mut self, ladder: &Ladder, block: &dyn Inputs, held: &[TierCode]) {
        for (id, tier) in ladder.tiers.iter().enumerate() {
            let Some(keep) = &tier.keep else { continue };
            let mut asked: Vec<bool> = (0..held.len())
                .map(|row| {
                    held[row].tier() == Some(id)
                        && self.earned[row].tier().is_none_or(|earned| earned > id)
                        && self.fault(row).is_none()
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
