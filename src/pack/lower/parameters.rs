use super::{Fields, Lower};
use crate::lifecycle::Duration;
use crate::pack::yaml::{Entry, Kind};
use crate::pack::{Literal, ParsedParameter};
use crate::program::ParameterKind;
use crate::source::Loc;

const KINDS: &[(&str, ParameterKind)] = &[
    ("number", ParameterKind::Number),
    ("money", ParameterKind::Money),
    ("percent", ParameterKind::Percent),
    ("count", ParameterKind::Count),
    ("duration", ParameterKind::Duration),
    ("date", ParameterKind::Date),
    ("text", ParameterKind::Text),
    ("flag", ParameterKind::Flag),
    ("list", ParameterKind::List),
];

pub(super) fn parameters(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ParsedParameter> {
    fields.entries().filter_map(|entry| parameter(entry, lower)).collect()
}

fn parameter(entry: &Entry, lower: &mut Lower<'_>) -> Option<ParsedParameter> {
    let name = lower.name(entry);
    let known = ["type", "default", "min", "max", "title"];
    if let Kind::Scalar(scalar) = &entry.value.kind {
        let default = Literal::Scalar { text: scalar.text.clone(), quoted: scalar.quoted };
        let kind = likely_kind(Some(&default));
        let written = scalar.text.text.trim();
        let help = format!("write `{{ type: number, default: {written} }}`, or another type");
        lower.wrong_shape(entry.value.span, "a parameter has a `type` and a `default`", Some(help));
        return Some(unreadable(name, kind, Some(default)));
    }
    let Some(fields) = lower.fields(&entry.value, "a parameter", &known) else {
        return Some(unreadable(name, ParameterKind::Number, None));
    };
    let default = lower.maybe_literal(fields.get("default"), "the default");
    let kind = match fields.get("type") {
        Some(node) => lower.choice(node, "the type of a parameter", KINDS),
        None if fields.may_hold(&["type"]) => None,
        None => {
            let owner = format!("parameter `{}`", name.value);
            lower.missing(name.span, &owner, "`type`", "add `type: number`, or another type");
            None
        }
    };
    Some(ParsedParameter {
        kind: kind.unwrap_or_else(|| Loc::new(likely_kind(default.as_ref()), name.span)),
        name,
        has_default: default.is_some()
            || fields.get("default").is_some()
            || fields.may_hold(&["default"]),
        default,
        min: lower.maybe_literal(fields.get("min"), "`min`"),
        max: lower.maybe_literal(fields.get("max"), "`max`"),
        title: lower.title(fields.get("title"), "the title"),
    })
}

/// A parameter that cannot be read stays known, so that its uses are no findings too.
fn unreadable(name: Loc<String>, kind: ParameterKind, default: Option<Literal>) -> ParsedParameter {
    ParsedParameter {
        kind: Loc::new(kind, name.span),
        name,
        has_default: true,
        default,
        min: None,
        max: None,
        title: Default::default(),
    }
}

/// The type that a default looks like. Where the written type is a finding already, this keeps
/// the parameter known, so that its uses are no findings too.
fn likely_kind(default: Option<&Literal>) -> ParameterKind {
    match default {
        Some(Literal::List { .. }) => ParameterKind::List,
        Some(Literal::Scalar { text, quoted: false }) => match text.text.as_str() {
            "true" | "false" => ParameterKind::Flag,
            text if text.parse::<Duration>().is_ok() => ParameterKind::Duration,
            text if text.parse::<rust_decimal::Decimal>().is_ok() => ParameterKind::Number,
            text if text.parse::<jiff::civil::Date>().is_ok() => ParameterKind::Date,
            _ => ParameterKind::Text,
        },
        Some(_) => ParameterKind::Text,
        None => ParameterKind::Number,
    }
}
