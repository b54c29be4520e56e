//! What sums, products and quotients count.

use crate::expr::{ArithmeticOp, Unit};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Combined {
    Unit(Unit),
    Mismatch,
}

/// Whether two numbers can be compared or added: a bare number fits every unit.
pub(super) fn fit(a: Unit, b: Unit) -> bool {
    a == b || a == Unit::Number || b == Unit::Number
}

/// The more telling of two units that fit.
pub(super) fn either(a: Unit, b: Unit) -> Unit {
    if a == Unit::Number { b } else { a }
}

pub(super) fn combine(op: ArithmeticOp, a: Unit, b: Unit) -> Combined {
    use Unit::{Count, Money, Number, Percent};
    Combined::Unit(match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract | ArithmeticOp::Remainder => {
            if !fit(a, b) {
                return Combined::Mismatch;
            }
            either(a, b)
        }
        ArithmeticOp::Multiply => match (a, b) {
            (Money, Money) => Number,
            (Money, _) | (_, Money) => Money,
            (Number, other) | (other, Number) => other,
            (Percent, other) | (other, Percent) => other,
            (Count, Count) => Count,
            _ => Number,
        },
        ArithmeticOp::Divide => match (a, b) {
            (_, Number) => a,
            (Money, Money) => Number,
            (Money, _) => Money,
            _ => Number,
        },
    })
}
