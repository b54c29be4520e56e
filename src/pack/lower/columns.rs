use super::Lower;
use super::meant::meant;
use crate::pack::ParsedColumn;
use crate::pack::yaml::{Entry, Kind, Node};
use crate::program::ColumnKind;
use crate::source::Loc;

const KINDS: &[(&str, ColumnKind)] = &[
    ("money", ColumnKind::Money),
    ("number", ColumnKind::Number),
    ("count", ColumnKind::Count),
    ("text", ColumnKind::Text),
    ("flag", ColumnKind::Flag),
    ("date", ColumnKind::Date),
];

/// `columns:` of a source or of `customers`.
pub(super) fn columns(node: Option<&Node>, lower: &mut Lower<'_>) -> Vec<ParsedColumn> {
    let Some(fields) = node.and_then(|node| lower.map(node, "`columns`")) else {
        return Vec::new();
    };
    fields.entries().filter_map(|entry| column(entry, lower)).collect()
}

/// `name: type`, or `name: { type, column, unit, expr }`.
fn column(entry: &Entry, lower: &mut Lower<'_>) -> Option<ParsedColumn> {
    let name = lower.name(entry);
    let what = "the type of a column";
    let Kind::Map(_) = &entry.value.kind else {
        let kind = lower.choice(&entry.value, what, KINDS);
        return Some(ParsedColumn {
            kind: kind.unwrap_or_else(|| unknown_kind(&name, &entry.value)),
            name,
            column: None,
            minor: false,
            expr: None,
        });
    };
    let fields = lower.fields(&entry.value, "a column", &["type", "column", "unit", "expr"])?;
    let kind = match fields.get("type") {
        Some(node) => lower.choice(node, what, KINDS),
        None if fields.may_hold(&["type"]) => None,
        None => {
            let owner = format!("column `{}`", name.value);
            lower.missing(name.span, &owner, "`type`", "add `type: money`, or another type");
            None
        }
    };
    let minor = fields.get("unit").is_some_and(|node| lower.is_minor(node));
    Some(ParsedColumn {
        kind: kind
            .unwrap_or_else(|| unknown_kind(&name, fields.get("type").unwrap_or(&entry.value))),
        name,
        column: fields.get("column").and_then(|node| lower.word(node, "`column`")),
        minor,
        expr: fields.get("expr").and_then(|node| lower.expr(node, "`expr`")),
    })
}

impl Lower<'_> {
    /// Whether `unit:` says that a column is in cents.
    pub(crate) fn is_minor(&mut self, node: &Node) -> bool {
        let units = [("minor", true), ("major", false)];
        self.choice(node, "the unit of a column", &units).is_some_and(|unit| unit.value)
    }
}

/// A column of an unreadable type stays known, as what it seems to be; a number fits the most uses.
fn unknown_kind(name: &Loc<String>, written: &Node) -> Loc<ColumnKind> {
    let names: Vec<&'static str> = KINDS.iter().map(|(name, _)| *name).collect();
    let meant = match &written.kind {
        Kind::Scalar(scalar) => meant(scalar.text.text.trim(), &names),
        _ => None,
    };
    let kind = KINDS.iter().find(|(name, _)| Some(*name) == meant);
    Loc::new(kind.map_or(ColumnKind::Number, |(_, kind)| *kind), name.span)
}
