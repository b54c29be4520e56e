use std::collections::HashSet;

use jiff::civil::Date;

use crate::expr::column::{Column, Data};
use crate::expr::days_from_date;
use crate::expr::{Condition, Expr, Input, LadderId, NEVER_DAYS, Node, TierId};
use crate::lifecycle::{NO_DAY, Review, Span, Standings};
use crate::metrics::population::StandingColumns;
use crate::program::{BenefitValue, MetricKind, Program, SegmentRule, Ties};

/// The columns that a program reads from standings (`in_tier`, `holds`, `days_held`,
/// `days_since_held`, `in_grace`), as of a date.
///
/// `days_held` is 0 for those who do not hold the tier now; `days_since_held` of those is "never"
/// where they never did.
pub fn standing_columns(program: &Program, standings: &Standings, as_of: Date) -> StandingColumns {
    let mut columns = StandingColumns::default();
    for input in inputs(program) {
        if let Some(column) = column(input, standings, days_from_date(as_of)) {
            columns.columns.insert(input, column);
        }
    }
    columns
}

fn column(input: Input, standings: &Standings, as_of: i32) -> Option<Column> {
    let tiers = |ladder: LadderId| standings.ladders[ladder].tier.iter().map(|code| code.tier());
    Some(match input {
        Input::InTier(ladder, tier) => {
            Column::new(Data::Flag(tiers(ladder).map(|now| now == Some(tier)).collect()))
        }
        Input::Holds(ladder, tier) => {
            let holds = tiers(ladder).map(|now| now.is_some_and(|now| now <= tier));
            Column::new(Data::Flag(holds.collect()))
        }
        Input::DaysHeld(ladder, tier) => {
            let since = standings.ladders[ladder].since.iter();
            let days = tiers(ladder).zip(since).map(|(now, since)| match now {
                Some(now) if now == tier && *since != NO_DAY => i64::from(as_of - *since),
                _ => 0,
            });
            Column::narrow(0, days.collect())
        }
        Input::DaysSinceHeld(ladder, tier) => {
            let left_on = standings.ladders[ladder].left_on.get(tier);
            let since_left = |slot: usize| match left_on.and_then(|left_on| left_on.get(slot)) {
                Some(&day) if day != NO_DAY => i64::from(as_of - day),
                _ => NEVER_DAYS,
            };
            let days = tiers(ladder).enumerate().map(|(slot, now)| match now {
                Some(now) if now == tier => 0,
                _ => since_left(slot),
            });
            Column::narrow(0, days.collect())
        }
        Input::InGrace(ladder) => {
            let grace = standings.ladders[ladder].grace_until.iter();
            Column::new(Data::Flag(grace.map(|until| *until != NO_DAY).collect()))
        }
        _ => return None,
    })
}

/// Which tiers' past a program asks for, with `days_since_held`.
pub fn remembered_tiers(program: &Program) -> HashSet<(LadderId, TierId)> {
    let remembered = inputs(program).into_iter().filter_map(|input| match input {
        Input::DaysSinceHeld(ladder, tier) => Some((ladder, tier)),
        _ => None,
    });
    remembered.collect()
}

/// Whether criteria of tiers read what people hold.
pub fn asks_standings(program: &Program) -> bool {
    let mut found = false;
    let mut expr = |expr: &Expr| {
        expr.visit(&mut |expr| {
            found |= matches!(expr.node, Node::Input(input) if is_of_standings(input));
        });
    };
    for tier in program.ladders.iter().flat_map(|ladder| &ladder.tiers) {
        let criteria = std::iter::once(&tier.enter).chain(&tier.keep);
        criteria.for_each(|condition| condition.visit(&mut expr));
        if let Some(Span::Computed(period)) = span(&tier.review) {
            expr(period);
        }
    }
    found
}

fn is_of_standings(input: Input) -> bool {
    matches!(
        input,
        Input::InTier(..)
            | Input::Holds(..)
            | Input::DaysHeld(..)
            | Input::DaysSinceHeld(..)
            | Input::InGrace(_)
    )
}

/// What the program's expressions read from standings, each once.
fn inputs(program: &Program) -> HashSet<Input> {
    let mut found = HashSet::new();
    let mut expr = |expr: &Expr| {
        expr.visit(&mut |expr| {
            if let Node::Input(input) = expr.node
                && is_of_standings(input)
            {
                found.insert(input);
            }
        });
    };
    let conditions = |condition: &Condition<Expr>, expr: &mut dyn FnMut(&Expr)| {
        condition.visit(&mut |inner| expr(inner));
    };
    conditions(&program.settings.population, &mut expr);
    for metric in &program.metrics {
        match &metric.kind {
            MetricKind::Formula { expr: formula, .. } => expr(formula),
            MetricKind::Score(lines) => {
                for line in lines {
                    conditions(&line.when, &mut expr);
                    expr(&line.add);
                }
            }
            _ => {}
        }
    }
    for cutoff in &program.cutoffs {
        expr(&cutoff.measure);
        let (Ties::Include { then } | Ties::Exclude { then } | Ties::BreakBy(then)) = &cutoff.ties;
        then.iter().for_each(&mut expr);
    }
    for tier in program.ladders.iter().flat_map(|ladder| &ladder.tiers) {
        conditions(&tier.enter, &mut expr);
        tier.keep.iter().for_each(|keep| conditions(keep, &mut expr));
        if let Some(Span::Computed(period)) = span(&tier.review) {
            expr(period);
        }
    }
    for segment in &program.segments {
        if let SegmentRule::When(when) = &segment.rule {
            conditions(when, &mut expr);
        }
    }
    program.alerts.iter().for_each(|alert| conditions(&alert.when, &mut expr));
    for benefit in &program.benefits {
        conditions(&benefit.when, &mut expr);
        benefit.cost.iter().for_each(&mut expr);
        let tiers = benefit.tiers.iter().map(|tier| &tier.value);
        for value in tiers.chain(benefit.segments.iter().map(|segment| &segment.value)) {
            match value {
                BenefitValue::Amount(value)
                | BenefitValue::ShippingOver(value)
                | BenefitValue::TextFrom(value) => expr(value),
                BenefitValue::Credit { ceiling, days, guarantor } => {
                    [ceiling, days, guarantor].into_iter().for_each(&mut expr);
                }
                BenefitValue::ShippingAlways | BenefitValue::Text(_) => {}
            }
        }
    }
    found
}

/// The length of time in a review, if it has one.
pub(super) fn span(review: &Review) -> Option<&Span> {
    match review {
        Review::Fixed { period, .. } => Some(period),
        Review::Dynamic(crate::lifecycle::Cadence::Every(period)) => Some(period),
        Review::Dynamic(_) => None,
    }
}
