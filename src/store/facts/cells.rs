use std::sync::Arc;

use rusqlite::types::ValueRef;

use super::clock::{Clock, whole};
use super::number::{Cell, NumberReader};
use super::unreadable::Unreadable;
use crate::expr::Fault;
use crate::expr::column::{Column, Data, Dictionary, Ints};
use crate::program::ColumnKind;

const NO_FLAG: Unreadable = Unreadable("neither 0 nor 1");
const NO_TEXT: Unreadable = Unreadable("which is no text");
const NOT_UTF8: Unreadable = Unreadable("text that is not UTF-8");

/// A stored column in the making: cells go in, a [`Column`] comes out.
#[derive(Debug)]
pub(super) struct Cells {
    values: CellValues,
    /// Rows without a value.
    nulls: Vec<u32>,
    /// Rows with a number beyond what a decimal holds: a fault of that customer.
    too_large: Vec<u32>,
}

#[derive(Debug)]
enum CellValues {
    /// `wide`: rows that do not fit 64 bits; `values` has 0 there.
    Number {
        reader: NumberReader,
        scale: u8,
        values: Vec<i64>,
        wide: Vec<(u32, i128)>,
    },
    Flag(Vec<bool>),
    Date {
        clock: Box<Clock>,
        days: Vec<i32>,
    },
    Text {
        codes: Vec<u32>,
        dictionary: Arc<Dictionary>,
    },
}

impl Cells {
    pub(super) fn new(kind: ColumnKind, minor: bool, money_decimals: u8, clock: &Clock) -> Self {
        let scale = kind.scale(money_decimals);
        let values = match kind {
            ColumnKind::Money | ColumnKind::Number | ColumnKind::Count => CellValues::Number {
                reader: NumberReader::new(scale, minor),
                scale,
                values: Vec::new(),
                wide: Vec::new(),
            },
            ColumnKind::Flag => CellValues::Flag(Vec::new()),
            ColumnKind::Date => {
                CellValues::Date { clock: Box::new(clock.clone()), days: Vec::new() }
            }
            ColumnKind::Text => CellValues::Text { codes: Vec::new(), dictionary: Arc::default() },
        };
        Self { values, nulls: Vec::new(), too_large: Vec::new() }
    }

    fn len(&self) -> usize {
        match &self.values {
            CellValues::Number { values, .. } => values.len(),
            CellValues::Flag(values) => values.len(),
            CellValues::Date { days, .. } => days.len(),
            CellValues::Text { codes, .. } => codes.len(),
        }
    }

    /// Adds a row. After an error nothing is added.
    #[inline]
    pub(super) fn push(&mut self, value: ValueRef<'_>) -> Result<(), Unreadable> {
        if let CellValues::Number { reader, values, .. } = &mut self.values
            && let Cell::Narrow(number) = reader.read(value)?
        {
            values.push(number);
            return Ok(());
        }
        self.push_other(value)
    }

    fn push_other(&mut self, value: ValueRef<'_>) -> Result<(), Unreadable> {
        let row = self.len() as u32;
        if matches!(value, ValueRef::Null) {
            self.nulls.push(row);
        }
        match &mut self.values {
            CellValues::Number { reader, values, wide, .. } => {
                let cell = reader.read(value)?;
                match cell {
                    Cell::Wide(number) => wide.push((row, number)),
                    Cell::TooLarge => self.too_large.push(row),
                    Cell::Null | Cell::Narrow(_) => {}
                }
                values.push(if let Cell::Narrow(number) = cell { number } else { 0 });
            }
            CellValues::Flag(values) => values.push(match value {
                ValueRef::Null => false,
                value => flag(value)?,
            }),
            CellValues::Date { clock, days } => days.push(match value {
                ValueRef::Null => 0,
                value => clock.read(value)?.day,
            }),
            CellValues::Text { codes, dictionary } => codes.push(match value {
                ValueRef::Null => 0,
                value => text_code(dictionary, value)?,
            }),
        }
        Ok(())
    }

    /// Takes back rows beyond so many: those of a row of which a later column is unreadable.
    pub(super) fn truncate(&mut self, rows: usize) {
        match &mut self.values {
            CellValues::Number { values, wide, .. } => {
                values.truncate(rows);
                wide.retain(|(row, _)| (*row as usize) < rows);
            }
            CellValues::Flag(values) => values.truncate(rows),
            CellValues::Date { days, .. } => days.truncate(rows),
            CellValues::Text { codes, .. } => codes.truncate(rows),
        }
        self.nulls.retain(|row| (*row as usize) < rows);
        self.too_large.retain(|row| (*row as usize) < rows);
    }

