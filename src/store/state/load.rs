//! Reading standings back, into columns by customer slot.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{StoredPass, names};
use crate::expr::{LadderId, date_from_days};
use crate::lifecycle::{LadderStandings, NO_DAY, Standings, TierCode};
use crate::program::{MetricKind, Program, Window};
use crate::store::CustomerId;

/// Since when customers hold their tiers.
#[derive(Debug, Clone, Default)]
pub struct TierSince {
    dates: HashMap<LadderId, HashMap<CustomerId, Date>>,
}

impl TierSince {
    pub fn get(&self, ladder: LadderId, customer: &CustomerId) -> Option<Date> {
        self.dates.get(&ladder)?.get(customer).copied()
    }
}

/// How far a state has come. It moves with every pass that stores something new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Progress {
    passes: i64,
    last: Option<StoredPass>,
    last_event: Option<i64>,
}

pub(super) fn progress(connection: &Connection) -> rusqlite::Result<Progress> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    Ok(Progress {
        passes: number("SELECT count(*) FROM tk_pass")?.unwrap_or(0),
        last: last_pass(connection)?,
        last_event: number("SELECT max(seq) FROM tk_event_row")?,
    })
}

pub(super) fn last_pass(connection: &Connection) -> rusqlite::Result<Option<StoredPass>> {
    let sql = "SELECT as_of, hash FROM tk_pass JOIN tk_program ON tk_program.id = program
               ORDER BY as_of DESC LIMIT 1";
    let found: Option<(String, String)> =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.and_then(|(as_of, program)| Some(StoredPass { as_of: as_of.parse().ok()?, program })))
}

pub(super) fn standings(
    connection: &Connection,
    program: &Program,
    customers: &[CustomerId],
) -> rusqlite::Result<Standings> {
    let mut standings =
        Standings::empty(customers.len(), program.ladders.len(), program.alerts.len());
    for (id, ladder) in program.ladders.iter().enumerate() {
        if let Some(stored) = names::find(connection, &ladder.name)? {
            let columns = &mut standings.ladders[id];
            load_ladder(connection, program, id, stored, customers, columns)?;
        }
    }
    for (id, alert) in program.alerts.iter().enumerate() {
        if alert.every.is_some() {
            standings.raised_on[id] = raised_on(connection, &alert.name, customers)?;
        }
    }
    Ok(standings)
}

fn load_ladder(
    connection: &Connection,
    program: &Program,
    ladder: LadderId,
    stored: i64,
    customers: &[CustomerId],
    columns: &mut LadderStandings,
) -> rusqlite::Result<()> {
    let mut codes: HashMap<i64, TierCode> = HashMap::new();
    for (number, name) in names::tiers(connection, stored)? {
        let known = program.ladders[ladder].tiers.iter().position(|tier| tier.name == name);
        let code = match known {
            Some(tier) => TierCode::new(Some(tier)),
            None => {
                columns.gone.push(name);
                TierCode::gone(columns.gone.len() - 1)
            }
        };
        codes.insert(number, code);
    }
    // Few tiers, and mostly the same one again: the last is asked first.
    let mut last = (None, TierCode::NONE);
    let mut slots = Slots::new(customers);
    let mut statement = connection.prepare(
        "SELECT customer, tier, since, review_on, grace_until, period_start
         FROM tk_standing WHERE ladder = ?1 ORDER BY customer",
    )?;
    let mut rows = statement.query([stored])?;
    while let Some(row) = rows.next()? {
        let Some(slot) = slots.find(row.get_ref(0)?) else { continue };
        let number: Option<i64> = row.get(1)?;
        if number != last.0 {
            let code = number.and_then(|number| codes.get(&number).copied());
            last = (number, code.unwrap_or(TierCode::NONE));
        }
        columns.tier[slot] = last.1;
        columns.since[slot] = day(row, 2)?;
        columns.review_on[slot] = day(row, 3)?;
        columns.grace_until[slot] = day(row, 4)?;
        columns.period_start[slot] = day(row, 5)?;
    }
    Ok(())
}

fn raised_on(
    connection: &Connection,
    alert: &str,
    customers: &[CustomerId],
) -> rusqlite::Result<Vec<i32>> {
    let mut days = vec![NO_DAY; customers.len()];
    let mut slots = Slots::new(customers);
    let mut statement = connection
        .prepare("SELECT customer, raised_on FROM tk_alert WHERE alert = ?1 ORDER BY customer")?;
    let mut rows = statement.query([alert])?;
    while let Some(row) = rows.next()? {
        if let Some(slot) = slots.find(row.get_ref(0)?) {
            days[slot] = day(row, 1)?;
        }
    }
    Ok(days)
}

pub(super) fn tier_since(
    connection: &Connection,
    program: &Program,
) -> rusqlite::Result<TierSince> {
    let mut since = TierSince::default();
    for metric in &program.metrics {
        let MetricKind::Rows(rows) = &metric.kind else { continue };
        let Window::Tier(ladder) = rows.window else { continue };
        if since.dates.contains_key(&ladder) {
            continue;
        }
        let mut dates = HashMap::new();
        if let Some(stored) = names::find(connection, &program.ladders[ladder].name)? {
            let mut statement = connection.prepare(
                "SELECT customer, since FROM tk_standing
                 WHERE ladder = ?1 AND tier IS NOT NULL AND since IS NOT NULL",
            )?;
            let mut rows = statement.query([stored])?;
            while let Some(row) = rows.next()? {
                let customer = match row.get_ref(0)? {
                    ValueRef::Integer(number) => CustomerId::Int(number),
                    other => CustomerId::Text(other.as_str()?.into()),
                };
                dates.insert(customer, date_from_days(row.get(1)?));
            }
        }
        since.dates.insert(ladder, dates);
    }
    Ok(since)
}

fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<i32> {
    Ok(row.get::<_, Option<i32>>(column)?.unwrap_or(NO_DAY))
}

/// Finds the slots of customers who come in order: integers first, then texts by their bytes,
/// which is SQLite's order too.
struct Slots<'a> {
    customers: &'a [CustomerId],
    next: usize,
}

impl<'a> Slots<'a> {
    fn new(customers: &'a [CustomerId]) -> Self {
        Self { customers, next: 0 }
    }

    fn find(&mut self, customer: ValueRef<'_>) -> Option<usize> {
        while let Some(here) = self.customers.get(self.next) {
            let order = match (here, customer) {
                (CustomerId::Int(here), ValueRef::Integer(there)) => here.cmp(&there),
                (CustomerId::Text(here), ValueRef::Text(there)) => here.as_bytes().cmp(there),
                (CustomerId::Int(_), _) => std::cmp::Ordering::Less,
                (CustomerId::Text(_), _) => std::cmp::Ordering::Greater,
            };
            match order {
                std::cmp::Ordering::Less => self.next += 1,
                std::cmp::Ordering::Equal => {
                    self.next += 1;
                    return Some(self.next - 1);
                }
                std::cmp::Ordering::Greater => return None,
            }
        }
        None
    }
}
