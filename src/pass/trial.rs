//! One customer decided again, as if one of their metrics had another value.

use super::decide;
use super::reads::Reads;
use crate::expr::{Inputs, LadderId, MetricId, TierId};
use crate::lifecycle::TierCode;
use crate::metrics::population::{Population, StandingColumns, Supposed};
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
    /// Whether something that the ladder asks is taken over the population from this metric:
    /// then everybody is computed anew, for one customer's value moves it.
    over_population: bool,
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
    /// `standings` are those that the decision reads.
    pub fn new(
        program: &'a Program,
        population: &'a Population,
        standings: &'a StandingColumns,
        (ladder, slot): (LadderId, usize),
        metric: MetricId,
    ) -> Self {
        let over_population = over_population(program, ladder, metric);
        Self { program, population, standings, ladder, slot, metric, over_population }
    }

    /// Decides with a whole number at the scale of the metric's column. `None` where the metric
    /// cannot have it.
    pub fn decide(&self, value: i128) -> Option<Tried> {
        let supposed = Supposed { slot: self.slot, metric: self.metric, value };
        let mut tried = if self.over_population {
            let population = self.population.anew(self.program, self.standings, supposed)?;
            Tried { population, standings: None, slot: self.slot, earned: None }
        } else {
            let (population, standings) =
                self.population.alone(self.program, self.standings, supposed)?;
            Tried { population, standings: Some(standings), slot: 0, earned: None }
        };
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
