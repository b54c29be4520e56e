//! Writing a demo store: a file of its own, in one transaction, or nothing at all.

use std::{
    fs::{File, remove_file},
    path::Path,
};

use rusqlite::{Connection, Error, Transaction, ffi};

/// What was made: each table with its number of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopSummary {
    pub tables: Vec<(&'static str, i64)>,
}

impl ShopSummary {
    /// The rows of one table; 0 for a table that the shop does not have.
    #[must_use]
    pub fn rows(&self, table: &str) -> i64 {
        self.tables.iter().find(|(name, _)| *name == table).map_or(0, |(_, rows)| *rows)
    }
}

/// Makes the file, lets `fill` write into it, and counts what is there. A file that exists
/// is left alone and is an error; where `fill` fails no file remains.
pub(super) fn create(
    path: &Path,
    tables: &[&'static str],
    fill: impl FnOnce(&Transaction<'_>) -> Result<(), Error>,
) -> Result<ShopSummary, Error> {
    File::create_new(path).map_err(|error| {
        Error::SqliteFailure(
            ffi::Error::new(ffi::SQLITE_CANTOPEN),
            Some(format!("cannot make `{}`: {error}", path.display())),
        )
    })?;
    let made = write(path, tables, fill);
    if made.is_err() {
        // Best effort: the first error is the one worth telling.
        let _ = remove_file(path);
    }
    made
}

fn write(
    path: &Path,
    tables: &[&'static str],
    fill: impl FnOnce(&Transaction<'_>) -> Result<(), Error>,
) -> Result<ShopSummary, Error> {
    let mut connection = Connection::open(path)?;
    let transaction = connection.transaction()?;
    fill(&transaction)?;
    let mut summary = ShopSummary { tables: Vec::new() };
    for table in tables {
        let count = format!("SELECT count(*) FROM {table}");
        let rows = transaction.query_row(&count, [], |row| row.get(0))?;
        summary.tables.push((table, rows));
    }
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(summary)
}
