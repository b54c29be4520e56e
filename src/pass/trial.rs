//! One customer decided again, as if one of their metrics had another value.

use super::decide;
use super::reads::Reads;
use crate::expr::{Inputs, LadderId, MetricId, TierId};
use crate::lifecycle::TierCode;
use crate::metrics::population::{Fixed, Population, StandingColumns, Supposed};
use crate::program::{MetricKind, Program};

/// A customer, a ladder, and a metric to try values for.
#[derive(Debug)]
pub struct Trial<'a> {
    program: &'a Program,
    population: &'a Population,
    standings: &'a StandingColumns,
    ladder: LadderId,
    slot: usize,
    metric: MetricId,
    reach: Reach<'a>,
}

/// What a value of the metric may change of what a ladder asks.
#[derive(Debug, Clone, Copy)]
enum Reach<'a> {
    /// Nothing that is taken over the population.
    Customer,
    /// What is taken over the population: everybody is computed anew.
    Everybody,
    /// What the customer is measured by stays as it was taken; where they stand against it is
    /// found out anew.
    Measured(&'a Fixed),
}

/// What comes of a value.
#[derive(Debug)]
pub struct Tried {
    population: Population,
    /// Of the customer alone, where nobody else was computed anew.
    standings: Option<StandingColumns>,
    slot: usize,
    /// The highest tier that is earned; `None` too where the decision is a fault.
    pub earned: Option<TierId>,
}

impl<'a> Trial<'a> {
    /// `standings` are those that the decision reads. With `fixed` another value moves nobody but
    /// the customer, and a trial costs the same however many there are; so it does where the
    /// population was built with what was fixed.
    pub fn new(
        program: &'a Program,
        population: &'a Population,
        standings: &'a StandingColumns,
        (ladder, slot): (LadderId, usize),
        metric: MetricId,
        fixed: Option<&'a Fixed>,
    ) -> Self {
        let reach = match (over_population(program, ladder, metric), population.built_with()) {
            (false, _) => Reach::Customer,
            (true, built_with) => fixed.or(built_with).map_or(Reach::Everybody, Reach::Measured),
        };
        Self { program, population, standings, ladder, slot, metric, reach }
    }

    /// Decides with a whole number at the scale of the metric's column. `None` where the metric
    /// cannot have it.
    pub fn decide(&self, value: i128) -> Option<Tried> {
        let supposed = Supposed { slot: self.slot, metric: self.metric, value };
        let (population, standings, slot) = match self.reach {
            Reach::Customer => {
                let (population, standings) =
                    self.population.alone(self.program, self.standings, supposed)?;
                (population, Some(standings), 0)
            }
            Reach::Measured(fixed) => {
                let (population, standings) =
                    self.population.alone_anew(self.program, self.standings, supposed, fixed)?;
                (population, Some(standings), 0)
            }
            Reach::Everybody => {
                let population = self.population.anew(self.program, self.standings, supposed)?;
                (population, None, self.slot)
            }
        };
        let mut tried = Tried { population, standings, slot, earned: None };
        tried.earned = self.earned(Some(&tried));
        Some(tried)
    }

    /// The highest tier that is earned as it is.
    pub fn earned_now(&self) -> Option<TierId> {
        self.earned(None)
    }

    /// Calls `read` with what expressions read of the customer then, or as it is.
    pub fn with_customer<T>(
        &self,
        tried: Option<&Tried>,
        read: impl FnOnce(&Population, &dyn Inputs) -> T,
    ) -> T {
        let (population, slot) =
            tried.map_or((self.population, self.slot), |tried| (&tried.population, tried.slot));
        let standings = tried.and_then(|tried| tried.standings.as_ref()).unwrap_or(self.standings);
        population.with_customer(self.program, standings, slot, |inputs| read(population, inputs))
    }

    fn earned(&self, tried: Option<&Tried>) -> Option<TierId> {
        let ladder = &self.program.ladders[self.ladder];
        self.with_customer(tried, |_, customer| {
            let decided = decide::of_block(ladder, customer, &[TierCode::NONE], &[]);
            decided.earned[0].tier().filter(|_| decided.fault(0).is_none())
        })
    }
}

/// Whether anything that a ladder asks for is taken over the population from that metric.
fn over_population(program: &Program, ladder: LadderId, metric: MetricId) -> bool {
    let mut asked = Reads::new(program);
    program.ladders[ladder].tiers.iter().for_each(|tier| asked.condition(&tier.enter));
    let scores = asked.metrics().filter_map(|score| match program.metrics[score].kind {
        MetricKind::Rfm { .. } => Some(score),
        MetricKind::RfmPart { of, .. } => Some(of),
        _ => None,
    });
    let (cutoffs, scores): (Vec<_>, Vec<_>) = (asked.cutoffs().collect(), scores.collect());
    if cutoffs.is_empty() && scores.is_empty() {
        return false;
    }
    let mut taken = Reads::new(program);
    cutoffs.into_iter().for_each(|cutoff| taken.measured(cutoff));
    scores.into_iter().for_each(|score| taken.metric(score));
    taken.condition(&program.settings.population);
    taken.reads(metric)
}
