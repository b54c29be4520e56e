//! Findings: what is wrong in a pack, where, why, and what to write instead.
//!
//! In: spans and words from the stages that find faults. Out: plain values, ordered by file,
//! offset and code; the renderers (`human`, `json`) turn them into text.
//! Never: printing, or stopping at the first fault.

mod codes;
mod human;
mod json;
mod pages;

pub use codes::{Code, Severity};
pub use human::findings_text;
pub use json::findings_json;
pub use pages::{Page, findings_markdown};

use crate::source::{Loc, Span};

/// One finding. Messages are lower case, in the reader's words, with input in backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// What to write instead, where there is one answer.
    pub help: Option<String>,
    pub span: Span,
    /// Other places that belong to the finding, with a few words each.
    pub related: Vec<Loc<String>>,
}

impl Diagnostic {
    /// A finding with the severity that its code has.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            span,
            related: Vec::new(),
        }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds `help` where there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        if help.is_some() {
            self.help = help;
        }
        self
    }

    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push(Loc::new(label.into(), span));
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Findings in the making; every stage adds to one of these.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Takes back what was found after the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// Leaves out what is said of a text that has an error in it: it is not what is meant.
    #[must_use]
    pub fn without_those_about_errors(mut self, others: &Diagnostics) -> Self {
        let is_within = |inner: Span, outer: Span| {
            inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end
        };
        self.list.retain(|finding| {
            let mut places =
                std::iter::once(finding.span).chain(finding.related.iter().map(|place| place.span));
            !places.any(|place| {
                others.iter().any(|other| other.is_error() && is_within(other.span, place))
            })
        });
        self
    }

    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Ordered by file, offset and code, each once.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| {
            (a.span, a.code.slug(), &a.message).cmp(&(b.span, b.code.slug(), &b.message))
        });
        self.list.dedup();
        self.list
    }
}

/// The candidate that is most likely meant by `name`: same letters but for one or two.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    // A third of the letters may differ, and at least one.
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (candidate.to_lowercase(), candidate))
        // What is so much longer or shorter is further away: a name of a megabyte ends here.
        .filter(|(letters, _)| length.abs_diff(letters.chars().count()) <= limit)
        .map(|(letters, candidate)| (strsim::damerau_levenshtein(&lower, &letters), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" for the nearest candidate.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}
