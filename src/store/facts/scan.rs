use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::block::Block;
use super::cells::Cells;
use super::clock::Clock;
use super::customer::CustomerId;
use super::ids::{Ids, Who, who};
use super::plan::{Role, SourcePlan, WindowPlan};
use super::relation::Places;
use super::scripts::RowScripts;
use super::unreadable::{BadRow, Unreadable, shown};
use crate::expr::column::{Column, Data, Dictionary};
use crate::expr::{LadderId, Truth, Type, days_from_date, holds};
use crate::metrics::{Accumulators, Taken};
use crate::program::{ColumnSource, Window};

/// Rows are worked on in blocks of so many: enough to spread costs, few enough for the cache.
pub(super) const BLOCK_ROWS: usize = 4096;

/// The customers of a scan.
#[derive(Debug)]
pub(super) enum Roster<'a> {
    /// Those of the customers table.
    Known(&'a Ids),
    /// Whoever has a fact.
    Found(Ids),
}

/// What became of a row.
#[derive(Debug)]
pub(super) enum Outcome {
    Taken,
    /// After the as-of date: it does not exist for the pass.
    Later,
    NoCustomer,
    UnknownCustomer,
    Bad(BadRow),
    TooManyCustomers,
}

/// What a thread reads of one source.
#[derive(Debug)]
pub(super) struct Scan<'p> {
    plan: &'p SourcePlan<'p>,
    row_number: Option<usize>,
    at: usize,
    customer: usize,
    columns: &'p [usize],
    as_of: Date,
    last_day: i32,
    money_decimals: u8,
    clock: Clock,
    cells: Vec<Cells>,
    slots: Vec<u32>,
    days: Vec<i32>,
    times: Vec<i64>,
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
        places: &'p Places,
        as_of: Date,
        money_decimals: u8,
        clock: &Clock,
        starts: Vec<Arc<Vec<i32>>>,
        scripts: RowScripts,
    ) -> Self {
        let cells = plan.stored.iter().map(|&column| {
            let column = &plan.source.columns[column];
            let minor = matches!(column.column, ColumnSource::Stored { minor: true, .. });
            Cells::new(column.kind, minor, money_decimals, clock)
        });
        Self {
            plan,
            row_number: places.row,
            at: places.wanted[0],
            customer: places.wanted[1],
            columns: &places.wanted[2..],
            as_of,
            last_day: days_from_date(as_of),
            money_decimals,
            clock: clock.clone(),
            cells: cells.collect(),
            slots: Vec::with_capacity(BLOCK_ROWS),
            days: Vec::with_capacity(BLOCK_ROWS),
            times: Vec::with_capacity(BLOCK_ROWS),
            starts,
            computed_texts: vec![Arc::default(); plan.computed.len()],
            scripts: Arc::new(scripts),
            accumulators: Accumulators::new(&plan.aggregates()),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.slots.len() >= BLOCK_ROWS
    }

    /// Reads a row: the date first, then the customer, then the columns that are needed.
    #[inline]
    pub(super) fn take(&mut self, row: &Row<'_>, roster: &mut Roster<'_>) -> Outcome {
        let value = |place: usize| row.get_ref(place).unwrap_or(ValueRef::Null);
        let at = value(self.at);
        let moment = match self.clock.read(at) {
            Ok(moment) => moment,
            Err(why) => return self.bad(row, &self.plan.source.at, at, why),
        };
        if moment.day > self.last_day {
            return Outcome::Later;
        }
        let id = value(self.customer);
        let customer = match who(id) {
            Ok(Who::Nobody) => return Outcome::NoCustomer,
            Ok(customer) => customer,
            Err(why) => return self.bad(row, &self.plan.source.customer, id, why),
        };
        let known = match roster {
            Roster::Known(ids) => match ids.get(customer) {
                Some(slot) => Some(slot),
                None => return Outcome::UnknownCustomer,
            },
            Roster::Found(_) => None,
        };
        for (place, &column) in self.columns.iter().enumerate() {
            let cell = value(column);
            if let Err(why) = self.cells[place].push(cell) {
                let rows = self.slots.len();
                self.cells[..place].iter_mut().for_each(|cells| cells.truncate(rows));
                let column = &self.plan.source.columns[self.plan.stored[place]];
                let name = match &column.column {
                    ColumnSource::Stored { name, .. } => name,
                    ColumnSource::Computed(_) => &column.name,
                };
                return self.bad(row, name, cell, why);
            }
        }
        // Somebody whose only row cannot be read is not a customer by it.
        let slot = match (known, roster) {
            (None, Roster::Found(ids)) => ids.find_or_add(customer),
            (known, _) => known,
        };
        let Some(slot) = slot else {
            return Outcome::TooManyCustomers;
        };
        self.slots.push(slot);
        self.days.push(moment.day);
        self.times.push(moment.micros);
        Outcome::Taken
    }

    #[cold]
    fn bad(&self, row: &Row<'_>, column: &str, value: ValueRef<'_>, why: Unreadable) -> Outcome {
        let row = self.row_number.and_then(|place| row.get(place).ok());
        Outcome::Bad(BadRow {
            task: 0,
            row: row.unwrap_or_default(),
            asked_by: self.plan.asked_by.clone(),
            column: column.to_owned(),
            value: shown(value),
            reason: why.0,
        })
    }

    /// Adds the rows so far to the metrics.
    pub(super) fn flush(
        &mut self,
        roster: &Roster<'_>,
        tier_since: &dyn Fn(LadderId, &CustomerId) -> Option<Date>,
    ) {
        if self.slots.is_empty() {
            return;
        }
        let ids = match roster {
            Roster::Known(ids) => ids,
            Roster::Found(ids) => {
                self.start_windows(ids, tier_since);
                ids
            }
        };
        self.accumulators.grow(ids.list.len());
        let block = self.block();
        let plan = self.plan;
        let truths: Vec<Truth> =
            plan.filters.iter().map(|filter| holds(filter, &block, None)).collect();
        let Data::Date(days) = &block.days.data else {
            return;
        };
        let ends = days.iter().fold((i32::MAX, i32::MIN), |(a, b), &day| (a.min(day), b.max(day)));
        let mut rows = Vec::with_capacity(self.slots.len());
        for group in &plan.groups {
            rows.clear();
            self.rows_in(group.window, days, ends, &mut rows);
            if let Some(filter) = group.filter {
                self.keep_matching(&truths[filter], &group.members, &mut rows);
            }
            if rows.is_empty() {
                continue;
            }
            let taken = Taken { slots: &self.slots, days, times: &self.times, rows: &rows };
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
        self.slots.clear();
        self.times.clear();
        self.days = match block.days.data {
            Data::Date(mut days) => {
                days.clear();
                days
            }
            _ => Vec::new(),
        };
    }

    /// The columns of the rows so far, computed ones included.
    fn block(&mut self) -> Block {
        let plan = self.plan;
        let mut block = Block {
            rows: self.slots.len(),
            as_of: self.as_of,
            days: Column::new(Data::Date(std::mem::take(&mut self.days))),
            columns: vec![None; plan.source.columns.len()],
            scripts: self.scripts.clone(),
        };
        for (cells, &column) in self.cells.iter_mut().zip(&plan.stored) {
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

    fn rows_in(&self, window: usize, days: &[i32], ends: (i32, i32), rows: &mut Vec<u32>) {
        let WindowPlan { first, last, .. } = self.plan.windows[window];
        let all = 0..days.len() as u32;
        match first {
            Some(first) if first <= ends.0 && ends.1 <= last => rows.extend(all),
            Some(first) if ends.1 < first || last < ends.0 => {}
            Some(first) => rows.extend(all.filter(|&row| {
                let day = days[row as usize];
                first <= day && day <= last
            })),
            None => rows.extend(all.filter(|&row| {
                let day = days[row as usize];
                self.starts[window][self.slots[row as usize] as usize] <= day && day <= last
            })),
        }
    }

    /// Leaves the rows for which a `where` holds; where it has a fault, so have the metrics.
    fn keep_matching(&mut self, truth: &Truth, members: &[(usize, Role)], rows: &mut Vec<u32>) {
        if let Some(faults) = &truth.faults {
            for &row in rows.iter() {
                let (slot, fault) = (self.slots[row as usize], faults[row as usize]);
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

    /// The texts of a column that holds texts.
    pub(super) fn dictionary(&self, column: usize) -> Option<&Arc<Dictionary>> {
        let stored = self.plan.stored.iter().position(|&stored| stored == column);
        let computed = self.plan.computed.iter().position(|&computed| computed == column);
        match (stored, computed) {
            (Some(place), _) => self.cells[place].dictionary(),
            (_, Some(place)) => {
                let is_text = self.plan.source.columns[column].kind.ty() == Type::Text;
                is_text.then(|| &self.computed_texts[place])
            }
            _ => None,
        }
    }
}

/// The first day of a tier's window: without a change of tier, all that happened.
pub(super) fn tier_start(since: Option<Date>) -> i32 {
    since.map_or(i32::MIN, days_from_date)
}
