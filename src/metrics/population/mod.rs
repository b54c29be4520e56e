//! Everything about the customers of a pass before anybody is decided: metrics, who counts for
//! relative thresholds, cutoffs and tops.
//!
//! In: facts, a program, standings as they were. Out: a [`Population`] of full columns.
//! Never: IO, floats, or an answer that depends on the order of customers.

mod blocks;
mod border;
mod calls;
mod cutoff;
mod evaluate;
mod fixed;
#[cfg(test)]
mod fixed_tests;
mod formula;
#[cfg(test)]
mod given_tests;
mod held;
#[cfg(test)]
mod held_tests;
mod join;
mod rfm;
mod score;
mod squares;
mod statistics;
mod supposed;
mod top;
mod view;

use jiff::civil::Date;

pub use blocks::{BLOCK_ROWS, in_blocks, thread_count};
pub use border::Border;
pub(crate) use calls::Calls;
pub(crate) use cutoff::Members;
pub use cutoff::Taken;
pub(crate) use evaluate::{map, truth};
pub use fixed::Fixed;
pub use held::HeldCutoff;
pub use supposed::Supposed;
pub use view::StandingColumns;
pub(crate) use view::{Columns, Customers};

use crate::expr::column::Column;
use crate::expr::{Condition, CutoffId, Fault, Inputs, MetricId, Value};
use crate::program::{MetricKind, Program, Step};
use crate::store::Facts;
use rfm::ScoreBorders;

/// All customers of a pass, as columns by slot.
#[derive(Debug, Clone)]
pub struct Population {
    pub as_of: Date,
    /// Customers, attributes and what was skipped; its metrics are complete.
    pub facts: Facts,
    /// Whether a customer counts for relative thresholds.
    pub counts: Vec<bool>,
    /// How many count.
    pub size: usize,
    /// Customers for whom the population's condition is a fault: they do not count.
    pub faults: Option<Vec<u8>>,
    /// By `CutoffId`; all are taken once the population is built.
    pub cutoffs: Vec<Option<Taken>>,
    /// By `CutoffId`: what holds from this pass on, for the next one. `None` for cutoffs that
    /// are taken in every pass, and where all are [`Fixed`]: then there is nothing new to hold.
    pub held: Vec<Option<HeldCutoff>>,
    /// By `MetricId`: where the scores of an RFM part change.
    scores: Vec<Option<ScoreBorders>>,
    /// Where nothing was taken over these customers.
    fixed: Option<Fixed>,
}

