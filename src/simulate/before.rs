use jiff::civil::Date;

use crate::expr::LadderId;
use crate::lifecycle::{LadderStandings, NO_DAY, Standings, optional};
use crate::metrics::population::HeldCutoff;
use crate::pass::{PassOutcome, remembered_tiers};
use crate::program::Program;
use crate::store::CustomerId;

/// What a pass begins with, and of whom.
///
/// This is the one place that takes what a pass leaves behind over to the next, whose customers
/// may be more: slots are places in the order of ids, so somebody new moves all who come after.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Sorted.
    pub customers: Vec<CustomerId>,
    /// By the slots of `customers`.
    pub standings: Standings,
    /// The cutoffs that the pass may hold, by `CutoffId`; empty: none.
    pub held: Vec<Option<HeldCutoff>>,
}

/// Where the customers of one list are in another.
#[derive(Debug)]
pub(super) struct Carried {
    /// By old slot; `None`: not any more.
    slots: Vec<Option<u32>>,
    customers: usize,
}

impl Before {
    /// Nobody is there yet.
    pub(super) fn empty(program: &Program) -> Self {
        let standings = Standings::empty(0, program.ladders.len(), program.alerts.len());
        Self { customers: Vec::new(), standings, held: Vec::new() }
    }

    /// Since when a customer has held the tier they are in.
    pub(super) fn tier_since(&self, ladder: LadderId, customer: &CustomerId) -> Option<Date> {
        let slot = self.customers.binary_search(customer).ok()?;
        optional(self.standings.ladders[ladder].since[slot])
    }

    /// What a pass left behind is what the next begins with.
    pub(super) fn follow(&mut self, outcome: PassOutcome) {
        self.standings = outcome.after.standings;
        self.held = outcome.population.held;
    }

    /// Makes the slots those of other customers (sorted). `None`: they are the same ones.
    pub(super) fn carry_to(
        &mut self,
        program: &Program,
        customers: &[CustomerId],
    ) -> Option<Carried> {
        if self.customers == customers {
            return None;
        }
        let carried = Carried::between(&self.customers, customers);
        let remembered = remembered_tiers(program);
        let old = std::mem::take(&mut self.standings);
        let ladders = old.ladders.into_iter().enumerate();
        self.standings = Standings {
            asked: None,
            ladders: ladders
                .map(|(ladder, old)| {
                    let tiers = 0..program.ladders[ladder].tiers.len();
                    let asked = tiers.map(|tier| remembered.contains(&(ladder, tier)));
                    carried.ladder(old, asked)
                })
                .collect(),
            raised_on: old.raised_on.iter().map(|days| carried.column(days, NO_DAY)).collect(),
            segments: old.segments.iter().map(|holds| carried.column(holds, false)).collect(),
        };
        self.customers = customers.to_vec();
        Some(carried)
    }
}

impl Carried {
    /// Both are sorted.
    fn between(old: &[CustomerId], new: &[CustomerId]) -> Self {
        let mut next = 0;
        let slots = old.iter().map(|customer| {
            while new.get(next).is_some_and(|new| new < customer) {
                next += 1;
            }
            (new.get(next) == Some(customer)).then_some(next as u32)
        });
        Self { slots: slots.collect(), customers: new.len() }
    }

    /// A column by old slot as one by new slot; who is new has `none`. One without rows is of
    /// nobody.
    pub(super) fn column<T: Copy>(&self, old: &[T], none: T) -> Vec<T> {
        let mut new = vec![none; self.customers];
        for (value, slot) in old.iter().zip(&self.slots) {
            if let Some(slot) = slot {
                new[*slot as usize] = *value;
            }
        }
        new
    }

    /// `asked`: by tier whether its past is remembered.
    fn ladder(&self, old: LadderStandings, asked: impl Iterator<Item = bool>) -> LadderStandings {
        let mut new = LadderStandings::empty(self.customers);
        for (row, slot) in self.slots.iter().enumerate() {
            if let Some(slot) = slot {
                new.set_row(*slot as usize, old.row(row));
            }
        }
        let left_on = |(tier, asked): (usize, bool)| match asked {
            true => self.column(old.left_on.get(tier).map_or(&[], Vec::as_slice), NO_DAY),
            false => Vec::new(),
        };
        new.left_on = asked.enumerate().map(left_on).collect();
        let holds = old.holds.iter();
        let held = holds.filter_map(|(row, hold)| Some((self.slots[*row as usize]?, *hold)));
        new.holds = held.collect();
        new.last_pass = old.last_pass;
        new.gone = old.gone;
        new.review_now = old.review_now;
        new
    }
}
