use super::meant::{home, meant};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::pack::names;
use crate::pack::yaml::{Entry, Kind, Node};
use crate::source::{Loc, Span};

/// Lowers nodes and gathers what is wrong with them.
pub(crate) struct Lower<'f> {
    pub(crate) findings: &'f mut Diagnostics,
    /// Whether a part that gives names cannot be read.
    pub(crate) lost_names: bool,
}

/// The entries of one map, or of a section from several files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields<'n> {
    entries: Vec<&'n Entry>,
    /// The map, or the key of the section.
    pub(crate) span: Span,
    /// Of every unknown key: the known one that it seems to mean.
    misspelt: Vec<Option<&'static str>>,
}

impl<'n> Fields<'n> {
    pub(crate) fn empty(section: &Entry) -> Self {
        Self::empty_at(section.key.span)
    }

    pub(crate) fn empty_at(span: Span) -> Self {
        Self { span, ..Self::default() }
    }

    pub(crate) fn push(&mut self, entry: &'n Entry) {
        self.entries.push(entry);
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &'n Entry> {
        self.entries.iter().copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().copied().find(|entry| entry.key.value == key)
    }

    /// Whether a key that is missing may be there under a wrong name: one finding is enough.
    pub(crate) fn may_hold(&self, keys: &[&str]) -> bool {
        self.misspelt.iter().any(|meant| meant.is_none_or(|meant| keys.contains(&meant)))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }
}

impl Lower<'_> {
    pub(crate) fn wrong_shape(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.findings.push(Diagnostic::new(Code::WrongShape, span, message).maybe_help(help));
    }

    pub(crate) fn invalid_value(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.findings.push(Diagnostic::new(Code::InvalidValue, span, message).maybe_help(help));
    }

    /// `owner`: what lacks the key, as in "metric `spend`".
    pub(crate) fn missing(&mut self, span: Span, owner: &str, key: &str, help: &str) {
        self.findings.push(
            Diagnostic::new(Code::MissingKey, span, format!("{owner} has no {key}")).help(help),
        );
    }

    /// The entries of a map. `what`: "a metric", as messages call it.
    pub(crate) fn map<'n>(&mut self, node: &'n Node, what: &str) -> Option<Fields<'n>> {
        match &node.kind {
            Kind::Map(entries) => Some(Fields {
                entries: entries.iter().collect(),
                span: node.span,
                ..Fields::default()
            }),
            Kind::Broken => None,
            Kind::Null => {
                let help = "write `key: value` lines below it, indented deeper, or leave it out";
                let message = format!("{what} has nothing in it");
                self.wrong_shape(node.span, message, Some(help.to_owned()));
                None
            }
            Kind::Scalar(_) | Kind::Seq(_) => {
                let help = match &node.kind {
                    Kind::Seq(_) => "take the dashes away: write `name: …` lines, indented deeper",
                    _ => "write `key: value` lines below it, indented deeper",
                };
                let message = format!("{what} has `key: value` lines, not {}", shape(node));
                self.wrong_shape(node.span, message, Some(help.to_owned()));
                None
            }
        }
    }

    /// The entries of a map whose keys are known; others are findings.
    pub(crate) fn fields<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        known: &[&'static str],
    ) -> Option<Fields<'n>> {
        let mut fields = self.map(node, what)?;
        self.known_keys(&mut fields, what, known);
        Some(fields)
    }

    pub(crate) fn known_keys(
        &mut self,
        fields: &mut Fields<'_>,
        what: &str,
        known: &[&'static str],
    ) {
        for entry in fields.entries.clone() {
            let key = entry.key.value.as_str();
            if !known.contains(&key) {
                let meant = meant(key, known);
                fields.misspelt.push(meant);
                let help = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => match home(key).map(str::to_owned).or_else(|| compared(what, entry)) {
                        Some(help) => help,
                        None => format!("it can have {}", in_backticks(known.iter().copied())),
                    },
                };
                self.findings.push(
                    Diagnostic::new(
                        Code::UnknownKey,
                        entry.key.span,
                        format!("{what} has no key `{key}`"),
                    )
                    .help(help),
                );
            }
        }
    }

    /// The name of an entry. An invalid one is kept, so that what refers to it is found.
    pub(crate) fn name(&mut self, entry: &Entry) -> Loc<String> {
        let name = &entry.key.value;
        if !names::is_name(name) {
            let message = if names::is_reserved(name) {
                format!("`{name}` already means something in expressions, so it cannot be a name")
            } else {
                format!("`{name}` is no name: names are a to z, 0 to 9 and `_`")
            };
            let help = match names::valid_form(name) {
                _ if names::is_reserved(name) => {
                    format!(
                        "choose another name, as in `my_{name}`; people's words go into `title:`"
                    )
                }
                Some(form) => format!("write `{form}`, and people's words into `title:`"),
                None => "write a name like `a_name`, and people's words into `title:`".to_owned(),
            };
            self.findings
                .push(Diagnostic::new(Code::InvalidName, entry.key.span, message).help(help));
        }
        entry.key.clone()
    }
}

/// How the comparison is written that `category: coats` in a condition means.
fn compared(what: &str, entry: &Entry) -> Option<String> {
    let Kind::Scalar(scalar) = &entry.value.kind else { return None };
    let (key, value) = (&entry.key.value, scalar.text.text.trim());
    let is_number = value.starts_with(|c: char| c.is_ascii_digit());
    let value = if is_number { format!(">= {value}") } else { format!("== \"{value}\"") };
    (what == "a condition").then(|| format!("write a comparison, as in `{key} {value}`"))
}

/// What a node is, as messages call it.
pub(crate) fn shape(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Null | Kind::Broken => "nothing",
        Kind::Scalar(_) => "a single value",
        Kind::Seq(_) => "a list",
        Kind::Map(_) => "`key: value` lines",
    }
}

pub(crate) fn in_backticks<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
