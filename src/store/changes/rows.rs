use rusqlite::OptionalExtension;

use super::table::add_customers;
use crate::store::StoreError;
use crate::store::facts::CustomerId;
use crate::store::schema::quoted;
use crate::store::snapshot::Snapshot;

/// The rows of a table up to a moment, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    /// As SQL; the time of a row only where it has one.
    table: String,
    rowid: &'static str,
    customer: String,
    at: Option<String>,
    /// `None`: the table is empty.
    last: Option<Last>,
}

/// The last row. Numbers of deleted rows are given again, so it is known by its content too.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Last {
    number: i64,
    content: String,
}

impl Rows {
    pub(super) fn until_now(
        snapshot: &Snapshot,
        (table, rowid): (&str, &'static str),
        customer: &str,
        at: Option<&str>,
    ) -> Result<Self, StoreError> {
        let (table, customer, at) = (quoted(table), quoted(customer), at.map(quoted));
        let rows = Self { table, rowid, customer, at, last: None };
        let sql = format!("SELECT max({rowid}) FROM {}", rows.table);
        let connection = snapshot.connections[0].connection();
        let number: Option<i64> = connection
            .query_row(&sql, [], |row| row.get(0))
            .map_err(|error| snapshot.file.error(error))?;
        let last = match number {
            Some(number) => {
                let content = rows.content(number, snapshot)?;
                content.map(|content| Last { number, content })
            }
            None => None,
        };
        Ok(Self { last, ..rows })
    }

    /// Whose a row is, and of when.
    fn content(&self, number: i64, snapshot: &Snapshot) -> Result<Option<String>, StoreError> {
        let Self { table, rowid, customer, at, .. } = self;
        let at = at.as_deref().unwrap_or("NULL");
        let sql = format!("SELECT quote({customer}), quote({at}) FROM {table} WHERE {rowid} = ?1");
        let connection = snapshot.connections[0].connection();
        let content = connection
            .query_row(&sql, [number], |row| {
                Ok(format!("{} {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })
            .optional();
        content.map_err(|error| snapshot.file.error(error))
    }

    /// Why it cannot be told which rows are new; `now` are the rows of the snapshot.
    pub(super) fn why_lost(
        &self,
        now: &Self,
        snapshot: &Snapshot,
    ) -> Result<Option<&'static str>, StoreError> {
        if (&self.customer, &self.at, self.rowid) != (&now.customer, &now.at, now.rowid) {
            return Ok(Some("is read by other columns than before"));
        }
        let Some(Last { number, content }) = &self.last else { return Ok(None) };
        if now.last.as_ref().is_none_or(|last| last.number < *number) {
            return Ok(Some("has lost its last row"));
        }
        let is_same = self.content(*number, snapshot)?.as_ref() == Some(content);
        Ok((!is_same).then_some("has another row in place of its last one"))
    }

    /// Adds the customers of newer rows.
    pub(super) fn add_new(
        &self,
        snapshot: &Snapshot,
        found: &mut Vec<CustomerId>,
    ) -> Result<(), StoreError> {
        let Self { table, rowid, customer, last, .. } = self;
        let sql = format!("SELECT {customer} FROM {table} WHERE {rowid} > ?1");
        let after = last.as_ref().map_or(i64::MIN, |last| last.number);
        add_customers(snapshot, &sql, after, found)
    }
}
