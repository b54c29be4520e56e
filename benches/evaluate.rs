//! The whole of `evaluate`, as a user runs it, against its aggregates alone as one `GROUP BY` in
//! the same SQLite library over the same file.
//!
//! `cargo bench --bench evaluate` for 100 000 customers with 2 000 000 orders,
//! `cargo bench --bench evaluate -- --full` for ten times as many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[allow(dead_code, reason = "times as numbers are for the benchmark of reading")]
mod generator;
mod group_by;
mod measure;
mod program;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use generator::{AS_OF, FULL, QUICK, Size, Times};
use measure::{Seconds, median, middle, time};
use program::{Evaluate, Project};
use tierkeeper::build::{Origin, Rules};
use tierkeeper::expr::column::{Data, Ints};
use tierkeeper::lifecycle::Standings;
use tierkeeper::metrics::population::Population;
use tierkeeper::pack::PackFiles;
use tierkeeper::pass::{run, standing_columns};
use tierkeeper::program::Program;
use tierkeeper::store::{Facts, ReadOptions, State, read_facts};

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/club");
const RUNS: usize = 3;

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    let tenth = Size { customers: QUICK.customers / 10, orders: QUICK.orders / 10 };
    let (small, large) = if full { (QUICK, FULL) } else { (tenth, QUICK) };
    let per_customer = [small, large].map(|size| (size, measure(size)));
    println!("\nnanoseconds per customer");
    for (size, first) in per_customer {
        let nanoseconds = first.elapsed * 1e9 / size.customers as f64;
        let processor = first.processor * 1e9 / size.customers as f64;
        println!(
            "{:>12} customers {nanoseconds:>9.0} ({processor:.0} of a processor)",
            size.customers
        );
    }
}

/// Prints the tables of one size; gives what the first pass took.
fn measure(size: Size) -> Seconds {
    let store = measure::directory().join(format!("orders-{}.db", size.orders));
    generator::make(&store, size, Times::Text).expect("the store can be written");
    let state = store.with_extension("tiers.db");
    println!("\n{} customers, {} orders; medians of {RUNS}", size.customers, size.orders);
    let project = Project { pack: PACK, store: &store, state: &state, set: &[] };
    let (mut queries, mut firsts, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        queries.push(time(|| group_by::run(&store)).1);
        let _ = std::fs::remove_file(&state);
        firsts.push(project.evaluate(AS_OF));
        let before = stamp(&state);
        seconds.push(project.evaluate(AS_OF));
        assert_eq!(before, stamp(&state), "a second pass without new facts writes nothing");
    }
    let query = median(&queries);
    println!(
        "{:<40} {:>8} {:>7} {:>12} {:>9} {:>12}",
        "", "seconds", "ratio", "processor s", "peak MB", "own MB"
    );
    println!(
        "{:<40} {:>8.3} {:>7.2} {:>12.2}",
        "SQL GROUP BY", query.elapsed, 1.0, query.processor
    );
    let first = row("evaluate, first pass", &firsts, query);
    let second = row("evaluate, second pass, no new facts", &seconds, query);
    let writing = middle(firsts.iter().map(|run| run.write));
    let bound = first.elapsed - writing;
    println!("first pass without its writing: {bound:.3} s; second pass: {:.3} s", second.elapsed);
    let bytes = std::fs::metadata(&state).map_or(0, |file| file.len());
    println!(
        "state file: {:.1} MB, {:.0} bytes a customer",
        bytes as f64 / 1e6,
        bytes as f64 / size.customers as f64
    );
    stages(&store);
    first
}

fn row(name: &str, runs: &[Evaluate], query: Seconds) -> Seconds {
    let took: Vec<Seconds> = runs.iter().map(|run| run.took).collect();
    let took = median(&took);
    let most = |bytes: fn(&Evaluate) -> u64| {
        runs.iter().map(bytes).max().unwrap_or(0) as f64 / f64::from(1 << 20)
    };
    println!(
        "{name:<40} {:>8.3} {:>7.2} {:>12.2} {:>9.0} {:>12.0}",
        took.elapsed,
        query.elapsed / took.elapsed,
        took.processor,
        most(|run| run.memory.peak),
        most(|run| run.memory.anonymous),
    );
    took
}

