//! The facts of some customers, by the index that shops have, against those of everybody.
//!
//! `cargo bench --bench touched` for 100 000 customers with 2 000 000 orders,
//! `cargo bench --bench touched -- --full` for ten times as many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[allow(dead_code, reason = "times as numbers are for the benchmark of reading")]
mod generator;
mod measure;

use std::path::Path;
use std::sync::Arc;

use generator::{AS_OF, FULL, QUICK, Times};
use measure::{Seconds, median, time};
use tierkeeper::build::Origin;
use tierkeeper::pack::PackFiles;
use tierkeeper::program::Program;
use tierkeeper::store::{
    CustomerId, Facts, QUERY_TIME_LIMIT, ReadOptions, read_facts, read_facts_of,
};

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/club");
const RUNS: usize = 3;

fn main() {
    let size = if std::env::args().any(|argument| argument == "--full") { FULL } else { QUICK };
    let store = measure::directory().join(format!("orders-{}.db", size.orders));
    generator::make(&store, size, Times::Text).expect("the store can be made");
    let program = program();
    let all = facts(&program, &store, None);
    println!("{} customers, {} orders; medians of {RUNS}", size.customers, size.orders);
    println!("{:>10} {:>10} {:>12} {:>8}", "customers", "elapsed s", "processor s", "ratio");
    let everybody = runs(|| drop(facts(&program, &store, None)));
    row(all.customers.len(), everybody, everybody);
    for count in [10, 100, 1_000, 3_000, 10_000, 50_000] {
        // Spread evenly over all, but for the first: a fiftieth of all orders are theirs.
        let every = (all.customers.len() - 1) / count;
        let some: Vec<_> =
            all.customers.iter().skip(1).step_by(every).take(count).cloned().collect();
        let found = facts(&program, &store, Some(&some));
        assert_eq!(found.customers, some, "everybody has orders");
        row(count, runs(|| drop(facts(&program, &store, Some(&some)))), everybody);
    }
}

fn row(customers: usize, took: Seconds, everybody: Seconds) {
    let Seconds { elapsed, processor } = took;
    println!(
        "{customers:>10} {elapsed:>10.4} {processor:>12.2} {:>8.1}",
        everybody.elapsed / elapsed
    );
}

fn runs(run: impl Fn()) -> Seconds {
    let runs: Vec<Seconds> = (0..RUNS).map(|_| time(&run).1).collect();
    median(&runs)
}

fn facts(program: &Program, store: &Path, some: Option<&[CustomerId]>) -> Facts {
    let options = ReadOptions {
        skip_bad_rows: false,
        threads: 0,
        query_time_limit: QUERY_TIME_LIMIT,
        tier_since: &|_, _| None,
        progress: &|_, _| {},
        stop: Arc::default(),
    };
    let facts = match some {
        Some(some) => read_facts_of(program, store, AS_OF, &options, some),
        None => read_facts(program, store, AS_OF, &options),
    };
    facts.expect("the store can be read")
}

fn program() -> Program {
    let files = PackFiles::read(Path::new(PACK)).expect("the pack can be read");
    let built = Origin { files, project: None, set: Vec::new() }.build();
    built.program.expect("the pack is sound")
}
