use std::sync::Arc;

use rusqlite::types::ValueRef;

use super::cells::Cells;
use super::clock::Clock;
use super::ids::{Ids, NOWHERE, Who, who};
use super::plan::SourcePlan;
use super::relation::Reading;
use super::unreadable::{BadRow, BadRows, Unreadable, shown};
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

/// Rows that did not come to count.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) no_customer: u64,
    pub(super) unknown_customer: u64,
    pub(super) bad_rows: BadRows,
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
    pub(super) cells: Vec<Cells>,
    /// Of the rows in the block so far: customer, civil day, instant in microseconds.
    pub(super) slots: Vec<u32>,
    pub(super) days: Vec<i32>,
    pub(super) times: Vec<i64>,
    /// Rows of the block whose slot is looked up when it is full, with the customer's number.
    unplaced: Vec<(u32, i64)>,
    pub(super) roster: Roster,
    pub(super) left: Left,
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
        Self {
            clock,
            last_day,
            cells,
            slots: Vec::with_capacity(BLOCK_ROWS),
            days: Vec::with_capacity(BLOCK_ROWS),
            times: Vec::with_capacity(BLOCK_ROWS),
            unplaced: Vec::with_capacity(BLOCK_ROWS),
            roster: Roster::default(),
            left: Left::default(),
            stop: None,
            skip_bad_rows: false,
            task: 0,
            seen: 0,
            asked_by: plan.asked_by.clone(),
            has_row_number: reading.has_row_number,
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
            Err(why) => return self.bad(0, value, why),
        };
        if moment.day > self.last_day {
            // It does not exist for this pass.
            return false;
        }
        let id = value(2);
        let customer = match who(id) {
            Ok(Who::Nobody) => {
                self.left.no_customer += 1;
                return false;
            }
            Ok(customer) => customer,
            Err(why) => return self.bad(1, value, why),
        };
        let known = match &self.roster {
            Roster::Known(ids) => ids.get(customer),
            Roster::Found(_) => None,
        };
        if known.is_none() && matches!(self.roster, Roster::Known(_)) {
            self.left.unknown_customer += 1;
            return false;
        }
        for place in 0..self.cells.len() {
            if let Err(why) = self.cells[place].push(value(place + 3)) {
                let rows = self.slots.len();
                self.cells[..place].iter_mut().for_each(|cells| cells.truncate(rows));
                return self.bad(place + 2, value, why);
            }
        }
        // Somebody whose only row cannot be read is not a customer by it.
        let slot = match (known, customer, &mut self.roster) {
            (None, Who::Int(number), _) => {
                self.unplaced.push((self.slots.len() as u32, number));
                Some(NOWHERE)
            }
            (None, _, Roster::Found(ids)) => ids.find_or_add(customer),
            (known, ..) => known,
        };
        let Some(slot) = slot else {
            self.stop = Some(Stop::TooManyCustomers);
            return true;
        };
        self.slots.push(slot);
        self.days.push(moment.day);
        self.times.push(moment.micros);
        self.slots.len() >= BLOCK_ROWS
    }

    /// Gives the rows of the block their slots. Together they take a fraction of the time: no
    /// look-up waits until the one before has come from memory.
    pub(super) fn place(&mut self) {
        let Roster::Found(ids) = &mut self.roster else { return };
        for &(row, number) in &self.unplaced {
            self.slots[row as usize] = ids.get(Who::Int(number)).unwrap_or(NOWHERE);
        }
        for &(row, number) in &self.unplaced {
            let slot = &mut self.slots[row as usize];
            if *slot == NOWHERE {
                match ids.find_or_add(Who::Int(number)) {
                    Some(new) => *slot = new,
                    None => self.stop = Some(Stop::TooManyCustomers),
                }
            }
        }
        self.unplaced.clear();
    }

    #[cold]
    fn bad<'r>(
        &mut self,
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
            self.left.bad_rows.add(bad);
            return false;
        }
        self.stop = Some(Stop::Bad(bad));
        true
    }

    /// Ready for the next block.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.days.clear();
        self.times.clear();
    }
}
