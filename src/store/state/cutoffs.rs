//! Cutoffs: each belongs to the pass that took it, with its date and program.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use rust_decimal::Decimal;

use crate::expr::{Fault, date_from_days, days_from_date};
use crate::metrics::population::{Border, HeldCutoff, Population};
use crate::program::Program;

const COLUMNS: &str = "taken_on, until, counted_from, value, fault, count, border";

/// Stores the cutoffs that a pass took; those that it held are there.
pub(super) fn write(
    transaction: &Transaction<'_>,
    program: &Program,
    number: i64,
    population: &Population,
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare(
        "INSERT OR REPLACE INTO tk_cutoff (taken_on, program, identity, text, until, counted_from,
             value, fault, count, border)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for (id, cutoff) in program.cutoffs.iter().enumerate() {
        let Some(taken) = population.cutoff(id).filter(|it| it.taken_on == population.as_of) else {
            continue;
        };
        let held = population.held[id].as_ref();
        insert.execute(params![
            days_from_date(taken.taken_on),
            number,
            cutoff.identity(program),
            cutoff.text,
            held.map(|held| days_from_date(held.until)),
            held.map(|held| days_from_date(held.counted_from)),
            taken.value.ok().map(|value| value.to_string()),
            taken.value.err().map(|fault| fault as u8),
            taken.count as i64,
            taken.border.as_ref().map(Border::to_json),
        ])?;
    }
    Ok(())
}

/// The cutoffs that a pass as of a date may hold, by `CutoffId`.
pub(super) fn held(
    connection: &Connection,
    program: &Program,
    as_of: Date,
) -> rusqlite::Result<Vec<Option<HeldCutoff>>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tk_cutoff
         WHERE identity = ?1 AND taken_on <= ?2 AND until IS NOT NULL
         ORDER BY taken_on DESC LIMIT 1"
    );
    let mut latest = connection.prepare(&sql)?;
    let cutoffs = program.cutoffs.iter().map(|cutoff| {
        if cutoff.held_by.is_none() {
            return Ok(None);
        }
        let found = params![cutoff.identity(program), days_from_date(as_of)];
        latest.query_row(found, |row| of_row(row, Date::MIN)).optional()
    });
    cutoffs.collect()
}

/// The cutoffs that the pass of a date used, taken then or held, by `CutoffId`.
pub(super) fn used(
    connection: &Connection,
    program: &Program,
    pass: Date,
) -> rusqlite::Result<Vec<Option<HeldCutoff>>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tk_cutoff
         WHERE identity = ?1 AND (taken_on = ?2 OR taken_on < ?2 AND until > ?2)
         ORDER BY taken_on DESC LIMIT 1"
    );
    let mut latest = connection.prepare(&sql)?;
    let next = pass.tomorrow().unwrap_or(Date::MAX);
    let cutoffs = program.cutoffs.iter().map(|cutoff| {
        let found = params![cutoff.identity(program), days_from_date(pass)];
        latest.query_row(found, |row| of_row(row, next)).optional()
    });
    cutoffs.collect()
}

/// `until`: of a cutoff that was for one pass only.
fn of_row(row: &Row<'_>, until: Date) -> rusqlite::Result<HeldCutoff> {
    let date = |column| row.get::<_, Option<i32>>(column).map(|day| day.map(date_from_days));
    let taken_on = date_from_days(row.get(0)?);
    let value: Option<String> = row.get(3)?;
    let fault = row.get::<_, Option<u8>>(4)?.and_then(Fault::from_byte);
    let number = value.and_then(|text| Decimal::from_str_exact(&text).ok());
    let border: Option<String> = row.get(6)?;
    Ok(HeldCutoff {
        taken_on,
        until: date(1)?.unwrap_or(until),
        counted_from: date(2)?.unwrap_or(taken_on),
        value: number.ok_or(fault.unwrap_or(Fault::Overflow)),
        count: usize::try_from(row.get::<_, i64>(5)?).unwrap_or_default(),
        border: border.and_then(|text| Border::from_json(&text)),
    })
}
