//! The SQL that reads a source or the customers.

mod lookup;

pub(in crate::store) use lookup::is_found_by_index;
pub(super) use lookup::{Lookup, look_up};
use rusqlite::Statement;

use super::plan::SourcePlan;
use crate::program::{ColumnSource, Relation};
use crate::store::StoreError;
use crate::store::guard::Guarded;
use crate::store::schema::{Schema, TableKind, near, quoted};

/// The SQL function that SQLite calls with every row of a table; see [`Reading::sql_with_calls`].
pub(super) const TAKE_ROW: &str = "tierkeeper_take_row";

/// The SQL function that gives the numbers of a list, and what they are called then.
const LIST: &str = "json_each";
const WANTED: &str = "tierkeeper_wanted";

/// How rows are read, and where in them things are.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    way: Way,
    /// The first and the last row number, where ranges of them can be read.
    pub(super) rowid_range: Option<(i64, i64)>,
    pub(super) has_row_number: bool,
    /// In a row that was stepped to: the place of its number, then of the columns that were
    /// wanted, in their order.
    pub(super) places: Vec<usize>,
}

#[derive(Debug, Clone)]
enum Way {
    Table {
        kind: TableKind,
        /// The row number, where rows can be asked for by a list of them.
        number: Option<String>,
        columns: String,
        from: String,
        condition: String,
    },
    Query(String),
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
        of_table(guarded, schema, (table, asked_by), wanted)
    }

    pub(super) fn is_query(&self) -> bool {
        matches!(self.way, Way::Query(_))
    }

    /// Prepares to step from row to row.
    pub(super) fn prepare<'g>(
        &self,
        guarded: &'g Guarded,
        asked_by: &str,
    ) -> Result<Statement<'g>, StoreError> {
        match &self.way {
            Way::Query(sql) => guarded.prepare_query(asked_by, sql),
            Way::Table { columns, from, condition, .. } => {
                let sql = format!("SELECT {columns} FROM {from} WHERE {condition}");
                let prepared = guarded.connection().prepare(&sql);
                prepared.map_err(|error| query_failed(asked_by, &error))
            }
        }
    }

    /// SQL that calls [`TAKE_ROW`] with the number and the wanted columns of every row, and
    /// gives a row where that says so. It saves stepping to each row, two fifths of the time.
    /// Only for tables: SQLite may move such a condition into a view, before its `DISTINCT`.
    pub(super) fn sql_with_calls(&self) -> Option<String> {
        match &self.way {
            Way::Table {
                kind: TableKind::Table | TableKind::WithoutRowid,
                columns,
                from,
                condition,
                ..
            } => Some(format!("SELECT 1 FROM {from} WHERE {condition} AND {TAKE_ROW}({columns})")),
            _ => None,
        }
    }
}

pub(super) fn query_failed(asked_by: &str, error: &rusqlite::Error) -> StoreError {
    let reason = crate::store::open::words(error);
    StoreError::QueryFailed { asked_by: asked_by.to_owned(), reason }
}

fn of_table(
    guarded: &Guarded,
    schema: &Schema,
    (table, asked_by): (&str, &str),
    wanted: &[&str],
) -> Result<Reading, StoreError> {
    let table = schema.find(asked_by, table)?;
    let from = quoted(&table.name);
    let mut names = Vec::new();
    for &column in wanted {
        // An unknown name in double quotes would be a text to SQLite.
        names.push(format!("{from}.{}", quoted(&table.find(asked_by, column)?.name)));
    }
    let rowid = table.rowid().map(|rowid| format!("{from}.{rowid}"));
    let rowid_range =
        rowid.as_ref().map(|rowid| ends(guarded, asked_by, rowid, &from)).transpose()?;
    let condition = rowid.as_ref().map(|rowid| format!("{rowid} BETWEEN ?1 AND ?2"));
    let places = (0..=names.len()).collect();
    let has_row_number = rowid.is_some();
    let way = Way::Table {
        kind: table.kind,
        columns: format!("{}, {}", rowid.as_deref().unwrap_or("NULL"), names.join(", ")),
        // Tables of the store's own would be meant by these names.
        number: rowid.filter(|_| [LIST, WANTED].iter().all(|it| schema.table(it).is_none())),
        from,
        condition: condition.unwrap_or_else(|| "TRUE".to_owned()),
    };
    Ok(Reading { way, rowid_range, has_row_number, places })
}

/// The first and the last row number. An empty table has no rows in any range.
fn ends(
    guarded: &Guarded,
    asked_by: &str,
    rowid: &str,
    from: &str,
) -> Result<(i64, i64), StoreError> {
    // Each of the two is one look at an end of the tree; together they would be a scan.
    let sql =
        format!("SELECT (SELECT min({rowid}) FROM {from}), (SELECT max({rowid}) FROM {from})");
    let ends = guarded.connection().query_row(&sql, [], |row| {
        Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?))
    });
    Ok(ends.map_err(|error| query_failed(asked_by, &error))?.unwrap_or((0, 0)))
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
    // Rows have no number; the first place stands for none.
    let places = std::iter::once(Ok(0)).chain(wanted.iter().map(place));
    let places = places.collect::<Result<_, StoreError>>()?;
    let way = Way::Query(query.to_owned());
    Ok(Reading { way, rowid_range: None, has_row_number: false, places })
}
