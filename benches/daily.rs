//! A pass a day: a first one, then days on which some orders are new and some reviews are due. Shows
//! reading, deciding and writing apart, and what writing grows with.
//!
//! `cargo bench --bench daily` for 100 000 customers with 2 000 000 orders,
//! `cargo bench --bench daily -- --full` for ten times as many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[allow(dead_code, reason = "times as numbers are for the benchmark of reading")]
mod generator;
mod measure;
mod program;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use generator::{AS_OF, FULL, QUICK, Size, Times};
use jiff::ToSpan;
use jiff::civil::Date;
use measure::{Seconds, middle, time};
use program::{Evaluate, Project};
use rusqlite::{Connection, params};

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/members");
/// Days after the first pass.
const DAYS: i64 = 5;
/// One customer in so many has a hold.
const HELD: u64 = 1000;
/// The longest time between two reviews: a multiple of all others.
const LONGEST_DAYS: u64 = 5000;

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    let tenth = Size { customers: QUICK.customers / 10, orders: QUICK.orders / 10 };
    let (small, large) = if full { (QUICK, FULL) } else { (tenth, QUICK) };
    let changes = [large.customers / 100, large.customers / 1000, large.customers / 10_000];
    println!("medians of {DAYS} days, but for the first pass");
    println!(
        "{:>10} {:>9} {:<12} {:>7} {:>7} {:>7} {:>9} {:>8} {:>9} {:>10} {:>8}",
        "customers",
        "new, due",
        "",
        "read s",
        "decide",
        "write",
        "processor",
        "events",
        "MB",
        "µs/event",
        "peak MB"
    );
    let mut dailies = Vec::new();
    for size in [large, small] {
        let store = Store::of(size);
        for &changes in &changes {
            // At most one percent of the customers.
            if changes * 100 <= size.customers {
                dailies.push((size, changes, series(&store, changes)));
            }
        }
        anew(&store);
    }
    println!("\nwriting, against the first row");
    let (.., most) = dailies[0];
    for (size, changes, day) in dailies {
        println!(
            "{:>10} {changes:>9} {:>7.2} of the events, {:>6.2} of the bytes, {:>6.2} of the seconds",
            size.customers,
            day.events / most.events,
            day.written / most.written,
            day.write / most.write,
        );
    }
}

/// Medians of the days after a first pass.
#[derive(Debug, Clone, Copy)]
struct Daily {
    events: f64,
    written: f64,
    write: f64,
}

/// A first pass, then some days with so many new orders and about as many reviews.
fn series(store: &Store, changes: u64) -> Daily {
    store.forget_new_orders();
    let _ = std::fs::remove_file(&store.state);
    // About half of the customers have a fixed review.
    let set = [format!("period={} days", store.size.customers / 2 / changes)];
    let Store { path, state, size, .. } = store;
    let project = Project { pack: PACK, store: path, state, set: &set };
    let first = AS_OF.saturating_add(1.day());
    row(size.customers, changes, "first pass", &[(project.evaluate(first), store.events(first))]);
    let holds = store.holds();
    let arguments = ["--from".as_ref(), holds.as_os_str(), "--reason".as_ref(), "partner".as_ref()];
    project.run("hold", first, &arguments as &[&OsStr]);
    let days: Vec<(Evaluate, u64)> = (1..=DAYS)
        .map(|day| {
            let date = first.saturating_add(day.days());
            store.order(date, changes);
            (project.evaluate(date), store.events(date))
        })
        .collect();
    row(size.customers, changes, "a day", &days);
    Daily {
        events: middle(days.iter().map(|(_, events)| *events as f64)),
        written: middle(days.iter().map(|(day, _)| day.written as f64)),
        write: middle(days.iter().map(|(day, _)| day.write)),
    }
}

fn row(customers: u64, changes: u64, name: &str, days: &[(Evaluate, u64)]) {
    let of = |value: fn(&Evaluate) -> f64| middle(days.iter().map(|(day, _)| value(day)));
    let events = middle(days.iter().map(|(_, events)| *events as f64));
    let peak = days.iter().map(|(day, _)| day.memory.peak).max().unwrap_or(0);
    println!(
        "{customers:>10} {changes:>9} {name:<12} {:>7.3} {:>7.3} {:>7.3} {:>9.2} {events:>8.0} {:>9.2} {:>10.1} {:>8.0}",
        of(|day| day.read),
        of(|day| day.decide),
        of(|day| day.write),
        of(|day| day.took.processor),
        of(|day| day.written as f64) / 1e6,
        of(|day| day.write) * 1e6 / events,
        peak as f64 / f64::from(1 << 20),
    );
}

