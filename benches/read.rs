//! Reading and adding up facts, against the same as one `GROUP BY` in the same SQLite.
//!
//! `cargo bench --bench read` for 100 000 customers with 2 000 000 orders,
//! `cargo bench --bench read -- --full` for ten times as many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod generator;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration as Elapsed, Instant};

use generator::{AS_OF, Size, Times};
use rusqlite::Connection;
use tierkeeper::expr::{Condition, MetricId, Type, Unit};
use tierkeeper::lifecycle::{Duration, DurationUnit};
use tierkeeper::program::*;
use tierkeeper::store::{Facts, QUERY_TIME_LIMIT, ReadOptions, read_facts};

const MONTHS: [u32; 3] = [3, 6, 12];
const AMOUNT: usize = 0;
const COST: usize = 1;

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    let (size, runs) = if full { (generator::FULL, 3) } else { (generator::QUICK, 5) };
    if std::env::args().any(|argument| argument == "--profile") {
        let (program, store) = (program(), path(size, Times::Text));
        (0..5).for_each(|_| read(&program, &store, 2));
        return;
    }
    println!("{} customers, {} orders, twelve metrics", size.customers, size.orders);
    for times in [Times::Text, Times::UnixSeconds] {
        measure(size, times, runs);
    }
}

fn measure(size: Size, times: Times, runs: usize) {
    let store = path(size, times);
    generator::make(&store, size, times).expect("the store can be written");
    let program = program();
    println!("\n{times:?}");
    println!(
        "{:<32} {:>9} {:>7} {:>14} {:>10}",
        "", "seconds", "ratio", "million rows/s", "cpu seconds"
    );
    let group_by = median(runs.min(3), || group_by(&store, times));
    let row = |name: &str, (time, cpu): (Elapsed, f64)| {
        let seconds = time.as_secs_f64();
        let rate = size.orders as f64 / seconds / 1e6;
        let ratio = group_by.0.as_secs_f64() / seconds;
        println!("{name:<32} {seconds:>9.3} {ratio:>7.2} {rate:>14.2} {cpu:>10.2}");
    };
    row("SQL GROUP BY", group_by);
    for threads in [1, 2] {
        let read = median(runs, || read(&program, &store, threads));
        row(&format!("read_facts, {threads} connection(s)"), read);
    }
    let facts = facts(&program, &store, 2);
    assert_eq!(check_sum(&facts), sql_check_sum(&store, times), "both give the same numbers");
}

fn path(size: Size, times: Times) -> PathBuf {
    let name = format!("tierkeeper-bench-{}-{times:?}.db", size.orders);
    std::env::var_os("TIERKEEPER_BENCH_DIR")
        .map_or_else(std::env::temp_dir, PathBuf::from)
        .join(name)
}

/// The median of the elapsed times and of the processor times.
fn median(runs: usize, mut run: impl FnMut()) -> (Elapsed, f64) {
    let (mut elapsed, mut processor): (Vec<_>, Vec<_>) = (0..runs)
        .map(|_| {
            let (start, before) = (Instant::now(), processor_seconds());
            run();
            (start.elapsed(), processor_seconds() - before)
        })
        .unzip();
    elapsed.sort();
    processor.sort_by(f64::total_cmp);
    (elapsed[runs / 2], processor[runs / 2])
}

/// What this process has used of all processors, where Linux tells; it is steadier than the
/// elapsed time on a machine with other work.
fn processor_seconds() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    // User and system time; the fields after the command's name begin with the third.
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>()
        / TICKS_A_SECOND
}

fn read(program: &Program, store: &Path, threads: usize) {
    std::hint::black_box(facts(program, store, threads));
}

fn facts(program: &Program, store: &Path, threads: usize) -> Facts {
    let options = ReadOptions {
        skip_bad_rows: false,
        threads,
        query_time_limit: QUERY_TIME_LIMIT,
        tier_since: &|_, _| None,
        progress: &|_, _| {},
        stop: Arc::default(),
    };
    read_facts(program, store, AS_OF, &options).expect("the store can be read")
}

/// Metric n is aggregate n / 3 over MONTHS[n % 3].
fn aggregates() -> [Aggregate; 4] {
    [Aggregate::Count, Aggregate::Sum(AMOUNT), Aggregate::Sum(COST), Aggregate::Max(AMOUNT)]
}

fn group_by(store: &Path, times: Times) {
    let store = Connection::open(store).expect("the store can be opened");
    store.execute_batch("PRAGMA mmap_size = 0x7fff0000").expect("a pragma");
    let mut statement = store.prepare(&sql(times)).expect("the query is valid");
    let mut rows = statement.query([]).expect("the query runs");
    let mut columns = vec![Vec::new(); 13];
    while let Some(row) = rows.next().expect("a row") {
        for (place, column) in columns.iter_mut().enumerate() {
            column.push(row.get::<_, i64>(place).expect("a number"));
        }
    }
    std::hint::black_box(columns);
}

