//! `each:`: a case for every row, with the row's values in the place of `{name}`.

use std::collections::BTreeSet;

use super::Reader;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::pack::lower::in_backticks;
use crate::pack::yaml::{Entry, Kind, Node, Scalar};
use crate::source::MappedTextBuilder;

/// A row of an `each:`: names and values, and what is expected of it.
pub(super) struct Row<'n> {
    pub node: &'n Node,
    pub values: Vec<(&'n str, &'n Scalar)>,
    pub expect: Option<&'n Node>,
}

impl<'n> Row<'n> {
    /// `spend 999.99, orders 6`
    pub fn title(&self) -> String {
        let value =
            |(name, scalar): &(&str, &Scalar)| format!("{name} {}", scalar.text.text.trim());
        self.values.iter().map(value).collect::<Vec<_>>().join(", ")
    }

    fn scalar(&self, name: &str) -> Option<&'n Scalar> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, scalar)| *scalar)
    }
}

impl Reader<'_, '_> {
    /// The rows, without those that cannot be read.
    pub(super) fn rows<'n>(&mut self, node: &'n Node) -> Vec<Row<'n>> {
        let Kind::Seq(items) = &node.kind else {
            let help = "write `- { name: value, expect: { … } }` lines below it".to_owned();
            self.lower.wrong_shape(node.span, "`each` is a list of rows", Some(help));
            return Vec::new();
        };
        let mut rows = Vec::new();
        for item in items {
            let Some(fields) = self.lower.map(item, "a row of `each`") else { continue };
            let mut row = Row { node: item, values: Vec::new(), expect: fields.get("expect") };
            for entry in fields.entries().filter(|entry| entry.key.value != "expect") {
                let what = format!("`{}`", entry.key.value);
                if let Some(scalar) = self.lower.scalar(&entry.value, &what) {
                    row.values.push((&entry.key.value, scalar));
                }
            }
            rows.push(row);
        }
        rows
    }

    /// The case with a row's values in it. A `{name}` that the row does not have, and a value
    /// that the case has no place for, are findings.
    pub(super) fn filled(&mut self, case: &Node, row: &Row<'_>) -> Node {
        let mut used = BTreeSet::new();
        let filled = self.fill(case, row, &mut used);
        let Kind::Map(entries) = &row.node.kind else { return filled };
        for entry in entries {
            let name = entry.key.value.as_str();
            if name != "expect" && !used.contains(name) {
                let message = format!("the case has no place for `{name}`");
                let help = format!("write `\"{{{name}}}\"` where the value belongs");
                self.lower
                    .findings
                    .push(Diagnostic::new(Code::UnknownKey, entry.key.span, message).help(help));
            }
        }
        filled
    }

    fn fill(&mut self, node: &Node, row: &Row<'_>, used: &mut BTreeSet<String>) -> Node {
        let kind = match &node.kind {
            Kind::Scalar(scalar) => Kind::Scalar(self.fill_scalar(node, scalar, row, used)),
            Kind::Seq(items) => {
                Kind::Seq(items.iter().map(|item| self.fill(item, row, used)).collect())
            }
            Kind::Map(entries) => {
                let entry = |entry: &Entry| Entry {
                    key: entry.key.clone(),
                    value: match entry.key.value.as_str() {
                        "each" => entry.value.clone(),
                        _ => self.fill(&entry.value, row, used),
                    },
                };
                Kind::Map(entries.iter().map(entry).collect())
            }
            Kind::Null => Kind::Null,
            Kind::Broken => Kind::Broken,
        };
        Node { kind, span: node.span }
    }

    fn fill_scalar(
        &mut self,
        node: &Node,
        scalar: &Scalar,
        row: &Row<'_>,
        used: &mut BTreeSet<String>,
    ) -> Scalar {
        let text = &scalar.text.text;
        let mut filled = String::new();
        let mut rest = text.as_str();
        while let Some((before, name, after)) = placeholder(rest) {
            filled.push_str(before);
            match row.scalar(name) {
                Some(value) => {
                    used.insert(name.to_owned());
                    if before.is_empty() && after.is_empty() && filled.is_empty() {
                        return value.clone();
                    }
                    filled.push_str(value.text.text.trim());
                }
                None => {
                    let names: Vec<&str> = row.values.iter().map(|(name, _)| *name).collect();
                    let help = did_you_mean(name, names.iter().copied()).unwrap_or_else(|| {
                        match names.is_empty() {
                            true => format!("add `{name}: …` to the row"),
                            false => format!("the row has {}", in_backticks(names)),
                        }
                    });
                    let message = format!("a row of `each` has no value `{name}`");
                    self.lower.findings.push(
                        Diagnostic::new(Code::UnknownName, node.span, message)
                            .help(help)
                            .related(row.node.span, "this row"),
                    );
                }
            }
            rest = after;
        }
        if filled.is_empty() {
            return scalar.clone();
        }
        filled.push_str(rest);
        // Any part of it stands for the whole.
        let whole = scalar.text.whole();
        let mut mapped = MappedTextBuilder::new(scalar.text.file);
        mapped.push(&filled, whole.start as usize, (whole.end - whole.start) as usize);
        Scalar { text: mapped.finish(whole), quoted: scalar.quoted }
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
