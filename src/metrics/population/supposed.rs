//! What would be if one customer had another value of one metric.

use super::Population;
use super::fixed::Fixed;
use super::held::{self, HeldCutoff};
use super::view::StandingColumns;
use crate::expr::MetricId;
use crate::expr::column::{Data, Ints};
use crate::program::{Cutoff, MetricKind, Program, Step};
use crate::store::Facts;

/// Another value of a metric for one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supposed {
    pub slot: usize,
    pub metric: MetricId,
    /// A whole number at the scale of the metric's column.
    pub value: i128,
}

impl Population {
    /// The number that a customer has, as a whole number and its scale; `None` where there is none.
    pub fn whole_number(&self, metric: MetricId, slot: usize) -> Option<(i128, u8)> {
        let column = self.facts.metrics[metric].as_ref()?;
        if !column.is_known(slot) || column.fault(slot).is_some() {
            return None;
        }
        match &column.data {
            Data::Number { scale, values: Ints::Narrow(values) } => {
                Some((values[slot].into(), *scale))
            }
            Data::Number { scale, values: Ints::Wide(values) } => Some((values[slot], *scale)),
            _ => None,
        }
    }

    /// The customer alone. What is computed from the metric is computed anew; whatever is taken
    /// over the population stays as it was taken, RFM scores too. `None` where the metric cannot
    /// have that value.
    pub(crate) fn alone(
        &self,
        program: &Program,
        standings: &StandingColumns,
        supposed: Supposed,
    ) -> Option<(Population, StandingColumns)> {
        let Supposed { slot, metric, value } = supposed;
        let standings = standings.of_one(slot);
        let taken = self.cutoffs.iter().map(|taken| Some(taken.as_ref()?.of_one(slot)));
        let mut alone = Population {
            as_of: self.as_of,
            facts: self.facts.of_one(slot),
            counts: vec![self.counts[slot]],
            size: self.size,
            faults: self.faults.as_ref().map(|faults| vec![faults[slot]]),
            cutoffs: taken.collect(),
            held: Vec::new(),
            scores: self.scores.clone(),
            fixed: self.fixed.clone(),
        };
        alone.facts.metrics[metric].as_mut()?.set_number(0, value)?;
        for step in &program.order {
            if let Step::Metric(id) = *step
                && id != metric
                && follows(program, id, metric)
            {
                alone.facts.metrics[id] = None;
                alone.fill(program, id, &standings, 1);
            }
        }
        Some((alone, standings))
    }

    /// The customer alone, with everything that may follow from the metric computed anew and
    /// measured by what was taken. `None` where the metric cannot have that value.
    pub(crate) fn alone_anew(
        &self,
        program: &Program,
        standings: &StandingColumns,
        supposed: Supposed,
        fixed: &Fixed,
    ) -> Option<(Population, StandingColumns)> {
        let (facts, slot) = (self.facts.of_one(supposed.slot), supposed.slot);
        let facts = supposing(program, facts, Supposed { slot: 0, ..supposed })?;
        let standings = standings.of_one(slot);
        let alone = Population::build_fixed(program, facts, &standings, fixed, self.as_of, 1);
        Some((alone, standings))
    }

    /// Everybody, with everything that may follow from it computed and taken anew, but for what a
    /// ladder holds. `None` where the metric cannot have that value.
    pub(crate) fn anew(
        &self,
        program: &Program,
        standings: &StandingColumns,
        supposed: Supposed,
    ) -> Option<Population> {
        let facts = supposing(program, self.facts.clone(), supposed)?;
        // Others may be here to explain what a pass decided with them.
        let is_held = |cutoff: &Cutoff| held::tick(program, cutoff).is_some();
        let held: Vec<Option<HeldCutoff>> = program
            .cutoffs
            .iter()
            .zip(&self.held)
            .map(|(cutoff, held)| held.clone().filter(|_| is_held(cutoff)))
            .collect();
        Some(Population::build(program, facts, standings, &held, self.as_of, 0))
    }
}

/// Facts with that value, and without what may follow from it or is taken over the population.
fn supposing(program: &Program, mut facts: Facts, supposed: Supposed) -> Option<Facts> {
    let Supposed { slot, metric, value } = supposed;
    // What is supposed comes before what was given.
    facts.given.retain(|given| (given.slot, given.metric) != (slot, metric));
    let own_scores = scores_of(program, metric);
    for id in (0..program.metrics.len()).filter(|&id| id != metric) {
        let scores = scores_of(program, id);
        if follows(program, id, metric) || (scores.is_some() && scores != own_scores) {
            facts.metrics[id] = None;
        }
    }
    facts.metrics[metric].as_mut()?.set_number(slot, value)?;
    Some(facts)
}

/// Whether a metric may follow from another of the same customer.
fn follows(program: &Program, metric: MetricId, from: MetricId) -> bool {
    match program.metrics[metric].kind {
        MetricKind::Formula { .. } | MetricKind::Score(_) => true,
        MetricKind::Rfm { .. } => scores_of(program, from) == Some(metric),
        MetricKind::Rows(_) | MetricKind::RfmPart { .. } => false,
    }
}

/// The `rfm` metric that a metric is, or is a part of.
fn scores_of(program: &Program, metric: MetricId) -> Option<MetricId> {
    match program.metrics[metric].kind {
        MetricKind::Rfm { .. } => Some(metric),
        MetricKind::RfmPart { of, .. } => Some(of),
        _ => None,
    }
}
