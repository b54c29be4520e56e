use std::cmp::Ordering;

use super::accumulators::{Accumulators, Taken};
use super::kept::{
    NONE_LARGEST, NONE_SMALLEST, add_wide_best, add_wide_sum, day_key, earlier, initial, later,
};
use crate::expr::column::{ColumnRef, DataRef, Dictionary};
use crate::program::Aggregate;

impl Accumulators {
    /// Adds rows to a metric. `column` is the one that its aggregate is of. For `Percent`:
    /// rows that match; [`Self::add_all`] takes all.
    pub fn add(&mut self, metric: usize, taken: Taken, column: Option<ColumnRef>) {
        let kept = &mut self.kept[metric];
        match (kept.aggregate, column) {
            (Aggregate::Count | Aggregate::Percent, _) => self.add_one(metric, 0, taken),
            (Aggregate::DistinctDays | Aggregate::DaysBetween, _) => {
                for &row in taken.rows {
                    kept.days.push(taken.slots[row as usize], day_key(taken.days[row as usize]));
                }
            }
            (Aggregate::DaysSinceLast, _) => {
                let days = |row: usize| i64::from(taken.days[row]);
                self.update(metric, taken, |words, row| words[0] = words[0].max(days(row)));
            }
            (Aggregate::DaysSinceFirst, _) => {
                let days = |row: usize| i64::from(taken.days[row]);
                self.update(metric, taken, |words, row| words[0] = words[0].min(days(row)));
            }
            (_, Some(column)) => self.add_values(metric, taken, column),
            (_, None) => panic!("an aggregate of a column came without the column"),
        }
    }

    /// Adds rows to what a `Percent` is a part of.
    pub fn add_all(&mut self, metric: usize, taken: Taken) {
        self.add_one(metric, 1, taken);
    }

    /// Notes that a row could not be decided for a metric.
    pub fn add_fault(&mut self, metric: usize, slot: u32, fault: u8) {
        let first = self.faults.entry((metric as u32, slot)).or_insert(fault);
        *first = (*first).min(fault);
    }

    fn add_one(&mut self, metric: usize, word: usize, taken: Taken) {
        self.update(metric, taken, |words, _| words[word] += 1);
    }

    fn add_values(&mut self, metric: usize, taken: Taken, column: ColumnRef) {
        let known;
        let mut taken = taken;
        if column.known.is_some() || column.faults.is_some() {
            known = self.without_unknown(metric, taken, column);
            taken.rows = &known;
        }
        match column.data {
            DataRef::Narrow { values, .. } => {
                self.add_narrow(metric, taken, |row| values[row], |a, b| a.cmp(&b));
            }
            DataRef::Wide { values, .. } => self.add_wide(metric, taken, values),
            DataRef::Flag(values) => {
                self.add_narrow(metric, taken, |row| i64::from(values[row]), |a, b| a.cmp(&b));
            }
            DataRef::Date(values) => {
                self.add_narrow(metric, taken, |row| i64::from(values[row]), |a, b| a.cmp(&b));
            }
            DataRef::Text { codes, dictionary } => {
                let order = |a, b| text_order(dictionary, a, b);
                self.add_narrow(metric, taken, |row| i64::from(codes[row]), order);
            }
        }
    }

    /// The rows with a value; those with a fault are noted.
    fn without_unknown(&mut self, metric: usize, taken: Taken, column: ColumnRef) -> Vec<u32> {
        let mut rows = Vec::with_capacity(taken.rows.len());
        for &row in taken.rows {
            let at = row as usize;
            match column.faults.map_or(0, |faults| faults[at]) {
                0 if column.known.is_none_or(|known| known[at]) => rows.push(row),
                0 => {}
                fault => self.add_fault(metric, taken.slots[at], fault),
            }
        }
        rows
    }

