//! Parameters: what their values alone change, apart from everything else.

use std::borrow::Cow;

use super::side::Side;
use super::{Change, Part, compared, words};
use crate::build::Rules;
use crate::expr::Value;
use crate::program::{Parameter, ParameterKind, ParameterValue, Program, placeholders};

/// Two programs that differ in more than parameters' values, and what these change.
pub(super) struct Apart<'r> {
    pub told: Vec<Change>,
    pub from: Cow<'r, Rules>,
    pub to: Cow<'r, Rules>,
}

/// Gives one program the values of the other, parameter by parameter. What each changes is where
/// it is used: windows, periods and shares hold only the value and not the name.
///
/// The old rules take the new value; where their bounds refuse it the new rules take the old
/// one. Where both refuse, the value's uses are told like any other change.
pub(super) fn apart<'r>(from: &'r Rules, to: &'r Rules) -> Apart<'r> {
    let mut apart = Apart { told: Vec::new(), from: Cow::Borrowed(from), to: Cow::Borrowed(to) };
    for new in &to.program.parameters {
        let Some(old) = named(&from.program, &new.name) else { continue };
        let place = format!("parameter {}", new.name);
        if old.kind != new.kind {
            apart.told.push(Change {
                part: Part::Parameters,
                place: format!("{place} type"),
                words: format!("{} → {}", kind(old.kind), kind(new.kind)),
            });
        }
        if old.value == new.value {
            continue;
        }
        let (was, is) = (words_of(old), words_of(new));
        let mut uses = None;
        if let Some(next) = with(&apart.from, new) {
            uses = Some(users(&apart.from, &next, &new.name));
            apart.from = Cow::Owned(next);
        } else if let Some(before) = with(&apart.to, old) {
            uses = Some(users(&before, &apart.to, &new.name));
            apart.to = Cow::Owned(before);
        }
        let used = match uses {
            // Nothing reads it.
            Some(users) if users.is_empty() => continue,
            Some(users) => format!(" (used by {})", users.join(", ")),
            None => String::new(),
        };
        apart.told.push(Change {
            part: Part::Parameters,
            place,
            words: format!("{was} → {is}{used}"),
        });
    }
    apart
}

fn named<'p>(program: &'p Program, name: &str) -> Option<&'p Parameter> {
    program.parameters.iter().find(|parameter| parameter.name == name)
}

/// Its word in a pack; a message shows a value as its type wants it.
fn kind(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Number => "number",
        ParameterKind::Money => "money",
        ParameterKind::Percent => "percent",
        ParameterKind::Count => "count",
        ParameterKind::Duration => "duration",
        ParameterKind::Date => "date",
        ParameterKind::Text => "text",
        ParameterKind::Flag => "flag",
        ParameterKind::List => "list",
    }
}

fn words_of(parameter: &Parameter) -> String {
    words::parameter(&parameter.value, parameter.kind.unit())
}

/// The rules with another value of a parameter; `None` where they refuse it.
fn with(rules: &Rules, wanted: &Parameter) -> Option<Rules> {
    let mut origin = rules.origin.clone();
    origin.set.push((wanted.name.clone(), setting(&wanted.value)));
    let built = origin.build();
    let program = built.program?;
    // What is written on a command line is not every text.
    let is_so = named(&program, &wanted.name).is_some_and(|it| it.value == wanted.value);
    is_so.then_some(Rules { program, texts: built.sources, origin })
}

/// A value as it is given on the command line.
fn setting(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Duration(duration) => duration.to_string(),
        ParameterValue::Value(Value::Text(text)) => text.to_string(),
        ParameterValue::Value(Value::Date(date)) => date.to_string(),
        ParameterValue::Value(Value::List(items)) => {
            let items = items.iter().map(|item| match item {
                Value::Text(text) => text.to_string(),
                other => words::literal(other),
            });
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        ParameterValue::Value(other) => words::literal(other),
    }
}

/// The places that a parameter changes, and those whose scripts or messages read it.
fn users(before: &Rules, after: &Rules, name: &str) -> Vec<String> {
    let mut changed = compared(before, after);
    changed.sort_by_key(|change| change.part);
    let mut users: Vec<String> = Vec::new();
    let mut add = |place: String| {
        if !users.contains(&place) {
            users.push(place);
        }
    };
    changed.into_iter().for_each(|change| add(change.place));
    let (_, side) = Side::both(before, after);
    let functions = &after.program.scripts.functions;
    let reading: Vec<usize> = (0..functions.len())
        .filter(|id| functions[*id].properties.iter().any(|(_, read, _)| read == name))
        .collect();
    side.users(&reading).into_iter().for_each(&mut add);
    for alert in &after.program.alerts {
        let texts = alert.action.iter().chain([&alert.message]);
        let mut texts = texts.flat_map(|text| &text.texts);
        if texts.any(|(_, text)| placeholders(text).iter().any(|(_, read)| *read == name)) {
            add(format!("alert {} message", alert.name));
        }
    }
    users
}
