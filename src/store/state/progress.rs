//! How far a state has come: its passes, and what was done by hand.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension};

use super::StoredPass;
use crate::expr::date_from_days;

/// Moves with every pass that stores something new, and with every hold and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Progress {
    passes: i64,
    last: Option<StoredPass>,
    last_event: Option<i64>,
}

impl Progress {
    /// Whether nothing was ever stored.
    pub(super) fn is_empty(&self) -> bool {
        self.last.is_none() && self.last_event.is_none()
    }

    /// The number of the last event; 0: there is none.
    pub(super) fn last_event(&self) -> i64 {
        self.last_event.unwrap_or(0)
    }
}

pub(super) fn progress(connection: &Connection) -> rusqlite::Result<Progress> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    Ok(Progress {
        passes: number("SELECT count(*) FROM tk_pass")?.unwrap_or(0),
        last: pass_up_to(connection, Date::MAX)?,
        last_event: number("SELECT max(seq) FROM tk_event_row")?,
    })
}

/// Moves with what other connections commit.
pub(super) fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0))
}

/// The last pass up to a date.
pub(super) fn pass_up_to(
    connection: &Connection,
    date: Date,
) -> rusqlite::Result<Option<StoredPass>> {
    let sql = "SELECT as_of, hash FROM tk_pass JOIN tk_program ON tk_program.id = program
               WHERE as_of <= ?1 ORDER BY as_of DESC LIMIT 1";
    let found: Option<(String, String)> = connection
        .query_row(sql, [date.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.and_then(|(as_of, program)| Some(StoredPass { as_of: as_of.parse().ok()?, program })))
}

/// The date of the last pass, or of the last thing that was done by hand.
pub(super) fn last_date(connection: &Connection) -> rusqlite::Result<Option<Date>> {
    let last_event = connection
        .query_row("SELECT as_of FROM tk_event_row ORDER BY seq DESC LIMIT 1", [], |row| {
            row.get::<_, i32>(0)
        })
        .optional()?;
    let last_pass = pass_up_to(connection, Date::MAX)?.map(|last| last.as_of);
    Ok(last_event.map(date_from_days).max(last_pass))
}
