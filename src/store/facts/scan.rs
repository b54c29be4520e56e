use std::sync::Arc;

use jiff::civil::Date;

use super::block::Block;
use super::customer::CustomerId;
use super::ids::{Ids, NOWHERE};
use super::plan::{Role, SourcePlan, WindowPlan};
use super::rows::{Roster, RowReader};
use super::scripts::RowScripts;
use crate::expr::column::{Column, Data, Dictionary};
use crate::expr::{ColumnId, LadderId, Truth, days_from_date, holds};
use crate::metrics::{Accumulators, Taken};
use crate::program::{ColumnKind, ColumnSource, Window};

/// What a thread adds up of one source.
#[derive(Debug)]
pub(super) struct Scan<'p> {
    plan: &'p SourcePlan<'p>,
    as_of: Date,
    money_decimals: u8,
    /// For each window that differs by customer: its first day by slot.
    starts: Vec<Arc<Vec<i32>>>,
    /// Texts of computed columns, by place in `plan.computed`.
    computed_texts: Vec<Arc<Dictionary>>,
    scripts: Arc<RowScripts>,
    pub(super) accumulators: Accumulators,
}

impl<'p> Scan<'p> {
    pub(super) fn new(
        plan: &'p SourcePlan<'p>,
        as_of: Date,
        money_decimals: u8,
        starts: Vec<Arc<Vec<i32>>>,
        scripts: RowScripts,
    ) -> Self {
        Self {
            plan,
            as_of,
            money_decimals,
            starts,
            computed_texts: vec![Arc::default(); plan.computed.len()],
            scripts: Arc::new(scripts),
            accumulators: Accumulators::new(&plan.aggregates()),
        }
    }

    /// Adds a block of rows to the metrics. Unless `all_known`, some have no slot and are left
    /// out.
    pub(super) fn add(
        &mut self,
        rows: &mut RowReader,
        all_known: bool,
        tier_since: &dyn Fn(LadderId, &CustomerId) -> Option<Date>,
    ) {
        if rows.slots.is_empty() {
            return;
        }
        if let Roster::Found(ids) = &rows.roster {
            self.start_windows(ids, tier_since);
        }
        self.accumulators.grow(rows.roster.ids().list.len());
        let block = self.block(rows);
        let plan = self.plan;
        let truths: Vec<Truth> =
            plan.filters.iter().map(|filter| holds(filter, &block, None)).collect();
        let days = rows.days.as_slice();
        let ends = days.iter().fold((i32::MAX, i32::MIN), |(a, b), &day| (a.min(day), b.max(day)));
        let mut chosen = Vec::with_capacity(days.len());
        for group in &plan.groups {
            chosen.clear();
            self.choose(group.window, rows, ends, &mut chosen);
            if !all_known {
                chosen.retain(|&row| rows.slots[row as usize] != NOWHERE);
            }
            if let Some(filter) = group.filter {
                self.keep_matching(&truths[filter], &group.members, &rows.slots, &mut chosen);
            }
            if chosen.is_empty() {
                continue;
            }
            let taken = Taken { slots: &rows.slots, days, times: &rows.times, rows: &chosen };
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
        rows.clear();
    }

    /// The columns of the rows so far, computed ones included.
    fn block(&mut self, rows: &mut RowReader) -> Block {
        let plan = self.plan;
        let mut block = Block {
            rows: rows.slots.len(),
            as_of: self.as_of,
            days: Column::new(Data::Date(rows.days.clone())),
            columns: vec![None; plan.source.columns.len()],
            scripts: self.scripts.clone(),
        };
        for (cells, &column) in rows.cells.iter_mut().zip(&plan.stored) {
            block.columns[column] = Some(cells.take());
        }
        for (&id, texts) in plan.computed.iter().zip(&mut self.computed_texts) {
            let column = &plan.source.columns[id];
            if let ColumnSource::Computed(expr) = &column.column {
                let scale = column.kind.scale(self.money_decimals);
                block.compute(id, expr, column.kind, scale, texts);
            }
        }
        block
    }

    /// The rows of the block that are in a window.
    fn choose(&self, window: usize, rows: &RowReader, ends: (i32, i32), chosen: &mut Vec<u32>) {
        let WindowPlan { first, last, .. } = self.plan.windows[window];
        let days = rows.days.iter().zip(0..);
        match first {
            Some(first) if first <= ends.0 && ends.1 <= last => {
                chosen.extend(0..rows.days.len() as u32);
            }
            Some(first) if ends.1 < first || last < ends.0 => {}
            Some(first) => {
                let inside = days.filter(|(day, _)| first <= **day && **day <= last);
                chosen.extend(inside.map(|(_, row)| row));
            }
            None => {
                let starts = &self.starts[window];
                let first = |row: u32| starts.get(rows.slots[row as usize] as usize);
                let inside = days.filter(|(day, row)| {
                    first(*row).is_some_and(|first| first <= *day) && **day <= last
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

    /// First days of windows by customer, for customers found since the last block.
    fn start_windows(
        &mut self,
        ids: &Ids,
        tier_since: &dyn Fn(LadderId, &CustomerId) -> Option<Date>,
    ) {
        for (window, starts) in self.plan.windows.iter().zip(&mut self.starts) {
            if let Window::Tier(ladder) = window.window
                && starts.len() < ids.list.len()
            {
                let starts = Arc::make_mut(starts);
                let new = &ids.list[starts.len()..];
                starts.extend(new.iter().map(|id| tier_start(tier_since(ladder, id))));
            }
        }
    }

    /// The texts of a column that holds texts; `rows` are those that were added.
    pub(super) fn dictionary<'a>(
        &'a self,
        rows: &'a RowReader,
        column: ColumnId,
    ) -> Option<&'a Arc<Dictionary>> {
        let place = |columns: &[ColumnId]| columns.iter().position(|&known| known == column);
        match (place(&self.plan.stored), place(&self.plan.computed)) {
            (Some(place), _) => rows.cells[place].dictionary(),
            (_, Some(place)) if self.plan.source.columns[column].kind == ColumnKind::Text => {
                Some(&self.computed_texts[place])
            }
            _ => None,
        }
    }
}

/// The first day of a tier's window: without a change of tier, all that happened.
pub(super) fn tier_start(since: Option<Date>) -> i32 {
    since.map_or(i32::MIN, days_from_date)
}
