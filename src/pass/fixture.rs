//! Small shops for tests: a pack as text, and its row metrics as columns.

use jiff::civil::Date;

use crate::build::{Origin, Rules};
use crate::expr::MetricId;
use crate::expr::column::Column;
use crate::lifecycle::Standings;
use crate::metrics::population::Population;
use crate::pack::PackFiles;
use crate::pass::{PassOutcome, run, standing_columns};
use crate::program::Program;
use crate::store::{CustomerId, Facts};

/// What every shop has: money, a count and days, from one table.
const SOURCES: &str = "
pack: shop
version: 1.0.0
title: Shop
requires: '>=0.1'
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money }
customers:
  table: customers
  id: id
  columns: { joined: date, consent: flag }
";

const METRICS: &str = "
metrics:
  spend: { sum: orders.amount, within: 12 months }
  orders_made: { count: orders, within: 12 months }
  days_away: { days_since_last: orders }
";

/// Rules from the rest of a pack; `metrics` and `settings` are the entries of those sections.
pub(crate) fn rules(settings: &str, metrics: &str, rest: &str) -> Rules {
    from_files(vec![("pack.yaml", text(settings, metrics, rest))])
}

/// The same for a pack that may be at fault; `None` where it is.
pub(crate) fn sound_rules(settings: &str, metrics: &str, rest: &str) -> Option<Rules> {
    built(vec![("pack.yaml", text(settings, metrics, rest))]).ok()
}

pub(crate) fn text(settings: &str, metrics: &str, rest: &str) -> String {
    format!(
        "{SOURCES}settings:\n  currency: EUR\n  timezone: UTC\n{settings}\n{METRICS}{metrics}\n{rest}"
    )
}

pub(crate) fn from_files(files: Vec<(&str, String)>) -> Rules {
    built(files).unwrap_or_else(|findings| panic!("{findings}"))
}

/// The rules, or what is wrong with them.
fn built(files: Vec<(&str, String)>) -> Result<Rules, String> {
    let files = PackFiles::embedded(files);
    let origin = Origin { files, project: None, set: Vec::new() };
    let built = origin.build();
    match built.program {
        Some(program) => Ok(Rules { program, texts: built.sources, origin }),
        None => Err(format!("{:#?}", built.findings)),
    }
}

pub(crate) fn program(settings: &str, metrics: &str, rest: &str) -> Program {
    rules(settings, metrics, rest).program
}

pub(crate) fn shop(settings: &str, metrics: &str, rest: &str) -> Program {
    program(settings, metrics, rest)
}

pub(crate) fn metric(program: &Program, name: &str) -> MetricId {
    program.metrics.iter().position(|metric| metric.name == name).expect("a metric")
}

/// Customers 1, 2, …, with their spend (in whole euros), orders and days away.
pub(crate) fn facts(program: &Program, rows: &[(i64, i64, i64)]) -> Facts {
    let ids: Vec<CustomerId> = (1..=rows.len() as i64).map(CustomerId::Int).collect();
    let mut facts = Facts {
        customers: ids,
        attributes: vec![None; program.attributes.len()],
        metrics: vec![None; program.metrics.len()],
        ..Facts::default()
    };
    let columns = [
        ("spend", Column::narrow(2, rows.iter().map(|row| row.0 * 100).collect())),
        ("orders_made", Column::narrow(0, rows.iter().map(|row| row.1).collect())),
        ("days_away", Column::narrow(0, rows.iter().map(|row| row.2).collect())),
    ];
    for (name, column) in columns {
        facts.metrics[metric(program, name)] = Some(column);
    }
    facts
}

/// Customers with that spend, in whole euros.
pub(crate) fn spenders(program: &Program, spend: &[i64]) -> Facts {
    facts(program, &spend.iter().map(|spend| (*spend, 1, 1)).collect::<Vec<_>>())
}

pub(crate) fn nobody(program: &Program, customers: usize) -> Standings {
    Standings::empty(customers, program.ladders.len(), program.alerts.len())
}

pub(crate) fn first_pass(program: &Program, facts: Facts, as_of: Date) -> PassOutcome {
    let standings = nobody(program, facts.customers.len());
    run(program, facts, &standings, &[], as_of, 2)
}

pub(crate) fn population(program: &Program, facts: Facts, as_of: Date) -> Population {
    let standings = nobody(program, facts.customers.len());
    let columns = standing_columns(program, &standings, as_of);
    Population::build(program, facts, &columns, &[], as_of, 2)
}

/// The names of the tiers in the first ladder, by slot; `-` is none.
pub(crate) fn tiers(program: &Program, outcome: &PassOutcome) -> Vec<String> {
    let held = outcome.after.standings.ladders[0].tier.iter();
    held.map(|code| match code.tier() {
        Some(tier) => program.ladders[0].tiers[tier].name.clone(),
        None => "-".to_owned(),
    })
    .collect()
}
