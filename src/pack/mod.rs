//! Packs as people write them: a directory of YAML and scripts, read once.
//!
//! In: a directory (or embedded files). Out: the texts, a [`ParsedPack`] with a place for every
//! part, and findings. Never: resolving names, or stopping at the first fault.
//!
//! 1. [`PackFiles`] takes the bytes from the directory, or from a revision of it in git; it is the
//!    only reader of packs.
//! 2. `decode` turns bytes into texts, `yaml` texts into trees with a place for every node.
//! 3. `lower` merges the trees section by section and lowers them to shapes.
//!
//! [`Project`] is the same for a client's `tierkeeper.yaml`.

pub(crate) mod decode;
mod files;
pub(crate) mod json;
pub(crate) mod lower;
mod names;
mod project;
mod revision;
mod shapes;
pub(crate) mod yaml;

pub use files::{PackFile, PackFiles, PackReadError, Refusal};
pub(crate) use lower::day_help;
pub use names::{is_name, valid_form};
pub use project::{
    ColumnOverride, CustomersOverride, Guard, HostSettings, Project, ProjectFile, Schedule,
    ScheduleError, SourceOverride,
};
pub use revision::RevisionError;
pub use shapes::*;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};

/// What the files of a pack say, and everything that is wrong with how they say it.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The texts; names relative to the pack's root.
    pub sources: Sources,
    pub pack: ParsedPack,
    pub findings: Diagnostics,
    /// Whether every file could be read. Where not, a name that nothing has may be in a file
    /// that has a finding already.
    pub complete: bool,
}

/// Reads the texts of a pack into its shapes. Everything wrong is a finding; the parts that
/// could be read are there all the same.
pub fn parse(files: &PackFiles) -> Parsed {
    let mut parsed = Parsed { complete: files.refused.is_empty(), ..Parsed::default() };
    let mut documents = Vec::new();
    for file in &files.files {
        let Some(text) = decode::text(file, &mut parsed.sources, &mut parsed.findings) else {
            parsed.complete = false;
            continue;
        };
        let id = parsed.sources.add(&file.name, text);
        match file.module_name() {
            Some(module) => parsed.pack.scripts.push((module.to_owned(), id)),
            None => {
                let text = &parsed.sources.file(id).text;
                match yaml::parse(text, id, &mut parsed.findings) {
                    Ok(document) => documents.extend(document),
                    Err(yaml::Unreadable) => parsed.complete = false,
                }
            }
        }
    }
    for (name, refusal) in &files.refused {
        let id = parsed.sources.add(name, "");
        parsed.findings.push(refused(name, refusal, Span::new(id, 0, 0)));
    }
    let manifest = manifest(&mut parsed.sources);
    if !files.has_manifest() {
        parsed.findings.push(
            Diagnostic::new(
                Code::MissingManifest,
                Span::new(manifest, 0, 0),
                "the pack has no `pack.yaml`",
            )
            .help("add a `pack.yaml` with `pack: <name>` and `version: 1.0.0`"),
        );
    }
    // What is wrong with the manifest is told; its name is not missing on top of that.
    let told = parsed.findings.iter().any(|finding| finding.span.file == manifest);
    lower::lower(&documents, (!told).then_some(manifest), &mut parsed);
    parsed
}

fn refused(name: &str, refusal: &Refusal, span: Span) -> Diagnostic {
    match refusal {
        Refusal::OutsideRoot => Diagnostic::new(
            Code::OutsideRoot,
            span,
            format!("`{name}` is a link that leads out of the pack"),
        )
        .help("copy the file into the pack"),
        Refusal::Unreadable(reason) => {
            Diagnostic::new(Code::UnreadableFile, span, format!("cannot read `{name}`: {reason}"))
        }
    }
}

/// The id of `pack.yaml`; an empty text of that name stands in for it where it is missing.
fn manifest(sources: &mut Sources) -> FileId {
    let found = sources.iter().find(|(_, file)| file.name == "pack.yaml").map(|(id, _)| id);
    found.unwrap_or_else(|| sources.add("pack.yaml", ""))
}
