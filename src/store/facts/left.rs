use std::collections::BTreeMap;

use super::Facts;
use super::unreadable::{BadRow, BadRows};

/// The day of rows whose day cannot be read: they count for every as-of date.
pub(super) const NO_DAY: i32 = i32::MIN;

/// Rows that did not come to count.
#[derive(Debug, Default, Clone)]
pub(super) struct Left {
    pub(super) no_customer: u64,
    pub(super) unknown_customer: u64,
    pub(super) bad_rows: BadRows,
    /// Rows of the customers table without an id.
    pub(super) nameless: u64,
}

/// Rows that did not come to count, by their day.
#[derive(Debug, Default, Clone)]
pub(super) struct LeftByDay(BTreeMap<i32, Left>);

impl LeftByDay {
    pub(super) fn on(&mut self, day: i32) -> &mut Left {
        self.0.entry(day).or_default()
    }

    pub(super) fn bad(&mut self, day: i32, bad: BadRow) {
        self.on(day).bad_rows.add(bad);
    }

    /// Takes over what counts for every date.
    pub(super) fn absorb_left(&mut self, left: Left) {
        self.on(NO_DAY).absorb(left);
    }

    pub(super) fn absorb(&mut self, other: Self) {
        for (day, left) in other.0 {
            self.on(day).absorb(left);
        }
    }

    /// Those up to a day.
    pub(super) fn until(&self, day: i32) -> Left {
        let mut all = Left::default();
        for (_, left) in self.0.range(..=day) {
            all.absorb(left.clone());
        }
        all
    }
}

impl Left {
    fn absorb(&mut self, other: Self) {
        self.no_customer += other.no_customer;
        self.unknown_customer += other.unknown_customer;
        self.nameless += other.nameless;
        self.bad_rows.absorb(other.bad_rows);
    }

    /// Tells them as part of the facts.
    pub(super) fn tell(self, facts: &mut Facts) {
        let counted = [
            ("no customer", self.no_customer),
            ("unknown customer", self.unknown_customer),
            ("customer without id", self.nameless),
        ];
        let some = counted.into_iter().filter(|(_, rows)| *rows > 0);
        facts.skipped_rows = some.map(|(why, rows)| (why.to_owned(), rows)).collect();
        facts.bad_rows = self.bad_rows.count;
        facts.bad_row_examples = self.bad_rows.examples();
        facts.bad_row_reasons = self.bad_rows.reasons;
    }
}
