use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Who a customer is: an integer, or a text byte for byte. Integers come first in order, then
/// texts by their bytes. Canonical integer text (`5`, not `05` or `+5`) is the integer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerId {
    Int(i64),
    Text(Arc<str>),
}

impl CustomerId {
    /// The customer that a text names.
    pub fn parse(text: &str) -> Self {
        match canonical_integer(text.as_bytes()) {
            Some(number) => CustomerId::Int(number),
            None => CustomerId::Text(text.into()),
        }
    }

    /// An id that comes after those of everybody, and that nobody has.
    pub fn last() -> Self {
        CustomerId::Text(char::MAX.to_string().into())
    }
}

impl FromStr for CustomerId {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::parse(text))
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CustomerId::Int(number) => number.fmt(f),
            CustomerId::Text(text) => text.fmt(f),
        }
    }
}

/// The number whose one way of being written this is.
pub(super) fn canonical_integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let negative = digits.len() < text.len();
    let (&first, rest) = digits.split_first()?;
    let canonical = match first {
        b'0' => rest.is_empty() && !negative,
        b'1'..=b'9' => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if !canonical || digits.len() > 19 {
        return None;
    }
    let size = digits.iter().fold(0_u64, |size, digit| size * 10 + u64::from(digit - b'0'));
    if negative { 0_i64.checked_sub_unsigned(size) } else { size.try_into().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_integer_text_is_the_integer() {
        assert_eq!(CustomerId::parse("5"), CustomerId::Int(5));
        assert_eq!(CustomerId::parse("-5"), CustomerId::Int(-5));
        assert_eq!(CustomerId::parse("0"), CustomerId::Int(0));
        assert_eq!(CustomerId::parse("9223372036854775807"), CustomerId::Int(i64::MAX));
        assert_eq!(CustomerId::parse("-9223372036854775808"), CustomerId::Int(i64::MIN));
    }

    #[test]
    fn other_text_stays_byte_for_byte() {
        for text in ["05", "+5", "-0", "-", "", " 5", "5 ", "5.0", "9223372036854775808", "۵", "a"]
        {
            assert_eq!(CustomerId::parse(text), CustomerId::Text(text.into()), "{text}");
        }
    }

    #[test]
    fn integers_come_before_texts() {
        let mut ids = ["b", "10", "9", "B", "-3", "05"].map(CustomerId::parse);
        ids.sort();
        assert_eq!(ids.map(|id| id.to_string()), ["-3", "9", "10", "05", "B", "b"]);
    }
}
