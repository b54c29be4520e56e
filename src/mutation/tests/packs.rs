//! The mutants of whole packs.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::pack::Literal;
use crate::source::{FileId, Loc, MappedText, Sources, Span};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let below = ["rules", "fixtures/cases"];
    let entries =
        below.iter().flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder"));
    let folders = entries.map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<_> = folders.filter(|path| path.join("pack.yaml").is_file()).collect();
    folders.sort();
    assert!(folders.len() > 15);
    folders
}

fn of_folder(folder: &Path) -> Option<Mutations> {
    Mutations::new(build::Bound::read(&PackFiles::read(folder).expect("a pack"), None, &[]))
}

#[test]
fn nearly_every_mutant_of_every_pack_is_a_program_of_its_own() {
    let (mut made, mut examined) = (0, 0);
    for folder in folders() {
        let Some(all) = of_folder(&folder) else { continue };
        let survey = all.examine(2, |mutant, program| {
            assert_ne!(program.generation(), all.original().generation());
            assert_ne!(mutant.before, mutant.after);
        });
        let found = survey.examined.len();
        assert_eq!(found + survey.not_viable.len() + survey.same.len(), all.mutants().len());
        let ids: HashSet<String> = all.mutants().iter().map(|it| it.id(all.texts())).collect();
        assert_eq!(ids.len(), all.mutants().len(), "{}", folder.display());
        let is_most = found * 10 >= all.mutants().len() * 7;
        assert!(is_most, "{}: {found} of {}", folder.display(), all.mutants().len());
        made += all.mutants().len();
        examined += found;
    }
    assert!(made > 1000, "{made}");
    assert!(examined * 100 >= made * 95, "{examined} of {made}");
}

/// What is shown as before is what stands in the file.
#[test]
fn what_is_shown_stands_where_it_is_said_to() {
    for folder in folders() {
        let Some(all) = of_folder(&folder) else { continue };
        for mutant in all.mutants().iter().filter(|it| it.operator == Operator::Comparison) {
            let written = one_line(all.texts(), mutant);
            assert_eq!(mutant.before.trim_end_matches('…'), written, "{}", folder.display());
        }
    }
}

fn one_line(texts: &Sources, mutant: &Mutant) -> String {
    let words = texts.text(mutant.span).split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(100).collect()
}

#[test]
fn an_error_of_the_pack_is_not_viable() {
    let text = "segments:\n  some: { when: spend >= 1000 && spend <= 1000 }\n";
    let all = mutations(text);
    let survey = all.examine(2, |mutant, _| mutant.after.clone());
    let errors: Vec<&str> =
        survey.not_viable.iter().map(|index| all.mutants()[*index].after.as_str()).collect();
    // Nobody spends 1000.01 at least and 1000 at most.
    assert_eq!(
        errors,
        [
            "spend >= 1000.01",
            "spend >= 1100",
            "spend > 1000",
            "spend <= 999.99",
            "spend <= 900",
            "spend < 1000",
        ]
    );
    assert!(survey.examined.iter().any(|it| it.found == "spend >= 999.99"));
    assert!(Mutations::new(bound("segments: { some: { when: spent > 1 } }")).is_none());
}

#[test]
fn what_means_the_same_is_examined_once() {
    // Dropping either of two equal conditions leaves the other one.
    let all = mutations("segments:\n  some: { when: 'consent && consent' }\n");
    let survey = all.examine(3, |mutant, _| mutant.after.clone());
    let found: Vec<&str> = survey.examined.iter().map(|it| it.found.as_str()).collect();
    let of_segment = |after: &&str| after.contains("consent");
    assert_eq!(
        found.into_iter().filter(of_segment).collect::<Vec<_>>(),
        ["consent", "consent || consent"]
    );
    assert_eq!(survey.same.len(), 1);
}

#[test]
fn a_mutant_is_the_same_step_under_other_values() {
    let text = "
ladders:
  club:
    tiers: { vip: { enter: spend >= vip_spend, grace: patience }, member: { enter: always } }
";
    let all = mutations(text);
    let value = |name: &str, value: &str| {
        let place = FileId::default();
        let text = MappedText::verbatim(value, place, 0);
        let name = Loc::new(name.to_owned(), Span::new(place, 0, 0));
        vec![(name, Literal::Scalar { text, quoted: false })]
    };
    let other = all.under(&value("patience", "3 days")).expect("a program");
    let find = |after: &str| all.mutants().iter().find(|it| it.after == after).expect("a mutant");
    let grace = |all: &Mutations| {
        let program = all.program(find("grace: 15 days")).expect("a program");
        program.ladders[0].tiers[0].grace.expect("a grace").to_string()
    };
    assert_eq!((grace(&all), grace(&other)), ("15 days".to_owned(), "4 days".to_owned()));
    // A tenth of 5 cents is less than the smallest step: there is no such mutant.
    let other = all.under(&value("vip_spend", "0.05")).expect("a program");
    assert!(other.program(find("spend >= vip_spend * 1.1")).is_none());
    assert!(other.program(find("spend >= vip_spend + 0.01")).is_some());
    assert!(all.under(&value("vip_spend", "much")).is_none());
}
