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
use crate::metrics::population::Population;
use crate::pass::{After, Membership, PassOutcome};
use crate::store::CustomerId;

#[derive(Debug, Clone)]
pub struct Answers {
    pub rules: Arc<Rules>,
    /// Of the rules.
    pub generation: String,
    pub as_of: Date,
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
    pub fn of(outcome: PassOutcome) -> Self {
        let alerts = outcome.alerts.into_iter().map(|alert| alert.members).collect();
        Self { population: outcome.population, after: outcome.after, alerts }
    }

    fn is_member(&self, members: Members, slot: usize) -> bool {
        match members {
            Members::Tier(ladder, tier) => {
                self.after.standings.ladders[ladder].tier[slot].tier() == Some(tier)
            }
            Members::Segment(segment) => self.after.segments[segment].holds[slot],
        }
    }

    fn customers(&self) -> &[CustomerId] {
        &self.population.facts.customers
    }
}

impl Answers {
    /// Answers of a full pass.
    pub fn of_everybody(rules: Arc<Rules>, everybody: Layer) -> Self {
        let tiers = counts::tiers(&rules.program, &everybody);
        let segments = everybody.after.segments.iter().map(|segment| segment.count).collect();
        Self {
            generation: rules.program.generation(),
            as_of: everybody.population.as_of,
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
        let (tiers, segments) = counts::with_touched(self, &touched);
        Self { touched: Some(Arc::new(touched)), tiers, segments, ..self.clone() }
    }

    /// The layer that has a customer, and the row there.
    pub fn find(&self, customer: &CustomerId) -> Option<(&Layer, usize)> {
        let layers = self.touched.iter().chain([&self.everybody]);
        let mut found =
            layers.filter_map(|layer| Some((&**layer, layer.population.facts.slot(customer)?)));
        found.next()
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
            if layer.is_member(members, slot) {
                if customers.len() == limit {
                    return Page { customers, more: true };
                }
                customers.push(layer.customers()[slot].clone());
            }
        }
        Page { customers, more: false }
    }
}
