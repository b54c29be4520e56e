//! Criteria as an event recorded them, in the words of the program that decided.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{Criterion, Slot};
use crate::build::Rules;
use crate::criteria::{Asked, Direction, Joined, Leaf, Requirement, value_json};
use crate::expr::{Input, Node, TierId, Type, Value};
use crate::pass::{Because, Grounds};

/// The criteria of a tier (`club.vip.enter`) with what was recorded of a customer: an array as
/// [`Criterion::to_json`] writes it. Empty where the program has no such criteria.
pub fn recorded(rules: &Rules, place: &str, because: &str) -> Vec<Criterion> {
    let found = || {
        let mut parts = place.split('.');
        let (ladder, tier, slot) = (parts.next()?, parts.next()?, parts.next()?);
        let ladder = rules.program.ladders.iter().find(|it| it.name == ladder)?;
        let id = ladder.tiers.iter().position(|it| it.name == tier)?;
        let tier = &ladder.tiers[id];
        let (slot, condition) = match slot {
            "keep" => (Slot::Keep, tier.keep.as_ref()?),
            _ => (Slot::Enter, &tier.enter),
        };
        let recorded: Vec<Json> = serde_json::from_str(because).ok()?;
        let leaves = Requirement::of(condition).leaves();
        if leaves.len() != recorded.len() {
            return None;
        }
        let criteria = leaves.iter().zip(&recorded);
        Some(
            criteria
                .map(|((leaf, joined), json)| criterion(rules, *leaf, *joined, (id, slot), json))
                .collect(),
        )
    };
    found().unwrap_or_default()
}

/// Every criterion that an event of a pass in a ladder rests on, with what the customer measured.
/// Empty where it rests on nothing that a tier asks.
pub fn because(rules: &Rules, because: &Because, event: usize) -> Vec<Criterion> {
    let found = || {
        let (grounds, recorded) = because.get(event)?;
        let grounds = because.grounds()[grounds];
        let place = match grounds {
            Grounds::Enter(_, tier) => (tier, Slot::Enter),
            Grounds::Keep(_, tier) => (tier, Slot::Keep),
            Grounds::Segment(_) | Grounds::Alert(_) => return None,
        };
        let recorded: Vec<Json> = serde_json::from_str(recorded).ok()?;
        let leaves = Requirement::of(grounds.condition(&rules.program)).leaves();
        let criteria = leaves.iter().zip(&recorded).map(|((leaf, joined), recorded)| {
            let asked = match leaf.sides(&rules.program).asked.constant() {
                Some(asked) => value_json(&asked),
                None => recorded[3].clone(),
            };
            let json = json!({
                "met": recorded[0] == 1,
                "measured": recorded[1],
                "gap": recorded[2],
                "asked": asked,
            });
            criterion(rules, *leaf, *joined, place, &json)
        });
        Some(criteria.collect())
    };
    found().unwrap_or_default()
}

fn criterion(
    rules: &Rules,
    leaf: Leaf<'_>,
    joined: Joined,
    (tier, slot): (TierId, Slot),
    json: &Json,
) -> Criterion {
    let Rules { program, texts, .. } = rules;
    let sides = leaf.sides(program);
    let ty = sides.measured.ty;
    let (measured, asked) = (value(&json["measured"], ty), value(&json["asked"], ty));
    let above = measured.as_number().zip(asked.as_number()).is_some_and(|(it, high)| it > high);
    let direction = match sides.asked {
        Asked::Between(..) if above => Direction::AtMost,
        _ => sides.direction,
    };
    Criterion {
        tier,
        slot,
        text: leaf.text(program, texts),
        met: json["met"] == Json::Bool(true),
        gap: json["gap"].as_number().and_then(|gap| Decimal::from_str(gap.as_str()).ok()),
        unit: sides.measured.unit,
        direction,
        metric: match sides.measured.node {
            Node::Input(Input::Metric(metric)) => Some(metric),
            _ => None,
        },
        subject: sides.subject(program, texts),
        top: match sides.asked {
            Asked::Top(cutoff) => Some(cutoff),
            _ => None,
        },
        measured,
        asked,
        // The event has no date of its own for what was taken before it.
        taken_on: None,
        fault: None,
        joined,
    }
}

/// A value as it was recorded; of a text, `ty` tells whether it is a date.
fn value(json: &Json, ty: Type) -> Value {
    match json {
        Json::Number(number) => {
            Decimal::from_str(number.as_str()).map_or(Value::Null, Value::Number)
        }
        Json::Bool(flag) => Value::Flag(*flag),
        Json::String(text) => match (ty, text.parse()) {
            (Type::Date, Ok(date)) => Value::Date(date),
            _ => Value::text(text),
        },
        Json::Array(items) => {
            Value::List(items.iter().map(|item| value(item, ty)).collect::<Vec<_>>().into())
        }
        Json::Null | Json::Object(_) => Value::Null,
    }
}
