//! Comparisons. A comparison with NULL is false, `!=` too.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::masks::{Masks, View, ViewData};
use super::numbers::{Numbers, Pair, Side, align, zip};
use super::{dates, text};
use crate::expr::column::DataRef;
use crate::expr::decimal;
use crate::expr::inputs::Evaluated;
use crate::expr::syntax::CompareOp;
use crate::expr::value::Value;

/// Two outcomes over a block of `rows` rows, compared row by row.
pub fn compare<'a>(
    op: CompareOp,
    a: &Evaluated<'_>,
    b: &Evaluated<'_>,
    rows: usize,
) -> Evaluated<'a> {
    let (a, b) = (a.view(), b.view());
    if let (Some(a), Some(b)) = (a.constant(), b.constant()) {
        return Evaluated::Constant(Value::Flag(values_compare(op, a, b)));
    }
    let masks = Masks::of(&[a, b], rows);
    let flags =
        if a.is_void() || b.is_void() { vec![false; rows] } else { rows_compare(op, &a, &b, rows) };
    Evaluated::Owned(masks.decided(flags))
}

/// Two values; NULL and values of different types compare as false.
fn values_compare(op: CompareOp, a: &Value, b: &Value) -> bool {
    let ordering = match (a, b) {
        (Value::Number(a), Value::Number(b)) => decimal::compare(*a, *b),
        (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        _ => return false,
    };
    op.holds(ordering)
}

/// Rows as if all were known.
pub(super) fn rows_compare(op: CompareOp, a: &View<'_>, b: &View<'_>, rows: usize) -> Vec<bool> {
    match (a.data, b.data) {
        (ViewData::Rows(DataRef::Text { .. }), _) | (_, ViewData::Rows(DataRef::Text { .. })) => {
            text::compare(op, a, b, rows)
        }
        (ViewData::Rows(DataRef::Date(_)), _) | (_, ViewData::Rows(DataRef::Date(_))) => {
            sides(op, &dates::days(a), &dates::days(b), rows)
        }
        (ViewData::Rows(DataRef::Flag(_)), _) | (_, ViewData::Rows(DataRef::Flag(_))) => {
            sides(op, &flags(a), &flags(b), rows)
        }
        (ViewData::Rows(DataRef::Narrow { scale, values }), ViewData::Constant(literal)) => {
            with_literal(op, scale, values, literal)
        }
        (ViewData::Constant(literal), ViewData::Rows(DataRef::Narrow { scale, values })) => {
            with_literal(op.flipped(), scale, values, literal)
        }
        _ => numbers(op, &Numbers::of(a), &Numbers::of(b), rows),
    }
}

fn numbers(op: CompareOp, a: &Numbers<'_>, b: &Numbers<'_>, rows: usize) -> Vec<bool> {
    match align(a, b) {
        Pair::Narrow(_, a, b) => sides(op, &a, &b, rows),
        Pair::Wide(_, a, b) => sides(op, &a, &b, rows),
        Pair::Exact(a, b) => zip(&a, &b, rows, |a, b| op.holds(decimal::compare(a, b))),
    }
}

fn flags<'e>(view: &View<'e>) -> Side<'e, bool> {
    match view.data {
        ViewData::Rows(DataRef::Flag(values)) => Side::Each(values.into()),
        ViewData::Constant(Value::Flag(flag)) => Side::One(*flag),
        _ => Side::One(false),
    }
}

/// A column with a literal: the literal is rescaled once, then one integer comparison a row.
fn with_literal(op: CompareOp, scale: u8, values: &[i64], literal: &Value) -> Vec<bool> {
    let Value::Number(literal) = literal else {
        return vec![false; values.len()];
    };
    match rescaled(*literal, scale) {
        Bound::At(bound) => sides(op, &Side::Each(values.into()), &Side::One(bound), values.len()),
        // Between two whole numbers: nothing equals it, and what is not above `bound` is below.
        Bound::JustAbove(bound) => {
            let op = match op {
                CompareOp::Less | CompareOp::LessOrEqual => CompareOp::LessOrEqual,
                CompareOp::Greater | CompareOp::GreaterOrEqual => CompareOp::Greater,
                CompareOp::Equal | CompareOp::NotEqual => {
                    return vec![op == CompareOp::NotEqual; values.len()];
                }
            };
            sides(op, &Side::Each(values.into()), &Side::One(bound), values.len())
        }
        Bound::Beyond(ordering) => vec![op.holds(ordering); values.len()],
    }
}

/// Where a literal stands among the whole numbers of a column.
enum Bound {
    At(i64),
    /// Above this whole number and below the next.
    JustAbove(i64),
    /// How every 64-bit number compares with it.
    Beyond(Ordering),
}

fn rescaled(literal: Decimal, scale: u8) -> Bound {
    let literal = literal.normalize();
    let scale = u32::from(scale);
    let (whole, exact) = match literal.scale().checked_sub(scale) {
        Some(more) if more > 0 => {
            // A normalised literal with more places than the column is between two numbers.
            let divisor = 10i128.pow(more);
            (Some(literal.mantissa().div_euclid(divisor)), false)
        }
        _ => (decimal::raised(literal, scale), true),
    };
    match whole.map(i64::try_from) {
        Some(Ok(whole)) if exact => Bound::At(whole),
        Some(Ok(whole)) => Bound::JustAbove(whole),
        _ if literal.is_sign_negative() => Bound::Beyond(Ordering::Greater),
        _ => Bound::Beyond(Ordering::Less),
    }
}

/// One comparison a row, with the operator outside of the loop.
pub(super) fn sides<T: Copy + Ord>(
    op: CompareOp,
    a: &Side<'_, T>,
    b: &Side<'_, T>,
    rows: usize,
) -> Vec<bool> {
    match op {
        CompareOp::Equal => zip(a, b, rows, |a, b| a == b),
        CompareOp::NotEqual => zip(a, b, rows, |a, b| a != b),
        CompareOp::Less => zip(a, b, rows, |a, b| a < b),
        CompareOp::LessOrEqual => zip(a, b, rows, |a, b| a <= b),
        CompareOp::Greater => zip(a, b, rows, |a, b| a > b),
        CompareOp::GreaterOrEqual => zip(a, b, rows, |a, b| a >= b),
    }
}
