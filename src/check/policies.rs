//! A `keep` that is asked right after its calendar period begins would demote everybody.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::{AttributeId, Condition, Expr, Input, MetricId, Node};
use crate::lifecycle::{Cadence, DurationUnit, Review, ReviewFrom, Round, Span as Length, Tick};
use crate::pack::ParsedPack;
use crate::program::{Ladder, Metric, MetricKind, Period, Window};
use crate::source::Span;

/// Reports every calendar-window metric in a `keep` whose review falls on the first day of
/// that calendar period.
pub(super) fn refuse_fresh_periods(
    ladders: &[Ladder],
    metrics: &[Metric],
    pack: &ParsedPack,
    findings: &mut Diagnostics,
) {
    let year_starts = pack.settings.year_starts.as_ref().map(|starts| starts.value);
    for tier in ladders.iter().flat_map(|ladder| &ladder.tiers) {
        let Some(keep) = &tier.keep else { continue };
        for (metric, running, span) in running_metrics(keep, metrics) {
            let begins = match running {
                Running::Calendar(period) => begins_with(&tier.review, period, year_starts),
                Running::MembershipYear(joined) => on_anniversaries(&tier.review, joined),
            };
            if !begins {
                continue;
            }
            let name = &metrics[metric].name;
            findings.push(
                Diagnostic::new(
                    Code::FreshPeriod,
                    span,
                    format!(
                        "`{name}` begins again just when `{}` is reviewed, so nobody would keep it",
                        tier.name
                    ),
                )
                .help(format!("ask for the period before: `previous({name})`")),
            );
        }
    }
}

/// A period that is running, and begins with nothing in it.
#[derive(Debug, Clone, Copy)]
enum Running {
    Calendar(Period),
    MembershipYear(AttributeId),
}

/// The metrics over a running period that a condition depends on, unless it also looks at the
/// period before.
fn running_metrics(
    condition: &Condition<Expr>,
    metrics: &[Metric],
) -> Vec<(MetricId, Running, Span)> {
    let mut found = Vec::new();
    condition.visit(&mut |expr| {
        let mut here = Vec::new();
        let mut looks_back = false;
        expr.visit(&mut |node| {
            let Node::Input(Input::Metric(id)) = node.node else { return };
            let Some(Metric { kind: MetricKind::Rows(row), .. }) = metrics.get(id) else { return };
            match row.window {
                Window::Calendar(period) if row.ago.is_none() => {
                    here.push((id, Running::Calendar(period), node.span));
                }
                Window::MembershipYear(joined) if row.ago.is_none() => {
                    here.push((id, Running::MembershipYear(joined), node.span));
                }
                Window::Previous(_) | Window::PreviousMembershipYear(_) => looks_back = true,
                _ => {}
            }
        });
        if !looks_back {
            found.extend(here);
        }
    });
    found
}

/// Whether a review falls on anniversaries of a date of the customer.
fn on_anniversaries(review: &Review, joined: AttributeId) -> bool {
    let Review::Fixed { period: Length::Fixed(period), from, round: None } = review else {
        return false;
    };
    let whole_years = match period.unit {
        DurationUnit::Year => true,
        DurationUnit::Month => period.count.is_multiple_of(12),
        DurationUnit::Day | DurationUnit::Week => false,
    };
    *from == ReviewFrom::Attribute(joined) && whole_years
}

/// Whether a review falls on the first day of a calendar period.
fn begins_with(
    review: &Review,
    period: Period,
    year_starts: Option<crate::program::MonthDay>,
) -> bool {
    let year_is_calendar = year_starts.is_none_or(|starts| starts.day == 1);
    match review {
        Review::Dynamic(Cadence::Tick(Tick::Weekly)) => period == Period::Week,
        // The first of a month is the first day of a quarter or year that begins with a month.
        Review::Dynamic(Cadence::Tick(Tick::Monthly)) => {
            period == Period::Month || (period != Period::Week && year_is_calendar)
        }
        Review::Dynamic(Cadence::Tick(Tick::Daily) | Cadence::Every(_)) => false,
        Review::Fixed { round: Some(round), .. } => match round {
            Round::Month => period == Period::Month || period != Period::Week && year_is_calendar,
            Round::Quarter => matches!(period, Period::Quarter | Period::HalfYear | Period::Year),
            Round::HalfYear => matches!(period, Period::HalfYear | Period::Year),
            Round::Year => period == Period::Year,
        },
        Review::Fixed { from: ReviewFrom::EachYear(day), round: None, .. } => {
            let starts = year_starts.unwrap_or(crate::program::MonthDay { month: 1, day: 1 });
            match period {
                Period::Month => day.day == 1,
                Period::Year => *day == starts,
                _ => false,
            }
        }
        Review::Fixed { .. } => false,
    }
}
