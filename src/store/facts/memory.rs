//! Facts from rows in memory, read as those of a store are.

use std::borrow::Cow;
use std::mem;
use std::sync::{Arc, Mutex};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rusqlite::types::ValueRef;

use super::Facts;
use super::clock::Clock;
use super::customer::CustomerId;
use super::found::Found;
use super::ids::MOST_CUSTOMERS;
use super::left::LeftByDay;
use super::plan::SourcePlan;
use super::roster::{CustomerTable, window_spans};
use super::rows::{RowReader, Stop};
use super::scan::{Adding, Scan, TakerScan};
use super::scripts::RowScripts;
use super::unreadable::{BadRow, shown as shown_text};
use super::work::{Read, attend};
use crate::expr::{AttributeId, LadderId, SourceId, Value, days_from_date};
use crate::program::{AtUnit, ColumnKind, Program};

/// Rows that no store holds: those of a pack's tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    /// Who there is, each once, whatever facts they have; with a value for every attribute of the
    /// program, by `AttributeId`. Computed ones are ignored, and those that are not there are
    /// unknown.
    pub customers: Vec<(CustomerId, Vec<Value>)>,
    /// By `SourceId`.
    pub sources: Vec<Vec<MemoryRow>>,
}

/// A row of a source. Money is in the major unit, whatever unit a store has it in.
#[derive(Debug, Clone)]
pub struct MemoryRow {
    pub customer: CustomerId,
    /// In the pack's zone.
    pub at: DateTime,
    /// By `ColumnId`. Computed ones are ignored, and those that are not there are unknown.
    pub values: Vec<Value>,
}

/// Why rows in memory cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemoryError {
    #[error("the time zone `{name}` is not known")]
    UnknownZone { name: String },
    /// `of`: the source, `None` for customers; `row`: its place there, from 0; `column`: its
    /// name in the pack, `at` and `customer` too.
    #[error("row {} of {asked_by}: `{column}` is {value}, {reason}", row + 1)]
    Unreadable {
        of: Option<SourceId>,
        row: usize,
        asked_by: String,
        column: String,
        value: String,
        reason: String,
    },
    #[error("there are more customers than {limit}, the most that one pass can hold")]
    TooManyCustomers { limit: u32 },
}

type TierSince<'a> = &'a (dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync);

/// Reads everything that a program wants to know from rows in memory, as of a date.
///
/// Everybody in `customers` is there as of every date, with a customers table in the program or
/// without one. Rows of others are skipped and counted. Columns that nothing reads are not looked
/// at.
pub fn read_memory(
    program: &Program,
    store: &MemoryStore,
    as_of: Date,
    tier_since: TierSince<'_>,
) -> Result<Facts, MemoryError> {
    let zone = &program.settings.timezone;
    let zone = TimeZone::get(zone).map_err(|_| MemoryError::UnknownZone { name: zone.clone() })?;
    let clock = Clock::new(zone, AtUnit::Seconds);
    let mut table = table(program, &store.customers, &clock)?;
    let known = Arc::new(mem::take(&mut table.ids));
    let mut left = LeftByDay::default();
    left.absorb_left(mem::take(&mut table.left));
    let attributes = table.attributes(0, program, as_of);
    let mut metrics = vec![None; program.metrics.len()];
    let last_day = days_from_date(as_of);
    let scripts = Arc::new(RowScripts::new(&program.scripts, as_of));
    for id in 0..program.sources.len() {
        let plan = SourcePlan::new(program, id, as_of, |_| true);
        let Some(plan) = plan.filter(|plan| !plan.metrics.is_empty()) else { continue };
        let spans = window_spans(&plan, &known.list, &attributes, tier_since);
        let scan = Scan::new(program, &plan, as_of, spans, scripts.clone());
        let rows = store.sources.get(id).map_or(&[][..], Vec::as_slice);
        let decimals = program.settings.money_decimals;
        let reader = RowReader::of_memory(&plan, last_day, decimals, clock.clone(), rows.len());
        let columns: Vec<_> = (0..plan.source.columns.len()).map(Some).collect();
        let taker = TakerScan { scan, columns: &columns, tier_since };
        let mut adding = Adding::new(&plan, vec![taker]);
        let mut reader = reader.with_customers(known.clone());
        read((id, &plan), rows, &mut reader, &mut adding)?;
        left.absorb(mem::take(&mut reader.left));
        let mut reads = vec![Read { taken: adding, rows: Arc::new(Mutex::new(reader)) }];
        let found = Found { customers: known.list.len(), order: None, slots: &[None] };
        for (metric, column) in found.finish(program, &plan, (0, &plan), &mut reads) {
            metrics[metric] = Some(column);
        }
    }
    let customers = Arc::unwrap_or_clone(known).list;
    let mut facts = Facts { customers, attributes, metrics, ..Facts::default() };
    left.until(last_day).tell(&mut facts);
    Ok(facts)
}