fn stamp(state: &Path) -> (u64, Option<SystemTime>) {
    let file = std::fs::metadata(state).expect("the state was written");
    (file.len(), file.modified().ok())
}

/// The parts of a first pass, in this process; and that its aggregates are those of the query.
fn stages(store: &Path) {
    let rules = rules();
    let program = &rules.program;
    let mut rows: [Vec<Seconds>; 5] = Default::default();
    let expected = group_by::check_sums(store);
    for _ in 0..RUNS {
        let state = fresh_state(store);
        let (facts, read) = time(|| facts(program, store));
        assert_eq!(check_sums(&facts), expected, "both give the same numbers");
        let customers = facts.customers.len();
        let standings = Standings::empty(customers, program.ladders.len(), program.alerts.len());
        let before = standing_columns(program, &standings, AS_OF);
        let copy = facts.clone();
        let (_, population) = time(|| Population::build(program, copy, &before, &[], AS_OF, 0));
        let (outcome, pass) = time(|| run(program, facts, &standings, &[], AS_OF, 0));
        let ((), write) = time(|| {
            let mut state = State::open_or_create(&state).expect("the state can be made");
            state.write_pass(&rules, &outcome).expect("the pass can be written");
            state.close().expect("the state can be closed");
        });
        let ((), load) = time(|| {
            let state = State::open_existing(&state).expect("it opens").expect("it is there");
            let customers = &outcome.population.facts.customers;
            std::hint::black_box(state.standings(program, customers).expect("it can be read"));
        });
        let decide = Seconds {
            elapsed: pass.elapsed - population.elapsed,
            processor: pass.processor - population.processor,
        };
        for (row, took) in rows.iter_mut().zip([read, population, decide, write, load]) {
            row.push(took);
        }
    }
    println!("{:<40} {:>8} {:>20}", "stage", "seconds", "processor s");
    let names = [
        "read and aggregate",
        "metrics of metrics, RFM, cutoffs",
        "decide, move, benefits",
        "write",
        "(second pass) load standings",
    ];
    for (name, runs) in names.iter().zip(&rows) {
        let took = median(runs);
        println!("{name:<40} {:>8.3} {:>20.2}", took.elapsed, took.processor);
    }
}

fn rules() -> Rules {
    let files = PackFiles::read(Path::new(PACK)).expect("the pack can be read");
    let origin = Origin { files, project: None, set: Vec::new() };
    let built = origin.build();
    let program = built.program.expect("the pack is sound");
    Rules { program, texts: built.sources, origin }
}

fn facts(program: &Program, store: &Path) -> Facts {
    let options = ReadOptions {
        skip_bad_rows: false,
        threads: 0,
        tier_since: &|_, _| None,
        progress: &|_, _| {},
        stop: Arc::default(),
        query_time_limit: tierkeeper::store::QUERY_TIME_LIMIT,
    };
    read_facts(program, store, AS_OF, &options).expect("the store can be read")
}

fn fresh_state(store: &Path) -> PathBuf {
    let state = store.with_extension("stages.db");
    let _ = std::fs::remove_file(&state);
    state
}

/// The sum of every metric that is in the query, after the number of customers.
fn check_sums(facts: &Facts) -> Vec<i128> {
    let sum = |metric: usize| match &facts.metrics[metric].as_ref().expect("filled").data {
        Data::Number { values: Ints::Narrow(values), .. } => {
            values.iter().map(|&value| i128::from(value)).sum()
        }
        other => panic!("{other:?}"),
    };
    let summed = 0..group_by::SUMMED;
    [facts.customers.len() as i128].into_iter().chain(summed.map(sum)).collect()
}
