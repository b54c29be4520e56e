use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use rusqlite::ErrorCode;

use super::ReadOptions;
use super::ids::MOST_CUSTOMERS;
use super::plan::SourcePlan;
use super::relation::{Reading, query_failed};
use super::scan::{Outcome, Roster, Scan};
use super::unreadable::BadRows;
use crate::store::StoreError;
use crate::store::guard::{Guarded, QUERY_TIME_LIMIT};
use crate::store::open::StoreFile;

/// Ranges per thread: enough that none waits long for the last.
const RANGES_PER_THREAD: i128 = 16;

/// Row numbers in a range at least; a shorter one costs more to begin than to read.
const SHORTEST_RANGE: i128 = 32_768;

/// Rows between two reports of progress by one thread.
const ROWS_BETWEEN_REPORTS: u64 = 65_536;

/// A part of a source that one thread reads.
#[derive(Debug, Clone, Copy)]
struct Task {
    /// Place among the plans.
    source: usize,
    /// First and last row number.
    range: Option<(i64, i64)>,
}

/// What all threads share.
pub(super) struct Job<'a> {
    file: &'a StoreFile,
    plans: &'a [SourcePlan<'a>],
    readings: &'a [Reading],
    options: &'a ReadOptions<'a>,
    tasks: Vec<Task>,
    next: AtomicUsize,
    /// One thread has met a fault; the others finish what they have begun.
    stop: AtomicBool,
    rows: AtomicU64,
    total: Option<u64>,
}

impl<'a> Job<'a> {
    pub(super) fn new(
        file: &'a StoreFile,
        plans: &'a [SourcePlan<'a>],
        readings: &'a [Reading],
        threads: usize,
        options: &'a ReadOptions<'a>,
    ) -> Self {
        let tasks = readings.iter().enumerate().flat_map(|(source, reading)| {
            ranges(reading.rowid_range, threads)
                .into_iter()
                .map(move |range| Task { source, range })
        });
        // Row numbers are seldom far from rows.
        let total = readings.iter().map(|reading| {
            reading.rowid_range.map(|(first, last)| last.abs_diff(first).saturating_add(1))
        });
        Self {
            file,
            plans,
            readings,
            options,
            tasks: tasks.collect(),
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            rows: AtomicU64::new(0),
            total: total.sum(),
        }
    }

    fn next(&self) -> Option<(usize, Task)> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.tasks.get(number).map(|task| (number, *task))
    }

    fn report(&self, rows: u64) {
        let done = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        (self.options.progress)(done, self.total);
    }
}

/// Row numbers in equal ranges, in order.
fn ranges(ends: Option<(i64, i64)>, threads: usize) -> Vec<Option<(i64, i64)>> {
    let Some((first, last)) = ends else {
        return vec![None];
    };
    let (first, last) = (i128::from(first), i128::from(last));
    let parts = threads as i128 * RANGES_PER_THREAD;
    let length = ((last - first) / parts + 1).max(SHORTEST_RANGE);
    (0..)
        .map(|part| first + part * length)
        .take_while(|start| *start <= last)
        .map(|start| Some((start as i64, (start + length - 1).min(last) as i64)))
        .collect()
}

/// One thread's reading.
#[derive(Debug)]
pub(super) struct Worker<'a> {
    pub(super) roster: Roster<'a>,
    /// By plan.
    pub(super) scans: Vec<Scan<'a>>,
    pub(super) bad_rows: BadRows,
    pub(super) no_customer: u64,
    pub(super) unknown_customer: u64,
    /// What stopped it, and in which task.
    pub(super) fault: Option<(usize, StoreError)>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(roster: Roster<'a>, scans: Vec<Scan<'a>>) -> Self {
        Self {
            roster,
            scans,
            bad_rows: BadRows::default(),
            no_customer: 0,
            unknown_customer: 0,
            fault: None,
        }
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
        let (plan, reading) = (&job.plans[task.source], &job.readings[task.source]);
        let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => StoreError::QueryEndless {
                asked_by: plan.asked_by.clone(),
                limit: QUERY_TIME_LIMIT,
            },
            // A query's own faults: integer overflow, malformed JSON, too big a text.
            Some(ErrorCode::Unknown | ErrorCode::TooBig) if reading.is_query => {
                query_failed(&plan.asked_by, &error)
            }
            _ => job.file.error(error),
        };
        let mut statement = reading.prepare(guarded, &plan.asked_by)?;
        if reading.is_query {
            guarded.limit(QUERY_TIME_LIMIT);
        }
        let mut rows = match task.range {
            Some(range) => statement.query(range),
            None => statement.query([]),
        }
        .map_err(failed)?;
        let scan = &mut self.scans[task.source];
        let tier_since = job.options.tier_since;
        let mut unreported = 0;
        let mut row_number = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            unreported += 1;
            match scan.take(row, &mut self.roster) {
                Outcome::Taken => {
                    if scan.is_full() {
                        scan.flush(&self.roster, tier_since);
                        if unreported >= ROWS_BETWEEN_REPORTS {
                            row_number += unreported;
                            job.report(std::mem::take(&mut unreported));
                        }
                    }
                }
                Outcome::Later => {}
                Outcome::NoCustomer => self.no_customer += 1,
                Outcome::UnknownCustomer => self.unknown_customer += 1,
                Outcome::TooManyCustomers => {
                    return Err(StoreError::TooManyCustomers { limit: MOST_CUSTOMERS });
                }
                Outcome::Bad(mut bad) => {
                    bad.task = number;
                    if reading.places.row.is_none() {
                        bad.row = (row_number + unreported) as i64;
                    }
                    if !job.options.skip_bad_rows {
                        return Err(bad.into_error());
                    }
                    self.bad_rows.add(bad);
                }
            }
        }
        scan.flush(&self.roster, tier_since);
        guarded.lift_limit();
        job.report(unreported);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_every_row_number_once() {
        for (first, last) in [(0, 0), (1, 1_000_000), (-5, 5), (i64::MIN, i64::MAX)] {
            let ranges: Vec<_> = ranges(Some((first, last)), 2).into_iter().flatten().collect();
            assert_eq!(ranges[0].0, first);
            assert_eq!(ranges.last().unwrap().1, last);
            assert!(ranges.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{ranges:?}");
            assert!(ranges.len() <= 32);
        }
        assert_eq!(ranges(None, 2), [None]);
    }
}
