//! 1: row order, file order and customer order never change an outcome.

use proptest::prelude::*;

use super::case::{Case, What};
use super::generate::{Kind, cases};
use super::shop::{Shop, all_rules, rules_of_files};
use super::{Outcome, config, reject};

/// The bytes of packs are kept as they are, file by file.
const FILES: &[&str] = &["tk_program_file"];

proptest! {
    #![proptest_config(config(16))]

    /// Over several passes, with rows, customers, files and threads in another order each.
    #[test]
    fn order_never_changes_an_outcome(case in cases(Kind::ANY), seed in any::<u64>()) {
        same_in_another_order(&case, seed)?;
    }
}

fn same_in_another_order(case: &Case, seed: u64) -> Outcome {
    let Some(rules) = all_rules(case) else { return reject() };
    let (here, there) = (Shop::new(1), Shop::new(3));
    let dates = case.dates();
    for (number, pack) in case.packs().into_iter().enumerate() {
        here.step(case, &rules, number);
        let mut facts = case.facts(number);
        shuffle(&mut facts.rows, seed.wrapping_add(number as u64));
        shuffle(&mut facts.customers, seed ^ number as u64);
        there.hold(&facts);
        let files = files(&pack.to_string(), seed);
        let moved = rules_of_files(files).expect("the same rules in other files");
        prop_assert_eq!(moved.program.generation(), rules[number].program.generation());
        match &case.steps[number].what {
            What::Pass(_) => {
                there.pass(&moved, dates[number]);
            }
            What::Deed { customer, ladder, deed } => {
                let customer = &case.customers[*customer].id;
                there.by_hand(&moved, dates[number], customer, *ladder, *deed);
            }
        }
        prop_assert_eq!(here.dump(FILES), there.dump(FILES), "after step {}", number);
    }
    Ok(())
}

/// The sections that may stand in any file, each in one of its own with a name that says nothing of
/// their order.
fn files(pack: &str, seed: u64) -> Vec<(String, String)> {
    let mut manifest = String::new();
    let mut others: Vec<(String, String)> = Vec::new();
    let mut in_manifest = true;
    for line in pack.lines() {
        if !line.starts_with(' ') {
            let (section, _) = line.split_once(':').expect("a section");
            in_manifest = ["pack", "version", "title", "settings"].contains(&section);
            if !in_manifest {
                let letter = char::from(b'a' + (seed >> (others.len() * 5) & 15) as u8);
                others.push((format!("{letter}_{section}.yaml"), String::new()));
            }
        }
        let text = match others.last_mut() {
            Some((_, text)) if !in_manifest => text,
            _ => &mut manifest,
        };
        text.push_str(line);
        text.push('\n');
    }
    others.push(("pack.yaml".to_owned(), manifest));
    others.sort();
    others
}

fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed | 1;
    for last in (1..items.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(last, (state >> 33) as usize % (last + 1));
    }
}
