use std::sync::Arc;

use super::accumulators::{Accumulators, Parts};
use super::exact::{divide_half_even, is_decimal, power_of_ten, rescale};
use super::kept::{OVERFLOW, Wide, day_of_key, is_better, kept_value};
use super::pairs::{Pair, Pairs};
use crate::expr::column::{Column, Data, Dictionary, Ints};
use crate::expr::{NEVER_DAYS, NUMBER_SCALE, Type};
use crate::program::Aggregate;

/// What one metric's column is to be.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Of the column that is aggregated; `Number` without one.
    pub ty: Type,
    /// Its decimal places.
    pub scale: u8,
    /// The day as of which days are counted, `ago` included; since 1970-01-01.
    pub as_of: i32,
    /// The texts that the codes of a text column stand for.
    pub dictionary: Option<Arc<Dictionary>>,
}

impl Accumulators {
    /// One column per metric. Row n is the customer whose slot is `order[n]`, or n without an
    /// order; who has rows is in it.
    pub fn finish(self, order: Option<&[u32]>, outcomes: &[Outcome]) -> Vec<Column> {
        let mut parts = self.into_parts();
        let customers = order.map_or(parts.customers, <[u32]>::len);
        let slot = |row: usize| order.map_or(row, |order| order[row] as usize);
        let narrow = parts.narrow_columns(outcomes, customers, slot);
        let mut columns: Vec<Column> = narrow
            .into_iter()
            .zip(outcomes)
            .enumerate()
            .map(|(metric, (narrow, outcome))| match narrow {
                Some(column) => column,
                None => parts.column(metric, outcome).into_column((0..customers).map(slot)),
            })
            .collect();
        if !parts.faults.is_empty() {
            let rows = rows_of(order, parts.customers);
            for ((metric, slot), fault) in parts.faults {
                set_fault(&mut columns[metric as usize], rows(slot), fault);
            }
        }
        columns
    }
}

/// Where each slot went.
fn rows_of(order: Option<&[u32]>, customers: usize) -> impl Fn(u32) -> usize {
    let rows = order.map(|order| {
        let mut rows = vec![0; customers];
        for (row, &slot) in order.iter().enumerate() {
            rows[slot as usize] = row;
        }
        rows
    });
    move |slot| rows.as_ref().map_or(slot as usize, |rows: &Vec<usize>| rows[slot as usize])
}

fn set_fault(column: &mut Column, row: usize, fault: u8) {
    let rows = column.len();
    column.faults.get_or_insert_with(|| vec![0; rows])[row] = fault;
    match &mut column.data {
        Data::Number { values: Ints::Narrow(values), .. } => values[row] = 0,
        Data::Number { values: Ints::Wide(values), .. } => values[row] = 0,
        Data::Flag(values) => values[row] = false,
        Data::Date(values) => values[row] = 0,
        Data::Text { codes, .. } => codes[row] = 0,
    }
}

/// A metric's values by slot, before they are in the customers' order.
enum Values {
    /// `None` has no place in a decimal.
    Numbers { scale: u8, values: Vec<Option<i128>> },
    /// `None`: without any row.
    Others { ty: Type, values: Vec<Option<i64>>, dictionary: Option<Arc<Dictionary>> },
}

impl Parts {
    fn column(&mut self, metric: usize, outcome: &Outcome) -> Values {
        let aggregate = self.kept[metric].aggregate;
        let number = |scale, values| Values::Numbers { scale, values };
        match aggregate {
            Aggregate::Count => number(0, self.numbers(metric, |words| i128::from(words[0]))),
            Aggregate::Percent => number(
                NUMBER_SCALE,
                self.numbers(metric, |words| ratio(i128::from(words[0]) * 100, words[1], 0)),
            ),
            Aggregate::Sum(_) => {
                let mut sums = self.numbers(metric, |words| i128::from(words[0]));
                self.for_each_wide(metric, |slot, _, wide| {
                    if let Wide::Sum(sum) = wide {
                        sums[slot] = sums[slot].zip(sum).and_then(|(a, b)| a.checked_add(b));
                    }
                });
                number(outcome.scale, sums)
            }
            Aggregate::Average(_) => number(NUMBER_SCALE, self.averages(metric, outcome.scale)),
            Aggregate::Min(_) | Aggregate::Max(_) | Aggregate::First(_) | Aggregate::Last(_) => {
                self.extremes(metric, outcome)
            }
            Aggregate::DaysSinceLast | Aggregate::DaysSinceFirst => number(
                0,
                self.numbers(metric, |words| {
                    let days = kept_value(aggregate, words)
                        .map_or(NEVER_DAYS, |day| i64::from(outcome.as_of) - day);
                    i128::from(days)
                }),
            ),
            Aggregate::Distinct(_) => {
                let mut counts = vec![0_i128; self.customers];
                let kept = &mut self.kept[metric];
                count_groups(std::mem::take(&mut kept.numbers), &mut counts);
                count_groups(std::mem::take(&mut kept.wide_numbers), &mut counts);
                number(0, counts.into_iter().map(Some).collect())
            }
            Aggregate::DistinctDays => {
                let mut counts = vec![0_i128; self.customers];
                count_groups(std::mem::take(&mut self.kept[metric].days), &mut counts);
                number(0, counts.into_iter().map(Some).collect())
            }
            Aggregate::DaysBetween => number(NUMBER_SCALE, self.days_between(metric)),
        }
    }

