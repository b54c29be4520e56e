//! What a pack's own SQL may do: one statement that only reads, for a limited time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, Error, ErrorCode, Statement};

use super::StoreError;
use super::open::words;

/// How long one query of a pack may run, where nothing else is said. Twenty million joined rows take about a minute.
pub const QUERY_TIME_LIMIT: Duration = Duration::from_secs(120);

/// SQLite's virtual machine asks whether to go on after so many instructions.
const INSTRUCTIONS_BETWEEN_LOOKS: i32 = 10_000;

/// The longest text or blob that a query may make.
const LONGEST_VALUE: i32 = 16 << 20;

const NO_LIMIT: u64 = u64::MAX;

/// A connection on which only reading is possible, from here on.
#[derive(Debug)]
pub(super) struct Guarded {
    connection: Connection,
    started: Instant,
    /// Milliseconds after `started` at which to stop.
    deadline: Arc<AtomicU64>,
}

impl Guarded {
    /// `stop`: once it is set, whatever runs on the connection ends as interrupted.
    pub(super) fn new(mut connection: Connection, stop: Arc<AtomicBool>) -> rusqlite::Result<Self> {
        let started = Instant::now();
        let deadline = Arc::new(AtomicU64::new(NO_LIMIT));
        let seen = deadline.clone();
        connection.authorizer(Some(authorize))?;
        connection.progress_handler(
            INSTRUCTIONS_BETWEEN_LOOKS,
            Some(move || {
                let limit = seen.load(Ordering::Relaxed);
                stop.load(Ordering::Relaxed)
                    || limit != NO_LIMIT && started.elapsed().as_millis() as u64 >= limit
            }),
        )?;
        connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        Ok(Self { connection, started, deadline })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Prepares a pack's query: one statement that reads, returns columns and asks for nothing.
    pub(super) fn prepare_query(
        &self,
        asked_by: &str,
        query: &str,
    ) -> Result<Statement<'_>, StoreError> {
        let refused = |reason: &str| StoreError::QueryNotAllowed {
            asked_by: asked_by.to_owned(),
            reason: reason.to_owned(),
        };
        let limited = self.connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
        let statement =
            limited.and_then(|_| self.connection.prepare(query)).map_err(|error| {
                match (&error, error.sqlite_error_code()) {
                    (Error::MultipleStatement, _) => refused("has a second statement"),
                    (_, Some(ErrorCode::AuthorizationForStatementDenied)) => {
                        refused(&more_than_reading(query, &error))
                    }
                    _ if words(&error).starts_with("not authorized") => {
                        refused(&more_than_reading(query, &error))
                    }
                    _ => StoreError::QueryInvalid {
                        asked_by: asked_by.to_owned(),
                        reason: words(&error),
                    },
                }
            })?;
        if statement.column_count() == 0 {
            return Err(refused("returns no columns"));
        }
        if !statement.readonly() {
            return Err(refused("writes"));
        }
        if statement.parameter_count() > 0 {
            return Err(refused("has a placeholder (`?` or `:name`)"));
        }
        Ok(statement)
    }

    /// From now on, whatever runs is stopped after this long, and makes no huge values.
    pub(super) fn limit(&self, limit: Duration) -> rusqlite::Result<()> {
        let end = (self.started.elapsed() + limit).as_millis() as u64;
        self.deadline.store(end, Ordering::Relaxed);
        self.connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE).map(drop)
    }

    pub(super) fn lift_limit(&self) -> rusqlite::Result<()> {
        self.deadline.store(NO_LIMIT, Ordering::Relaxed);
        // SQLite takes it down to the most that it was built for.
        self.connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::MAX).map(drop)
    }
}

/// What a query does that it may not, by its first word or what SQLite says.
fn more_than_reading(query: &str, error: &Error) -> String {
    let first: String = query
        .trim_start()
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_uppercase();
    let does = match first.as_str() {
        "ATTACH" | "DETACH" => "reaches for another database",
        "PRAGMA" => "asks for settings of the database",
        "INSERT" | "UPDATE" | "DELETE" | "REPLACE" => "changes rows",
        "CREATE" | "DROP" | "ALTER" | "REINDEX" | "VACUUM" | "ANALYZE" => "changes tables",
        "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "END" => {
            "opens or ends a transaction"
        }
        _ if query.trim_end().trim_end_matches(';').contains(';') => {
            return "has a second statement".to_owned();
        }
        _ => {
            return match words(error).strip_prefix("not authorized to use function: ") {
                Some(function) => format!("calls `{function}`, which reaches beyond the store"),
                None => "uses a table or a function that reaches beyond the store".to_owned(),
            };
        }
    };
    format!("{does} (`{first}`)")
}

fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => {
            Authorization::Allow
        }
        AuthAction::Function { function_name } if !is_dangerous(function_name) => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

/// Functions that reach beyond the store.
fn is_dangerous(function: &str) -> bool {
    ["load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "fileio_read"]
        .iter()
        .any(|name| function.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded() -> Guarded {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)").unwrap();
        Guarded::new(connection, Arc::default()).unwrap()
    }

    #[test]
    fn a_query_that_reads_is_allowed() {
        let guarded = guarded();
        for query in [
            "SELECT a FROM t",
            "SELECT a FROM t; -- the end\n",
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
            "SELECT upper(a), sum(a) OVER () FROM t",
            "VALUES (1)",
        ] {
            let statement = guarded.prepare_query("source `orders`", query);
            assert!(statement.is_ok(), "{query}: {:?}", statement.err());
        }
    }

    #[test]
    fn a_query_that_does_more_is_refused() {
        let guarded = guarded();
        for query in [
            "DELETE FROM t",
            "INSERT INTO t VALUES (3) RETURNING a",
            "UPDATE t SET a = 1",
            "CREATE TABLE u (a)",
            "DROP TABLE t",
            "ATTACH 'other.db' AS other",
            "PRAGMA user_version",
            "BEGIN",
            "VACUUM",
            "SELECT load_extension('x')",
            "SELECT a FROM t; SELECT a FROM t",
            "SELECT a FROM t; DROP TABLE t",
            "SELECT a FROM t WHERE a = ?",
            "",
            "-- nothing",
        ] {
            let refused = guarded.prepare_query("source `orders`", query).err();
            assert!(
                matches!(refused, Some(StoreError::QueryNotAllowed { .. })),
                "{query}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_query_that_never_ends_is_stopped() {
        let guarded = guarded();
        let query =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
        let mut statement = guarded.prepare_query("source `orders`", query).unwrap();
        guarded.limit(Duration::from_millis(50)).unwrap();
        let outcome = statement.query_row([], |row| row.get::<_, i64>(0));
        assert_eq!(outcome.unwrap_err().sqlite_error_code(), Some(ErrorCode::OperationInterrupted));
    }
}
