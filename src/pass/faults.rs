use std::collections::BTreeMap;

use crate::expr::column::Column;
use crate::expr::{Fault, LadderId, MetricId, SegmentId, Truth};
use crate::metrics::population::Population;
use crate::program::Program;

/// Where something could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultPlace {
    Metric(MetricId),
    /// Whether the customer counts for relative thresholds.
    Population,
    /// The decision: the customer keeps their tier.
    Ladder(LadderId),
    Segment(SegmentId),
    Alert(usize),
    /// The benefit's cost.
    Benefit(usize),
}

/// How often the same fault was met in the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultCount {
    pub place: FaultPlace,
    pub fault: Fault,
    /// Customers.
    pub count: u64,
    /// The smallest slot of them.
    pub example: u32,
}

/// The faults of a pass while it runs.
#[derive(Debug, Default)]
pub(super) struct Faults {
    counts: BTreeMap<(FaultPlace, Fault), (u64, u32)>,
}

impl Faults {
    pub(super) fn add(&mut self, place: FaultPlace, fault: Fault, slot: usize) {
        let slot = slot as u32;
        let (count, example) = self.counts.entry((place, fault)).or_insert((0, slot));
        *count += 1;
        *example = slot.min(*example);
    }

    /// Those of a whole column of fault bytes; gives how many.
    pub(super) fn add_all(&mut self, place: FaultPlace, faults: Option<&[u8]>) -> u64 {
        let mut added = 0;
        for (slot, byte) in faults.unwrap_or_default().iter().enumerate() {
            if let Some(fault) = Fault::from_byte(*byte) {
                self.add(place, fault, slot);
                added += 1;
            }
        }
        added
    }

    pub(super) fn truth(&mut self, place: FaultPlace, truth: &Truth) {
        self.add_all(place, truth.faults.as_deref());
    }

    /// Those of the metrics and of the population's condition.
    pub(super) fn population(&mut self, program: &Program, population: &Population) {
        for (id, metric) in program.metrics.iter().enumerate() {
            let column: Option<&Column> = population.facts.metrics[id].as_ref();
            if let (false, Some(column)) = (metric.hidden, column) {
                self.add_all(FaultPlace::Metric(id), column.faults.as_deref());
            }
        }
        self.add_all(FaultPlace::Population, population.faults.as_deref());
    }

    pub(super) fn done(self) -> Vec<FaultCount> {
        let counts = self.counts.into_iter();
        counts
            .map(|((place, fault), (count, example))| FaultCount { place, fault, count, example })
            .collect()
    }
}
