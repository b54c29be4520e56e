//! A state that others write, for those who only read it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::open::open_for_reading;
use super::{FeedEvent, PastEvent, StateError, feed, history};
use crate::store::CustomerId;

/// A connection that reads histories and events.
#[derive(Debug)]
pub struct StateReader {
    connection: Connection,
    path: PathBuf,
}

impl StateReader {
    pub fn open(path: &Path) -> Result<StateReader, StateError> {
        let connection = open_for_reading(path)?;
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

    fn told<T>(&self, result: rusqlite::Result<T>) -> Result<T, StateError> {
        result.map_err(|error| StateError::of(error, &self.path))
    }
}
