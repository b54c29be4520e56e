//! Answers about one customer, in the shapes that other programs read.

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::{Answers, Layer};
use crate::explain::{benefits_json, explain_alone};
use crate::pass::benefits;
use crate::store::CustomerId;

impl Answers {
    /// `{"customer", "as_of", "generation", "ladders": {"club": {"tier", "since", "review_on",
    /// "grace_until"}}, "benefits", "segments", "alerts"}`; `None` where there is no such customer.
    pub fn customer(&self, customer: &CustomerId, locale: Option<&str>) -> Option<Json> {
        let (layer, slot) = self.find(customer)?;
        let Layer { population, after, alerts, .. } = layer;
        let program = &self.rules.program;
        let date = |date: Option<Date>| date.map(|date| date.to_string());
        let ladders: Map<String, Json> = program
            .ladders
            .iter()
            .enumerate()
            .map(|(id, ladder)| {
                let standing = after.standings.get(id, slot);
                let standing = json!({
                    "tier": standing.tier.map(|tier| &ladder.tiers[tier].name),
                    "since": date(standing.since),
                    "review_on": date(standing.review_on),
                    "grace_until": date(standing.grace_until),
                });
                (ladder.name.clone(), standing)
            })
            .collect();
        let benefits = benefits(program, population, after, slot);
        let segments = program.segments.iter().zip(&after.segments);
        let segments = segments.filter(|(_, members)| members.holds[slot]);
        let alerts = program.alerts.iter().zip(alerts).filter(|(_, members)| members.holds[slot]);
        Some(json!({
            "customer": customer.to_string(),
            "as_of": self.as_of.to_string(),
            "generation": self.generation,
            "ladders": ladders,
            "benefits": benefits_json(&benefits, program, locale),
            "segments": segments.map(|(segment, _)| &segment.name).collect::<Vec<_>>(),
            "alerts": alerts.map(|(alert, _)| &alert.name).collect::<Vec<_>>(),
        }))
    }

    /// The shape of `explain --format json`, with the generation.
    pub fn explanation(&self, customer: &CustomerId, locale: Option<&str>) -> Option<Json> {
        let (layer, slot) = self.find(customer)?;
        let Layer { population, after, .. } = layer;
        let program = &self.rules.program;
        let texts = &self.rules.texts;
        let explanation = explain_alone(program, texts, population, after, &self.fixed, slot);
        let mut json = explanation.to_json(program, locale);
        json["generation"] = json!(self.generation);
        Some(json)
    }
}
