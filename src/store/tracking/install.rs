use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::error::TrackingError;
use super::triggers::{Key, MAKE_TABLE, TOUCHED, names, triggers, triggers_in};
use crate::program::{Program, Relation};
use crate::store::StoreError;
use crate::store::open::StoreFile;
use crate::store::schema::{Table, TableKind, near, quoted, read_schema};

/// How long to wait for another program that writes.
const BUSY: Duration = Duration::from_secs(5);

/// Collations that every program has.
const COLLATIONS: [&str; 3] = ["BINARY", "NOCASE", "RTRIM"];

/// What was done to track a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// The table that is tracked, as it is named in the store.
    pub table: String,
    /// The table of entries, and whether it was made.
    pub touched: &'static str,
    pub touched_made: bool,
    /// All triggers of the source, and those among them that were made: none where the source was
    /// tracked already.
    pub triggers: Vec<String>,
    pub made: Vec<String>,
    /// Unique indexes through which `REPLACE` may delete a row unnoticed: over expressions, over
    /// some rows only, or with a collation that only the client knows.
    pub unnoticed: Vec<String>,
}

/// What was done to track a source no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untracking {
    /// The triggers that were removed: none where the source was not tracked.
    pub removed: Vec<String>,
    /// Whether the table of entries was removed, because no trigger is left.
    pub touched_removed: bool,
}

/// Has a store note whose rows of a source (or of `customers`) are inserted, updated or deleted.
pub fn track(program: &Program, source: &str, store: &Path) -> Result<Tracking, TrackingError> {
    let (from, customer) = part(program, source)?;
    let Relation::Table(table) = from else {
        return Err(TrackingError::Query { source_name: source.to_owned() });
    };
    write(store, |connection| {
        let asked_by = format!("tracking `{source}`");
        let schema = read_schema(connection).map_err(Fault::Sqlite)?;
        let table = schema.find(&asked_by, &table)?;
        let kind = match table.kind {
            TableKind::Table | TableKind::WithoutRowid => None,
            TableKind::View => Some("a view"),
            TableKind::Virtual => Some("a virtual table"),
        };
        if let Some(kind) = kind {
            let (source_name, table) = (source.to_owned(), table.name.clone());
            return Err(TrackingError::NotATable { source_name, table, kind }.into());
        }
        let customer = &table.find(&asked_by, &customer)?.name;
        let touched_made = match schema.table(TOUCHED) {
            Some(known) if !known.columns.iter().map(|it| &*it.name).eq(COLUMNS) => {
                return Err(TrackingError::Taken.into());
            }
            Some(_) => false,
            None => {
                connection.execute_batch(MAKE_TABLE)?;
                true
            }
        };
        let (keys, unnoticed) = keys(connection, table)?;
        let wanted = triggers(source, table, customer, &keys);
        let mut there = triggers_in(connection)?;
        there.retain(|name, _| names(source).contains(name));
        let mut made = Vec::new();
        for trigger in &wanted {
            if there.get(&trigger.name) == Some(&trigger.sql) {
                there.remove(&trigger.name);
            }
        }
        for name in there.keys() {
            connection.execute_batch(&format!("DROP TRIGGER {}", quoted(name)))?;
        }
        let left = triggers_in(connection)?;
        for trigger in wanted.iter().filter(|trigger| !left.contains_key(&trigger.name)) {
            connection.execute_batch(&trigger.sql)?;
            made.push(trigger.name.clone());
        }
        Ok(Tracking {
            table: table.name.clone(),
            touched: TOUCHED,
            touched_made,
            triggers: wanted.into_iter().map(|trigger| trigger.name).collect(),
            made,
            unnoticed,
        })
    })
}

const COLUMNS: [&str; 3] = ["seq", "source", "customer"];

