use std::collections::HashMap;

use super::kept::{Kept, Wide, initial};
use crate::program::Aggregate;

/// What the rows of one source have added up to, for every customer and metric.
///
/// Each customer has `width` words of 64 bits side by side, so that a row touches one or two
/// cache lines; whatever does not fit a word is kept apart, exactly. No sum depends on the
/// order of rows.
#[derive(Debug, Clone)]
pub struct Accumulators {
    pub(super) kept: Vec<Kept>,
    /// A customer's words before any row.
    pub(super) template: Vec<i64>,
    pub(super) words: Vec<i64>,
    customers: usize,
    /// Beyond 64 bits, by metric (its place in `kept`) and slot.
    pub(super) wide: HashMap<(u32, u32), Wide>,
    /// The first in order of the faults met, by metric and slot.
    pub(super) faults: HashMap<(u32, u32), u8>,
}

/// Rows of a block that a metric takes.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// Of the whole block: the customer, the civil day since 1970-01-01 and the instant in
    /// microseconds since then; without the instants where neither `First` nor `Last` asks.
    pub slots: &'a [u32],
    pub days: &'a [i32],
    pub times: &'a [i64],
    /// Those that count, as positions in the block.
    pub rows: &'a [u32],
}

impl Accumulators {
    pub fn new(aggregates: &[Aggregate]) -> Self {
        let mut template = Vec::new();
        let kept = aggregates
            .iter()
            .map(|&aggregate| {
                let offset = template.len();
                template.extend_from_slice(initial(aggregate));
                Kept::new(aggregate, offset)
            })
            .collect();
        Self {
            kept,
            template,
            words: Vec::new(),
            customers: 0,
            wide: HashMap::new(),
            faults: HashMap::new(),
        }
    }

    /// Makes room for so many customers.
    pub fn grow(&mut self, customers: usize) {
        if customers > self.customers {
            self.words.reserve((customers - self.customers) * self.template.len());
            for _ in self.customers..customers {
                self.words.extend_from_slice(&self.template);
            }
            self.customers = customers;
        }
    }

    /// Whether nobody has been added.
    pub fn is_empty(&self) -> bool {
        self.customers == 0
    }

    /// Gives up what was kept: each metric's, with the words of one customer behind another.
    pub(super) fn into_parts(self) -> Parts {
        Parts {
            kept: self.kept,
            width: self.template.len(),
            words: self.words,
            customers: self.customers,
            wide: self.wide,
            faults: self.faults,
        }
    }
}

/// See [`Accumulators::into_parts`].
pub(super) struct Parts {
    pub(super) kept: Vec<Kept>,
    pub(super) width: usize,
    pub(super) words: Vec<i64>,
    pub(super) customers: usize,
    pub(super) wide: HashMap<(u32, u32), Wide>,
    pub(super) faults: HashMap<(u32, u32), u8>,
}
