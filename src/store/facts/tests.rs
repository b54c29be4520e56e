//! Whole readings of small stores, with expectations written by hand, and a slow and simple
//! second reading of random ones.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::{Date, date};
use rusqlite::Connection;
use rust_decimal::Decimal;

use super::*;
use crate::expr::column::{Data, Ints};
use crate::expr::{CompareOp, Condition, Expr, Fault, Input, Node, Type, Unit, Value};
use crate::lifecycle::{Duration, DurationUnit};
use crate::program::*;
use crate::source::Span;
use crate::store::StoreError;

const AS_OF: Date = date(2026, 3, 21);

struct Shop {
    _folder: tempfile::TempDir,
    store: PathBuf,
}

fn shop(sql: &str) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("shop.db");
    Connection::open(&store).unwrap().execute_batch(sql).unwrap();
    Shop { _folder: folder, store }
}

impl Shop {
    fn read(&self, program: &Program) -> Result<Facts, StoreError> {
        self.read_with(program, false, 2)
    }

    fn read_with(
        &self,
        program: &Program,
        skip: bool,
        threads: usize,
    ) -> Result<Facts, StoreError> {
        let options = ReadOptions {
            skip_bad_rows: skip,
            threads,
            tier_since: &|_, id| (*id == CustomerId::Int(2)).then_some(date(2026, 3, 1)),
            progress: &|_, _| {},
        };
        read_facts(program, &self.store, AS_OF, &options)
    }

    /// The message of an error.
    fn error(&self, program: &Program) -> String {
        self.read(program).unwrap_err().to_string()
    }
}

fn program(sources: Vec<Source>, metrics: Vec<RowMetric>) -> Program {
    let metric = |rows| Metric {
        name: "metric".into(),
        title: LocalText::default(),
        kind: MetricKind::Rows(rows),
        ty: Type::Number,
        unit: Unit::Number,
        scale: 0,
        yearly: false,
        hidden: false,
        span: Span::default(),
    };
    Program {
        name: "test".into(),
        version: semver::Version::new(1, 0, 0),
        title: LocalText::default(),
        settings: Settings {
            currency: "EUR".into(),
            money_decimals: 2,
            timezone: "Europe/Istanbul".into(),
            year_starts: MonthDay { month: 1, day: 1 },
            population: Condition::Always,
        },
        parameters: Vec::new(),
        customers: None,
        attributes: Vec::new(),
        sources,
        metrics: metrics.into_iter().map(metric).collect(),
        cutoffs: Vec::new(),
        order: Vec::new(),
        ladders: Vec::new(),
        benefits: Vec::new(),
        segments: Vec::new(),
        alerts: Vec::new(),
        scripts: Arc::default(),
    }
}

fn with_customers(mut program: Program, attributes: &[(&str, ColumnKind)]) -> Program {
    program.customers = Some(Customers { table: "customers".into(), id: "id".into() });
    let attribute = |&(name, kind): &(&str, ColumnKind)| Attribute {
        name: name.into(),
        column: ColumnSource::Stored { name: name.into(), minor: false },
        kind,
        used: true,
    };
    program.attributes = attributes.iter().map(attribute).collect();
    program
}

fn orders(columns: &[(&str, ColumnKind)]) -> Source {
    let column = |&(name, kind): &(&str, ColumnKind)| SourceColumn {
        name: name.into(),
        column: ColumnSource::Stored { name: name.into(), minor: false },
        kind,
        used: true,
    };
    Source {
        name: "orders".into(),
        from: Relation::Table("orders".into()),
        customer: "customer".into(),
        at: "at".into(),
        at_unit: AtUnit::Seconds,
        columns: columns.iter().map(column).collect(),
    }
}

fn query(sql: &str) -> Source {
    Source { from: Relation::Query(sql.into()), ..orders(&[]) }
}

fn all(aggregate: Aggregate) -> RowMetric {
    RowMetric {
        source: 0,
        aggregate,
        filter: Condition::Always,
        window: Window::Lifetime,
        ago: None,
    }
}

fn months(count: u32) -> Duration {
    Duration { count, unit: DurationUnit::Month }
}

