//! Held against brute force: conditions over few values, tried on every combination.

mod combinations;
mod generate;

use proptest::prelude::*;

use super::formula::Formula;
use super::solve::conflict;
use super::terms::Terms;
use crate::diagnostic::Diagnostics;
use crate::expr::{Fault, holds};
use crate::pack::{PackFiles, parse};
use crate::program::Program;
use crate::source::Sources;
use combinations::Combinations;
use generate::condition;

const PACK: &str = "
pack: few
version: 1.0.0
settings: { currency: EUR }
customers:
  table: customers
  id: id
  columns: { level: count, channel: text, consent: flag }
sources:
  orders: { table: orders, customer: customer_id, at: at }
metrics:
  order_count: { count: orders }
ladders:
  club: { tiers: { vip: { enter: order_count > 3 && level > 1 && consent && is_known(channel) } } }
";

fn program() -> (Program, Sources) {
    let parsed = parse(&PackFiles::embedded([("pack.yaml", PACK)]));
    let (program, findings) =
        crate::check::check(&parsed.pack, &parsed.sources, &[], parsed.findings);
    (program.unwrap_or_else(|| panic!("{findings:?}")), parsed.sources)
}

/// A text to point into that is longer than any generated condition.
fn paper() -> Sources {
    let mut sources = Sources::default();
    sources.add("pack.yaml", "x".repeat(10_000));
    sources
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is called impossible holds for nobody; a division that is not reported never
    /// divides by zero.
    #[test]
    fn findings_are_certain(condition in condition()) {
        let ((program, _), texts) = (program_once(), paper());
        let truth = holds(&condition, combinations(), None);
        let mut terms = Terms::new(program, &texts, None);
        let formula = terms.of_condition(&condition, true);
        if conflict(&formula, &terms).is_some() {
            prop_assert!(truth.holds.iter().all(|holds| !holds), "{:?}", formula);
        }
        let mut findings = Diagnostics::default();
        super::contradiction::report(&condition, &mut terms, &mut findings);
        let mut findings = Diagnostics::default();
        super::division::report(&condition, &mut terms, &mut findings);
        if findings.is_empty() {
            let by_zero = |faults: Vec<u8>| faults.contains(&(Fault::DivisionByZero as u8));
            prop_assert!(!truth.faults.is_some_and(by_zero), "{:?}", condition);
        }
    }

    /// Where one condition implies another, everybody who meets the one meets the other.
    #[test]
    fn implications_are_certain(from in condition(), to in condition()) {
        let ((program, _), texts) = (program_once(), paper());
        let mut terms = Terms::new(program, &texts, None);
        if terms.implies(&from, &to) {
            let (from, to) = (holds(&from, combinations(), None), holds(&to, combinations(), None));
            // A fault in the higher condition is a fault of the decision: nobody is taken.
            let fault = |row: usize| to.faults.as_ref().is_some_and(|faults| faults[row] != 0);
            for row in 0..from.holds.len() {
                prop_assert!(!from.holds[row] || to.holds[row] || fault(row));
            }
        }
    }
}

fn program_once() -> &'static (Program, Sources) {
    static PROGRAM: std::sync::OnceLock<(Program, Sources)> = std::sync::OnceLock::new();
    PROGRAM.get_or_init(program)
}

fn combinations() -> &'static Combinations {
    static ALL: std::sync::OnceLock<Combinations> = std::sync::OnceLock::new();
    ALL.get_or_init(Combinations::new)
}

/// The property above would pass with a solver that never finds anything.
#[test]
fn most_impossible_conditions_are_found() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let ((program, _), texts) = (program_once(), paper());
    let mut runner = TestRunner::deterministic();
    let (mut impossible, mut found) = (0, 0);
    for _ in 0..2000 {
        let condition = condition().new_tree(&mut runner).expect("a condition").current();
        if holds(&condition, combinations(), None).holds.iter().any(|holds| *holds) {
            continue;
        }
        impossible += 1;
        let mut terms = Terms::new(program, &texts, None);
        let formula: Formula = terms.of_condition(&condition, true);
        found += usize::from(conflict(&formula, &terms).is_some());
    }
    assert!(impossible > 100 && found * 2 > impossible, "{found} of {impossible}");
}
