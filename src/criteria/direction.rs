use rust_decimal::Decimal;

use crate::expr::{CompareOp, Type, decimal};

/// What a comparison asks of the value that it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
    Exactly,
    AnythingBut,
    /// No comparison of numbers or dates.
    Other,
}

impl Direction {
    /// Of a comparison of values of that type, or of its opposite.
    pub(super) fn of(op: CompareOp, ty: Type, negated: bool) -> Direction {
        if !matches!(ty, Type::Number | Type::Date) {
            return Direction::Other;
        }
        match (op, negated) {
            (CompareOp::GreaterOrEqual, false) | (CompareOp::Less, true) => Direction::AtLeast,
            (CompareOp::Greater, false) | (CompareOp::LessOrEqual, true) => Direction::MoreThan,
            (CompareOp::LessOrEqual, false) | (CompareOp::Greater, true) => Direction::AtMost,
            (CompareOp::Less, false) | (CompareOp::GreaterOrEqual, true) => Direction::LessThan,
            (CompareOp::Equal, false) | (CompareOp::NotEqual, true) => Direction::Exactly,
            (CompareOp::NotEqual, false) | (CompareOp::Equal, true) => Direction::AnythingBut,
        }
    }

    /// Whether less is asked for.
    pub fn is_upper(self) -> bool {
        matches!(self, Direction::AtMost | Direction::LessThan)
    }

    /// What is missing: positive is short (or too much, where less is asked for), negative to
    /// spare. `None` where nothing is missing or no number says it exactly.
    pub fn gap(self, measured: Decimal, asked: Decimal) -> Option<Decimal> {
        let short = decimal::subtract(asked, measured).ok()?;
        match self {
            Direction::AtLeast | Direction::MoreThan => Some(short),
            Direction::AtMost | Direction::LessThan => Some((-short).normalize()),
            Direction::Exactly => Some(short.abs()),
            Direction::AnythingBut | Direction::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_gap_is_short() {
        let gap = |direction: Direction, measured: &str, asked: &str| {
            let (measured, asked) = (measured.parse().unwrap(), asked.parse().unwrap());
            direction.gap(measured, asked).map(|gap| gap.to_string())
        };
        assert_eq!(gap(Direction::AtLeast, "812.40", "1000.00").as_deref(), Some("187.6"));
        assert_eq!(gap(Direction::AtLeast, "1200", "1000").as_deref(), Some("-200"));
        assert_eq!(gap(Direction::LessThan, "25", "20").as_deref(), Some("5"));
        assert_eq!(gap(Direction::AtMost, "15", "20").as_deref(), Some("-5"));
        assert_eq!(gap(Direction::Exactly, "15", "20").as_deref(), Some("5"));
        assert_eq!(gap(Direction::AnythingBut, "15", "20"), None);
        let largest = "79228162514264337593543950335";
        assert_eq!(gap(Direction::AtLeast, "0.1", largest), None, "never a rounded one");
    }

    #[test]
    fn a_negated_comparison_asks_for_the_opposite() {
        assert_eq!(Direction::of(CompareOp::Less, Type::Number, true), Direction::AtLeast);
        assert_eq!(Direction::of(CompareOp::Equal, Type::Text, false), Direction::Other);
    }
}
