use rust_decimal::Decimal;
use serde_json::{Map, Number, Value as Json, json};

use super::{Criterion, Explanation, LadderExplanation};
use crate::expr::Value;
use crate::lifecycle::Standing;
use crate::pass::{GivenValue, Why};
use crate::program::Program;

/// An exact decimal as a JSON number without exponent.
pub fn number_json(number: Decimal) -> Json {
    let text = number.normalize().to_string();
    text.parse::<Number>().map_or(Json::Null, Json::Number)
}

/// A value as JSON: numbers exact, dates ISO 8601.
pub fn value_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Number(number) => number_json(*number),
        Value::Flag(flag) => json!(flag),
        Value::Text(text) => json!(&**text),
        Value::Date(date) => json!(date.to_string()),
        Value::List(list) => list.iter().map(value_json).collect(),
    }
}

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
        let benefits = self.benefits.iter().map(|benefit| {
            json!({
                "id": benefit.id,
                "kind": benefit.kind.name(),
                "value": given_json(&benefit.value, locale),
                "title": benefit.title.get(locale),
                "why": why(benefit.why, program),
            })
        });
        let segments = self.segments.iter().map(|&segment| json!(program.segments[segment].name));
        let alerts = self.alerts.iter().map(|&alert| json!(program.alerts[alert].name));
        json!({
            "customer": self.customer,
            "as_of": self.as_of.to_string(),
            "ladders": ladders,
            "metrics": metrics,
            "benefits": benefits.collect::<Vec<_>>(),
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
            })),
        })
    }
}

impl Criterion {
    /// The shape of a criterion wherever one is written.
    pub fn to_json(&self, tier: &str) -> Json {
        json!({
            "tier": tier,
            "slot": self.slot.name(),
            "text": self.text,
            "met": self.met,
            "measured": value_json(&self.measured),
            "asked": value_json(&self.asked),
            "gap": self.gap.map(number_json),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_without_exponent() {
        let written = |text: &str| number_json(text.parse().unwrap()).to_string();
        assert_eq!(written("812.40"), "812.4");
        assert_eq!(written("0.000001"), "0.000001");
        assert_eq!(written("79228162514264337593543950335"), "79228162514264337593543950335");
        assert_eq!(written("100"), "100");
        assert_eq!(written("-0.00"), "0");
    }
}
