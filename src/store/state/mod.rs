//! The state database: standings, events, passes, and when alerts were raised.
//!
//! In: the outcome of a pass. Out: standings as columns by the slots of the next facts.
//! Never: deciding, or leaving half a pass behind: a pass is one transaction.

mod error;
mod insert;
mod load;
mod migrations;
mod names;
mod open;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rusqlite::{Connection, TransactionBehavior};

pub use error::StateError;
pub use load::{StoredStandings, TierSince};
pub use write::Written;

use super::CustomerId;
use crate::lifecycle::Standings;
use crate::pass::PassOutcome;
use crate::program::Program;

/// An open state database. After [`State::close`] (or a drop) it is one file.
#[derive(Debug)]
pub struct State {
    connection: Connection,
    path: PathBuf,
    /// What was stored when it was opened. A pass decides from that, so it is not written over
    /// another one's.
    seen: load::Progress,
}

/// A pass that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPass {
    pub as_of: Date,
    /// The program's generation.
    pub program: String,
}

impl State {
    /// Opens a state database for a pass, and makes it where there is none.
    pub fn open_or_create(path: &Path) -> Result<State, StateError> {
        open::open_or_create(path)
    }

    /// Makes a state database for a first pass. Where another pass was stored meanwhile, this one
    /// was overtaken.
    pub fn create(path: &Path) -> Result<State, StateError> {
        let state = Self::open_or_create(path)?;
        match state.last_pass()? {
            None => Ok(state),
            Some(_) => Err(StateError::Overtaken { path: path.to_owned() }),
        }
    }

    /// Opens a state database for reading; `None` where there is none.
    pub fn open_existing(path: &Path) -> Result<Option<State>, StateError> {
        open::open_existing(path)
    }

    /// The last pass, if there was one.
    pub fn last_pass(&self) -> Result<Option<StoredPass>, StateError> {
        self.told(load::last_pass(&self.connection))
    }

    /// Refuses a date before that of the last pass.
    pub fn check_date(&self, as_of: Date) -> Result<(), StateError> {
        match self.last_pass()? {
            Some(last) if as_of < last.as_of => {
                Err(StateError::EarlierDate { as_of, last: last.as_of })
            }
            _ => Ok(()),
        }
    }

    /// The standings of customers (sorted), by their slots. Standings of others stay as they
    /// are in the database.
    pub fn standings(
        &self,
        program: &Program,
        customers: &[CustomerId],
    ) -> Result<Standings, StateError> {
        Ok(self.stored_standings(program)?.of(customers))
    }

    /// Everything that is stored of a program's ladders, before the customers are known: so it
    /// can be loaded while the facts are read.
    pub fn stored_standings(&self, program: &Program) -> Result<StoredStandings, StateError> {
        self.told(StoredStandings::load(&self.connection, program))
    }

    /// Since when customers hold their tiers, for the windows of facts. Reads only the ladders
    /// that a window asks for.
    pub fn tier_since(&self, program: &Program) -> Result<TierSince, StateError> {
        self.told(load::tier_since(&self.connection, program))
    }

    /// Stores what a pass changed, in one transaction. The same pass again writes nothing. Refused
    /// is one for an earlier date, and one that was overtaken: where another was stored since
    /// this state was opened.
    pub fn write_pass(
        &mut self,
        program: &Program,
        outcome: &PassOutcome,
    ) -> Result<Written, StateError> {
        self.check_date(outcome.population.as_of)?;
        if self.told(write::is_stored(&self.connection, program, outcome))? {
            return Ok(Written::default());
        }
        self.told(open::prepare(&self.connection))?;
        let path = &self.path;
        let told = |error| StateError::of(error, path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(told)?;
        if load::progress(&transaction).map_err(told)? != self.seen {
            return Err(StateError::Overtaken { path: path.clone() });
        }
        let written = write::pass(&transaction, program, outcome).map_err(told)?;
        let progress = load::progress(&transaction).map_err(told)?;
        transaction.commit().map_err(told)?;
        self.seen = progress;
        Ok(written)
    }

    /// Closes it into one file. Dropping does the same, but cannot tell of an error.
    pub fn close(self) -> Result<(), StateError> {
        self.told(open::settle(&self.connection))
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    fn told<T>(&self, result: rusqlite::Result<T>) -> Result<T, StateError> {
        result.map_err(|error| StateError::of(error, &self.path))
    }
}

impl Drop for State {
    fn drop(&mut self) {
        // Whoever needs to know whether it worked calls `close`.
        let _ = open::settle(&self.connection);
    }
}
