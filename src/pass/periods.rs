//! The review periods that differ by customer, and the dates that do not.

use std::cell::Cell;

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;

use super::standing_columns::span;
use crate::expr::column::Data;
use crate::expr::date_from_days;
use crate::expr::{Expr, Fault, Node, TierId, Type, Value, evaluate};
use crate::lifecycle::{
    Cadence, CountedFrom, Duration, Move, Review, ReviewFrom, ReviewRule, Span, Transition,
};
use crate::metrics::population::Customers;
use crate::program::{Ladder, MonthDay};

/// The longest period that a script or expression may give: that of a written one.
const LONGEST_DAYS: u32 = 366_000;

/// Completes the moves of one block that begin a period; gives the fault of those whose period
/// could not be computed.
pub(super) fn begin(
    ladder: &Ladder,
    year_starts: MonthDay,
    block: &Customers<'_>,
    moves: &[(u32, Move)],
    as_of: Date,
) -> Vec<Result<Transition, Fault>> {
    let start = block.rows.start;
    let periods: Vec<Option<Vec<Result<Duration, Fault>>>> = ladder
        .tiers
        .iter()
        .enumerate()
        .map(|(tier, rule)| match span(&rule.review) {
            Some(Span::Computed(expr)) => {
                let mut asked = vec![false; block.rows.len()];
                for (slot, chosen) in moves {
                    asked[*slot as usize - start] |=
                        chosen.begins.is_some() && chosen.to.tier == Some(tier);
                }
                if !asked.contains(&true) {
                    return None;
                }
                Some(computed(expr, block, &asked))
            }
            _ => None,
        })
        .collect();
    let known = Cell::new(None);
    moves
        .iter()
        .map(|(slot, chosen)| match (chosen.to.tier, chosen.begins) {
            (Some(tier), Some(_)) => {
                let row = *slot as usize - start;
                let computed = periods[tier].as_ref().map(|periods| periods[row]).transpose()?;
                let rule = rule(&ladder.tiers[tier].review, computed, block, row);
                Ok(begin_like_last(&known, *chosen, tier, &rule, year_starts, as_of))
            }
            _ => Ok(Transition { to: chosen.to, event: chosen.event }),
        })
        .collect()
}

/// The periods of those who are asked. A script may give days for one and text for another,
/// while an expression has one type: where it does not fit, the other one is tried.
fn computed(expr: &Expr, block: &Customers<'_>, asked: &[bool]) -> Vec<Result<Duration, Fault>> {
    let of = |expr: &Expr, asked: &[bool]| -> Vec<Result<Duration, Fault>> {
        let value = evaluate(expr, block, Some(asked));
        let rows = asked.iter().enumerate();
        rows.map(|(row, asked)| match asked {
            true => period(value.value(row)),
            false => Err(Fault::ScriptType),
        })
        .collect()
    };
    let mut periods = of(expr, asked);
    let ty = if expr.ty == Type::Number { Type::Text } else { Type::Number };
    let misfits: Vec<bool> = asked
        .iter()
        .zip(&periods)
        .map(|(asked, period)| *asked && *period == Err(Fault::ScriptType))
        .collect();
    if matches!(expr.node, Node::Script { .. }) && misfits.contains(&true) {
        let other = of(&Expr { ty, ..expr.clone() }, &misfits);
        for (row, period) in other.into_iter().enumerate().filter(|(row, _)| misfits[*row]) {
            periods[row] = period;
        }
    }
    periods
}

/// What the last period was of: its tier, rule, start and `since`, and the review it led to.
type Last = (TierId, ReviewRule, Option<Date>, Option<Date>, Date);

/// Many begin the same period on the same day: the calendar is asked once.
fn begin_like_last(
    last: &Cell<Option<Last>>,
    chosen: Move,
    tier: TierId,
    rule: &ReviewRule,
    year_starts: MonthDay,
    as_of: Date,
) -> Transition {
    let (start, since) = (chosen.begins, chosen.to.since);
    if let Some((of, with, from, entered, on)) = last.get()
        && (of, with, from, entered) == (tier, *rule, start, since)
    {
        return chosen.reviewed(rule, on);
    }
    let transition = chosen.begin(rule, year_starts, as_of);
    if let Some(on) = transition.to.review_on {
        last.set(Some((tier, *rule, start, since, on)));
    }
    transition
}

fn rule(
    review: &Review,
    computed: Option<Duration>,
    block: &Customers<'_>,
    row: usize,
) -> ReviewRule {
    let length = |span: &Span| match (span, computed) {
        (Span::Fixed(duration), _) => *duration,
        (Span::Computed(_), computed) => computed.unwrap_or(Duration::days(1)),
    };
    match review {
        Review::Fixed { period, from, round } => {
            let from = match *from {
                ReviewFrom::Evaluation => CountedFrom::Evaluation,
                ReviewFrom::Entry => CountedFrom::Entry,
                ReviewFrom::EachYear(day) => CountedFrom::EachYear(day),
                ReviewFrom::Attribute(attribute) => {
                    let column = block.columns.attributes[attribute].as_ref();
                    let slot = block.rows.start + row;
                    match column {
                        Some(column) if column.is_known(slot) && column.fault(slot).is_none() => {
                            match &column.data {
                                Data::Date(days) => CountedFrom::Date(date_from_days(days[slot])),
                                _ => CountedFrom::Evaluation,
                            }
                        }
                        _ => CountedFrom::Evaluation,
                    }
                }
            };
            ReviewRule::Fixed { period: length(period), from, round: *round }
        }
        Review::Dynamic(Cadence::Tick(tick)) => ReviewRule::Tick(*tick),
        Review::Dynamic(Cadence::Every(period)) => ReviewRule::Every(length(period)),
    }
}

/// Whole days from 1, or duration text.
fn period(value: Result<Value, Fault>) -> Result<Duration, Fault> {
    let duration = match value? {
        Value::Number(days) if days.fract().is_zero() => {
            days.to_u32().filter(|days| (1..=LONGEST_DAYS).contains(days)).map(Duration::days)
        }
        // A script's number arrives as its digits where a text is wanted.
        Value::Text(text) => text.parse().ok().or_else(|| {
            let days = text.parse().ok()?;
            (1..=LONGEST_DAYS).contains(&days).then(|| Duration::days(days))
        }),
        _ => None,
    };
    duration.ok_or(Fault::ScriptType)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_duration_texts() {
        let days = |text: &str| Value::Number(text.parse().expect("a number"));
        assert_eq!(period(Ok(days("30"))), Ok(Duration::days(30)));
        assert_eq!(period(Ok(days("30.000000"))), Ok(Duration::days(30)));
        assert_eq!(period(Ok(Value::text("10 months"))), Ok("10 months".parse().expect("one")));
        for wrong in
            [days("0"), days("-1"), days("1.5"), days("400000"), Value::text("soon"), Value::Null]
        {
            assert_eq!(period(Ok(wrong)), Err(Fault::ScriptType));
        }
        assert_eq!(period(Err(Fault::Overflow)), Err(Fault::Overflow));
    }
}
