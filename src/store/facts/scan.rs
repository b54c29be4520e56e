use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::computed::ComputedColumns;
use super::customer::CustomerId;
use super::ids::{Ids, NOWHERE};
use super::plan::{Role, SourcePlan, WindowPlan};
use super::roster::WindowSpan;
use super::rows::{Roster, RowReader};
use super::scripts::RowScripts;
use super::work::TakeBlock;
use crate::expr::column::Column;
use crate::expr::{ColumnId, LadderId, Truth, days_from_date, holds};
use crate::metrics::{Accumulators, Taken};
use crate::program::{Program, Window};

/// What a thread adds up of one source, as of a date.
#[derive(Debug)]
pub(super) struct Scan<'p> {
    plan: &'p SourcePlan<'p>,
    pub(super) computed: ComputedColumns<'p>,
    /// For each window that differs by customer: its first day by slot.
    spans: Vec<Arc<Vec<WindowSpan>>>,
    pub(super) accumulators: Accumulators,
}

/// Whose the rows of a block are, and when they were.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happened<'a> {
    /// [`NOWHERE`]: nobody's, and left out; only where `all_known` does not deny it.
    pub(super) slots: &'a [u32],
    pub(super) all_known: bool,
    pub(super) days: &'a [i32],
    /// Empty where no metric asks for them.
    pub(super) times: &'a [i64],
    /// The first and the last of the days.
    pub(super) ends: (i32, i32),
}

/// The scans of rows as they come from a store, one for each program that asks for them.
pub(super) struct Adding<'p> {
    reading: &'p SourcePlan<'p>,
    pub(super) scans: Vec<TakerScan<'p>>,
    /// By slot whether the customer has a row; empty where nobody asks.
    pub(super) met: Vec<bool>,
}

/// What one program adds up, with its own names for the columns that are read.
pub(super) struct TakerScan<'p> {
    pub(super) scan: Scan<'p>,
    /// By the program's `ColumnId`: that of the column as it is read.
    pub(super) columns: &'p [Option<ColumnId>],
    pub(super) tier_since: &'p (dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync),
}

impl<'p> Adding<'p> {
    pub(super) fn new(reading: &'p SourcePlan<'p>, scans: Vec<TakerScan<'p>>) -> Self {
        Self { reading, scans, met: Vec::new() }
    }

    /// The same, which finds out who of so many customers has a row.
    pub(super) fn meeting(self, customers: usize) -> Self {
        Self { met: vec![false; customers], ..self }
    }
}

impl TakeBlock for Adding<'_> {
    fn take(&mut self, rows: &mut RowReader, all_known: bool) {
        if !self.met.is_empty() {
            for &slot in rows.slots.iter().filter(|slot| **slot != NOWHERE) {
                self.met[slot as usize] = true;
            }
        }
        let read = rows.take_columns(self.reading);
        let happened = Happened {
            slots: &rows.slots,
            all_known,
            days: &rows.days,
            times: &rows.times,
            ends: ends(&rows.days),
        };
        for TakerScan { scan, columns, tier_since } in &mut self.scans {
            if let Roster::Found(ids) = &rows.roster {
                scan.start_windows(ids, *tier_since);
            }
            scan.accumulators.grow(rows.roster.ids().list.len());
            let own =
                columns.iter().map(|column| column.and_then(|column| read[column].as_deref()));
            let own = own.map(|column| column.map(Cow::Borrowed)).collect();
            let plan = scan.plan;
            scan.add(happened, own, &plan.computed, vec![None; plan.filters.len()]);
        }
    }
}

/// The first and the last of days.
pub(super) fn ends(days: &[i32]) -> (i32, i32) {
    days.iter().fold((i32::MAX, i32::MIN), |(a, b), &day| (a.min(day), b.max(day)))
}

impl<'p> Scan<'p> {
    pub(super) fn new(
        program: &Program,
        plan: &'p SourcePlan<'p>,
        as_of: Date,
        spans: Vec<Arc<Vec<WindowSpan>>>,
        scripts: Arc<RowScripts>,
    ) -> Self {
        Self {
            plan,
            computed: ComputedColumns::new(program, plan, as_of, scripts),
            spans,
            accumulators: Accumulators::new(&plan.aggregates()),
        }
    }

