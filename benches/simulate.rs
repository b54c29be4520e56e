//! A year of monthly simulation, as a user runs it, against one full pass over the same store.
//!
//! `cargo bench --bench simulate` for 100 000 customers with 2 000 000 orders,
//! `cargo bench --bench simulate -- --full` for ten times as many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[allow(dead_code, reason = "times as numbers are for the benchmark of reading")]
mod generator;
mod measure;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use generator::{AS_OF, FULL, QUICK, Times};
use jiff::ToSpan;
use jiff::civil::Date;
use measure::{Seconds, median, time};
use tierkeeper::build::{Request, build};
use tierkeeper::pack::PackFiles;
use tierkeeper::program::Program;
use tierkeeper::simulate::{Simulation, dates};
use tierkeeper::store::{History, QUERY_TIME_LIMIT, ReadOptions};

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/club");
const RUNS: usize = 5;

/// How often a simulation may cost what a pass costs.
const ALLOWED: f64 = 3.0;

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    let size = if full { FULL } else { QUICK };
    let store = measure::directory().join(format!("orders-{}.db", size.orders));
    generator::make(&store, size, Times::Text).expect("the store can be written");
    let state = store.with_extension("tiers.db");
    let from = AS_OF.saturating_sub(1.year());
    let dates = dates(from, AS_OF, "1 month".parse().expect("a duration")).expect("a year");
    println!(
        "{} customers, {} orders; medians of {RUNS}; {} dates from {from} to {AS_OF}",
        size.customers,
        size.orders,
        dates.len()
    );
    let (mut passes, mut simulations) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let _ = std::fs::remove_file(&state);
        passes.push(run(&store, &["evaluate", "--as-of", &AS_OF.to_string()]));
        let (from, to) = (from.to_string(), AS_OF.to_string());
        let arguments = ["simulate", "--from", &from, "--to", &to, "--every", "1 month"];
        simulations.push(run(&store, &arguments));
    }
    let (pass, simulation) = (median(&passes), median(&simulations));
    println!("{:<40} {:>8} {:>7} {:>12}", "", "seconds", "ratio", "processor s");
    for (name, took) in [("evaluate, first pass", pass), ("simulate, a year by months", simulation)]
    {
        println!(
            "{name:<40} {:>8.3} {:>7.2} {:>12.2}",
            took.elapsed,
            took.elapsed / pass.elapsed,
            took.processor
        );
    }
    let ratio = simulation.elapsed / pass.elapsed;
    println!("at most {ALLOWED} times a pass: {}", if ratio <= ALLOWED { "yes" } else { "NO" });
    stages(&store, &dates);
}

/// Runs the program.
fn run(store: &Path, arguments: &[&str]) -> Seconds {
    let (start, before) = (Instant::now(), measure::processor_seconds().children);
    let status = Command::new(env!("CARGO_BIN_EXE_tierkeeper"))
        .args(arguments)
        .args(["--format", "json", "--pack", PACK, "--store"])
        .arg(store)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(status.success(), "{arguments:?} succeeds");
    let elapsed = start.elapsed().as_secs_f64();
    Seconds { elapsed, processor: measure::processor_seconds().children - before }
}

/// The parts of a simulation, in this process.
fn stages(store: &Path, dates: &[Date]) {
    let program = program();
    let options = ReadOptions {
        skip_bad_rows: false,
        threads: 0,
        tier_since: &|_, _| None,
        progress: &|_, _| {},
        stop: Arc::default(),
        query_time_limit: QUERY_TIME_LIMIT,
    };
    let (mut reads, mut of_facts, mut of_passes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (history, read) = time(|| History::read(&program, store, AS_OF, &options));
        let history = history.expect("the store can be read");
        reads.push(read);
        let mut simulation = Simulation::from_empty(&program, 0);
        for &date in dates {
            let mut facts = Seconds::default();
            let (_, step) = time(|| {
                simulation.step(date, |tier_since| {
                    let (found, took) = time(|| history.facts(&program, date, tier_since));
                    facts = took;
                    found
                })
            });
            of_facts.push(facts);
            of_passes.push(Seconds {
                elapsed: step.elapsed - facts.elapsed,
                processor: step.processor - facts.processor,
            });
        }
    }
    println!("{:<40} {:>8} {:>20}", "stage", "seconds", "processor s");
    let stages = [
        ("read the rows of all dates", reads),
        ("the facts of one date", of_facts),
        ("the pass of one date", of_passes),
    ];
    for (name, runs) in stages {
        let took = median(&runs);
        println!("{name:<40} {:>8.4} {:>20.3}", took.elapsed, took.processor);
    }
}

fn program() -> Program {
    let files = PackFiles::read(Path::new(PACK)).expect("the pack can be read");
    let request = Request { files: &files, project: None, set: &[], store: None };
    build(&request).expect("there is no store to look at").program.expect("the pack is sound")
}