fn table(
    program: &Program,
    customers: &[(CustomerId, Vec<Value>)],
    clock: &Clock,
) -> Result<CustomerTable, MemoryError> {
    let kinds: Vec<ColumnKind> = program.attributes.iter().map(|it| it.kind).collect();
    let cells: Vec<Vec<Cell<'_>>> = customers
        .iter()
        .map(|(_, values)| kinds.iter().zip(values).map(|(kind, it)| Cell::of(it, *kind)).collect())
        .collect();
    let value = |row: usize, attribute: Option<AttributeId>| match attribute {
        Some(attribute) => cells[row].get(attribute).map_or(ValueRef::Null, Cell::as_ref),
        None => id_of(&customers[row].0),
    };
    let read = CustomerTable::of_memory(program, customers.len(), value, clock);
    read.map_err(|(row, attribute, why)| {
        let (id, values) = &customers[row];
        MemoryError::Unreadable {
            of: None,
            row,
            asked_by: "the customers".to_owned(),
            column: attribute.map_or("customer", |id| &program.attributes[id].name).to_owned(),
            value: attribute.map_or_else(|| shown_text(id_of(id)), |id| shown(&values[id])),
            reason: why.0.to_owned(),
        }
    })
}

/// Reads the rows of a source, in blocks.
fn read(
    (id, plan): (SourceId, &SourcePlan),
    rows: &[MemoryRow],
    reader: &mut RowReader,
    adding: &mut Adding<'_>,
) -> Result<(), MemoryError> {
    let stopped = |stop| match stop {
        Stop::Bad(bad) => unreadable((id, plan), rows, bad),
        Stop::TooManyCustomers => MemoryError::TooManyCustomers { limit: MOST_CUSTOMERS },
    };
    let mut cells = Vec::with_capacity(plan.stored.len());
    for (row, number) in rows.iter().zip(0..) {
        let at = row.at.to_string();
        cells.clear();
        cells.extend(plan.stored.iter().map(|&column| {
            let kind = plan.source.columns[column].kind;
            row.values.get(column).map_or(Cell::Null, |value| Cell::of(value, kind))
        }));
        let attention = reader.take(|place| match place {
            0 => ValueRef::Integer(number),
            1 => ValueRef::Text(at.as_bytes()),
            2 => id_of(&row.customer),
            place => cells[place - 3].as_ref(),
        });
        if attention {
            attend(reader, adding).map_err(stopped)?;
        }
    }
    attend(reader, adding).map_err(stopped)
}

fn unreadable((id, plan): (SourceId, &SourcePlan), rows: &[MemoryRow], bad: BadRow) -> MemoryError {
    let row = bad.row as usize;
    let column = plan.source.columns.iter().position(|column| column.name == bad.column);
    let value = column.and_then(|column| rows[row].values.get(column)).map(shown);
    MemoryError::Unreadable {
        of: Some(id),
        row,
        asked_by: bad.asked_by,
        column: bad.column,
        value: value.unwrap_or(bad.value),
        reason: bad.reason.to_owned(),
    }
}

fn id_of(customer: &CustomerId) -> ValueRef<'_> {
    match customer {
        CustomerId::Int(number) => ValueRef::Integer(*number),
        CustomerId::Text(text) => ValueRef::Text(text.as_bytes()),
    }
}

/// A value as a store would have it.
#[derive(Debug)]
enum Cell<'a> {
    Null,
    Integer(i64),
    Text(Cow<'a, str>),
    /// A value that columns of the kind never have.
    Other,
}

impl<'a> Cell<'a> {
    fn of(value: &'a Value, kind: ColumnKind) -> Self {
        match (value, kind) {
            (Value::Null, _) => Cell::Null,
            // A store's whole numbers are seconds there.
            (Value::Number(_), ColumnKind::Date) => Cell::Other,
            (Value::Number(number), _) => match i64::try_from(number.mantissa()) {
                Ok(whole) if number.scale() == 0 => Cell::Integer(whole),
                _ => Cell::Text(number.to_string().into()),
            },
            (Value::Text(text), _) => Cell::Text(Cow::Borrowed(text)),
            (Value::Flag(flag), ColumnKind::Flag) => Cell::Integer((*flag).into()),
            (Value::Date(date), ColumnKind::Date | ColumnKind::Text) => {
                Cell::Text(date.to_string().into())
            }
            (Value::Flag(_) | Value::Date(_) | Value::List(_), _) => Cell::Other,
        }
    }

    fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Cell::Null => ValueRef::Null,
            Cell::Integer(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            // No column can be read from one.
            Cell::Other => ValueRef::Blob(&[]),
        }
    }
}

/// A value as a message shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Text(text) => shown_text(ValueRef::Text(text.as_bytes())),
        Value::List(_) => "a list".to_owned(),
    }
}
