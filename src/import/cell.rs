use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use rust_decimal::Decimal;

/// A value on its way into the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'a, str>),
}

/// How the cells of a column are read and stored. An empty cell is NULL in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredAs {
    /// Whole numbers; `17850.0` is 17850.
    Integer,
    /// Decimals of which each is the shortest one for its binary number, so nothing is lost.
    Real,
    /// Decimals as text, for those that a binary number would change.
    DecimalText,
    /// Numbers that lose nothing in a numeric column, other text as it is.
    Numeric,
    /// Byte for byte.
    Text,
    /// 1 and 0; `true` and `false` are read too.
    Flag,
    /// ISO 8601 dates and times as they are.
    IsoTime,
    /// Unix time stamps.
    UnixTime,
    /// Dates and times in a format, stored as ISO 8601.
    FormattedTime(Arc<str>),
}

impl StoredAs {
    /// The type that a new table's column is declared with.
    pub fn sql_type(&self) -> &'static str {
        match self {
            StoredAs::Integer | StoredAs::Flag | StoredAs::UnixTime => "INTEGER",
            StoredAs::Real => "REAL",
            StoredAs::Numeric => "NUMERIC",
            StoredAs::DecimalText
            | StoredAs::Text
            | StoredAs::IsoTime
            | StoredAs::FormattedTime(_) => "TEXT",
        }
    }

    /// The value of a cell, or what it should have been ("a whole number").
    pub fn read<'a>(&self, text: &'a str) -> Result<Cell<'a>, String> {
        if text.is_empty() {
            return Ok(Cell::Null);
        }
        let cell = match self {
            StoredAs::Text => Some(Cell::Text(text.into())),
            StoredAs::Integer => whole(text).map(Cell::Integer),
            StoredAs::Real => real(text),
            StoredAs::DecimalText => {
                decimal(text).map(|number| Cell::Text(number.to_string().into()))
            }
            StoredAs::Numeric => numeric(text),
            StoredAs::Flag => flag(text).map(Cell::Integer),
            StoredAs::IsoTime => is_iso_time(text).then(|| Cell::Text(text.into())),
            StoredAs::UnixTime => text.parse().ok().map(Cell::Integer),
            StoredAs::FormattedTime(format) => {
                formatted_time(text, format).map(|iso| Cell::Text(iso.into()))
            }
        };
        cell.ok_or_else(|| self.words())
    }

    fn words(&self) -> String {
        match self {
            StoredAs::Integer => "a whole number".into(),
            StoredAs::Real | StoredAs::DecimalText => {
                "a number (digits, a point, no thousands separators)".into()
            }
            StoredAs::Numeric => "a plain number (it would be stored as another one)".into(),
            StoredAs::Text => "text".into(),
            StoredAs::Flag => "0 or 1".into(),
            StoredAs::IsoTime => {
                "an ISO 8601 date like 2026-03-21 (other dates: --date-format)".into()
            }
            StoredAs::UnixTime => "a Unix time stamp".into(),
            StoredAs::FormattedTime(format) => format!("a date in the format `{format}`"),
        }
    }
}

/// How a cell reads as a plain number: an optional minus, no leading zeros, digits, and perhaps
/// a point with digits. Anything else may be a code and stays text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlainNumber<'a> {
    /// With the sign.
    pub integer: &'a str,
    pub fraction: Option<&'a str>,
}

impl<'a> PlainNumber<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (integer, fraction) = match text.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (text, None),
        };
        let unsigned = integer.strip_prefix('-').unwrap_or(integer);
        let plain = digits(unsigned)
            && (unsigned.len() == 1 || !unsigned.starts_with('0'))
            && fraction.is_none_or(digits);
        plain.then_some(Self { integer, fraction })
    }

    pub fn whole(self) -> Option<i64> {
        let no_fraction = self.fraction.is_none_or(|f| f.bytes().all(|b| b == b'0'));
        if no_fraction { self.integer.parse().ok() } else { None }
    }

    /// Whether the shortest decimal of the nearest binary number is this one.
    pub fn survives_as_real(self, text: &str) -> bool {
        // A double keeps every decimal of 15 digits.
        text.len() <= 15
            || text.parse::<f64>().is_ok_and(|real| same_decimal(&real.to_string(), text))
    }
}

/// Whether two plain decimals differ in nothing but zeros at their end.
fn same_decimal(a: &str, b: &str) -> bool {
    fn trimmed(text: &str) -> &str {
        match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.'),
            false => text,
        }
    }
    trimmed(a) == trimmed(b)
}

fn whole(text: &str) -> Option<i64> {
    match PlainNumber::parse(text) {
        Some(number) => number.whole(),
        None => {
            let number = decimal(text)?;
            if number.is_integer() { i64::try_from(number).ok() } else { None }
        }
    }
}

