use super::fields::in_backticks;
use super::{Fields, Lower};
use crate::expr::Unit;
use crate::pack::yaml::{Entry, Kind, Node};
use crate::pack::{
    ColumnAggregate, ParsedMetric, ParsedMetricKind, ParsedScoreLine, SourceAggregate,
};
use crate::source::Loc;

const OF_SOURCE: &[(&str, SourceAggregate)] = &[
    ("count", SourceAggregate::Count),
    ("percent", SourceAggregate::Percent),
    ("days_since_last", SourceAggregate::DaysSinceLast),
    ("days_since_first", SourceAggregate::DaysSinceFirst),
    ("days_between", SourceAggregate::DaysBetween),
];
const OF_COLUMN: &[(&str, ColumnAggregate)] = &[
    ("sum", ColumnAggregate::Sum),
    ("min", ColumnAggregate::Min),
    ("max", ColumnAggregate::Max),
    ("avg", ColumnAggregate::Average),
    ("first", ColumnAggregate::First),
    ("last", ColumnAggregate::Last),
    ("distinct", ColumnAggregate::Distinct),
];
const OTHER_KINDS: &[&str] = &["expr", "score", "rfm"];
const OPTIONS: &[&str] = &["where", "within", "ago", "else", "unit", "title"];
const UNITS: &[(&str, Unit)] = &[
    ("money", Unit::Money),
    ("count", Unit::Count),
    ("percent", Unit::Percent),
    ("days", Unit::Days),
    ("number", Unit::Number),
];

fn kinds() -> impl Iterator<Item = &'static str> {
    let of_source = OF_SOURCE.iter().map(|(name, _)| *name);
    let of_column = OF_COLUMN.iter().map(|(name, _)| *name);
    of_source.chain(of_column).chain(OTHER_KINDS.iter().copied())
}

