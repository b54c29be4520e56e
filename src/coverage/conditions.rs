//! The conditions of a program whose comparisons can be covered. Filters of rows are none.

use super::point::{Part, Slot};
use crate::criteria::{Leaf, Requirement};
use crate::expr::{Condition, Expr, LadderId, TierId};
use crate::program::{MetricKind, Program, SegmentRule};

/// A condition, and of whom it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'p> {
    pub part: Part,
    pub slot: Slot,
    pub condition: &'p Condition<Expr>,
    pub of: Audience,
}

/// Of whom a condition is asked, and as of when it reads standings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// Everybody, before the pass.
    Before,
    /// Those who hold a tier before the pass.
    HoldersBefore(LadderId, TierId),
    /// Everybody, after the pass.
    After,
    /// Those who hold a tier after the pass.
    HoldersAfter(LadderId, TierId),
    /// Those whose tiers or segments after the pass bring a benefit.
    Candidates(usize),
}

impl<'p> Asked<'p> {
    /// Its comparisons in the order in which they are written.
    pub fn leaves(&self) -> Vec<Leaf<'p>> {
        let leaves = Requirement::of(self.condition).leaves();
        leaves.into_iter().map(|(leaf, _)| leaf).collect()
    }
}

pub(super) fn conditions(program: &Program) -> Vec<Asked<'_>> {
    let mut found = Vec::new();
    for (id, metric) in program.metrics.iter().enumerate() {
        let MetricKind::Score(lines) = &metric.kind else { continue };
        found.extend(lines.iter().enumerate().map(|(index, line)| Asked {
            part: Part::Score(id),
            slot: Slot::Line(index),
            condition: &line.when,
            of: Audience::Before,
        }));
    }
    for (ladder, rules) in program.ladders.iter().enumerate() {
        for (id, tier) in rules.tiers.iter().enumerate() {
            let part = Part::Tier(ladder, id);
            let asked = |slot, condition, of| Asked { part, slot, condition, of };
            found.push(asked(Slot::Enter, &tier.enter, Audience::Before));
            let keep = tier.keep.as_ref();
            let holders = Audience::HoldersBefore(ladder, id);
            found.extend(keep.map(|keep| asked(Slot::Keep, keep, holders)));
        }
    }
    let when = |part, condition, of| Asked { part, slot: Slot::When, condition, of };
    for (id, segment) in program.segments.iter().enumerate() {
        if let SegmentRule::When(condition) = &segment.rule {
            found.push(when(Part::Segment(id), condition, Audience::After));
        }
    }
    for (id, alert) in program.alerts.iter().enumerate() {
        let of = alert
            .holders
            .map_or(Audience::After, |(ladder, tier)| Audience::HoldersAfter(ladder, tier));
        found.push(when(Part::Alert(id), &alert.when, of));
    }
    for (id, benefit) in program.benefits.iter().enumerate() {
        found.push(when(Part::Benefit(id), &benefit.when, Audience::Candidates(id)));
    }
    found
}

/// What a condition comes to for everybody, where that is certain.
pub(super) fn certain(condition: &Condition<Expr>) -> Option<bool> {
    use crate::expr::{Node, Value};
    let all = |list: &[Condition<Expr>], wanted: Option<bool>| {
        list.iter().filter(|condition| certain(condition) == wanted).count()
    };
    match condition {
        Condition::Always => Some(true),
        Condition::Never => Some(false),
        Condition::Expr(expr) => match expr.node {
            Node::Literal(Value::Flag(flag)) => Some(flag),
            _ => None,
        },
        Condition::All(list) if all(list, Some(false)) > 0 => Some(false),
        Condition::All(list) => (all(list, Some(true)) == list.len()).then_some(true),
        Condition::Any { at_least, of } if all(of, Some(true)) >= *at_least => Some(true),
        Condition::Any { at_least, of } => {
            (of.len() - all(of, Some(false)) < *at_least).then_some(false)
        }
        Condition::None(list) if all(list, Some(true)) > 0 => Some(false),
        Condition::None(list) => (all(list, Some(false)) == list.len()).then_some(true),
    }
}