/// What it takes to write every standing anew, at its best: from the same file, without deciding and
/// without events.
fn anew(store: &Store) {
    let copy = store.path.with_extension("anew.db");
    std::fs::copy(&store.state, &copy).expect("the state can be copied");
    let before = measure::bytes_written();
    let ((), took) = time(|| {
        let state = Connection::open(&copy).expect("the copy can be opened");
        state
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = NORMAL;
                 BEGIN;
                 CREATE TEMP TABLE old AS SELECT * FROM tk_standing;
                 DELETE FROM tk_standing;
                 INSERT INTO tk_standing SELECT * FROM temp.old;
                 COMMIT;
                 PRAGMA journal_mode = DELETE;",
            )
            .expect("it can be written");
    });
    let Seconds { elapsed, processor } = took;
    println!(
        "{:>10} {:>9} {:<12} {:>7} {:>7} {elapsed:>7.3} {processor:>9.2} {:>8} {:>9.2}",
        store.size.customers,
        "",
        "all anew",
        "",
        "",
        "",
        (measure::bytes_written() - before) as f64 / 1e6,
    );
}

/// The orders of a shop with its members, and the state beside them.
struct Store {
    path: PathBuf,
    state: PathBuf,
    size: Size,
}

impl Store {
    /// A copy of the orders of the other benchmarks, with a table of members.
    fn of(size: Size) -> Store {
        let orders = measure::directory().join(format!("orders-{}.db", size.orders));
        generator::make(&orders, size, Times::Text).expect("the store can be written");
        let path = measure::directory().join(format!("daily-{}.db", size.orders));
        let state = path.with_extension("tiers.db");
        let store = Store { path, state, size };
        if !store.path.exists() {
            let unfinished = store.path.with_extension("unfinished");
            std::fs::copy(&orders, &unfinished).expect("the orders can be copied");
            store.enrol(&unfinished).expect("members can be written");
            std::fs::rename(&unfinished, &store.path).expect("it can be renamed");
        }
        store
    }

    /// Members joined on days that are spread evenly.
    fn enrol(&self, path: &Path) -> rusqlite::Result<()> {
        let mut store = Connection::open(path)?;
        let transaction = store.transaction()?;
        transaction.execute_batch("CREATE TABLE members (id INTEGER PRIMARY KEY, joined TEXT)")?;
        let mut insert = transaction.prepare("INSERT INTO members VALUES (?1, ?2)")?;
        let joined: Vec<String> = (0..LONGEST_DAYS as i64)
            .map(|days| AS_OF.saturating_sub(days.days()).to_string())
            .collect();
        for id in 1..=self.size.customers {
            let joined = &joined[(spread(id) % LONGEST_DAYS) as usize];
            insert.execute(params![id as i64, joined])?;
        }
        drop(insert);
        transaction.commit()
    }

    fn open(&self) -> Connection {
        Connection::open(&self.path).expect("the store can be opened")
    }

    fn forget_new_orders(&self) {
        let orders = self.size.orders as i64;
        self.open()
            .execute("DELETE FROM orders WHERE id > ?1", [orders])
            .expect("new orders can be deleted");
    }

    /// An order each for so many customers.
    fn order(&self, date: Date, count: u64) {
        let mut store = self.open();
        let transaction = store.transaction().expect("the store can be written");
        let mut insert = transaction
            .prepare("INSERT INTO orders VALUES (NULL, ?1, ?2, ?3, ?4)")
            .expect("the table is there");
        let (at, seed) = (format!("{date} 12:00:00"), spread(date.day() as u64));
        for order in 0..count {
            let customer = 1 + (spread(order) + seed) % self.size.customers;
            let amount = 500 + (spread(order * 7) % 4000) as i64;
            insert
                .execute(params![customer as i64, at, amount, amount / 2])
                .expect("an order can be written");
        }
        drop(insert);
        transaction.commit().expect("orders can be written");
    }

    /// A file with the holds of some customers, half of them floors.
    fn holds(&self) -> PathBuf {
        let mut text = String::from("customer,tier,until,floor\n");
        let until = AS_OF.saturating_add(1.year());
        for id in (1..=self.size.customers).step_by(HELD as usize) {
            let floor = if id % (2 * HELD) == 1 { "yes" } else { "no" };
            writeln!(text, "{id},club.gold,{until},{floor}").expect("writing to a string");
        }
        let path = self.path.with_extension("holds.csv");
        std::fs::write(&path, text).expect("the file can be written");
        path
    }

    /// Events of a pass, as the state has them.
    fn events(&self, as_of: Date) -> u64 {
        let state = Connection::open(&self.state).expect("the state can be opened");
        let first = "SELECT first_event FROM tk_pass WHERE as_of = ?1";
        let sql = format!("SELECT count(*) FROM tk_event_row WHERE seq >= ({first})");
        let events: i64 =
            state.query_row(&sql, [as_of.to_string()], |row| row.get(0)).expect("it can be read");
        events as u64
    }
}

/// Far from each other for numbers that are near.
fn spread(number: u64) -> u64 {
    number.wrapping_mul(2_654_435_761) % (1 << 40)
}