/// Removes the triggers of a source, and what they filled once there are no others. The source need
/// not be in the pack any more; without triggers and a source of that name it is unknown.
pub fn untrack(
    program: Option<&Program>,
    source: &str,
    store: &Path,
) -> Result<Untracking, TrackingError> {
    write(store, |connection| {
        let mut there = triggers_in(connection)?;
        let removed: Vec<String> =
            names(source).into_iter().filter(|name| there.remove(name).is_some()).collect();
        if let Some(program) = program
            && removed.is_empty()
        {
            part(program, source)?;
        }
        for name in &removed {
            connection.execute_batch(&format!("DROP TRIGGER {}", quoted(name)))?;
        }
        let touched_removed = there.is_empty() && !removed.is_empty();
        if touched_removed {
            connection.execute_batch(&format!("DROP TABLE IF EXISTS {}", quoted(TOUCHED)))?;
        }
        Ok(Untracking { removed, touched_removed })
    })
}

/// Where a source's rows are, and the column with the customer.
fn part(program: &Program, source: &str) -> Result<(Relation, String), TrackingError> {
    if let Some(found) = program.sources.iter().find(|known| known.name == source) {
        return Ok((found.from.clone(), found.customer.clone()));
    }
    match &program.customers {
        Some(customers) if source == "customers" => {
            Ok((Relation::Table(customers.table.clone()), customers.id.clone()))
        }
        customers => {
            let known = program.sources.iter().map(|source| source.name.as_str());
            let known = known.chain(customers.as_ref().map(|_| "customers"));
            let near = near(source, known);
            Err(TrackingError::UnknownSource { source_name: source.to_owned(), near })
        }
    }
}

/// What a row can replace another by; and the unique indexes that SQL of ours cannot ask.
fn keys(connection: &Connection, table: &Table) -> rusqlite::Result<(Vec<Key>, Vec<String>)> {
    let rowid = table.rowid().map(|rowid| Key(vec![(rowid.to_owned(), None)]));
    let mut keys: Vec<Key> = rowid.into_iter().collect();
    let mut unnoticed = Vec::new();
    let mut list = connection.prepare(
        "SELECT name, partial FROM pragma_index_list(?1) WHERE \"unique\" ORDER BY name",
    )?;
    let mut columns = connection
        .prepare("SELECT name, coll FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno")?;
    let indexes = list.query_map([&table.name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for index in indexes {
        let (name, partial): (String, bool) = index?;
        let columns = columns.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let columns: Vec<(Option<String>, String)> = columns.collect::<Result<_, _>>()?;
        let is_known =
            |collation: &str| COLLATIONS.iter().any(|it| it.eq_ignore_ascii_case(collation));
        let key: Option<Vec<_>> = columns
            .into_iter()
            .map(|(column, collation)| {
                let column = column.filter(|_| is_known(&collation))?;
                Some((quoted(&column), Some(collation)))
            })
            .collect();
        match key.filter(|_| !partial) {
            Some(key) => keys.push(Key(key)),
            None => unnoticed.push(name),
        }
    }
    Ok((keys, unnoticed))
}

/// What goes wrong on the way; SQLite's faults get their words once the store is known.
enum Fault {
    Sqlite(rusqlite::Error),
    Tracking(TrackingError),
}

/// Opens a store for writing, and changes all or nothing.
fn write<T>(
    path: &Path,
    change: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<T, TrackingError> {
    let file = StoreFile::look(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let outcome = || -> Result<T, Fault> {
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        if connection.is_readonly("main")? {
            return Err(TrackingError::ReadOnly { path: path.to_owned() }.into());
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcome = change(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    };
    outcome().map_err(|fault| match fault {
        Fault::Tracking(error) => error,
        Fault::Sqlite(error) => match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                TrackingError::ReadOnly { path: path.to_owned() }
            }
            _ => file.error(error).into(),
        },
    })
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Fault::Sqlite(error)
    }
}

impl From<TrackingError> for Fault {
    fn from(error: TrackingError) -> Self {
        Fault::Tracking(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Tracking(error.into())
    }
}
