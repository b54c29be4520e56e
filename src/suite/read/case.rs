//! A case: its parts, and what must be there.

use super::each::{Row, Told, has_placeholder};
use super::{Parameters, Reader};
use crate::pack::lower::Fields;
use crate::pack::yaml::{Kind, Node};
use crate::source::{Loc, Span};
use crate::suite::case::{Case, GivenCutoff};

use super::values::Wanted;
use crate::expr::{NUMBER_SCALE, Type, Unit};

const KEYS: &[&str] = &[
    "name",
    "skip",
    "parameters",
    "customer",
    "facts",
    "metrics",
    "standing",
    "others",
    "cutoffs",
    "as_of",
    "expect",
    "timeline",
    "each",
];

impl Reader<'_, '_> {
    /// The cases of a file that have no finding, each with its parameters.
    pub(super) fn cases(&mut self, node: &Node) -> Vec<(Case, Parameters)> {
        let Kind::Seq(items) = &node.kind else {
            if !matches!(node.kind, Kind::Broken) {
                let help = "write `- name: …` below it for each case".to_owned();
                self.lower.wrong_shape(node.span, "`cases` is a list", Some(help));
            }
            return Vec::new();
        };
        let mut cases: Vec<(Case, Parameters)> = Vec::new();
        let mut names: Vec<Loc<String>> = Vec::new();
        for item in items {
            let Some(fields) = self.lower.fields(item, "a case", KEYS) else { continue };
            let Some(name) = self.case_name(item, &fields, "a case", &mut names) else { continue };
            match fields.get("each") {
                None => cases.extend(self.case(item, name, None)),
                Some(each) => {
                    let mut told = Told::default();
                    for row in &self.rows(each) {
                        let Some(filled) = self.filled(item, row, &mut told) else { continue };
                        cases.extend(self.case(&filled, name.clone(), Some(row)));
                    }
                }
            }
        }
        cases
    }

    /// The name, which no other of the file has.
    pub(super) fn case_name(
        &mut self,
        item: &Node,
        fields: &Fields<'_>,
        what: &str,
        names: &mut Vec<Loc<String>>,
    ) -> Option<Loc<String>> {
        let Some(node) = fields.get("name") else {
            if !fields.may_hold(&["name"]) {
                let start = Span { end: item.span.start + 1, ..item.span };
                self.lower.missing(start, what, "`name`", "say in a few words what it shows");
            }
            return None;
        };
        let name = self.lower.word(node, "the name")?;
        if let Some(other) = names.iter().find(|other| other.value == name.value) {
            let message = format!("`{}` is the name of two", name.value);
            self.lower.findings.push(
                crate::diagnostic::Diagnostic::new(
                    crate::diagnostic::Code::DuplicateEntry,
                    name.span,
                    message,
                )
                .help("give one of them another name")
                .related(other.span, "the other one"),
            );
        }
        names.push(name.clone());
        Some(name)
    }

    /// One case, of a row if there is one. `None` where it has findings.
    fn case(
        &mut self,
        node: &Node,
        name: Loc<String>,
        row: Option<&Row<'_>>,
    ) -> Option<(Case, Parameters)> {
        let before = self.lower.findings.len();
        let Kind::Map(_) = &node.kind else { return None };
        let fields = self.lower.map(node, "a case")?;
        let skip = self.skip(fields.get("skip"));
        let parameters = self.parameters(fields.get("parameters"));
        let people = self.people(&fields);
        let cutoffs = self.cutoffs(fields.get("cutoffs"));
        let steps = self.steps(&fields, name.span, row.and_then(|row| row.expect), &people);
        if let Some(first) = steps.first() {
            self.in_time(&people, first.on, "the first date");
        }
        if self.lower.findings.len() > before {
            return None;
        }
        if steps.iter().all(|step| step.expected.is_empty()) {
            let span = row.map_or(name.span, |row| row.node.span);
            let help = "add `expect:` with what should come of it";
            self.lower.missing(span, "the case", "expectation", help);
            return None;
        }
        let title = row.map(Row::title).filter(|title| !title.is_empty());
        let case = Case {
            span: row.map_or(name.span, |row| row.node.span),
            name: match title {
                // What tells the rows apart is in the name.
                Some(_) if has_placeholder(&name.value) => {
                    fields.get("name").and_then(|node| self.lower.word(node, "the name"))?.value
                }
                Some(title) => format!("{}: {title}", name.value),
                None => name.value,
            },
            skip,
            parameters: 0,
            people,
            cutoffs,
            steps,
        };
        Some((case, parameters))
    }

    /// Why something is not run.
    pub(super) fn skip(&mut self, node: Option<&Node>) -> Option<String> {
        let node = node?;
        let scalar = self.lower.scalar(node, "`skip`")?;
        let reason = scalar.text.text.trim();
        if matches!(reason, "" | "true" | "false" | "yes" | "no") {
            let help = "write why it is not run, as in `skip: from May on`, or leave it out";
            self.invalid(node.span, "`skip` says no reason", help);
            return None;
        }
        Some(reason.to_owned())
    }

    /// Values for parameters; that they fit is checked when the program is built with them.
    pub(super) fn parameters(&mut self, node: Option<&Node>) -> Parameters {
        let Some(fields) = node.and_then(|node| self.lower.map(node, "`parameters`")) else {
            return Vec::new();
        };
        let known = &self.program.parameters;
        let mut parameters = Vec::new();
        for entry in fields.entries() {
            if !known.iter().any(|parameter| parameter.name == entry.key.value) {
                let names = self.program.parameters.iter().map(|it| it.name.as_str());
                self.unknown("parameter", &entry.key.value, entry.key.span, names);
                continue;
            }
            let value = self.lower.literal(&entry.value, "the value of a parameter");
            parameters.extend(value.map(|value| (entry.key.clone(), value)));
        }
        parameters
    }

    fn cutoffs(&mut self, node: Option<&Node>) -> Vec<GivenCutoff> {
        let Some(fields) = node.and_then(|node| self.lower.map(node, "`cutoffs`")) else {
            return Vec::new();
        };
        let mut given = Vec::new();
        for entry in fields.entries() {
            let text = &entry.key;
            let cutoffs = self.program.cutoffs.iter();
            let places: Vec<Span> = cutoffs
                .filter(|cutoff| same_text(&cutoff.text, &text.value))
                .map(|cutoff| cutoff.span)
                .collect();
            if places.is_empty() {
                let texts = self.program.cutoffs.iter().map(|cutoff| cutoff.text.as_str());
                self.unknown("value over the population", &text.value, text.span, texts);
                continue;
            }
            let wanted = Wanted { ty: Type::Number, unit: Unit::Number, scale: NUMBER_SCALE };
            let value = self.known(&entry.value, "the value of a cutoff", wanted);
            given.extend(value.map(|value| GivenCutoff {
                text: text.value.clone(),
                places,
                value,
            }));
        }
        given
    }
}

/// Whether two expressions are written the same but for blanks.
pub(in crate::suite) fn same_text(a: &str, b: &str) -> bool {
    a.chars().filter(|c| !c.is_whitespace()).eq(b.chars().filter(|c| !c.is_whitespace()))
}
