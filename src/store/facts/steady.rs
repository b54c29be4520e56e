use super::plan::SourcePlan;
use crate::expr::{ColumnId, Expr, Input, Node};
use crate::program::ColumnSource;

/// What of a source's rows is the same as of every date, so that it is worked out once.
#[derive(Debug)]
pub(super) struct Steady {
    /// Computed columns that do not read the date.
    pub(super) computed: Vec<ColumnId>,
    /// Those that do.
    pub(super) moving: Vec<ColumnId>,
    /// By filter: whether it does not.
    pub(super) filters: Vec<bool>,
    /// By `ColumnId`: whether it is to be kept, because a metric or something that moves reads
    /// it.
    pub(super) kept: Vec<bool>,
}

impl Steady {
    pub(super) fn of(plan: &SourcePlan) -> Self {
        let mut steady = Steady {
            computed: Vec::new(),
            moving: Vec::new(),
            filters: Vec::new(),
            kept: vec![false; plan.source.columns.len()],
        };
        for metric in &plan.metrics {
            metric.column.into_iter().for_each(|column| steady.kept[column] = true);
        }
        // Each stands after those it reads.
        for &column in &plan.computed {
            if let ColumnSource::Computed(expr) = &plan.source.columns[column].column {
                if steady.moves(expr) {
                    steady.moving.push(column);
                    steady.keep_inputs(expr);
                } else {
                    steady.computed.push(column);
                }
            }
        }
        for filter in &plan.filters {
            let mut moves = false;
            filter.visit(&mut |expr| moves |= steady.moves(expr));
            if moves {
                filter.visit(&mut |expr| steady.keep_inputs(expr));
            }
            steady.filters.push(!moves);
        }
        for &column in &steady.moving {
            steady.kept[column] = false;
        }
        steady
    }

    fn moves(&self, expr: &Expr) -> bool {
        expr.reads_as_of() || columns_in(expr).iter().any(|column| self.moving.contains(column))
    }

    fn keep_inputs(&mut self, expr: &Expr) {
        columns_in(expr).into_iter().for_each(|column| self.kept[column] = true);
    }
}

fn columns_in(expr: &Expr) -> Vec<ColumnId> {
    let mut columns = Vec::new();
    expr.visit(&mut |expr| {
        if let Node::Input(Input::Column(column)) = expr.node {
            columns.push(column);
        }
    });
    columns
}
