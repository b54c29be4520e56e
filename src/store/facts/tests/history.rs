use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::expr::{ArithmeticOp, Function};

const UNTIL: Date = date(2026, 6, 30);

#[test]
fn who_and_what_was_there_on_a_date() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (3, '2026-01-10', 5), (1, '2026-02-01', 7), (3, '2026-02-01', 11),
         ('b', '2026-03-01 23:59', 13), (NULL, '2026-02-15', 1), (2, '2026-03-10', NULL)"
    ));
    let trailing = RowMetric { window: Window::Trailing(months(1)), ..all(Aggregate::Sum(0)) };
    let metrics = vec![all(Aggregate::Sum(0)), trailing, all(Aggregate::DaysSinceLast)];
    let program = program(vec![orders(AMOUNT)], metrics);
    let history = History::read(&program, &shop.store, UNTIL, &shop.options(false, 2)).unwrap();
    let on = |date| history.facts(&program, date, &tier_since);
    let facts = on(date(2026, 1, 9));
    assert!(facts.customers.is_empty());
    assert_eq!(values(&facts, 0), [""; 0]);
    let facts = on(date(2026, 2, 10));
    assert_eq!(ids(&facts), ["1", "3"]);
    assert_eq!(values(&facts, 0), ["7.00", "16.00"]);
    // The window begins on 11 January.
    assert_eq!(values(&facts, 1), ["7.00", "11.00"]);
    assert_eq!(values(&facts, 2), ["9", "9"]);
    assert!(facts.skipped_rows.is_empty());
    let facts = on(date(2026, 3, 1));
    assert_eq!(ids(&facts), ["1", "3", "b"]);
    assert_eq!(facts.skipped_rows, BTreeMap::from([("no customer".into(), 1)]));
    // No further fact comes.
    let facts = on(date(2027, 3, 10));
    assert_eq!(ids(&facts), ["1", "2", "3", "b"]);
    assert_eq!(values(&facts, 1), ["0.00"; 4]);
    assert_eq!(values(&facts, 2), ["402", "365", "402", "374"]);
}

#[test]
fn a_bad_row_counts_from_its_day_and_stops_the_reading_at_once() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (id, customer, at, amount) VALUES
         (1, 1, '2026-01-01', 1), (2, 1, '2026-02-01', 'twelve'), (3, 1, '2026-02-30', 1),
         (4, 1, '2027-01-01', 'later')"
    ));
    let program = program(vec![orders(AMOUNT)], vec![all(Aggregate::Sum(0))]);
    let read = |until, skip| History::read(&program, &shop.store, until, &shop.options(skip, 2));
    let error = read(UNTIL, false).unwrap_err().to_string();
    assert!(error.contains("cannot read row 2 of source `orders`"), "{error}");
    // Only the row without a day counts before its day.
    let error = read(date(2026, 1, 31), false).unwrap_err().to_string();
    assert!(error.contains("cannot read row 3 of source `orders`"), "{error}");
    let history = read(UNTIL, true).unwrap();
    let bad = |date| history.facts(&program, date, &tier_since).bad_rows;
    assert_eq!((bad(date(2026, 1, 31)), bad(date(2026, 2, 1)), bad(UNTIL)), (1, 2, 2));
}

/// days since the fact > number
fn older(days: i64) -> Condition<Expr> {
    let at = expr(Node::Input(Input::At), Type::Date);
    let since = expr(Node::Call(Function::DaysSince, vec![at]), Type::Number);
    let number = expr(Node::Literal(Value::Number(days.into())), Type::Number);
    let compared = Node::Compare(CompareOp::Greater, Box::new(since), Box::new(number));
    Condition::Expr(expr(compared, Type::Flag))
}

/// Stored columns, and one computed from them, one from the date, one from that, and a text
/// from the date.
fn source(relation: &str) -> Source {
    let mut source = orders(&[
        ("amount", ColumnKind::Money),
        ("channel", ColumnKind::Text),
        ("paid", ColumnKind::Flag),
    ]);
    let input = |column| Box::new(expr(Node::Input(Input::Column(column)), Type::Number));
    let number =
        |number: i64| Box::new(expr(Node::Literal(Value::Number(number.into())), Type::Number));
    let at = expr(Node::Input(Input::At), Type::Date);
    let since = || Box::new(expr(Node::Call(Function::DaysSince, vec![at.clone()]), Type::Number));
    let text = |text: &str| Box::new(expr(Node::Literal(Value::Text(text.into())), Type::Text));
    let times = |a, b| Node::Arithmetic(ArithmeticOp::Multiply, a, b);
    let is_new = Node::Compare(CompareOp::Less, since(), number(100));
    let is_new = Box::new(expr(is_new, Type::Flag));
    let channel = Box::new(expr(Node::Input(Input::Column(1)), Type::Text));
    let choice = Node::If(is_new, channel, text("old"));
    for (name, node, kind) in [
        ("double", times(input(0), number(2)), ColumnKind::Money),
        ("aged", times(input(3), since()), ColumnKind::Number),
        ("aged_twice", times(input(4), number(2)), ColumnKind::Number),
        ("label", choice, ColumnKind::Text),
    ] {
        source.columns.push(SourceColumn {
            name: name.into(),
            column: ColumnSource::Computed(expr(node, kind.ty())),
            kind,
            used: true,
        });
    }
    source.from = Relation::Table(relation.into());
    source
}

