use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::migrations::{APPLICATION_ID, VERSION, migrate};
use super::progress::{data_version, progress};
use super::{State, StateError};

/// Bytes that the log keeps once it is in the database.
const LONGEST_LOG: i64 = 8 << 20;

/// Kibibytes of pages that are held until a write ends. With SQLite's 2 MB the changes of a few
/// thousand customers, who are all over the tables, would go to the log several times.
const HELD_PAGES: i64 = 64 << 10;

/// How long to wait for another pass that is writing.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn open_or_create(path: &Path) -> Result<State, StateError> {
    refuse_directory(path)?;
    refuse_missing_directory(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = open(path, flags)?;
    let told = |error| StateError::of(error, path);
    let version = version(&connection, path)?;
    if version < VERSION {
        migrate(&mut connection).map_err(told)?;
    }
    state(connection, path).map_err(told)
}

pub(super) fn open_existing(path: &Path) -> Result<Option<State>, StateError> {
    refuse_directory(path)?;
    if !path.exists() {
        return Ok(None);
    }
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let version = version(&connection, path)?;
    if version == 0 {
        // An empty file: nothing was ever stored.
        return Ok(None);
    }
    if version < VERSION {
        migrate(&mut connection).map_err(|error| StateError::of(error, path))?;
    }
    state(connection, path).map(Some).map_err(|error| StateError::of(error, path))
}

fn state(connection: Connection, path: &Path) -> rusqlite::Result<State> {
    let version = data_version(&connection)?;
    let seen = progress(&connection)?;
    Ok(State { connection, path: path.to_owned(), seen, version, has_log: false })
}

/// Opens a state database of this version beside whoever writes it.
pub(super) fn open_for_reading(path: &Path) -> Result<Connection, StateError> {
    refuse_directory(path)?;
    // Whoever only reads, and is the last to go, could not settle the log into one file.
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let told = |error| StateError::of(error, path);
    connection.pragma_update(None, "query_only", true).map_err(told)?;
    match version(&connection, path)? {
        VERSION => Ok(connection),
        found => {
            let reason = format!("it has version {found}, and no pass of this version");
            Err(StateError::Unopenable { path: path.to_owned(), reason })
        }
    }
}

/// Before writing: readers are not disturbed. Not earlier, because it touches the file.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A full pass makes it long; a host that goes on for months does not keep it so.
    connection.pragma_update(None, "journal_size_limit", LONGEST_LOG)?;
    connection.pragma_update(None, "cache_size", -HELD_PAGES)?;
    // It is put into the database by `checkpoint`, when nobody waits for it.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // Whoever has read an event from the feed never finds another one in its place, not even after
    // the power has failed.
    connection.pragma_update(None, "synchronous", "FULL")
}

/// Makes it one file again. While others read it, the last of them to close it does.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode != "wal" {
        return Ok(());
    }
    match connection.pragma_update(None, "journal_mode", "DELETE") {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
            checkpoint(connection).map(drop)
        }
        settled => settled,
    }
}

/// Puts as much of the log into the database as readers leave room for; says whether that is all
/// of it.
pub(super) fn checkpoint(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        let [busy, pages, moved] = [row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?];
        Ok(busy == 0 && pages == moved)
    })
}

fn refuse_directory(path: &Path) -> Result<(), StateError> {
    match path.is_dir() {
        true => Err(StateError::Directory { path: path.to_owned() }),
        false => Ok(()),
    }
}

pub(super) fn refuse_missing_directory(path: &Path) -> Result<(), StateError> {
    match path.parent() {
        Some(directory) if directory != Path::new("") && !directory.exists() => {
            let reason = format!("there is no directory `{}`", directory.display());
            Err(StateError::Unopenable { path: path.to_owned(), reason })
        }
        _ => Ok(()),
    }
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StateError> {
    let told = |error| StateError::of(error, path);
    // A connection is one thread's at a time; SQLite need not lock it for every value.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(told)?;
    connection.busy_timeout(PATIENCE).map_err(told)?;
    Ok(connection)
}

/// The version of a state database, 0 for an empty one; other databases are refused.
fn version(connection: &Connection, path: &Path) -> Result<i64, StateError> {
    let told = |error| StateError::of(error, path);
    // One moment for all three: another program may be making the same database.
    let moment = connection.unchecked_transaction().map_err(told)?;
    let number = |pragma| moment.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let version = number("user_version").map_err(told)?;
    let application = number("application_id").map_err(told)?;
    if application != APPLICATION_ID {
        let tables: i64 = moment
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(told)?;
        if tables > 0 || application != 0 || version != 0 {
            let reason = "it is a database of another program (a store, perhaps)".to_owned();
            return Err(StateError::Foreign { path: path.to_owned(), reason });
        }
    } else if version > VERSION {
        return Err(StateError::Newer { path: path.to_owned(), found: version, known: VERSION });
    }
    Ok(version)
}
