//! Expectations and what is found, in words.

use std::fmt::Write;

use jiff::civil::Date;

use super::case::{Expected, ExpectedBenefit};
use crate::explain::plain_number;
use crate::expr::{Fault, LadderId, Value};
use crate::lifecycle::Event;
use crate::pass::GivenValue;
use crate::program::{Occasion, Program};

/// Two things that differ.
pub(super) struct Shown {
    pub expected: String,
    pub found: String,
}

/// Where an expectation belongs.
pub(super) struct Place {
    /// `club.tier`
    pub text: String,
    pub ladder: Option<LadderId>,
}

pub(super) fn same(same: bool, words: impl FnOnce() -> (String, String)) -> Result<(), Shown> {
    if same {
        return Ok(());
    }
    let (expected, found) = words();
    Err(Shown { expected, found })
}

/// That there are none of these.
pub(super) fn nothing<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Shown> {
    let names: Vec<&str> = names.collect();
    same(names.is_empty(), || ("none".to_owned(), list(names.iter().copied())))
}

pub(super) fn place(program: &Program, what: &Expected) -> Place {
    let of_ladder = |ladder: &LadderId, key: &str| Place {
        text: format!("{}.{key}", program.ladders[*ladder].name),
        ladder: Some(*ladder),
    };
    let text = match what {
        Expected::Tier(ladder, _) => return of_ladder(ladder, "tier"),
        Expected::Earned(ladder, _) => return of_ladder(ladder, "earned"),
        Expected::Since(ladder, _) => return of_ladder(ladder, "since"),
        Expected::ReviewOn(ladder, _) => return of_ladder(ladder, "review_on"),
        Expected::GraceUntil(ladder, _) => return of_ladder(ladder, "grace_until"),
        Expected::Hold(ladder, _) => return of_ladder(ladder, "hold"),
        Expected::Happens(ladder, _) => return of_ladder(ladder, "event"),
        Expected::Because(ladder, _) => return of_ladder(ladder, "because"),
        Expected::Benefit(id, _) => format!("benefits.{}", program.benefits[*id].name),
        Expected::Occasion(id, _) => format!("benefits.{}.on", program.benefits[*id].name),
        Expected::Segment(id, _) => format!("segments.{}", program.segments[*id].name),
        Expected::NoSegment => "segments".to_owned(),
        Expected::Alert(id, _) => format!("alerts.{}", program.alerts[*id].name),
        Expected::NoAlert => "alerts".to_owned(),
        Expected::Event { .. } | Expected::NoEvent => "events".to_owned(),
        Expected::Faults(_) => "faults".to_owned(),
        Expected::Metric(id, _) => format!("metrics.{}", program.metrics[*id].name),
    };
    Place { text, ladder: None }
}

pub(super) fn date(date: Option<Date>) -> String {
    date.map_or_else(|| "none".to_owned(), |date| date.to_string())
}

pub(super) fn occasion(occasion: Option<Occasion>) -> String {
    match occasion {
        None => "none".to_owned(),
        Some(Occasion::EachYear(day)) => format!("{:02}-{:02}", day.month, day.day),
        Some(occasion) => {
            let named = Occasion::NAMED.iter().find(|(_, named)| *named == occasion);
            named.map_or_else(String::new, |(name, _)| (*name).to_owned())
        }
    }
}

pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names[..] {
        [] => "none".to_owned(),
        _ => names.join(", "),
    }
}

pub(super) fn events(events: &[(Event, &str)]) -> String {
    let words: Vec<String> =
        events.iter().map(|(event, about)| format!("{} {about}", event.name())).collect();
    list(words.iter().map(String::as_str))
}

pub(super) fn is_in(is_in: bool) -> String {
    if is_in { "in it" } else { "not in it" }.to_owned()
}

pub(super) fn is_on(is_on: bool) -> String {
    if is_on { "on" } else { "not on" }.to_owned()
}

pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::Number(number) => plain_number(*number),
        Value::Flag(flag) => flag.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Date(date) => date.to_string(),
        Value::List(items) => items.iter().map(self::value).collect::<Vec<_>>().join(", "),
    }
}

pub(super) fn found_value(found: &Result<Value, Fault>) -> String {
    match found {
        Ok(found) => value(found),
        Err(fault) => format!("a fault: {}", fault.words()),
    }
}

pub(super) fn expected_benefit(wanted: &ExpectedBenefit) -> String {
    match wanted {
        ExpectedBenefit::Given(true) => "given".to_owned(),
        ExpectedBenefit::Given(false) => "none".to_owned(),
        ExpectedBenefit::Amount(amount) => plain_number(*amount),
        ExpectedBenefit::ShippingAlways => "always".to_owned(),
        ExpectedBenefit::ShippingOver(over) => format!("over {}", plain_number(*over)),
        ExpectedBenefit::Credit { ceiling, days, guarantor } => {
            let mut text = String::new();
            let mut add = |name: &str, value: Option<String>| {
                if let Some(value) = value {
                    let comma = if text.is_empty() { "" } else { ", " };
                    let _ = write!(text, "{comma}{name} {value}");
                }
            };
            add("ceiling", ceiling.map(plain_number));
            add("days", days.map(|days| days.to_string()));
            add("guarantor", guarantor.map(|guarantor| guarantor.to_string()));
            text
        }
        ExpectedBenefit::Text(text) => text.clone(),
    }
}

pub(super) fn benefit(found: Option<&GivenValue>) -> String {
    match found {
        None => "none".to_owned(),
        Some(GivenValue::Amount(amount)) => plain_number(*amount),
        Some(GivenValue::ShippingAlways) => "always".to_owned(),
        Some(GivenValue::ShippingOver(over)) => format!("over {}", plain_number(*over)),
        Some(GivenValue::Credit { ceiling, days, guarantor }) => {
            format!("ceiling {}, days {days}, guarantor {guarantor}", plain_number(*ceiling))
        }
        Some(GivenValue::Text(text)) => {
            text.texts.first().map_or_else(String::new, |(_, text)| text.clone())
        }
    }
}
