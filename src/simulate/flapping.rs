use jiff::ToSpan;
use jiff::civil::Date;

use super::before::Carried;
use crate::expr::days_from_date;
use crate::lifecycle::{Event, NO_DAY, day_or_none};
use crate::pass::Moved;

/// Who moved up and down again in one ladder, or down and up, before a year had passed.
///
/// Up is `tier.upgraded` and `tier.entered`, down `tier.downgraded` and `tier.left`. Who enters
/// in the first pass of a simulation from nothing has not moved: it only says where they stand
/// when it begins. On the anniversary of a move a year has passed, so a tier that is lost at
/// the end of its year is not flapping.
#[derive(Debug, Clone)]
pub(super) struct Flapping {
    /// By slot the day of the last move up and down, or [`NO_DAY`].
    last_up: Vec<i32>,
    last_down: Vec<i32>,
    flapped: Vec<bool>,
    /// The next entries are where everybody stands.
    begins: bool,
}

impl Flapping {
    pub(super) fn new(customers: usize, from_empty: bool) -> Self {
        Self {
            last_up: vec![NO_DAY; customers],
            last_down: vec![NO_DAY; customers],
            flapped: vec![false; customers],
            begins: from_empty,
        }
    }

    pub(super) fn carry(&mut self, carried: &Carried) {
        self.last_up = carried.column(&self.last_up, NO_DAY);
        self.last_down = carried.column(&self.last_down, NO_DAY);
        self.flapped = carried.column(&self.flapped, false);
    }

    /// Takes the moves of a pass; gives how many customers have flapped so far.
    pub(super) fn count(&mut self, events: &[Moved], as_of: Date) -> u64 {
        let today = days_from_date(as_of);
        // A move on this day or before is a year old. Before the calendar begins nothing moved.
        let year_ago = day_or_none(as_of.checked_sub(1.year()).ok());
        for moved in events {
            let slot = moved.slot as usize;
            let (same, other) = match moved.event {
                Event::Entered if self.begins => continue,
                Event::Entered | Event::Upgraded => (&mut self.last_up, &self.last_down),
                Event::Downgraded | Event::Left => (&mut self.last_down, &self.last_up),
                _ => continue,
            };
            same[slot] = today;
            self.flapped[slot] |= other[slot] > year_ago;
        }
        self.begins = false;
        self.flapped.iter().filter(|flapped| **flapped).count() as u64
    }
}
