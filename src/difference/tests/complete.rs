//! Packs with one small thing changed, everywhere it can be: whatever makes another program is
//! told, and what makes the same program is not.

use super::{Files, built, embedded, full, rules, told};
use crate::build::Rules;

/// Where the words and numbers of a file are, in bytes; comments have none.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split(" #").next().unwrap_or_default();
        let code = if code.trim_start().starts_with(['#', '/']) { "" } else { code };
        for (at, character) in code.char_indices() {
            let at = line_start + at;
            if !(character.is_alphanumeric() || character == '_') {
                continue;
            }
            match found.last_mut() {
                Some(range) if range.end == at => range.end = at + character.len_utf8(),
                _ => found.push(at..at + character.len_utf8()),
            }
        }
        line_start += line.len();
    }
    found
}

/// Copies of a text with one thing changed, and what stands there now.
fn numbers_raised(text: &str) -> Vec<(String, String)> {
    let numbers = words(text).into_iter().filter_map(|range| {
        let number: u64 = text[range.clone()].parse().ok()?;
        Some((range, (number + 1).to_string()))
    });
    replaced(text, numbers.collect())
}

fn words_lengthened(text: &str) -> Vec<(String, String)> {
    let longer = words(text).into_iter().filter_map(|range| {
        let word = &text[range.clone()];
        let is_number = word.starts_with(|first: char| first.is_ascii_digit());
        (!is_number).then(|| (range.clone(), format!("{word}x")))
    });
    replaced(text, longer.collect())
}

/// Operators and keywords for one of their neighbours.
fn neighbours(text: &str) -> Vec<(String, String)> {
    const PAIRS: &[(&str, &str)] = &[
        (" >= ", " > "),
        (" > ", " >= "),
        (" < ", " <= "),
        (" <= ", " < "),
        (" == ", " != "),
        (" && ", " || "),
        (" * ", " + "),
        (" / ", " * "),
        ("all:", "any:"),
        ("any:", "all:"),
        ("any:", "none:"),
        ("sum:", "max:"),
        ("avg:", "min:"),
        ("count:", "days_between:"),
        ("days_since_last:", "days_since_first:"),
        (" days", " weeks"),
        (" months", " weeks"),
        ("dynamic: monthly", "dynamic: daily"),
        ("cutoffs: monthly", "cutoffs: 9 days"),
        ("calendar quarter", "calendar month"),
        ("one_down", "earned"),
        ("include", "exclude"),
        ("at once", "at review"),
        ("end of quarter", "end of year"),
        ("on_change: keep", "on_change: review_now"),
        ("percent_off", "cashback"),
        ("amount_off", "points_multiplier"),
        ("on: entry", "on: renewal"),
        ("on: birthday", "on: anniversary"),
        ("category: gift", "category: draw"),
        ("false", "true"),
        ("true", "false"),
        ("always", "never"),
        ("never", "always"),
        ("unit: money", "unit: number"),
        (": money", ": number"),
        (": count", ": number"),
        (", unit: minor", ""),
        (", at_unit: ms", ""),
        ("- top_percent", "- '!top_percent'"),
        ("holds(", "in_tier("),
        ("median(", "average("),
        ("top_percent(", "makes_percent("),
    ];
    let mut all = Vec::new();
    for (old, new) in PAIRS {
        let places = text.match_indices(old).map(|(at, _)| (at..at + old.len(), (*new).to_owned()));
        all.extend(replaced(text, places.collect()));
    }
    all
}

fn lines_left_out(text: &str) -> Vec<(String, String)> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        start += line.len();
        (start - line.len()..start, String::new())
    });
    replaced(text, lines.collect())
}

fn replaced(text: &str, edits: Vec<(std::ops::Range<usize>, String)>) -> Vec<(String, String)> {
    let each = edits.into_iter().map(|(range, new)| {
        let mut edited = text.to_owned();
        edited.replace_range(range, &new);
        (edited, new)
    });
    each.collect()
}

