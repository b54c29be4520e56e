//! Rules of shops, edited in one place or several, and what is told of it.

mod complete;
mod fashion;
mod full;
mod single;

use super::changes;
use crate::build::{Origin, Rules};
use crate::demo::embedded_pack;
use crate::pack::PackFiles;

/// The files of a pack's rules, by name.
type Files = Vec<(String, String)>;

/// An edit: a text that stands once in the files, and what stands there instead.
type Edit<'a> = (&'a str, &'a str);

fn embedded(name: &str) -> Files {
    let pack = embedded_pack(name).expect("it comes with the program");
    let rules = pack.files.iter().filter(|(name, _)| !name.starts_with("tests/"));
    rules.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn built(files: &Files) -> Result<Rules, String> {
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let origin = Origin { files: PackFiles::embedded(files), project: None, set: Vec::new() };
    let built = origin.build();
    match built.program {
        Some(program) => Ok(Rules { program, texts: built.sources, origin }),
        None => Err(format!("{:#?}", built.findings)),
    }
}

#[track_caller]
fn rules(files: &Files) -> Rules {
    built(files).unwrap_or_else(|findings| panic!("{findings}"))
}

#[track_caller]
fn edited(files: &Files, edits: &[Edit<'_>]) -> Files {
    let mut files = files.clone();
    for (old, new) in edits {
        let count: usize = files.iter().map(|(_, text)| text.matches(old).count()).sum();
        assert_eq!(count, 1, "`{old}` stands once");
        for (_, text) in &mut files {
            *text = text.replace(old, new);
        }
    }
    files
}

#[track_caller]
fn told(from: &Rules, to: &Rules) -> Vec<String> {
    let lines: Vec<String> = changes(from, to).iter().map(ToString::to_string).collect();
    assert!(lines.iter().all(|line| !line.contains('\n')), "one line each: {lines:#?}");
    lines
}