fn every_metric() -> Vec<RowMetric> {
    let aggregates = [
        Aggregate::Count,
        Aggregate::Sum(0),
        Aggregate::Min(0),
        Aggregate::Max(3),
        Aggregate::Average(0),
        Aggregate::First(0),
        Aggregate::Last(3),
        Aggregate::Distinct(0),
        Aggregate::DistinctDays,
        Aggregate::Percent,
        Aggregate::DaysSinceLast,
        Aggregate::DaysSinceFirst,
        Aggregate::DaysBetween,
        Aggregate::First(1),
        Aggregate::Last(1),
        Aggregate::Distinct(1),
        Aggregate::Max(2),
        Aggregate::Sum(4),
        Aggregate::Max(5),
        Aggregate::Last(6),
        Aggregate::Distinct(6),
    ];
    let days = |count| Duration { count, unit: DurationUnit::Day };
    let windows = [
        (Window::Lifetime, None),
        (Window::Trailing(months(6)), None),
        (Window::Trailing(days(20)), Some(months(1))),
        (Window::Calendar(Period::Quarter), None),
        (Window::Calendar(Period::Year), Some(months(12))),
        (Window::Previous(Period::Month), None),
        (Window::Tier(0), None),
        (Window::MembershipYear(0), Some(days(40))),
    ];
    let filters = [Condition::Always, above(0, 50), older(30), above(4, 3000)];
    let each = |(number, aggregate): (usize, Aggregate)| {
        let filters = filters.clone();
        windows.into_iter().enumerate().map(move |(place, (window, ago))| RowMetric {
            window,
            ago,
            filter: filters[(number + place) % filters.len()].clone(),
            ..all(aggregate)
        })
    };
    aggregates.into_iter().enumerate().flat_map(each).collect()
}

fn attributes(program: Program) -> Program {
    let mut program =
        with_customers(program, &[("joined", ColumnKind::Date), ("channel", ColumnKind::Text)]);
    let joined = expr(Node::Input(Input::Attribute(0)), Type::Date);
    let since = expr(Node::Call(Function::YearsSince, vec![joined]), Type::Number);
    program.attributes.push(Attribute {
        name: "years".into(),
        column: ColumnSource::Computed(since),
        kind: ColumnKind::Count,
        used: true,
    });
    program
}

/// A program without a table has no membership years.
fn without_membership(metrics: Vec<RowMetric>) -> Vec<RowMetric> {
    let has_none = |metric: &RowMetric| !matches!(metric.window, Window::MembershipYear(_));
    metrics.into_iter().filter(has_none).collect()
}

/// A row of a source, as SQL: mostly sound.
fn row() -> impl Strategy<Value = String> {
    let customer = prop_oneof![
        12 => (0..12_i64).prop_map(|id| id.to_string()),
        3 => (0..4_i64).prop_map(|id| format!("'c{id}'")),
        1 => Just("NULL".to_owned()),
        1 => Just("x'00'".to_owned()),
    ];
    let at = prop_oneof![
        30 => (2024..=2026_i16, 1..=12_i8, 1..=28_i8, 0..24_i8)
            .prop_map(|(year, month, day, hour)| format!("'{year}-{month:02}-{day:02} {hour:02}:30'")),
        1 => Just("'2025-02-30'".to_owned()),
        1 => Just("NULL".to_owned()),
    ];
    let amount = prop_oneof![
        12 => (-50..200_i64, 0..100_i64).prop_map(|(whole, cents)| format!("'{whole}.{cents:02}'")),
        2 => Just("NULL".to_owned()),
        1 => Just("'90000000000000000'".to_owned()),
        1 => Just("'much'".to_owned()),
        1 => Just("9e40".to_owned()),
    ];
    let channel = prop_oneof![
        5 => (0..5_i64).prop_map(|n| format!("'channel {n}'")),
        1 => Just("NULL".to_owned()),
    ];
    (customer, at, amount, channel, 0..2_i64).prop_map(|(customer, at, amount, channel, paid)| {
        format!("({customer}, {at}, {amount}, {channel}, {paid})")
    })
}

