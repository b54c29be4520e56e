use std::fmt::Write;

use rusqlite::types::ValueRef;

use super::unreadable::Unreadable;
use crate::metrics::exact::{is_decimal, power_of_ten};

const NO_NUMBER: Unreadable = Unreadable("no plain decimal number");
const BLOB: Unreadable = Unreadable("which is no number");
const INFINITE: Unreadable = Unreadable("which is no number");

/// Decimals of at most this size have one double each, and each double one of them.
const EXACT_IN_A_DOUBLE: f64 = 1e15;

/// A number of a cell, as a whole number at its column's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    /// Strictly between the smallest and the largest of 64 bits.
    Narrow(i64),
    Wide(i128),
    /// Beyond what a decimal holds.
    TooLarge,
}

/// Reads the cells of a numeric column.
#[derive(Debug, Clone)]
pub(super) struct NumberReader {
    /// Places to read; the last is rounded half to even.
    places: u8,
    factor: i64,
    /// Places of the column, which `minor` units have already.
    scale: u8,
    digits: String,
}

impl NumberReader {
    /// `minor`: whole numbers are in the unit of the last place.
    pub(super) fn new(scale: u8, minor: bool) -> Self {
        let places = if minor { 0 } else { scale };
        let factor = power_of_ten(places).and_then(|power| i64::try_from(power).ok());
        // Scales are at most six or a currency's decimals.
        Self { places, factor: factor.unwrap_or(i64::MAX), scale, digits: String::new() }
    }

    #[inline]
    pub(super) fn read(&mut self, value: ValueRef<'_>) -> Result<Cell, Unreadable> {
        match value {
            ValueRef::Integer(number) => Ok(match number.checked_mul(self.factor) {
                Some(scaled) if scaled != i64::MAX && scaled != i64::MIN => Cell::Narrow(scaled),
                _ => self.sized(i128::from(number) * i128::from(self.factor)),
            }),
            ValueRef::Real(number) => self.real(number),
            ValueRef::Text(text) => self.text(text),
            ValueRef::Null => Ok(Cell::Null),
            ValueRef::Blob(_) => Err(BLOB),
        }
    }

    /// A REAL is the shortest decimal that stands for it.
    fn real(&mut self, number: f64) -> Result<Cell, Unreadable> {
        if !number.is_finite() {
            return Err(INFINITE);
        }
        let scaled = (number * self.factor as f64).round();
        if scaled.abs() < EXACT_IN_A_DOUBLE && scaled / self.factor as f64 == number {
            return Ok(Cell::Narrow(scaled as i64));
        }
        let mut digits = std::mem::take(&mut self.digits);
        digits.clear();
        // The shortest digits that give the same double back, without an exponent.
        let written = write!(digits, "{number}");
        let cell = written.map_err(|_| NO_NUMBER).and_then(|()| self.text(digits.as_bytes()));
        self.digits = digits;
        cell
    }

    /// Digits with a sign and a fraction, perhaps; nothing else.
    fn text(&self, text: &[u8]) -> Result<Cell, Unreadable> {
        let (negative, unsigned) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let point = unsigned.iter().position(|&byte| byte == b'.');
        let (whole, fraction) = match point {
            Some(point) => (&unsigned[..point], &unsigned[point + 1..]),
            None => (unsigned, &[][..]),
        };
        let is_plain = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
        let ends_in_point = point.is_some() && fraction.is_empty();
        if unsigned.is_empty() || ends_in_point || !is_plain(whole) || !is_plain(fraction) {
            return Err(NO_NUMBER);
        }
        let places = usize::from(self.places);
        let kept = fraction.iter().chain(std::iter::repeat(&b'0')).take(places);
        let size = whole.iter().chain(kept).try_fold(0_i128, |size, digit| {
            size.checked_mul(10)?.checked_add(i128::from(digit - b'0'))
        });
        let Some(size) = size else {
            return Ok(Cell::TooLarge);
        };
        let size = size + i128::from(rounds_up(fraction.get(places..).unwrap_or(&[]), size));
        Ok(self.sized(if negative { -size } else { size }))
    }

    fn sized(&self, scaled: i128) -> Cell {
        match i64::try_from(scaled) {
            Ok(narrow) if narrow != i64::MAX && narrow != i64::MIN => Cell::Narrow(narrow),
            _ if is_decimal(scaled, self.scale) => Cell::Wide(scaled),
            _ => Cell::TooLarge,
        }
    }
}

