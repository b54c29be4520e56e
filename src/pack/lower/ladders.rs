use super::policy::{self, policy};
use super::{Fields, Lower};
use crate::lifecycle::OnChange;
use crate::pack::yaml::{Entry, Kind, Node};
use crate::pack::{ParsedLadder, ParsedPolicy, ParsedTier, ParsedTies};
use crate::source::Loc;

const LADDER_KEYS: &[&str] =
    &["title", "ties", "cutoffs", "rank_by", "defaults", "tiers", "renamed", "on_change", "warn"];
const TIER_KEYS: &[&str] =
    &["title", "enter", "share", "keep", "review", "upgrade", "grace", "landing", "warn_over"];

pub(super) fn ladders(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ParsedLadder> {
    fields.entries().filter_map(|entry| ladder(entry, lower)).collect()
}

fn ladder(entry: &Entry, lower: &mut Lower<'_>) -> Option<ParsedLadder> {
    let name = lower.name(entry);
    let fields = lower.fields(&entry.value, "a ladder", LADDER_KEYS)?;
    if fields.get("tiers").is_none() && !fields.may_hold(&["tiers"]) {
        let owner = format!("ladder `{}`", name.value);
        lower.missing(name.span, &owner, "`tiers`", "add `tiers:` with the highest tier first");
    }
    let changes = [("keep", OnChange::Keep), ("review_now", OnChange::ReviewNow)];
    let on_change = fields
        .get("on_change")
        .and_then(|node| lower.choice(node, "a way to take a change of the rules", &changes));
    Some(ParsedLadder {
        title: lower.title(fields.get("title"), "the title"),
        ties: fields.get("ties").and_then(|node| ties(node, lower)),
        cutoffs: lower.maybe_literal(fields.get("cutoffs"), "`cutoffs`"),
        rank_by: fields.get("rank_by").map_or_else(Vec::new, |node| ranking(node, lower)),
        defaults: fields.get("defaults").map_or_else(ParsedPolicy::default, |node| {
            let defaults = lower.fields(node, "`defaults`", policy::KEYS);
            defaults.map_or_else(ParsedPolicy::default, |defaults| policy(&defaults, lower))
        }),
        tiers: fields.get("tiers").map_or_else(Vec::new, |node| tiers(node, lower)),
        renamed: fields.get("renamed").map_or_else(Vec::new, |node| renamed(node, lower)),
        on_change,
        warn: lower.maybe_literal(fields.get("warn"), "`warn`"),
        name,
    })
}

/// One expression, or a list of them.
fn ranking(node: &Node, lower: &mut Lower<'_>) -> Vec<crate::pack::ExprText> {
    let items = lower.items(node);
    items.iter().filter_map(|item| lower.expr(item, "a ranking")).collect()
}

fn ties(node: &Node, lower: &mut Lower<'_>) -> Option<Loc<ParsedTies>> {
    if matches!(node.kind, Kind::Map(_)) {
        let fields = lower.fields(node, "`ties`", &["break_by"])?;
        let by = ranking(fields.get("break_by")?, lower);
        return Some(Loc::new(ParsedTies::BreakBy(by), node.span));
    }
    let choices = [("include", ParsedTies::Include), ("exclude", ParsedTies::Exclude)];
    lower.choice(node, "a way with ties", &choices)
}

fn renamed(node: &Node, lower: &mut Lower<'_>) -> Vec<(Loc<String>, Loc<String>)> {
    let Some(fields) = lower.map(node, "`renamed`") else { return Vec::new() };
    let pair = |entry: &Entry| {
        Some((entry.key.clone(), lower.word(&entry.value, "the new name of the tier")?))
    };
    fields.entries().filter_map(pair).collect()
}

fn tiers(node: &Node, lower: &mut Lower<'_>) -> Vec<ParsedTier> {
    let Some(fields) = lower.map(node, "`tiers`") else { return Vec::new() };
    if fields.is_empty() {
        lower.wrong_shape(node.span, "`tiers` has nothing in it", None);
    }
    let mut tiers: Vec<ParsedTier> = Vec::new();
    let mut entries = fields.entries().peekable();
    while let Some(entry) = entries.next() {
        if is_stray(entry) {
            let key = &entry.key.value;
            let message = format!("`{key}` stands beside the tiers, not in one");
            let help = match tiers.last() {
                Some(tier) => format!("indent it deeper than `{}`", tier.name.value),
                None => "indent it deeper than the tier's name".to_owned(),
            };
            lower.wrong_shape(entry.key.span, message, Some(help));
            continue;
        }
        let has_stray = entries.peek().is_some_and(|next| is_stray(next));
        tiers.push(tier(entry, has_stray, lower));
    }
    tiers
}

/// Whether an entry among the tiers is a tier's own line that is not indented deep enough.
fn is_stray(entry: &Entry) -> bool {
    TIER_KEYS.contains(&entry.key.value.as_str())
        && matches!(entry.value.kind, Kind::Scalar(_) | Kind::Seq(_))
}

/// `has_stray`: the tier's own lines follow it, not indented.
fn tier(entry: &Entry, has_stray: bool, lower: &mut Lower<'_>) -> ParsedTier {
    let name = lower.name(entry);
    let missing = |lower: &mut Lower<'_>| {
        let owner = format!("tier `{}`", name.value);
        let help = "add `enter: <condition>`, or `share: <percent>`";
        lower.missing(name.span, &owner, "`enter` or `share`", help);
    };
    if matches!(entry.value.kind, Kind::Null) && !has_stray {
        missing(lower);
    }
    let is_map = matches!(entry.value.kind, Kind::Map(_));
    let fields = match entry.value.kind {
        Kind::Null => None,
        Kind::Scalar(ref scalar) => {
            let written = scalar.text.text.trim();
            let is_share = written == "rest" || written.starts_with(|c: char| c.is_ascii_digit());
            let key = if is_share { "share" } else { "enter" };
            let help = format!("write `{{ {key}: {written} }}`");
            lower.wrong_shape(entry.value.span, "a tier says how it is won", Some(help));
            None
        }
        _ => lower.fields(&entry.value, "a tier", TIER_KEYS),
    };
    // A tier that cannot be read keeps its place and name, so that references to it hold.
    let fields = fields.unwrap_or_default();
    let is_won = fields.get("enter").is_some() || fields.get("share").is_some();
    if is_map && !is_won && !fields.may_hold(&["enter", "share"]) {
        missing(lower);
    }
    ParsedTier {
        title: lower.title(fields.get("title"), "the title"),
        enter: lower.maybe_condition(fields.get("enter")),
        share: lower.maybe_literal(fields.get("share"), "`share`"),
        keep: lower.maybe_condition(fields.get("keep")),
        policy: policy(&fields, lower),
        warn_over: lower.maybe_literal(fields.get("warn_over"), "`warn_over`"),
        name,
    }
}