fn expr(node: Node, ty: Type) -> Expr {
    Expr { node, ty, unit: Unit::Number, span: Span::default() }
}

/// column > number
fn above(column: usize, number: i64) -> Condition<Expr> {
    let column = expr(Node::Input(Input::Column(column)), Type::Number);
    let number = expr(Node::Literal(Value::Number(number.into())), Type::Number);
    let compared = Node::Compare(CompareOp::Greater, Box::new(column), Box::new(number));
    Condition::Expr(expr(compared, Type::Flag))
}

fn ids(facts: &Facts) -> Vec<String> {
    facts.customers.iter().map(CustomerId::to_string).collect()
}

/// A metric's values as decimals.
fn values(facts: &Facts, metric: usize) -> Vec<String> {
    shown(facts.metrics[metric].as_ref().unwrap())
}

fn shown(column: &Column) -> Vec<String> {
    (0..column.len())
        .map(|row| match (column.fault(row), column.is_known(row), &column.data) {
            (Some(fault), ..) => format!("{fault:?}"),
            (_, false, _) => "NULL".into(),
            (.., Data::Number { scale, values }) => {
                let value = match values {
                    Ints::Narrow(values) => i128::from(values[row]),
                    Ints::Wide(values) => values[row],
                };
                let text = Decimal::try_from_i128_with_scale(value, u32::from(*scale));
                // Only without its zeros does it fit.
                text.map_or_else(|_| (value / 100).to_string(), |text| text.to_string())
            }
            (.., Data::Text { codes, dictionary }) => dictionary.text(codes[row]).to_string(),
            (.., Data::Date(days)) => crate::expr::date_from_days(days[row]).to_string(),
            (.., Data::Flag(flags)) => flags[row].to_string(),
        })
        .collect()
}

const ORDERS: &str = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer, at, amount);";

const AMOUNT: &[(&str, ColumnKind)] = &[("amount", ColumnKind::Money)];

#[test]
fn every_aggregate_of_a_few_rows() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (2, '2026-03-21 23:59:59', 10), (2, '2026-03-01', '0.125'), (2, '2025-03-22T10:00', 5.5),
         (2, '2026-03-01 00:00', 7), (2, '2026-03-01', NULL), (2, '2026-03-22', 1000),
         ('10', '2026-03-11', -3), ('a', '2026-03-20', NULL), (NULL, '2026-03-01', 1),
         ('', '2026-03-01', 1), (99, '2026-03-22', 1)"
    ));
    let mut metrics: Vec<RowMetric> = [
        Aggregate::Count,
        Aggregate::Sum(0),
        Aggregate::Min(0),
        Aggregate::Max(0),
        Aggregate::Average(0),
        Aggregate::First(0),
        Aggregate::Last(0),
        Aggregate::Distinct(0),
        Aggregate::DistinctDays,
        Aggregate::Percent,
        Aggregate::DaysSinceLast,
        Aggregate::DaysSinceFirst,
        Aggregate::DaysBetween,
    ]
    .map(all)
    .into();
    metrics[9].filter = above(0, 6);
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    assert_eq!(ids(&facts), ["2", "10", "a"]);
    // 0.125 rounds half to even at two decimals: 0.12.
    let expected: [[&str; 3]; 13] = [
        ["5", "1", "1"],
        ["22.62", "-3.00", "0.00"],
        ["0.12", "-3.00", "0.00"],
        ["10.00", "-3.00", "0.00"],
        ["5.655000", "-3.000000", "0.000000"],
        ["5.50", "-3.00", "0.00"],
        ["10.00", "-3.00", "0.00"],
        ["4", "1", "0"],
        ["3", "1", "1"],
        ["40.000000", "0.000000", "0.000000"],
        ["0", "10", "1"],
        ["364", "10", "1"],
        ["182.000000", "36500.000000", "36500.000000"],
    ];
    for (metric, expected) in expected.iter().enumerate() {
        assert_eq!(values(&facts, metric), expected, "metric {metric}");
    }
    assert_eq!(facts.skipped_rows, BTreeMap::from([("no customer".into(), 2)]));
    assert_eq!(facts.bad_rows, 0);
}

