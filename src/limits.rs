//! Limits for what a change of the rules may do, as people write them: for `plan`, and for the guard
//! of a host.
//!
//! In: `5%`, `40`. Out: limits. Never: whether they are kept, which `plan` finds out.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::expr::NUMBER_SCALE;

/// How many may be demoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemotedLimit {
    /// Of those who hold a tier after the first pack's pass, for any one tier: who loses a third
    /// of the VIPs is not harmless because there are many members.
    Percent(Decimal),
    /// In any one ladder.
    People(u64),
}

/// By how much the cost of all benefits a year may rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiseLimit {
    /// Of the cost before. A cost that rises from nothing is over any of these.
    Percent(Decimal),
    /// Of money.
    Amount(Decimal),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    pub max_demoted: Option<DemotedLimit>,
    /// A percent is passed only where so many people are demoted from a tier.
    pub at_least: u64,
    pub max_cost_rise: Option<RiseLimit>,
}

/// Why a text is no limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error("write a percent like `2%`, or a number of people like `40`")]
    NotDemoted,
    #[error("write a percent like `10%`, or an amount of money like `5000`")]
    NotRise,
    #[error("a limit is not below zero")]
    Negative,
    #[error("write at most six decimals")]
    TooFine,
}

/// A decimal from zero, and whether it is a percent.
fn number(text: &str, error: LimitError) -> Result<(Decimal, bool), LimitError> {
    let text = text.trim();
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), true),
        None => (text, false),
    };
    let plain = digits.strip_prefix('-').unwrap_or(digits);
    let is_plain = plain.starts_with(|first: char| first.is_ascii_digit())
        && plain.ends_with(|last: char| last.is_ascii_digit())
        && plain.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let number: Decimal = match digits.parse() {
        Ok(number) if is_plain => number,
        _ => return Err(error),
    };
    if number.is_sign_negative() && !number.is_zero() {
        return Err(LimitError::Negative);
    }
    if number.normalize().scale() > NUMBER_SCALE.into() {
        return Err(LimitError::TooFine);
    }
    Ok((number, percent))
}

impl FromStr for DemotedLimit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, percent) = number(text, LimitError::NotDemoted)?;
        if percent {
            return Ok(DemotedLimit::Percent(number));
        }
        // Half a person is no number of people.
        let people = number.fract().is_zero().then(|| number.trunc().to_string().parse().ok());
        people.flatten().map(DemotedLimit::People).ok_or(LimitError::NotDemoted)
    }
}

impl FromStr for RiseLimit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, percent) = number(text, LimitError::NotRise)?;
        Ok(if percent { RiseLimit::Percent(number) } else { RiseLimit::Amount(number) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_limit() {
        use LimitError::{Negative, NotDemoted, NotRise, TooFine};
        let demoted = |text: &str| text.parse::<DemotedLimit>();
        assert_eq!(demoted("2 %"), Ok(DemotedLimit::Percent(2.into())));
        assert_eq!(demoted("40"), Ok(DemotedLimit::People(40)));
        for text in ["", "%", "two", "1.5", "1e3", "1,000", "+3", ".5%", "5.%", "2%%", "0x1"] {
            assert_eq!(demoted(text), Err(NotDemoted), "{text}");
        }
        assert_eq!(demoted("-1"), Err(Negative));
        assert_eq!(demoted("0.0000001%"), Err(TooFine));
        let rise = |text: &str| text.parse::<RiseLimit>();
        assert_eq!(rise("10.5%"), Ok(RiseLimit::Percent("10.5".parse().unwrap())));
        assert_eq!(rise("0.5"), Ok(RiseLimit::Amount("0.5".parse().unwrap())));
        assert_eq!((rise("ten"), rise("-3%")), (Err(NotRise), Err(Negative)));
    }
}
