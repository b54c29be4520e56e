//! RFM scores, fair to ties (`docs/language.md` §5).

use super::cutoff::{Members, measured_values};
use super::statistics::Whole;
use crate::expr::column::{Column, Data, Ints};

/// Scores of 1 to `bins` by a measure: 1 + ⌊p × bins⌋, at most `bins`, with p the part of the
/// population that is strictly worse. Customers outside of it are scored against it; over an
/// empty population everybody scores 1. Those without a measure do not count, and have the
/// measure's fault, or no score.
pub(crate) fn scores(
    measure: &Column,
    population: Members<'_>,
    bins: u32,
    larger_is_worse: bool,
) -> Column {
    let scores = match &measure.data {
        Data::Number { values: Ints::Narrow(values), .. } => {
            by_measure(measure, values, population, bins, larger_is_worse)
        }
        Data::Number { values: Ints::Wide(values), .. } => {
            by_measure(measure, values, population, bins, larger_is_worse)
        }
        _ => vec![0; measure.len()],
    };
    Column {
        data: Data::Number { scale: 0, values: Ints::Narrow(scores) },
        known: measure.known.clone(),
        faults: measure.faults.clone(),
    }
}

fn by_measure<T: Whole>(
    measure: &Column,
    values: &[T],
    population: Members<'_>,
    bins: u32,
    larger_is_worse: bool,
) -> Vec<i64> {
    let mut counted = measured_values(measure, values, population.mask);
    let worse_first = |a: &T, b: &T| if larger_is_worse { b.cmp(a) } else { a.cmp(b) };
    // A score is above b where at least w = ⌈N × b / bins⌉ are strictly worse, which is where the
    // w-th worst is: so a score is a count of borders passed.
    let count = counted.len();
    let mut borders = Vec::with_capacity(bins as usize);
    let mut done = 0;
    for bin in 1..bins as usize {
        let Some(rank) = (count * bin).div_ceil(bins as usize).checked_sub(1) else { break };
        if rank >= done {
            counted[done..].select_nth_unstable_by(rank - done, worse_first);
            done = rank + 1;
        }
        borders.push(counted[rank]);
    }
    values
        .iter()
        .map(|value| {
            let passed = if borders.len() <= 16 {
                borders.iter().filter(|border| worse_first(border, value).is_lt()).count()
            } else {
                borders.partition_point(|border| worse_first(border, value).is_lt())
            };
            1 + passed as i64
        })
        .collect()
}

/// The sum of the three scores.
pub(crate) fn sum(parts: [&Column; 3]) -> Column {
    let rows = parts[0].len();
    let mut scores = vec![0_i64; rows];
    let mut known: Option<Vec<bool>> = None;
    let mut faults: Option<Vec<u8>> = None;
    for part in parts {
        if let Data::Number { values: Ints::Narrow(values), .. } = &part.data {
            scores.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        if let Some(more) = &part.known {
            let known = known.get_or_insert_with(|| vec![true; rows]);
            known.iter_mut().zip(more).for_each(|(known, more)| *known &= more);
        }
        if let Some(more) = &part.faults {
            let faults = faults.get_or_insert_with(|| vec![0; rows]);
            for (fault, more) in faults.iter_mut().zip(more) {
                if *fault == 0 {
                    *fault = *more;
                }
            }
        }
    }
    Column { data: Data::Number { scale: 0, values: Ints::Narrow(scores) }, known, faults }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(values: &[i64], mask: &[bool], bins: u32, larger_is_worse: bool) -> Vec<i64> {
        let count = mask.iter().filter(|counts| **counts).count();
        let measure = Column::narrow(0, values.to_vec());
        let column = scores(&measure, Members { mask, count }, bins, larger_is_worse);
        match column.data {
            Data::Number { values: Ints::Narrow(values), .. } => values,
            _ => panic!("scores are small"),
        }
    }

    #[test]
    fn five_bins() {
        let values: Vec<i64> = (1..=10).collect();
        let everybody = [true; 10];
        assert_eq!(scored(&values, &everybody, 5, false), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(scored(&values, &everybody, 5, true), [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    }

    #[test]
    fn equals_score_alike() {
        // Nobody is strictly worse than the zeros; 6 of 8 are than the 1, 7 of 8 than the 2.
        assert_eq!(
            scored(&[0, 0, 0, 0, 0, 0, 1, 2], &[true; 8], 5, false),
            [1, 1, 1, 1, 1, 1, 4, 5]
        );
    }

    #[test]
    fn outsiders_are_scored_against_the_population() {
        let mask = [true, true, true, true, false, false];
        assert_eq!(scored(&[1, 2, 3, 4, 100, 0], &mask, 4, false), [1, 2, 3, 4, 4, 1]);
        assert_eq!(scored(&[7, 9], &[false, false], 5, false), [1, 1]);
    }

    #[test]
    fn every_score_is_as_defined() {
        let values: Vec<i64> = (0..200).map(|row| (row * row * 31) % 47).collect();
        for bins in [1, 2, 3, 5, 10, 40] {
            let scores = scored(&values, &[true; 200], bins, false);
            for (value, score) in values.iter().zip(scores) {
                let worse = values.iter().filter(|other| *other < value).count() as i64;
                assert_eq!(score, (1 + worse * i64::from(bins) / 200).min(i64::from(bins)));
            }
        }
    }
}
