//! Columns and truths that grow by rows of others.

use std::sync::Arc;

use super::column::{Column, Data, Dictionary, Ints};
use super::inputs::Truth;

impl Column {
    /// A column without rows, of the same kind.
    pub fn empty_like(&self) -> Column {
        Column::new(match &self.data {
            Data::Number { scale, .. } => {
                Data::Number { scale: *scale, values: Ints::Narrow(Vec::new()) }
            }
            Data::Flag(_) => Data::Flag(Vec::new()),
            Data::Date(_) => Data::Date(Vec::new()),
            Data::Text { dictionary, .. } => {
                Data::Text { codes: Vec::new(), dictionary: dictionary.clone() }
            }
        })
    }

    /// Appends rows of a column of the same kind; numbers have the same scale.
    pub fn append(&mut self, from: &Column, rows: &[u32]) {
        let before = self.len();
        append_marks(&mut self.known, before, from.known.as_deref(), rows, true);
        append_marks(&mut self.faults, before, from.faults.as_deref(), rows, 0);
        match (&mut self.data, &from.data) {
            (Data::Number { values: to, .. }, Data::Number { values: from, .. }) => {
                append_numbers(to, from, rows);
            }
            (Data::Flag(to), Data::Flag(from)) => append_values(to, from, rows),
            (Data::Date(to), Data::Date(from)) => append_values(to, from, rows),
            (
                Data::Text { codes: to, dictionary: ours },
                Data::Text { codes: from, dictionary: theirs },
            ) => {
                if Arc::ptr_eq(ours, theirs) {
                    append_values(to, from, rows);
                } else {
                    append_texts((to, ours), (from, theirs), rows);
                }
            }
            (to, from) => panic!("a column of {from:?} cannot be appended to one of {to:?}"),
        }
    }
}

impl Truth {
    /// Appends rows of another.
    pub fn append(&mut self, from: &Truth, rows: &[u32]) {
        append_marks(&mut self.faults, self.holds.len(), from.faults.as_deref(), rows, 0);
        append_values(&mut self.holds, &from.holds, rows);
    }
}

fn append_values<T: Copy>(to: &mut Vec<T>, from: &[T], rows: &[u32]) {
    to.extend(rows.iter().map(|&row| from[row as usize]));
}

/// `usual` is what a column without marks means.
fn append_marks<T: Copy>(
    to: &mut Option<Vec<T>>,
    before: usize,
    from: Option<&[T]>,
    rows: &[u32],
    usual: T,
) {
    if to.is_none() && from.is_none() {
        return;
    }
    let to = to.get_or_insert_with(|| vec![usual; before]);
    match from {
        Some(from) => append_values(to, from, rows),
        None => to.resize(before + rows.len(), usual),
    }
}

fn append_numbers(to: &mut Ints, from: &Ints, rows: &[u32]) {
    if let (Ints::Narrow(values), Ints::Wide(_)) = (&*to, from) {
        *to = Ints::Wide(values.iter().map(|&value| value.into()).collect());
    }
    match (to, from) {
        (Ints::Narrow(to), Ints::Narrow(from)) => append_values(to, from, rows),
        (Ints::Wide(to), Ints::Wide(from)) => append_values(to, from, rows),
        (Ints::Wide(to), Ints::Narrow(from)) => {
            to.extend(rows.iter().map(|&row| i128::from(from[row as usize])));
        }
        (Ints::Narrow(_), Ints::Wide(_)) => unreachable!("it was widened"),
    }
}

/// Codes of one dictionary become those of another, which grows. Rows without a text may have
/// a code that stands for nothing.
fn append_texts(
    (to, ours): (&mut Vec<u32>, &mut Arc<Dictionary>),
    (from, theirs): (&[u32], &Dictionary),
    rows: &[u32],
) {
    to.extend(rows.iter().map(|&row| recoded(ours, theirs, from[row as usize])));
}

/// The code of another dictionary's text in ours, which grows by texts that it lacks.
pub(super) fn recoded(ours: &mut Arc<Dictionary>, theirs: &Dictionary, code: u32) -> u32 {
    if code as usize >= theirs.len() {
        return 0;
    }
    let text = theirs.text(code);
    match ours.code(text) {
        Some(code) => code,
        None => Arc::make_mut(ours).intern(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &[&str]) -> Column {
        let mut dictionary = Dictionary::default();
        let codes = words.iter().map(|word| dictionary.intern(word)).collect();
        Column::new(Data::Text { codes, dictionary: Arc::new(dictionary) })
    }

    #[test]
    fn marks_begin_with_the_first_row_that_has_one() {
        let mut column = Column::narrow(2, vec![1]);
        column.append(&Column::narrow(2, vec![2, 3]), &[1]);
        assert_eq!(column, Column::narrow(2, vec![1, 3]));
        let marked = Column {
            known: Some(vec![true, false]),
            faults: Some(vec![4, 0]),
            ..Column::narrow(2, vec![0, 0])
        };
        column.append(&marked, &[1, 0]);
        column.append(&Column::narrow(2, vec![7]), &[0]);
        assert_eq!(column.known, Some(vec![true, true, false, true, true]));
        assert_eq!(column.faults, Some(vec![0, 0, 0, 4, 0]));
    }

    #[test]
    fn numbers_widen_where_they_must() {
        let wide = Column::new(Data::Number { scale: 0, values: Ints::Wide(vec![1 << 100]) });
        let mut column = Column::narrow(0, vec![-1]);
        column.append(&wide, &[0]);
        column.append(&Column::narrow(0, vec![5]), &[0]);
        let values = Ints::Wide(vec![-1, 1 << 100, 5]);
        assert_eq!(column.data, Data::Number { scale: 0, values });
    }

    #[test]
    fn texts_of_another_dictionary_are_the_same_texts() {
        let mut column = texts(&["a", "b"]).empty_like();
        column.append(&texts(&["b", "c", "a"]), &[0, 1, 2]);
        let Data::Text { codes, dictionary } = &column.data else { panic!("no texts") };
        let read: Vec<_> = codes.iter().map(|&code| dictionary.text(code).as_ref()).collect();
        assert_eq!(read, ["b", "c", "a"]);
    }
}
