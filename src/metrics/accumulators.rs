use std::cmp::Ordering;
use std::collections::HashMap;

use super::pairs::Pairs;
use crate::expr::Fault;
use crate::expr::column::{ColumnRef, DataRef, Dictionary};
use crate::program::Aggregate;

/// In words that hold a smallest or largest value or time: none yet. The numbers themselves
/// take the way of those that do not fit.
const NONE_SMALLEST: i64 = i64::MAX;
const NONE_LARGEST: i64 = i64::MIN;

/// What the rows of one source have added up to, for every customer and metric.
///
/// Each customer has `width` words of 64 bits side by side, so that a row touches one or two
/// cache lines; whatever does not fit a word is kept apart, exactly. No sum depends on the
/// order of rows.
#[derive(Debug, Clone)]
pub struct Accumulators {
    kept: Vec<Kept>,
    template: Vec<i64>,
    words: Vec<i64>,
    customers: usize,
    /// Beyond 64 bits, by metric (its place in `kept`) and slot.
    pub(super) wide: HashMap<(u32, u32), Wide>,
    /// The first in order of the faults met, by metric and slot.
    pub(super) faults: HashMap<(u32, u32), u8>,
}

/// What one metric keeps.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) aggregate: Aggregate,
    /// Of its first word among a customer's.
    pub(super) offset: usize,
    pub(super) days: Pairs<u64>,
    pub(super) numbers: Pairs<(u32, i64)>,
    pub(super) wide_numbers: Pairs<(u32, i128)>,
}

/// What a word cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wide {
    /// To be added to the word; `None` beyond 128 bits, from where there is no way back.
    Sum(Option<i128>),
    /// The best of the values that do not fit, with its time for `first` and `last`.
    Best { time: i64, value: i128 },
}

/// Rows of a block that a metric takes.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// Of the whole block: the customer, the civil day since 1970-01-01 and the instant in
    /// microseconds since then.
    pub slots: &'a [u32],
    pub days: &'a [i32],
    pub times: &'a [i64],
    /// Those that count, as positions in the block.
    pub rows: &'a [u32],
}

impl Accumulators {
    pub fn new(aggregates: &[Aggregate]) -> Self {
        let mut template = Vec::new();
        let kept = aggregates
            .iter()
            .map(|&aggregate| {
                let offset = template.len();
                template.extend_from_slice(initial(aggregate));
                Kept {
                    aggregate,
                    offset,
                    days: Pairs::default(),
                    numbers: Pairs::default(),
                    wide_numbers: Pairs::default(),
                }
            })
            .collect();
        Self {
            kept,
            template,
            words: Vec::new(),
            customers: 0,
            wide: HashMap::new(),
            faults: HashMap::new(),
        }
    }

    /// Makes room for so many customers.
    pub fn grow(&mut self, customers: usize) {
        if customers > self.customers {
            self.words.reserve((customers - self.customers) * self.template.len());
            for _ in self.customers..customers {
                self.words.extend_from_slice(&self.template);
            }
            self.customers = customers;
        }
    }

    /// Whether nobody has been added.
    pub fn is_empty(&self) -> bool {
        self.customers == 0
    }

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
            let (slot, value, time) = (taken.slots[row], values[row], taken.times[row]);
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

    /// Takes over what another has added up. `slots` translates its slots, `codes` a metric's
    /// text codes; `dictionaries` are those that the codes are translated to.
    pub fn absorb(
        &mut self,
        other: Accumulators,
        slots: impl Fn(u32) -> u32,
        codes: impl Fn(usize, i64) -> i64,
        order: impl Fn(usize, i64, i64) -> Ordering,
    ) {
        let width = self.template.len();
        for (from, theirs) in other.words.chunks_exact(width.max(1)).enumerate() {
            if theirs == self.template {
                continue;
            }
            let to = slots(from as u32);
            self.grow(to as usize + 1);
            let ours = &mut self.words[to as usize * width..][..width];
            for (metric, kept) in self.kept.iter().enumerate() {
                let order = |a, b| order(metric, a, b);
                let (ours, theirs) = (&mut ours[kept.offset..], &theirs[kept.offset..]);
                match kept.aggregate {
                    Aggregate::Count => ours[0] += theirs[0],
                    Aggregate::Percent => {
                        ours[0] += theirs[0];
                        ours[1] += theirs[1];
                    }
                    Aggregate::Sum(_) | Aggregate::Average(_) => {
                        match ours[0].checked_add(theirs[0]) {
                            Some(sum) => ours[0] = sum,
                            None => add_wide_sum(
                                &mut self.wide,
                                (metric as u32, to),
                                Some(i128::from(theirs[0])),
                            ),
                        }
                        if matches!(kept.aggregate, Aggregate::Average(_)) {
                            ours[1] += theirs[1];
                        }
                    }
                    Aggregate::DaysSinceLast => ours[0] = ours[0].max(theirs[0]),
                    Aggregate::DaysSinceFirst => ours[0] = ours[0].min(theirs[0]),
                    Aggregate::Min(_) if theirs[0] != NONE_SMALLEST => {
                        let theirs = codes(metric, theirs[0]);
                        if ours[0] == NONE_SMALLEST || order(theirs, ours[0]).is_lt() {
                            ours[0] = theirs;
                        }
                    }
                    Aggregate::Max(_) if theirs[0] != NONE_LARGEST => {
                        let theirs = codes(metric, theirs[0]);
                        if ours[0] == NONE_LARGEST || order(theirs, ours[0]).is_gt() {
                            ours[0] = theirs;
                        }
                    }
                    Aggregate::First(_) if theirs[0] != NONE_SMALLEST => {
                        let found = (theirs[0], codes(metric, theirs[1]));
                        if earlier(found, (ours[0], ours[1]), &order) {
                            (ours[0], ours[1]) = found;
                        }
                    }
                    Aggregate::Last(_) if theirs[0] != NONE_LARGEST => {
                        let found = (theirs[0], codes(metric, theirs[1]));
                        if later(found, (ours[0], ours[1]), &order) {
                            (ours[0], ours[1]) = found;
                        }
                    }
                    _ => {}
                }
            }
        }
        for ((metric, slot), wide) in other.wide {
            let key = (metric, slots(slot));
            match wide {
                Wide::Sum(sum) => add_wide_sum(&mut self.wide, key, sum),
                Wide::Best { time, value } => {
                    let aggregate = self.kept[metric as usize].aggregate;
                    add_wide_best(&mut self.wide, key, aggregate, (time, value));
                }
            }
        }
        for ((metric, slot), fault) in other.faults {
            self.add_fault(metric as usize, slots(slot), fault);
        }
        for (metric, (ours, theirs)) in self.kept.iter_mut().zip(other.kept).enumerate() {
            ours.days.absorb(theirs.days, &slots, |day| day);
            ours.numbers.absorb(theirs.numbers, &slots, |value| codes(metric, value));
            ours.wide_numbers.absorb(theirs.wide_numbers, &slots, |value| value);
        }
    }