#[test]
fn equal_times_are_decided_by_value() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (1, '2026-03-01T10:00:00Z', 5), (1, '2026-03-01 13:00:00', 3), (1, 1772359200, 4)"
    ));
    let metrics = vec![all(Aggregate::First(0)), all(Aggregate::Last(0))];
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    assert_eq!(values(&facts, 0), ["3.00"]);
    assert_eq!(values(&facts, 1), ["5.00"]);
}

#[test]
fn windows_filters_and_ago() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (1, '2025-03-21', 1), (1, '2025-03-22', 2), (1, '2025-12-31', 4), (1, '2026-01-01', 8),
         (1, '2026-03-16', 16), (1, '2026-03-15', 32), (2, '2026-02-28', 1), (2, '2026-03-01', 2)"
    ));
    let sum = |window, ago| RowMetric { window, ago, ..all(Aggregate::Sum(0)) };
    let metrics = vec![
        sum(Window::Trailing(months(12)), None),
        sum(Window::Calendar(Period::Year), None),
        sum(Window::Previous(Period::Year), None),
        sum(Window::Calendar(Period::Week), None),
        sum(Window::Lifetime, Some(months(12))),
        sum(Window::Tier(0), None),
        RowMetric { filter: above(0, 7), ..sum(Window::Trailing(months(12)), None) },
    ];
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    let expected = [
        ["62.00", "3.00"],
        ["56.00", "3.00"],
        ["7.00", "0.00"],
        ["16.00", "0.00"],
        ["1.00", "0.00"],
        // Customer 2 has been in the tier since 1 March, 1 in none.
        ["63.00", "2.00"],
        ["56.00", "0.00"],
    ];
    for (metric, expected) in expected.iter().enumerate() {
        assert_eq!(values(&facts, metric), expected, "metric {metric}");
    }
}

