//! `each:`: a case for every row, with the row's values in the place of `{name}`.

use std::collections::{BTreeMap, BTreeSet};

use super::Reader;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::pack::lower::in_backticks;
use crate::pack::yaml::{Entry, Kind, Node, Scalar};
use crate::source::MappedTextBuilder;

/// A row of an `each:`: names and values, and what is expected of it.
pub(super) struct Row<'n> {
    pub node: &'n Node,
    /// Scalars, and values that are unknown.
    pub values: Vec<(&'n str, &'n Node)>,
    pub expect: Option<&'n Node>,
}

/// Names about which something was told: once for all rows.
#[derive(Default)]
pub(super) struct Told {
    missing: BTreeSet<String>,
    unused: BTreeSet<String>,
}

impl<'n> Row<'n> {
    /// `spend 999.99, orders 6`
    pub fn title(&self) -> String {
        let value = |(name, node): &(&str, &Node)| match &node.kind {
            Kind::Scalar(scalar) => format!("{name} {}", scalar.text.text.trim()),
            _ => format!("{name} unknown"),
        };
        self.values.iter().map(value).collect::<Vec<_>>().join(", ")
    }

    fn value(&self, name: &str) -> Option<&'n Node> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, node)| *node)
    }
}

/// Whether a text has a `{name}` in it.
pub(super) fn has_placeholder(text: &str) -> bool {
    placeholder(text).is_some()
}

impl Reader<'_, '_> {
    /// The rows, without those that cannot be read.
    pub(super) fn rows<'n>(&mut self, node: &'n Node) -> Vec<Row<'n>> {
        let Kind::Seq(items) = &node.kind else {
            let help = "write `- { name: value, expect: { … } }` lines below it".to_owned();
            self.lower.wrong_shape(node.span, "`each` is a list of rows", Some(help));
            return Vec::new();
        };
        if items.is_empty() {
            let help = "write a row, or leave `each` out".to_owned();
            self.lower.wrong_shape(node.span, "`each` has no rows", Some(help));
        }
        let mut rows = Vec::new();
        for item in items {
            let Some(fields) = self.lower.map(item, "a row of `each`") else { continue };
            let mut row = Row { node: item, values: Vec::new(), expect: fields.get("expect") };
            let mut is_whole = true;
            for entry in fields.entries().filter(|entry| entry.key.value != "expect") {
                let what = format!("`{}`", entry.key.value);
                let is_value = matches!(entry.value.kind, Kind::Null)
                    || self.lower.scalar(&entry.value, &what).is_some();
                is_whole &= is_value;
                row.values.push((&entry.key.value, &entry.value));
            }
            if is_whole {
                rows.push(row);
            }
        }
        rows
    }

    /// The case with a row's values in it. A `{name}` that the row does not have, and a value
    /// that the case has no place for, are findings; then there is no case.
    pub(super) fn filled(&mut self, case: &Node, row: &Row<'_>, told: &mut Told) -> Option<Node> {
        let mut filling = Filling { row, used: BTreeSet::new(), missing: BTreeMap::new() };
        let filled = filling.fill(case);
        let Filling { used, missing, .. } = filling;
        let unused: Vec<&Entry> = match &row.node.kind {
            Kind::Map(entries) => entries
                .iter()
                .filter(|entry| entry.key.value != "expect" && !used.contains(&entry.key.value))
                .collect(),
            _ => Vec::new(),
        };
        let is_filled = missing.is_empty() && unused.is_empty();
        for (name, node) in missing {
            if told.missing.insert(name.to_owned()) {
                self.missing_value(name, node, row);
            }
        }
        for Entry { key, .. } in unused {
            if told.unused.insert(key.value.clone()) {
                let message = format!("the case has no place for `{}`", key.value);
                let help = format!("write `\"{{{}}}\"` where the value belongs", key.value);
                let finding = Diagnostic::new(Code::UnknownKey, key.span, message).help(help);
                self.lower.findings.push(finding);
            }
        }
        is_filled.then_some(filled)
    }

    fn missing_value(&mut self, name: &str, node: &Node, row: &Row<'_>) {
        let names = || row.values.iter().map(|(name, _)| *name);
        let help = did_you_mean(name, names()).unwrap_or_else(|| match row.values.is_empty() {
            true => format!("add `{name}: …` to the row"),
            false => format!("the row has {}", in_backticks(names())),
        });
        let message = format!("a row of `each` has no value `{name}`");
        let finding = Diagnostic::new(Code::UnknownName, node.span, message).help(help);
        self.lower.findings.push(finding.related(row.node.span, "this row"));
    }
}

/// A row's values on their way into a case.
struct Filling<'r, 'c> {
    row: &'r Row<'r>,
    used: BTreeSet<String>,
    /// What the row does not have, and where it is asked for first.
    missing: BTreeMap<&'c str, &'c Node>,
}

impl<'c> Filling<'_, 'c> {
    fn fill(&mut self, node: &'c Node) -> Node {
        let kind = match &node.kind {
            Kind::Scalar(scalar) => return self.fill_scalar(node, scalar),
            Kind::Seq(items) => Kind::Seq(items.iter().map(|item| self.fill(item)).collect()),
            Kind::Map(entries) => {
                let entry = |entry: &'c Entry| Entry {
                    key: entry.key.clone(),
                    value: match entry.key.value.as_str() {
                        "each" => entry.value.clone(),
                        _ => self.fill(&entry.value),
                    },
                };
                Kind::Map(entries.iter().map(entry).collect())
            }
            Kind::Null => Kind::Null,
            Kind::Broken => Kind::Broken,
        };
        Node { kind, span: node.span }
    }

    fn fill_scalar(&mut self, node: &'c Node, scalar: &'c Scalar) -> Node {
        let mut filled = String::new();
        let mut rest = scalar.text.text.as_str();
        let mut is_changed = false;
        while let Some((before, name, after)) = placeholder(rest) {
            filled.push_str(before);
            match self.row.value(name) {
                Some(value) => {
                    self.used.insert(name.to_owned());
                    if !is_changed && before.is_empty() && after.is_empty() {
                        // The value itself: its place, with its quotation marks or without.
                        return value.clone();
                    }
                    if let Kind::Scalar(value) = &value.kind {
                        filled.push_str(value.text.text.trim());
                    }
                }
                None => {
                    self.missing.entry(name).or_insert(node);
                }
            }
            is_changed = true;
            rest = after;
        }
        if !is_changed {
            return node.clone();
        }
        filled.push_str(rest);
        // Any part of it stands for the whole.
        let whole = scalar.text.whole();
        let mut mapped = MappedTextBuilder::new(scalar.text.file);
        mapped.push(&filled, whole.start as usize, (whole.end - whole.start) as usize);
        // The quotation marks are there for YAML: braces are a map to it.
        let scalar = Scalar { text: mapped.finish(whole), quoted: false };
        Node { kind: Kind::Scalar(scalar), span: node.span }
    }
}

/// What stands before the first `{name}`, the name, and what stands after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let inner = &text[open + 1..];
        if let Some(close) = inner.find('}')
            && crate::check::literal::is_name(&inner[..close])
        {
            return Some((&text[..open], &inner[..close], &inner[close + 1..]));
        }
        from = open + 1;
    }
    None
}
