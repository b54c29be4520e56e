//! Whole readings of small stores, with expectations written by hand.

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
use crate::store::{QUERY_TIME_LIMIT, StoreError};

mod customers;
mod history;
mod in_common;
mod memory;
mod metrics;
mod order;
mod some;
mod stores;
mod together;
mod touched;
mod values;

const AS_OF: Date = date(2026, 3, 21);

struct Shop {
    _folder: tempfile::TempDir,
    store: PathBuf,
    query_time_limit: std::time::Duration,
}

fn shop(sql: &str) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("shop.db");
    Connection::open(&store).unwrap().execute_batch(sql).unwrap();
    Shop { _folder: folder, store, query_time_limit: QUERY_TIME_LIMIT }
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
        read_facts(program, &self.store, AS_OF, &self.options(skip, threads))
    }

    fn options(&self, skip_bad_rows: bool, threads: usize) -> ReadOptions<'_> {
        ReadOptions {
            skip_bad_rows,
            threads,
            query_time_limit: self.query_time_limit,
            tier_since: &tier_since,
            progress: &|_, _| {},
            stop: Arc::default(),
        }
    }

    /// The message of an error.
    fn error(&self, program: &Program) -> String {
        self.read(program).unwrap_err().to_string()
    }
}

fn tier_since(_: LadderId, id: &CustomerId) -> Option<Date> {
    (*id == CustomerId::Int(2)).then_some(date(2026, 3, 1))
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