#[test]
fn customers_are_those_of_the_table() {
    let shop = shop(&format!(
        "CREATE TABLE customers (id, joined, channel, consent);
         INSERT INTO customers VALUES ('b', '2024-02-29', 'web', 1), (10.0, NULL, NULL, 0),
         ('9', '2026-03-22', 'shop', NULL), (NULL, NULL, NULL, NULL);
         {ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (9, '2026-03-01', 1), ('b', '2026-02-28', 2), ('b', '2026-02-27', 4), (8, '2026-01-01', 8),
         (8, '2027-01-01', 8), (8, '2026-01-01', 'unread')"
    ));
    let attributes = [
        ("joined", ColumnKind::Date),
        ("channel", ColumnKind::Text),
        ("consent", ColumnKind::Flag),
    ];
    let year = RowMetric { window: Window::MembershipYear(0), ..all(Aggregate::Sum(0)) };
    let metrics = vec![all(Aggregate::Sum(0)), year];
    let facts =
        shop.read(&with_customers(program(vec![orders(AMOUNT)], metrics), &attributes)).unwrap();
    assert_eq!(ids(&facts), ["9", "10", "b"]);
    assert_eq!(values(&facts, 0), ["1.00", "0.00", "6.00"]);
    // 9 joins later, of 10 it is not known; b's year began on 28 February.
    assert_eq!(values(&facts, 1), ["0.00", "0.00", "2.00"]);
    let attribute = |id: usize| shown(facts.attributes[id].as_ref().unwrap());
    assert_eq!(attribute(0), ["2026-03-22", "NULL", "2024-02-29"]);
    assert_eq!(attribute(1), ["shop", "NULL", "web"]);
    assert_eq!(attribute(2), ["NULL", "false", "true"]);
    let skipped = [("customer without id", 1), ("unknown customer", 2)];
    assert_eq!(facts.skipped_rows, skipped.map(|(why, rows)| (why.to_owned(), rows)).into());
    assert_eq!(facts.slot(&CustomerId::parse("b")), Some(2));
    assert_eq!(facts.slot(&CustomerId::parse("8")), None);
}

#[test]
fn a_customer_twice_in_the_table_is_a_bad_row() {
    let shop = shop(&format!(
        "CREATE TABLE customers (id); INSERT INTO customers VALUES (1), ('1'); {ORDERS}"
    ));
    let program = with_customers(program(vec![orders(&[])], vec![all(Aggregate::Count)]), &[]);
    assert!(shop.error(&program).contains("a customer that the table has already"));
    let facts = shop.read_with(&program, true, 2).unwrap();
    assert_eq!((ids(&facts), facts.bad_rows), (vec!["1".into()], 1));
}

#[test]
fn computed_columns_are_rounded_and_may_fault() {
    let shop = shop(
        "CREATE TABLE orders (customer, at, quantity, price); INSERT INTO orders VALUES
         (1, '2026-03-01', 3, 0.335), (1, '2026-03-01', NULL, 1),
         (2, '2026-03-01', 1000000000, '79000000000000000000000'), (3, '2026-03-01', 1, 1)",
    );
    let mut source = orders(&[
        ("quantity", ColumnKind::Count),
        ("price", ColumnKind::Number),
        ("amount", ColumnKind::Money),
    ]);
    let input = |column| Box::new(expr(Node::Input(Input::Column(column)), Type::Number));
    let product = Node::Arithmetic(crate::expr::ArithmeticOp::Multiply, input(0), input(1));
    source.columns[2].column = ColumnSource::Computed(expr(product, Type::Number));
    let metrics = vec![all(Aggregate::Sum(2)), all(Aggregate::Count)];
    let facts = shop.read(&program(vec![source], metrics)).unwrap();
    // 1.005 rounds half to even.
    assert_eq!(values(&facts, 0), ["1.00", "Overflow", "1.00"]);
    assert_eq!(values(&facts, 1), ["2", "1", "1"]);
}

#[test]
fn large_numbers_are_exact_or_a_fault_of_that_customer() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (1, '2026-01-01', 92233720368547758), (1, '2026-01-02', 92233720368547758),
         (1, '2026-01-03', '-0.01'),
         (2, '2026-01-01', '700000000000000000000000000'), (2, '2026-01-02', 1),
         (3, '2026-01-01', '50000000000000000000000000000'),
         (3, '2026-01-02', '50000000000000000000000000000'),
         (4, '2026-01-01', 1e30), (4, '2026-01-01', 5), (5, '2026-01-01', 5)"
    ));
    let aggregates = [
        Aggregate::Sum(0),
        Aggregate::Max(0),
        Aggregate::Min(0),
        Aggregate::Last(0),
        Aggregate::Average(0),
        Aggregate::Distinct(0),
        Aggregate::Count,
    ];
    let metrics = aggregates.map(all).to_vec();
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    let big = "700000000000000000000000000.00";
    let bigger = "50000000000000000000000000000";
    let expected = [
        ["184467440737095515.99", "700000000000000000000000001.00", "Overflow", "Overflow", "5.00"],
        ["92233720368547758.00", big, bigger, "Overflow", "5.00"],
        ["-0.01", "1.00", bigger, "Overflow", "5.00"],
        ["-0.01", "1.00", bigger, "Overflow", "5.00"],
    ];
    for (metric, expected) in expected.iter().enumerate() {
        assert_eq!(values(&facts, metric), expected, "metric {metric}");
    }
    assert_eq!(values(&facts, 4)[0], "61489146912365171.996667");
    assert_eq!(values(&facts, 5), ["2", "2", "1", "Overflow", "1"]);
    assert_eq!(values(&facts, 6), ["3", "2", "2", "2", "1"]);
    assert_eq!(facts.metrics[0].as_ref().unwrap().fault(3), Some(Fault::Overflow));
}

#[test]
fn texts_and_dates_have_extremes_too() {
    let shop = shop(
        "CREATE TABLE orders (customer, at, channel, due); INSERT INTO orders VALUES
         (1, '2026-01-01', 'web', '2026-05-01'), (1, '2026-01-02', 'app', NULL),
         (1, '2026-01-02', 'shop', '2026-04-01'), (2, '2026-01-01', NULL, NULL)",
    );
    let source = orders(&[("channel", ColumnKind::Text), ("due", ColumnKind::Date)]);
    let aggregates = [
        Aggregate::First(0),
        Aggregate::Last(0),
        Aggregate::Min(0),
        Aggregate::Max(1),
        Aggregate::Distinct(0),
    ];
    let facts = shop.read(&program(vec![source], aggregates.map(all).to_vec())).unwrap();
    assert_eq!(values(&facts, 0), ["web", "NULL"]);
    assert_eq!(values(&facts, 1), ["shop", "NULL"]);
    assert_eq!(values(&facts, 2), ["app", "NULL"]);
    assert_eq!(values(&facts, 3), ["2026-05-01", "NULL"]);
    assert_eq!(values(&facts, 4), ["3", "0"]);
}

