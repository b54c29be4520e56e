//! From saving a file to answers by the new rules: the guard's plan over everybody, the pass for
//! today and its writing included.
//!
//! `cargo bench --bench reload` for 100 000 customers with 2 000 000 orders,
//! `cargo bench --bench reload -- --full` for ten times as many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[allow(dead_code, reason = "times as numbers are for the benchmark of reading")]
mod generator;
mod measure;
mod served;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use generator::{AS_OF, FULL, QUICK, Times};
use served::Host;

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/club/pack.yaml");

/// Saves of each kind of change.
const SAVES: usize = 99;

/// Changes: what is replaced in the pack, and with what, `#` being another number each time.
const CHANGES: [(&str, &str, &str); 3] = [
    ("a threshold", "spend_3m - cost_3m >= 10", "spend_3m - cost_3m >= 10.#"),
    (
        "a benefit",
        "tiers: { vip: 20, gold: 10, silver: 5 }",
        "tiers: { vip: 20.#, gold: 10, silver: 5 }",
    ),
    (
        "a filter, so that rows are read",
        "sum: orders.cost, within: 3 months",
        "sum: orders.cost, within: 3 months, where: amount > 0.#",
    ),
];

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    let (size, saves) = if full { (FULL, SAVES / 5) } else { (QUICK, SAVES) };
    let store = measure::directory().join(format!("orders-{}.db", size.orders));
    generator::make(&store, size, Times::Text).expect("the store can be written");
    let directory = measure::directory().join("reload");
    fs::create_dir_all(directory.join("pack")).expect("a directory can be made");
    let pack = directory.join("pack/pack.yaml");
    let text = fs::read_to_string(PACK).expect("the pack can be read");
    fs::write(&pack, &text).expect("it can be written");
    let state = directory.join("shop.tiers.db");
    let _ = fs::remove_file(&state);
    let host = Host::start(&directory.join("pack"), &store, &state, AS_OF, &[]);
    println!("{} customers, {} orders; {saves} saves each", size.customers, size.orders);
    println!("{:<34} {:>9} {:>9} {:>9} {:>9}", "", "median s", "p90 s", "p99 s", "largest");
    for (name, from, to) in CHANGES {
        assert!(text.contains(from), "{from}");
        let mut took: Vec<f64> = (1..=saves)
            .map(|save| {
                let to = to.replace('#', &format!("{save:02}"));
                edit(&host, &pack, &text.replace(from, &to))
            })
            .collect();
        took.sort_by(f64::total_cmp);
        let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)];
        println!("{name:<34} {:>9.3} {:>9.3} {:>9.3} {:>9.3}", at(50), at(90), at(99), at(100));
    }
    println!("of which 0.25 s are the quiet time after the last event of a save");
}

/// Saves the pack and waits until another generation answers; seconds.
fn edit(host: &Host, pack: &Path, text: &str) -> f64 {
    let mut client = host.client();
    let (_, before, _) = client.get("/v1/customers/1");
    // Not in step with what came before.
    std::thread::sleep(Duration::from_millis(300));
    let start = Instant::now();
    fs::write(pack, text).expect("it can be written");
    host.until(|| {
        let (status, generation, _) = client.get("/v1/customers/1");
        assert!(status < 500, "it answers");
        generation != before
    });
    start.elapsed().as_secs_f64()
}