/// What a program does not act upon: the version, and parameters that nothing reads.
fn acts_alike(rules: &Rules) -> String {
    let mut program = rules.program.clone();
    program.version = semver::Version::new(1, 0, 0);
    program.name = String::new();
    program.parameters.retain(|parameter| !parameter.name.starts_with("unread"));
    program.generation()
}

/// Every mutant that can be built. Gives how many made another program.
fn each(
    files: &Files,
    mutants: fn(&str) -> Vec<(String, String)>,
    is_told: fn(&[String], &str) -> bool,
) -> usize {
    let from = rules(files);
    let own = acts_alike(&from);
    let mut different = 0;
    for (index, (name, text)) in files.iter().enumerate() {
        if name == "README.md" {
            continue;
        }
        for (edited, new) in mutants(text) {
            let mut files = files.clone();
            files[index].1.clone_from(&edited);
            let Ok(to) = built(&files) else { continue };
            let lines = told(&from, &to);
            let place = || {
                let same = text.chars().zip(edited.chars()).take_while(|(a, b)| a == b).count();
                let around: String =
                    edited.chars().skip(same.saturating_sub(60)).take(90).collect();
                format!("{name}, `{new}` in …{around}…")
            };
            if acts_alike(&to) == own {
                assert!(lines.is_empty(), "{}: the same, but {lines:#?}", place());
            } else {
                different += 1;
                assert!(is_told(&lines, &new), "{}: told is {lines:#?}", place());
                if index == 0 {
                    assert!(!told(&to, &from).is_empty(), "{}: nothing backwards", place());
                }
            }
        }
    }
    different
}

fn something(lines: &[String], _: &str) -> bool {
    !lines.is_empty()
}

/// A line that shows the new number, what it makes of a parameter, or how many titles changed.
fn with_number(lines: &[String], new: &str) -> bool {
    lines.iter().any(|line| {
        line.contains(new.trim_start_matches('0'))
            || line.starts_with("club.vip keep: spend 20000 → ")
            || line.starts_with("club.gold keep: spend 9600 → ")
            || line.starts_with("titles: ")
    })
}

#[test]
fn every_number_is_told() {
    assert!(each(&full::files(), numbers_raised, something) > 50);
    for pack in ["corner-shop", "fashion-retail"] {
        assert!(each(&embedded(pack), numbers_raised, with_number) > 30, "{pack}");
    }
}

#[test]
fn every_operator_and_keyword_is_told() {
    assert!(each(&full::files(), neighbours, something) > 60);
    assert!(each(&embedded("corner-shop"), neighbours, something) > 25);
}

#[test]
fn every_word_is_told() {
    assert!(each(&full::files(), words_lengthened, something) > 40);
}

#[test]
fn every_line_that_is_left_out_is_told() {
    assert!(each(&full::files(), lines_left_out, something) > 40);
    assert!(each(&embedded("corner-shop"), lines_left_out, something) > 40);
}

/// Other files, another order of what has none, comments and layout.
#[test]
fn the_same_rules_written_otherwise_are_no_change() {
    for pack in ["corner-shop", "fashion-retail"] {
        let files = embedded(pack);
        let one: String = files
            .iter()
            .filter(|(name, _)| name.ends_with(".yaml"))
            .map(|(_, text)| format!("\n# All in one file.\n{text}"))
            .collect();
        let mut single = vec![("pack.yaml".to_owned(), one)];
        let scripts = files.iter().filter(|(name, _)| name.ends_with(".rhai"));
        single.extend(scripts.map(|(name, text)| {
            (name.clone(), format!("// A comment.\n{}", text.replace(";", " ;")))
        }));
        let (from, to) = (rules(&files), rules(&single));
        assert_eq!(told(&from, &to), [""; 0], "{pack}");
        assert_eq!(told(&from, &from), [""; 0], "{pack}");
    }
}
