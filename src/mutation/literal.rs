//! Numbers and durations that stand in a place of their own, or the parameters that stand there.

use rust_decimal::Decimal;

use super::draft::Draft;
use super::known::Known;
use super::{Operator, flow, step};
use crate::expr::Unit;
use crate::lifecycle::Duration;
use crate::pack::Literal;

/// What a literal shows.
pub(super) fn written(literal: &Literal, known: &Known<'_>) -> String {
    match literal {
        Literal::Expr { text, .. } => flow::one_line(&format!("{{ expr: {} }}", text.text.trim())),
        _ => flow::one_line(known.texts.text(literal.span())),
    }
}

/// Another literal in its place.
pub(super) fn replaced(literal: &Literal, new: &str) -> Literal {
    match literal {
        Literal::Scalar { text, .. } | Literal::Expr { text, .. } => {
            let text = text.edited(&[(0..text.text.len(), new.to_owned())]);
            Literal::Scalar { text, quoted: false }
        }
        Literal::List { .. } => literal.clone(),
    }
}

/// A literal with `new` in its place.
pub(super) fn draft(
    operator: Operator,
    variant: u32,
    literal: &Literal,
    new: &str,
    known: &Known<'_>,
) -> Draft<Literal> {
    Draft {
        operator,
        variant,
        span: literal.span(),
        before: written(literal, known),
        after: new.to_owned(),
        new: replaced(literal, new),
    }
}

/// The number that a literal is, and the smallest step away from it.
pub(super) fn number(
    literal: &Literal,
    unit: Unit,
    known: &Known<'_>,
) -> Option<(Decimal, Decimal)> {
    let Literal::Scalar { text, quoted: false } = literal else { return None };
    let written = text.text.trim();
    let value = known.number(written)?;
    let places = match known.parameter(written) {
        Some(_) => value.scale(),
        None => step::places(written),
    };
    Some((value, step::smallest(unit, places, known.money_decimals())))
}

/// The duration that a literal is.
pub(super) fn duration(literal: &Literal, known: &Known<'_>) -> Option<Duration> {
    let Literal::Scalar { text, .. } = literal else { return None };
    known.duration(text.text.trim())
}

/// A percent that is asked, moved up and down.
pub(super) fn thresholds(literal: &Literal, known: &Known<'_>) -> Vec<Draft<Literal>> {
    let Some((value, smallest)) = number(literal, Unit::Percent, known) else { return Vec::new() };
    let moved = step::moved(value, smallest).into_iter();
    moved
        .map(|(variant, moved)| {
            draft(Operator::Threshold, variant, literal, &moved.to_string(), known)
        })
        .collect()
}
