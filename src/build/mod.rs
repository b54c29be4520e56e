//! The one way from files to a program: check, tests, start-up and reload all come through here.
//!
//! In: the files of a pack, a project file, parameter values, a store to check against. Out: a
//! program where there is no error, and every finding with the texts it points into.

mod causes;
mod rules;

use std::path::Path;

pub use rules::{Origin, Rules};

use crate::check::{self, StoreShape};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
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

/// A pack as read, bound by a project file, with parameter values: what a program is checked from.
#[derive(Debug, Clone)]
pub struct Bound {
    pub parsed: pack::Parsed,
    /// Later ones first in rank.
    pub overrides: Vec<(Loc<String>, Literal)>,
}

/// Builds a program. Errors only where the store cannot be looked at.
pub fn build(request: &Request<'_>) -> Result<Built, StoreError> {
    let mut bound = Bound::read(request.files, request.project, request.set);
    if let Some(path) = request.store {
        let pack::Parsed { pack, findings, .. } = &mut bound.parsed;
        let shape = look_at(path, pack)?;
        check::check_bindings(pack, &shape, findings);
    }
    let (program, findings) = bound.check(&bound.parsed.sources);
    Ok(Built { sources: bound.parsed.sources, findings, program })
}

impl Bound {
    /// Reads the texts of a pack and binds it. `values` rank before those of the project.
    pub fn read(
        files: &PackFiles,
        project: Option<&ProjectFile>,
        values: &[(String, String)],
    ) -> Bound {
        let mut bound = Bound { parsed: pack::parse(files), overrides: Vec::new() };
        let pack::Parsed { sources, pack, findings, .. } = &mut bound.parsed;
        if let Some(file) = project {
            let project = file.parse(sources, findings);
            project.apply(pack, findings);
            bound.overrides.extend(project.parameters);
        }
        bound.overrides.extend(values.iter().map(|(name, value)| set(name, value, sources)));
        bound
    }

    /// The same with further values for parameters, which rank before those it has.
    #[must_use]
    pub fn with(&self, values: &[(Loc<String>, Literal)]) -> Bound {
        let mut bound = self.clone();
        bound.overrides.extend_from_slice(values);
        bound
    }

    /// The program where there is no error, and findings ordered by file, offset and code. `texts`
    /// are its own, and more where further values stand in others.
    pub fn check(&self, texts: &Sources) -> (Option<Program>, Vec<Diagnostic>) {
        let Bound { parsed, overrides } = self;
        let (program, findings) =
            check::check(&parsed.pack, texts, overrides, parsed.findings.clone());
        let mut findings = findings.into_sorted();
        if !parsed.complete {
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
