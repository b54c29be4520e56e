//! Conditions: lists of expressions that are decided in written order.

use super::logic::truth;
use super::{Active, evaluate};
use crate::expr::inputs::{Inputs, Truth};
use crate::expr::tree::{Condition, Expr};

/// Whether a condition holds, for each row. `active`: the rows that matter, as in
/// [`evaluate`].
///
/// `all` is decided by its first false part, `any` as soon as enough parts hold, `none` by its
/// first true part. A fault that is met before that is the condition's.
pub fn holds(condition: &Condition<Expr>, inputs: &dyn Inputs, active: Option<&[bool]>) -> Truth {
    let rows = inputs.len();
    match condition {
        Condition::Always => Truth { holds: vec![true; rows], faults: None },
        Condition::Never => Truth { holds: vec![false; rows], faults: None },
        Condition::Expr(expr) => truth(evaluate(expr, inputs, active), rows),
        Condition::All(list) => {
            decide(list, inputs, active, Goal { part: false, count: 1, reached: false })
        }
        Condition::Any { at_least, of } => {
            decide(of, inputs, active, Goal { part: true, count: *at_least, reached: true })
        }
        Condition::None(list) => {
            decide(list, inputs, active, Goal { part: true, count: 1, reached: false })
        }
    }
}

/// A list is decided when `count` parts were `part`: it is then `reached`, otherwise not.
#[derive(Clone, Copy)]
struct Goal {
    part: bool,
    count: usize,
    reached: bool,
}

fn decide(list: &[Condition<Expr>], inputs: &dyn Inputs, active: Active<'_>, goal: Goal) -> Truth {
    let rows = inputs.len();
    if goal.count == 0 {
        return Truth { holds: vec![goal.reached; rows], faults: None };
    }
    let mut open = active.map_or_else(|| vec![true; rows], <[bool]>::to_vec);
    let mut counts = vec![0usize; if goal.count > 1 { rows } else { 0 }];
    let mut outcome = Truth { holds: vec![!goal.reached; rows], faults: None };
    for part in list {
        if !open.contains(&true) {
            break;
        }
        let truth = holds(part, inputs, Some(&open));
        if let Some(faults) = &truth.faults {
            take_faults(faults, &mut open, &mut outcome);
        }
        if goal.count > 1 {
            count_hits(&truth.holds, goal, &mut counts, &mut open, &mut outcome);
            continue;
        }
        // The usual case, without a branch: many rows in one instruction. Open rows are not yet
        // `reached`.
        let rows = open.iter_mut().zip(&mut outcome.holds).zip(&truth.holds);
        for ((open, holds), part) in rows {
            let decided = *open & (*part == goal.part);
            *holds ^= decided;
            *open &= !decided;
        }
    }
    outcome
}

/// A list that needs several parts: a row is decided with the last of them.
fn count_hits(
    part: &[bool],
    goal: Goal,
    counts: &mut [usize],
    open: &mut [bool],
    outcome: &mut Truth,
) {
    for (row, count) in counts.iter_mut().enumerate() {
        let hit = open[row] & (part[row] == goal.part);
        *count += usize::from(hit);
        if hit && *count == goal.count {
            outcome.holds[row] = goal.reached;
            open[row] = false;
        }
    }
}

/// A fault in an open row is the outcome there.
fn take_faults(faults: &[u8], open: &mut [bool], outcome: &mut Truth) {
    let rows = faults.len();
    for row in 0..rows {
        if open[row] && faults[row] != 0 {
            outcome.faults.get_or_insert_with(|| vec![0; rows])[row] = faults[row];
            outcome.holds[row] = false;
            open[row] = false;
        }
    }
}
