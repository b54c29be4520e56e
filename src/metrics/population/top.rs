//! Who is in a top, with ties at its border.

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

use rust_decimal::Decimal;

use super::statistics::{Whole, sum};
use crate::expr::Fault;
use crate::expr::column::{Column, Data, Ints};

/// What happens to those who are equal at the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ties {
    /// Everybody equal to the last one.
    Include,
    /// Nobody equal to the first one outside.
    Exclude,
    /// Exactly as many as wanted: after the ranks the smaller customer id.
    Break,
}

/// What ranks among equals.
pub(super) struct Ranks<'a> {
    pub ties: Ties,
    pub ranked: bool,
    /// The columns that rank after the measure, larger first, of the customers in the mask.
    pub columns: RankColumns<'a>,
}

impl<'a> Ranks<'a> {
    /// The columns that rank these rows; none where there is nobody to rank.
    pub(super) fn of(&self, rows: &[usize], len: usize) -> Vec<Cow<'a, Column>> {
        if rows.is_empty() || !self.ranked {
            return Vec::new();
        }
        let mut active = vec![false; len];
        rows.iter().for_each(|&row| active[row] = true);
        (self.columns)(&active)
    }
}

type RankColumns<'a> = Box<dyn Fn(&[bool]) -> Vec<Cow<'a, Column>> + 'a>;

/// A flag per customer: whether they are among the `wanted` largest. `counted` holds the measured
/// values of the population in any order.
pub(super) fn members<T: Whole>(
    column: &Column,
    values: &[T],
    counted: &mut [T],
    mask: &[bool],
    wanted: usize,
    ranks: &Ranks<'_>,
) -> Vec<bool> {
    if wanted == 0 || counted.is_empty() {
        return vec![false; mask.len()];
    }
    let last = wanted.min(counted.len());
    let (_, border, _) = counted.select_nth_unstable_by(last - 1, |a, b| b.cmp(a));
    let border = *border;
    let (mut above, mut equal) = (0, 0);
    for value in counted.iter() {
        above += usize::from(*value > border);
        equal += usize::from(*value == border);
    }
    let places = last - above;
    let measured = |row: usize| measured(column, mask, row);
    let mut holds: Vec<bool> =
        (0..mask.len()).map(|row| values[row] > border && measured(row)).collect();
    let ties = (0..mask.len()).filter(|&row| values[row] == border && measured(row));
    let all = equal == places || (!ranks.ranked && ranks.ties == Ties::Include);
    let admitted: Vec<usize> = match ranks.ties {
        _ if all => ties.collect(),
        Ties::Exclude if !ranks.ranked => Vec::new(),
        Ties::Break if !ranks.ranked => ties.take(places).collect(),
        _ => ranked(ties.collect(), places, mask.len(), ranks),
    };
    admitted.into_iter().for_each(|row| holds[row] = true);
    holds
}

/// Whether a customer counts and has a measure.
pub(super) fn measured(column: &Column, mask: &[bool], row: usize) -> bool {
    mask[row] && column.is_known(row) && column.fault(row).is_none()
}

/// Those of the ties who get one of the places (fewer than ties), by the columns that rank them.
fn ranked(mut ties: Vec<usize>, places: usize, rows: usize, ranks: &Ranks<'_>) -> Vec<usize> {
    let columns = ranks.of(&ties, rows);
    let by_rank = |a: &usize, b: &usize| {
        let orders = columns.iter().map(|column| rank(column, *b).cmp(&rank(column, *a)));
        orders.fold(Ordering::Equal, Ordering::then)
    };
    ties.sort_unstable_by(|a, b| by_rank(a, b).then(a.cmp(b)));
    let (last, next) = (ties[places - 1], ties[places]);
    let end = match ranks.ties {
        Ties::Break => places,
        Ties::Include => ties.partition_point(|row| by_rank(row, &last).is_le()),
        Ties::Exclude => ties.partition_point(|row| by_rank(row, &next).is_lt()),
    };
    ties.truncate(end);
    ties
}

/// The rank of a row in a column; without a value below everybody.
pub(super) fn rank(column: &Column, row: usize) -> Option<i128> {
    if !column.is_known(row) || column.fault(row).is_some() {
        return None;
    }
    Some(match &column.data {
        Data::Number { values: Ints::Narrow(values), .. } => values[row].into(),
        Data::Number { values: Ints::Wide(values), .. } => values[row],
        Data::Flag(values) => values[row].into(),
        Data::Date(values) => values[row].into(),
        // Texts do not rank: `check` refuses them.
        Data::Text { .. } => return None,
    })
}

