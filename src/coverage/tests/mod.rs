//! Small shops whose coverage is worked out by hand.

mod points;
mod reports;
mod shown;

use std::fmt::Write as _;

use jiff::civil::{Date, date};

use super::*;
use crate::build::Rules;
use crate::expr::column::{Column, Data};
use crate::lifecycle::Standings;
use crate::pass::{PassOutcome, fixture, run};
use crate::program::Program;
use crate::source::FileId;
use crate::store::Facts;

/// What is said of every point that was not seen, each after its line of the pack.
fn unseen(rules: &Rules, coverage: &Coverage) -> String {
    let report = coverage.report(&rules.program, &rules.texts);
    let mut text = String::new();
    for it in &report.uncovered {
        let pack = &rules.texts.file(FileId(0)).text;
        let line = pack.lines().nth(it.place.line - 1).unwrap_or_default();
        let from = line.chars().skip(it.place.column - 1).collect::<String>();
        let _ = writeln!(text, "{from} | {}: {}", it.message, it.help);
    }
    text
}

/// Every point that was seen and how often: `club.vip enter 0 true x2`.
fn seen(program: &Program, coverage: &Coverage) -> Vec<String> {
    let counts = coverage.counts.iter();
    counts.map(|(point, count)| format!("{} x{count}", name(program, *point))).collect()
}

fn name(program: &Program, point: Point) -> String {
    let slot = |comparison: Comparison| match comparison.slot {
        Slot::Line(line) => format!("line {line} {}", comparison.index),
        slot => format!("{slot:?} {}", comparison.index).to_lowercase(),
    };
    let aspect = match point.aspect {
        Aspect::Criterion(comparison, holds) => format!("{} {holds}", slot(comparison)),
        Aspect::Threshold(comparison, Border::Only, side) => {
            format!("{} {side:?}", slot(comparison))
        }
        Aspect::Threshold(comparison, border, side) => {
            format!("{} {border:?} {side:?}", slot(comparison))
        }
        Aspect::Stay(stay) => format!("{stay:?}"),
        other => format!("{other:?}"),
    };
    format!("{} {}", point.part.name(program), aspect.to_lowercase())
}

/// Cents, orders, days away, and whether there is consent, of each customer.
fn facts(program: &Program, rows: &[(i64, i64, i64, bool)]) -> Facts {
    let mut facts = fixture::facts(program, &vec![(0, 0, 0); rows.len()]);
    let columns = [
        ("spend", Column::narrow(2, rows.iter().map(|row| row.0).collect())),
        ("orders_made", Column::narrow(0, rows.iter().map(|row| row.1).collect())),
        ("days_away", Column::narrow(0, rows.iter().map(|row| row.2).collect())),
    ];
    for (name, column) in columns {
        facts.metrics[fixture::metric(program, name)] = Some(column);
    }
    let consent = program.attributes.iter().position(|it| it.name == "consent").expect("consent");
    let flags = rows.iter().map(|row| row.3).collect();
    facts.attributes[consent] = Some(Column::new(Data::Flag(flags)));
    let mut joined = Column::new(Data::Date(vec![0; rows.len()]));
    joined.known = Some(vec![false; rows.len()]);
    facts.attributes[0] = Some(joined);
    facts
}

/// A pass over those customers, of whom the given slots are looked at.
fn pass(
    program: &Program,
    coverage: &mut Coverage,
    before: &Standings,
    (as_of, rows): (Date, &[(i64, i64, i64, bool)]),
    slots: &[usize],
) -> PassOutcome {
    let outcome = run(program, facts(program, rows), before, &[], as_of, 1);
    coverage.observe(program, before, &outcome, slots);
    outcome
}

fn first_pass(program: &Program, rows: &[(i64, i64, i64, bool)], slots: &[usize]) -> Coverage {
    let mut coverage = Coverage::default();
    let nobody = fixture::nobody(program, rows.len());
    pass(program, &mut coverage, &nobody, (date(2026, 1, 15), rows), slots);
    coverage
}

/// Points whose names begin so.
fn about(program: &Program, coverage: &Coverage, start: &str) -> Vec<String> {
    let all = seen(program, coverage).into_iter();
    all.filter_map(|name| name.strip_prefix(start).map(str::to_owned)).collect()
}

const SHOP: &str = "
ladders:
  club:
    warn: 30 days
    tiers:
      vip:
        enter:
          - spend >= 1000
          - any:
              - orders_made > 0
              - between(days_away, 0, 30)
        keep: spend >= 800.50
        review: { fixed: 10 months }
        grace: 30 days
      gold:
        enter: spend > 100 * 4
        keep: always
      patron:
        enter: never
      member:
        enter: always
segments:
  joiners: { when: joined >= date(\"2024-03-01\") }
  nearly: { near: club.vip, short_by: 20 }
alerts:
  absent: { for: club.vip, when: days_away > days_since(joined) / 2, action: [call], message: gone }
benefits:
  discount:
    kind: percent_off
    tiers: { vip: 20, member: 5 }
    segments: { joiners: 7 }
    when: '!consent'
  shipping: { kind: free_shipping, tiers: { vip: always } }
";
