use rusqlite::params;

use crate::store::StoreError;
use crate::store::facts::{CustomerId, customer_of};
use crate::store::snapshot::Snapshot;

/// A table as it was made: another one after it was dropped, altered, or moved by `VACUUM`, which
/// may give rows other numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    name: String,
    root: i64,
    sql: Option<String>,
}

impl Made {
    pub(super) fn look(snapshot: &Snapshot, table: &str) -> Result<Self, StoreError> {
        let connection = snapshot.connections[0].connection();
        let made = connection.query_row(
            "SELECT name, rootpage, sql FROM sqlite_schema WHERE type = 'table' AND name = ?1",
            [table],
            |row| Ok(Self { name: row.get(0)?, root: row.get(1)?, sql: row.get(2)? }),
        );
        made.map_err(|error| snapshot.file.error(error))
    }
}

/// Adds the customers in the first column of what SQL finds after a number; those that are no
/// customer ids have no facts.
pub(super) fn add_customers(
    snapshot: &Snapshot,
    sql: &str,
    after: i64,
    found: &mut Vec<CustomerId>,
) -> Result<(), StoreError> {
    let failed = |error| snapshot.file.error(error);
    let mut statement = snapshot.connections[0].connection().prepare(sql).map_err(failed)?;
    let mut rows = statement.query(params![after]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        found.extend(customer_of(row.get_ref(0).map_err(failed)?));
    }
    Ok(())
}