    fn numbers(&self, metric: usize, value: impl Fn(&[i64]) -> i128) -> Vec<Option<i128>> {
        self.words_of(metric).map(|words| Some(value(words))).collect()
    }

    /// Each customer's words from the metric's first.
    fn words_of(&self, metric: usize) -> impl Iterator<Item = &[i64]> {
        let offset = self.kept[metric].offset;
        (0..self.customers).map(move |slot| &self.words[slot * self.width + offset..])
    }

    fn for_each_wide(&self, metric: usize, mut each: impl FnMut(usize, &[i64], Wide)) {
        for (&(of, slot), &wide) in &self.wide {
            if of as usize == metric {
                let at = slot as usize * self.width + self.kept[metric].offset;
                each(slot as usize, &self.words[at..], wide);
            }
        }
    }

    fn averages(&self, metric: usize, scale: u8) -> Vec<Option<i128>> {
        let mean = |sum, rows| {
            // A sum beyond a decimal has no mean that could be told either.
            is_decimal(sum, scale).then(|| ratio(sum, rows, scale))
        };
        let mut means: Vec<_> =
            self.words_of(metric).map(|words| mean(i128::from(words[0]), words[1])).collect();
        self.for_each_wide(metric, |slot, words, wide| {
            if let Wide::Sum(sum) = wide {
                let sum = sum.and_then(|sum| sum.checked_add(i128::from(words[0])));
                means[slot] = sum.and_then(|sum| mean(sum, words[1]));
            }
        });
        means
    }

    fn extremes(&self, metric: usize, outcome: &Outcome) -> Values {
        let aggregate = self.kept[metric].aggregate;
        let found = self.words_of(metric).map(|words| kept_value(aggregate, words));
        if outcome.ty != Type::Number {
            let (ty, values) = (outcome.ty, found.collect());
            return Values::Others { ty, values, dictionary: outcome.dictionary.clone() };
        }
        let mut values: Vec<_> = found.map(|value| Some(value.map_or(0, i128::from))).collect();
        self.for_each_wide(metric, |slot, words, wide| {
            let narrow = kept_value(aggregate, words);
            if let Wide::Best { value, .. } = wide
                && narrow.is_none_or(|narrow| {
                    !is_better(aggregate, (words[0], i128::from(narrow)), wide)
                })
            {
                values[slot] = Some(value);
            }
        });
        Values::Numbers { scale: outcome.scale, values }
    }

    fn days_between(&mut self, metric: usize) -> Vec<Option<i128>> {
        let never = i128::from(NEVER_DAYS) * power_of_ten(NUMBER_SCALE).unwrap_or(1);
        let mut means = vec![Some(never); self.customers];
        std::mem::take(&mut self.kept[metric].days).into_groups(|slot, days| {
            if let [first, .., last] = days {
                let span = day_of_key(last.value()) - day_of_key(first.value());
                means[slot as usize] = Some(ratio(i128::from(span), days.len() as i64 - 1, 0));
            }
        });
        means
    }
}

fn count_groups<T: Pair>(pairs: Pairs<T>, counts: &mut [i128]) {
    pairs.into_groups(|slot, group| counts[slot as usize] += group.len() as i128);
}

/// A value of a scale ÷ a count, at six places; 0 without a count.
fn ratio(value: i128, count: i64, scale: u8) -> i128 {
    if count == 0 {
        return 0;
    }
    let count = i128::from(count);
    if scale <= NUMBER_SCALE {
        // 96 bits × 10^6 is 116 bits.
        rescale(value, scale, NUMBER_SCALE).map_or(0, |value| divide_half_even(value, count))
    } else {
        let parts = power_of_ten(scale - NUMBER_SCALE).unwrap_or(1);
        divide_half_even(value, count.saturating_mul(parts))
    }
}

impl Values {
    fn into_column(self, slots: impl Iterator<Item = usize>) -> Column {
        match self {
            Values::Numbers { scale, values } => number_column(scale, &values, slots),
            Values::Others { ty, values, dictionary } => {
                let values: Vec<_> = slots.map(|slot| values[slot]).collect();
                let known = values.iter().map(Option::is_some).collect();
                let value = |value: &Option<i64>| value.unwrap_or(0);
                let data = match (ty, dictionary) {
                    (Type::Flag, _) => Data::Flag(values.iter().map(|v| value(v) != 0).collect()),
                    (Type::Text, Some(dictionary)) => {
                        let codes = values.iter().map(|v| value(v) as u32).collect();
                        Data::Text { codes, dictionary }
                    }
                    _ => Data::Date(values.iter().map(|v| value(v) as i32).collect()),
                };
                Column { data, known: Some(known), faults: None }
            }
        }
    }
}

/// A fixed-point column, narrow if it can be; what no decimal can hold is a fault.
fn number_column(scale: u8, values: &[Option<i128>], slots: impl Iterator<Item = usize>) -> Column {
    let ordered: Vec<Option<i128>> =
        slots.map(|slot| values[slot].filter(|&value| is_decimal(value, scale))).collect();
    let faults = ordered
        .iter()
        .any(Option::is_none)
        .then(|| ordered.iter().map(|value| if value.is_none() { OVERFLOW } else { 0 }).collect());
    let narrow: Option<Vec<i64>> =
        ordered.iter().map(|value| i64::try_from(value.unwrap_or(0)).ok()).collect();
    let values = match narrow {
        Some(values) => Ints::Narrow(values),
        None => Ints::Wide(ordered.iter().map(|value| value.unwrap_or(0)).collect()),
    };
    Column { data: Data::Number { scale, values }, known: None, faults }
}
