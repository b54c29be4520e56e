//! Rows of two tables with the same keys become one table; so do their columns.

use std::ops::Range;
use std::sync::Arc;

use super::append::recoded;
use super::column::{Column, Data, Ints};

/// How the rows of a table and of one that goes over it become those of both, in the order of
/// their keys. A key that both have has its row from the one that goes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    runs: Vec<Run>,
    len: usize,
    /// Rows of each table.
    below: usize,
    over: usize,
}

/// Rows that come after one another from the same table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    from: Table,
    rows: Range<usize>,
}

/// Where a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Below,
    Over,
}

impl Merge {
    /// Both lists are sorted, and have each key once.
    pub fn of<K: Ord>(below: &[K], over: &[K]) -> Merge {
        let mut merge = Merge { runs: Vec::new(), len: 0, below: below.len(), over: over.len() };
        let mut next = 0;
        for (row, key) in over.iter().enumerate() {
            let end = next + below[next..].partition_point(|other| other < key);
            merge.push(Table::Below, next..end);
            merge.push(Table::Over, row..row + 1);
            next = end + usize::from(below.get(end) == Some(key));
        }
        merge.push(Table::Below, next..below.len());
        merge
    }

    fn push(&mut self, from: Table, rows: Range<usize>) {
        self.len += rows.len();
        match self.runs.last_mut() {
            Some(run) if run.from == from && run.rows.end == rows.start => run.rows.end = rows.end,
            _ if rows.is_empty() => {}
            _ => self.runs.push(Run { from, rows }),
        }
    }

    /// Rows of both.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Values of both, row by row.
    pub fn values<T: Clone>(&self, below: &[T], over: &[T]) -> Vec<T> {
        let mut values = Vec::with_capacity(self.len);
        for Run { from, rows } in &self.runs {
            let source = match from {
                Table::Below => below,
                Table::Over => over,
            };
            values.extend_from_slice(&source[rows.clone()]);
        }
        values
    }

    /// The same where a table without values has the usual one in every row; empty where neither
    /// has any.
    pub fn values_or<T: Clone>(&self, below: &[T], over: &[T], usual: &T) -> Vec<T> {
        if below.is_empty() && over.is_empty() {
            return Vec::new();
        }
        let filled = |values: &[T], rows: usize| match values.is_empty() {
            true => vec![usual.clone(); rows],
            false => values.to_vec(),
        };
        match (below.is_empty(), over.is_empty()) {
            (false, false) => self.values(below, over),
            _ => self.values(&filled(below, self.below), &filled(over, self.over)),
        }
    }

    /// By row of a table: its row in both; `None` where the other's is there.
    pub fn places(&self, of: Table) -> Vec<Option<usize>> {
        let rows = match of {
            Table::Below => self.below,
            Table::Over => self.over,
        };
        let mut places = vec![None; rows];
        let mut at = 0;
        for Run { from, rows } in &self.runs {
            if *from == of {
                rows.clone().enumerate().for_each(|(n, row)| places[row] = Some(at + n));
            }
            at += rows.len();
        }
        places
    }

    fn marks<T: Copy>(&self, below: Option<&[T]>, over: Option<&[T]>, usual: T) -> Option<Vec<T>> {
        if below.is_none() && over.is_none() {
            return None;
        }
        Some(match (below, over) {
            (Some(below), Some(over)) => self.values(below, over),
            (Some(below), None) => self.values(below, &vec![usual; self.over]),
            (None, over) => self.values(&vec![usual; self.below], over.unwrap_or_default()),
        })
    }
}

impl Column {
    /// Some rows, in this order.
    pub fn rows(&self, rows: &[u32]) -> Column {
        let mut some = self.empty_like();
        some.append(self, rows);
        some
    }

    /// Its rows and those of a column of the same kind that goes over it; numbers have the same
    /// scale, and texts are the same whatever their dictionaries.
    pub fn merged(&self, over: &Column, merge: &Merge) -> Column {
        let data = match (&self.data, &over.data) {
            (Data::Number { scale, values: below }, Data::Number { values: over, .. }) => {
                Data::Number { scale: *scale, values: merged_numbers(below, over, merge) }
            }
            (Data::Flag(below), Data::Flag(over)) => Data::Flag(merge.values(below, over)),
            (Data::Date(below), Data::Date(over)) => Data::Date(merge.values(below, over)),
            (
                Data::Text { codes: below, dictionary: ours },
                Data::Text { codes: over, dictionary: theirs },
            ) => {
                let mut dictionary = Arc::clone(ours);
                let codes = if Arc::ptr_eq(ours, theirs) {
                    merge.values(below, over)
                } else {
                    let over = over.iter().map(|&code| recoded(&mut dictionary, theirs, code));
                    merge.values(below, &over.collect::<Vec<_>>())
                };
                Data::Text { codes, dictionary }
            }
            (below, over) => panic!("a column of {over:?} cannot go over one of {below:?}"),
        };
        Column {
            data,
            known: merge.marks(self.known.as_deref(), over.known.as_deref(), true),
            faults: merge.marks(self.faults.as_deref(), over.faults.as_deref(), 0),
        }
    }
}

