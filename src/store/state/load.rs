//! Reading standings back, into columns by customer slot.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{StoredPass, names};
use crate::expr::{LadderId, date_from_days};
use crate::lifecycle::{LadderStandings, NO_DAY, Standings, TierCode};
use crate::program::{Ladder, MetricKind, Program, Window};
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

/// Everything that is stored of the ladders and alerts of a program, in the order of customers
/// (integers first, then texts by their bytes, which is SQLite's order too).
#[derive(Debug, Clone, Default)]
pub struct StoredStandings {
    ladders: Vec<Stored<LadderStandings>>,
    /// `None`: an alert without `every`, of which nothing is kept.
    raised_on: Vec<Option<Stored<Vec<i32>>>>,
}

/// Columns of those customers for whom something is stored.
#[derive(Debug, Clone, Default)]
struct Stored<C> {
    customers: Vec<CustomerId>,
    columns: C,
}

impl StoredStandings {
    pub(super) fn load(connection: &Connection, program: &Program) -> rusqlite::Result<Self> {
        let mut stored = Self::default();
        for ladder in &program.ladders {
            stored.ladders.push(match names::find(connection, &ladder.name)? {
                Some(id) => ladder_standings(connection, ladder, id)?,
                None => Stored::default(),
            });
        }
        for alert in &program.alerts {
            let kept = alert.every.map(|_| raised_on(connection, &alert.name));
            stored.raised_on.push(kept.transpose()?);
        }
        Ok(stored)
    }

    /// The standings of customers (sorted), by their slots. What is stored of others stays as
    /// it is in the database.
    pub fn of(self, customers: &[CustomerId]) -> Standings {
        let mut standings =
            Standings::empty(customers.len(), self.ladders.len(), self.raised_on.len());
        for (stored, into) in self.ladders.into_iter().zip(&mut standings.ladders) {
            let from = stored.columns;
            for (row, slot) in slots(&stored.customers, customers) {
                into.tier[slot] = from.tier[row];
                into.since[slot] = from.since[row];
                into.review_on[slot] = from.review_on[row];
                into.grace_until[slot] = from.grace_until[row];
                into.period_start[slot] = from.period_start[row];
            }
            into.gone = from.gone;
        }
        for (stored, into) in self.raised_on.into_iter().zip(&mut standings.raised_on) {
            let Some(stored) = stored else { continue };
            *into = vec![NO_DAY; customers.len()];
            for (row, slot) in slots(&stored.customers, customers) {
                into[slot] = stored.columns[row];
            }
        }
        standings
    }
}

/// The rows of stored customers who are there, with their slots. Both lists are sorted.
fn slots<'a>(
    stored: &'a [CustomerId],
    customers: &'a [CustomerId],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut slot = 0;
    stored.iter().enumerate().filter_map(move |(row, customer)| {
        while customers.get(slot).is_some_and(|here| here < customer) {
            slot += 1;
        }
        (customers.get(slot) == Some(customer)).then_some((row, slot))
    })
}

fn ladder_standings(
    connection: &Connection,
    ladder: &Ladder,
    stored: i64,
) -> rusqlite::Result<Stored<LadderStandings>> {
    let mut customers = Vec::new();
    let mut columns = LadderStandings::default();
    let mut codes: HashMap<i64, TierCode> = HashMap::new();
    for (number, name) in names::tiers(connection, stored)? {
        let known = ladder.tiers.iter().position(|tier| tier.name == name);
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
    let mut statement = connection.prepare(
        "SELECT customer, tier, since, review_on, grace_until, period_start
         FROM tk_standing WHERE ladder = ?1 ORDER BY customer",
    )?;
    let mut rows = statement.query([stored])?;
    while let Some(row) = rows.next()? {
        customers.push(customer(row)?);
        let number: Option<i64> = row.get(1)?;
        if number != last.0 {
            let code = number.and_then(|number| codes.get(&number).copied());
            last = (number, code.unwrap_or(TierCode::NONE));
        }
        columns.tier.push(last.1);
        columns.since.push(day(row, 2)?);
        columns.review_on.push(day(row, 3)?);
        columns.grace_until.push(day(row, 4)?);
        columns.period_start.push(day(row, 5)?);
    }
    Ok(Stored { customers, columns })
}

fn raised_on(connection: &Connection, alert: &str) -> rusqlite::Result<Stored<Vec<i32>>> {
    let mut stored = Stored::<Vec<i32>>::default();
    let mut statement = connection
        .prepare("SELECT customer, raised_on FROM tk_alert WHERE alert = ?1 ORDER BY customer")?;
    let mut rows = statement.query([alert])?;
    while let Some(row) = rows.next()? {
        stored.customers.push(customer(row)?);
        stored.columns.push(day(row, 1)?);
    }
    Ok(stored)
}

/// The customer in a row's first column.
fn customer(row: &Row<'_>) -> rusqlite::Result<CustomerId> {
    Ok(match row.get_ref(0)? {
        ValueRef::Integer(number) => CustomerId::Int(number),
        other => CustomerId::Text(other.as_str()?.into()),
    })
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
                dates.insert(customer(row)?, date_from_days(row.get(1)?));
            }
        }
        since.dates.insert(ladder, dates);
    }
    Ok(since)
}

fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<i32> {
    Ok(row.get::<_, Option<i32>>(column)?.unwrap_or(NO_DAY))
}
