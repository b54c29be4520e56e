use super::columns::columns;
use super::{Fields, Lower};
use crate::pack::yaml::{Entry, Node};
use crate::pack::{ParsedCustomers, ParsedSource};
use crate::source::Loc;

pub(super) fn customers(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Option<ParsedCustomers> {
    if fields.is_empty() {
        return None;
    }
    let mut fields = fields.clone();
    lower.known_keys(&mut fields, "`customers`", &["table", "id", "columns"]);
    let mut required = |key: &str, help: &str| match fields.get(key) {
        Some(node) => lower.word(node, &format!("`{key}`")),
        None if fields.may_hold(&[key]) => None,
        None => {
            lower.missing(fields.span, "`customers`", &format!("`{key}`"), help);
            None
        }
    };
    // A missing name is told; the usual one keeps the attributes known.
    let usual = |name: &str| Loc::new(name.to_owned(), fields.span);
    let table = required("table", "add `table: <table of the customers>`");
    let id = required("id", "add `id: <column with the customer's id>`");
    Some(ParsedCustomers {
        table: table.unwrap_or_else(|| usual("customers")),
        id: id.unwrap_or_else(|| usual("id")),
        columns: columns(fields.get("columns"), lower),
    })
}

pub(super) fn sources(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ParsedSource> {
    fields.entries().filter_map(|entry| source(entry, lower)).collect()
}

fn source(entry: &Entry, lower: &mut Lower<'_>) -> Option<ParsedSource> {
    let name = lower.name(entry);
    let known = ["table", "query", "customer", "at", "at_unit", "columns"];
    let fields = lower.fields(&entry.value, "a source", &known)?;
    let owner = format!("source `{}`", name.value);
    match (fields.entry("table"), fields.entry("query")) {
        (None, None) if fields.may_hold(&["table", "query"]) => {}
        (None, None) => {
            let help = "add `table: <table>`, or `query: SELECT …`";
            lower.missing(name.span, &owner, "`table` or `query`", help);
        }
        (Some(_), Some(query)) => lower.wrong_shape(
            query.key.span,
            "a source has a `table` or a `query`, not both",
            Some("keep one of them".to_owned()),
        ),
        _ => {}
    }
    for (key, help) in [
        ("customer", "add `customer: <column with the customer's id>`"),
        ("at", "add `at: <column with the time of the fact>`"),
    ] {
        if fields.get(key).is_none() && !fields.may_hold(&[key]) {
            lower.missing(name.span, &owner, &format!("`{key}`"), help);
        }
    }
    let mut word =
        |key: &str| fields.get(key).and_then(|node| lower.word(node, &format!("`{key}`")));
    Some(ParsedSource {
        table: word("table"),
        customer: word("customer"),
        at: word("at"),
        query: fields.get("query").and_then(|node| lower.text(node, "`query`")),
        at_milliseconds: fields.get("at_unit").is_some_and(|node| lower.is_milliseconds(node)),
        columns: columns(fields.get("columns"), lower),
        name,
    })
}

impl Lower<'_> {
    /// `at_unit: ms`, or `s` as without it.
    pub(crate) fn is_milliseconds(&mut self, node: &Node) -> bool {
        let units = [("ms", true), ("s", false)];
        self.choice(node, "the unit of a time", &units).is_some_and(|unit| unit.value)
    }
}
