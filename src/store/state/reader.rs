//! A state that others write, for those who only read it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{FeedEvent, PastEvent, StateError, feed, history, progress};
use crate::store::CustomerId;

/// How long to wait where the writer settles its log.
const PATIENCE: Duration = Duration::from_secs(2);

/// A connection that reads histories and events.
#[derive(Debug)]
pub struct StateReader {
    connection: Connection,
    path: PathBuf,
}

impl StateReader {
    pub fn open(path: &Path) -> Result<StateReader, StateError> {
        let told = |error| StateError::of(error, path);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(told)?;
        connection.busy_timeout(PATIENCE).map_err(told)?;
        // Reading a log may need its index written, so that it is not opened for reading only.
        connection.pragma_update(None, "query_only", true).map_err(told)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// What happened to a customer, in the order in which it happened.
    pub fn history(&self, customer: &CustomerId) -> Result<Vec<PastEvent>, StateError> {
        self.told(history::of_customer(&self.connection, customer))
    }

    /// The events after one, in the order in which they happened, at most so many.
    pub fn events_after(&self, seq: i64, limit: usize) -> Result<Vec<FeedEvent>, StateError> {
        self.told(feed::after(&self.connection, seq, limit))
    }

    /// The number of the last event; 0: there is none.
    pub fn last_event(&self) -> Result<i64, StateError> {
        self.told(progress::last_event(&self.connection))
    }

    fn told<T>(&self, result: rusqlite::Result<T>) -> Result<T, StateError> {
        result.map_err(|error| StateError::of(error, &self.path))
    }
}
