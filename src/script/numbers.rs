//! Numbers between Rhai and decimals.
//!
//! A number has one form: whole numbers of 64 bits are Rhai integers, so that they can count,
//! index and be cases of a `switch`; all others are decimals. An integer that would not fit
//! becomes a decimal, and only what no decimal holds is an overflow.

use rhai::{Dynamic, EvalAltResult, Position};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::expr::{ArithmeticOp, Fault, decimal};

pub(super) type Failure = Box<EvalAltResult>;

/// The words by which a fault in arithmetic is known again when it leaves the interpreter.
pub(super) const OVERFLOW: &str = "the number is too large";
pub(super) const DIVISION_BY_ZERO: &str = "division by zero";

pub(super) fn failure(message: impl Into<String>) -> Failure {
    let message: String = message.into();
    EvalAltResult::ErrorRuntime(message.into(), Position::NONE).into()
}

pub(super) fn arithmetic_failure(fault: Fault) -> Failure {
    let words = match fault {
        Fault::DivisionByZero => DIVISION_BY_ZERO,
        _ => OVERFLOW,
    };
    EvalAltResult::ErrorArithmetic(words.into(), Position::NONE).into()
}

/// A number in its one form.
pub(super) fn from_decimal(number: Decimal) -> Dynamic {
    let number = number.normalize();
    if number.scale() == 0
        && let Some(whole) = number.to_i64()
    {
        return whole.into();
    }
    Dynamic::from_decimal(number)
}

/// `None` for what is no number.
pub(super) fn to_decimal(value: &Dynamic) -> Option<Decimal> {
    if let Ok(whole) = value.as_int() {
        return Some(whole.into());
    }
    value.as_decimal().ok()
}

pub(super) fn arithmetic(op: ArithmeticOp, a: Decimal, b: Decimal) -> Result<Dynamic, Failure> {
    decimal::apply(op, a, b).map(from_decimal).map_err(arithmetic_failure)
}

/// Whole numbers without the detour, where they stay whole.
pub(super) fn whole_arithmetic(op: ArithmeticOp, a: i64, b: i64) -> Result<Dynamic, Failure> {
    let whole = match op {
        ArithmeticOp::Add => a.checked_add(b),
        ArithmeticOp::Subtract => a.checked_sub(b),
        ArithmeticOp::Multiply => a.checked_mul(b),
        ArithmeticOp::Remainder => a.checked_rem(b),
        ArithmeticOp::Divide if a.checked_rem(b) == Some(0) => a.checked_div(b),
        ArithmeticOp::Divide => None,
    };
    match whole {
        Some(whole) => Ok(whole.into()),
        None => arithmetic(op, a.into(), b.into()),
    }
}