pub(super) fn metrics(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ParsedMetric> {
    fields.entries().map(|entry| metric(entry, lower)).collect()
}

fn metric(entry: &Entry, lower: &mut Lower<'_>) -> ParsedMetric {
    let name = lower.name(entry);
    let known: Vec<&'static str> = kinds().chain(OPTIONS.iter().copied()).collect();
    let Some(fields) = lower.fields(&entry.value, "a metric", &known) else {
        return unreadable(name);
    };
    let mut written = fields.entries().filter(|entry| kinds().any(|kind| kind == entry.key.value));
    let (first, second) = (written.next(), written.next());
    if let (Some(first), Some(second)) = (first, second) {
        let message =
            format!("a metric is one thing, `{}` or `{}`", first.key.value, second.key.value);
        lower.wrong_shape(second.key.span, message, Some("make two metrics of it".to_owned()));
    }
    let names: Vec<&str> = kinds().collect();
    if first.is_none() && !fields.may_hold(&names) {
        let owner = format!("metric `{}`", name.value);
        let help = format!("add one of {}", in_backticks(kinds()));
        lower.missing(name.span, &owner, "key that says what it measures", &help);
    }
    ParsedMetric {
        kind: first.and_then(|entry| kind(entry, lower)),
        has_filter: fields.get("where").is_some() || fields.may_hold(&["where"]),
        filter: lower.maybe_condition(fields.get("where")),
        within: fields.get("within").and_then(|node| lower.window(node)),
        ago: lower.maybe_literal(fields.get("ago"), "`ago`"),
        otherwise: lower.maybe_literal(fields.get("else"), "`else`"),
        unit: fields.get("unit").and_then(|node| lower.choice(node, "a unit", UNITS)),
        title: lower.title(fields.get("title"), "the title"),
        name,
    }
}

/// A metric that cannot be read stays known, so that its uses are no findings too.
fn unreadable(name: Loc<String>) -> ParsedMetric {
    ParsedMetric {
        name,
        kind: None,
        filter: None,
        has_filter: false,
        within: None,
        ago: None,
        otherwise: None,
        unit: None,
        title: Default::default(),
    }
}

fn kind(entry: &Entry, lower: &mut Lower<'_>) -> Option<Loc<ParsedMetricKind>> {
    let key = entry.key.value.as_str();
    let node = &entry.value;
    let kind = if let Some((_, aggregate)) = OF_SOURCE.iter().find(|(name, _)| *name == key) {
        let source = lower.word(node, &format!("`{key}`"))?;
        ParsedMetricKind::OfSource { aggregate: *aggregate, source }
    } else if let Some((_, aggregate)) = OF_COLUMN.iter().find(|(name, _)| *name == key) {
        let (source, column) = of_column(key, node, lower)?;
        ParsedMetricKind::OfColumn { aggregate: *aggregate, source, column }
    } else {
        match key {
            "expr" => ParsedMetricKind::Formula(lower.expr(node, "`expr`")?),
            "score" => ParsedMetricKind::Score(score(node, lower)?),
            _ => rfm(node, lower)?,
        }
    };
    Some(Loc::new(kind, entry.key.span))
}

/// `SOURCE.COLUMN`, each with its place.
fn of_column(key: &str, node: &Node, lower: &mut Lower<'_>) -> Option<(Loc<String>, Loc<String>)> {
    let text = lower.text(node, &format!("`{key}`"))?;
    let Some((source, column)) = text.text.split_once('.') else {
        let written = text.text.trim();
        lower.invalid_value(
            node.span,
            format!("`{key}` needs a source and a column, with a point between them"),
            Some(format!("write it as in `{key}: {}`", source_and_column(written))),
        );
        return None;
    };
    let part = |part: &str, start: usize| {
        let start = start + (part.len() - part.trim_start().len());
        let part = part.trim();
        Loc::new(part.to_owned(), text.span(start, start + part.len()))
    };
    Some((part(source, 0), part(column, source.len() + 1)))
}

/// `orders.amount` for `orders amount`; for one word, where the other belongs.
fn source_and_column(written: &str) -> String {
    let parts: Vec<&str> = written.split([' ', ':', '/']).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [source, column] => format!("{source}.{column}"),
        _ => format!("{written}.<column>` or `<source>.{written}"),
    }
}

fn score(node: &Node, lower: &mut Lower<'_>) -> Option<Vec<ParsedScoreLine>> {
    let Kind::Seq(lines) = &node.kind else {
        if !matches!(node.kind, Kind::Broken) {
            let help = "write each line as `- { when: …, add: … }`".to_owned();
            lower.wrong_shape(node.span, "`score` is a list of lines", Some(help));
        }
        return None;
    };
    let mut score = Vec::new();
    for line in lines {
        let known = ["when", "add", "cap"];
        let Some(fields) = lower.fields(line, "a line of `score`", &known) else { continue };
        if fields.get("add").is_none() {
            let help = "add `add: <points>`";
            lower.missing(fields.span, "this line of `score`", "`add`", help);
        }
        score.push(ParsedScoreLine {
            when: lower.maybe_condition(fields.get("when")),
            add: fields.get("add").and_then(|node| lower.expr(node, "`add`")),
            cap: lower.maybe_literal(fields.get("cap"), "`cap`"),
        });
    }
    Some(score)
}

fn rfm(node: &Node, lower: &mut Lower<'_>) -> Option<ParsedMetricKind> {
    let fields = lower.fields(node, "`rfm`", &["recency", "frequency", "monetary", "bins"])?;
    let mut metric = |key: &str| match fields.get(key) {
        Some(node) => lower.word(node, &format!("`{key}`")),
        None => {
            let help = format!("add `{key}: <metric>`");
            lower.missing(fields.span, "`rfm`", &format!("`{key}`"), &help);
            None
        }
    };
    Some(ParsedMetricKind::Rfm {
        recency: metric("recency"),
        frequency: metric("frequency"),
        monetary: metric("monetary"),
        bins: lower.maybe_literal(fields.get("bins"), "`bins`"),
    })
}