    /// Adds a block of rows to the metrics. `compute` are the columns that are still to be
    /// computed, `truths` by filter what is known of them already.
    pub(super) fn add<'a>(
        &mut self,
        happened: Happened<'a>,
        columns: Vec<Option<Cow<'a, Column>>>,
        compute: &[ColumnId],
        mut truths: Vec<Option<Cow<'a, Truth>>>,
    ) {
        let Happened { slots, all_known, days, times, ends } = happened;
        let plan = self.plan;
        if !plan.windows.iter().any(|window| window.may_hold(ends)) {
            return;
        }
        let block = self.computed.block(days, columns, compute);
        let mut chosen = Vec::with_capacity(days.len());
        for group in &plan.groups {
            chosen.clear();
            self.choose(group.window, happened, &mut chosen);
            if !all_known {
                chosen.retain(|&row| slots[row as usize] != NOWHERE);
            }
            if chosen.is_empty() {
                continue;
            }
            if let Some(filter) = group.filter {
                let truth = truths[filter]
                    .get_or_insert_with(|| Cow::Owned(holds(plan.filters[filter], &block, None)));
                self.keep_matching(truth, &group.members, slots, &mut chosen);
            }
            let taken = Taken { slots, days, times, rows: &chosen };
            for &(metric, role) in &group.members {
                let column = plan.metrics[metric].column;
                let column = column.and_then(|column| block.columns[column].as_ref());
                match role {
                    Role::All => self.accumulators.add_all(metric, taken),
                    Role::Taken => {
                        let column = column.map(|column| column.slice(0..block.rows));
                        self.accumulators.add(metric, taken, column);
                    }
                }
            }
        }
    }

    /// The rows of the block that are in a window.
    fn choose(&self, window: usize, happened: Happened<'_>, chosen: &mut Vec<u32>) {
        let Happened { slots, days, ends, .. } = happened;
        let plan = &self.plan.windows[window];
        if !plan.may_hold(ends) {
            return;
        }
        let WindowPlan { first, last, .. } = *plan;
        let rows = days.iter().zip(0..);
        match first {
            Some(first) if first <= ends.0 && ends.1 <= last => {
                chosen.extend(0..days.len() as u32);
            }
            Some(first) => {
                let inside = rows.filter(|(day, _)| first <= **day && **day <= last);
                chosen.extend(inside.map(|(_, row)| row));
            }
            None => {
                let spans = &self.spans[window];
                let span = |row: u32| spans.get(slots[row as usize] as usize);
                let inside = rows.filter(|(day, row)| {
                    span(*row).is_some_and(|(first, last)| first <= *day && *day <= last)
                        && **day <= last
                });
                chosen.extend(inside.map(|(_, row)| row));
            }
        }
    }

    /// Leaves the rows for which a `where` holds; where it has a fault, so have the metrics.
    fn keep_matching(
        &mut self,
        truth: &Truth,
        members: &[(usize, Role)],
        slots: &[u32],
        rows: &mut Vec<u32>,
    ) {
        if let Some(faults) = &truth.faults {
            for &row in rows.iter() {
                let (slot, fault) = (slots[row as usize], faults[row as usize]);
                if fault != 0 {
                    for &(metric, _) in members {
                        self.accumulators.add_fault(metric, slot, fault);
                    }
                }
            }
        }
        rows.retain(|&row| truth.holds[row as usize]);
    }

    /// Days of windows by customer, for customers found since the last block.
    fn start_windows(
        &mut self,
        ids: &Ids,
        tier_since: &dyn Fn(LadderId, &CustomerId) -> Option<Date>,
    ) {
        for (window, spans) in self.plan.windows.iter().zip(&mut self.spans) {
            if let Window::Tier(ladder) = window.window
                && spans.len() < ids.list.len()
            {
                let spans = Arc::make_mut(spans);
                let new = &ids.list[spans.len()..];
                spans.extend(new.iter().map(|id| tier_span(tier_since(ladder, id))));
            }
        }
    }
}

/// The days of a tier's window: without a change of tier, all that happened.
pub(super) fn tier_span(since: Option<Date>) -> WindowSpan {
    (since.map_or(i32::MIN, days_from_date), i32::MAX)
}
