//! Test files with a part exchanged or cut off: findings with places that exist, or cases that can
//! be played, and never a panic.

use std::collections::BTreeSet;

use super::cases::{LIFE, PACK};
use super::shop;
use crate::build::{Request, build};
use crate::diagnostic::Code;
use crate::pack::PackFiles;
use crate::program::Program;
use crate::source::Sources;
use crate::suite::{TestFiles, read};

const REST: &str = r#"
cases:
  - name: "rows {spend}"
    skip: later
    parameters: { vip_spend: "1{hundreds}00" }
    metrics: { spend: "{spend}", order_count: 6 }
    cutoffs: { "top_percent(25,spend)": 5000 }
    others:
      - { times: 2, customer: { joined: 2024-02-29 }, metrics: { spend: 50 } }
    each:
      - { spend: 399.99, hundreds: 2, expect: { club: member, top: none } }
  - name: by hand
    standing: { club: { tier: vip, since: 2025-01-01, review_on: 2025-11-01, grace_until: 2026-02-01 } }
    timeline:
      - { on: 2026-01-31, hold: { tier: club.patron, until: 2026-06-01, floor: true }, expect: { club: { hold: true } } }
      - { on: 2026-03-01, release: club, expect: { ladders: { club: none }, events: none } }
snapshots:
  - name: people
    population: { customers: 5, seed: 7 }
    as_of: 2026-11-22
    sample: 2
"#;

const PARTS: [&str; 8] = ["", "~", "[]", "{ a: 1 }", "-1", "\"{spend}\"", "9999-12-31", "- سلام"];

#[test]
fn whatever_the_text() {
    let files = PackFiles::embedded([("pack.yaml", PACK)]);
    let request = Request { files: &files, project: None, set: &[], store: None };
    let built = build(&request).expect("no store");
    let (program, texts) = (built.program.expect("a program"), built.sources);
    let (mut read_files, mut played, mut helpless) = (0, 0, BTreeSet::new());
    for text in [LIFE, REST] {
        for (start, end) in words(text) {
            for part in PARTS {
                let exchanged = format!("{}{part}{}", &text[..start], &text[end..]);
                played += look(&exchanged, &program, &texts, &mut helpless);
                read_files += 1;
            }
            look(&text[..end], &program, &texts, &mut helpless);
        }
    }
    assert!(helpless.is_empty(), "no help: {helpless:#?}");
    assert!(read_files > 1500 && played > 300, "{read_files} files, {played} cases played");
}

/// The places of words: runs of what is neither blank nor punctuation.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let is_word = !c.is_whitespace() && !"{}[]:,\"".contains(c);
        match (is_word, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// How many cases could be played.
fn look(text: &str, program: &Program, texts: &Sources, helpless: &mut BTreeSet<String>) -> usize {
    let mut texts = texts.clone();
    let files = TestFiles::embedded(&[("tests/a.yaml", text)]);
    let (suite, findings) = read(&files, program, &mut texts);
    for finding in &findings {
        // A place that is none would panic.
        let _ = texts.position(finding.span);
        assert!(!finding.message.is_empty());
        // What a YAML parser says is its own.
        let is_helped = finding.help.is_some() || finding.code == Code::YamlSyntax;
        if !is_helped {
            helpless.insert(finding.message.clone());
        }
    }
    let nothing = suite.cases.is_empty() && suite.snapshots.is_empty();
    assert!(
        !nothing || !findings.is_empty() || text.trim().is_empty() || is_empty_list(text),
        "{text}"
    );
    shop::play(&suite, program.clone(), &texts, 1, false).len()
}

fn is_empty_list(text: &str) -> bool {
    text.contains("cases: []") || text.contains("snapshots: []")
}
