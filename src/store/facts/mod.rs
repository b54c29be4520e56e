//! Facts: what a store says about its customers, as columns.
//!
//! In: a program, a store, an as-of date. Out: customers in the order of their ids, their
//! attributes and the metrics that come from rows; with [`History`] as of many dates, from one
//! reading; for several programs, from one reading; with [`read_memory`] from rows that no store
//! holds.
//! Never: `GROUP BY` or an index walk; rows are read once, in storage order, in parallel.

mod block;
mod cells;
mod clock;
mod computed;
mod customer;
mod division;
mod gather;
mod history;
mod ids;
mod keep;
mod kept;
mod left;
mod memory;
mod merge;
mod number;
mod plan;
mod read;
mod relation;
mod roster;
mod rows;
mod rows_of;
mod scan;
mod scripts;
mod shared;
mod steady;
mod time_text;
mod unreadable;
mod work;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;

pub use customer::CustomerId;
pub use history::History;
pub use memory::{MemoryError, MemoryRow, MemoryStore, read_memory};
pub use read::{Asking, read_facts, read_facts_together};

use crate::expr::column::Column;
use crate::expr::{LadderId, MetricId, Value};
use crate::metrics::{GiveError, GivenMetric};
use crate::program::Program;

/// How to read, and what only the caller knows.
pub struct ReadOptions<'a> {
    /// Skip and count rows that cannot be read, rather than to stop at the first.
    pub skip_bad_rows: bool,
    /// Read connections at most; 0: as many as there are processors.
    pub threads: usize,
    /// How long one query of the pack may run; usually [`QUERY_TIME_LIMIT`](super::QUERY_TIME_LIMIT).
    pub query_time_limit: Duration,
    /// Since when a customer has held the tier they are in, for `within: tier LADDER`.
    pub tier_since: &'a (dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync),
    /// Called now and then with the rows read so far and how many there are about.
    pub progress: &'a (dyn Fn(u64, Option<u64>) + Sync),
}

/// What was read. All columns have one row per customer, in the order of `customers`.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Sorted: a customer's row is their slot.
    pub customers: Vec<CustomerId>,
    /// By `AttributeId`; those that are used.
    pub attributes: Vec<Option<Column>>,
    /// By `MetricId`; those of kind `Rows`.
    pub metrics: Vec<Option<Column>>,
    /// Metrics, of any kind, that have a value whatever the rows say; usually none. They count
    /// from [`Population::build`](crate::metrics::population::Population::build) on; of two for
    /// the same metric of a customer the later one.
    pub given: Vec<GivenMetric>,
    /// Rows up to the as-of date without a place to count: `no customer`, `unknown customer`.
    pub skipped_rows: BTreeMap<String, u64>,
    /// Rows that could not be read.
    pub bad_rows: u64,
    pub bad_row_reasons: BTreeMap<String, u64>,
    /// A few of them, each as one sentence.
    pub bad_row_examples: Vec<String>,
}

impl Facts {
    /// The row of a customer.
    pub fn slot(&self, customer: &CustomerId) -> Option<usize> {
        self.customers.binary_search(customer).ok()
    }

    /// Gives a customer's metric a value; an error where it cannot have it.
    pub fn give(
        &mut self,
        program: &Program,
        slot: usize,
        metric: MetricId,
        value: Value,
    ) -> Result<(), GiveError> {
        self.given.push(GivenMetric::new(program, slot, metric, value)?);
        Ok(())
    }

    /// One customer's, without the rows that counted for nobody.
    pub fn of_one(&self, slot: usize) -> Facts {
        let one = |column: &Option<Column>| {
            column.as_ref().map(|column| column.slice(slot..slot + 1).to_column())
        };
        let given = self.given.iter().filter(|given| given.slot == slot);
        Facts {
            given: given.map(|given| GivenMetric { slot: 0, ..given.clone() }).collect(),
            customers: vec![self.customers[slot].clone()],
            attributes: self.attributes.iter().map(one).collect(),
            metrics: self.metrics.iter().map(one).collect(),
            ..Facts::default()
        }
    }
}

impl std::fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadOptions")
            .field("skip_bad_rows", &self.skip_bad_rows)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}
