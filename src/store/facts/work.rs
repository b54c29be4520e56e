use std::mem;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, Row, Rows, Statement};

use super::customer::CustomerId;
use super::ids::{MOST_CUSTOMERS, Who, who};
use super::job::{Job, Lookups, Part, Task};
use super::relation::{Lookup, Reading, TAKE_ROW, look_up, query_failed};
use super::rows::{Roster, RowReader, Stop};
use crate::store::StoreError;
use crate::store::guard::Guarded;

/// Rows that a statement looks up: what a statement costs by itself is shared by so many.
const NUMBERS_AT_A_TIME: usize = 1024;

/// What becomes of the rows of one source that a thread reads.
pub(super) trait TakeBlock {
    /// Takes the block that was read. Unless `all_known`, some rows have no slot and are left
    /// out.
    fn take(&mut self, rows: &mut RowReader, all_known: bool);
}

/// One thread's reading.
pub(super) struct Worker<T> {
    pub(super) roster: Roster,
    /// By plan.
    pub(super) sources: Vec<Read<T>>,
    /// What stopped it, and in which task.
    pub(super) fault: Option<(usize, StoreError)>,
}

/// What one thread has read of one source.
pub(super) struct Read<T> {
    pub(super) taken: T,
    /// SQLite calls it in the midst of a statement; nobody ever waits for it.
    pub(super) rows: Arc<Mutex<RowReader>>,
}

impl<T: TakeBlock> Worker<T> {
    pub(super) fn new(roster: Roster, sources: Vec<Read<T>>) -> Self {
        Self { roster, sources, fault: None }
    }

    /// Reads task after task until there are no more.
    pub(super) fn run(mut self, job: &Job, guarded: &Guarded) -> Self {
        while let Some((number, task)) = job.next() {
            if let Err(error) = self.read(job, guarded, number, task) {
                job.stop.store(true, Ordering::Relaxed);
                self.fault = Some((number, error));
                break;
            }
        }
        self
    }

    fn read(
        &mut self,
        job: &Job,
        guarded: &Guarded,
        number: usize,
        task: Task,
    ) -> Result<(), StoreError> {
        let source = &mut self.sources[task.source];
        {
            let mut rows = lock(&source.rows);
            rows.roster = mem::take(&mut self.roster);
            rows.task = number;
            rows.seen = 0;
            rows.skip_bad_rows = job.options.skip_bad_rows;
        }
        let outcome = source.read(job, guarded, task);
        let mut rows = lock(&source.rows);
        self.roster = mem::take(&mut rows.roster);
        if outcome.is_ok() {
            job.report(rows.seen);
        }
        outcome
    }
}

