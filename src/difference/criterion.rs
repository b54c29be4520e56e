//! One criterion against another about the same measure, or that asks the same.

use super::clause::Criterion;
use super::side::Side;
use super::words;
use super::written::{Constants, constant};
use crate::criteria::Asked;
use crate::expr::{CompareOp, Expr, SourceId, Unit, Value};

/// `spend 1000 → 1200` where only a number changed, else `spend >= 1000 → spend > 1000`.
pub(super) fn changed(
    (from, old): (&Side<'_>, &Criterion<'_>),
    (to, new): (&Side<'_>, &Criterion<'_>),
    rows: Option<SourceId>,
) -> String {
    let whole = || pair((&old.text, &new.text), (&old.exact, &new.exact));
    if old.leaf.negated != new.leaf.negated || old.subject != new.subject {
        return whole();
    }
    match (old.sides.asked, new.sides.asked) {
        (Asked::Compared(was, a), Asked::Compared(is, b)) if was == is && is_ordered(is) => {
            let unit = unit(new.sides.measured, b);
            match (asked(a, unit), asked(b, unit)) {
                (Some(a), Some(b)) => {
                    let measured = to.expr(new.sides.measured, rows, Constants::Named);
                    format!("{measured} {a} → {b}")
                }
                _ => whole(),
            }
        }
        (Asked::Top(a), Asked::Top(b)) if from.top_size(a) != to.top_size(b) => {
            let not = if new.leaf.negated { "not " } else { "" };
            format!("{not}{} → {}", from.top_size(a), to.top(b))
        }
        _ => whole(),
    }
}

/// Two texts for people; where these are the same, what they come to.
pub(super) fn pair(texts: (&str, &str), exact: (&str, &str)) -> String {
    match texts {
        (a, b) if a == b => format!("{} → {}", exact.0, exact.1),
        (a, b) => format!("{a} → {b}"),
    }
}

/// Whether a number says by itself what a comparison asks.
fn is_ordered(op: CompareOp) -> bool {
    !matches!(op, CompareOp::Equal | CompareOp::NotEqual)
}

fn unit(measured: &Expr, asked: &Expr) -> Unit {
    if measured.unit == Unit::Number { asked.unit } else { measured.unit }
}

/// What is asked, where it is the same for everybody.
fn asked(expr: &Expr, unit: Unit) -> Option<String> {
    match constant(expr)? {
        value @ (Value::Number(_) | Value::Date(_)) => Some(words::value(&value, unit)),
        _ => None,
    }
}
