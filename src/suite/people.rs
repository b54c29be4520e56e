//! Customers with what is known of them, from a table of CSV text.

use std::collections::HashSet;

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::case::{Fact, Person};
use crate::diagnostic::did_you_mean;
use crate::expr::{AttributeId, LadderId, MetricId, Type, Value};
use crate::metrics::{GiveError, GivenMetric};
use crate::program::{ColumnSource, Program};
use crate::store::{CustomerId, Facts, MemoryError, MemoryRow, MemoryStore, read_memory};

/// Customers, their rows, and the metrics that are given outright.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub store: MemoryStore,
    pub given: Vec<GivenTo>,
}

/// What a customer's metric is, whatever the rows say.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenTo {
    pub customer: CustomerId,
    pub metric: MetricId,
    pub value: Value,
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvFault {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: String,
    pub help: Option<String>,
}

/// Why there are no facts of people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Rows(#[from] MemoryError),
    #[error(transparent)]
    Given(#[from] GiveError),
    #[error("there is no customer `{0}` to give a metric to")]
    Nobody(CustomerId),
}

impl People {
    /// Those of a case: what is said of them, and nobody else.
    pub fn of(program: &Program, persons: &[Person]) -> People {
        let mut people = People::default();
        people.store.sources = vec![Vec::new(); program.sources.len()];
        for person in persons {
            let customer = || person.id.clone();
            people.store.customers.push((customer(), person.attributes.clone()));
            for Fact { source, at, values } in &person.facts {
                let row = MemoryRow { customer: customer(), at: *at, values: values.clone() };
                people.store.sources[*source].push(row);
            }
            for (metric, value) in &person.metrics {
                let given = GivenTo { customer: customer(), metric: *metric, value: value.clone() };
                people.given.push(given);
            }
        }
        people
    }

    /// The facts as of a date, with the given metrics among them.
    pub fn facts(
        &self,
        program: &Program,
        as_of: Date,
        tier_since: &(dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync),
    ) -> Result<Facts, PeopleError> {
        let mut facts = read_memory(program, &self.store, as_of, tier_since)?;
        for GivenTo { customer, metric, value } in &self.given {
            let slot = facts.slot(customer);
            let slot = slot.ok_or_else(|| PeopleError::Nobody(customer.clone()))?;
            facts.give(program, slot, *metric, value.clone())?;
        }
        Ok(facts)
    }

    /// Reads a table with a heading: `customer`, then attributes and metrics by name, hidden
    /// metrics too (`previous(spend)`). An empty cell is an unknown attribute, or a metric that
    /// is not given. Nobody has a row. Every fault of the table is told.
    pub fn from_csv(program: &Program, text: &str) -> Result<People, Vec<CsvFault>> {
        let mut table = Table { program, text, faults: Vec::new() };
        let people = table.read();
        if table.faults.is_empty() { Ok(people) } else { Err(table.faults) }
    }
}

/// What a column of the table says.
#[derive(Debug, Clone, Copy)]
enum Heading {
    Customer,
    Attribute(AttributeId),
    Metric(MetricId),
    /// It has a fault.
    Nothing,
}

struct Table<'a> {
    program: &'a Program,
    text: &'a str,
    faults: Vec<CsvFault>,
}

