//! Who is in which segment after a pass.

use super::faults::{FaultPlace, Faults};
use super::near;
use super::outcome::Membership;
use crate::expr::column::{Column, Data};
use crate::expr::{Condition, Expr, Input, Node, SegmentId, Truth};
use crate::lifecycle::Standings;
use crate::metrics::population::{Population, StandingColumns, truth};
use crate::program::{Program, SegmentRule};

/// Computes all segments, each after those it reads, and adds their columns to `columns`.
pub(super) fn all(
    program: &Program,
    population: &Population,
    standings: &Standings,
    columns: &mut StandingColumns,
    faults: &mut Faults,
    threads: usize,
) -> Vec<Membership> {
    let mut done: Vec<Option<Membership>> = vec![None; program.segments.len()];
    for segment in order(program) {
        let rows = population.len();
        let truth = match &program.segments[segment].rule {
            SegmentRule::When(when) => {
                truth(population.columns(program, columns), when, None, rows, threads)
            }
            SegmentRule::Near { ladder, tier, short_by } => {
                let columns = population.columns(program, columns);
                let near = (*ladder, *tier);
                near::truth_of_near(columns, population, standings, near, *short_by, threads)
            }
        };
        faults.truth(FaultPlace::Segment(segment), &truth);
        let column = Column::new(Data::Flag(truth.holds.clone()));
        columns.columns.insert(Input::InSegment(segment), column);
        done[segment] = Some(Membership::new(truth.holds));
    }
    done.into_iter().map(Option::unwrap_or_default).collect()
}

/// Every segment once, after those that it reads.
fn order(program: &Program) -> Vec<SegmentId> {
    let mut order = Vec::new();
    let mut seen = vec![false; program.segments.len()];
    (0..program.segments.len()).for_each(|segment| place(program, segment, &mut seen, &mut order));
    order
}

fn place(program: &Program, segment: SegmentId, seen: &mut [bool], order: &mut Vec<SegmentId>) {
    if std::mem::replace(&mut seen[segment], true) {
        return;
    }
    let condition: &Condition<Expr> = match &program.segments[segment].rule {
        SegmentRule::When(when) => when,
        SegmentRule::Near { ladder, tier, .. } => &program.ladders[*ladder].tiers[*tier].enter,
    };
    let mut reads = Vec::new();
    condition.visit(&mut |expr| {
        expr.visit(&mut |expr| {
            if let Node::Input(Input::InSegment(other)) = expr.node {
                reads.push(other);
            }
        });
    });
    reads.into_iter().for_each(|other| place(program, other, seen, order));
    order.push(segment);
}

/// The answers of those who were asked; of others it does not hold.
pub(super) fn only(mut truth: Truth, asked: &[bool]) -> Truth {
    truth.holds.iter_mut().zip(asked).for_each(|(holds, asked)| *holds &= asked);
    if let Some(faults) = &mut truth.faults {
        faults.iter_mut().zip(asked).for_each(|(fault, asked)| *fault *= u8::from(*asked));
    }
    truth
}
