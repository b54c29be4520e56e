//! What there is to read, divided among the threads.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use super::ReadOptions;
use super::customer::CustomerId;
use super::plan::SourcePlan;
use super::relation::{Lookup, Reading};
use crate::store::open::StoreFile;

/// Ranges per thread: enough that none waits long for the last.
const RANGES_PER_THREAD: i128 = 16;

/// Row numbers in a range at least; a shorter one costs more to begin than to read.
const SHORTEST_RANGE: i128 = 32_768;

/// The most customers that a thread looks up before it asks for more.
const CUSTOMERS_IN_PART: usize = 16_384;

/// A part of a source that one thread reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    /// Place among the plans.
    pub(super) source: usize,
    pub(super) part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    /// First and last row number.
    Rows(i64, i64),
    /// Places of customers among those that are looked up: the first, and the one after the last.
    Customers(usize, usize),
}

/// How the rows of some customers are found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookups<'a> {
    pub(super) customers: &'a [CustomerId],
    /// `None`: all rows of the plan's source are read.
    pub(super) by_plan: &'a [Option<Lookup>],
}

/// What all threads share.
pub(super) struct Job<'a> {
    pub(super) file: &'a StoreFile,
    pub(super) plans: &'a [SourcePlan<'a>],
    pub(super) readings: &'a [Reading],
    pub(super) lookups: Option<Lookups<'a>>,
    pub(super) options: &'a ReadOptions<'a>,
    tasks: Vec<Task>,
    next: AtomicUsize,
    /// One thread has met a fault; the others finish what they have begun.
    pub(super) stop: AtomicBool,
    rows: AtomicU64,
    total: Option<u64>,
}

impl<'a> Job<'a> {
    pub(super) fn new(
        file: &'a StoreFile,
        plans: &'a [SourcePlan<'a>],
        readings: &'a [Reading],
        lookups: Option<Lookups<'a>>,
        threads: usize,
        options: &'a ReadOptions<'a>,
    ) -> Self {
        let looked_up = |source: usize| {
            let lookups =
                lookups.filter(|it| it.customers.is_empty() || it.by_plan[source].is_some());
            lookups.map(|lookups| lookups.customers.len())
        };
        let tasks = readings.iter().enumerate().flat_map(|(source, reading)| {
            let parts = match looked_up(source) {
                Some(customers) => parts(customers, threads),
                None => ranges(reading.rowid_range, threads),
            };
            parts.into_iter().map(move |part| Task { source, part })
        });
        // Row numbers are seldom far from rows.
        let mut totals = readings.iter().enumerate().map(|(source, reading)| {
            let range = reading.rowid_range.filter(|_| looked_up(source).is_none());
            range.map(|(first, last)| last.abs_diff(first).saturating_add(1))
        });
        Self {
            file,
            plans,
            readings,
            lookups,
            options,
            tasks: tasks.collect(),
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            rows: AtomicU64::new(0),
            total: totals.try_fold(0, |all: u64, rows| Some(all.saturating_add(rows?))),
        }
    }

    pub(super) fn next(&self) -> Option<(usize, Task)> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.tasks.get(number).map(|task| (number, *task))
    }

    pub(super) fn report(&self, rows: u64) {
        let done = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        (self.options.progress)(done, self.total);
    }
}

/// Row numbers in equal ranges, in order.
fn ranges(ends: Option<(i64, i64)>, threads: usize) -> Vec<Part> {
    let Some((first, last)) = ends else {
        return vec![Part::All];
    };
    let (first, last) = (i128::from(first), i128::from(last));
    let parts = threads as i128 * RANGES_PER_THREAD;
    let length = ((last - first) / parts + 1).max(SHORTEST_RANGE);
    (0..)
        .map(|part| first + part * length)
        .take_while(|start| *start <= last)
        .map(|start| Part::Rows(start as i64, (start + length - 1).min(last) as i64))
        .collect()
}

/// Customers in equal parts, in order: one for each thread, because the more customers are looked
/// up together, the nearer to each other are their rows.
fn parts(customers: usize, threads: usize) -> Vec<Part> {
    let length = customers.div_ceil(threads).clamp(1, CUSTOMERS_IN_PART);
    let starts = (0..customers).step_by(length);
    starts.map(|start| Part::Customers(start, customers.min(start + length))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_every_row_number_once() {
        for (first, last) in [(0, 0), (1, 1_000_000), (-5, 5), (i64::MIN, i64::MAX)] {
            let ranges: Vec<_> = ranges(Some((first, last)), 2)
                .into_iter()
                .map(|part| match part {
                    Part::Rows(first, last) => (first, last),
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(ranges[0].0, first);
            assert_eq!(ranges.last().unwrap().1, last);
            assert!(ranges.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{ranges:?}");
            assert!(ranges.len() <= 32);
        }
        assert_eq!(ranges(None, 2), [Part::All]);
    }

    #[test]
    fn parts_cover_every_customer_once() {
        assert_eq!(parts(0, 2), []);
        assert_eq!(parts(1, 2), [Part::Customers(0, 1)]);
        assert_eq!(parts(5, 2), [(0, 3), (3, 5)].map(|(a, b)| Part::Customers(a, b)));
        let most = CUSTOMERS_IN_PART;
        assert_eq!(
            parts(most + 2, 1),
            [(0, most), (most, most + 2)].map(|(a, b)| Part::Customers(a, b))
        );
    }
}