fn table(name: &str, rows: &[String]) -> String {
    let mut sql = format!("CREATE TABLE {name} (customer, at, amount, channel, paid);");
    if !rows.is_empty() {
        sql += &format!("INSERT INTO {name} VALUES {};", rows.join(","));
    }
    sql
}

fn some_day() -> impl Strategy<Value = Date> {
    (2023..=2026_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| date(year, month, day))
}

#[track_caller]
fn assert_same(history: &Facts, read: &Facts, which: &str) {
    assert_eq!(history.customers, read.customers, "{which}");
    assert_eq!(history.skipped_rows, read.skipped_rows, "{which}");
    assert_eq!(history.bad_rows, read.bad_rows, "{which}");
    assert_eq!(history.bad_row_reasons, read.bad_row_reasons, "{which}");
    assert_eq!(history.bad_row_examples, read.bad_row_examples, "{which}");
    let columns = |facts: &Facts| [facts.attributes.clone(), facts.metrics.clone()].concat();
    for (place, (a, b)) in columns(history).iter().zip(columns(read)).enumerate() {
        match (a, &b) {
            (Some(a), Some(b)) if a.ty() == Type::Text => {
                // A dictionary's order is its own.
                assert_eq!((&a.known, &a.faults), (&b.known, &b.faults), "{which}, {place}");
                assert_eq!(shown(a), shown(b), "{which}, column {place}");
            }
            _ => assert_eq!(*a, b, "{which}, column {place}"),
        }
    }
}

/// Facts as of a date are those of a reading as of it.
fn check(shop: &Shop, program: &Program, dates: &[Date], threads: usize) {
    let options = shop.options(true, threads);
    let history = History::read(program, &shop.store, UNTIL, &options).unwrap();
    for &date in dates {
        let read = read_facts(program, &shop.store, date, &options).unwrap();
        let which = format!("{date}, {threads} threads");
        assert_same(&history.facts(program, date, &tier_since), &read, &which);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn facts_of_a_history_are_those_of_a_reading(
        first in vec(row(), 0..120),
        second in vec(row(), 0..30),
        dates in vec(some_day(), 1..4),
        threads in 1..=3_usize,
        has_table in any::<bool>(),
        reads_second in any::<bool>(),
    ) {
        let shop = shop(&format!(
            "{} {} CREATE TABLE customers AS SELECT * FROM (VALUES
             (1, '2024-02-29', 'web'), (2, NULL, NULL), (7, '2026-01-15', 'shop'), ('c1', '2025-05-05', 'web'),
             (NULL, NULL, NULL), (2, NULL, NULL));
             ALTER TABLE customers RENAME COLUMN column1 TO id;
             ALTER TABLE customers RENAME COLUMN column2 TO joined;
             ALTER TABLE customers RENAME COLUMN column3 TO channel;",
            table("orders", &first),
            table("returns", &second),
        ));
        let mut metrics = every_metric();
        if reads_second {
            let of_second = metrics.iter().step_by(5).cloned();
            let of_second: Vec<_> =
                of_second.map(|metric| RowMetric { source: 1, ..metric }).collect();
            metrics.extend(of_second);
        }
        let sources = vec![source("orders"), source("returns")];
        let program = if has_table {
            attributes(program(sources, metrics))
        } else {
            program(sources, without_membership(metrics))
        };
        let mut dates = dates;
        dates.retain(|date| *date <= UNTIL);
        dates.push(UNTIL);
        check(&shop, &program, &dates, threads);
    }
}

/// So many customers and rows that there are several parts, blocks and ranges.
#[test]
fn facts_of_a_long_history_are_those_of_a_reading() {
    let shop = shop(
        "CREATE TABLE orders (customer, at, amount, channel, paid);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000)
         INSERT INTO orders SELECT i * 7919 % 5003, 1735689600 + i * 300, i % 211, 'c' || i % 9, i % 2
         FROM n;",
    );
    let pick = |(number, metric)| (number % 9 == 0).then_some(metric);
    let metrics = without_membership(every_metric());
    let metrics = metrics.into_iter().enumerate().filter_map(pick).collect();
    let program = program(vec![source("orders")], metrics);
    check(&shop, &program, &[date(2025, 1, 10), date(2026, 1, 31)], 3);
}
