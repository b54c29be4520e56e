//! Rows in memory give the facts that a store with the same rows gives.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusqlite::types::ValueRef;

use super::*;
use crate::build::{Request, build};
use crate::pack::PackFiles;
use crate::store::{MemoryError, MemoryRow, MemoryStore, read_memory};

/// The rows of a store; `None` where there are some that no memory has.
fn rows_of(program: &Program, store: &Path, customers: &[CustomerId]) -> Option<MemoryStore> {
    let connection = Connection::open(store).unwrap();
    let mut memory = MemoryStore::default();
    match &program.customers {
        Some(table) => {
            let columns = program.attributes.iter().map(|it| (&it.column, it.kind)).collect();
            let from = format!("SELECT *, {} AS who FROM {}", quoted(&table.id), table.table);
            for row in read_rows(program, &connection, &from, columns, AtUnit::Seconds)? {
                memory.customers.push((row.customer?, row.values));
            }
        }
        None => memory.customers = customers.iter().map(|id| (id.clone(), Vec::new())).collect(),
    }
    for source in &program.sources {
        let columns = source.columns.iter().map(|it| (&it.column, it.kind)).collect();
        let (who, at) = (quoted(&source.customer), quoted(&source.at));
        let relation = match &source.from {
            Relation::Table(table) => quoted(table),
            Relation::Query(query) => format!("({query})"),
        };
        let from = format!("SELECT *, {who} AS who, {at} AS moment FROM {relation}");
        let rows = read_rows(program, &connection, &from, columns, source.at_unit)?;
        let rows = rows.into_iter().filter_map(|row| {
            Some(MemoryRow { customer: row.customer?, at: row.at?, values: row.values })
        });
        memory.sources.push(rows.collect());
    }
    Some(memory)
}

struct Found {
    customer: Option<CustomerId>,
    at: Option<DateTime>,
    values: Vec<Value>,
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn read_rows(
    program: &Program,
    connection: &Connection,
    from: &str,
    columns: Vec<(&ColumnSource, ColumnKind)>,
    unit: AtUnit,
) -> Option<Vec<Found>> {
    let zone = TimeZone::get(&program.settings.timezone).unwrap();
    let mut statement = connection.prepare(from).unwrap();
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let place = |name: &str| names.iter().rposition(|known| known.eq_ignore_ascii_case(name));
    let mut rows = statement.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let cell = |name: &str| row.get_ref(place(name).unwrap()).unwrap();
        let customer = match cell("who") {
            ValueRef::Integer(id) => Some(CustomerId::Int(id)),
            ValueRef::Real(id) => Some(CustomerId::Int(id as i64)),
            ValueRef::Text(b"") | ValueRef::Null => None,
            ValueRef::Text(id) => Some(CustomerId::parse(std::str::from_utf8(id).ok()?)),
            ValueRef::Blob(_) => return None,
        };
        let at = match place("moment") {
            Some(_) => Some(moment(cell("moment"), &zone, unit)?),
            None => None,
        };
        let mut values = Vec::new();
        for (column, kind) in &columns {
            values.push(match column {
                ColumnSource::Computed(_) => Value::Null,
                ColumnSource::Stored { name, minor } => {
                    value(cell(name), *kind, minor.then_some(program.settings.money_decimals))?
                }
            });
        }
        found.push(Found { customer, at, values });
    }
    Some(found)
}

fn moment(cell: ValueRef<'_>, zone: &TimeZone, unit: AtUnit) -> Option<DateTime> {
    let number = match cell {
        ValueRef::Integer(number) => number,
        ValueRef::Real(number) => number as i64,
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).ok()?;
            let instant = Timestamp::from_str(text).map(|at| at.to_zoned(zone.clone()).datetime());
            return instant.or_else(|_| DateTime::from_str(text)).ok();
        }
        _ => return None,
    };
    let instant = match unit {
        AtUnit::Seconds => Timestamp::from_second(number),
        AtUnit::Milliseconds => Timestamp::from_millisecond(number),
    };
    Some(instant.ok()?.to_zoned(zone.clone()).datetime())
}

fn value(cell: ValueRef<'_>, kind: ColumnKind, minor: Option<u8>) -> Option<Value> {
    let text = match cell {
        ValueRef::Null => return Some(Value::Null),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => std::str::from_utf8(text).ok()?.to_owned(),
        ValueRef::Blob(_) => return None,
    };
    Some(match kind {
        ColumnKind::Text => Value::text(&text),
        ColumnKind::Flag => Value::Flag(text == "1"),
        ColumnKind::Date => Value::Date(moment(cell, &TimeZone::UTC, AtUnit::Seconds)?.date()),
        ColumnKind::Money | ColumnKind::Number | ColumnKind::Count => {
            let number = Decimal::from_str_exact(&text).ok()?;
            let places = minor.map_or(0, u32::from);
            // Minor units are whole before they are moved.
            let number = if places > 0 { number.round() } else { number };
            Value::Number(number / Decimal::from(10_i64.pow(places)))
        }
    })
}

