//! Reading the state: a few connections, each used by one thread at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::places::Places;
use super::problem::{Kind, Problem};
use crate::store::{StateError, StateReader};

/// Connections at the same time; whoever comes later waits.
const MOST: usize = 4;

#[derive(Debug)]
pub(super) struct StateReaders {
    path: PathBuf,
    places: Places,
    /// Opened and not used now.
    idle: Arc<Mutex<Vec<StateReader>>>,
}

impl StateReaders {
    /// Nothing is opened before it is needed.
    pub fn of(path: PathBuf) -> Self {
        Self { path, places: Places::of(MOST), idle: Arc::default() }
    }

    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&StateReader) -> Result<T, StateError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (path, idle) = (self.path.clone(), Arc::clone(&self.idle));
        let reading = self.places.run(move || {
            let idle = || idle.lock().unwrap_or_else(PoisonError::into_inner);
            let opened = idle().pop();
            let reader = opened.map_or_else(|| StateReader::open(&path), Ok)?;
            let found = read(&reader)?;
            // After an error it is opened anew.
            idle().push(reader);
            Ok(found)
        });
        let read: Result<T, StateError> = reading.await?;
        read.map_err(|error| Problem::new(Kind::StateUnreadable, error.to_string()))
    }
}
