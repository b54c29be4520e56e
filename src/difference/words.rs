//! Values as words: exact, with their unit where it is known.

use rust_decimal::Decimal;

use crate::explain::plain_number;
use crate::expr::{NEVER_DAYS, Unit, Value};
use crate::lifecycle::Duration;
use crate::program::{LocalText, MonthDay, ParameterValue};

/// What is written where there is nothing.
pub(super) const NONE: &str = "none";

/// A value as it stands in an expression.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::Number(number) => plain_number(*number),
        Value::Flag(flag) => flag.to_string(),
        Value::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Value::Date(date) => format!("date(\"{date}\")"),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// `1200`, `40 %`, `14 days`
pub(super) fn number(number: Decimal, unit: Unit) -> String {
    let plain = plain_number(number);
    match unit {
        Unit::Percent => format!("{plain} %"),
        Unit::Days if number == Decimal::from(NEVER_DAYS) => "never".to_owned(),
        Unit::Days if number == Decimal::ONE => "1 day".to_owned(),
        Unit::Days => format!("{plain} days"),
        Unit::Money | Unit::Count | Unit::Number => plain,
    }
}

pub(super) fn percent(value: Decimal) -> String {
    number(value, Unit::Percent)
}

/// A value by itself, outside of an expression: `coats, bags`, `yes`.
pub(super) fn value(value: &Value, unit: Unit) -> String {
    match value {
        Value::Number(plain) => number(*plain, unit),
        Value::Flag(flag) => yes_no(*flag).to_owned(),
        Value::Text(text) => quoted(text),
        Value::Date(date) => date.to_string(),
        Value::List(items) if items.is_empty() => NONE.to_owned(),
        Value::List(items) => {
            let items = items.iter().map(|item| match item {
                Value::Text(text) => text.to_string(),
                other => literal(other),
            });
            items.collect::<Vec<_>>().join(", ")
        }
        Value::Null => literal(value),
    }
}

pub(super) fn parameter(given: &ParameterValue, unit: Unit) -> String {
    match given {
        ParameterValue::Value(given) => value(given, unit),
        ParameterValue::Duration(duration) => duration.to_string(),
    }
}

pub(super) fn yes_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// Text that people wrote for people.
pub(super) fn quoted(text: &str) -> String {
    format!("`{text}`")
}

pub(super) fn duration(duration: Option<Duration>) -> String {
    duration.map_or_else(|| NONE.to_owned(), |duration| duration.to_string())
}

/// `03-21`
pub(super) fn month_day(day: MonthDay) -> String {
    format!("{:02}-{:02}", day.month, day.day)
}

/// What changed in words for people, language by language; `None`: nothing.
pub(super) fn texts(from: &LocalText, to: &LocalText) -> Option<String> {
    if from == to {
        return None;
    }
    let find = |text: &LocalText, wanted: &Option<String>| {
        text.texts.iter().find(|(tag, _)| tag == wanted).map(|(_, words)| words.clone())
    };
    let mut tags: Vec<&Option<String>> = Vec::new();
    for (tag, _) in to.texts.iter().chain(&from.texts) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let mut told = Vec::new();
    for tag in tags {
        let (old, new) = (find(from, tag), find(to, tag));
        if old == new {
            continue;
        }
        let shown = |words: Option<String>| words.map_or_else(|| NONE.to_owned(), |it| quoted(&it));
        let language = tag.as_ref().map(|tag| format!("{tag} ")).unwrap_or_default();
        told.push(format!("{language}{} → {}", shown(old), shown(new)));
    }
    if told.is_empty() {
        // Their order matters to a language that they lack, where English is lacking too.
        if to.texts.iter().any(|(tag, _)| tag.as_deref() == Some("en")) {
            return None;
        }
        let first = |text: &LocalText| {
            let (tag, _) = text.texts.first()?;
            tag.clone()
        };
        let [old, new] = [from, to].map(|text| first(text).unwrap_or_else(|| NONE.to_owned()));
        return (old != new).then(|| format!("first language {old} → {new}"));
    }
    Some(told.join(", "))
}

/// Words for people, in the language that they are written in first or in English.
pub(super) fn text(text: &LocalText) -> String {
    quoted(text.get(None).unwrap_or_default())
}