fn sql(times: Times) -> String {
    let time = |date: jiff::civil::Date| match times {
        Times::Text => format!("'{date}'"),
        Times::UnixSeconds => {
            let zone = jiff::tz::TimeZone::UTC;
            zone.to_timestamp(date.into()).expect("in range").as_second().to_string()
        }
    };
    let mut sql = String::from("SELECT customer_id");
    for aggregate in aggregates() {
        for months in MONTHS {
            let window = Duration { count: months, unit: DurationUnit::Month };
            let first = window.before(AS_OF).expect("in range").tomorrow().expect("in range");
            let inside = format!("placed_at >= {}", time(first));
            sql += &match aggregate {
                Aggregate::Sum(AMOUNT) => {
                    format!(", sum(CASE WHEN {inside} THEN amount ELSE 0 END)")
                }
                Aggregate::Sum(_) => format!(", sum(CASE WHEN {inside} THEN cost ELSE 0 END)"),
                Aggregate::Max(_) => {
                    format!(", coalesce(max(CASE WHEN {inside} THEN amount END), 0)")
                }
                _ => format!(", count(CASE WHEN {inside} THEN 1 END)"),
            };
        }
    }
    let end = time(AS_OF.tomorrow().expect("in range"));
    sql.push_str(&format!(" FROM orders WHERE placed_at < {end} GROUP BY customer_id"));
    sql
}

fn check_sum(facts: &Facts) -> Vec<i128> {
    use tierkeeper::expr::column::{Data, Ints};
    let sum = |metric: MetricId| match &facts.metrics[metric].as_ref().expect("filled").data {
        Data::Number { values: Ints::Narrow(values), .. } => {
            values.iter().map(|&value| i128::from(value)).sum()
        }
        other => panic!("{other:?}"),
    };
    [facts.customers.len() as i128].into_iter().chain((0..12).map(sum)).collect()
}

fn sql_check_sum(store: &Path, times: Times) -> Vec<i128> {
    let store = Connection::open(store).expect("the store can be opened");
    let mut statement = store.prepare(&sql(times)).expect("the query is valid");
    let mut rows = statement.query([]).expect("the query runs");
    let mut sums = vec![0; 13];
    while let Some(row) = rows.next().expect("a row") {
        sums[0] += 1;
        for (place, sum) in sums.iter_mut().enumerate().skip(1) {
            *sum += i128::from(row.get::<_, i64>(place).expect("a number"));
        }
    }
    sums
}

fn program() -> Program {
    let metric = |aggregate, months| Metric {
        name: "metric".to_owned(),
        title: LocalText::default(),
        kind: MetricKind::Rows(RowMetric {
            source: 0,
            aggregate,
            filter: Condition::Always,
            window: Window::Trailing(Duration { count: months, unit: DurationUnit::Month }),
            ago: None,
        }),
        ty: Type::Number,
        unit: Unit::Number,
        scale: 2,
        yearly: false,
        hidden: false,
        span: tierkeeper::source::Span::default(),
    };
    let money = |name: &str| SourceColumn {
        name: name.to_owned(),
        column: ColumnSource::Stored { name: name.to_owned(), minor: true },
        kind: ColumnKind::Money,
        used: true,
    };
    Program {
        name: "bench".to_owned(),
        version: semver::Version::new(1, 0, 0),
        title: LocalText::default(),
        settings: Settings {
            currency: "EUR".to_owned(),
            money_decimals: 2,
            timezone: "UTC".to_owned(),
            year_starts: MonthDay { month: 1, day: 1 },
            population: Condition::Always,
        },
        parameters: Vec::new(),
        customers: None,
        attributes: Vec::new(),
        sources: vec![Source {
            name: "orders".to_owned(),
            from: Relation::Table("orders".to_owned()),
            customer: "customer_id".to_owned(),
            at: "placed_at".to_owned(),
            at_unit: AtUnit::Seconds,
            columns: vec![money("amount"), money("cost")],
        }],
        metrics: aggregates()
            .into_iter()
            .flat_map(|aggregate| MONTHS.map(|months| metric(aggregate, months)))
            .collect(),
        cutoffs: Vec::new(),
        order: Vec::new(),
        ladders: Vec::new(),
        benefits: Vec::new(),
        segments: Vec::new(),
        alerts: Vec::new(),
        scripts: Arc::default(),
    }
}
