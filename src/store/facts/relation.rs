//! The SQL that reads a source or the customers.

use rusqlite::Statement;

use super::plan::SourcePlan;
use crate::diagnostic::nearest;
use crate::program::{ColumnSource, Relation};
use crate::store::StoreError;
use crate::store::guard::Guarded;
use crate::store::schema::{Schema, Table, TableKind};

/// A statement that reads rows, and where in its rows things are.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) sql: String,
    pub(super) is_query: bool,
    /// The statement takes the first and the last row number that it reads.
    pub(super) rowid_range: Option<(i64, i64)>,
    pub(super) places: Places,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// `None`: rows have no number of their own.
    pub(super) row: Option<usize>,
    /// Of the columns that were wanted, in their order.
    pub(super) wanted: Vec<usize>,
}

impl Reading {
    /// Wants the time, the customer and the stored columns of the plan.
    pub(super) fn of_source(
        guarded: &Guarded,
        schema: &Schema,
        plan: &SourcePlan,
    ) -> Result<Self, StoreError> {
        let source = plan.source;
        let stored =
            plan.stored.iter().filter_map(|&column| match &source.columns[column].column {
                ColumnSource::Stored { name, .. } => Some(name.as_str()),
                ColumnSource::Computed(_) => None,
            });
        let wanted: Vec<&str> =
            [source.at.as_str(), source.customer.as_str()].into_iter().chain(stored).collect();
        match &source.from {
            Relation::Table(table) => {
                Self::of_table(guarded, schema, &plan.asked_by, table, &wanted)
            }
            Relation::Query(query) => of_query(guarded, query, &plan.asked_by, &wanted),
        }
    }

    pub(super) fn of_table(
        guarded: &Guarded,
        schema: &Schema,
        asked_by: &str,
        table: &str,
        wanted: &[&str],
    ) -> Result<Self, StoreError> {
        of_table(guarded, find_table(schema, asked_by, table)?, asked_by, wanted)
    }

    pub(super) fn prepare<'g>(
        &self,
        guarded: &'g Guarded,
        asked_by: &str,
    ) -> Result<Statement<'g>, StoreError> {
        if self.is_query {
            return guarded.prepare_query(asked_by, &self.sql);
        }
        guarded.connection().prepare(&self.sql).map_err(|error| query_failed(asked_by, &error))
    }
}

pub(super) fn query_failed(asked_by: &str, error: &rusqlite::Error) -> StoreError {
    let reason = crate::store::open::words(error);
    StoreError::QueryFailed { asked_by: asked_by.to_owned(), reason }
}

fn find_table<'s>(schema: &'s Schema, asked_by: &str, name: &str) -> Result<&'s Table, StoreError> {
    schema.table(name).ok_or_else(|| StoreError::MissingTable {
        asked_by: asked_by.to_owned(),
        table: name.to_owned(),
        near: near(name, schema.tables.iter().map(|table| table.name.as_str())),
    })
}

fn of_table(
    guarded: &Guarded,
    table: &Table,
    asked_by: &str,
    wanted: &[&str],
) -> Result<Reading, StoreError> {
    let mut names = Vec::new();
    for &column in wanted {
        // An unknown name in double quotes would be a text to SQLite.
        let found = table.column(column).ok_or_else(|| StoreError::MissingColumn {
            asked_by: asked_by.to_owned(),
            relation: format!("the table `{}`", table.name),
            column: column.to_owned(),
            near: near(column, table.columns.iter().map(|column| column.name.as_str())),
        })?;
        names.push(quoted(&found.name));
    }
    let mut sql = String::from("SELECT ");
    let rowid = table.rowid();
    sql.push_str(rowid.unwrap_or("NULL"));
    for name in &names {
        sql.push_str(", ");
        sql.push_str(name);
    }
    let from = quoted(&table.name);
    sql.push_str(&format!(" FROM {from}"));
    let rowid_range = match rowid {
        Some(rowid) if table.kind == TableKind::Table => {
            sql.push_str(&format!(" WHERE {rowid} BETWEEN ?1 AND ?2"));
            let ends = format!(
                "SELECT (SELECT min({rowid}) FROM {from}), (SELECT max({rowid}) FROM {from})"
            );
            let ends = guarded.connection().query_row(&ends, [], |row| {
                Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?))
            });
            // An empty table has no rows in any range.
            Some(ends.map_err(|error| query_failed(asked_by, &error))?.unwrap_or((0, 0)))
        }
        _ => None,
    };
    let places = Places { row: rowid.map(|_| 0), wanted: (1..=names.len()).collect() };
    Ok(Reading { sql, is_query: false, rowid_range, places })
}

fn of_query(
    guarded: &Guarded,
    query: &str,
    asked_by: &str,
    wanted: &[&str],
) -> Result<Reading, StoreError> {
    let statement = guarded.prepare_query(asked_by, query)?;
    let names: Vec<&str> = statement.column_names().collect();
    let place = |wanted: &&str| {
        let exact = names.iter().position(|name| name == wanted);
        exact
            .or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(wanted)))
            .ok_or_else(|| StoreError::MissingColumn {
                asked_by: asked_by.to_owned(),
                relation: "its query".to_owned(),
                column: (*wanted).to_owned(),
                near: near(wanted, names.iter().copied()),
            })
    };
    let wanted = wanted.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let places = Places { row: None, wanted };
    Ok(Reading { sql: query.to_owned(), is_query: true, rowid_range: None, places })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(str::to_owned)
}
