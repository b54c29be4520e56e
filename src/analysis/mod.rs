//! What a pack's conditions mean together: contradictions, tiers that nobody reaches, numbers in
//! the wrong order.
//!
//! In: a lowered program with the parameter values in effect, and the parsed pack for places.
//! Out: findings. Never: a finding that is not certain, or IO.
//!
//! 1. `terms` gives every compared expression an identity and the values it can have.
//! 2. `formula` turns a condition into literals on terms, `solve` says whether they can hold.
//! 3. One file per finding asks that question in its own way.

mod comparison;
mod contradiction;
mod division;
mod formula;
mod implication;
mod interval;
mod linear;
mod literal;
mod natural;
mod out_of_order;
mod possible;
mod range;
mod solve;
mod stricter_keep;
mod terms;
mod thresholds;
mod tiers;
mod unreachable;
mod words;
mod worse_benefit;

#[cfg(test)]
mod tests;

pub use possible::{can_be, can_be_unknown};

use crate::diagnostic::Diagnostics;
use crate::expr::{Condition, Expr, Node, SourceId};
use crate::pack::ParsedPack;
use crate::program::{BenefitValue, MetricKind, Program, SegmentRule};
use crate::source::Sources;
use terms::Terms;
use tiers::TierTexts;

/// The findings that need a whole program: what its conditions mean, alone and together.
pub fn analyse(program: &Program, pack: &ParsedPack, texts: &Sources) -> Diagnostics {
    let mut findings = Diagnostics::default();
    for (condition, source) in conditions(program) {
        let mut terms = Terms::new(program, texts, source);
        contradiction::report(condition, &mut terms, &mut findings);
        division::report(condition, &mut terms, &mut findings);
    }
    for expr in formulas(program) {
        choices(expr, program, texts, &mut findings);
    }
    for (ladder, parsed) in program.ladders.iter().zip(&pack.ladders) {
        let places = TierTexts { ladder, parsed };
        let mut terms = Terms::new(program, texts, None);
        unreachable::report(ladder, &places, &mut terms, &mut findings);
        stricter_keep::report(ladder, &places, &mut terms, &mut findings);
        if !places.is_shares() {
            out_of_order::report(ladder, &mut terms, &mut findings);
        }
    }
    worse_benefit::report(program, &mut findings);
    findings
}

/// Every condition of a program, with the source whose rows it reads.
fn conditions(program: &Program) -> Vec<(&Condition<Expr>, Option<SourceId>)> {
    let mut found = vec![(&program.settings.population, None)];
    for metric in program.metrics.iter().filter(|metric| !metric.hidden) {
        match &metric.kind {
            MetricKind::Rows(row) => found.push((&row.filter, Some(row.source))),
            MetricKind::Score(lines) => found.extend(lines.iter().map(|line| (&line.when, None))),
            _ => {}
        }
    }
    for tier in program.ladders.iter().flat_map(|ladder| &ladder.tiers) {
        found.push((&tier.enter, None));
        found.extend(tier.keep.as_ref().map(|keep| (keep, None)));
    }
    for segment in &program.segments {
        if let SegmentRule::When(when) = &segment.rule {
            found.push((when, None));
        }
    }
    found.extend(program.alerts.iter().map(|alert| (&alert.when, None)));
    found.extend(program.benefits.iter().map(|benefit| (&benefit.when, None)));
    found
}

/// The expressions that are no conditions but may choose by one.
fn formulas(program: &Program) -> Vec<&Expr> {
    let mut found = Vec::new();
    for metric in program.metrics.iter().filter(|metric| !metric.hidden) {
        match &metric.kind {
            MetricKind::Formula { expr, .. } => found.push(expr),
            MetricKind::Score(lines) => found.extend(lines.iter().map(|line| &line.add)),
            _ => {}
        }
    }
    for benefit in &program.benefits {
        found.extend(&benefit.cost);
        let values = benefit.tiers.iter().map(|tier| &tier.value);
        for value in values.chain(benefit.segments.iter().map(|segment| &segment.value)) {
            if let BenefitValue::Amount(expr)
            | BenefitValue::ShippingOver(expr)
            | BenefitValue::TextFrom(expr) = value
            {
                found.push(expr);
            }
        }
    }
    found
}

/// Contradictions after the `if`s of a formula.
fn choices(expr: &Expr, program: &Program, texts: &Sources, findings: &mut Diagnostics) {
    expr.visit(&mut |node| {
        if let Node::If(condition, ..) = &node.node {
            let mut terms = Terms::new(program, texts, None);
            contradiction::report_expr(condition, &mut terms, findings);
        }
    });
}
