//! The one way from files to a program: check, tests, start-up and reload all come through here.
//!
//! In: the files of a pack, a project file, parameter values, a store to check against. Out: a
//! program where there is no error, and every finding with the texts it points into.

mod causes;
mod rules;

use std::path::Path;

pub use rules::{Origin, Rules};

use crate::check::{self, StoreShape};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::pack::{self, Literal, PackFiles, ParsedPack, ProjectFile};
use crate::program::Program;
use crate::source::{Loc, MappedText, Sources, Span};
use crate::store::{self, Schema, StoreError};

/// What a program is built from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub files: &'a PackFiles,
    pub project: Option<&'a ProjectFile>,
    /// `--set name=value`, later ones first in rank.
    pub set: &'a [(String, String)],
    /// Where there is a store, what the pack names must be in it.
    pub store: Option<&'a Path>,
}

/// What came of it. `sources` are the texts that findings, and the spans in the program, point
/// into.
#[derive(Debug, Clone)]
pub struct Built {
    pub sources: Sources,
    /// Ordered by file, offset and code.
    pub findings: Vec<Diagnostic>,
    pub program: Option<Program>,
}

/// Builds a program. Errors only where the store cannot be looked at.
pub fn build(request: &Request<'_>) -> Result<Built, StoreError> {
    let draft = Draft::read(request)?;
    let (program, findings) = draft.check(&[], &draft.sources);
    Ok(Built { sources: draft.sources, findings, program })
}

/// A pack with its project and parameters, read and not checked yet: the same rules can be
/// checked with several sets of parameters.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The texts that the pack's places point into.
    pub sources: Sources,
    pub pack: ParsedPack,
    /// Parameter values of the project and of the command line, later ones first in rank.
    pub overrides: Vec<(Loc<String>, Literal)>,
    findings: Diagnostics,
    /// Whether every file could be read.
    complete: bool,
}

impl Draft {
    /// Reads a pack. Errors only where the store cannot be looked at.
    pub fn read(request: &Request<'_>) -> Result<Draft, StoreError> {
        let pack::Parsed { mut sources, mut pack, mut findings, complete } =
            pack::parse(request.files);
        let mut overrides = Vec::new();
        if let Some(file) = request.project {
            let project = file.parse(&mut sources, &mut findings);
            project.apply(&mut pack, &mut findings);
            overrides.extend(project.parameters);
        }
        overrides.extend(request.set.iter().map(|(name, value)| set(name, value, &mut sources)));
        if let Some(path) = request.store {
            let shape = look_at(path, &pack)?;
            check::check_bindings(&pack, &shape, &mut findings);
        }
        Ok(Draft { sources, pack, overrides, findings, complete })
    }

    /// Checks it with further parameter values, which rank above the others. `texts` are its own,
    /// and those that the further values stand in. Findings are ordered by file, offset and code.
    pub fn check(
        &self,
        further: &[(Loc<String>, Literal)],
        texts: &Sources,
    ) -> (Option<Program>, Vec<Diagnostic>) {
        let overrides = [self.overrides.as_slice(), further].concat();
        let (program, findings) =
            check::check(&self.pack, texts, &overrides, self.findings.clone());
        let mut findings = findings.into_sorted();
        if !self.complete {
            findings.retain(|finding| !may_come_from_unread(finding.code));
        }
        causes::keep(&mut findings, texts);
        (program, findings)
    }
}

/// Whether a finding may only mean that what it misses stands in a file that cannot be read.
fn may_come_from_unread(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownName
            | Code::UnknownFunction
            | Code::UnknownParameter
            | Code::UnusedMetric
            | Code::UnusedParameter
            | Code::UnusedFunction
    )
}

/// A parameter from the command line; findings point into what was typed.
fn set(name: &str, value: &str, sources: &mut Sources) -> (Loc<String>, Literal) {
    let text = format!("{name}={value}");
    let file = sources.add("--set", &text);
    let name = Loc::new(name.to_owned(), Span::new(file, 0, name.len()));
    let start = name.value.len() + 1;
    let inner = value.trim();
    let literal = match inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(items) => {
            let mut at = start + value.find('[').unwrap_or(0) + 1;
            let mut list = Vec::new();
            for item in items.split(',') {
                let trimmed = item.trim();
                let lead = item.len() - item.trim_start().len();
                if !trimmed.is_empty() {
                    list.push(MappedText::verbatim(trimmed, file, at + lead));
                }
                at += item.len() + 1;
            }
            Literal::List { items: list, span: Span::new(file, start, text.len()) }
        }
        None => Literal::Scalar { text: MappedText::verbatim(value, file, start), quoted: false },
    };
    (name, literal)
}

/// SQLite's reason, with a table whose name is near one that is not there.
fn with_near_table(reason: String, schema: &Schema) -> String {
    let near = reason.split_once("no such table: ").and_then(|(_, name)| {
        did_you_mean(name, schema.tables.iter().map(|table| table.name.as_str()))
    });
    match near {
        Some(near) => format!("{reason}; {near}"),
        None => reason,
    }
}

fn look_at(path: &Path, pack: &ParsedPack) -> Result<StoreShape, StoreError> {
    let schema = store::schema(path)?;
    let mut queries = Vec::new();
    for source in &pack.sources {
        let Some(query) = &source.query else { continue };
        let name = &source.name.value;
        let columns = match store::query_columns(path, &format!("source `{name}`"), &query.text) {
            Ok(columns) => Ok(columns.into_iter().map(|column| column.name).collect()),
            Err(
                error @ (StoreError::QueryNotAllowed { .. }
                | StoreError::MissingTable { .. }
                | StoreError::MissingColumn { .. }),
            ) => Err(error.to_string()),
            Err(error @ StoreError::QueryInvalid { .. }) => {
                Err(with_near_table(error.to_string(), &schema))
            }
            Err(error) => return Err(error),
        };
        queries.push((name.clone(), columns));
    }
    Ok(StoreShape { schema, queries })
}
