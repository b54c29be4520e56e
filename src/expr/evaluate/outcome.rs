//! Outcomes row by row, and as columns.

use rust_decimal::Decimal;

use super::masks::{Masks, ViewData};
use super::numbers::{Numbers, from_decimals, narrowed};
use super::text::TextBuilder;
use crate::expr::column::{Column, ColumnRef, Data, DataRef, Ints};
use crate::expr::day::{date_from_days, days_from_date};
use crate::expr::decimal;
use crate::expr::inputs::{Decimals, Evaluated};
use crate::expr::value::{Fault, Type, Value};

/// Places with which every decimal fits into 128 bits.
const WIDE_SCALE: u32 = 9;

impl ColumnRef<'_> {
    /// The value of a row, or its fault.
    pub fn value(&self, row: usize) -> Result<Value, Fault> {
        if let Some(fault) = self.faults.and_then(|faults| Fault::from_byte(faults[row])) {
            return Err(fault);
        }
        if self.known.is_some_and(|known| !known[row]) {
            return Ok(Value::Null);
        }
        Ok(match self.data {
            DataRef::Narrow { scale, values } => {
                Value::Number(decimal::representable(values[row].into(), scale.into())?)
            }
            DataRef::Wide { scale, values } => {
                Value::Number(decimal::representable(values[row], scale.into())?)
            }
            DataRef::Flag(values) => Value::Flag(values[row]),
            DataRef::Date(values) => Value::Date(date_from_days(values[row])),
            DataRef::Text { codes, dictionary } => Value::Text(dictionary.text(codes[row]).clone()),
        })
    }
}

impl Column {
    /// The value of a row, or its fault.
    pub fn value(&self, row: usize) -> Result<Value, Fault> {
        self.as_ref().value(row)
    }

    /// A numeric column with another scale, rounded half to even; others stay as they are. A
    /// value that does not fit becomes an overflow.
    pub fn rescale_to(self, scale: u8) -> Column {
        match &self.data {
            Data::Number { scale: own, .. } if *own != scale => {
                let rows = self.len();
                Evaluated::Owned(self).into_scaled(rows, scale)
            }
            _ => self,
        }
    }
}

impl Evaluated<'_> {
    /// The value of a row, or its fault.
    pub fn value(&self, row: usize) -> Result<Value, Fault> {
        match self {
            Evaluated::Constant(value) => Ok(value.clone()),
            Evaluated::Fault(fault) => Err(*fault),
            Evaluated::Borrowed(column) => column.value(row),
            Evaluated::Owned(column) => column.value(row),
            Evaluated::Decimals(decimals) => decimals.value(row),
        }
    }

    /// A column of `rows` rows of that type. Numbers keep their places unless they lie so far
    /// apart that no fixed-point column holds them; then they are rounded to nine.
    pub fn into_column(self, rows: usize, ty: Type) -> Column {
        match self {
            Evaluated::Owned(column) => column,
            Evaluated::Decimals(decimals) => {
                Evaluated::Decimals(decimals).into_scaled(rows, WIDE_SCALE as u8)
            }
            Evaluated::Borrowed(column) => column.to_column(),
            outcome @ (Evaluated::Constant(_) | Evaluated::Fault(_)) => {
                let mut builder = Builder::new(ty, rows);
                for row in 0..rows {
                    builder.push(outcome.value(row));
                }
                match builder.finish() {
                    Evaluated::Owned(column) => column,
                    // One value for all rows has one scale.
                    other => other.into_scaled(rows, WIDE_SCALE as u8),
                }
            }
        }
    }

    /// Numbers as a column with exactly this scale, rounded once, half to even.
    pub fn into_scaled(self, rows: usize, scale: u8) -> Column {
        let view = self.view();
        let mut masks = Masks::of(&[view], rows);
        let same =
            matches!(view.data, ViewData::Rows(DataRef::Narrow { scale: own, .. }) if own == scale);
        if same {
            return self.into_column(rows, Type::Number);
        }
        let numbers = Numbers::of(&view);
        let places = u32::from(scale);
        if let Numbers::Narrow(own, side) = &numbers
            && let Some(factor) = places.checked_sub(*own).and_then(|p| 10i64.checked_pow(p))
            && let Some(side) = side.try_map(|value| value.checked_mul(factor))
        {
            let values = Ints::Narrow(side.into_rows(rows));
            return masks.column(Data::Number { scale, values });
        }
        let exact = numbers.exact();
        let values = (0..rows)
            .map(|row| {
                let rounded = decimal::round(exact.get(row), places);
                decimal::raised(rounded, places.max(rounded.scale())).unwrap_or_else(|| {
                    masks.fail(row, rows, Fault::Overflow);
                    0
                })
            })
            .collect();
        masks.column(Data::Number { scale, values: narrowed(values, places) })
    }
}

