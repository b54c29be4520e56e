use std::fmt::Write;

use super::customers::customers;
use super::layout::EACH_CUSTOMER;
use super::sample::sample;
use crate::build::Rules;
use crate::explain::Words;
use crate::expr::{Unit, Value};
use crate::pass::{FaultPlace, LadderOutcome, PassOutcome};
use crate::program::{Ladder, Program};

/// The text of a snapshot: what a pass came to, line by line. A head with the sizes of tiers and
/// moves, cutoffs, segments, alerts, costs and faults; then each customer, or a sample of so many,
/// with tier and reasons in every ladder.
///
/// The same outcome gives the same text, wherever in the pack its parts are written; whatever has
/// an id is in the order of ids, tiers in their own.
pub fn body(rules: &Rules, outcome: &PassOutcome, sampled: Option<u32>) -> String {
    let program = &rules.program;
    let everybody = outcome.population.len();
    let mut text = String::new();
    entry(&mut text, "", "as of", outcome.population.as_of);
    entry(&mut text, "", "customers", everybody);
    entry(&mut text, "", "population", outcome.population.size);
    let slots = match sampled {
        None => (0..everybody).collect(),
        Some(size) => {
            let slots = sample(&outcome.population.facts.customers, size as usize);
            entry(&mut text, "", "sample", format_args!("{} of {everybody}", slots.len()));
            slots
        }
    };
    for (ladder, of_ladder) in
        ladders(program).map(|id| (&program.ladders[id], &outcome.ladders[id]))
    {
        tiers(&mut text, ladder, of_ladder);
        moves(&mut text, ladder, of_ladder);
    }
    section(&mut text, "cutoffs", cutoffs(program, outcome));
    let segments = program.segments.iter().zip(&outcome.after.segments);
    let segments = segments.map(|(segment, of)| (segment.name.clone(), of.count.to_string()));
    section(&mut text, "segments", sorted(segments));
    let alerts = program.alerts.iter().zip(&outcome.alerts);
    let alerts = alerts.map(|(alert, of)| (alert.name.clone(), of.members.count.to_string()));
    section(&mut text, "alerts", sorted(alerts));
    section(&mut text, "costs a year", costs(program, outcome));
    section(&mut text, "faults", faults(program, outcome));
    let _ = writeln!(text, "\n{EACH_CUSTOMER}");
    customers(&mut text, rules, outcome, &slots);
    text
}

/// Ladders in the order of their ids.
pub(super) fn ladders(program: &Program) -> impl Iterator<Item = usize> + '_ {
    let mut ladders: Vec<usize> = (0..program.ladders.len()).collect();
    ladders.sort_unstable_by_key(|&ladder| &program.ladders[ladder].name);
    ladders.into_iter()
}

fn entry(text: &mut String, indent: &str, key: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "{indent}{key}: {value}");
}

fn section(text: &mut String, heading: &str, entries: Vec<(String, String)>) {
    if entries.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{heading}:");
    entries.iter().for_each(|(key, value)| entry(text, "  ", key, value));
}

fn sorted(entries: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    entries
}

fn tiers(text: &mut String, ladder: &Ladder, outcome: &LadderOutcome) {
    let tiers = ladder.tiers.iter().zip(&outcome.tiers);
    let mut sizes: Vec<_> =
        tiers.map(|(tier, size)| (tier.name.clone(), size.to_string())).collect();
    sizes.push(("none".to_owned(), outcome.none.to_string()));
    section(text, &format!("tiers of {}", ladder.name), sizes);
}

/// The moves that there were.
fn moves(text: &mut String, ladder: &Ladder, outcome: &LadderOutcome) {
    let moves = &outcome.moves;
    let counts = [
        ("entered", moves.entered),
        ("upgraded", moves.upgraded),
        ("downgraded", moves.downgraded),
        ("retained", moves.retained),
        ("left", moves.left),
        ("grace started", moves.grace_started),
        ("grace recovered", moves.grace_recovered),
        ("migrated", moves.migrated),
    ];
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let counts = counts.map(|(name, count)| ((*name).to_owned(), count.to_string())).collect();
    section(text, &format!("moves in {}", ladder.name), counts);
}

/// `top_percent(5, margin): 812.40, 25 in it`; what was taken in an earlier pass says when.
fn cutoffs(program: &Program, outcome: &PassOutcome) -> Vec<(String, String)> {
    let words = Words::exact(program);
    let taken = program.cutoffs.iter().zip(&outcome.population.cutoffs);
    sorted(taken.filter_map(|(cutoff, taken)| {
        let taken = taken.as_ref()?;
        let value = match taken.value {
            Ok(value) => words.value(&Value::Number(value), cutoff.measure.unit),
            Err(fault) => format!("no answer ({})", fault.words()),
        };
        let counted = if cutoff.kind.is_top() { "in it" } else { "measured" };
        let mut value = format!("{value}, {} {counted}", taken.count);
        if taken.taken_on != outcome.population.as_of {
            let _ = write!(value, ", taken {}", taken.taken_on);
        }
        Some((cutoff.text.clone(), value))
    }))
}

fn costs(program: &Program, outcome: &PassOutcome) -> Vec<(String, String)> {
    let words = Words::exact(program);
    sorted(outcome.costs.iter().map(|cost| {
        let money = match cost.cost {
            Ok(money) => words.number(money, Unit::Money),
            Err(fault) => format!("no answer ({})", fault.words()),
        };
        let given = format!("{money}, given to {}", cost.customers);
        (program.benefits[cost.benefit].name.clone(), given)
    }))
}

fn faults(program: &Program, outcome: &PassOutcome) -> Vec<(String, String)> {
    sorted(outcome.faults.iter().map(|fault| {
        let place = match fault.place {
            FaultPlace::Metric(id) => format!("metric {}", program.metrics[id].name),
            FaultPlace::Population => "population".to_owned(),
            FaultPlace::Ladder(id) => format!("ladder {}", program.ladders[id].name),
            FaultPlace::Segment(id) => format!("segment {}", program.segments[id].name),
            FaultPlace::Alert(id) => format!("alert {}", program.alerts[id].name),
            FaultPlace::Benefit(id) => format!("cost of {}", program.benefits[id].name),
        };
        (format!("{place}, {}", fault.fault.words()), fault.count.to_string())
    }))
}
