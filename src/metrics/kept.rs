use std::cmp::Ordering;
use std::collections::HashMap;

use super::pairs::Pairs;
use crate::expr::Fault;
use crate::program::Aggregate;

/// In words that hold a smallest or largest value or time: none yet. The numbers themselves
/// take the way of those that do not fit.
pub(super) const NONE_SMALLEST: i64 = i64::MAX;
pub(super) const NONE_LARGEST: i64 = i64::MIN;

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

impl Kept {
    pub(super) fn new(aggregate: Aggregate, offset: usize) -> Self {
        Self {
            aggregate,
            offset,
            days: Pairs::default(),
            numbers: Pairs::default(),
            wide_numbers: Pairs::default(),
        }
    }
}

/// A day as the value of a pair; the order is the calendar's.
pub(super) fn day_key(day: i32) -> u32 {
    (day as u32) ^ (1 << 31)
}

pub(super) fn day_of_key(key: u32) -> i32 {
    (key ^ (1 << 31)) as i32
}

/// The words of a customer without any row.
pub(super) fn initial(aggregate: Aggregate) -> &'static [i64] {
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

pub(super) fn earlier<T: Copy>(a: (i64, T), b: (i64, T), order: impl Fn(T, T) -> Ordering) -> bool {
    a.0 < b.0 || (a.0 == b.0 && b.0 != NONE_SMALLEST && order(a.1, b.1).is_lt())
}

pub(super) fn later<T: Copy>(a: (i64, T), b: (i64, T), order: impl Fn(T, T) -> Ordering) -> bool {
    a.0 > b.0 || (a.0 == b.0 && b.0 != NONE_LARGEST && order(a.1, b.1).is_gt())
}

pub(super) fn add_wide_sum(
    wide: &mut HashMap<(u32, u32), Wide>,
    key: (u32, u32),
    value: Option<i128>,
) {
    if let Wide::Sum(sum) = wide.entry(key).or_insert(Wide::Sum(Some(0))) {
        *sum = sum.zip(value).and_then(|(sum, value)| sum.checked_add(value));
    }
}

pub(super) fn add_wide_best(
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
