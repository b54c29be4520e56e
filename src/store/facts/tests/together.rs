//! One reading for two programs against a reading for each.

use super::*;
use crate::build::{Request, build};
use crate::pack::PackFiles;

/// Orders, returns and customers, with every kind of thing that packs differ in.
pub(super) const STORE: &str = "
    CREATE TABLE customers (id INTEGER PRIMARY KEY, joined TEXT, channel TEXT, city TEXT);
    INSERT INTO customers VALUES
        (3, '2024-05-10', 'web', 'Ankara'), (1, '2025-01-31', 'shop', 'Izmir'),
        (2, NULL, 'web', 'Izmir'), (9, '2020-02-29', 'shop', NULL), (12, '2026-03-21', 'web', 'Van');
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer, at, amount, cost, category, quantity);
    INSERT INTO orders (customer, at, amount, cost, category, quantity) VALUES
        (1, '2026-03-20 22:30:00Z', 10.5, 400, 'coats', 2), (2, '2025-06-01', '99.99', 100, 'bags', 1),
        (3, '2026-01-05', 7, NULL, 'shoes', 3), (1, '2025-03-22', 20, 900, 'bags', 1),
        (3, '2026-03-21', NULL, 50, NULL, 4), (4, '2026-03-01', 1000, 1, 'coats', 1),
        (NULL, '2026-02-02', 5, 5, 'bags', 1), ('', '2026-03-30', 5, 5, 'bags', 1),
        (9, '2024-01-01', 55.25, 5500, 'hats', 9), ('x-1', '2026-03-02', 12, 5, 'hats', 1);
    CREATE TABLE returns (id INTEGER PRIMARY KEY, customer, at, amount);
    INSERT INTO returns (customer, at, amount) VALUES
        (1, '2026-03-21', 10.5), (NULL, '2026-03-01', 3), (7, '2026-03-02', 3);
    CREATE TABLE sales (id INTEGER PRIMARY KEY, customer, at, amount, cost, category, quantity);
    INSERT INTO sales (customer, at, amount, cost, category, quantity) VALUES
        (1, '2026-03-01', 77, 10, 'coats', 2);";

pub(super) const PACK: &str = "
pack: both
version: 1.0.0
settings: { currency: TRY, timezone: Europe/Istanbul }
parameters: { least: { type: money, default: 8 } }
customers: { table: customers, id: id, columns: { joined: date, channel: text } }
sources:
  orders:
    table: orders
    customer: customer
    at: at
    columns:
      amount: money
      cost: { type: money, unit: minor }
      category: text
      quantity: count
      margin: { type: money, expr: amount - cost }
  returns: { table: returns, customer: customer, at: at, columns: { amount: money } }
