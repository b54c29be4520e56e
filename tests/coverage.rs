//! The points of coverage in every pack of this repository: each has a place and words, and what
//! lcov gets of them adds up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tierkeeper::build::Origin;
use tierkeeper::coverage::{Coverage, points};
use tierkeeper::pack::PackFiles;
use tierkeeper::program::Program;
use tierkeeper::script::ScriptLine;
use tierkeeper::source::Sources;

/// The folders of sound packs, by name.
fn packs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<PathBuf> = ["rules", "fixtures"].map(|name| root.join(name)).to_vec();
    let mut packs = Vec::new();
    while let Some(folder) = open.pop() {
        if folder.join("pack.yaml").exists() {
            packs.push(folder.clone());
        }
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            // What is wrong with those is what they are for.
            if path.is_dir() && !path.ends_with("fixtures/findings") {
                open.push(path);
            }
        }
    }
    packs.sort();
    packs
}

fn program(folder: &Path) -> Option<(Program, Sources)> {
    let files = PackFiles::read(folder).expect("the pack's files");
    let built = Origin { files, project: None, set: Vec::new() }.build();
    Some((built.program?, built.sources))
}

#[test]
fn every_point_of_every_pack_has_a_place() {
    let packs = packs();
    let mut built = 0;
    for folder in &packs {
        let name = folder.display();
        let Some((program, texts)) = program(folder) else { continue };
        built += 1;
        let all = points(&program, &texts);
        let mut seen = BTreeSet::new();
        for (point, span) in &all {
            assert!(seen.insert(*point), "{name}: {point:?} twice");
            let text = texts.text(*span);
            assert!(!text.trim().is_empty(), "{name}: {point:?} stands nowhere");
            assert_eq!(text, text.trim(), "{name}: {point:?}");
        }
        let report = Coverage::default().report(&program, &texts);
        assert_eq!(report.uncovered.len(), all.len());
        assert_eq!((report.total.covered, report.total.points), (0, all.len() as u64));
        let mut last = None;
        for it in &report.uncovered {
            assert!(!it.message.is_empty() && !it.help.is_empty(), "{name}: {it:?}");
            assert!(!it.message.contains("``") && !it.message.contains('\n'), "{name}: {it:?}");
            let place = (it.file.clone(), it.place.line, it.place.column);
            assert!(last.as_ref().is_none_or(|last| *last <= place), "{name}: {it:?}");
            last = Some(place);
        }
        adds_up(&report.lcov("packs/"), &texts);
        for function in &program.scripts.functions {
            let module = program.scripts.modules.iter().position(|it| it.name == function.module);
            let counted = |line: &ScriptLine| Some(line.module) == module;
            assert!(program.scripts.lines().iter().any(counted), "{name}: {function:?}");
        }
    }
    // A few are broken on purpose, or need a project.
    assert!(built * 10 > packs.len() * 9, "{built} of {}", packs.len());
}

/// The summaries of a file are what its lines and branches come to, and lines are lines of it.
fn adds_up(lcov: &str, texts: &Sources) {
    let mut lines: BTreeMap<usize, u64> = BTreeMap::new();
    let (mut file, mut branches) = (String::new(), 0);
    for line in lcov.lines() {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        match key {
            "SF" => {
                file = value.strip_prefix("packs/").expect("the prefix").to_owned();
                (lines, branches) = (BTreeMap::new(), 0);
            }
            "DA" => {
                let (line, count) = value.split_once(',').expect("a line and a count");
                let number = line.parse().expect("a line");
                assert!(lines.insert(number, count.parse().expect("a count")).is_none());
                let text = texts.iter().find(|(_, it)| it.name == file).expect("the file").1;
                assert!((1..=text.text.lines().count()).contains(&number), "{file}:{number}");
            }
            "BRDA" => branches += 1,
            "BRF" => assert_eq!(value, branches.to_string(), "{file}"),
            "LF" => assert_eq!(value, lines.len().to_string(), "{file}"),
            "LH" | "BRH" => assert_eq!(value, "0", "{file}"),
            "TN" | "end_of_record" => {}
            _ => panic!("{line}"),
        }
    }
}

/// The lines of the pack's scripts that have a statement, counted by eye.
#[test]
fn the_lines_of_a_script_are_those_with_statements() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/fashion-retail");
    let (program, _) = program(&folder).expect("a program");
    let lines = program.scripts.lines();
    let of = |name: &str| -> Vec<usize> {
        let module = program.scripts.modules.iter().position(|it| it.name == name);
        let module = module.expect("the module");
        lines.iter().filter(|line| line.module == module).map(|line| line.line).collect()
    };
    assert_eq!(of("vouchers"), [4, 5, 6, 7, 9, 10, 12]);
    let stylist = [4, 5, 6, 8, 9, 10, 11, 12, 13, 19, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34];
    let stylist: Vec<usize> =
        stylist.into_iter().chain([36, 37, 38, 40, 41, 42, 44, 45, 47]).collect();
    assert_eq!(of("stylist"), stylist);
}
