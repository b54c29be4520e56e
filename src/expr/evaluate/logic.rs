//! `!`, `&&`, `||` and `if`. A flag that is NULL reads as false. A side that is not needed is
//! not evaluated, and its faults do not count.

use std::borrow::Cow;

use super::masks::{View, ViewData};
use super::select::select;
use super::{Active, evaluate};
use crate::expr::column::{Column, Data, DataRef};
use crate::expr::inputs::{Evaluated, Inputs, Truth};
use crate::expr::tree::Expr;
use crate::expr::value::{Type, Value};

/// The flags of an outcome, false where NULL or a fault.
pub(super) fn flags<'e>(view: &View<'e>, rows: usize) -> Cow<'e, [bool]> {
    let flags: Cow<'e, [bool]> = match view.data {
        ViewData::Rows(DataRef::Flag(flags)) => flags.into(),
        ViewData::Constant(Value::Flag(flag)) => vec![*flag; rows].into(),
        _ => vec![false; rows].into(),
    };
    if view.known.is_none() && view.faults.is_none() {
        return flags;
    }
    let mut flags = flags.into_owned();
    if let Some(known) = view.known {
        flags.iter_mut().zip(known).for_each(|(flag, known)| *flag &= known);
    }
    if let Some(faults) = view.faults {
        flags.iter_mut().zip(faults).for_each(|(flag, fault)| *flag &= *fault == 0);
    }
    flags.into()
}

/// An outcome as the truth of a condition.
pub(super) fn truth(outcome: Evaluated<'_>, rows: usize) -> Truth {
    match outcome {
        Evaluated::Fault(fault) => {
            Truth { holds: vec![false; rows], faults: Some(vec![fault as u8; rows]) }
        }
        Evaluated::Owned(Column { data: Data::Flag(holds), known: None, faults: None }) => {
            Truth { holds, faults: None }
        }
        outcome => {
            let view = outcome.view();
            let holds = flags(&view, rows).into_owned();
            Truth { holds, faults: view.faults.map(<[u8]>::to_vec) }
        }
    }
}

impl Truth {
    pub(super) fn into_evaluated<'a>(self) -> Evaluated<'a> {
        let Truth { holds, faults } = self;
        Evaluated::Owned(Column { data: Data::Flag(holds), known: None, faults })
    }

    pub(super) fn fault_free(&self, row: usize) -> bool {
        self.faults.as_ref().is_none_or(|faults| faults[row] == 0)
    }
}

pub(super) fn not<'a>(inner: &Evaluated<'_>, rows: usize) -> Evaluated<'a> {
    let view = inner.view();
    if let Some(value) = view.constant() {
        return Evaluated::Constant(Value::Flag(*value != Value::Flag(true)));
    }
    if let Some(fault) = view.fault {
        return Evaluated::Fault(fault);
    }
    let mut holds: Vec<bool> = flags(&view, rows).iter().map(|flag| !flag).collect();
    if let Some(faults) = view.faults {
        holds.iter_mut().zip(faults).for_each(|(flag, fault)| *flag &= *fault == 0);
    }
    Truth { holds, faults: view.faults.map(<[u8]>::to_vec) }.into_evaluated()
}

pub(super) fn both<'a>(
    a: &Expr,
    b: &Expr,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
) -> Evaluated<'a> {
    short_circuit(a, b, inputs, active, true)
}

pub(super) fn either<'a>(
    a: &Expr,
    b: &Expr,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
) -> Evaluated<'a> {
    short_circuit(a, b, inputs, active, false)
}

/// The right side is asked where the left is `undecided`: true for `&&`, false for `||`.
fn short_circuit<'a>(
    a: &Expr,
    b: &Expr,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
    undecided: bool,
) -> Evaluated<'a> {
    let rows = inputs.len();
    let left = match evaluate(a, inputs, active) {
        Evaluated::Fault(fault) => return Evaluated::Fault(fault),
        Evaluated::Constant(value) if (value == Value::Flag(true)) != undecided => {
            return Evaluated::Constant(Value::Flag(!undecided));
        }
        Evaluated::Constant(_) => {
            return match evaluate(b, inputs, active) {
                Evaluated::Constant(value) => {
                    Evaluated::Constant(Value::Flag(value == Value::Flag(true)))
                }
                Evaluated::Fault(fault) => Evaluated::Fault(fault),
                right => truth(right, rows).into_evaluated(),
            };
        }
        left => truth(left, rows),
    };
    let asked: Vec<bool> = (0..rows)
        .map(|row| left.holds[row] == undecided && left.fault_free(row) && is_active(active, row))
        .collect();
    if !asked.contains(&true) {
        return left.into_evaluated();
    }
    let right = truth(evaluate(b, inputs, Some(&asked)), rows);
    let Truth { mut holds, mut faults } = left;
    for row in 0..rows {
        holds[row] = if asked[row] { right.holds[row] } else { holds[row] };
    }
    if let Some(right) = &right.faults {
        let faults = faults.get_or_insert_with(|| vec![0; rows]);
        for row in (0..rows).filter(|row| asked[*row]) {
            faults[row] = right[row];
        }
    }
    Truth { holds, faults }.into_evaluated()
}

pub(super) fn is_active(active: Active<'_>, row: usize) -> bool {
    active.is_none_or(|active| active[row])
}

/// `if`: `branch` is asked with `true` for the rows where the condition holds, with `false`
/// for the others.
pub(super) fn choose<'a>(
    condition: &Expr,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
    branch: impl Fn(&'a dyn Inputs, Active<'_>, bool) -> Evaluated<'a>,
    ty: Type,
) -> Evaluated<'a> {
    let rows = inputs.len();
    let chosen = match evaluate(condition, inputs, active) {
        Evaluated::Fault(fault) => return Evaluated::Fault(fault),
        Evaluated::Constant(value) => return branch(inputs, active, value == Value::Flag(true)),
        outcome => truth(outcome, rows),
    };
    let asked = |which: bool| -> Vec<bool> {
        (0..rows)
            .map(|row| {
                chosen.holds[row] == which && chosen.fault_free(row) && is_active(active, row)
            })
            .collect()
    };
    let (then, otherwise) = (asked(true), asked(false));
    if chosen.faults.is_none() {
        if !otherwise.contains(&true) {
            return branch(inputs, Some(&then), true);
        }
        if !then.contains(&true) {
            return branch(inputs, Some(&otherwise), false);
        }
    }
    let a = branch(inputs, Some(&then), true);
    let b = branch(inputs, Some(&otherwise), false);
    select(&chosen, &a, &b, ty, rows)
}
