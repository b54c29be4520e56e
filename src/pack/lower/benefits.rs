use super::meant::meant;
use super::settings::month_day;
use super::{Fields, Lower};
use crate::diagnostic::did_you_mean;
use crate::pack::yaml::{Entry, Kind, Node};
use crate::pack::{ParsedBenefit, ParsedBenefitValue};
use crate::program::BenefitKind;
use crate::source::Loc;

const KEYS: &[&str] =
    &["kind", "title", "ladder", "tiers", "segments", "when", "cost", "on", "category"];
const CATEGORIES: &[&str] = &[
    "gift",
    "access",
    "early_access",
    "service",
    "draw",
    "donation",
    "upgrade",
    "voucher",
    "event",
    "other",
];
const OCCASIONS: &[&str] = &["birthday", "anniversary", "entry", "renewal"];

pub(super) fn benefits(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ParsedBenefit> {
    fields.entries().filter_map(|entry| benefit(entry, lower)).collect()
}

fn benefit(entry: &Entry, lower: &mut Lower<'_>) -> Option<ParsedBenefit> {
    let name = lower.name(entry);
    let fields = lower.fields(&entry.value, "a benefit", KEYS)?;
    let owner = format!("benefit `{}`", name.value);
    let kinds: Vec<_> = BenefitKind::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
    let kind = match fields.get("kind") {
        Some(node) => lower.choice(node, "a kind of benefit", &kinds),
        None if fields.may_hold(&["kind"]) => None,
        None => {
            let help = "add `kind: percent_off`, or another kind";
            lower.missing(name.span, &owner, "`kind`", help);
            None
        }
    };
    let has_table = fields.get("tiers").is_some() || fields.get("segments").is_some();
    if !has_table && !fields.may_hold(&["tiers", "segments"]) {
        let help = "add `tiers: { <tier>: <value> }`";
        lower.missing(name.span, &owner, "`tiers` or `segments`", help);
    }
    let written = kind.as_ref().map(|kind| kind.value);
    if written == Some(BenefitKind::Perk)
        && fields.get("category").is_none()
        && !fields.may_hold(&["category"])
    {
        lower.missing(name.span, &owner, "`category`", "add `category: gift`, or another one");
    }
    let mut word =
        |key: &str| fields.get(key).and_then(|node| lower.word(node, &format!("`{key}`")));
    let (ladder, on, category) = (word("ladder"), word("on"), word("category"));
    Some(ParsedBenefit {
        title: lower.title(fields.get("title"), "the title"),
        ladder,
        tiers: values(fields.get("tiers"), written, lower),
        segments: values(fields.get("segments"), written, lower),
        when: lower.maybe_condition(fields.get("when")),
        cost: fields.get("cost").and_then(|node| lower.expr(node, "`cost`")),
        on: on.filter(|on| is_occasion(on, lower)),
        category: category.filter(|category| is_category(category, lower)),
        kind,
        name,
    })
}

fn is_occasion(on: &Loc<String>, lower: &mut Lower<'_>) -> bool {
    let known = OCCASIONS.contains(&on.value.as_str()) || month_day(&on.value).is_some();
    if !known {
        let is_day = on.value.starts_with(|c: char| c.is_ascii_digit());
        let help = if is_day {
            super::settings::day_help(&on.value)
        } else {
            did_you_mean(&on.value, OCCASIONS.iter().copied()).unwrap_or_else(|| {
                "write `birthday`, `anniversary`, `entry`, `renewal` or a day such as `03-21`"
                    .to_owned()
            })
        };
        lower.invalid_value(on.span, format!("`{}` is no occasion", on.value), Some(help));
    }
    known
}

fn is_category(category: &Loc<String>, lower: &mut Lower<'_>) -> bool {
    let known = CATEGORIES.contains(&category.value.as_str());
    if !known {
        let names = || CATEGORIES.iter().copied();
        let help = match meant(&category.value, CATEGORIES) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("write one of {}", super::fields::in_backticks(names())),
        };
        let message = format!("`{}` is no category of perks", category.value);
        lower.invalid_value(category.span, message, Some(help));
    }
    known
}

/// `tiers:` or `segments:`, names and values.
fn values(
    node: Option<&Node>,
    kind: Option<BenefitKind>,
    lower: &mut Lower<'_>,
) -> Vec<(Loc<String>, ParsedBenefitValue)> {
    let Some(fields) = node.and_then(|node| lower.map(node, "the table of a benefit")) else {
        return Vec::new();
    };
    let pair = |entry: &Entry| Some((entry.key.clone(), value(&entry.value, kind, lower)?));
    fields.entries().filter_map(pair).collect()
}

fn value(
    node: &Node,
    kind: Option<BenefitKind>,
    lower: &mut Lower<'_>,
) -> Option<ParsedBenefitValue> {
    let span = node.span;
    let Kind::Map(entries) = &node.kind else {
        return lower.literal(node, "the value").map(ParsedBenefitValue::Literal);
    };
    let has = |key: &str| entries.iter().any(|entry| entry.key.value == key);
    if has("expr") {
        return lower.literal(node, "the value").map(ParsedBenefitValue::Literal);
    }
    let is_credit = kind == Some(BenefitKind::Credit) || kind.is_none() && has("ceiling");
    let is_shipping = kind == Some(BenefitKind::FreeShipping) || kind.is_none() && has("over");
    if is_credit {
        let fields = lower.fields(node, "a credit", &["ceiling", "days", "guarantor"])?;
        for key in ["ceiling", "days", "guarantor"] {
            if fields.get(key).is_none() {
                let help = format!("add `{key}: …`");
                lower.missing(span, "the credit", &format!("`{key}`"), &help);
            }
        }
        let mut part = |key: &str| lower.maybe_literal(fields.get(key), &format!("`{key}`"));
        let (ceiling, days, guarantor) = (part("ceiling"), part("days"), part("guarantor"));
        Some(ParsedBenefitValue::Credit { ceiling, days, guarantor, span })
    } else if is_shipping {
        let fields = lower.fields(node, "free shipping", &["over"])?;
        let over = lower.literal(fields.get("over")?, "`over`")?;
        Some(ParsedBenefitValue::Over { over, span })
    } else if matches!(kind, None | Some(BenefitKind::Perk)) {
        Some(ParsedBenefitValue::Text { text: lower.title(Some(node), "the perk"), span })
    } else {
        lower.wrong_shape(
            span,
            "the value is a single number, not `key: value` lines",
            Some("write it as in `vip: 20`".to_owned()),
        );
        None
    }
}
