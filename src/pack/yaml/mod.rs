//! YAML as a tree in which every node knows its place.
//!
//! In: one text. Out: a [`Node`], with findings for what YAML itself forbids, for tags, for
//! keys that stand twice and for flow items that a comma cut apart.
//! Never: knowing what a key means.

mod build;
mod faults;
mod flow;
mod lines;
mod open;
mod raw;
mod scalar;
mod tag;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Loc, MappedText, Span};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub kind: Kind,
    /// From the first to the last character; of nothing, the key or dash before it.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// No value, `~` or `null`.
    Null,
    Scalar(Scalar),
    Seq(Vec<Node>),
    Map(Vec<Entry>),
    /// Something whose finding is already made.
    Broken,
}

#[derive(Debug, Clone)]
pub(crate) struct Scalar {
    pub text: MappedText,
    /// In quotes or a block: text for sure.
    pub quoted: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub key: Loc<String>,
    pub value: Node,
}

/// The text is no YAML; the finding is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Reads one document; `None`: it is empty.
pub(crate) fn parse(
    text: &str,
    file: FileId,
    findings: &mut Diagnostics,
) -> Result<Option<Node>, Unreadable> {
    match raw::read(text) {
        Ok(root) => Ok(build::Builder::new(text, file, findings).document(&root)),
        Err(error) => {
            findings.push(faults::translate(&error, text, file));
            Err(Unreadable)
        }
    }
}

#[cfg(test)]
mod tests;
