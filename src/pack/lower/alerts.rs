use super::{Fields, Lower};
use crate::pack::yaml::Entry;
use crate::pack::{ParsedAlert, ParsedSegment, ParsedText};

pub(super) fn segments(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ParsedSegment> {
    fields.entries().filter_map(|entry| segment(entry, lower)).collect()
}

fn segment(entry: &Entry, lower: &mut Lower<'_>) -> Option<ParsedSegment> {
    let name = lower.name(entry);
    let known = ["when", "near", "short_by", "title"];
    let fields = lower.fields(&entry.value, "a segment", &known)?;
    let owner = format!("segment `{}`", name.value);
    match (fields.entry("when"), fields.entry("near")) {
        (None, None) if fields.may_hold(&["when", "near"]) => {}
        (None, None) => {
            let help = "add `when: <condition>`, or `near: <ladder>.<tier>`";
            lower.missing(name.span, &owner, "`when` or `near`", help);
        }
        (Some(_), Some(near)) => {
            let help = Some("make two segments of it".to_owned());
            lower.wrong_shape(near.key.span, "a segment has `when` or `near`, not both", help);
        }
        (None, Some(_)) if fields.get("short_by").is_none() && !fields.may_hold(&["short_by"]) => {
            lower.missing(name.span, &owner, "`short_by`", "add `short_by: <percent>`");
        }
        _ => {}
    }
    Some(ParsedSegment {
        title: lower.title(fields.get("title"), "the title"),
        when: lower.maybe_condition(fields.get("when")),
        near: fields.get("near").and_then(|node| lower.word(node, "`near`")),
        short_by: lower.maybe_literal(fields.get("short_by"), "`short_by`"),
        name,
    })
}

pub(super) fn alerts(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ParsedAlert> {
    fields.entries().filter_map(|entry| alert(entry, lower)).collect()
}

fn alert(entry: &Entry, lower: &mut Lower<'_>) -> Option<ParsedAlert> {
    let name = lower.name(entry);
    let known = ["for", "when", "action", "every", "message", "title"];
    let fields = lower.fields(&entry.value, "an alert", &known)?;
    if fields.get("when").is_none() && !fields.may_hold(&["when"]) {
        let owner = format!("alert `{}`", name.value);
        lower.missing(name.span, &owner, "`when`", "add `when: <condition>`");
    }
    let actions = fields.get("action").map_or(&[][..], |node| lower.items(node));
    let action: Vec<ParsedText> =
        actions.iter().map(|item| lower.title(Some(item), "an action")).collect();
    Some(ParsedAlert {
        title: lower.title(fields.get("title"), "the title"),
        holders: fields.get("for").and_then(|node| lower.word(node, "`for`")),
        when: lower.maybe_condition(fields.get("when")),
        action: action.into_iter().filter(|text| !text.texts.is_empty()).collect(),
        every: lower.maybe_literal(fields.get("every"), "`every`"),
        message: lower.title(fields.get("message"), "the message"),
        name,
    })
}
