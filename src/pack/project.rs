mod host;
mod schedule;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::lower::{Fields, Lower};
use super::yaml::{Entry, Kind, Node};
use super::{Literal, PackFile, PackReadError, ParsedColumn, ParsedPack, decode, yaml};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::source::{Loc, MappedText, Sources, Span};
pub use host::{Guard, HostSettings};
pub use schedule::{Schedule, ScheduleError};

/// The name of a project file.
const FILE_NAME: &str = "tierkeeper.yaml";

const KEYS: &[&str] = &[
    "store",
    "state",
    "pack",
    "parameters",
    "sources",
    "customers",
    "guard",
    "schedule",
    "listen",
];

/// A project file as it was at one moment. It is parsed into the sources of the pack that it
/// names, so that findings can point at both.
#[derive(Debug, Clone)]
pub struct ProjectFile {
    pub path: PathBuf,
    bytes: Vec<u8>,
}

/// What binds a pack to one client.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// The project file; the paths below are already relative to its directory.
    pub file: PathBuf,
    pub store: Option<PathBuf>,
    pub state: Option<PathBuf>,
    pub pack: Option<PathBuf>,
    pub parameters: Vec<(Loc<String>, Literal)>,
    pub sources: Vec<SourceOverride>,
    pub customers: Option<CustomersOverride>,
    pub host: HostSettings,
}

/// Where this client's table differs from what the pack says.
#[derive(Debug, Clone)]
pub struct SourceOverride {
    pub name: Loc<String>,
    pub table: Option<Loc<String>>,
    pub query: Option<MappedText>,
    pub customer: Option<Loc<String>>,
    pub at: Option<Loc<String>>,
    pub at_milliseconds: Option<bool>,
    pub columns: Vec<ColumnOverride>,
}

#[derive(Debug, Clone, Default)]
pub struct CustomersOverride {
    pub span: Span,
    pub table: Option<Loc<String>>,
    pub id: Option<Loc<String>>,
    pub columns: Vec<ColumnOverride>,
}

/// Another name or unit of a column; its type stays the pack's.
#[derive(Debug, Clone)]
pub struct ColumnOverride {
    pub name: Loc<String>,
    pub column: Option<Loc<String>>,
    pub minor: Option<bool>,
}

impl ProjectFile {
    /// Reads a project file. Errors where it is missing or unreadable.
    pub fn read(path: &Path) -> Result<ProjectFile, PackReadError> {
        let bytes = fs::read(path)
            .map_err(|source| PackReadError::Unreadable { path: path.to_owned(), source })?;
        Ok(ProjectFile { path: path.to_owned(), bytes })
    }