/// A number as programs write them: a sign, leading zeros and an exponent are read too.
pub fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    if !text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) {
        return None;
    }
    let number = match text.contains(['e', 'E']) {
        true => Decimal::from_scientific(text).ok()?,
        false => Decimal::from_str_exact(text).ok()?,
    };
    Some(number.normalize())
}

fn real<'a>(text: &str) -> Option<Cell<'a>> {
    let text = decimal(text)?.to_string();
    let survives = PlainNumber::parse(&text)?.survives_as_real(&text);
    if survives { text.parse().ok().map(Cell::Real) } else { None }
}

fn numeric(text: &str) -> Option<Cell<'_>> {
    match PlainNumber::parse(text) {
        Some(number) => match number.whole() {
            Some(whole) => Some(Cell::Integer(whole)),
            None if number.survives_as_real(text) => text.parse().ok().map(Cell::Real),
            None => None,
        },
        // `007` or `1e5` would be stored as 7 and 100000.
        None if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => None,
        None => Some(Cell::Text(text.into())),
    }
}

fn flag(text: &str) -> Option<i64> {
    match text {
        "1" | "1.0" => Some(1),
        "0" | "0.0" => Some(0),
        _ if text.eq_ignore_ascii_case("true") => Some(1),
        _ if text.eq_ignore_ascii_case("false") => Some(0),
        _ => None,
    }
}

/// Dates and times as the store's readers take them: `2026-03-21`, with `T` or a space and a
/// time, with or without an offset.
pub fn is_iso_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    // jiff also reads dates without hyphens, which would be numbers here.
    if bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    text.parse::<jiff::civil::Date>().is_ok()
        && (bytes.len() == 10 || matches!(bytes[10], b'T' | b' ' | b't'))
        || text.parse::<DateTime>().is_ok()
        || text.parse::<jiff::Timestamp>().is_ok()
}

/// ISO 8601 of a text in a `strptime` format; without a time where the format has none.
pub fn formatted_time(text: &str, format: &str) -> Option<String> {
    let parts = BrokenDownTime::parse(format, text).ok()?;
    if let Ok(timestamp) = parts.to_timestamp() {
        return Some(timestamp.to_string());
    }
    match parts.hour() {
        Some(_) => {
            let time = parts.to_datetime().ok()?;
            Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
        }
        None => Some(parts.to_date().ok()?.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_lose_their_point_zero() {
        assert_eq!(StoredAs::Integer.read("17850.0"), Ok(Cell::Integer(17850)));
        assert_eq!(StoredAs::Integer.read("-3"), Ok(Cell::Integer(-3)));
        assert_eq!(StoredAs::Integer.read(""), Ok(Cell::Null));
        assert_eq!(StoredAs::Integer.read("2.5"), Err("a whole number".into()));
    }

    #[test]
    fn decimals_are_stored_as_reals_only_where_nothing_is_lost() {
        assert_eq!(StoredAs::Real.read("2.55"), Ok(Cell::Real(2.55)));
        assert_eq!(StoredAs::Real.read("1e-3"), Ok(Cell::Real(0.001)));
        assert!(StoredAs::Real.read("0.12345678901234567").is_err());
        assert!(StoredAs::Real.read("1,000").is_err());
        assert_eq!(
            StoredAs::DecimalText.read("0.12345678901234567"),
            Ok(Cell::Text("0.12345678901234567".into()))
        );
    }

    #[test]
    fn numeric_columns_take_what_sqlite_would_not_change() {
        assert_eq!(StoredAs::Numeric.read("7"), Ok(Cell::Integer(7)));
        assert_eq!(StoredAs::Numeric.read("2026-03-21"), Ok(Cell::Text("2026-03-21".into())));
        assert!(StoredAs::Numeric.read("007").is_err());
        assert!(StoredAs::Numeric.read("1e5").is_err());
    }

    #[test]
    fn times() {
        for good in [
            "2026-03-21",
            "2026-03-21 08:26",
            "2026-03-21T08:26:00",
            "2026-03-21T08:26:00Z",
            "2026-03-21 08:26:00+03:30",
        ] {
            assert!(is_iso_time(good), "{good}");
        }
        for bad in ["12/1/2010 8:26", "20260321", "2026-13-01", "2026-03-21x"] {
            assert!(!is_iso_time(bad), "{bad}");
        }
        assert_eq!(
            formatted_time("12/1/2010 8:26", "%m/%d/%Y %H:%M").as_deref(),
            Some("2010-12-01 08:26:00")
        );
        assert_eq!(formatted_time("21.03.2026", "%d.%m.%Y").as_deref(), Some("2026-03-21"));
        assert_eq!(formatted_time("2026-03-21", "%d.%m.%Y"), None);
    }

    #[test]
    fn plain_numbers() {
        for text in ["0", "-5", "10.50", "0.5"] {
            assert!(PlainNumber::parse(text).is_some(), "{text}");
        }
        for text in ["007", "+5", "", "-", ".5", "5.", "1e5", " 5", "1,000", "١"] {
            assert!(PlainNumber::parse(text).is_none(), "{text}");
        }
    }
}
