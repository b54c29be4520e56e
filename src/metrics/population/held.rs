//! Cutoffs that are held: taken at the first pass of a tick, and the same for everybody until
//! the next.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::border::Border;
use super::cutoff::Taken;
use crate::expr::Fault;
use crate::lifecycle::CutoffCadence;
use crate::program::{Cutoff, Program};

/// A cutoff from the pass that took it to the next tick, as it is stored between passes.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldCutoff {
    pub taken_on: Date,
    /// The first date on which it is taken anew.
    pub until: Date,
    /// The date from which the ticks of a duration are counted: that of the first taking.
    pub counted_from: Date,
    pub value: Result<Decimal, Fault>,
    pub count: usize,
    /// Of a top in which somebody is.
    pub border: Option<Border>,
}

impl HeldCutoff {
    /// Whether it is in force on a date.
    pub fn holds(&self, as_of: Date) -> bool {
        self.taken_on <= as_of && as_of < self.until
    }

    /// Whether it says of everybody in a later pass what it says of a cutoff. A top of everybody
    /// takes in whoever comes, and a border that is too large a number is not known.
    pub(super) fn decides(&self, cutoff: &Cutoff) -> bool {
        let kind = &cutoff.kind;
        !kind.is_top() || !kind.is_everybody() && (self.count == 0 || self.border.is_some())
    }

    /// As a pass uses it, but for who is in it now.
    pub(super) fn taken(&self) -> Taken {
        Taken {
            value: self.value,
            members: None,
            count: self.count,
            taken_on: self.taken_on,
            border: self.border.clone(),
            last: self.border.as_ref().map(Border::last_member),
        }
    }

    /// What was taken, to be held until the next tick; `before` is what was held until now.
    /// `None` for what cannot be held: a border that is too large a number is taken anew in
    /// every pass.
    pub(super) fn new(
        cutoff: &Cutoff,
        taken: &Taken,
        tick: CutoffCadence,
        before: Option<&HeldCutoff>,
    ) -> Option<HeldCutoff> {
        if cutoff.kind.is_top() && taken.count > 0 && taken.border.is_none() {
            return None;
        }
        let taken_on = taken.taken_on;
        let before = before.filter(|before| before.counted_from <= taken_on);
        let counted_from = before.map_or(taken_on, |before| before.counted_from);
        Some(HeldCutoff {
            taken_on,
            until: tick.next_after(counted_from, taken_on),
            counted_from,
            value: taken.value,
            count: taken.count,
            border: taken.border.clone(),
        })
    }
}

/// How often a cutoff is taken that a ladder holds.
pub(super) fn tick(program: &Program, cutoff: &Cutoff) -> Option<CutoffCadence> {
    cutoff.held_by.and_then(|ladder| program.ladders[ladder].cutoffs)
}
