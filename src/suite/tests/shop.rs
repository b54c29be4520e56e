//! A pack and a test file, read and played.

use std::time::Duration;

use crate::build::{Request, build};
use crate::diagnostic::Diagnostic;
use crate::pack::PackFiles;
use crate::program::Program;
use crate::source::Sources;
use crate::suite::{Mismatch, PlayOptions, Played, Suite, TestFiles, read};

pub fn suite(pack: &str, tests: &str) -> (Suite, Vec<Diagnostic>, Program, Sources) {
    let files = PackFiles::embedded([("pack.yaml", pack)]);
    let request = Request { files: &files, project: None, set: &[], store: None };
    let built = build(&request).expect("no store");
    let findings: Vec<&str> = built.findings.iter().map(|it| it.message.as_str()).collect();
    let program = built.program.unwrap_or_else(|| panic!("{findings:?}"));
    let mut texts = built.sources;
    let files = TestFiles::embedded(&[("tests/a.yaml", tests)]);
    let (suite, findings) = read(&files, &program, &mut texts);
    (suite, findings, program, texts)
}

/// Every case, on so many threads.
pub fn play(
    suite: &Suite,
    program: Program,
    texts: &Sources,
    threads: usize,
    fail_fast: bool,
) -> Vec<Played> {
    let asked = vec![true; suite.cases.len()];
    let clock = || Duration::ZERO;
    let limit = Duration::from_secs(1);
    let options = PlayOptions { asked: &asked, clock: &clock, limit, fail_fast, threads };
    suite.play(&vec![program; suite.parameters.len()], texts, &options, None)
}

/// What differs: the case with the date, and `club.tier: vip, not gold`.
pub fn played(pack: &str, tests: &str) -> Vec<(String, String)> {
    let (suite, findings, program, texts) = suite(pack, tests);
    let words: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(findings.is_empty(), "{words:?}");
    let played = play(&suite, program, &texts, 2, false);
    assert_eq!(played.len(), suite.cases.len());
    let words = played.iter().flat_map(|played| {
        let name = &suite.cases[played.case].name;
        let mismatches = played.result.mismatches.iter().map(move |it| {
            let Mismatch { on, what, expected, found, .. } = it;
            (format!("{name}, {on}"), format!("{what}: {expected}, not {found}"))
        });
        let stopped = played.result.stopped.as_ref();
        mismatches.chain(stopped.map(move |why| (name.clone(), why.to_string())))
    });
    words.collect()
}

#[track_caller]
pub fn passes(pack: &str, tests: &str) {
    assert_eq!(played(pack, tests), []);
}
