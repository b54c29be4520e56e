//! Facts of some customers against those of everybody.

use super::together::rules;
use super::*;
use crate::random::Random;

/// Every aggregate, every kind of window, computed columns and attributes.
pub(super) const PACK: &str = "
pack: some
version: 1.0.0
settings: { currency: TRY, timezone: Europe/Istanbul }
customers:
  table: customers
  id: id
  columns: { joined: date, channel: text, is_web: { type: flag, expr: channel == \"web\" } }
sources:
  orders:
    table: orders
    customer: customer
    at: at
    columns:
      amount: money
      cost: { type: money, unit: minor }
      category: text
      margin: { type: money, expr: amount - cost }
  returns: { table: returns, customer: customer, at: at, columns: { amount: money } }
metrics:
  spend: { sum: orders.amount, within: 12 months }
  spend_before: { sum: orders.amount, within: 12 months, ago: 12 months }
  orders_made: { count: orders }
  margin: { sum: orders.margin, where: amount >= 8 }
  least: { min: orders.amount }
  most: { max: orders.margin }
  usual: { avg: orders.amount }
  first_bought: { first: orders.amount }
  last_bought: { last: orders.amount, within: 24 months }
  categories: { distinct: orders.category }
  days_bought: { distinct: orders.at }
  coats_percent: { percent: orders, where: category == \"coats\" }
  away: { days_since_last: orders }
  since: { days_since_first: orders }
  between: { days_between: orders }
  this_quarter: { sum: orders.amount, within: calendar quarter }
  last_month: { sum: orders.amount, within: previous calendar month }
  this_year: { sum: orders.amount, within: membership year }
  last_year: { count: returns, within: previous membership year }
  in_tier: { count: orders, within: tier club }
  returned: { sum: returns.amount }
ladders:
  club:
    tiers:
      vip:
        enter:
          - spend + spend_before + orders_made + margin + least + most + usual + last_bought > 9
          - first_bought != last_bought || is_web
          - categories + days_bought + coats_percent + away + since + between + returned > 5
          - this_quarter + last_month + this_year + last_year + in_tier > 3
";

/// How a store keeps the same rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keeping {
    /// Of the customer columns; `{id}` is the type.
    id: &'static str,
    tables: &'static str,
    indexed: bool,
}

const ROWID_TABLES: &str = "
    CREATE TABLE customers (id {id}, joined TEXT, channel TEXT);
    CREATE TABLE orders (number INTEGER PRIMARY KEY, customer {id}, at, amount, cost, category);
    CREATE TABLE returns (customer {id}, at, amount);";

const WITHOUT_ROWID: &str = "
    CREATE TABLE customers (id {id} PRIMARY KEY, joined TEXT, channel TEXT) WITHOUT ROWID;
    CREATE TABLE orders (
        number INTEGER, customer {id}, at, amount, cost, category, PRIMARY KEY (customer, number)
    ) WITHOUT ROWID;
    CREATE TABLE returns (customer {id}, at, amount);";

const INDEXES: &str = "
    CREATE INDEX orders_by_customer ON orders (customer, at);
    CREATE INDEX returns_by_customer ON returns (customer);
    CREATE INDEX customers_by_id ON customers (id);";

/// Columns with the names of what SQL has by itself, and numbers of rows up to the last there is.
const ODD: &str = "
    CREATE TABLE customers (id {id}, joined TEXT, channel TEXT, value, oid);
    CREATE TABLE orders (number INTEGER PRIMARY KEY, customer {id}, at, amount, cost, category,
        value, key, rowid, tierkeeper_wanted DEFAULT 7);
    CREATE TABLE returns (customer {id}, at, amount, _rowid_, value);
    CREATE TRIGGER far AFTER INSERT ON orders WHEN new.number BETWEEN 0 AND 59 BEGIN
        UPDATE OR IGNORE orders SET number = CASE new.number % 3
            WHEN 0 THEN -9223372036854775807 - 1 + new.number
            WHEN 1 THEN 9223372036854775807 - new.number ELSE new.number END
        WHERE number = new.number;
    END;";

/// Tables with names that a statement has for something else.
const HIDING: &str = "
    CREATE TABLE json_each (value); CREATE TABLE tierkeeper_wanted (number);
    CREATE TABLE customers (id {id}, joined TEXT, channel TEXT);
    CREATE TABLE orders (number INTEGER PRIMARY KEY, customer {id}, at, amount, cost, category);
    CREATE TABLE returns (customer {id}, at, amount);";

pub(super) const KEEPING: [Keeping; 11] = [
    Keeping { id: "", tables: ODD, indexed: true },
    Keeping { id: "", tables: HIDING, indexed: true },
    Keeping { id: "", tables: ROWID_TABLES, indexed: true },
    Keeping { id: "", tables: ROWID_TABLES, indexed: false },
    Keeping { id: "INTEGER", tables: ROWID_TABLES, indexed: true },
    Keeping { id: "REAL", tables: ROWID_TABLES, indexed: true },
    Keeping { id: "TEXT", tables: ROWID_TABLES, indexed: true },
    Keeping { id: "TEXT COLLATE NOCASE", tables: ROWID_TABLES, indexed: true },
    Keeping { id: "NUMERIC", tables: ROWID_TABLES, indexed: false },
    Keeping { id: "", tables: WITHOUT_ROWID, indexed: false },
    Keeping { id: "TEXT", tables: WITHOUT_ROWID, indexed: true },
];

/// Some who are in the table and some who are not, some in several ways.
pub(super) fn id_of(random: &mut Random) -> String {
    let number = random.between(0, 11);
    match random.between(0, 5) {
        0 => number.to_string(),
        1 => format!("'{number}'"),
        2 => format!("{number}.0"),
        3 => format!("'0{number}'"),
        4 => format!("'{}-{number}'", random.pick(&["x", "X"])),
        _ => random.pick(&["NULL", "''", "7", "'7'", "' 7'", "7.0"]).to_string(),
    }
}

pub(super) fn day_of(random: &mut Random) -> String {
    let (year, month, day) =
        (random.between(2023, 2026), random.between(1, 12), random.between(1, 28));
    format!("'{year}-{month:02}-{day:02} {:02}:30:00'", random.between(0, 23))
}

pub(super) fn store_of(random: &mut Random, keeping: Keeping, listed: bool) -> String {
    let mut sql = format!("BEGIN; {}", keeping.tables.replace("{id}", keeping.id));
    if keeping.indexed {
        sql += INDEXES;
    }
    for _ in 0..14 {
        let (id, joined) = (id_of(random), day_of(random));
        let id = if listed || id != "NULL" { id } else { "1".into() };
        let channel = *random.pick(&["'web'", "'shop'", "NULL"]);
        sql += &format!(
            "INSERT OR IGNORE INTO customers (id, joined, channel) VALUES ({id}, date({joined}), {channel});"
        );
    }
    for number in 0..60 {
        let (id, at, amount) = (id_of(random), day_of(random), random.between(0, 3999));
        let amount = if amount < 100 { "NULL".to_owned() } else { format!("{amount} / 100.0") };
        let category = *random.pick(&["'coats'", "'bags'", "'shoes'", "NULL"]);
        sql += &format!(
            "INSERT OR IGNORE INTO orders (number, customer, at, amount, cost, category)
             VALUES ({number}, {id}, {at}, {amount}, {}, {category});",
            random.between(0, 899)
        );
        if number % 3 == 0 {
            let (id, at) = (id_of(random), day_of(random));
            sql += &format!(
                "INSERT INTO returns (customer, at, amount) VALUES ({id}, {at}, {});",
                random.between(0, 39)
            );
        }
    }
    sql + "COMMIT;"
}

/// A line for each customer of a list, in the order of the facts.
pub(super) fn lines(facts: &Facts, of: &[CustomerId]) -> Vec<String> {
    let columns: Vec<Option<Vec<String>>> = facts
        .attributes
        .iter()
        .chain(&facts.metrics)
        .map(|column| {
            let column = column.as_ref()?;
            assert_eq!(column.len(), facts.customers.len());
            Some(shown(column))
        })
        .collect();
    let customers = facts.customers.iter().enumerate().filter(|(_, id)| of.contains(id));
    let line = |(slot, id): (usize, &CustomerId)| {
        let values: Vec<Option<&str>> = columns
            .iter()
            .map(|column| column.as_ref().map(|column| column[slot].as_str()))
            .collect();
        format!("{id:?} {values:?}")
    };
    customers.map(line).collect()
}

pub(super) fn since(_: LadderId, id: &CustomerId) -> Option<Date> {
    match id {
        CustomerId::Int(number) => Some(date(2024 + (*number % 3) as i16, 2, 1)),
        CustomerId::Text(_) => None,
    }
}

/// Everybody who could be there, and somebody who is nowhere.
pub(super) fn candidates() -> Vec<CustomerId> {
    let numbers = (0..12).flat_map(|number| {
        let ways = [format!("{number}"), format!("0{number}"), format!("{number}.0")];
        ways.into_iter().chain([format!("x-{number}"), format!("X-{number}")])
    });
    let mut all: Vec<_> = numbers.chain([" 7".into(), "77".into()]).collect();
    all.dedup();
    let mut all: Vec<_> = all.iter().map(|text| CustomerId::parse(text)).collect();
    all.sort();
    all
}

fn same_as_all(shop: &Shop, program: &Program, random: &mut Random, what: &str) -> usize {
    let options = ReadOptions { tier_since: &since, ..shop.options(true, 2) };
    let all = read_facts(program, &shop.store, AS_OF, &options).unwrap();
    let everybody = candidates();
    assert!(all.customers.iter().all(|id| everybody.contains(id)), "{:?}", all.customers);
    for chance in [0, 1, 3, 10] {
        let asked: Vec<_> =
            everybody.iter().filter(|_| random.between(0, 9) < chance).cloned().collect();
        let some = read_facts_of(program, &shop.store, AS_OF, &options, &asked).unwrap();
        assert_eq!(lines(&some, &everybody), lines(&all, &asked), "{what}: {asked:?}");
        assert_eq!((some.bad_rows, some.skipped_rows.len()), (0, 0));
    }
    all.customers.len()
}

fn nobody_listed(pack: &str) -> String {
    let (before, rest) = pack.split_once("customers:\n").unwrap();
    let (_, sources) = rest.split_once("sources:\n").unwrap();
    let pack = format!("{before}sources:\n{sources}");
    let of_members = |line: &&str| !line.contains("membership year");
    let pack: Vec<_> = pack.lines().filter(of_members).collect();
    pack.join("\n").replace(" + this_year + last_year", "").replace(" || is_web", "")
}

#[test]
fn facts_of_some_are_those_that_everybodys_would_give_them() {
    let listed = rules(PACK, "");
    let found = rules(&nobody_listed(PACK), "");
    let mut customers = 0;
    for seed in 0..8 {
        let mut random = Random::new(seed);
        for keeping in KEEPING {
            let shop = shop(&store_of(&mut random, keeping, keeping.tables != WITHOUT_ROWID));
            let what = format!("{seed} {keeping:?}");
            customers += same_as_all(&shop, &listed, &mut random, &what);
            customers += same_as_all(&shop, &found, &mut random, &what);
        }
    }
    assert!(customers > 8 * 9 * 2 * 4, "{customers}");
}

#[test]
fn queries_and_views_give_some_customers_theirs() {
    let orders = "  orders:\n    table: orders";
    let ways = [
        "  orders:\n    query: SELECT * FROM orders",
        "  orders:\n    query: SELECT * FROM orders WHERE amount > 8 -- not the small ones",
        "  orders:\n    query: SELECT o.*, r.amount AS back FROM orders o LEFT JOIN returns r ON r.customer = o.customer;",
        "  orders:\n    query: SELECT customer, at, amount, cost, category, CUSTOMER AS customer FROM orders",
        "  orders:\n    query: SELECT customer, at, sum(amount) AS amount, max(cost) AS cost, category FROM orders GROUP BY customer",
        "  orders:\n    query: SELECT * FROM orders ORDER BY at LIMIT 20",
        "  orders:\n    query: SELECT CAST(customer AS TEXT) AS customer, at, amount, cost, category FROM orders UNION ALL SELECT customer, at, amount, 0, NULL FROM returns",
        "  orders:\n    table: all_orders",
    ];
    let view = "CREATE VIEW all_orders AS SELECT customer, at, amount, cost, category FROM orders
                UNION ALL SELECT customer, at, amount, 0, NULL FROM returns;";
    for way in ways {
        assert!(PACK.contains(orders));
        let pack = PACK.replace(orders, way);
        let (listed, found) = (rules(&pack, ""), rules(&nobody_listed(&pack), ""));
        let mut random = Random::new(5);
        for keeping in &KEEPING[..6] {
            let store = store_of(&mut random, *keeping, true);
            let shop = shop(&format!("{store}{view}"));
            same_as_all(&shop, &listed, &mut random, way);
            same_as_all(&shop, &found, &mut random, way);
        }
    }
}

/// Rows that are read of a store with 3 orders of each of 50 customers.
fn rows_read(indexes: &str, pack: &str, asked: &[CustomerId]) -> u64 {
    let shop = shop(&format!(
        "{} {indexes}
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 149)
         INSERT INTO orders SELECT i, i % 50, '2026-01-01', 5, 5, 'bags' FROM n;
         INSERT INTO customers SELECT DISTINCT customer, NULL, 'web' FROM orders;",
        ROWID_TABLES.replace("{id}", "")
    ));
    let most = std::sync::atomic::AtomicU64::new(0);
    let count = |rows, _| {
        most.fetch_max(rows, std::sync::atomic::Ordering::Relaxed);
    };
    let options = ReadOptions { progress: &count, ..shop.options(false, 1) };
    let facts = read_facts_of(&rules(pack, ""), &shop.store, AS_OF, &options, asked).unwrap();
    assert_eq!(facts.customers, asked);
    most.into_inner()
}

#[test]
fn only_rows_of_the_customers_are_read_where_an_index_finds_them() {
    let some: Vec<_> = [3, 4, 49].map(CustomerId::Int).into();
    assert_eq!(rows_read(INDEXES, PACK, &some), 9);
    assert_eq!(rows_read("", PACK, &some), 150);
    // An index that begins with another column does not help, a query over an indexed one does.
    assert_eq!(rows_read("CREATE INDEX i ON orders (at, customer);", PACK, &some), 150);
    let query = PACK.replace("    table: orders", "    query: SELECT * FROM orders");
    assert_eq!(rows_read(INDEXES, &query, &some), 9);
    let query = query.replace("FROM orders", "FROM orders WHERE category = 'bags'");
    let indexes = "CREATE INDEX i ON orders (category);";
    assert_eq!(rows_read(indexes, &query, &some), 150);
    assert_eq!(rows_read("", PACK, &[]), 0);
}

#[test]
fn a_customer_who_is_listed_twice_is_read_as_the_first_says() {
    let shop = shop(&format!(
        "{} {INDEXES} INSERT INTO customers VALUES ('5', '2024-02-01', 'web'), (5, NULL, 'shop'),
         (6, 'never', 'shop'), ('6', '2024-03-01', 'web');",
        ROWID_TABLES.replace("{id}", "")
    ));
    let program = rules(PACK, "");
    let asked: Vec<_> = [5, 6].map(CustomerId::Int).into();
    let facts =
        read_facts_of(&program, &shop.store, AS_OF, &shop.options(true, 2), &asked).unwrap();
    assert_eq!(shown(facts.attributes[0].as_ref().unwrap()), ["2024-02-01", "2024-03-01"]);
    let stopped = read_facts_of(&program, &shop.store, AS_OF, &shop.options(false, 2), &asked);
    assert!(matches!(stopped, Err(StoreError::UnreadableRow { .. })));
}

#[test]
fn a_reading_that_is_asked_to_stop_stops() {
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    let shop = shop("CREATE TABLE t (a)");
    let sql = format!("{endless} SELECT i % 5 AS customer, '2026-01-01' AS at FROM n");
    let program = program(vec![query(&sql)], vec![all(Aggregate::Count)]);
    let options = shop.options(false, 2);
    let stop = options.stop.clone();
    let began = std::time::Instant::now();
    let outcome = std::thread::scope(|scope| {
        let reading = scope.spawn(|| read_facts(&program, &shop.store, AS_OF, &options));
        std::thread::sleep(std::time::Duration::from_millis(100));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        reading.join().unwrap()
    });
    assert!(matches!(outcome, Err(StoreError::Stopped)), "{outcome:?}");
    assert!(began.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn a_reading_of_a_table_stops_long_before_its_end() {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    let shop = shop(&format!(
        "{ORDERS} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
         INSERT INTO orders SELECT i, i % 9, '2026-01-01', 1 FROM n"
    ));
    let program = program(vec![orders(AMOUNT)], vec![all(Aggregate::Sum(0))]);
    let (stop, most) = (Arc::new(std::sync::atomic::AtomicBool::new(false)), AtomicU64::new(0));
    let asks = |rows, _| {
        most.fetch_max(rows, Relaxed);
        stop.store(true, Relaxed);
    };
    let options = ReadOptions { progress: &asks, stop: stop.clone(), ..shop.options(false, 1) };
    let outcome = read_facts(&program, &shop.store, AS_OF, &options);
    assert!(matches!(outcome, Err(StoreError::Stopped)), "{outcome:?}");
    // The first range of rows, of seven.
    assert!(most.into_inner() < 40_000);
}
