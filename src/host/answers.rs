//! What is served: the rules of one generation, with everybody's numbers and standings as of one
//! date.
//!
//! The bottom layer is everybody, as the last full pass has left them. Whoever was touched since
//! is in the layer above, which shadows them. Both are immutable: a pass makes new answers.

mod counts;
mod json;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;

use crate::build::Rules;
use crate::expr::{LadderId, SegmentId, TierId};
use crate::metrics::population::{Fixed, Population};
use crate::pass::{After, Membership, PassOutcome};
use crate::program::Program;
use crate::store::CustomerId;

#[derive(Debug, Clone)]
pub struct Answers {
    pub rules: Arc<Rules>,
    /// Of the rules.
    pub generation: String,
    pub as_of: Date,
    /// What the full pass took over everybody.
    pub fixed: Fixed,
    pub everybody: Arc<Layer>,
    /// Those with new facts since the last full pass.
    pub touched: Option<Arc<Layer>>,
    /// Customers by ladder and tier; the last of each ladder are those without a tier.
    pub tiers: Vec<Vec<u64>>,
    /// By `SegmentId`.
    pub segments: Vec<u64>,
}

/// Some customers after a pass.
#[derive(Debug, Clone)]
pub struct Layer {
    pub population: Population,
    pub after: After,
    /// By `AlertId`: for whom its condition holds.
    pub alerts: Vec<Membership>,
    /// Sorted: who is no customer any more, though the layer below says so.
    pub gone: Vec<CustomerId>,
    /// Customers by ladder and tier; the last of each ladder are those without a tier.
    tiers: Vec<Vec<u64>>,
}

/// Some of a list of customers, and whether there are more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub customers: Vec<CustomerId>,
    pub more: bool,
}

/// Who is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    Tier(LadderId, TierId),
    Segment(SegmentId),
}

impl Layer {
    pub fn of(program: &Program, outcome: PassOutcome) -> Self {
        let alerts = outcome.alerts.into_iter().map(|alert| alert.members).collect();
        Self::new(program, outcome.population, outcome.after, alerts, Vec::new())
    }

    pub(super) fn new(
        program: &Program,
        population: Population,
        after: After,
        alerts: Vec<Membership>,
        gone: Vec<CustomerId>,
    ) -> Self {
        let tiers = counts::tiers(program, &after.standings);
        Self { population, after, alerts, gone, tiers }
    }

    fn is_gone(&self, customer: &CustomerId) -> bool {
        self.gone.binary_search(customer).is_ok()
    }

    fn is_member(&self, members: Members, slot: usize) -> bool {
        match members {
            Members::Tier(ladder, tier) => {
                self.after.standings.ladders[ladder].tier[slot].tier() == Some(tier)
            }
            Members::Segment(segment) => self.after.segments[segment].holds[slot],
        }
    }

    pub(super) fn customers(&self) -> &[CustomerId] {
        &self.population.facts.customers
    }
}

impl Answers {
    /// Answers of a full pass.
    pub fn of_everybody(rules: Arc<Rules>, everybody: Layer) -> Self {
        let tiers = everybody.tiers.clone();
        let segments = everybody.after.segments.iter().map(|segment| segment.count).collect();
        Self {
            generation: rules.program.generation(),
            as_of: everybody.population.as_of,
            fixed: everybody.population.fixed(),
            rules,
            everybody: Arc::new(everybody),
            touched: None,
            tiers,
            segments,
        }
    }

    /// The same with those who were touched since the full pass, all of them.
    #[must_use]
    pub fn with_touched(&self, touched: Layer) -> Self {
        let (tiers, segments) = counts::with_touched(&self.everybody, &touched);
        Self { touched: Some(Arc::new(touched)), tiers, segments, ..self.clone() }
    }

    /// The layer that has a customer, and the row there.
    pub fn find(&self, customer: &CustomerId) -> Option<(&Layer, usize)> {
        if let Some(touched) = &self.touched {
            if let Some(slot) = touched.population.facts.slot(customer) {
                return Some((touched, slot));
            }
            if touched.is_gone(customer) {
                return None;
            }
        }
        Some((&self.everybody, self.everybody.population.facts.slot(customer)?))
    }

    /// Members in the order of their ids, beginning after a customer, at most `limit`.
    pub fn page(&self, members: Members, after: Option<&CustomerId>, limit: usize) -> Page {
        let rows = |layer: &'_ Layer| match after {
            Some(after) => layer.customers().partition_point(|customer| customer <= after),
            None => 0,
        };
        let below = &*self.everybody;
        let (mut low, mut high) = (rows(below), self.touched.as_deref().map_or(0, rows));
        let none: &[CustomerId] = &[];
        let shadows = self.touched.as_deref().map_or(none, Layer::customers);
        let mut customers = Vec::new();
        while low < below.customers().len() || high < shadows.len() {
            let from_above = match (below.customers().get(low), shadows.get(high)) {
                (Some(lower), Some(upper)) => {
                    if lower == upper {
                        low += 1;
                        continue;
                    }
                    upper < lower
                }
                (None, _) => true,
                (_, None) => false,
            };
            let (layer, slot) = match (&self.touched, from_above) {
                (Some(touched), true) => {
                    high += 1;
                    (&**touched, high - 1)
                }
                _ => {
                    low += 1;
                    (below, low - 1)
                }
            };
            let customer = &layer.customers()[slot];
            let is_gone = || self.touched.as_ref().is_some_and(|touched| touched.is_gone(customer));
            if layer.is_member(members, slot) && (from_above || !is_gone()) {
                if customers.len() == limit {
                    return Page { customers, more: true };
                }
                customers.push(customer.clone());
            }
        }
        Page { customers, more: false }
    }
}