/// How many of the largest together make `percent` of the total, at least. Nobody where the
/// total is not positive.
pub(super) fn makes_percent<T: Whole>(values: &mut [T], percent: Decimal) -> Result<usize, Fault> {
    let percent = percent.normalize();
    let hundred = 100 * 10_i128.pow(percent.scale());
    let total = sum(values)?;
    let target = total.checked_mul(percent.mantissa()).ok_or(Fault::Overflow)?;
    if total <= 0 || target <= 0 {
        return Ok(0);
    }
    // The smallest whole sum that is enough.
    let target = target.div_euclid(hundred) + i128::from(target.rem_euclid(hundred) > 0);
    // Halving what is undecided: `start` of them are not enough, `end` are.
    let (mut start, mut end, mut reached) = (0, values.len(), 0_i128);
    while end - start > 1 {
        let middle = (end - start) / 2;
        let open = &mut values[start..end];
        open.select_nth_unstable_by_key(middle - 1, |value| Reverse(*value));
        let enough = {
            let upper = sum(&open[..middle])?;
            let with_upper = reached.checked_add(upper).ok_or(Fault::Overflow)?;
            if with_upper < target {
                reached = with_upper;
            }
            with_upper >= target
        };
        if enough {
            end = start + middle;
        } else {
            start += middle;
        }
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn top(values: &[i64], wanted: usize, ties: Ties, then: &[&[i64]]) -> Vec<usize> {
        let column = Column::narrow(0, values.to_vec());
        let mask = vec![true; values.len()];
        let then: Vec<Column> = then.iter().map(|rank| Column::narrow(0, rank.to_vec())).collect();
        let ranks = Ranks {
            ties,
            ranked: !then.is_empty(),
            columns: Box::new(|_| then.iter().map(Cow::Borrowed).collect()),
        };
        let holds = members(&column, values, &mut values.to_vec(), &mask, wanted, &ranks);
        (0..values.len()).filter(|&row| holds[row]).collect()
    }

    #[test]
    fn ties_without_ranks() {
        let spend = [50, 70, 70, 90, 70];
        assert_eq!(top(&spend, 2, Ties::Include, &[]), [1, 2, 3, 4]);
        assert_eq!(top(&spend, 2, Ties::Exclude, &[]), [3]);
        assert_eq!(top(&spend, 2, Ties::Break, &[]), [1, 3]);
        // The border falls between two values: no ties to decide.
        for border in [Ties::Include, Ties::Exclude, Ties::Break] {
            assert_eq!(top(&spend, 4, border, &[]), [1, 2, 3, 4]);
            assert_eq!(top(&spend, 9, border, &[]), [0, 1, 2, 3, 4]);
            assert!(top(&spend, 0, border, &[]).is_empty());
            assert!(top(&[], 3, border, &[]).is_empty());
        }
    }

    #[test]
    fn ties_with_ranks() {
        let spend = [50, 70, 70, 90, 70];
        let orders: &[i64] = &[9, 1, 3, 1, 3];
        assert_eq!(top(&spend, 2, Ties::Include, &[orders]), [2, 3, 4]);
        assert_eq!(top(&spend, 2, Ties::Exclude, &[orders]), [3]);
        assert_eq!(top(&spend, 3, Ties::Exclude, &[orders]), [2, 3, 4]);
        assert_eq!(top(&spend, 2, Ties::Break, &[orders]), [2, 3]);
        let age: &[i64] = &[0, 0, 5, 0, 6];
        assert_eq!(top(&spend, 2, Ties::Include, &[orders, age]), [3, 4]);
    }

    #[test]
    fn the_smallest_top_that_makes_a_percent() {
        let makes = |values: &[i64], percent: i64| {
            makes_percent(&mut values.to_vec(), Decimal::from(percent))
        };
        // 100 in all: 50 + 30 makes exactly 80.
        assert_eq!(makes(&[10, 30, 50, 10], 80), Ok(2));
        assert_eq!(makes(&[10, 30, 50, 10], 81), Ok(3));
        assert_eq!(makes(&[10, 30, 50, 10], 100), Ok(4));
        assert_eq!(makes(&[10, 30, 50, 10], 1), Ok(1));
        assert_eq!(makes(&[10, 30, 50, 10], 0), Ok(0));
        // Losses make the total smaller: 60 of 60 is there with the first.
        assert_eq!(makes(&[60, 40, -40], 100), Ok(1));
        assert_eq!(makes(&[-5, -1], 50), Ok(0));
        assert_eq!(makes(&[], 50), Ok(0));
    }
}
