//! Parameters: what their values alone change, apart from everything else.

use std::borrow::Cow;

use super::side::Side;
use super::{Change, Part, compared, words};
use crate::build::Rules;
use crate::expr::Value;
use crate::program::{Parameter, ParameterKind, ParameterValue, Program, placeholders};

/// Two programs without the differences that are those of parameters' values.
pub(super) struct Apart<'r> {
    pub moved: Vec<Moved>,
    pub from: Cow<'r, Rules>,
    pub to: Cow<'r, Rules>,
}

/// A parameter with another value.
pub(super) struct Moved {
    name: String,
    words: String,
    /// The places that the value changes; `None`: not known.
    users: Option<Vec<String>>,
}

/// Gives one program the values of the other, parameter by parameter. What each changes is where
/// it is used: windows, periods and shares hold only the value and not the name.
///
/// The old rules take the new value; where their bounds refuse it the new rules take the old
/// one. Where both refuse, the value's uses are told like any other change.
pub(super) fn apart<'r>(from: &'r Rules, to: &'r Rules) -> Apart<'r> {
    let mut apart = Apart { moved: Vec::new(), from: Cow::Borrowed(from), to: Cow::Borrowed(to) };
    for new in &to.program.parameters {
        let Some(old) = named(&from.program, &new.name) else { continue };
        if old.value == new.value {
            continue;
        }
        let mut moved = Moved {
            name: new.name.clone(),
            words: format!("{} → {}", words_of(old), words_of(new)),
            users: None,
        };
        if let Some(next) = with(&apart.from, new) {
            moved.users = Some(users(&apart.from, &next, &new.name));
            apart.from = Cow::Owned(next);
        } else if let Some(before) = with(&apart.to, old) {
            moved.users = Some(users(&before, &apart.to, &new.name));
            apart.to = Cow::Owned(before);
        }
        // Of no concern where nothing reads it.
        if moved.users.as_ref().is_none_or(|users| !users.is_empty()) {
            apart.moved.push(moved);
        }
    }
    apart
}

impl Apart<'_> {
    /// Whether a parameter's value changes what stands in a place.
    pub fn has_user(&self, place: &str) -> bool {
        let mut users = self.moved.iter().flat_map(|moved| moved.users.iter().flatten());
        users.any(|user| user == place)
    }

    /// A line for each parameter, with its places in the old or the new rules.
    pub fn changes(&self) -> Vec<Change> {
        let lines = self.moved.iter().map(|Moved { name, words, users }| {
            let used = match users {
                Some(users) => format!(" (used by {})", users.join(", ")),
                None => String::new(),
            };
            let (place, words) = (format!("parameter {name}"), format!("{words}{used}"));
            Change { part: Part::Parameters, place, words }
        });
        lines.collect()
    }
}

/// Parameters of another type, which says how a message shows their value.
pub(super) fn types(from: &Rules, to: &Rules) -> Vec<Change> {
    let pairs = to.program.parameters.iter().filter_map(|new| {
        let old = named(&from.program, &new.name)?;
        (old.kind != new.kind).then(|| Change {
            part: Part::Parameters,
            place: format!("parameter {} type", new.name),
            words: format!("{} → {}", kind(old.kind), kind(new.kind)),
        })
    });
    pairs.collect()
}

fn named<'p>(program: &'p Program, name: &str) -> Option<&'p Parameter> {
    program.parameters.iter().find(|parameter| parameter.name == name)
}

/// Its word in a pack.
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
