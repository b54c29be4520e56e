//! Somebody of whom nothing is stored, as JSON in the words of a case.

use jiff::civil::Date;

use super::{Most, Reader};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::pack::json;
use crate::pack::lower::{Fields, Lower, in_backticks};
use crate::pack::yaml::{Entry, Kind, Node};
use crate::program::Program;
use crate::source::{Sources, Span};
use crate::store::CustomerId;
use crate::suite::case::Person;

/// Enough for years of somebody's life.
const MOST: Most = Most { facts: 10_000, of: "one customer" };

const KEYS: [&str; 5] = ["as_of", "customer", "facts", "metrics", "standing"];

/// Somebody with what is said of them, as of a date.
#[derive(Debug, Clone)]
pub struct Alone {
    pub person: Person,
    pub as_of: Date,
    /// Of all that was read.
    pub span: Span,
}

/// Reads `{"as_of", "customer", "facts", "metrics", "standing"}`, of which each may be left out,
/// against a program. `as_of`: the date where none is given. The text is added to `texts`.
pub fn read_alone(
    text: &str,
    program: &Program,
    as_of: Date,
    texts: &mut Sources,
) -> Result<Alone, Vec<Diagnostic>> {
    let file = texts.add("body", text);
    let mut findings = Diagnostics::default();
    let root = json::parse(text, file, &mut findings);
    let mut alone = None;
    if let Ok(root) = root {
        let mut lower = Lower { findings: &mut findings, lost_names: false };
        let mut reader = Reader { program, texts, lower: &mut lower, most: MOST };
        alone = reader.alone(&root, as_of);
    }
    match (alone, findings.is_empty()) {
        (Some(alone), true) => Ok(alone),
        _ => Err(findings.into_sorted()),
    }
}

impl Reader<'_, '_> {
    fn alone(&mut self, root: &Node, default: Date) -> Option<Alone> {
        if !self.is_object(root, "what is asked", "{\"metrics\": {…}}") {
            return None;
        }
        let all = self.lower.map(root, "what is asked")?;
        let mut fields = Fields::empty_at(root.span);
        for entry in all.entries() {
            if !KEYS.contains(&entry.key.value.as_str()) {
                self.unknown_key(entry);
            } else if !matches!(entry.value.kind, Kind::Null) && self.has_its_shape(entry) {
                fields.push(entry);
            }
        }
        let person = Person { id: CustomerId::last(), ..self.person(&fields) };
        let as_of = match fields.get("as_of") {
            Some(node) => self.date_of(node, "`as_of`")?,
            None => default,
        };
        self.in_time(std::slice::from_ref(&person), as_of, "the date that is asked about");
        Some(Alone { person, as_of, span: root.span })
    }

    /// Says where it belongs, if the pack has something of that name.
    fn unknown_key(&mut self, entry: &Entry) {
        let (program, key) = (self.program, entry.key.value.as_str());
        let of =
            |part: &str| format!("write it below `{part}`: `{{\"{part}\": {{\"{key}\": …}}}}`");
        let help = if program.sources.iter().any(|source| source.name == key) {
            of("facts")
        } else if program.metrics.iter().any(|metric| metric.name == key) {
            of("metrics")
        } else if program.attributes.iter().any(|attribute| attribute.name == key) {
            of("customer")
        } else if program.ladders.iter().any(|ladder| ladder.name == key) {
            of("standing")
        } else {
            match nearest(key, KEYS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there is {}", in_backticks(KEYS)),
            }
        };
        let message = format!("nothing here is called `{key}`");
        let finding = Diagnostic::new(Code::UnknownKey, entry.key.span, message);
        self.lower.findings.push(finding.help(help));
    }

    /// Whether a part is what JSON has in its place; a part that is not is told, and left out.
    fn has_its_shape(&mut self, Entry { key, value }: &Entry) -> bool {
        match key.value.as_str() {
            "customer" => self.is_object(value, "`customer`", "{\"joined\": \"2024-01-05\"}"),
            "metrics" => self.is_object(value, "`metrics`", "{\"spend\": 1500}"),
            "standing" => self.is_object(value, "`standing`", "{\"club\": \"vip\"}"),
            "facts" => {
                let example = "{\"orders\": [{\"at\": \"2026-01-10\"}]}";
                self.is_object(value, "`facts`", example) && self.has_rows(value)
            }
            _ => true,
        }
    }

    fn has_rows(&mut self, facts: &Node) -> bool {
        let Kind::Map(sources) = &facts.kind else { return false };
        let mut good = true;
        for Entry { key, value } in sources {
            let what = format!("`{}`", key.value);
            let Kind::Seq(rows) = &value.kind else {
                let message = format!("{what} is a list of rows, not {}", word_for(value));
                let help = "write it as in `[{\"at\": \"2026-01-10\"}]`".to_owned();
                self.lower.wrong_shape(value.span, message, Some(help));
                good = false;
                continue;
            };
            if rows.len() > MOST.facts {
                self.invalid(key.span, MOST.words(), "send the newest of them");
                good = false;
                continue;
            }
            for row in rows {
                let what = format!("a row of {what}");
                good &= self.is_object(row, &what, "{\"at\": \"2026-01-10\"}");
            }
        }
        good
    }

    fn is_object(&mut self, node: &Node, what: &str, example: &str) -> bool {
        let is_object = matches!(node.kind, Kind::Map(_));
        if !is_object {
            let message = format!("{what} is an object, not {}", word_for(node));
            let help = format!("write it as in `{example}`");
            self.lower.wrong_shape(node.span, message, Some(help));
        }
        is_object
    }
}

/// What a value is to JSON.
fn word_for(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Null | Kind::Broken => "nothing",
        Kind::Scalar(scalar) if scalar.quoted => "a text",
        Kind::Scalar(_) => "a single value",
        Kind::Seq(_) => "a list",
        Kind::Map(_) => "an object",
    }
}
