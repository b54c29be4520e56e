use std::borrow::Cow;
use std::sync::Arc;

use rusqlite::types::ValueRef;

use super::cells::Cells;
use super::clock::Clock;
use super::ids::{Ids, NOWHERE, Who, who};
use super::left::{LeftByDay, NO_DAY};
use super::plan::SourcePlan;
use super::relation::Reading;
use super::unreadable::{BadRow, Unreadable, shown};
use crate::expr::ColumnId;
use crate::expr::column::{Column, Dictionary};
use crate::program::ColumnSource;

/// Rows are worked on in blocks of so many: enough to spread costs, few enough for the cache.
pub(super) const BLOCK_ROWS: usize = 4096;

/// The customers of a pass.
#[derive(Debug)]
pub(super) enum Roster {
    /// Those of the customers table.
    Known(Arc<Ids>),
    /// Whoever has a fact.
    Found(Ids),
}

impl Roster {
    pub(super) fn ids(&self) -> &Ids {
        match self {
            Roster::Known(ids) => ids,
            Roster::Found(ids) => ids,
        }
    }
}

impl Default for Roster {
    fn default() -> Self {
        Roster::Found(Ids::default())
    }
}

/// Why reading cannot go on.
#[derive(Debug)]
pub(super) enum Stop {
    Bad(BadRow),
    TooManyCustomers,
}

/// Turns the rows of a source into blocks. It owns all that it needs, so that SQLite can call
/// it for every row.
#[derive(Debug)]
pub(super) struct RowReader {
    clock: Clock,
    last_day: i32,
    cells: Vec<Cells>,
    /// Of the rows in the block so far: customer, civil day, instant in microseconds.
    /// [`NOWHERE`] are customers who are not in the table, and before [`Self::resolve`] all with
    /// an integer id.
    pub(super) slots: Vec<u32>,
    /// Integer ids of the customers.
    numbers: Vec<i64>,
    pub(super) days: Vec<i32>,
    pub(super) times: Vec<i64>,
    pub(super) roster: Roster,
    pub(super) left: LeftByDay,
    pub(super) stop: Option<Stop>,
    pub(super) skip_bad_rows: bool,
    /// The task that the rows are of, for the order of bad rows.
    pub(super) task: usize,
    /// Rows of this task so far, read or not.
    pub(super) seen: u64,
    asked_by: String,
    has_row_number: bool,
    /// Names of the time, the customer and the stored columns, for messages.
    names: Vec<String>,
}

impl RowReader {
    pub(super) fn new(
        plan: &SourcePlan,
        reading: &Reading,
        last_day: i32,
        money_decimals: u8,
        clock: Clock,
    ) -> Self {
        let mut names = vec![plan.source.at.clone(), plan.source.customer.clone()];
        let mut cells = Vec::new();
        for &column in &plan.stored {
            let column = &plan.source.columns[column];
            if let ColumnSource::Stored { name, minor } = &column.column {
                names.push(name.clone());
                cells.push(Cells::new(column.kind, *minor, money_decimals, &clock));
            }
        }
        let has_row_number = reading.has_row_number;
        Self::with(plan, (names, cells), last_day, clock, has_row_number, BLOCK_ROWS)
    }

    /// For rows that no store holds: their columns have the pack's names, and money is never in
    /// minor units.
    pub(super) fn of_memory(
        plan: &SourcePlan,
        last_day: i32,
        money_decimals: u8,
        clock: Clock,
        rows: usize,
    ) -> Self {
        let columns = plan.stored.iter().map(|&column| &plan.source.columns[column]);
        let cells = columns.clone().map(|it| Cells::new(it.kind, false, money_decimals, &clock));
        let cells = cells.collect();
        let names = ["at", "customer"].into_iter().chain(columns.map(|it| it.name.as_str()));
        let names = names.map(str::to_owned).collect();
        Self::with(plan, (names, cells), last_day, clock, true, rows.min(BLOCK_ROWS))
    }

    /// The same, with the customers of a table.
    pub(super) fn with_customers(self, known: Arc<Ids>) -> Self {
        Self { roster: Roster::Known(known), ..self }
    }

    fn with(
        plan: &SourcePlan,
        (names, cells): (Vec<String>, Vec<Cells>),
        last_day: i32,
        clock: Clock,
        has_row_number: bool,
        room: usize,
    ) -> Self {
        Self {
            clock,
            last_day,
            cells,
            slots: Vec::with_capacity(room),
            numbers: Vec::with_capacity(room),
            days: Vec::with_capacity(room),
            times: Vec::with_capacity(room),
            roster: Roster::default(),
            left: LeftByDay::default(),
            stop: None,
            skip_bad_rows: false,
            task: 0,
            seen: 0,
            asked_by: plan.asked_by.clone(),
            has_row_number,
            names,
        }
    }

