use std::borrow::Cow;
use std::sync::Arc;

use super::computed::ComputedColumns;
use super::plan::SourcePlan;
use super::rows::RowReader;
use super::scan::{Happened, ends};
use super::steady::Steady;
use super::work::TakeBlock;
use crate::expr::column::{Column, Data, Dictionary};
use crate::expr::{ColumnId, Truth, holds};

/// Rows of one source, with what is the same of them as of every date.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) slots: Vec<u32>,
    pub(super) days: Vec<i32>,
    times: Vec<i64>,
    ends: (i32, i32),
    /// By `ColumnId`; see [`Steady::kept`].
    pub(super) columns: Vec<Option<Column>>,
    /// By filter; see [`Steady::filters`].
    truths: Vec<Option<Truth>>,
}

impl Kept {
    pub(super) fn happened(&self) -> Happened<'_> {
        Happened {
            slots: &self.slots,
            all_known: true,
            days: &self.days,
            times: &self.times,
            ends: self.ends,
        }
    }

    pub(super) fn columns(&self) -> Vec<Option<Cow<'_, Column>>> {
        self.columns.iter().map(|column| column.as_ref().map(Cow::Borrowed)).collect()
    }

    pub(super) fn truths(&self) -> Vec<Option<Cow<'_, Truth>>> {
        self.truths.iter().map(|truth| truth.as_ref().map(Cow::Borrowed)).collect()
    }

    /// Nothing more is appended.
    pub(super) fn closed(mut self) -> Self {
        self.ends = ends(&self.days);
        self
    }

    /// Appends rows of another block, whose slots here are counted from `first`.
    pub(super) fn append(&mut self, from: &Kept, rows: &[u32], first: u32) {
        if self.slots.is_empty() {
            let empty = |column: &Column| column.empty_like();
            self.columns = from.columns.iter().map(|column| column.as_ref().map(empty)).collect();
            let none = |_: &Truth| Truth { holds: Vec::new(), faults: None };
            self.truths = from.truths.iter().map(|truth| truth.as_ref().map(none)).collect();
        }
        self.slots.extend(rows.iter().map(|&row| from.slots[row as usize] - first));
        self.days.extend(rows.iter().map(|&row| from.days[row as usize]));
        if !from.times.is_empty() {
            self.times.extend(rows.iter().map(|&row| from.times[row as usize]));
        }
        let columns = self.columns.iter_mut().zip(&from.columns);
        for (to, from) in columns.filter_map(|(to, from)| to.as_mut().zip(from.as_ref())) {
            to.append(from, rows);
        }
        let truths = self.truths.iter_mut().zip(&from.truths);
        for (to, from) in truths.filter_map(|(to, from)| to.as_mut().zip(from.as_ref())) {
            to.append(from, rows);
        }
    }
}

/// Keeps the rows of one source that a thread reads.
#[derive(Debug)]
pub(super) struct Keeper<'p> {
    plan: &'p SourcePlan<'p>,
    steady: &'p Steady,
    computed: ComputedColumns<'p>,
    has_times: bool,
    blocks: Vec<Kept>,
}

impl<'p> Keeper<'p> {
    pub(super) fn new(
        plan: &'p SourcePlan<'p>,
        steady: &'p Steady,
        computed: ComputedColumns<'p>,
    ) -> Self {
        Self { plan, steady, computed, has_times: plan.needs_times(), blocks: Vec::new() }
    }

    /// The texts of a kept column of texts; `rows` are those that were read.
    pub(super) fn texts<'a>(
        &'a self,
        rows: &'a RowReader,
        column: ColumnId,
    ) -> Option<&'a Arc<Dictionary>> {
        if !self.steady.kept[column] {
            return None;
        }
        rows.stored_texts(self.plan, column).or_else(|| self.computed.texts(column))
    }

    pub(super) fn into_blocks(self) -> Vec<Kept> {
        self.blocks
    }
}

impl TakeBlock for Keeper<'_> {
    fn take(&mut self, rows: &mut RowReader, _: bool) {
        let columns = rows.take_columns(self.plan);
        let block = self.computed.block(&rows.days, columns, &self.steady.computed);
        let filters = self.plan.filters.iter().zip(&self.steady.filters);
        let truths = filters.map(|(filter, steady)| steady.then(|| holds(filter, &block, None)));
        let truths = truths.collect();
        let columns = block.columns.into_iter().zip(&self.steady.kept);
        let columns = columns
            .map(|(column, kept)| column.filter(|_| *kept))
            .map(|column| column.map(|column| without_texts(column.into_owned())))
            .collect();
        self.blocks.push(Kept {
            slots: rows.slots.clone(),
            days: rows.days.clone(),
            times: if self.has_times { rows.times.clone() } else { Vec::new() },
            ends: ends(&rows.days),
            columns,
            truths,
        });
    }
}

/// The dictionary goes on growing, which it could not if a block shared it.
fn without_texts(mut column: Column) -> Column {
    if let Data::Text { dictionary, .. } = &mut column.data {
        *dictionary = Arc::default();
    }
    column
}