impl Table<'_> {
    fn read(&mut self) -> People {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        self.text = text;
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut records = Vec::new();
        for record in reader.records() {
            // Text is UTF-8 and lines may have any length, so there is nothing to refuse.
            records.extend(record.ok());
        }
        let mut people = People::default();
        people.store.sources = vec![Vec::new(); self.program.sources.len()];
        let Some((header, rows)) = records.split_first() else {
            self.fault(0, 0, "the table is empty".into(), Some(FIRST_LINE.into()));
            return people;
        };
        let headings = self.headings(header);
        if !headings.iter().any(|heading| matches!(heading, Heading::Customer)) {
            let place = start_of(header);
            let help = match header.iter().any(|name| name.contains([';', '\t'])) {
                true => "separate the columns with commas",
                false => FIRST_LINE,
            };
            self.fault(place, 0, "no column is called `customer`".into(), Some(help.into()));
            return people;
        }
        let mut known = HashSet::new();
        for row in rows {
            self.row(&headings, row, &mut known, &mut people);
        }
        people
    }

    fn headings(&mut self, header: &StringRecord) -> Vec<Heading> {
        let mut headings = Vec::new();
        for (place, name) in header.iter().enumerate() {
            let name = name.trim();
            if header.iter().take(place).any(|earlier| earlier.trim() == name) {
                let message = format!("two columns are called `{name}`");
                self.fault(start_of(header), place, message, Some("leave one out".into()));
                headings.push(Heading::Nothing);
                continue;
            }
            let heading = self.heading(name);
            headings.push(heading.unwrap_or_else(|(message, help)| {
                self.fault(start_of(header), place, message, help);
                Heading::Nothing
            }));
        }
        headings
    }

    fn heading(&self, name: &str) -> Result<Heading, (String, Option<String>)> {
        let Program { attributes, metrics, .. } = self.program;
        if name == "customer" {
            return Ok(Heading::Customer);
        }
        if let Some(id) = attributes.iter().position(|attribute| attribute.name == name) {
            if matches!(attributes[id].column, ColumnSource::Computed(_)) {
                let message = format!("the attribute `{name}` is computed");
                return Err((message, Some("give the attributes that it is computed from".into())));
            }
            return Ok(Heading::Attribute(id));
        }
        if let Some(id) = metrics.iter().position(|metric| metric.name == name) {
            return Ok(Heading::Metric(id));
        }
        let names = attributes.iter().map(|it| &it.name).chain(metrics.iter().map(|it| &it.name));
        let near = did_you_mean(name, names.map(String::as_str).chain(["customer"]));
        Err((format!("`{name}` is no attribute and no metric of the pack"), near))
    }

    fn row(
        &mut self,
        headings: &[Heading],
        row: &StringRecord,
        known: &mut HashSet<CustomerId>,
        people: &mut People,
    ) {
        let start = start_of(row);
        if row.len() != headings.len() {
            let message = format!("{} cells where the heading has {}", row.len(), headings.len());
            let help = (row.len() > headings.len())
                .then(|| "put text with a comma into quotation marks".into());
            self.fault(start, 0, message, help);
            return;
        }
        let place = headings.iter().position(|heading| matches!(heading, Heading::Customer));
        let place = place.unwrap_or_default();
        if row[place].is_empty() {
            let help = Some("write an id into the column `customer`".into());
            self.fault(start, place, "there is no customer".into(), help);
            return;
        }
        let customer = CustomerId::parse(&row[place]);
        if !known.insert(customer.clone()) {
            let message = format!("the customer `{customer}` stands here a second time");
            let help = Some("a customer has one line".into());
            self.fault(start, place, message, help);
            return;
        }
        let mut attributes = vec![Value::Null; self.program.attributes.len()];
        for (place, (heading, cell)) in headings.iter().zip(row).enumerate() {
            if cell.is_empty() {
                continue;
            }
            let read = match *heading {
                Heading::Attribute(id) => {
                    let read = value(cell, self.program.attributes[id].kind.ty());
                    read.map(|value| attributes[id] = value)
                }
                Heading::Metric(metric) => self.given(metric, cell).map(|value| {
                    people.given.push(GivenTo { customer: customer.clone(), metric, value });
                }),
                Heading::Customer | Heading::Nothing => Ok(()),
            };
            if let Err((message, help)) = read {
                self.fault(start, place, message, help);
            }
        }
        people.store.customers.push((customer, attributes));
    }

    fn given(&self, metric: MetricId, cell: &str) -> Result<Value, (String, Option<String>)> {
        let value = value(cell, self.program.metrics[metric].ty)?;
        match GivenMetric::new(self.program, 0, metric, value.clone()) {
            Ok(_) => Ok(value),
            Err(error) => Err((error.to_string(), None)),
        }
    }

    /// `start`: the byte with which the record begins; `cell`: its cell, from 0.
    fn fault(&mut self, start: usize, cell: usize, message: String, help: Option<String>) {
        let at = cell_start(&self.text[start..], cell) + start;
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        self.faults.push(CsvFault {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message,
            help,
        });
    }
}

const FIRST_LINE: &str = "begin with a line of names, as in `customer,spend`";

fn start_of(record: &StringRecord) -> usize {
    record.position().map_or(0, |position| position.byte() as usize)
}

/// Where a cell of a record begins.
fn cell_start(record: &str, cell: usize) -> usize {
    let (mut quoted, mut passed) = (false, 0);
    // Empty lines before a record belong to nothing.
    let blank = record.len() - record.trim_start_matches(['\r', '\n']).len();
    for (at, byte) in record.bytes().enumerate().skip(blank) {
        if passed == cell {
            return at;
        }
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => passed += 1,
            _ => {}
        }
    }
    if passed == cell { record.len() } else { blank }
}

/// A cell as a value of a type.
fn value(cell: &str, ty: Type) -> Result<Value, (String, Option<String>)> {
    let trimmed = cell.trim();
    let fault = |what: &str, help: &str| (format!("`{cell}` is {what}"), Some(help.to_owned()));
    match ty {
        Type::Number => match plain_number(trimmed) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(fault("no plain decimal number", "write it as in `-1250.5`")),
        },
        Type::Flag => match trimmed {
            "true" | "1" => Ok(Value::Flag(true)),
            "false" | "0" => Ok(Value::Flag(false)),
            _ => Err(fault("neither true nor false", "write `true` or `false`")),
        },
        Type::Date => match trimmed.parse::<Date>() {
            Ok(date) if trimmed.len() == "2026-03-21".len() => Ok(Value::Date(date)),
            _ => Err(fault("no date", "write it as in `2026-03-21`")),
        },
        Type::Text | Type::List => Ok(Value::text(cell)),
    }
}

fn plain_number(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
    if plain { Decimal::from_str_exact(text).ok() } else { None }
}
