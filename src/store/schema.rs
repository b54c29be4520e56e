use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::StoreError;
use super::guard::Guarded;
use super::open::StoreFile;
use crate::diagnostic::nearest;

/// The tables and views of a store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    pub tables: Vec<Table>,
}

/// A table or a view with its columns in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub kind: TableKind,
    pub columns: Vec<SchemaColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// With row numbers, so that ranges of it can be read side by side.
    Table,
    WithoutRowid,
    View,
    Virtual,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaColumn {
    pub name: String,
    /// The type as declared; `None` without one, and for columns of a query.
    pub declared: Option<String>,
}

impl Schema {
    /// A table by its name, letter case aside, as in SQL.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// The same, or an error that says who needs it.
    pub(super) fn find(&self, asked_by: &str, name: &str) -> Result<&Table, StoreError> {
        self.table(name).ok_or_else(|| StoreError::MissingTable {
            asked_by: asked_by.to_owned(),
            table: name.to_owned(),
            near: near(name, self.tables.iter().map(|table| table.name.as_str())),
        })
    }
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&SchemaColumn> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The same, or an error that says who needs it.
    pub(super) fn find(&self, asked_by: &str, name: &str) -> Result<&SchemaColumn, StoreError> {
        self.column(name).ok_or_else(|| StoreError::MissingColumn {
            asked_by: asked_by.to_owned(),
            relation: format!("the table `{}`", self.name),
            column: name.to_owned(),
            near: near(name, self.columns.iter().map(|column| column.name.as_str())),
        })
    }

    /// A name of the row number that no column has taken.
    pub(super) fn rowid(&self) -> Option<&'static str> {
        let free = |name: &&str| self.column(name).is_none();
        (self.kind == TableKind::Table)
            .then(|| ["rowid", "_rowid_", "oid"].into_iter().find(free))
            .flatten()
    }
}

/// A name in double quotes, as SQL wants it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name that is nearest to one that is not there.
pub(super) fn near<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, candidates).map(str::to_owned)
}

/// The tables and views of a store, ordered by name.
pub fn schema(store: &Path) -> Result<Schema, StoreError> {
    let file = StoreFile::look(store)?;
    let connection = file.connect()?;
    read_schema(&connection).map_err(|error| file.error(error))
}

/// The result columns of a pack's query, which is prepared and not run.
/// `asked_by` names the source in messages.
pub fn query_columns(
    store: &Path,
    asked_by: &str,
    query: &str,
) -> Result<Vec<SchemaColumn>, StoreError> {
    let file = StoreFile::look(store)?;
    let guarded =
        Guarded::new(file.connect()?, Arc::default()).map_err(|error| file.error(error))?;
    let statement = guarded.prepare_query(asked_by, query)?;
    Ok(statement
        .column_names()
        .map(|name| SchemaColumn { name: name.to_owned(), declared: None })
        .collect())
}

pub(super) fn read_schema(connection: &Connection) -> rusqlite::Result<Schema> {
    let mut list = connection.prepare(
        "SELECT name, type, wr FROM pragma_table_list \
         WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         ORDER BY name",
    )?;
    let mut columns = connection
        .prepare("SELECT name, type FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid")?;
    let tables = list.query_map([], |row| {
        let name: String = row.get(0)?;
        let kind = match (row.get_ref(1)?.as_str()?, row.get(2)?) {
            ("view", _) => TableKind::View,
            ("virtual", _) => TableKind::Virtual,
            (_, true) => TableKind::WithoutRowid,
            _ => TableKind::Table,
        };
        Ok((name, kind))
    })?;
    let mut schema = Schema::default();
    for table in tables {
        let (name, kind) = table?;
        // A view over something that is gone has no columns that could be named.
        let columns = columns
            .query_map([&name], |row| {
                let declared: String = row.get(1)?;
                Ok(SchemaColumn {
                    name: row.get(0)?,
                    declared: (!declared.is_empty()).then_some(declared),
                })
            })?
            .collect::<Result<_, _>>()
            .or_else(|error| if kind == TableKind::View { Ok(Vec::new()) } else { Err(error) })?;
        schema.tables.push(Table { name, kind, columns });
    }
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_views_have_their_columns() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE Orders (id INTEGER PRIMARY KEY, amount, total AS (amount * 2));
                 CREATE TABLE pairs (a TEXT PRIMARY KEY, rowid INTEGER) WITHOUT ROWID;
                 CREATE TABLE taken (rowid TEXT, oid TEXT);
                 CREATE VIEW broken AS SELECT x FROM gone;
                 CREATE VIEW sums AS SELECT sum(amount) AS s FROM Orders;",
            )
            .unwrap();
        let schema = read_schema(&connection).unwrap();
        let kinds: Vec<_> =
            schema.tables.iter().map(|table| (table.name.as_str(), table.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("Orders", TableKind::Table),
                ("broken", TableKind::View),
                ("pairs", TableKind::WithoutRowid),
                ("sums", TableKind::View),
                ("taken", TableKind::Table),
            ]
        );
        let orders = schema.table("ORDERS").unwrap();
        let columns: Vec<_> = orders.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(columns, ["id", "amount", "total"]);
        assert_eq!(orders.column("ID").unwrap().declared.as_deref(), Some("INTEGER"));
        assert_eq!(orders.column("amount").unwrap().declared, None);
        assert_eq!(orders.rowid(), Some("rowid"));
        assert_eq!(schema.table("taken").unwrap().rowid(), Some("_rowid_"));
        assert_eq!(schema.table("pairs").unwrap().rowid(), None);
    }
}