/// What was taken before a population is built.
#[derive(Debug, Clone, Copy)]
enum TakenBefore<'a> {
    /// Cutoffs that hold until their tick; all others are taken.
    Held(&'a [Option<HeldCutoff>]),
    /// Everything.
    Fixed(&'a Fixed),
}

impl Population {
    /// Computes what a program asks for, each step after what it needs. `standings` are those
    /// before the pass, `held` the cutoffs that were taken already, by `CutoffId` (empty: none);
    /// `threads` 0: as many as there are processors.
    pub fn build(
        program: &Program,
        facts: Facts,
        standings: &StandingColumns,
        held: &[Option<HeldCutoff>],
        as_of: Date,
        threads: usize,
    ) -> Population {
        let before = TakenBefore::Held(held);
        Self::build_with(program, facts, standings, before, as_of, threads)
    }

    /// The same for some customers, or one, against what was taken over everybody: nothing is
    /// taken anew. Whoever counts now is measured by it, new customers too; `size` is that of the
    /// population over which it was taken.
    pub fn build_fixed(
        program: &Program,
        facts: Facts,
        standings: &StandingColumns,
        fixed: &Fixed,
        as_of: Date,
        threads: usize,
    ) -> Population {
        let before = TakenBefore::Fixed(fixed);
        Self::build_with(program, facts, standings, before, as_of, threads)
    }

    fn build_with(
        program: &Program,
        facts: Facts,
        standings: &StandingColumns,
        before: TakenBefore<'_>,
        as_of: Date,
        threads: usize,
    ) -> Population {
        let mut population = Population {
            as_of,
            counts: Vec::new(),
            size: 0,
            faults: None,
            cutoffs: vec![None; program.cutoffs.len()],
            held: vec![None; program.cutoffs.len()],
            scores: vec![None; program.metrics.len()],
            fixed: match before {
                TakenBefore::Held(_) => None,
                TakenBefore::Fixed(fixed) => Some(fixed.clone()),
            },
            facts,
        };
        population.facts.metrics.resize(program.metrics.len(), None);
        population.facts.attributes.resize(program.attributes.len(), None);
        for metric in 0..program.metrics.len() {
            population.give(metric);
        }
        let mut counted = false;
        for step in &program.order {
            let over_population = match *step {
                Step::Cutoff(_) => true,
                Step::Metric(metric) => matches!(
                    program.metrics[metric].kind,
                    MetricKind::Rfm { .. } | MetricKind::RfmPart { .. }
                ),
            };
            if over_population && !counted {
                population.count(program, standings, threads);
                counted = true;
            }
            match *step {
                Step::Metric(metric) => population.fill(program, metric, standings, threads),
                Step::Cutoff(cutoff) => match before {
                    TakenBefore::Held(held) => {
                        let held = held.get(cutoff).and_then(Option::as_ref);
                        population.take(program, cutoff, held, standings, threads);
                    }
                    TakenBefore::Fixed(fixed) => {
                        let crowd = population.crowd(program, standings, threads);
                        let cutoffs = &program.cutoffs[cutoff];
                        let taken = cutoff::take(cutoffs, Some(fixed.cutoff(cutoff)), crowd);
                        population.cutoffs[cutoff] = Some(taken);
                    }
                },
            }
        }
        if !counted {
            population.count(program, standings, threads);
        }
        population
    }

    /// Customers.
    pub fn len(&self) -> usize {
        self.facts.customers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.facts.customers.is_empty()
    }

    /// A metric of a customer.
    pub fn metric(&self, metric: MetricId, slot: usize) -> Result<Value, Fault> {
        match &self.facts.metrics[metric] {
            Some(column) => column.value(slot),
            None => Ok(Value::Null),
        }
    }

    /// A cutoff as it was taken.
    pub fn cutoff(&self, cutoff: CutoffId) -> Option<&Taken> {
        self.cutoffs[cutoff].as_ref()
    }

    /// Calls `read` with what expressions can read of one customer: for explanations.
    pub fn with_customer<T>(
        &self,
        program: &Program,
        standings: &StandingColumns,
        slot: usize,
        read: impl FnOnce(&dyn Inputs) -> T,
    ) -> T {
        let columns = self.columns(program, standings);
        let calls = Calls::new(columns);
        read(&Customers { columns, rows: slot..slot + 1, calls: &calls, benefit_value: None })
    }

    /// The same for a look from outside, after which no line of a script counts as run.
    pub(crate) fn with_customer_uncounted<T>(
        &self,
        program: &Program,
        standings: &StandingColumns,
        slot: usize,
        read: impl FnOnce(&dyn Inputs) -> T,
    ) -> T {
        let columns = self.columns(program, standings);
        let calls = Calls::uncounted(columns);
        read(&Customers { columns, rows: slot..slot + 1, calls: &calls, benefit_value: None })
    }

    pub(crate) fn columns<'a>(
        &'a self,
        program: &'a Program,
        standings: &'a StandingColumns,
    ) -> Columns<'a> {
        Columns {
            program,
            as_of: self.as_of,
            attributes: &self.facts.attributes,
            metrics: &self.facts.metrics,
            cutoffs: &self.cutoffs,
            standings,
        }
    }

    /// Finds out who counts.
    fn count(&mut self, program: &Program, standings: &StandingColumns, threads: usize) {
        let condition: &Condition<_> = &program.settings.population;
        let truth = truth(self.columns(program, standings), condition, None, self.len(), threads);
        self.size = match &self.fixed {
            Some(fixed) => fixed.size(),
            None => truth.holds.iter().filter(|counts| **counts).count(),
        };
        self.counts = truth.holds;
        self.faults = truth.faults;
    }

    /// Takes a cutoff, or keeps the one that is held.
    fn take(
        &mut self,
        program: &Program,
        id: CutoffId,
        before: Option<&HeldCutoff>,
        standings: &StandingColumns,
        threads: usize,
    ) {
        let cutoff = &program.cutoffs[id];
        let tick = held::tick(program, cutoff);
        // One of a pass is given again to explain what that pass decided.
        let held = before.filter(|held| held.holds(self.as_of) && held.decides(cutoff));
        let known = held.map(HeldCutoff::taken);
        let crowd = self.crowd(program, standings, threads);
        let taken = cutoff::take(cutoff, known.as_ref(), crowd);
        self.held[id] = match (held, tick) {
            (Some(held), _) => Some(held.clone()),
            (None, Some(tick)) => HeldCutoff::new(cutoff, &taken, tick, before),
            (None, None) => None,
        };
        self.cutoffs[id] = Some(taken);
    }

    fn crowd<'a>(
        &'a self,
        program: &'a Program,
        standings: &'a StandingColumns,
        threads: usize,
    ) -> cutoff::Crowd<'a> {
        cutoff::Crowd {
            columns: self.columns(program, standings),
            members: Members { mask: &self.counts, count: self.size },
            customers: &self.facts.customers,
            threads,
        }
    }

    fn fill(
        &mut self,
        program: &Program,
        metric: MetricId,
        standings: &StandingColumns,
        threads: usize,
    ) {
        if self.facts.metrics[metric].is_some() {
            return;
        }
        let rows = self.len();
        let columns = self.columns(program, standings);
        let rule = &program.metrics[metric];
        let column = match &rule.kind {
            // Read with the facts.
            MetricKind::Rows(_) => return,
            MetricKind::Formula { expr, otherwise } => {
                formula::column(rule, expr, *otherwise, columns, rows, threads)
            }
            MetricKind::Score(lines) => score::column(lines, rule.scale, columns, rows, threads),
            MetricKind::Rfm { .. } => {
                let parts = program.metrics.iter().enumerate().filter_map(|(id, part)| {
                    matches!(part.kind, MetricKind::RfmPart { of, .. } if of == metric)
                        .then_some(id)
                });
                let parts: Vec<MetricId> = parts.collect();
                for &part in &parts {
                    self.fill(program, part, standings, threads);
                }
                let scores: Vec<&Column> =
                    parts.iter().filter_map(|&part| self.facts.metrics[part].as_ref()).collect();
                let [recency, frequency, monetary] = scores[..] else { return };
                rfm::sum([recency, frequency, monetary])
            }
            MetricKind::RfmPart { of, part } => {
                let MetricKind::Rfm { recency, frequency, monetary, bins } =
                    program.metrics[*of].kind
                else {
                    return;
                };
                let measure = [recency, frequency, monetary][usize::from(*part)];
                let Some(measure) = &self.facts.metrics[measure] else { return };
                let borders = match &self.fixed {
                    Some(fixed) => fixed.scores(metric),
                    None => {
                        let counted = Members { mask: &self.counts, count: self.size };
                        ScoreBorders::of(measure, counted, bins, *part == 0)
                    }
                };
                let scores = borders.scores(measure);
                self.scores[metric] = Some(borders);
                scores
            }
        };
        self.facts.metrics[metric] = Some(column);
        self.give(metric);
    }

    /// Puts the values that are given of a metric into its column, where there is one by now.
    fn give(&mut self, metric: MetricId) {
        let Facts { given, metrics, .. } = &mut self.facts;
        for given in given.iter().filter(|given| given.metric == metric) {
            if let Some(column) = &mut metrics[metric] {
                given.put_into(column);
            }
        }
    }
}