fn merged_numbers(below: &Ints, over: &Ints, merge: &Merge) -> Ints {
    let wide = |ints: &Ints| match ints {
        Ints::Narrow(values) => values.iter().map(|&value| value.into()).collect(),
        Ints::Wide(values) => values.clone(),
    };
    match (below, over) {
        (Ints::Narrow(below), Ints::Narrow(over)) => Ints::Narrow(merge.values(below, over)),
        _ => Ints::Wide(merge.values(&wide(below), &wide(over))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::column::Dictionary;

    fn merge() -> Merge {
        Merge::of(&[2, 4, 6, 8], &[1, 4, 5, 9])
    }

    #[test]
    fn rows_of_the_table_that_goes_over_win() {
        let merged = merge().values(&["2", "4", "6", "8"], &["one", "four", "five", "nine"]);
        assert_eq!(merged, ["one", "2", "four", "five", "6", "8", "nine"]);
        assert_eq!(merge().len(), 7);
        assert_eq!(merge().places(Table::Below), [Some(1), None, Some(4), Some(5)]);
        assert_eq!(merge().places(Table::Over), [Some(0), Some(2), Some(3), Some(6)]);
        let (none, some): (&[i32], &[i32]) = (&[], &[3, 5]);
        assert_eq!(Merge::of(none, some).values(none, some), some);
        assert_eq!(Merge::of(some, none).values(some, none), some);
        assert_eq!(Merge::of(some, some).values(&[0, 0], some), some);
        assert!(Merge::of(none, none).is_empty());
    }

    #[test]
    fn a_table_without_values_has_the_usual_one() {
        let merge = merge();
        assert_eq!(merge.values_or(&[], &[7, 7, 7, 7], &0), [7, 0, 7, 7, 0, 0, 7]);
        assert_eq!(merge.values_or(&[7, 7, 7, 7], &[], &0), [0, 7, 0, 0, 7, 7, 0]);
        assert!(merge.values_or(&[], &[], &0).is_empty());
    }

    #[test]
    fn columns_keep_their_marks_and_widen() {
        let below =
            Column { faults: Some(vec![0, 0, 3, 0]), ..Column::narrow(2, vec![2, 4, 0, 8]) };
        let over =
            Column::new(Data::Number { scale: 2, values: Ints::Wide(vec![1, 0, 5, 1 << 90]) });
        let over = Column { known: Some(vec![true, false, true, true]), ..over };
        let merged = below.merged(&over, &merge());
        let values = Ints::Wide(vec![1, 2, 0, 5, 0, 8, 1 << 90]);
        assert_eq!(merged.data, Data::Number { scale: 2, values });
        assert_eq!(merged.known, Some(vec![true, true, false, true, true, true, true]));
        assert_eq!(merged.faults, Some(vec![0, 0, 0, 0, 3, 0, 0]));
        assert_eq!(below.rows(&[2, 0]).faults, Some(vec![3, 0]));
        assert_eq!(below.rows(&[]), Column { faults: Some(vec![]), ..Column::narrow(2, vec![]) });
    }

    #[test]
    fn texts_of_two_dictionaries_are_the_same_texts() {
        let texts = |words: &[&str]| {
            let mut dictionary = Dictionary::default();
            let codes = words.iter().map(|word| dictionary.intern(word)).collect();
            Column::new(Data::Text { codes, dictionary: Arc::new(dictionary) })
        };
        let read = |column: &Column| {
            let Data::Text { codes, dictionary } = &column.data else { panic!("no texts") };
            let texts: Vec<String> =
                codes.iter().map(|&code| dictionary.text(code).to_string()).collect();
            texts
        };
        let below = texts(&["b", "d", "f", "h"]);
        let over = texts(&["a", "h", "e", "b"]);
        assert_eq!(read(&below.merged(&over, &merge())), ["a", "b", "h", "e", "f", "h", "b"]);
        // Nothing known, and a dictionary of nothing.
        let unknown = Column {
            known: Some(vec![false; 4]),
            ..Column::new(Data::Text { codes: vec![0; 4], dictionary: Arc::default() })
        };
        let merged = below.merged(&unknown, &merge());
        assert_eq!(merged.known, Some(vec![false, true, false, false, true, true, false]));
        // Of one dictionary nothing is copied.
        let same = below.merged(&below.rows(&[3, 2, 1, 0]), &merge());
        assert_eq!(read(&same), ["h", "b", "f", "d", "f", "h", "b"]);
        let (Data::Text { dictionary: ours, .. }, Data::Text { dictionary, .. }) =
            (&below.data, &same.data)
        else {
            panic!("texts")
        };
        assert!(Arc::ptr_eq(ours, dictionary));
    }
}
