use rusqlite::OptionalExtension;

use super::table::{Made, add_customers};
use crate::store::StoreError;
use crate::store::facts::CustomerId;
use crate::store::schema::quoted;
use crate::store::snapshot::Snapshot;
use crate::store::tracking::TOUCHED;

/// The entries of the triggers up to a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entries {
    table: Made,
    /// The number of the last one that was ever made.
    last: i64,
}

impl Entries {
    pub(super) fn until_now(snapshot: &Snapshot) -> Result<Self, StoreError> {
        // SQLite keeps the last number there, whatever was deleted.
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?1";
        let connection = snapshot.connections[0].connection();
        let last = connection.query_row(sql, [TOUCHED], |row| row.get(0)).optional();
        let last = last.map_err(|error| snapshot.file.error(error))?;
        let table = Made::look(snapshot, TOUCHED)?;
        Ok(Self { table, last: last.unwrap_or(0) })
    }

    /// Why it cannot be told whose rows changed; `now` are the entries of the snapshot.
    pub(super) fn why_lost(
        &self,
        now: &Self,
        snapshot: &Snapshot,
    ) -> Result<Option<String>, StoreError> {
        if self.table != now.table || now.last < self.last {
            return Ok(Some(format!("the table `{TOUCHED}` was made anew")));
        }
        let sql = format!("SELECT count(*) FROM {} WHERE seq > ?1", quoted(TOUCHED));
        let connection = snapshot.connections[0].connection();
        let kept: Result<i64, _> = connection.query_row(&sql, [self.last], |row| row.get(0));
        let kept = kept.map_err(|error| snapshot.file.error(error))?;
        let are_gone = kept != now.last - self.last;
        Ok(are_gone.then(|| format!("more rows were changed than `{TOUCHED}` keeps")))
    }

    /// Adds the customers of newer entries.
    pub(super) fn add_new(
        &self,
        snapshot: &Snapshot,
        found: &mut Vec<CustomerId>,
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT customer FROM {} WHERE seq > ?1", quoted(TOUCHED));
        add_customers(snapshot, &sql, self.last, found)
    }
}