/// Whether the digits after the last place take it up, half to even.
fn rounds_up(rest: &[u8], size: i128) -> bool {
    match rest {
        [] => false,
        [b'5', beyond @ ..] if beyond.iter().all(|&digit| digit == b'0') => size & 1 == 1,
        [first, ..] => *first >= b'5',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(scale: u8, value: ValueRef<'_>) -> Result<Cell, Unreadable> {
        NumberReader::new(scale, false).read(value)
    }

    fn text(scale: u8, text: &str) -> Result<Cell, Unreadable> {
        read(scale, ValueRef::Text(text.as_bytes()))
    }

    #[test]
    fn integers_are_scaled() {
        assert_eq!(read(2, ValueRef::Integer(12)), Ok(Cell::Narrow(1200)));
        assert_eq!(read(0, ValueRef::Integer(-3)), Ok(Cell::Narrow(-3)));
        assert_eq!(read(2, ValueRef::Integer(1 << 62)), Ok(Cell::Wide((1 << 62) * 100)));
        assert_eq!(read(0, ValueRef::Integer(i64::MAX)), Ok(Cell::Wide(i64::MAX.into())));
    }

    #[test]
    fn minor_units_are_whole() {
        let mut minor = NumberReader::new(2, true);
        assert_eq!(minor.read(ValueRef::Integer(1999)), Ok(Cell::Narrow(1999)));
        assert_eq!(minor.read(ValueRef::Real(1999.0)), Ok(Cell::Narrow(1999)));
        assert_eq!(minor.read(ValueRef::Text(b"1999")), Ok(Cell::Narrow(1999)));
        assert_eq!(minor.read(ValueRef::Real(1998.5)), Ok(Cell::Narrow(1998)));
    }

    #[test]
    fn a_real_is_its_shortest_decimal() {
        for (number, expected) in [
            (0.1, 10),
            (19.99, 1999),
            (0.1 + 0.2, 30),
            // 1.005 and 2.675 are written so, whatever their binary neighbours are.
            (1.005, 100),
            (1.015, 102),
            (2.675, 268),
            (-1.005, -100),
            (1e-7, 0),
            (-0.0, 0),
            (123_456_789_012.34, 12_345_678_901_234),
        ] {
            assert_eq!(read(2, ValueRef::Real(number)), Ok(Cell::Narrow(expected)), "{number}");
        }
        assert_eq!(read(0, ValueRef::Real(1e20)), Ok(Cell::Wide(10_i128.pow(20))));
        assert_eq!(read(2, ValueRef::Real(1e300)), Ok(Cell::TooLarge));
        assert_eq!(read(2, ValueRef::Real(f64::NEG_INFINITY)), Err(INFINITE));
    }

    #[test]
    fn decimal_text_is_rounded_half_to_even() {
        for (written, expected) in [
            ("12", 1200),
            ("-12.3", -1230),
            ("+0.5", 50),
            (".25", 25),
            ("0.125", 12),
            ("0.135", 14),
            ("0.1250001", 13),
            ("-0.125", -12),
            ("007", 700),
            ("0.999", 100),
        ] {
            assert_eq!(text(2, written), Ok(Cell::Narrow(expected)), "{written}");
        }
        assert_eq!(text(0, "2.5"), Ok(Cell::Narrow(2)));
        assert_eq!(text(0, "9223372036854775808"), Ok(Cell::Wide(1 << 63)));
        assert_eq!(text(2, &"9".repeat(60)), Ok(Cell::TooLarge));
        assert_eq!(text(0, "79228162514264337593543950336"), Ok(Cell::TooLarge));
    }

    #[test]
    fn other_text_is_no_number() {
        for written in
            ["", "-", ".", "5.", "1,000", "1e3", "12 ", " 12", "0x10", "abc", "1.2.3", "--1", "١٢"]
        {
            assert_eq!(text(2, written), Err(NO_NUMBER), "{written}");
        }
        assert_eq!(read(2, ValueRef::Null), Ok(Cell::Null));
        assert_eq!(read(2, ValueRef::Blob(b"12")), Err(BLOB));
    }
}