    /// Reads a row: the date first, then the customer, then the columns that are needed.
    /// `value(0)` is the row's number, if it has one; then come those of [`Reading::places`].
    /// True: the block is full, or reading has to stop.
    #[inline]
    pub(super) fn take<'r>(&mut self, value: impl Fn(usize) -> ValueRef<'r>) -> bool {
        self.seen += 1;
        let moment = match self.clock.read(value(1)) {
            Ok(moment) => moment,
            Err(why) => return self.bad(NO_DAY, 0, value, why),
        };
        if moment.day > self.last_day {
            // It does not exist for this pass.
            return false;
        }
        let id = value(2);
        let customer = match who(id) {
            Ok(Who::Nobody) => {
                self.left.on(moment.day).no_customer += 1;
                return false;
            }
            Ok(customer) => customer,
            Err(why) => return self.bad(moment.day, 1, value, why),
        };
        // Integer ids wait until the block is full: one after another they would each wait for
        // the memory, together they do not.
        let known = match customer {
            Who::Text(_) => self.roster.ids().get(customer),
            _ => None,
        };
        let is_unknown = |roster: &Roster| match roster {
            Roster::Known(ids) => ids.get(customer).is_none(),
            Roster::Found(_) => false,
        };
        if known.is_none() && matches!(customer, Who::Text(_)) && is_unknown(&self.roster) {
            self.left.on(moment.day).unknown_customer += 1;
            return false;
        }
        for place in 0..self.cells.len() {
            if let Err(why) = self.cells[place].push(value(place + 3)) {
                let rows = self.slots.len();
                self.cells[..place].iter_mut().for_each(|cells| cells.truncate(rows));
                if is_unknown(&self.roster) {
                    self.left.on(moment.day).unknown_customer += 1;
                    return false;
                }
                return self.bad(moment.day, place + 2, value, why);
            }
        }
        // Somebody whose only row cannot be read is not a customer by it.
        let (number, slot) = match (customer, known, &mut self.roster) {
            (Who::Int(number), ..) => (number, Some(NOWHERE)),
            (_, None, Roster::Found(ids)) => (0, ids.find_or_add(customer)),
            (_, known, _) => (0, known),
        };
        let Some(slot) = slot else {
            self.stop = Some(Stop::TooManyCustomers);
            return true;
        };
        self.slots.push(slot);
        self.numbers.push(number);
        self.days.push(moment.day);
        self.times.push(moment.micros);
        self.slots.len() >= BLOCK_ROWS
    }

    /// Finds the slots of the block's customers; says whether all rows have one.
    pub(super) fn resolve(&mut self) -> bool {
        let ids = self.roster.ids();
        for (slot, &number) in self.slots.iter_mut().zip(&self.numbers) {
            if *slot == NOWHERE {
                *slot = ids.get(Who::Int(number)).unwrap_or(NOWHERE);
            }
        }
        if !self.slots.contains(&NOWHERE) {
            return true;
        }
        let Roster::Found(ids) = &mut self.roster else {
            for (_, &day) in self.slots.iter().zip(&self.days).filter(|(slot, _)| **slot == NOWHERE)
            {
                self.left.on(day).unknown_customer += 1;
            }
            return false;
        };
        for (slot, &number) in self.slots.iter_mut().zip(&self.numbers) {
            if *slot == NOWHERE {
                match ids.find_or_add(Who::Int(number)) {
                    Some(new) => *slot = new,
                    None => self.stop = Some(Stop::TooManyCustomers),
                }
            }
        }
        true
    }

    #[cold]
    fn bad<'r>(
        &mut self,
        day: i32,
        name: usize,
        value: impl Fn(usize) -> ValueRef<'r>,
        why: Unreadable,
    ) -> bool {
        let row = match value(0) {
            ValueRef::Integer(row) if self.has_row_number => row,
            _ => self.seen as i64,
        };
        let bad = BadRow {
            task: self.task,
            row,
            asked_by: self.asked_by.clone(),
            column: self.names[name].clone(),
            value: shown(value(name + 1)),
            reason: why.0,
        };
        if self.skip_bad_rows {
            self.left.bad(day, bad);
            return false;
        }
        self.stop = Some(Stop::Bad(bad));
        true
    }

    /// The stored columns of the block, by `ColumnId`.
    pub(super) fn take_columns(&mut self, plan: &SourcePlan) -> Vec<Option<Cow<'static, Column>>> {
        let mut columns = vec![None; plan.source.columns.len()];
        for (cells, &column) in self.cells.iter_mut().zip(&plan.stored) {
            columns[column] = Some(Cow::Owned(cells.take()));
        }
        columns
    }

    /// The texts of a stored column of texts; `None` for others.
    pub(super) fn stored_texts(
        &self,
        plan: &SourcePlan,
        column: ColumnId,
    ) -> Option<&Arc<Dictionary>> {
        let place = plan.stored.iter().position(|&known| known == column)?;
        self.cells[place].dictionary()
    }

    /// Ready for the next block.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.numbers.clear();
        self.days.clear();
        self.times.clear();
    }
}