impl Decimals {
    fn value(&self, row: usize) -> Result<Value, Fault> {
        let fault = self.faults.as_ref().and_then(|faults| Fault::from_byte(faults[row]));
        match fault {
            Some(fault) => Err(fault),
            None if self.known.as_ref().is_some_and(|known| !known[row]) => Ok(Value::Null),
            None => Ok(Value::Number(self.values[row].normalize())),
        }
    }
}

/// A column in the making, of values of one type; another type is a fault.
pub(super) struct Builder {
    rows: usize,
    values: Values,
    known: Option<Vec<bool>>,
    faults: Option<Vec<u8>>,
    pushed: usize,
}

enum Values {
    Number(Vec<Decimal>),
    Flag(Vec<bool>),
    Date(Vec<i32>),
    Text(TextBuilder),
    /// No column holds lists: every row is a fault.
    List,
}

impl Builder {
    pub fn new(ty: Type, rows: usize) -> Builder {
        let values = match ty {
            Type::Number => Values::Number(Vec::with_capacity(rows)),
            Type::Flag => Values::Flag(Vec::with_capacity(rows)),
            Type::Date => Values::Date(Vec::with_capacity(rows)),
            Type::Text => Values::Text(TextBuilder::default()),
            Type::List => Values::List,
        };
        Builder { rows, values, known: None, faults: None, pushed: 0 }
    }

    pub fn push(&mut self, result: Result<Value, Fault>) {
        let (row, rows) = (self.pushed, self.rows);
        self.pushed += 1;
        let (value, fault) = match result {
            Ok(value) => (value, None),
            Err(fault) => (Value::Null, Some(fault)),
        };
        let is_null = value == Value::Null;
        let fits = match (&mut self.values, value) {
            (Values::Number(list), Value::Number(number)) => push(list, number),
            (Values::Flag(list), Value::Flag(flag)) => push(list, flag),
            (Values::Date(list), Value::Date(date)) => push(list, days_from_date(date)),
            (Values::Text(list), Value::Text(text)) => {
                list.push(&text);
                true
            }
            (values, _) => {
                values.push_blank();
                false
            }
        };
        let fault = fault.or((!fits && !is_null).then_some(Fault::ScriptType));
        if let Some(fault) = fault {
            self.faults.get_or_insert_with(|| vec![0; rows])[row] = fault as u8;
        }
        if !fits {
            self.known.get_or_insert_with(|| vec![true; rows])[row] = false;
        }
    }

    pub fn finish<'a>(self) -> Evaluated<'a> {
        let masks = Masks { known: self.known, faults: self.faults };
        let data = match self.values {
            Values::Number(list) => return from_decimals(list, masks),
            Values::Flag(list) => Data::Flag(list),
            Values::Date(list) => Data::Date(list),
            Values::Text(list) => list.finish(),
            Values::List => Data::Flag(vec![false; self.rows]),
        };
        Evaluated::Owned(masks.column(data))
    }
}

fn push<T>(list: &mut Vec<T>, value: T) -> bool {
    list.push(value);
    true
}

impl Values {
    fn push_blank(&mut self) {
        match self {
            Values::Number(list) => list.push(Decimal::ZERO),
            Values::Flag(list) => list.push(false),
            Values::Date(list) => list.push(0),
            Values::Text(list) => list.push(""),
            Values::List => {}
        }
    }
}
