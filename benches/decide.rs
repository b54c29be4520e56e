//! Deciding from columns against Rhai's interpreter on the same criteria.
//!
//! `cargo bench --bench decide`. Four tiers of three criteria. The interpreter is at its best: one
//! expression, compiled once, over one scope that is used again, with the five variables that
//! the expression reads and no others.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod measure;

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::{Date, date};
use measure::{Seconds, median, time};
use rust_decimal::Decimal;
use tierkeeper::build::{Request, build};
use tierkeeper::criteria::{Comparisons, Recorded};
use tierkeeper::expr::column::{Column, ColumnRef};
use tierkeeper::expr::{CutoffId, Fault, Input, Inputs, ScriptFunctionId, Value};
use tierkeeper::lifecycle::{Standings, TierCode};
use tierkeeper::metrics::population::in_blocks;
use tierkeeper::pack::PackFiles;
use tierkeeper::pass::run;
use tierkeeper::program::Program;
use tierkeeper::script::{CompiledExpression, Runner, Scripts};
use tierkeeper::store::{CustomerId, Facts};

const AS_OF: Date = date(2026, 3, 21);
const CUSTOMERS: usize = 1_000_000;
/// The interpreter is asked about every so many customers.
const EVERY: usize = 5;
const RUNS: usize = 7;
/// Passes in a run: processor time is told in hundredths of a second.
const PASSES: usize = 5;

const PACK: &str = r#"
pack: bench-decide
version: 1.0.0
title: Four tiers of three criteria
requires: ">=0.1"
settings: { currency: EUR, timezone: UTC }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, cost: money }
metrics:
  spend:     { sum: orders.amount, within: 12 months }
  cost:      { sum: orders.cost, within: 12 months }
  orders_made: { count: orders, within: 12 months }
  largest:   { max: orders.amount, within: 12 months }
  days_away: { days_since_last: orders }
ladders:
  club:
    tiers:
      vip:    { enter: [spend >= 1000, orders_made >= 12, days_away <= 60] }
      gold:   { enter: [spend >= 400, orders_made >= 6, days_away <= 120] }
      silver: { enter: [spend >= 150, largest >= 40, cost < 90] }
      bronze: { enter: [spend >= 20, orders_made >= 1, cost > 10] }
"#;

const CRITERIA: &str = "
    if spend >= 1000 && orders_made >= 12 && days_away <= 60 { 0 }
    else if spend >= 400 && orders_made >= 6 && days_away <= 120 { 1 }
    else if spend >= 150 && largest >= 40 && cost < 90 { 2 }
    else if spend >= 20 && orders_made >= 1 && cost > 10 { 3 }
    else { 4 }";

/// Names and scales of the metrics, in the order of the pack.
const METRICS: [(&str, u8); 5] =
    [("spend", 2), ("cost", 2), ("orders_made", 0), ("largest", 2), ("days_away", 0)];

fn main() {
    let columns = columns();
    let program = program();
    let mut facts = Facts {
        customers: (1..=CUSTOMERS as i64).map(CustomerId::Int).collect(),
        metrics: METRICS
            .iter()
            .zip(&columns)
            .map(|((_, scale), values)| Some(Column::narrow(*scale, values.clone())))
            .collect(),
        ..Facts::default()
    };
    let nobody = Standings::empty(CUSTOMERS, 1, 0);
    let mut pass = |standings: &Standings, threads: usize| {
        let mut took = Vec::new();
        let mut after = None;
        for _ in 0..RUNS {
            let ((), seconds) = time(|| {
                for _ in 0..PASSES {
                    let given = std::mem::take(&mut facts);
                    let outcome = run(&program, given, standings, &[], AS_OF, threads);
                    facts = outcome.population.facts;
                    after = Some(outcome.after.standings);
                }
            });
            took.push(seconds);
        }
        (median(&took), after.expect("it ran"))
    };
    let (first, held) = pass(&nobody, 1);
    let (quiet, _) = pass(&held, 1);
    let (quiet_parallel, _) = pass(&held, 0);
    let recorded = record(&program, &columns, 1);
    let recorded_parallel = record(&program, &columns, 0);
    let (rhai, tiers) = interpreted(&columns);
    for (code, tier) in held.ladders[0].tier.iter().step_by(EVERY).zip(&tiers) {
        assert_eq!(*code, *tier, "both decide the same");
    }

    println!("four tiers of three criteria, nanoseconds per customer; medians of {RUNS}");
    println!("{:<44} {:>9} {:>9} {:>7}", "", "elapsed", "processor", "ratio");
    let asked = tiers.len();
    let interpreter = rhai.processor / asked as f64;
    let row = |name: &str, took: Seconds, customers: usize| {
        let each = |seconds: f64| seconds * 1e9 / customers as f64;
        let ratio = interpreter * customers as f64 / took.processor;
        let (elapsed, processor) = (each(took.elapsed), each(took.processor));
        println!("{name:<44} {elapsed:>9.1} {processor:>9.1} {ratio:>7.1}");
    };
    row("Rhai, one compiled expression, one scope", rhai, asked);
    row("columns: decide, nobody moves", quiet, CUSTOMERS * PASSES);
    row("columns: the same on all processors", quiet_parallel, CUSTOMERS * PASSES);
    row("columns: decide, everybody enters a tier", first, CUSTOMERS * PASSES);
    row("columns: three criteria of each as JSON", recorded, CUSTOMERS);
    row("columns: the same on all processors", recorded_parallel, CUSTOMERS);
}

