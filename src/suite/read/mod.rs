//! From the text of test files to cases, resolved against a program.

mod alone;
mod case;
mod each;
mod expect;
mod people;
mod snapshots;
mod standings;
mod timeline;
mod values;

use std::path::PathBuf;

use super::case::{Case, Parameters};
use super::files::TestFiles;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::pack::lower::Lower;
use crate::pack::{Literal, decode, yaml};
use crate::program::Program;
use crate::source::{Sources, Span};

pub use alone::{Alone, read_alone};
pub(super) use case::same_text;
pub use snapshots::{Population, SnapshotCase};

/// The tests of a pack.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// In the order of files and lines.
    pub cases: Vec<Case>,
    pub snapshots: Vec<SnapshotCase>,
    /// What cases set of the pack's parameters, each set once; the first sets nothing.
    pub parameters: Vec<Parameters>,
    /// The directory of the tests, from which paths count.
    pub dir: PathBuf,
}

/// Reads test files against a program. The texts of the files are added to `texts`, which are
/// those of the program. Whatever is wrong is a finding; a case with findings is left out.
pub fn read(files: &TestFiles, program: &Program, texts: &mut Sources) -> (Suite, Vec<Diagnostic>) {
    let mut suite =
        Suite { parameters: vec![Vec::new()], dir: files.dir.clone(), ..Suite::default() };
    let mut findings = Diagnostics::default();
    for file in &files.files {
        let Some(text) = decode::text(file, texts, &mut findings) else { continue };
        let id = texts.add(&file.name, text);
        let root = yaml::parse(&texts.file(id).text, id, &mut findings);
        let Ok(root) = root else { continue };
        let Some(root) = root else {
            let message = format!("`{}` has nothing in it", file.name);
            let help = "write `cases:` with at least one case";
            findings
                .push(Diagnostic::new(Code::WrongShape, Span::new(id, 0, 0), message).help(help));
            continue;
        };
        let mut lower = Lower { findings: &mut findings, lost_names: false };
        let mut reader = Reader { program, texts, lower: &mut lower, most: MOST_OF_A_CASE };
        let Some(fields) = reader.lower.fields(&root, "a test file", &["cases", "snapshots"])
        else {
            continue;
        };
        if fields.get("cases").is_none()
            && fields.get("snapshots").is_none()
            && !fields.may_hold(&["cases", "snapshots"])
        {
            reader.lower.missing(root.span, "the file", "`cases`", "write `cases:` with a list");
        }
        if let Some(node) = fields.get("cases") {
            for (case, parameters) in reader.cases(node) {
                let parameters = set(&mut suite.parameters, parameters);
                suite.cases.push(Case { parameters, ..case });
            }
        }
        let mut lower = Lower { findings: &mut findings, lost_names: false };
        let mut reader = Reader { program, texts, lower: &mut lower, most: MOST_OF_A_CASE };
        if let Some(node) = fields.get("snapshots") {
            let name = file.name.clone();
            for (snapshot, parameters) in reader.snapshots(node, &name) {
                let parameters = set(&mut suite.parameters, parameters);
                suite.snapshots.push(SnapshotCase { parameters, ..snapshot });
            }
        }
    }
    (suite, findings.into_sorted())
}

/// The index of a set of parameters; the same values are the same set.
fn set(sets: &mut Vec<Parameters>, parameters: Parameters) -> usize {
    let same = |set: &Parameters| {
        let pairs = set.iter().zip(&parameters);
        set.len() == parameters.len()
            && pairs.into_iter().all(|((a, x), (b, y))| a.value == b.value && same_value(x, y))
    };
    match sets.iter().position(same) {
        Some(found) => found,
        None => {
            sets.push(parameters);
            sets.len() - 1
        }
    }
}

/// Whether two values say the same. Their places do not tell: rows of `each` share them.
fn same_value(a: &Literal, b: &Literal) -> bool {
    match (a, b) {
        (Literal::Scalar { text: a, quoted: x }, Literal::Scalar { text: b, quoted: y }) => {
            a.text == b.text && x == y
        }
        (Literal::List { items: a, .. }, Literal::List { items: b, .. }) => {
            a.iter().map(|item| &item.text).eq(b.iter().map(|item| &item.text))
        }
        (Literal::Expr { text: a, .. }, Literal::Expr { text: b, .. }) => a.text == b.text,
        _ => false,
    }
}

/// How many names a finding tells at most.
const MOST_NAMES: usize = 12;

/// Resolves the parts of test files, and gathers what is wrong with them.
struct Reader<'a, 'f> {
    program: &'a Program,
    texts: &'a Sources,
    lower: &'a mut Lower<'f>,
    most: Most,
}

/// How many facts there can be, and in what.
#[derive(Debug, Clone, Copy)]
struct Most {
    facts: usize,
    of: &'static str,
}

/// A test that needs more is about speed.
const MOST_OF_A_CASE: Most = Most { facts: 100_000, of: "a case" };

impl Most {
    fn words(self) -> String {
        format!("{} has at most {} facts", self.of, self.facts)
    }
}

impl Reader<'_, '_> {
    /// Reports that there is nothing of a kind, like `tier in club`, with this name.
    fn unknown<'n>(
        &mut self,
        kind: &str,
        name: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let help = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| {
            let shown = &known[..known.len().min(MOST_NAMES)];
            let names = crate::pack::lower::in_backticks(shown.iter().copied());
            match known.len() - shown.len() {
                _ if known.is_empty() => "the pack has none: leave it out".to_owned(),
                0 => format!("there is {names}"),
                more => format!("there is {names} and {more} more"),
            }
        });
        let (kind, place) = kind.split_once(" in ").unwrap_or((kind, ""));
        let place = if place.is_empty() { String::new() } else { format!(" in `{place}`") };
        let message = format!("there is no {kind} `{name}`{place}");
        self.lower.findings.push(Diagnostic::new(Code::UnknownName, span, message).help(help));
    }

    /// Reports a value that cannot be used.
    fn invalid(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.lower.invalid_value(span, message, Some(help.into()));
    }
}
