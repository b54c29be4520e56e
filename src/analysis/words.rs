//! How literals read to people.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::interval::End;
use super::literal::{Literal, Test};
use super::terms::{Kind, Term, Terms};
use crate::expr::decimal;
use crate::source::Span;

/// Longer text is not quoted in a message.
const QUOTED_LETTERS: usize = 60;

impl Terms<'_> {
    /// "at least 1000": what a literal asks of its term. `None` where only its text says it.
    pub fn words(&self, literal: &Literal) -> Option<String> {
        let term = self.get(literal.term);
        if matches!(term.kind, Kind::Rank | Kind::Order) || term.name.is_none() {
            return None;
        }
        let at = |end: &End, closed: &str, open: &str| {
            format!("{} {}", if end.closed { closed } else { open }, self.value(term, end.value))
        };
        let words = match (&literal.test, term.kind) {
            (Test::Above(end), Kind::Date) => at(end, "from", "after"),
            (Test::Below(end), Kind::Date) => at(end, "up to", "before"),
            (Test::Above(end), _) => at(end, "at least", "more than"),
            (Test::Below(end), _) => at(end, "at most", "less than"),
            (Test::OneOf(values), _) => self.values(term, values),
            (Test::NoneOf(values), Kind::Flag) if values.len() == 1 => {
                let other = Decimal::ONE - values.first().copied().unwrap_or_default();
                self.value(term, other)
            }
            (Test::NoneOf(values), _) => format!("anything but {}", self.values(term, values)),
        };
        Some(match literal.parameters.and_then(|span| self.quoted(span)) {
            Some(parameter) => format!("{words} ({parameter})"),
            None => words,
        })
    }

    /// A number, date, text or flag as it is written in a condition.
    pub fn value(&self, term: &Term, value: Decimal) -> String {
        match term.kind {
            Kind::Text => format!("\"{}\"", self.text(value)),
            Kind::Flag => if value.is_zero() { "false" } else { "true" }.to_owned(),
            Kind::Date => {
                let date = value.to_i32().map(crate::expr::date_from_days);
                date.map_or_else(String::new, |date| date.to_string())
            }
            Kind::Number | Kind::Rank | Kind::Order => decimal::plain(value),
        }
    }

    fn values(&self, term: &Term, values: &BTreeSet<Decimal>) -> String {
        let shown: Vec<String> = values.iter().map(|value| self.value(term, *value)).collect();
        match &shown[..] {
            [] => "one of an empty list".to_owned(),
            [one] => one.clone(),
            [all @ .., last] => format!("{} or {last}", all.join(", ")),
        }
    }

    /// The text in backticks, where it is one short line.
    pub fn quoted(&self, span: Span) -> Option<String> {
        let text = self.texts.text(span).trim();
        let short = text.chars().count() <= QUOTED_LETTERS && !text.contains('\n');
        short.then(|| format!("`{text}`"))
    }
}