/// What it takes to write down what everybody measured in the criteria of the highest tier.
fn record(program: &Program, values: &[Vec<i64>; 5], threads: usize) -> Seconds {
    let columns: Vec<Column> = METRICS
        .iter()
        .zip(values)
        .map(|((_, scale), values)| Column::narrow(*scale, values.clone()))
        .collect();
    let comparisons = Comparisons::of(program, &program.ladders[0].tiers[0].enter);
    let took: Vec<Seconds> = (0..RUNS)
        .map(|_| {
            let (all, took) = time(|| {
                let blocks = in_blocks(
                    CUSTOMERS,
                    threads,
                    || (),
                    |(), rows| {
                        let asked = vec![true; rows.len()];
                        comparisons.record(&Block { columns: &columns, rows }, &asked)
                    },
                );
                blocks.iter().map(Recorded::len).sum::<usize>()
            });
            assert_eq!(all, CUSTOMERS, "everybody is recorded");
            took
        })
        .collect();
    median(&took)
}

/// Some customers, with metrics only.
struct Block<'a> {
    columns: &'a [Column],
    rows: Range<usize>,
}

impl Inputs for Block<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn as_of(&self) -> Date {
        AS_OF
    }

    fn input(&self, input: Input) -> ColumnRef<'_> {
        let Input::Metric(metric) = input else { panic!("{input:?}") };
        self.columns[metric].slice(self.rows.clone())
    }

    fn cutoff(&self, _: CutoffId) -> Result<Decimal, Fault> {
        unreachable!("the pack has no cutoff")
    }

    fn call(&self, _: ScriptFunctionId, _: &[Option<Value>], _: usize) -> Result<Value, Fault> {
        unreachable!("the pack has no script")
    }
}

/// What the interpreter takes, and the tiers that it finds.
fn interpreted(columns: &[Vec<i64>; 5]) -> (Seconds, Vec<TierCode>) {
    let expression = CompiledExpression::plain(CRITERIA).expect("it compiles");
    let mut runner = Runner::new(&Arc::new(Scripts::default()), AS_OF);
    let customers: Vec<[(&str, Value); 5]> = (0..CUSTOMERS)
        .step_by(EVERY)
        .map(|row| {
            std::array::from_fn(|metric| {
                let (name, scale) = METRICS[metric];
                (name, Value::Number(Decimal::new(columns[metric][row], u32::from(scale))))
            })
        })
        .collect();
    let mut tiers = Vec::new();
    let mut took = Vec::new();
    for _ in 0..RUNS {
        tiers.clear();
        let ((), seconds) = time(|| {
            for names in &customers {
                let tier = runner.evaluate(&expression, names).expect("it has a value");
                tiers.push(match tier {
                    Value::Number(tier) if tier < Decimal::from(4) => {
                        TierCode::new(usize::try_from(tier.mantissa()).ok())
                    }
                    _ => TierCode::NONE,
                });
            }
        });
        took.push(seconds);
    }
    (median(&took), tiers)
}

fn program() -> Program {
    let files = PackFiles::embedded([("pack.yaml", PACK.to_owned())]);
    let request = Request { files: &files, project: None, set: &[], store: None };
    let built = build(&request).expect("there is no store to look at");
    built.program.expect("the pack is sound")
}

/// Few spend much: the same spread for every run.
fn columns() -> [Vec<i64>; 5] {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut even = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut columns: [Vec<i64>; 5] = std::array::from_fn(|_| Vec::with_capacity(CUSTOMERS));
    for _ in 0..CUSTOMERS {
        let spend = (2_000.0 * (1.0 / (1.0 - even())).powf(1.2)) as i64;
        let orders = 1 + (spend as f64 / 4_000.0 * even()) as i64;
        let cost = (spend as f64 * (0.3 + 0.5 * even())) as i64;
        let largest = (spend as f64 * (0.2 + 0.8 * even())) as i64;
        let away = (even() * even() * 365.0) as i64;
        for (column, value) in columns.iter_mut().zip([spend, cost, orders, largest, away]) {
            column.push(value);
        }
    }
    columns
}