/// Everything in facts, as text: the form of a number's column too.
fn told(program: &Program, facts: &Facts) -> Vec<String> {
    let mut told = vec![format!("{:?} {:?}", facts.customers, facts.skipped_rows)];
    let attributes = program.attributes.iter().map(|it| &it.name).zip(&facts.attributes);
    let metrics = program.metrics.iter().map(|it| &it.name).zip(&facts.metrics);
    for (name, column) in attributes.chain(metrics) {
        let scale = column.as_ref().map(|column| match &column.data {
            Data::Number { scale, .. } => Some(*scale),
            _ => None,
        });
        told.push(format!("{name} {scale:?} {:?}", column.as_ref().map(shown)));
    }
    told
}

fn since(_: LadderId, id: &CustomerId) -> Option<Date> {
    (id.to_string().len() % 2 == 1).then_some(date(2026, 1, 20))
}

/// The dates of the passes of a case.
fn dates(folder: &Path) -> Vec<Date> {
    let text = fs::read_to_string(folder.join("expected.csv")).unwrap();
    let lines = text.lines().filter(|line| line.starts_with("#> as-of"));
    let mut dates: Vec<Date> =
        lines.filter_map(|line| line.split(' ').nth(2)?.parse().ok()).collect();
    dates.dedup();
    dates
}

#[test]
fn the_cases_give_the_same_facts_from_memory() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let mut compared = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(sql) = fs::read_to_string(folder.join("store.sql")) else { continue };
        let files = PackFiles::read(&folder).unwrap();
        let request = Request { files: &files, project: None, set: &[], store: None };
        let Some(program) = build(&request).unwrap().program else { continue };
        let shop = shop(&sql);
        let options = ReadOptions { tier_since: &since, ..shop.options(false, 1) };
        for as_of in dates(&folder) {
            let Ok(facts) = read_facts(&program, &shop.store, as_of, &options) else { continue };
            let Some(memory) = rows_of(&program, &shop.store, &facts.customers) else { continue };
            let mut from_memory = read_memory(&program, &memory, as_of, &since).unwrap();
            // Rows without a customer cannot be in memory.
            if let Some(nameless) = facts.skipped_rows.get("no customer") {
                from_memory.skipped_rows.insert("no customer".to_owned(), *nameless);
            }
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            assert_eq!(
                told(&program, &from_memory),
                told(&program, &facts),
                "{name} as of {as_of}"
            );
            compared.push(name);
        }
    }
    compared.sort();
    compared.dedup();
    // Only `bad-rows` has a store that cannot be read.
    assert_eq!(compared.len(), 19, "{compared:?}");
}

fn row(customer: i64, at: &str, values: Vec<Value>) -> MemoryRow {
    MemoryRow { customer: CustomerId::Int(customer), at: at.parse().unwrap(), values }
}

fn amount(text: &str) -> Vec<Value> {
    vec![Value::Number(text.parse().unwrap())]
}

fn read(program: &Program, memory: &MemoryStore) -> Result<Facts, MemoryError> {
    read_memory(program, memory, AS_OF, &tier_since)
}

fn customers(ids: &[i64]) -> Vec<(CustomerId, Vec<Value>)> {
    ids.iter().map(|&id| (CustomerId::Int(id), Vec::new())).collect()
}

#[test]
fn rows_are_read_in_major_units_up_to_the_date() {
    let mut source = orders(AMOUNT);
    source.columns[0].column = ColumnSource::Stored { name: "cents".into(), minor: true };
    let metrics = [Aggregate::Sum(0), Aggregate::Last(0), Aggregate::Count].map(all).to_vec();
    let program = program(vec![source], metrics);
    let rows = vec![
        row(1, "2026-03-21T23:59", amount("19.99")),
        row(1, "2026-03-22T00:00", amount("5")),
        row(1, "2026-01-01T00:00", amount("0.015")),
        row(9, "2026-01-01T00:00", amount("1")),
        row(1, "2026-02-01T00:00", Vec::new()),
    ];
    let memory = MemoryStore { customers: customers(&[2, 1]), sources: vec![rows] };
    let facts = read(&program, &memory).unwrap();
    assert_eq!(ids(&facts), ["1", "2"]);
    assert_eq!(values(&facts, 0), ["20.01", "0.00"]);
    assert_eq!(values(&facts, 1), ["19.99", "0.00"]);
    assert_eq!(values(&facts, 2), ["3", "0"]);
    assert_eq!(facts.skipped_rows, BTreeMap::from([("unknown customer".to_owned(), 1)]));
}