#[test]
fn a_row_that_cannot_be_read_stops_the_pass_or_is_skipped() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (id, customer, at, amount) VALUES
         (1, 1, '2026-01-01', 1), (7, 1, '2026-02-30', 1), (8, 1, '2026-01-01', 'twelve'),
         (9, 5, '2026-01-01', 9e999), (10, 1, '2026-01-01', x'00'), (11, 1, NULL, 1),
         (12, 1, '2026-01-01', 0.0), (13, 1, '2030-01-01', 'later')"
    ));
    let program = program(vec![orders(AMOUNT)], vec![all(Aggregate::Sum(0))]);
    assert_eq!(
        shop.error(&program),
        "cannot read row 7 of source `orders`: column `at` is `2026-02-30`, \
         a day that the calendar does not have; `--skip-bad-rows` skips such rows and counts them"
    );
    for threads in [1, 2] {
        let facts = shop.read_with(&program, true, threads).unwrap();
        assert_eq!(facts.bad_rows, 5);
        assert_eq!(facts.bad_row_reasons.values().sum::<u64>(), 5);
        assert_eq!(facts.bad_row_examples.len(), 5);
        assert!(facts.bad_row_examples[1].contains("row 8: column `amount` is `twelve`"));
        // Customer 5 is known from an unreadable row only.
        assert_eq!((ids(&facts), values(&facts, 0)), (vec!["1".into()], vec!["1.00".into()]));
    }
}

#[test]
fn queries_views_and_tables_without_row_numbers_are_read() {
    let shop = shop(
        "CREATE TABLE sales (Buyer, day, PRIMARY KEY (Buyer, day)) WITHOUT ROWID;
         INSERT INTO sales VALUES (1, '2026-01-01'), (1, '2026-01-02'), (2, '2026-01-01');
         CREATE VIEW orders AS SELECT Buyer AS customer, day AS at FROM sales;",
    );
    let count = || vec![all(Aggregate::Count)];
    let table = Source {
        from: Relation::Table("SALES".into()),
        customer: "buyer".into(),
        at: "day".into(),
        ..orders(&[])
    };
    for source in [
        orders(&[]),
        table,
        query("SELECT day AS At, Buyer AS customer FROM sales -- all of them"),
        query("WITH s AS (SELECT * FROM sales) SELECT buyer customer, day at FROM s;"),
    ] {
        let facts = shop.read(&program(vec![source], count())).unwrap();
        assert_eq!(values(&facts, 0), ["2", "1"]);
    }
}

#[test]
fn what_a_store_lacks_is_named_with_what_is_near() {
    let shop =
        shop("CREATE TABLE order_lines (customer_id, at); CREATE TABLE orders (customer, att)");
    let mut source = orders(&[]);
    let error = |source: &Source| shop.error(&program(vec![source.clone()], Vec::new()));
    assert_eq!(
        error(&source),
        "source `orders` needs the column `at`, which the table `orders` does not have; \
         did you mean `att`?"
    );
    source.from = Relation::Table("order_line".into());
    assert_eq!(
        error(&source),
        "source `orders` needs the table `order_line`, which the store does not have; \
         did you mean `order_lines`?"
    );
    source.from = Relation::Query("SELECT customer FROM orders".into());
    assert!(error(&source).contains("the column `at`, which its query does not have"));
    source.from = Relation::Query("DELETE FROM orders".into());
    assert!(error(&source).contains("it must be one `SELECT` that only reads"));
    source.from = Relation::Query("SELECT customer, at FROM nowhere".into());
    assert!(error(&source).contains("no such table: nowhere"));
}

