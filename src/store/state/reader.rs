//! Reading what happened while somebody else writes.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::feed::{self, FeedEvent};
use super::{PastEvent, StateError, history, open};
use crate::store::CustomerId;

/// A state database that is only read; what it sees is always a whole pass.
#[derive(Debug)]
pub struct StateReader {
    connection: Connection,
    path: PathBuf,
}

impl StateReader {
    /// An error where there is no state of this version.
    pub fn open(path: &Path) -> Result<StateReader, StateError> {
        let connection = open::open_for_reading(path)?;
        Ok(StateReader { connection, path: path.to_owned() })
    }

    /// What happened to a customer, in the order in which it happened.
    pub fn history(&self, customer: &CustomerId) -> Result<Vec<PastEvent>, StateError> {
        self.told(history::of_customer(&self.connection, customer))
    }

    /// The events after one, in the order in which they happened, at most so many.
    pub fn events_after(&self, seq: i64, limit: usize) -> Result<Vec<FeedEvent>, StateError> {
        self.told(feed::after(&self.connection, seq, limit))
    }

    /// The number of the last event, if there was one.
    pub fn last_event(&self) -> Result<Option<i64>, StateError> {
        self.told(feed::last(&self.connection))
    }

    fn told<T>(&self, read: rusqlite::Result<T>) -> Result<T, StateError> {
        read.map_err(|error| StateError::of(error, &self.path))
    }
}