    /// Gives up what was kept: each metric's, with the words of one customer behind another.
    pub(super) fn into_parts(self) -> Parts {
        Parts {
            kept: self.kept,
            width: self.template.len(),
            words: self.words,
            customers: self.customers,
            wide: self.wide,
            faults: self.faults,
        }
    }
}

/// See [`Accumulators::into_parts`].
pub(super) struct Parts {
    pub(super) kept: Vec<Kept>,
    pub(super) width: usize,
    pub(super) words: Vec<i64>,
    pub(super) customers: usize,
    pub(super) wide: HashMap<(u32, u32), Wide>,
    pub(super) faults: HashMap<(u32, u32), u8>,
}

/// A day as the value of a pair; the order is the calendar's.
pub(super) fn day_key(day: i32) -> u32 {
    (day as u32) ^ (1 << 31)
}

pub(super) fn day_of_key(key: u32) -> i32 {
    (key ^ (1 << 31)) as i32
}

/// The words of a customer without any row.
fn initial(aggregate: Aggregate) -> &'static [i64] {
    match aggregate {
        Aggregate::Count | Aggregate::Sum(_) => &[0],
        Aggregate::Average(_) | Aggregate::Percent => &[0, 0],
        Aggregate::Min(_) | Aggregate::DaysSinceFirst => &[NONE_SMALLEST],
        Aggregate::Max(_) | Aggregate::DaysSinceLast => &[NONE_LARGEST],
        Aggregate::First(_) => &[NONE_SMALLEST, 0],
        Aggregate::Last(_) => &[NONE_LARGEST, 0],
        Aggregate::Distinct(_) | Aggregate::DistinctDays | Aggregate::DaysBetween => &[],
    }
}

/// A smallest or largest value as it was kept; `None` without any.
pub(super) fn kept_value(aggregate: Aggregate, words: &[i64]) -> Option<i64> {
    let none = match aggregate {
        Aggregate::Min(_) | Aggregate::First(_) | Aggregate::DaysSinceFirst => NONE_SMALLEST,
        _ => NONE_LARGEST,
    };
    let value = match aggregate {
        Aggregate::First(_) | Aggregate::Last(_) => words[1],
        _ => words[0],
    };
    (words[0] != none).then_some(value)
}

fn earlier<T: Copy>(a: (i64, T), b: (i64, T), order: impl Fn(T, T) -> Ordering) -> bool {
    a.0 < b.0 || (a.0 == b.0 && b.0 != NONE_SMALLEST && order(a.1, b.1).is_lt())
}

fn later<T: Copy>(a: (i64, T), b: (i64, T), order: impl Fn(T, T) -> Ordering) -> bool {
    a.0 > b.0 || (a.0 == b.0 && b.0 != NONE_LARGEST && order(a.1, b.1).is_gt())
}

pub(super) fn text_order(dictionary: &Dictionary, a: i64, b: i64) -> Ordering {
    dictionary.text(a as u32).cmp(dictionary.text(b as u32))
}

fn add_wide_sum(wide: &mut HashMap<(u32, u32), Wide>, key: (u32, u32), value: Option<i128>) {
    if let Wide::Sum(sum) = wide.entry(key).or_insert(Wide::Sum(Some(0))) {
        *sum = sum.zip(value).and_then(|(sum, value)| sum.checked_add(value));
    }
}

fn add_wide_best(
    wide: &mut HashMap<(u32, u32), Wide>,
    key: (u32, u32),
    aggregate: Aggregate,
    (time, value): (i64, i128),
) {
    let found = Wide::Best { time, value };
    let best = wide.entry(key).or_insert(found);
    if is_better(aggregate, (time, value), *best) {
        *best = found;
    }
}

/// Whether a value with its time takes the place of another.
pub(super) fn is_better(aggregate: Aggregate, new: (i64, i128), old: Wide) -> bool {
    let Wide::Best { time, value } = old else {
        return false;
    };
    let old = (time, value);
    let order = |a: i128, b: i128| a.cmp(&b);
    match aggregate {
        Aggregate::Min(_) => new.1 < old.1,
        Aggregate::Max(_) => new.1 > old.1,
        Aggregate::First(_) => earlier(new, old, order),
        Aggregate::Last(_) => later(new, old, order),
        _ => false,
    }
}

/// The fault of a value too large.
pub(super) const OVERFLOW: u8 = Fault::Overflow as u8;
