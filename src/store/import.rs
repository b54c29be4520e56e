//! The store as `import` sees it: the only place that writes facts, and only when asked.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Statement};

use super::schema::quoted;
use crate::import::Cell;

/// How long to wait for another program that writes.
const BUSY: Duration = Duration::from_secs(5);

/// What goes wrong between an import and its store.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("{} is a directory, not a store", path.display())]
    Directory { path: PathBuf },
    #[error("{} is not an SQLite database (or is encrypted)", path.display())]
    NotADatabase { path: PathBuf },
    #[error("{} is in use by another program; try again when it is done", path.display())]
    Locked { path: PathBuf },
    #[error("cannot write to {}: {message}; nothing was imported", path.display())]
    Failed { path: PathBuf, message: String },
    #[error("`{table}` is a {kind}, and rows go into tables")]
    NotATable { table: String, kind: String },
}

/// What SQLite would turn a value into in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affinity {
    Integer,
    Real,
    Numeric,
    Text,
    Blob,
}

impl Affinity {
    /// SQLite's own rules (its manual, "Datatypes In SQLite", 3.1).
    fn of(declared: &str) -> Self {
        let declared = declared.to_ascii_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
        if has(&["INT"]) {
            Affinity::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Affinity::Text
        } else if declared.is_empty() || has(&["BLOB"]) || declared == "ANY" {
            Affinity::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Affinity::Real
        } else {
            Affinity::Numeric
        }
    }
}

#[derive(Debug, Clone)]
pub struct TableColumn {
    pub name: String,
    pub affinity: Affinity,
}

/// An import that happened.
#[derive(Debug, Clone)]
pub struct ImportRecord {
    pub file: String,
    pub sha256: String,
    pub into: String,
    pub rows: i64,
    pub rejected: i64,
    /// ISO 8601.
    pub imported_at: String,
}

/// A store that is being written to. Without a commit nothing changes.
#[derive(Debug)]
pub struct TargetStore {
    path: PathBuf,
    connection: Connection,
    made: bool,
}

impl TargetStore {
    /// Opens a store, or makes one.
    pub fn open(path: &Path) -> Result<Self, TargetError> {
        if path.is_dir() {
            return Err(TargetError::Directory { path: path.to_owned() });
        }
        let made = !path.exists();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let fault = |error| failed(path, &error);
        let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
        connection.busy_timeout(BUSY).map_err(fault)?;
        Ok(Self { path: path.to_owned(), connection, made })
    }

    fn fault(&self, error: &rusqlite::Error) -> TargetError {
        failed(&self.path, error)
    }

    fn execute(&self, sql: &str) -> Result<(), TargetError> {
        self.connection.execute_batch(sql).map_err(|error| self.fault(&error))
    }

