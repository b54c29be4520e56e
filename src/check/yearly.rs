//! Whether a metric is what a year brings: a benefit's cost is for a year.

use super::checker::{Checker, Draft};
use crate::expr::{Expr, Input, Node};
use crate::lifecycle::{Duration, DurationUnit};
use crate::program::{Aggregate, MetricKind, Window};

impl Checker<'_> {
    /// Whether a metric is what a year brings, or a rate that no length of time changes.
    pub fn is_yearly(&self, kind: &MetricKind) -> bool {
        match kind {
            MetricKind::Rows(row) => match row.aggregate {
                Aggregate::Count | Aggregate::Sum(_) => covers_a_year(row.window),
                _ => true,
            },
            MetricKind::Formula { expr, .. } => self.expr_is_yearly(expr),
            _ => true,
        }
    }

    /// A product or quotient may bring a sum to a year, so only what stands for itself counts.
    pub fn expr_is_yearly(&self, expr: &Expr) -> bool {
        match &expr.node {
            Node::Input(Input::Metric(id)) => match &self.drafts[*id] {
                Draft::Done(metric) => metric.yearly,
                _ => true,
            },
            Node::Arithmetic(
                crate::expr::ArithmeticOp::Add | crate::expr::ArithmeticOp::Subtract,
                a,
                b,
            ) => self.expr_is_yearly(a) && self.expr_is_yearly(b),
            Node::If(_, a, b) => self.expr_is_yearly(a) && self.expr_is_yearly(b),
            _ => true,
        }
    }
}

fn covers_a_year(window: Window) -> bool {
    use crate::program::Period;
    match window {
        Window::Trailing(Duration { count, unit }) => match unit {
            DurationUnit::Year => count == 1,
            DurationUnit::Month => count == 12,
            DurationUnit::Week => count == 52,
            DurationUnit::Day => matches!(count, 364..=366),
        },
        Window::Calendar(Period::Year)
        | Window::Previous(Period::Year)
        | Window::MembershipYear(_)
        | Window::PreviousMembershipYear(_) => true,
        _ => false,
    }
}
