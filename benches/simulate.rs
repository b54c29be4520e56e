//! A year of monthly simulation against one full pass.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[allow(dead_code, reason = "times as numbers are for the benchmark of reading")]
mod generator;
mod measure;

use std::path::Path;

use generator::{AS_OF, QUICK, Times};
use jiff::ToSpan;
use measure::time;
use tierkeeper::build::{Request, build};
use tierkeeper::pack::PackFiles;
use tierkeeper::store::{History, ReadOptions, read_facts};

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/club");

fn main() {
    let store = measure::directory().join(format!("orders-{}.db", QUICK.orders));
    generator::make(&store, QUICK, Times::Text).expect("the store can be written");
    let files = PackFiles::read(Path::new(PACK)).expect("the pack can be read");
    let request = Request { files: &files, project: None, set: &[], store: None };
    let program = build(&request).unwrap().program.expect("the pack is sound");
    let options = ReadOptions {
        skip_bad_rows: false,
        threads: 0,
        tier_since: &|_, _| None,
        progress: &|_, _| {},
        query_time_limit: tierkeeper::store::QUERY_TIME_LIMIT,
    };
    for _ in 0..3 {
        let (_, took) = time(|| read_facts(&program, &store, AS_OF, &options).unwrap());
        println!("read_facts {took:?}");
        let (history, took) = time(|| History::read(&program, &store, AS_OF, &options).unwrap());
        println!("history {took:?}");
        for month in [12, 6, 3, 1, 0] {
            let date = AS_OF.saturating_sub(month.months());
            let (facts, took) = time(|| history.facts(&program, date, &|_, _| None));
            println!("facts {date} {took:?} {}", facts.customers.len());
        }
    }
}
