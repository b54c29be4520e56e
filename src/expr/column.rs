//! Columns: what rows and customers look like to everything that decides.
//!
//! A numeric column is fixed point: whole numbers and one scale. A batch of columns is plain
//! contiguous values, so that it can come from somewhere bigger than SQLite one day.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::value::{Fault, Type};

/// Whole numbers of a fixed-point column: 64 bits where they fit, 128 where they do not.
#[derive(Debug, Clone, PartialEq)]
pub enum Ints {
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

/// The values of a column, one per row. Where a row is not `known` or has a fault, the value
/// is 0, `false` or code 0 and means nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// value = whole number × 10^-scale
    Number {
        scale: u8,
        values: Ints,
    },
    Flag(Vec<bool>),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Codes into the dictionary.
    Text {
        codes: Vec<u32>,
        dictionary: Arc<Dictionary>,
    },
}

/// A column of `len` rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub data: Data,
    /// `None`: every row has a value. Otherwise `false` is NULL.
    pub known: Option<Vec<bool>>,
    /// `None`: no faults. Otherwise a [`Fault`] as byte, 0 for none.
    pub faults: Option<Vec<u8>>,
}

/// The texts of a text column, each once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dictionary {
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Dictionary {
    /// The code of a text, new or known.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        let code = self.texts.len() as u32;
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.codes.insert(text, code);
        code
    }

    pub fn code(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    pub fn text(&self, code: u32) -> &Arc<str> {
        &self.texts[code as usize]
    }

    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// A borrowed run of rows of a column.
#[derive(Debug, Clone, Copy)]
pub struct ColumnRef<'a> {
    pub data: DataRef<'a>,
    pub known: Option<&'a [bool]>,
    pub faults: Option<&'a [u8]>,
}

#[derive(Debug, Clone, Copy)]
pub enum DataRef<'a> {
    Narrow { scale: u8, values: &'a [i64] },
    Wide { scale: u8, values: &'a [i128] },
    Flag(&'a [bool]),
    Date(&'a [i32]),
    Text { codes: &'a [u32], dictionary: &'a Arc<Dictionary> },
}

impl Column {
    pub fn new(data: Data) -> Self {
        Self { data, known: None, faults: None }
    }

    pub fn narrow(scale: u8, values: Vec<i64>) -> Self {
        Self::new(Data::Number { scale, values: Ints::Narrow(values) })
    }

    pub fn len(&self) -> usize {
        match &self.data {
            Data::Number { values: Ints::Narrow(values), .. } => values.len(),
            Data::Number { values: Ints::Wide(values), .. } => values.len(),
            Data::Flag(values) => values.len(),
            Data::Date(values) => values.len(),
            Data::Text { codes, .. } => codes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn ty(&self) -> Type {
        match &self.data {
            Data::Number { .. } => Type::Number,
            Data::Flag(_) => Type::Flag,
            Data::Date(_) => Type::Date,
            Data::Text { .. } => Type::Text,
        }
    }

    /// The rows of a range, without copying.
    pub fn slice(&self, rows: Range<usize>) -> ColumnRef<'_> {
        let data = match &self.data {
            Data::Number { scale, values: Ints::Narrow(values) } => {
                DataRef::Narrow { scale: *scale, values: &values[rows.clone()] }
            }
            Data::Number { scale, values: Ints::Wide(values) } => {
                DataRef::Wide { scale: *scale, values: &values[rows.clone()] }
            }
            Data::Flag(values) => DataRef::Flag(&values[rows.clone()]),
            Data::Date(values) => DataRef::Date(&values[rows.clone()]),
            Data::Text { codes, dictionary } => {
                DataRef::Text { codes: &codes[rows.clone()], dictionary }
            }
        };
        ColumnRef {
            data,
            known: self.known.as_ref().map(|known| &known[rows.clone()]),
            faults: self.faults.as_ref().map(|faults| &faults[rows]),
        }
    }

    /// Gives a row of a numeric column another whole number of its scale; `None` where its values
    /// are no numbers, or too narrow for it.
    pub fn set_number(&mut self, row: usize, value: i128) -> Option<()> {
        match &mut self.data {
            Data::Number { values: Ints::Narrow(values), .. } => {
                values[row] = i64::try_from(value).ok()?;
            }
            Data::Number { values: Ints::Wide(values), .. } => values[row] = value,
            _ => return None,
        }
        if let Some(known) = &mut self.known {
            known[row] = true;
        }
        if let Some(faults) = &mut self.faults {
            faults[row] = 0;
        }
        Some(())
    }

    pub fn fault(&self, row: usize) -> Option<Fault> {
        self.faults.as_ref().and_then(|faults| Fault::from_byte(faults[row]))
    }

    pub fn is_known(&self, row: usize) -> bool {
        self.known.as_ref().is_none_or(|known| known[row])
    }
}

impl ColumnRef<'_> {
    /// A column of its own with the same rows.
    pub fn to_column(self) -> Column {
        let data = match self.data {
            DataRef::Narrow { scale, values } => {
                Data::Number { scale, values: Ints::Narrow(values.to_vec()) }
            }
            DataRef::Wide { scale, values } => {
                Data::Number { scale, values: Ints::Wide(values.to_vec()) }
            }
            DataRef::Flag(values) => Data::Flag(values.to_vec()),
            DataRef::Date(values) => Data::Date(values.to_vec()),
            DataRef::Text { codes, dictionary } => {
                Data::Text { codes: codes.to_vec(), dictionary: dictionary.clone() }
            }
        };
        Column {
            data,
            known: self.known.map(<[bool]>::to_vec),
            faults: self.faults.map(<[u8]>::to_vec),
        }
    }
}