    pub fn begin(&mut self) -> Result<(), TargetError> {
        self.execute("BEGIN IMMEDIATE")?;
        self.execute(
            "CREATE TABLE IF NOT EXISTS tk_import (
               file TEXT NOT NULL, sha256 TEXT NOT NULL, into_table TEXT NOT NULL,
               rows INTEGER NOT NULL, rejected INTEGER NOT NULL, imported_at TEXT NOT NULL
             ) STRICT",
        )
    }

    pub fn commit(&mut self) -> Result<(), TargetError> {
        self.execute("COMMIT")
    }

    /// Undoes everything; a store that was made for this import goes away again.
    pub fn abandon(&mut self) {
        let _ = self.connection.execute_batch("ROLLBACK");
        if self.made {
            let _ = std::fs::remove_file(&self.path);
        }
    }

    /// The last import of a file with this hash into this table.
    pub fn earlier_import(
        &self,
        sha256: &str,
        into: &str,
    ) -> Result<Option<ImportRecord>, TargetError> {
        self.connection
            .query_row(
                "SELECT file, rows, rejected, imported_at FROM tk_import
                 WHERE sha256 = ?1 AND into_table = ?2 COLLATE NOCASE ORDER BY rowid DESC LIMIT 1",
                (sha256, into),
                |row| {
                    Ok(ImportRecord {
                        file: row.get(0)?,
                        sha256: sha256.to_owned(),
                        into: into.to_owned(),
                        rows: row.get(1)?,
                        rejected: row.get(2)?,
                        imported_at: row.get(3)?,
                    })
                },
            )
            .optional()
            .map_err(|error| self.fault(&error))
    }

    /// The columns of a table, or `None` where there is none.
    pub fn columns(&self, table: &str) -> Result<Option<Vec<TableColumn>>, TargetError> {
        let fault = |error| self.fault(&error);
        let kind: Option<String> = self
            .connection
            .query_row(
                "SELECT type FROM sqlite_schema
                 WHERE name = ?1 COLLATE NOCASE AND type IN ('table', 'view')",
                [table],
                |row| row.get(0),
            )
            .optional()
            .map_err(fault)?;
        match kind.as_deref() {
            None => return Ok(None),
            Some("table") => {}
            Some(kind) => {
                let (table, kind) = (table.to_owned(), kind.to_owned());
                return Err(TargetError::NotATable { table, kind });
            }
        }
        let mut statement = self
            .connection
            .prepare("SELECT name, type FROM pragma_table_xinfo(?1) WHERE hidden = 0")
            .map_err(fault)?;
        let columns = statement
            .query_map([table], |row| {
                let declared: String = row.get(1)?;
                Ok(TableColumn { name: row.get(0)?, affinity: Affinity::of(&declared) })
            })
            .map_err(fault)?
            .collect::<Result<Vec<_>, _>>()
            .map_err(fault)?;
        Ok(Some(columns))
    }

    /// Makes a table from names and SQL types.
    pub fn create<'a>(
        &self,
        table: &str,
        columns: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), TargetError> {
        let columns: Vec<String> =
            columns.map(|(name, ty)| format!("{} {ty}", quoted(name))).collect();
        self.execute(&format!("CREATE TABLE {} ({})", quoted(table), columns.join(", ")))
    }

    /// A statement that adds rows with these columns.
    pub fn insert(&self, table: &str, columns: &[String]) -> Result<Insert<'_>, TargetError> {
        let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({places})", quoted(table), names.join(", "));
        let statement = self.connection.prepare(&sql).map_err(|error| self.fault(&error))?;
        Ok(Insert { statement, path: &self.path })
    }

    /// Remembers that a file was imported.
    pub fn record(&self, record: &ImportRecord) -> Result<(), TargetError> {
        self.connection
            .execute(
                "INSERT INTO tk_import (file, sha256, into_table, rows, rejected, imported_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (
                    &record.file,
                    &record.sha256,
                    &record.into,
                    record.rows,
                    record.rejected,
                    &record.imported_at,
                ),
            )
            .map(|_| ())
            .map_err(|error| self.fault(&error))
    }
}

/// Adds rows one by one: bind every column, then run.
#[derive(Debug)]
pub struct Insert<'a> {
    statement: Statement<'a>,
    path: &'a Path,
}

impl Insert<'_> {
    /// Binds a column, counted from 0.
    pub fn bind(&mut self, index: usize, cell: Cell<'_>) -> Result<(), TargetError> {
        let value = match &cell {
            Cell::Null => ValueRef::Null,
            Cell::Integer(number) => ValueRef::Integer(*number),
            Cell::Real(number) => ValueRef::Real(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
        };
        self.statement
            .raw_bind_parameter(index + 1, ToSqlOutput::Borrowed(value))
            .map_err(|error| failed(self.path, &error))
    }

    /// Adds the row; where a constraint of the table refuses it, its reason.
    pub fn run(&mut self) -> Result<Option<String>, TargetError> {
        match self.statement.raw_execute() {
            Ok(_) => Ok(None),
            Err(rusqlite::Error::SqliteFailure(code, message))
                if code.code == ErrorCode::ConstraintViolation =>
            {
                Ok(Some(message.unwrap_or_else(|| code.to_string())))
            }
            Err(error) => Err(failed(self.path, &error)),
        }
    }
}

fn failed(path: &Path, error: &rusqlite::Error) -> TargetError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => TargetError::NotADatabase { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => TargetError::Locked { path },
        _ => TargetError::Failed { path, message: error.to_string() },
    }
}
