//! What is shown of a mutant is what it is: written into the pack's files, it gives the same program.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::source::{Sources, Span};

/// The operators whose steps are written in one place, in the words that are shown; of the others
/// the steps that are so are tried all the same.
const WRITTEN: [Operator; 5] = [
    Operator::Threshold,
    Operator::Comparison,
    Operator::Formula,
    Operator::Landing,
    Operator::Grace,
];

/// What is written in place of a mutant's span; `None` where that is not what is shown: something
/// is gone with its key, a list is shown on one line, the key changes too, a text in one of its
/// languages.
fn replacement(texts: &Sources, mutant: &Mutant) -> Option<String> {
    let Mutant { before, after, .. } = mutant;
    let stands = texts.text(mutant.span).split_whitespace().collect::<Vec<_>>().join(" ");
    let is_cut = |text: &str| text.ends_with('…') || text == "(dropped)";
    if stands.is_empty() || is_cut(before) || is_cut(after) {
        return None;
    }
    let at = before.rfind(&stands)?;
    let (first, last) = (&before[..at], &before[at + stands.len()..]);
    Some(after.strip_prefix(first)?.strip_suffix(last)?.to_owned())
}

/// The pack's files with another text at a place.
fn with(files: &PackFiles, texts: &Sources, span: Span, new: &str) -> PackFiles {
    let mut files = files.clone();
    let name = &texts.file(span.file).name;
    let file = files.files.iter_mut().find(|file| file.name == *name).expect("a file of the pack");
    let place = span.start as usize..span.end as usize;
    file.bytes.splice(place, new.bytes());
    files
}

#[test]
fn written_into_the_pack_a_mutant_is_the_same_program() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for pack in ["corner-shop", "fashion-retail"] {
        let files = PackFiles::read(&rules.join(pack)).expect("a pack");
        let all = Mutations::new(Bound::read(&files, None, &[])).expect("a program");
        let survey = all.examine(2, |mutant, program| {
            let new = replacement(all.texts(), mutant)?;
            let written = with(&files, all.texts(), mutant.span, &new);
            let written = Mutations::new(Bound::read(&written, None, &[]));
            let generation = written.map(|written| written.original().generation());
            Some(generation.as_ref() == Some(&program.generation()))
        });
        let mut tried: BTreeMap<Operator, (usize, usize)> = BTreeMap::new();
        for examined in &survey.examined {
            let mutant = &all.mutants()[examined.mutant];
            let (written, made) = tried.entry(mutant.operator).or_default();
            *made += 1;
            *written += usize::from(examined.found.is_some());
            assert_ne!(examined.found, Some(false), "{pack}: {}", mutant.description());
        }
        for operator in WRITTEN {
            let (written, made) = tried.get(&operator).copied().unwrap_or_default();
            assert_eq!(written, made, "{pack}: {}", operator.name());
        }
        let written: usize = tried.values().map(|(written, _)| written).sum();
        assert!(written * 10 >= survey.examined.len() * 6, "{pack}: {tried:?}");
    }
}

/// In every way in which YAML writes a value.
#[test]
fn places_are_right_in_every_style_of_yaml() {
    let rules = "\
segments:
  plain: { when: spend >= 1000 }
  single: { when: 'channel != \"é\" && spend >= 1001' }
  double: { when: \"channel != \\\"\\u00e9\\\" && spend >= 1002\" }
  folded:
    when: >-
      consent &&
      spend >= 1003
  block:
    when: |
      consent &&
      spend >= 1004
  anchored: { when: &big spend >= 1005 }
  again: { when: *big }
";
    let files = PackFiles::embedded([("pack.yaml", BASE), ("rules.yaml", rules)]);
    let all = Mutations::new(Bound::read(&files, None, &[])).expect("a program");
    let mut anchored = 0;
    for mutant in all.mutants().iter().filter(|it| it.operator == Operator::Comparison) {
        if all.texts().file(mutant.span.file).name != "rules.yaml" || mutant.before.contains('"') {
            continue;
        }
        assert_eq!(replacement(all.texts(), mutant), Some(mutant.after.clone()));
        let written = with(&files, all.texts(), mutant.span, &mutant.after);
        let written = Mutations::new(Bound::read(&written, None, &[]));
        let written = written.unwrap_or_else(|| panic!("{}", mutant.description()));
        let program = all.program(mutant).expect("a program");
        // What an anchor names is changed in one place of those that say it.
        let is_anchored = mutant.before.contains("1005");
        anchored += usize::from(is_anchored);
        let is_same = written.original().generation() == program.generation();
        assert_eq!(is_same, !is_anchored, "{}", mutant.description());
    }
    assert_eq!(anchored, 2);
}
