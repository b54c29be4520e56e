//! The plan of a change, as a user runs it, against one pass without writing over the same store
//! and state.
//!
//! `cargo bench --bench plan` for 100 000 customers with 2 000 000 orders,
//! `cargo bench --bench plan -- --full` for ten times as many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[allow(dead_code, reason = "times as numbers are for the benchmark of reading")]
mod generator;
mod measure;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use generator::{AS_OF, FULL, QUICK, Times};
use jiff::ToSpan;
use jiff::civil::Date;
use measure::{Seconds, median};

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/club");
const RUNS: usize = 5;

/// What a plan may cost of what a pass costs that writes nothing.
const ALLOWED: f64 = 1.3;

/// Changes: what is replaced in the pack, and with what. The first is the one that is held against
/// the limit.
const CHANGES: [(&str, &str, &str); 4] = [
    ("a threshold", "orders_12m >= 6", "orders_12m >= 8"),
    ("a share", "top_percent(5, spend_12m)", "top_percent(4, spend_12m)"),
    ("a window", "sum: orders.amount, within: 3 months", "sum: orders.amount, within: 2 months"),
    (
        "a filter",
        "sum: orders.cost, within: 3 months",
        "sum: orders.cost, within: 3 months, where: amount > 5",
    ),
];

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    let size = if full { FULL } else { QUICK };
    let store = measure::directory().join(format!("orders-{}.db", size.orders));
    generator::make(&store, size, Times::Text).expect("the store can be written");
    let state = measure::directory().join(format!("plan-{}.tiers.db", size.orders));
    let packs = measure::directory().join("plan-packs");
    let changed: Vec<PathBuf> = CHANGES.iter().map(|change| changed(&packs, *change)).collect();
    println!("{} customers, {} orders; medians of {RUNS}", size.customers, size.orders);
    // A pass that was stored; then both questions are asked of the next day.
    let _ = std::fs::remove_file(&state);
    run(&store, &state, AS_OF, &["evaluate"]);
    let tomorrow = AS_OF.saturating_add(1.day());
    let mut passes = Vec::new();
    let mut plans: Vec<Vec<Seconds>> = vec![Vec::new(); CHANGES.len()];
    for _ in 0..RUNS {
        passes.push(run(&store, &state, tomorrow, &["evaluate", "--dry-run"]));
        for (plans, pack) in plans.iter_mut().zip(&changed) {
            let pack = pack.to_str().expect("a path of ours is text");
            let plan = ["plan", "--against", pack, "--sample", "5"];
            plans.push(run(&store, &state, tomorrow, &plan));
        }
    }
    let pass = median(&passes);
    println!("{:<32} {:>8} {:>7} {:>12} {:>7}", "", "seconds", "ratio", "processor s", "ratio");
    row("evaluate --dry-run", pass, pass);
    let plans: Vec<Seconds> = plans.iter().map(|runs| median(runs)).collect();
    for ((name, ..), plan) in CHANGES.iter().zip(&plans) {
        row(&format!("plan, {name} changed"), *plan, pass);
    }
    let ratio = plans[0].elapsed / pass.elapsed;
    println!("at most {ALLOWED} times a pass: {}", if ratio <= ALLOWED { "yes" } else { "NO" });
}

fn row(name: &str, took: Seconds, pass: Seconds) {
    println!(
        "{name:<32} {:>8.3} {:>7.2} {:>12.2} {:>7.2}",
        took.elapsed,
        took.elapsed / pass.elapsed,
        took.processor,
        took.processor / pass.processor
    );
}

/// The pack with a change.
fn changed(packs: &Path, (name, from, to): (&str, &str, &str)) -> PathBuf {
    let pack = std::fs::read_to_string(Path::new(PACK).join("pack.yaml"));
    let pack = pack.expect("the pack can be read");
    assert!(pack.contains(from), "{from}");
    let directory = packs.join(name.replace(' ', "-"));
    std::fs::create_dir_all(&directory).expect("a directory can be made");
    std::fs::write(directory.join("pack.yaml"), pack.replace(from, to)).expect("it can be written");
    directory
}

/// Runs the program.
fn run(store: &Path, state: &Path, as_of: Date, arguments: &[&str]) -> Seconds {
    let (start, before) = (Instant::now(), measure::processor_seconds().children);
    let output = Command::new(env!("CARGO_BIN_EXE_tierkeeper"))
        .args(arguments)
        .args(["--format", "json", "--pack", PACK, "--as-of", &as_of.to_string(), "--store"])
        .arg(store)
        .arg("--state")
        .arg(state)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let elapsed = start.elapsed().as_secs_f64();
    Seconds { elapsed, processor: measure::processor_seconds().children - before }
}