metrics:
  spend: { sum: orders.amount, within: 12 months }
  orders_made: { count: orders }
  margin: { sum: orders.margin, where: amount >= least }
  last_bought: { last: orders.amount, within: 24 months }
  first_bought: { first: orders.amount }
  categories: { distinct: orders.category }
  coats_percent: { percent: orders, where: category == \"coats\" }
  away: { days_since_last: orders }
  this_year: { sum: orders.amount, within: membership year }
  in_tier: { count: orders, within: tier club }
  graded: { sum: orders.amount, where: \"scoring::good(amount, 5)\" }
ladders:
  club:
    tiers:
      vip:
        enter:
          - spend + margin + this_year + in_tier + graded >= 100
          - channel == \"web\"
      gold:
        enter:
          - orders_made + categories + coats_percent - away > 0
          - last_bought != first_bought
";

const CIRCLE: &str = "  circle: { tiers: { high: { enter: spend > 3 } } }
  club:";

pub(super) const SCRIPT: &str = "fn good(amount, least) { amount > least }";

pub(super) fn rules(pack: &str, script: &str) -> Program {
    let files = PackFiles::embedded([("pack.yaml", pack), ("scripts/scoring.rhai", script)]);
    let request = Request { files: &files, project: None, set: &[], store: None };
    let built = build(&request).unwrap();
    built.program.unwrap_or_else(|| panic!("{:?}", built.findings))
}

/// The pack with one of its texts replaced by another.
fn other(from: &str, to: &str) -> Program {
    assert!(PACK.contains(from), "{from}");
    rules(&PACK.replace(from, to), SCRIPT)
}

/// Everything about facts, as text. A code of a text is nothing that anybody sees.
pub(super) fn told(facts: &Facts) -> String {
    let columns = |columns: &[Option<Column>]| {
        let shown = columns.iter().map(|column| column.as_ref().map(shown));
        shown.collect::<Vec<_>>()
    };
    let Facts { skipped_rows, bad_rows, bad_row_reasons, bad_row_examples, .. } = facts;
    format!(
        "{:?}\n{:?}\n{:?}\n{skipped_rows:?} {bad_rows} {bad_row_reasons:?} {bad_row_examples:?}",
        ids(facts),
        columns(&facts.attributes),
        columns(&facts.metrics)
    )
}

/// Asks by the name of a ladder, as a state does.
fn since(program: &Program) -> impl Fn(LadderId, &CustomerId) -> Option<Date> + Sync {
    let names: Vec<String> = program.ladders.iter().map(|ladder| ladder.name.clone()).collect();
    move |ladder, id| match (names[ladder].as_str(), id) {
        ("club", CustomerId::Int(1)) => Some(date(2026, 1, 1)),
        ("circle", CustomerId::Int(3)) => Some(date(2026, 2, 1)),
        _ => None,
    }
}

fn together(shop: &Shop, programs: [&Program; 2], skip: bool) -> Result<Vec<Facts>, StoreError> {
    let [a, b] = programs;
    let (of_a, of_b) = (since(a), since(b));
    let asking =
        [Asking { program: a, tier_since: &of_a }, Asking { program: b, tier_since: &of_b }];
    read_facts_together(&asking, &shop.store, AS_OF, &shop.options(skip, 2))
}

pub(super) fn apart(shop: &Shop, program: &Program, skip: bool) -> Result<Facts, StoreError> {
    let tier_since = since(program);
    let options = ReadOptions { tier_since: &tier_since, ..shop.options(skip, 2) };
    read_facts(program, &shop.store, AS_OF, &options)
}

#[track_caller]
fn same_as_apart(shop: &Shop, programs: [&Program; 2], skip: bool) {
    let facts = together(shop, programs, skip).unwrap();
    for (program, facts) in programs.into_iter().zip(&facts) {
        assert_eq!(told(facts), told(&apart(shop, program, skip).unwrap()));
    }
}

#[test]
fn one_reading_gives_each_program_its_own_facts() {
    let shop = shop(STORE);
    let current = rules(PACK, SCRIPT);
    let others = [
        rules(PACK, SCRIPT),
        other("within: 12 months", "within: 3 months"),
        other("within: 12 months", "within: 12 months, ago: 12 months"),
        other("within: 24 months", "within: calendar year"),
        other("default: 8", "default: 50"),
        other("where: amount >= least", "where: quantity > 1"),
        other("expr: amount - cost", "expr: amount * quantity - cost"),
        other("cost: { type: money, unit: minor }", "cost: money"),
        other("amount: money\n      cost", "amount: number\n      cost"),
        other("channel: text", "channel: { type: text, column: city }"),
        other("joined: date", "joined: { type: date, expr: \"date(\\\"2025-05-05\\\")\" }"),
        other("count: orders }", "count: returns }"),
        other("count: orders, within: tier club", "count: returns, within: tier club"),
        other("sum: orders.amount, where", "max: orders.amount, where"),
        other("  club:", CIRCLE),
        rules(
            &PACK.replace("within: tier club", "within: tier circle").replace("  club:", CIRCLE),
            SCRIPT,
        ),
        rules(PACK, "fn good(amount, least) { amount > least * 3 }"),
        other("table: orders", "table: sales"),
        other(
            "  orders:\n    table: orders",
            "  orders:\n    query: SELECT * FROM orders WHERE amount > 8",
        ),
        other("timezone: Europe/Istanbul", "timezone: UTC"),
        other("currency: TRY", "currency: TRY, money_decimals: 0"),
        other("currency: TRY", "currency: TRY, year_starts: 03-21"),
        // Columns in another order have other numbers.
        other(
            "      amount: money\n      cost",
            "      quantity2: { type: count, column: quantity }\n      amount: money\n      cost",
        ),
    ];
    for other in &others {
        same_as_apart(&shop, [&current, other], false);
        same_as_apart(&shop, [other, &current], false);
    }
}

/// The pack without customers: they are whoever has a row.
pub(super) fn nobody_listed(pack: &str) -> String {
    let table = "customers: { table: customers, id: id, columns: { joined: date, channel: text } }";
    assert!(pack.contains(table));
    pack.replace(table, "")
        .replace("  this_year: { sum: orders.amount, within: membership year }\n", "")
        .replace(" + this_year", "")
        .replace("\n          - channel == \"web\"", "")
}

#[test]
fn without_a_table_whoever_has_a_row_is_a_customer_of_that_pack() {
    let shop = shop(STORE);
    let current = rules(&nobody_listed(PACK), SCRIPT);
    let of_returns =
        "  returns: { table: returns, customer: customer, at: at, columns: { amount: money } }\n";
    let others = [
        rules(&nobody_listed(&PACK.replace("within: 12 months", "within: 3 months")), SCRIPT),
        // 7 has nothing but a return.
        rules(&nobody_listed(&PACK.replace(of_returns, "")), SCRIPT),
        rules(&nobody_listed(&PACK.replace("table: orders", "table: sales")), SCRIPT),
        rules(PACK, SCRIPT),
    ];
    assert_eq!(ids(&apart(&shop, &current, false).unwrap()).len(), 7);
    assert_eq!(ids(&apart(&shop, &others[1], false).unwrap()).len(), 6);
    for other in &others {
        same_as_apart(&shop, [&current, other], false);
        same_as_apart(&shop, [other, &current], false);
    }
}

#[test]
fn a_row_is_bad_for_those_only_who_read_its_column() {
    let bad = "INSERT INTO orders (customer, at, amount, cost, category, quantity) VALUES
               (2, '2026-03-03', 30, 5, 'bags', 'three');";
    let shop = shop(&format!("{STORE}{bad}"));
    let current = rules(PACK, SCRIPT);
    let counting = other("where: amount >= least", "where: quantity > 1");
    assert_eq!(apart(&shop, &current, true).unwrap().bad_rows, 0);
    assert_eq!(apart(&shop, &counting, true).unwrap().bad_rows, 1);
    same_as_apart(&shop, [&current, &counting], true);
    same_as_apart(&shop, [&counting, &current], true);
    let error = together(&shop, [&current, &counting], false).unwrap_err().to_string();
    assert_eq!(error, apart(&shop, &counting, false).unwrap_err().to_string());
    same_as_apart(&shop, [&current, &other("within: 12 months", "within: 3 months")], false);
}

#[test]
fn rows_are_read_once() {
    let shop = shop(STORE);
    let current = rules(PACK, SCRIPT);
    let rows = |other: &Program| {
        let most = std::sync::atomic::AtomicU64::new(0);
        let nobody = |_: LadderId, _: &CustomerId| None;
        let asking = [&current, other].map(|program| Asking { program, tier_since: &nobody });
        let count = |rows, _| {
            most.fetch_max(rows, std::sync::atomic::Ordering::Relaxed);
        };
        let options = ReadOptions { progress: &count, ..shop.options(false, 1) };
        read_facts_together(&asking, &shop.store, AS_OF, &options).unwrap();
        most.into_inner()
    };
    assert_eq!(rows(&other("within: 12 months", "within: 3 months")), 10);
    assert_eq!(rows(&other("count: orders }", "count: returns }")), 10 + 3);
    assert_eq!(rows(&other("expr: amount - cost", "expr: amount * quantity - cost")), 10);
}