    /// A project file as it was kept elsewhere.
    pub fn kept(name: &str, bytes: Vec<u8>) -> ProjectFile {
        ProjectFile { path: name.into(), bytes }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Looks for `tierkeeper.yaml` in a directory and those above it.
    pub fn find_upwards(dir: &Path) -> Result<Option<ProjectFile>, PackReadError> {
        for dir in dir.ancestors() {
            match Self::read(&dir.join(FILE_NAME)) {
                Ok(file) => return Ok(Some(file)),
                Err(PackReadError::Unreadable { source, .. })
                    if source.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Reads the text into a project; its text is added to `sources`.
    pub fn parse(&self, sources: &mut Sources, findings: &mut Diagnostics) -> Project {
        let name = self.path.file_name().map_or(FILE_NAME.into(), |name| name.to_string_lossy());
        let mut project = Project { file: self.path.clone(), ..Project::default() };
        let file = PackFile { name: name.into_owned(), bytes: self.bytes.clone() };
        let Some(text) = decode::text(&file, sources, findings) else { return project };
        let id = sources.add(file.name, text);
        let root = yaml::parse(&sources.file(id).text, id, findings);
        let Ok(Some(root)) = root else { return project };
        project.fill(&root, &mut Lower { findings, lost_names: false });
        project
    }
}

impl Project {
    fn fill(&mut self, root: &Node, lower: &mut Lower<'_>) {
        let Some(fields) = lower.fields(root, "a project", KEYS) else { return };
        let dir = self.file.parent().unwrap_or(Path::new("")).to_owned();
        let mut path = |key: &str| {
            let word = fields.get(key).and_then(|node| lower.word(node, &format!("`{key}`")));
            word.map(|word| dir.join(word.value))
        };
        (self.store, self.state, self.pack) = (path("store"), path("state"), path("pack"));
        self.host = host::settings(&fields, lower);
        for entry in entries(fields.get("parameters"), "`parameters`", lower) {
            let value = lower.literal(&entry.value, "the value of a parameter");
            self.parameters.extend(value.map(|value| (entry.key.clone(), value)));
        }
        for entry in entries(fields.get("sources"), "`sources`", lower) {
            self.sources.extend(source(entry, lower));
        }
        self.customers = fields.get("customers").and_then(|node| customers(node, lower));
    }

    /// Puts what differs for this client into the pack. A source or column that the pack does
    /// not have is a finding.
    pub fn apply(&self, pack: &mut ParsedPack, findings: &mut Diagnostics) {
        for own in &self.sources {
            let found = pack.sources.iter().position(|source| source.name.value == own.name.value);
            let Some(index) = found else {
                let names = pack.sources.iter().map(|source| source.name.value.as_str());
                findings.push(unknown("source", &own.name, names));
                continue;
            };
            let source = &mut pack.sources[index];
            if own.table.is_some() || own.query.is_some() {
                (source.table, source.query) = (own.table.clone(), own.query.clone());
            }
            replace(&mut source.customer, &own.customer);
            replace(&mut source.at, &own.at);
            source.at_milliseconds = own.at_milliseconds.unwrap_or(source.at_milliseconds);
            apply_columns(&own.columns, &mut source.columns, findings);
        }
        let Some(own) = &self.customers else { return };
        let Some(customers) = &mut pack.customers else {
            findings.push(Diagnostic::new(
                Code::UnknownName,
                own.span,
                "the pack has no `customers` that could differ",
            ));
            return;
        };
        customers.table = own.table.clone().unwrap_or_else(|| customers.table.clone());
        customers.id = own.id.clone().unwrap_or_else(|| customers.id.clone());
        apply_columns(&own.columns, &mut customers.columns, findings);
    }
}

fn replace<T: Clone>(value: &mut Option<T>, own: &Option<T>) {
    if own.is_some() {
        value.clone_from(own);
    }
}

fn apply_columns(own: &[ColumnOverride], columns: &mut [ParsedColumn], findings: &mut Diagnostics) {
    for own in own {
        match columns.iter_mut().find(|column| column.name.value == own.name.value) {
            Some(column) => {
                replace(&mut column.column, &own.column);
                column.minor = own.minor.unwrap_or(column.minor);
            }
            None => {
                let names = columns.iter().map(|column| column.name.value.as_str());
                findings.push(unknown("column", &own.name, names));
            }
        }
    }
}

fn unknown<'a>(
    what: &str,
    name: &Loc<String>,
    names: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("the pack has no {what} `{}`", name.value);
    Diagnostic::new(Code::UnknownName, name.span, message)
        .maybe_help(did_you_mean(&name.value, names))
}

fn entries<'n>(node: Option<&'n Node>, what: &str, lower: &mut Lower<'_>) -> Vec<&'n Entry> {
    let fields = match node {
        // `parameters:` with everything commented out says nothing wrong.
        None | Some(Node { kind: Kind::Null, .. }) => None,
        Some(node) => lower.map(node, what),
    };
    fields.map_or_else(Vec::new, |fields| fields.entries().collect())
}

fn source(entry: &Entry, lower: &mut Lower<'_>) -> Option<SourceOverride> {
    let known = ["table", "query", "customer", "at", "at_unit", "columns"];
    let fields = lower.fields(&entry.value, "a source", &known)?;
    Some(SourceOverride {
        name: entry.key.clone(),
        table: word(&fields, "table", lower),
        customer: word(&fields, "customer", lower),
        at: word(&fields, "at", lower),
        query: fields.get("query").and_then(|node| lower.text(node, "`query`")),
        at_milliseconds: fields.get("at_unit").map(|node| lower.is_milliseconds(node)),
        columns: columns(&fields, lower),
    })
}

fn customers(node: &Node, lower: &mut Lower<'_>) -> Option<CustomersOverride> {
    let fields = lower.fields(node, "`customers`", &["table", "id", "columns"])?;
    Some(CustomersOverride {
        span: fields.span,
        table: word(&fields, "table", lower),
        id: word(&fields, "id", lower),
        columns: columns(&fields, lower),
    })
}

fn word(fields: &Fields<'_>, key: &str, lower: &mut Lower<'_>) -> Option<Loc<String>> {
    fields.get(key).and_then(|node| lower.word(node, &format!("`{key}`")))
}

/// `name: its name here`, or `name: { column, unit }`.
fn columns(fields: &Fields<'_>, lower: &mut Lower<'_>) -> Vec<ColumnOverride> {
    let mut columns = Vec::new();
    for entry in entries(fields.get("columns"), "`columns`", lower) {
        let name = entry.key.clone();
        if matches!(entry.value.kind, Kind::Scalar(_)) {
            let column = lower.word(&entry.value, "a column");
            columns.push(ColumnOverride { name, column, minor: None });
        } else if let Some(fields) = lower.fields(&entry.value, "a column", &["column", "unit"]) {
            columns.push(ColumnOverride {
                name,
                column: word(&fields, "column", lower),
                minor: fields.get("unit").map(|node| lower.is_minor(node)),
            });
        }
    }
    columns
}

#[cfg(test)]
mod tests;
