use std::fmt::{self, Write as _};

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{Direction, numeral};
use crate::expr::column::{ColumnRef, DataRef};
use crate::expr::decimal::{self, MAX_SCALE};
use crate::expr::{Decimals, Evaluated, Fault, Value, date_from_days, days_from_date};

/// The first magnitude that no decimal has.
const MANTISSA_END: u128 = 1 << 96;

/// The value of a row, without a copy.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Null,
    Fault,
    Number(Number),
    Flag(bool),
    /// Days since 1970-01-01.
    Date(i32),
    Text(&'a str),
    List(&'a [Value]),
}

/// mantissa × 10^-scale; what a decimal can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    mantissa: i128,
    scale: u32,
}

impl Number {
    fn new(mantissa: i128, scale: u32) -> Result<Number, Fault> {
        if mantissa.unsigned_abs() < MANTISSA_END && scale <= MAX_SCALE {
            return Ok(Number { mantissa, scale });
        }
        decimal::representable(mantissa, scale)
            .map(|number| Number { mantissa: number.mantissa(), scale: number.scale() })
    }

    /// Two mantissas of one scale; `None` where they need more than 128 bits.
    fn aligned(self, other: Number) -> Option<(i128, i128, u32)> {
        if self.scale == other.scale {
            return Some((self.mantissa, other.mantissa, self.scale));
        }
        let scale = self.scale.max(other.scale);
        let raised = |number: Number| match scale - number.scale {
            0 => Some(number.mantissa),
            more => number.mantissa.checked_mul(10i128.checked_pow(more)?),
        };
        Some((raised(self)?, raised(other)?, scale))
    }

    fn without_zeros(mut self) -> Number {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    fn minus(self, other: Number) -> Option<Number> {
        // Without the zeros at its end a number that cannot be aligned has no sum either.
        let (a, b, scale) =
            self.aligned(other).or_else(|| self.without_zeros().aligned(other.without_zeros()))?;
        Number::new(a.checked_sub(b)?, scale).ok()
    }

    fn is_more_than(self, other: Number) -> bool {
        match self.aligned(other) {
            Some((a, b, _)) => a > b,
            // What does not fit into 128 bits is farther from 0 than what needs no raising.
            None if self.scale < other.scale => self.mantissa > 0,
            None => other.mantissa < 0,
        }
    }
}

/// An outcome to read row by row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cells<'a> {
    Same(Cell<'a>),
    Column(ColumnRef<'a>),
    Decimals(&'a Decimals),
}

impl<'a> Cells<'a> {
    pub fn of(outcome: &'a Evaluated<'_>) -> Cells<'a> {
        match outcome {
            Evaluated::Constant(value) => Cells::Same(Cell::of(value)),
            Evaluated::Fault(_) => Cells::Same(Cell::Fault),
            Evaluated::Borrowed(column) => Cells::Column(*column),
            Evaluated::Owned(column) => Cells::Column(column.as_ref()),
            Evaluated::Decimals(decimals) => Cells::Decimals(decimals),
        }
    }

    pub fn get(&self, row: usize) -> Cell<'a> {
        let (known, faults) = match self {
            Cells::Same(cell) => return *cell,
            Cells::Column(column) => (column.known, column.faults),
            Cells::Decimals(decimals) => (decimals.known.as_deref(), decimals.faults.as_deref()),
        };
        if faults.is_some_and(|faults| faults[row] != 0) {
            return Cell::Fault;
        }
        if known.is_some_and(|known| !known[row]) {
            return Cell::Null;
        }
        match self {
            Cells::Same(cell) => *cell,
            Cells::Decimals(decimals) => Cell::decimal(decimals.values[row]),
            Cells::Column(column) => match column.data {
                DataRef::Narrow { scale, values } => Cell::number(values[row].into(), scale.into()),
                DataRef::Wide { scale, values } => Cell::number(values[row], scale.into()),
                DataRef::Flag(values) => Cell::Flag(values[row]),
                DataRef::Date(values) => Cell::Date(values[row]),
                DataRef::Text { codes, dictionary } => Cell::Text(dictionary.text(codes[row])),
            },
        }
    }
}

impl<'a> Cell<'a> {
    fn of(value: &'a Value) -> Cell<'a> {
        match value {
            Value::Null => Cell::Null,
            Value::Number(number) => Cell::decimal(*number),
            Value::Flag(flag) => Cell::Flag(*flag),
            Value::Text(text) => Cell::Text(text),
            Value::Date(date) => Cell::Date(days_from_date(*date)),
            Value::List(list) => Cell::List(list),
        }
    }

    pub fn decimal(number: Decimal) -> Cell<'a> {
        Cell::number(number.mantissa(), number.scale())
    }

    fn number(mantissa: i128, scale: u32) -> Cell<'a> {
        Number::new(mantissa, scale).map_or(Cell::Fault, Cell::Number)
    }

    pub fn is_more_than(self, other: Cell<'_>) -> bool {
        match (self, other) {
            (Cell::Number(a), Cell::Number(b)) => a.is_more_than(b),
            (Cell::Date(a), Cell::Date(b)) => a > b,
            _ => false,
        }
    }

    /// [`Direction::gap`] as a cell.
    pub fn gap(direction: Direction, measured: Cell<'_>, asked: Cell<'_>) -> Cell<'a> {
        let (Cell::Number(measured), Cell::Number(asked)) = (measured, asked) else {
            return Cell::Null;
        };
        let Some(Number { mantissa, scale }) = asked.minus(measured) else { return Cell::Null };
        let mantissa = match direction {
            Direction::AtLeast | Direction::MoreThan => mantissa,
            Direction::AtMost | Direction::LessThan => -mantissa,
            Direction::Exactly => mantissa.abs(),
            Direction::AnythingBut | Direction::Other => return Cell::Null,
        };
        Cell::Number(Number { mantissa, scale })
    }

    /// Writes it as [`super::value_json`] does; a fault as null.
    pub fn write(self, text: &mut Vec<u8>) {
        match self {
            Cell::Null | Cell::Fault => text.extend(b"null"),
            Cell::Number(Number { mantissa, scale }) => numeral::push(text, mantissa, scale),
            Cell::Flag(true) => text.extend(b"true"),
            Cell::Flag(false) => text.extend(b"false"),
            Cell::Date(day) => write_date(day, text),
            Cell::Text(value) => write_text(value, text),
            Cell::List(items) => {
                text.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(b',');
                    }
                    Cell::of(item).write(text);
                }
                text.push(b']');
            }
        }
    }
}

fn write_date(day: i32, text: &mut Vec<u8>) {
    // Writing into memory cannot fail.
    let _ = write!(Utf8(text), "\"{}\"", date_from_days(day));
}

/// Bytes as formatting wants them.
struct Utf8<'a>(&'a mut Vec<u8>);

impl fmt::Write for Utf8<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(text.as_bytes());
        Ok(())
    }
}

fn write_text(value: &str, text: &mut Vec<u8>) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if value.bytes().all(is_plain) {
        text.push(b'"');
        text.extend(value.as_bytes());
        text.push(b'"');
    } else {
        // Rare: it has something to escape.
        text.extend(Json::from(value).to_string().as_bytes());
    }
}