impl<T: TakeBlock> Read<T> {
    fn read(&mut self, job: &Job, guarded: &Guarded, task: Task) -> Result<(), StoreError> {
        let (plan, reading) = (&job.plans[task.source], &job.readings[task.source]);
        let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => StoreError::QueryEndless {
                asked_by: plan.asked_by.clone(),
                limit: job.options.query_time_limit,
            },
            // A query's own faults: integer overflow, malformed JSON, too big a text.
            Some(ErrorCode::Unknown | ErrorCode::TooBig) if reading.is_query() => {
                query_failed(&plan.asked_by, &error)
            }
            _ => job.file.error(error),
        };
        if let Part::Customers(start, end) = task.part
            && let Some(Lookups { customers, by_plan }) = job.lookups
            && let Some(lookup) = &by_plan[task.source]
        {
            if reading.is_query() {
                guarded.limit(job.options.query_time_limit).map_err(failed)?;
            }
            self.look_up(guarded, reading, lookup, (customers, start..end), failed)?;
            guarded.lift_limit().map_err(failed)?;
            return self.attend();
        }
        match reading.sql_with_calls() {
            Some(sql) => {
                let calls = self.rows.clone();
                let take = move |values: &Context<'_>| {
                    Ok(lock(&calls).take(|place| values.get_raw(place)))
                };
                let connection = guarded.connection();
                let arguments = reading.places.len() as i32;
                let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
                connection
                    .create_scalar_function(TAKE_ROW, arguments, flags, take)
                    .map_err(failed)?;
                let mut statement = connection.prepare(&sql).map_err(failed)?;
                let mut attention = query(&mut statement, task).map_err(failed)?;
                while attention.next().map_err(failed)?.is_some() {
                    self.attend()?;
                }
                drop(attention);
                drop(statement);
                // A pack's query on this connection must not find it.
                connection.remove_function(TAKE_ROW, arguments).map_err(failed)?;
            }
            None => {
                let mut statement = reading.prepare(guarded, &plan.asked_by)?;
                if reading.is_query() {
                    guarded.limit(job.options.query_time_limit).map_err(failed)?;
                }
                let mut rows = query(&mut statement, task).map_err(failed)?;
                while let Some(row) = rows.next().map_err(failed)? {
                    let attention = lock(&self.rows).take(of_row(row, reading));
                    if attention {
                        self.attend()?;
                    }
                }
                drop(rows);
                guarded.lift_limit().map_err(failed)?;
            }
        }
        self.attend()
    }

    /// Takes the rows of some customers, and of nobody else whom an index finds with them.
    fn look_up(
        &mut self,
        guarded: &Guarded,
        reading: &Reading,
        lookup: &Lookup,
        (all, part): (&[CustomerId], Range<usize>),
        failed: impl Fn(rusqlite::Error) -> StoreError + Copy,
    ) -> Result<(), StoreError> {
        let customers = &all[part.clone()];
        match lookup {
            Lookup::Rows(sql) => {
                let mut statement = guarded.connection().prepare(sql).map_err(failed)?;
                for customer in customers {
                    let asked = Who::from(customer);
                    let mut found = look_up(&mut statement, customer).map_err(failed)?;
                    while let Some(row) = found.next().map_err(failed)? {
                        let value = of_row(row, reading);
                        if who(value(2)) == Ok(asked) && lock(&self.rows).take(value) {
                            self.attend()?;
                        }
                    }
                }
            }
            Lookup::Numbers { numbers, rows } => {
                let numbers = row_numbers(guarded, numbers, customers).map_err(failed)?;
                let mut statement = guarded.connection().prepare(rows).map_err(failed)?;
                for numbers in numbers.chunks(NUMBERS_AT_A_TIME) {
                    let wanted = serde_json::to_string(numbers).expect("numbers are JSON");
                    let mut found = statement.query([wanted]).map_err(failed)?;
                    while let Some(row) = found.next().map_err(failed)? {
                        let value = of_row(row, reading);
                        let mut rows = lock(&self.rows);
                        // Another part may find the same row for somebody else of much the same
                        // id.
                        let slot = who(value(2)).ok().and_then(|who| rows.roster.ids().get(who));
                        let is_of_part = slot.is_some_and(|slot| part.contains(&(slot as usize)));
                        let is_full = is_of_part && rows.take(value);
                        drop(rows);
                        if is_full {
                            self.attend()?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Stops where the rows say so, and takes what they are so far.
    fn attend(&mut self) -> Result<(), StoreError> {
        attend(&mut lock(&self.rows), &mut self.taken).map_err(|stop| match stop {
            Stop::Bad(bad) => bad.into_error(),
            Stop::TooManyCustomers => StoreError::TooManyCustomers { limit: MOST_CUSTOMERS },
        })
    }
}

/// Says where the rows cannot go on, or hands on what they are so far.
pub(super) fn attend(rows: &mut RowReader, taken: &mut impl TakeBlock) -> Result<(), Stop> {
    let all_known = rows.resolve();
    if let Some(stop) = rows.stop.take() {
        return Err(stop);
    }
    if !rows.slots.is_empty() {
        taken.take(rows, all_known);
        rows.clear();
    }
    Ok(())
}

/// The numbers of some customers' rows, ascending, each once.
fn row_numbers(
    guarded: &Guarded,
    sql: &str,
    customers: &[CustomerId],
) -> rusqlite::Result<Vec<i64>> {
    let mut statement = guarded.connection().prepare(sql)?;
    let mut numbers: Vec<i64> = Vec::new();
    for customer in customers {
        let mut found = look_up(&mut statement, customer)?;
        while let Some(row) = found.next()? {
            numbers.push(row.get(0)?);
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

fn query<'s>(statement: &'s mut Statement<'_>, task: Task) -> rusqlite::Result<Rows<'s>> {
    match task.part {
        Part::Rows(first, last) => statement.query((first, last)),
        Part::All | Part::Customers(..) => statement.query([]),
    }
}

/// The values of a row that was stepped to, by their places among those that were wanted.
fn of_row<'r>(row: &'r Row<'_>, reading: &'r Reading) -> impl Fn(usize) -> ValueRef<'r> + Copy {
    |place| row.get_ref(reading.places[place]).unwrap_or(ValueRef::Null)
}

/// A thread that panicked ends the pass anyway.
pub(super) fn lock(rows: &Mutex<RowReader>) -> MutexGuard<'_, RowReader> {
    rows.lock().unwrap_or_else(PoisonError::into_inner)
}
