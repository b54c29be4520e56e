//! What conditions ask of the same metric.

use rust_decimal::Decimal;

use super::literal::{Literal, Test};
use super::terms::{Kind, TermId, Terms};
use crate::expr::{Condition, Expr};

/// A side from which a threshold bounds a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// `>=`, `>`
    AtLeast,
    /// `<=`, `<`, and tops: a smaller share is harder.
    AtMost,
}

impl Direction {
    /// Whether a threshold is harder to meet than another.
    pub fn is_harder(self, a: &Literal, b: &Literal) -> bool {
        let (Some((a, a_open)), Some((b, b_open))) = (self.end(a), self.end(b)) else {
            return false;
        };
        let beyond = match self {
            Direction::AtLeast => a > b,
            Direction::AtMost => a < b,
        };
        beyond || a == b && a_open && !b_open
    }

    /// The threshold that a literal sets from this side, and whether it is itself outside.
    fn end(self, literal: &Literal) -> Option<(Decimal, bool)> {
        match (self, &literal.test) {
            (Direction::AtLeast, Test::Above(end)) | (Direction::AtMost, Test::Below(end)) => {
                Some((end.value, !end.closed))
            }
            _ => None,
        }
    }
}

/// The thresholds of a condition on one term from one side, in the order they are written.
#[derive(Debug, Clone)]
pub(super) struct Thresholds {
    pub term: TermId,
    pub direction: Direction,
    pub literals: Vec<Literal>,
}

impl Thresholds {
    /// The one that is easiest to meet.
    pub fn easiest(&self) -> &Literal {
        self.literals.iter().fold(&self.literals[0], |best, literal| {
            if self.direction.is_harder(best, literal) { literal } else { best }
        })
    }

    /// The one that is hardest to meet.
    pub fn hardest(&self) -> &Literal {
        self.literals.iter().fold(&self.literals[0], |best, literal| {
            if self.direction.is_harder(literal, best) { literal } else { best }
        })
    }
}

impl Terms<'_> {
    /// The thresholds of a condition, on numbers and rankings.
    pub fn thresholds(&mut self, condition: &Condition<Expr>) -> Vec<Thresholds> {
        let formula = self.of_condition(condition, true);
        let mut found: Vec<Thresholds> = Vec::new();
        for literal in formula.asked() {
            let kind = self.get(literal.term).kind;
            let direction = match literal.test {
                Test::Above(_) if kind == Kind::Number => Direction::AtLeast,
                Test::Below(_) if matches!(kind, Kind::Number | Kind::Rank) => Direction::AtMost,
                _ => continue,
            };
            let same = found
                .iter_mut()
                .find(|found| found.term == literal.term && found.direction == direction);
            match same {
                Some(found) => found.literals.push(literal.clone()),
                None => found.push(Thresholds {
                    term: literal.term,
                    direction,
                    literals: vec![literal.clone()],
                }),
            }
        }
        found
    }
}