    /// The column of the rows so far; the next rows begin another. Text columns that come from
    /// the same cells share one growing dictionary: drop a column before more rows come.
    pub(super) fn take(&mut self) -> Column {
        let rows = self.len();
        let marked = |marks: &[u32], mark, other| {
            let mut all = vec![other; rows];
            for &row in marks {
                all[row as usize] = mark;
            }
            all
        };
        let known = (!self.nulls.is_empty()).then(|| {
            self.nulls.iter().fold(vec![true; rows], |mut known, &row| {
                known[row as usize] = false;
                known
            })
        });
        let faults =
            (!self.too_large.is_empty()).then(|| marked(&self.too_large, Fault::Overflow as u8, 0));
        self.nulls.clear();
        self.too_large.clear();
        let data = match &mut self.values {
            CellValues::Number { scale, values, wide, .. } => {
                let narrow = emptied(values);
                let values = if wide.is_empty() {
                    Ints::Narrow(narrow)
                } else {
                    let mut all: Vec<i128> = narrow.into_iter().map(i128::from).collect();
                    wide.drain(..).for_each(|(row, number)| all[row as usize] = number);
                    Ints::Wide(all)
                };
                Data::Number { scale: *scale, values }
            }
            CellValues::Flag(values) => Data::Flag(emptied(values)),
            CellValues::Date { days, .. } => Data::Date(emptied(days)),
            CellValues::Text { codes, dictionary } => {
                if dictionary.is_empty() {
                    // Code 0 stands where nothing is known, so it needs a text.
                    Arc::make_mut(dictionary).intern("");
                }
                Data::Text { codes: emptied(codes), dictionary: dictionary.clone() }
            }
        };
        Column { data, known, faults }
    }
    /// The texts so far, of a text column.
    pub(super) fn dictionary(&self) -> Option<&Arc<Dictionary>> {
        match &self.values {
            CellValues::Text { dictionary, .. } => Some(dictionary),
            _ => None,
        }
    }
}

/// The vector, with another of the same capacity in its place.
fn emptied<T>(vector: &mut Vec<T>) -> Vec<T> {
    let capacity = vector.capacity();
    std::mem::replace(vector, Vec::with_capacity(capacity))
}

fn flag(value: ValueRef<'_>) -> Result<bool, Unreadable> {
    let number = match value {
        ValueRef::Integer(number) => Some(number),
        ValueRef::Real(number) => whole(number),
        ValueRef::Text(b"0") => Some(0),
        ValueRef::Text(b"1") => Some(1),
        _ => None,
    };
    match number {
        Some(0) => Ok(false),
        Some(1) => Ok(true),
        _ => Err(NO_FLAG),
    }
}

fn text_code(dictionary: &mut Arc<Dictionary>, value: ValueRef<'_>) -> Result<u32, Unreadable> {
    let written;
    let text = match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| NOT_UTF8)?,
        ValueRef::Integer(number) => {
            written = number.to_string();
            &written
        }
        ValueRef::Real(number) if number.is_finite() => {
            written = number.to_string();
            &written
        }
        _ => return Err(NO_TEXT),
    };
    match dictionary.code(text) {
        Some(code) => Ok(code),
        None => Ok(Arc::make_mut(dictionary).intern(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::AtUnit;
    use jiff::tz::TimeZone;

    fn cells(kind: ColumnKind) -> Cells {
        Cells::new(kind, false, 2, &Clock::new(TimeZone::UTC, AtUnit::Seconds))
    }

    #[test]
    fn numbers_widen_where_they_must_and_fault_where_they_cannot() {
        let mut cells = cells(ColumnKind::Money);
        for value in
            [ValueRef::Integer(5), ValueRef::Null, ValueRef::Real(1e20), ValueRef::Real(1e200)]
        {
            cells.push(value).unwrap();
        }
        assert!(cells.push(ValueRef::Text(b"five")).is_err());
        let column = cells.take();
        let values = Ints::Wide(vec![500, 0, 10_i128.pow(22), 0]);
        assert_eq!(column.data, Data::Number { scale: 2, values });
        assert_eq!(column.known, Some(vec![true, false, true, true]));
        assert_eq!(column.faults, Some(vec![0, 0, 0, Fault::Overflow as u8]));
        cells.push(ValueRef::Integer(1)).unwrap();
        assert_eq!(cells.take(), Column::narrow(2, vec![100]));
    }

    #[test]
    fn flags_dates_and_texts() {
        let mut flags = cells(ColumnKind::Flag);
        flags.push(ValueRef::Integer(1)).unwrap();
        flags.push(ValueRef::Text(b"0")).unwrap();
        assert_eq!(flags.push(ValueRef::Integer(2)), Err(NO_FLAG));
        assert_eq!(flags.push(ValueRef::Text(b"true")), Err(NO_FLAG));
        assert_eq!(flags.take().data, Data::Flag(vec![true, false]));

        let mut dates = cells(ColumnKind::Date);
        dates.push(ValueRef::Text(b"1970-01-03")).unwrap();
        dates.push(ValueRef::Integer(86_400)).unwrap();
        assert!(dates.push(ValueRef::Text(b"1970-02-30")).is_err());
        assert_eq!(dates.take().data, Data::Date(vec![2, 1]));

        let mut texts = cells(ColumnKind::Text);
        for value in [ValueRef::Text(b"b"), ValueRef::Integer(7), ValueRef::Text(b"b")] {
            texts.push(value).unwrap();
        }
        assert_eq!(texts.push(ValueRef::Text(b"\xff")), Err(NOT_UTF8));
        assert_eq!(texts.push(ValueRef::Blob(b"b")), Err(NO_TEXT));
        let Data::Text { codes, dictionary } = texts.take().data else { panic!("no text") };
        let read: Vec<_> = codes.iter().map(|&code| dictionary.text(code).as_ref()).collect();
        assert_eq!(read, ["b", "7", "b"]);
    }

    #[test]
    fn a_row_can_be_taken_back() {
        let mut cells = cells(ColumnKind::Count);
        cells.push(ValueRef::Integer(1)).unwrap();
        cells.push(ValueRef::Null).unwrap();
        cells.truncate(1);
        assert_eq!(cells.take(), Column::narrow(0, vec![1]));
    }
}