    fn add_narrow(
        &mut self,
        metric: usize,
        taken: Taken,
        value: impl Fn(usize) -> i64,
        order: impl Fn(i64, i64) -> Ordering,
    ) {
        match self.kept[metric].aggregate {
            Aggregate::Sum(_) => self.add_sum(metric, taken, value, |_| {}),
            Aggregate::Average(_) => self.add_sum(metric, taken, value, |words| words[1] += 1),
            Aggregate::Min(_) => self.update(metric, taken, |words, row| {
                let value = value(row);
                if words[0] == NONE_SMALLEST || order(value, words[0]).is_lt() {
                    words[0] = value;
                }
            }),
            Aggregate::Max(_) => self.update(metric, taken, |words, row| {
                let value = value(row);
                if words[0] == NONE_LARGEST || order(value, words[0]).is_gt() {
                    words[0] = value;
                }
            }),
            Aggregate::First(_) => self.update(metric, taken, |words, row| {
                let found = (taken.times[row], value(row));
                if earlier(found, (words[0], words[1]), &order) {
                    (words[0], words[1]) = found;
                }
            }),
            Aggregate::Last(_) => self.update(metric, taken, |words, row| {
                let found = (taken.times[row], value(row));
                if later(found, (words[0], words[1]), &order) {
                    (words[0], words[1]) = found;
                }
            }),
            Aggregate::Distinct(_) => {
                let numbers = &mut self.kept[metric].numbers;
                for &row in taken.rows {
                    numbers.push(taken.slots[row as usize], value(row as usize));
                }
            }
            _ => unreachable!("aggregates without a column are added elsewhere"),
        }
    }

    fn add_sum(
        &mut self,
        metric: usize,
        taken: Taken,
        value: impl Fn(usize) -> i64,
        count: impl Fn(&mut [i64]),
    ) {
        let offset = self.kept[metric].offset;
        let width = self.template.len();
        for &row in taken.rows {
            let slot = taken.slots[row as usize];
            let words = &mut self.words[slot as usize * width + offset..];
            let value = value(row as usize);
            match words[0].checked_add(value) {
                Some(sum) => words[0] = sum,
                None => {
                    // What is there moves to where there is room, and the word starts again.
                    add_wide_sum(&mut self.wide, (metric as u32, slot), Some(i128::from(words[0])));
                    words[0] = value;
                }
            }
            count(words);
        }
    }

    /// Values of a block of which some do not fit 64 bits.
    fn add_wide(&mut self, metric: usize, taken: Taken, values: &[i128]) {
        let fits = |row: &u32| {
            i64::try_from(values[*row as usize])
                .is_ok_and(|value| value != NONE_SMALLEST && value != NONE_LARGEST)
        };
        let (narrow, wide): (Vec<u32>, Vec<u32>) = taken.rows.iter().partition(|row| fits(row));
        let narrow = Taken { rows: &narrow, ..taken };
        self.add_narrow(metric, narrow, |row| values[row] as i64, |a, b| a.cmp(&b));
        let aggregate = self.kept[metric].aggregate;
        for row in wide.into_iter().map(|row| row as usize) {
            let (slot, value) = (taken.slots[row], values[row]);
            let time = taken.times.get(row).copied().unwrap_or_default();
            let key = (metric as u32, slot);
            match aggregate {
                Aggregate::Distinct(_) => self.kept[metric].wide_numbers.push(slot, value),
                Aggregate::Sum(_) => add_wide_sum(&mut self.wide, key, Some(value)),
                Aggregate::Average(_) => {
                    add_wide_sum(&mut self.wide, key, Some(value));
                    let at = slot as usize * self.template.len() + self.kept[metric].offset;
                    self.words[at + 1] += 1;
                }
                _ => add_wide_best(&mut self.wide, key, aggregate, (time, value)),
            }
        }
    }

    /// Calls `each` with a customer's words of a metric and the row, for every row taken.
    fn update(&mut self, metric: usize, taken: Taken, each: impl Fn(&mut [i64], usize)) {
        let kept = &self.kept[metric];
        let width = self.template.len();
        let size = initial(kept.aggregate).len();
        for &row in taken.rows {
            let at = taken.slots[row as usize] as usize * width + kept.offset;
            each(&mut self.words[at..at + size], row as usize);
        }
    }
}

fn text_order(dictionary: &Dictionary, a: i64, b: i64) -> Ordering {
    dictionary.text(a as u32).cmp(dictionary.text(b as u32))
}
