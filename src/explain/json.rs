use serde_json::{Map, Value as Json, json};

use super::{Criterion, Explanation, LadderExplanation};
use crate::criteria::{number_json, value_json};
use crate::lifecycle::{Event, Standing};
use crate::pass::{GivenBenefit, GivenValue, Why};
use crate::program::Program;

/// What a benefit gives, as JSON.
pub fn given_json(value: &GivenValue, locale: Option<&str>) -> Json {
    match value {
        GivenValue::Amount(amount) => number_json(*amount),
        GivenValue::ShippingAlways => json!("always"),
        GivenValue::ShippingOver(over) => json!({"over": number_json(*over)}),
        GivenValue::Credit { ceiling, days, guarantor } => {
            json!({"ceiling": number_json(*ceiling), "days": days, "guarantor": guarantor})
        }
        GivenValue::Text(text) => json!(text.get(locale)),
    }
}

/// What somebody gets: `[{"id", "kind", "value", "title", "why"}]`.
pub fn benefits_json(
    benefits: &[GivenBenefit<'_>],
    program: &Program,
    locale: Option<&str>,
) -> Json {
    let benefits = benefits.iter().map(|benefit| {
        json!({
            "id": benefit.id,
            "kind": benefit.kind.name(),
            "value": given_json(&benefit.value, locale),
            "title": benefit.title.get(locale),
            "why": why(benefit.why, program),
        })
    });
    benefits.collect()
}

/// `club.vip`, or `segment advocates`.
pub(super) fn why(why: Why, program: &Program) -> String {
    match why {
        Why::Tier(ladder, tier) => {
            let ladder = &program.ladders[ladder];
            format!("{}.{}", ladder.name, ladder.tiers[tier].name)
        }
        Why::Segment(segment) => format!("segment {}", program.segments[segment].name),
    }
}

impl Explanation<'_> {
    /// The shape of `explain --format json`.
    pub fn to_json(&self, program: &Program, locale: Option<&str>) -> Json {
        let ladders: Map<String, Json> = self
            .ladders
            .iter()
            .map(|ladder| (program.ladders[ladder.ladder].name.clone(), ladder.to_json(program)))
            .collect();
        let metrics: Map<String, Json> = self
            .metrics
            .iter()
            .map(|(metric, value)| (program.metrics[*metric].name.clone(), value_json(value)))
            .collect();
        let segments = self.segments.iter().map(|&segment| json!(program.segments[segment].name));
        let alerts = self.alerts.iter().map(|&alert| json!(program.alerts[alert].name));
        json!({
            "customer": self.customer,
            "as_of": self.as_of.to_string(),
            "ladders": ladders,
            "metrics": metrics,
            "benefits": benefits_json(&self.benefits, program, locale),
            "segments": segments.collect::<Vec<_>>(),
            "alerts": alerts.collect::<Vec<_>>(),
        })
    }
}

impl LadderExplanation {
    fn to_json(&self, program: &Program) -> Json {
        let tiers = &program.ladders[self.ladder].tiers;
        let Standing { tier, since, review_on, grace_until, hold, .. } = self.standing;
        let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
        json!({
            "tier": tier.map(|tier| &tiers[tier].name),
            "since": date(since),
            "review_on": date(review_on),
            "grace_until": date(grace_until),
            "hold": hold.map(|hold| json!({
                "tier": hold.tier.map(|tier| &tiers[tier].name),
                "until": date(hold.until),
                "floor": !hold.pins,
            })),
            "criteria": self
                .criteria
                .iter()
                .map(|criterion| criterion.to_json(&tiers[criterion.tier].name))
                .collect::<Vec<_>>(),
            "next": self.next.as_ref().map(|next| json!({
                "tier": tiers[next.tier].name,
                "needs": next
                    .needs
                    .iter()
                    .map(|need| json!({
                        "metric": need.name,
                        "now": number_json(need.now),
                        "asked": number_json(need.asked),
                        "gap": number_json(need.gap),
                    }))
                    .collect::<Vec<_>>(),
                "changes": next
                    .changes
                    .iter()
                    .map(|change| json!({
                        "metric": program.metrics[change.metric].name,
                        "now": number_json(change.now),
                        "to": number_json(change.to),
                        "by": number_json(change.by),
                    }))
                    .collect::<Vec<_>>(),
            })),
            "next_change": self.next_change.map(|change| json!({
                "on": change.on.to_string(),
                "event": change.event.map(Event::name),
                "to": change.to.tier.map(|tier| &tiers[tier].name),
                "review_on": date(change.to.review_on),
                "grace_until": date(change.to.grace_until),
            })),
        })
    }
}

impl Criterion {
    /// The shape of a criterion wherever one is written; `taken_on` where it is known.
    pub fn to_json(&self, tier: &str) -> Json {
        let mut json = json!({
            "tier": tier,
            "slot": self.slot.name(),
            "text": self.text,
            "met": self.met,
            "measured": value_json(&self.measured),
            "asked": value_json(&self.asked),
            "gap": self.gap.map(number_json),
        });
        if let Some(taken_on) = self.taken_on {
            json["taken_on"] = json!(taken_on.to_string());
        }
        json
    }
}