#[test]
fn windows_by_customer_and_attributes() {
    let windows = [Window::MembershipYear(0), Window::Tier(0)];
    let counts = windows.map(|window| RowMetric { window, ..all(Aggregate::Count) }).to_vec();
    let program = program(vec![orders(&[])], counts);
    let program = with_customers(program, &[("joined", ColumnKind::Date)]);
    let joined = |id, date| (CustomerId::Int(id), vec![date]);
    let memory = MemoryStore {
        customers: vec![
            joined(2, Value::Date(date(2024, 3, 10))),
            joined(1, Value::text("2025-03-22")),
            joined(3, Value::Null),
        ],
        sources: vec![
            [1, 2, 3]
                .into_iter()
                .flat_map(|id| {
                    ["2025-03-21", "2025-03-22", "2026-03-01", "2026-03-20"]
                        .map(|day| row(id, &format!("{day}T12:00"), Vec::new()))
                })
                .collect(),
        ],
    };
    let facts = read(&program, &memory).unwrap();
    // 1: since 2025-03-22; 2: since 2026-03-10; 3: nobody knows.
    assert_eq!(values(&facts, 0), ["3", "1", "0"]);
    // Only 2 has changed tier, on 2026-03-01.
    assert_eq!(values(&facts, 1), ["4", "2", "4"]);
    let attribute = shown(facts.attributes[0].as_ref().unwrap());
    assert_eq!(attribute, ["2025-03-22", "2024-03-10", "NULL"]);
}

#[test]
fn more_rows_than_a_block_has() {
    let program =
        program(vec![orders(AMOUNT)], [Aggregate::Sum(0), Aggregate::Count].map(all).to_vec());
    let rows = (0..10_000).map(|n| row(n % 2 + 1, "2026-01-01T00:00", amount("0.50"))).collect();
    let memory = MemoryStore { customers: customers(&[1, 2]), sources: vec![rows] };
    let facts = read(&program, &memory).unwrap();
    assert_eq!(values(&facts, 0), ["2500.00", "2500.00"]);
    assert_eq!(values(&facts, 1), ["5000", "5000"]);
}

#[test]
fn a_number_too_large_is_a_fault_of_that_customer() {
    let program = program(vec![orders(AMOUNT)], vec![all(Aggregate::Sum(0))]);
    let most = "79228162514264337593543950335";
    let sources = vec![vec![
        row(1, "2026-01-01T00:00", amount(most)),
        row(2, "2026-01-01T00:00", amount("1")),
    ]];
    let facts = read(&program, &MemoryStore { customers: customers(&[1, 2]), sources }).unwrap();
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (1, '2026-01-01', '{most}'), (2, '2026-01-01', 1)"
    ));
    let of_store = shop.read(&program).unwrap();
    assert_eq!(values(&facts, 0), values(&of_store, 0));
    assert_eq!(facts.metrics[0].as_ref().unwrap().fault(1), None);
}

#[test]
fn what_cannot_be_read_is_named() {
    let source = orders(&[
        ("amount", ColumnKind::Money),
        ("paid", ColumnKind::Flag),
        ("due", ColumnKind::Date),
        ("channel", ColumnKind::Text),
    ]);
    let metrics = (0..4).map(|column| all(Aggregate::Max(column))).collect();
    let program = program(vec![source], metrics);
    let message = |column: usize, value: Value| {
        let mut bad = vec![Value::Null; 4];
        bad[column] = value;
        let rows = ["2026-01-01T00:00", "2026-01-02T00:00"];
        let sources = vec![vec![row(1, rows[0], Vec::new()), row(1, rows[1], bad)]];
        read(&program, &MemoryStore { customers: customers(&[1]), sources }).unwrap_err()
    };
    let expected = [
        (0, Value::text("ten"), "`amount` is `ten`, no plain decimal number"),
        (0, Value::Flag(true), "`amount` is true, which is no number"),
        (0, Value::Date(AS_OF), "`amount` is 2026-03-21, which is no number"),
        (1, Value::Number(2.into()), "`paid` is 2, neither 0 nor 1"),
        (2, Value::Number(20.into()), "`due` is 20, which is no time"),
        (
            2,
            Value::text("2026-02-30"),
            "`due` is `2026-02-30`, a day that the calendar does not have",
        ),
        (3, Value::List([].into()), "`channel` is a list, which is no text"),
    ];
    for (column, value, words) in expected {
        let error = message(column, value).to_string();
        assert_eq!(error, format!("row 2 of source `orders`: {words}"));
    }
    let MemoryError::Unreadable { of, row, .. } = message(0, Value::text("ten")) else {
        panic!("a row that cannot be read")
    };
    assert_eq!((of, row), (Some(0), 1));
}

#[test]
fn customers_that_cannot_be_read_are_named() {
    let program = with_customers(program(Vec::new(), Vec::new()), &[("age", ColumnKind::Count)]);
    let error = |people: Vec<(CustomerId, Vec<Value>)>| {
        let memory = MemoryStore { customers: people, sources: Vec::new() };
        read(&program, &memory).unwrap_err().to_string()
    };
    let old = |value| (CustomerId::Int(7), vec![value]);
    assert_eq!(
        error(vec![old(Value::text("old"))]),
        "row 1 of the customers: `age` is `old`, no plain decimal number"
    );
    assert_eq!(
        error(vec![old(Value::Null), old(Value::Null)]),
        "row 2 of the customers: `customer` is 7, a customer that the table has already"
    );
}
