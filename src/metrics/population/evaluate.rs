//! Expressions over all customers, block by block.

use std::borrow::Cow;

use super::blocks::in_blocks;
use super::calls::Calls;
use super::join::join;
use super::view::{Columns, Customers};
use crate::expr::column::Column;
use crate::expr::{Condition, Expr, Input, Node, Truth, evaluate, holds};

/// The column of an expression; a plain metric or attribute is not copied. Rows that are not
/// `active` may have any value.
pub(crate) fn column<'a>(
    columns: Columns<'a>,
    expr: &Expr,
    active: Option<&[bool]>,
    rows: usize,
    threads: usize,
) -> Cow<'a, Column> {
    match expr.node {
        Node::Input(Input::Metric(metric)) => {
            if let Some(column) = &columns.metrics[metric] {
                return Cow::Borrowed(column);
            }
        }
        Node::Input(Input::Attribute(attribute)) => {
            if let Some(column) = &columns.attributes[attribute] {
                return Cow::Borrowed(column);
            }
        }
        _ => {}
    }
    let blocks = map(columns, rows, threads, |block| {
        let active = active.map(|active| &active[block.rows.clone()]);
        evaluate(expr, block, active).into_column(block.rows.len(), expr.ty)
    });
    Cow::Owned(join(blocks, expr.ty))
}

/// Whether a condition holds, for every customer. Rows that are not `active` may have any answer.
pub(crate) fn truth(
    columns: Columns<'_>,
    condition: &Condition<Expr>,
    active: Option<&[bool]>,
    rows: usize,
    threads: usize,
) -> Truth {
    if matches!(condition, Condition::Always) {
        return Truth { holds: vec![true; rows], faults: None };
    }
    let blocks = map(columns, rows, threads, |block| {
        holds(condition, block, active.map(|active| &active[block.rows.clone()]))
    });
    let mut all = Truth { holds: Vec::with_capacity(rows), faults: None };
    for block in blocks {
        let before = all.holds.len();
        all.holds.extend_from_slice(&block.holds);
        match (&mut all.faults, block.faults) {
            (Some(all), Some(faults)) => all.extend(faults),
            (Some(faults), None) => faults.resize(before + block.holds.len(), 0),
            (none, Some(faults)) => {
                let mut padded = vec![0; before];
                padded.extend(faults);
                *none = Some(padded);
            }
            (None, None) => {}
        }
    }
    all
}

/// Calls `work` for every block of customers, in parallel.
pub(crate) fn map<'a, T: Send>(
    columns: Columns<'a>,
    rows: usize,
    threads: usize,
    work: impl Fn(&Customers<'_>) -> T + Sync,
) -> Vec<T> {
    in_blocks(
        rows,
        threads,
        || Calls::new(columns),
        |calls, rows| work(&Customers { columns, rows, calls, benefit_value: None }),
    )
}
