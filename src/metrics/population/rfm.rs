//! RFM scores, fair to ties (`docs/language.md` §5).

use std::cmp::Ordering;

use super::cutoff::{Members, measured_values};
use super::statistics::Whole;
use crate::expr::column::{Column, Data, Ints};

/// Where the scores of one part change, taken over a population.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScoreBorders {
    /// Whole numbers of the measure's scale, the worst first: a score is 1 and one more for each
    /// border that is strictly worse.
    borders: Vec<i128>,
    larger_is_worse: bool,
}

impl ScoreBorders {
    /// For scores of 1 to `bins` by a measure: 1 + ⌊p × bins⌋, at most `bins`, with p the part of
    /// the population that is strictly worse. Those without a measure do not count; over an empty
    /// population there is no border.
    pub fn of(
        measure: &Column,
        population: Members<'_>,
        bins: u32,
        larger_is_worse: bool,
    ) -> ScoreBorders {
        let borders = match &measure.data {
            Data::Number { values: Ints::Narrow(values), .. } => {
                borders(measured_values(measure, values, population.mask), bins, larger_is_worse)
            }
            Data::Number { values: Ints::Wide(values), .. } => {
                borders(measured_values(measure, values, population.mask), bins, larger_is_worse)
            }
            _ => Vec::new(),
        };
        ScoreBorders { borders, larger_is_worse }
    }

    /// Scores everybody, those outside of the population too. Those without a measure have the
    /// measure's fault, or no score.
    pub fn scores(&self, measure: &Column) -> Column {
        let scores = match &measure.data {
            Data::Number { values: Ints::Narrow(values), .. } => {
                let narrow: Result<Vec<i64>, _> =
                    self.borders.iter().map(|&border| border.try_into()).collect();
                match narrow {
                    Ok(borders) => self.passed(values.iter().copied(), &borders),
                    Err(_) => self.passed(values.iter().map(|&it| it.into()), &self.borders),
                }
            }
            Data::Number { values: Ints::Wide(values), .. } => {
                self.passed(values.iter().copied(), &self.borders)
            }
            _ => vec![0; measure.len()],
        };
        Column {
            data: Data::Number { scale: 0, values: Ints::Narrow(scores) },
            known: measure.known.clone(),
            faults: measure.faults.clone(),
        }
    }

    fn passed<T: Whole>(&self, values: impl Iterator<Item = T>, borders: &[T]) -> Vec<i64> {
        let is_worse = |a: &T, b: &T| worse_first(self.larger_is_worse, a, b).is_lt();
        let passed = |value: T| {
            if borders.len() <= 16 {
                borders.iter().filter(|border| is_worse(border, &value)).count()
            } else {
                borders.partition_point(|border| is_worse(border, &value))
            }
        };
        values.map(|value| 1 + passed(value) as i64).collect()
    }
}

fn worse_first<T: Ord>(larger_is_worse: bool, a: &T, b: &T) -> Ordering {
    if larger_is_worse { b.cmp(a) } else { a.cmp(b) }
}

fn borders<T: Whole>(mut counted: Vec<T>, bins: u32, larger_is_worse: bool) -> Vec<i128> {
    // A score is above b where at least w = ⌈N × b / bins⌉ are strictly worse, which is where the
    // w-th worst is: so a score is a count of borders passed.
    let count = counted.len();
    let mut borders = Vec::with_capacity(bins as usize);
    let mut done = 0;
    for bin in 1..bins as usize {
        let Some(rank) = (count * bin).div_ceil(bins as usize).checked_sub(1) else { break };
        if rank >= done {
            let order = |a: &T, b: &T| worse_first(larger_is_worse, a, b);
            counted[done..].select_nth_unstable_by(rank - done, order);
            done = rank + 1;
        }
        borders.push(counted[rank].into());
    }
    borders
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
        let borders = ScoreBorders::of(&measure, Members { mask, count }, bins, larger_is_worse);
        let column = borders.scores(&measure);
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
    fn others_are_scored_by_the_same_borders() {
        let population = Column::narrow(0, vec![1, 2, 3, 4]);
        let everybody = Members { mask: &[true; 4], count: 4 };
        let up = ScoreBorders::of(&population, everybody, 4, false);
        let down = ScoreBorders::of(&population, everybody, 4, true);
        let scored = |borders: &ScoreBorders, values: Ints| {
            let column = borders.scores(&Column::new(Data::Number { scale: 0, values }));
            let Data::Number { values: Ints::Narrow(scores), .. } = column.data else { panic!() };
            scores
        };
        assert_eq!(scored(&up, Ints::Narrow(vec![4, 0, 2])), [4, 1, 2]);
        assert_eq!(scored(&down, Ints::Narrow(vec![4, 0, 2])), [1, 4, 3]);
        assert_eq!(scored(&up, Ints::Wide(vec![1 << 100, 3])), [4, 3]);
        // Borders that 64 bits do not hold, and values that they do.
        let wide = Column::new(Data::Number { scale: 0, values: Ints::Wide(vec![1 << 70, 5]) });
        let two = Members { mask: &[true; 2], count: 2 };
        let wide = ScoreBorders::of(&wide, two, 3, true);
        assert_eq!(scored(&wide, Ints::Narrow(vec![5, 4, 6])), [2, 3, 2]);
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