#[test]
fn a_query_that_fails_on_the_way_is_told() {
    let shop = shop("CREATE TABLE t (a); INSERT INTO t VALUES (1), (-9223372036854775808)");
    let source = query("SELECT abs(a) AS customer, '2026-01-01' AS at FROM t");
    let error = shop.error(&program(vec![source], Vec::new()));
    assert!(error.contains("the query of source `orders` failed: integer overflow"), "{error}");
}

#[test]
fn a_corrupt_store_is_told() {
    let shop = shop(&format!(
        "{ORDERS} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO orders SELECT i, i, '2026-01-01', i FROM n"
    ));
    let mut bytes = std::fs::read(&shop.store).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xA5);
    std::fs::write(&shop.store, bytes).unwrap();
    let program = program(vec![orders(AMOUNT)], vec![all(Aggregate::Count)]);
    assert!(matches!(shop.read(&program), Err(StoreError::Corrupt { .. })));
}

/// Every aggregate and window over random rows gives the same for any order of rows, any
/// number of threads, and with a customers table.
#[test]
fn the_order_of_rows_and_the_number_of_threads_do_not_matter() {
    let rows = random_rows();
    let mut shuffled = rows.clone();
    shuffled.sort_by_key(|row| row.len() * 7919 % 31 + row.as_bytes()[row.len() / 2] as usize);
    let aggregates = [
        Aggregate::Count,
        Aggregate::Sum(0),
        Aggregate::Min(0),
        Aggregate::Max(0),
        Aggregate::Average(0),
        Aggregate::First(0),
        Aggregate::Last(0),
        Aggregate::Distinct(0),
        Aggregate::DistinctDays,
        Aggregate::Percent,
        Aggregate::DaysSinceLast,
        Aggregate::DaysSinceFirst,
        Aggregate::DaysBetween,
        Aggregate::First(1),
        Aggregate::Last(1),
        Aggregate::Distinct(1),
    ];
    let windows = [
        Window::Lifetime,
        Window::Trailing(months(6)),
        Window::Calendar(Period::Quarter),
        Window::Previous(Period::Month),
        Window::Tier(0),
    ];
    let metrics = aggregates.into_iter().flat_map(|aggregate| {
        windows.map(|window| RowMetric {
            window,
            filter: if window == Window::Lifetime { Condition::Always } else { above(0, 50) },
            ..all(aggregate)
        })
    });
    let source = orders(&[("amount", ColumnKind::Money), ("channel", ColumnKind::Text)]);
    let program = program(vec![source], metrics.collect());
    let fill = |rows: &[String]| {
        let mut sql = String::from("CREATE TABLE orders (customer, at, amount, channel); BEGIN;");
        for chunk in rows.chunks(500) {
            sql += &format!("INSERT INTO orders VALUES {};", chunk.join(","));
        }
        sql += "COMMIT; CREATE TABLE customers AS SELECT DISTINCT customer AS id FROM orders;";
        shop(&sql)
    };
    let (ordered, shuffled) = (fill(&rows), fill(&shuffled));
    let expected = ordered.read_with(&program, false, 1).unwrap();
    let of_table = with_customers(program.clone(), &[]);
    for (shop, threads) in [(&ordered, 3), (&shuffled, 1), (&shuffled, 3)] {
        for program in [&program, &of_table] {
            let facts = shop.read_with(program, false, threads).unwrap();
            assert_eq!(facts.customers, expected.customers);
            for metric in 0..program.metrics.len() {
                assert_eq!(values(&facts, metric), values(&expected, metric), "metric {metric}");
            }
        }
    }
}

/// More than several ranges of rows, so that threads share them.
fn random_rows() -> Vec<String> {
    let mut state = 42_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % below
    };
    (0..120_000)
        .map(|_| {
            let customer = match random(10) {
                0 => format!("'c{}'", random(50)),
                _ => random(200).to_string(),
            };
            let (day, hour) = (1 + random(28), random(24));
            let at = format!("'202{}-{:02}-{day:02} {hour:02}:00'", 4 + random(2), 1 + random(12));
            let amount = match random(20) {
                0 => "NULL".to_owned(),
                1 => "'90000000000000000'".to_owned(),
                _ => format!("{}.{:02}", random(200), random(100)),
            };
            format!("({customer}, {at}, {amount}, 'channel {}')", random(7))
        })
        .collect()
}
