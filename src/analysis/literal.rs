use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::interval::{End, Interval};
use super::terms::TermId;
use crate::source::Span;

/// What a condition asks of one term. Texts, dates and flags are asked as numbers: a text by
/// its number in the table of terms, a date in days, a flag as 0 or 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Above(End),
    Below(End),
    OneOf(BTreeSet<Decimal>),
    NoneOf(BTreeSet<Decimal>),
}

impl Test {
    pub fn is(value: Decimal) -> Test {
        Test::OneOf(BTreeSet::from([value]))
    }

    pub fn complement(&self) -> Test {
        let turned = |end: &End| End { closed: !end.closed, ..*end };
        match self {
            Test::Above(end) => Test::Below(turned(end)),
            Test::Below(end) => Test::Above(turned(end)),
            Test::OneOf(values) => Test::NoneOf(values.clone()),
            Test::NoneOf(values) => Test::OneOf(values.clone()),
        }
    }

    /// The values between the ends that it sets.
    pub fn interval(&self) -> Interval {
        match self {
            Test::Above(end) => Interval { low: Some(*end), high: None },
            Test::Below(end) => Interval { low: None, high: Some(*end) },
            Test::OneOf(values) => Interval {
                low: values.first().copied().map(End::closed),
                high: values.last().copied().map(End::closed),
            },
            Test::NoneOf(_) => Interval::ALL,
        }
    }
}

/// A test, or its opposite, and the text that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Literal {
    pub term: TermId,
    pub test: Test,
    /// It holds only for known values. The opposite of a comparison holds for NULL too.
    pub needs_value: bool,
    pub span: Span,
    /// The text of the constant side where parameters have a part in it.
    pub parameters: Option<Span>,
}

impl Literal {
    #[must_use]
    pub fn opposite(&self) -> Literal {
        Literal { test: self.test.complement(), needs_value: !self.needs_value, ..self.clone() }
    }
}
