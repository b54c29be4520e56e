//! The state database: standings, events, passes, and when alerts were raised.
//!
//! In: the outcome of a pass. Out: standings as columns by the slots of the next facts.
//! Never: deciding, or leaving half a pass behind: a pass is one transaction.

mod cutoffs;
mod decisions;
mod error;
mod events;
mod feed;
mod history;
mod insert;
mod ladder_rows;
mod load;
mod lock;
mod migrations;
mod names;
mod open;
mod past;
mod programs;
mod progress;
mod reader;
#[cfg(test)]
mod tests;
mod told_faults;
mod whom;
mod write;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use decisions::Decision;
pub use error::StateError;
pub use feed::FeedEvent;
pub use history::{PastEvent, PastHold};
pub use load::{StoredStandings, TierSince};
pub use lock::{Owner, StateLock};
pub use past::Moment;
pub use reader::StateReader;
pub use write::Written;

use super::CustomerId;
use crate::build::{Origin, Rules};
use crate::lifecycle::Standings;
use crate::metrics::population::HeldCutoff;
use crate::pass::{ByHand, PassOutcome};
use crate::program::Program;
use whom::Whom;

/// An open state database. After [`State::close`] (or a drop) it is one file.
#[derive(Debug)]
pub struct State {
    connection: Connection,
    path: PathBuf,
    /// What was stored when it was opened. A pass decides from that, so it is not written over
    /// another one's.
    seen: progress::Progress,
    /// Moves with what other connections commit.
    version: i64,
    /// Something that was written may not be in the file yet.
    has_log: bool,
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
        self.pass_up_to(Date::MAX)
    }

    /// The last pass up to a date.
    pub fn pass_up_to(&self, date: Date) -> Result<Option<StoredPass>, StateError> {
        self.told(progress::pass_up_to(&self.connection, date))
    }

    /// The date of the last pass or of the last thing that was done by hand.
    pub fn last_date(&self) -> Result<Option<Date>, StateError> {
        self.told(progress::last_date(&self.connection))
    }

    /// Refuses a date before that of the last pass, or of the last thing done by hand.
    pub fn check_date(&self, as_of: Date) -> Result<(), StateError> {
        match self.last_date()? {
            Some(last) if as_of < last => Err(StateError::EarlierDate { as_of, last }),
            _ => Ok(()),
        }
    }

    /// The standings of customers (sorted) as they were at a moment.
    pub fn past_standings(
        &self,
        program: &Program,
        customers: &[CustomerId],
        moment: Moment,
    ) -> Result<Standings, StateError> {
        self.told(past::standings(&self.connection, program, customers, moment))
    }

    /// Since when customers held their tiers at a moment, for the windows of facts.
    pub fn past_tier_since(
        &self,
        program: &Program,
        moment: Moment,
    ) -> Result<TierSince, StateError> {
        self.told(past::tier_since(&self.connection, program, moment))
    }

    /// What happened to a customer, in the order in which it happened.
    pub fn history(&self, customer: &CustomerId) -> Result<Vec<PastEvent>, StateError> {
        self.told(history::of_customer(&self.connection, customer))
    }

    /// The cutoffs that a pass as of a date may hold, by `CutoffId`.
    pub fn held_cutoffs(
        &self,
        program: &Program,
        as_of: Date,
    ) -> Result<Vec<Option<HeldCutoff>>, StateError> {
        self.told(cutoffs::held(&self.connection, program, as_of))
    }

    /// The cutoffs that the pass of a date used, by `CutoffId`.
    pub fn used_cutoffs(
        &self,
        program: &Program,
        pass: Date,
    ) -> Result<Vec<Option<HeldCutoff>>, StateError> {
        self.told(cutoffs::used(&self.connection, program, pass))
    }

    /// What a program that decided was built from; `None` where the state does not know it.
    pub fn origin(&self, generation: &str) -> Result<Option<Origin>, StateError> {
        self.told(programs::origin(&self.connection, generation))
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

    /// The same, at a cost that grows with these customers and not with the state.
    pub fn standings_of(
        &self,
        program: &Program,
        customers: &[CustomerId],
    ) -> Result<Standings, StateError> {
        // One moment for all of them, that is not locked and let go for each.
        let moment = self.told(self.connection.unchecked_transaction())?;
        let stored = StoredStandings::load(&moment, program, Whom::Only(customers));
        Ok(self.told(stored)?.of(customers))
    }

    /// Everything that is stored of a program's ladders, before the customers are known: so it
    /// can be loaded while the facts are read.
    pub fn stored_standings(&self, program: &Program) -> Result<StoredStandings, StateError> {
        self.told(StoredStandings::load(&self.connection, program, Whom::Everybody))
    }

    /// The same for several programs, by program.
    pub fn stored_standings_of(
        &self,
        programs: &[&Program],
    ) -> Result<Vec<StoredStandings>, StateError> {
        self.told(StoredStandings::load_each(&self.connection, programs))
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
        rules: &Rules,
        outcome: &PassOutcome,
    ) -> Result<Written, StateError> {
        self.check_date(outcome.population.as_of)?;
        if self.told(write::is_stored(&self.connection, &rules.program, outcome))? {
            return Ok(Written::default());
        }
        self.write(|transaction| write::pass(transaction, rules, outcome))
    }

    /// Stores what a pass over some customers changed, on the date of the last pass, with its
    /// program and its cutoffs. Refused is one of another date or program, and one that was
    /// overtaken. Where nothing changed not a byte does.
    pub fn write_touched(
        &mut self,
        rules: &Rules,
        outcome: &PassOutcome,
    ) -> Result<Written, StateError> {
        let last = self.last_pass()?;
        let (as_of, program) = (outcome.population.as_of, rules.program.generation());
        if last.is_none_or(|last| last.as_of != as_of || last.program != program) {
            return Err(StateError::AnotherPass { as_of });
        }
        if self.told(write::touched_is_stored(&self.connection, &rules.program, outcome))? {
            return Ok(Written::default());
        }
        self.write(|transaction| write::touched(transaction, rules, outcome))
    }

    /// Takes note of what others have stored: what is decided from here on is decided from that.
    pub fn refresh(&mut self) -> Result<(), StateError> {
        // In this order: what is committed in between is seen, and looked at once more.
        self.version = self.told(progress::data_version(&self.connection))?;
        self.seen = self.told(progress::progress(&self.connection))?;
        Ok(())
    }

    /// Whether anybody else has stored something since it was opened or refreshed. Costs nothing.
    pub fn has_changed(&self) -> Result<bool, StateError> {
        Ok(self.told(progress::data_version(&self.connection))? != self.version)
    }

    /// The number of the last event that this state has stored or taken note of; 0: there is none.
    pub fn last_event(&self) -> i64 {
        self.seen.last_event()
    }

    /// To whom something happened after an event: sorted, each once.
    pub fn customers_of_events_after(&self, seq: i64) -> Result<Vec<CustomerId>, StateError> {
        self.told(feed::customers_after(&self.connection, seq))
    }

    /// What a person said to a generation, where somebody did.
    pub fn decision(&self, generation: &str) -> Result<Option<Decision>, StateError> {
        self.told(decisions::read(&self.connection, generation))
    }

    /// Stores what a person says to a generation; it replaces what was said before.
    pub fn decide(
        &mut self,
        generation: &str,
        decision: Decision,
        at: Timestamp,
        by: &str,
    ) -> Result<(), StateError> {
        self.told(decisions::write(&self.connection, generation, (decision, at, by)))?;
        self.has_log = true;
        Ok(())
    }

    /// Stores what was done by hand, in one transaction; refused as a pass is.
    pub fn write_by_hand(&mut self, rules: &Rules, done: &ByHand) -> Result<Written, StateError> {
        self.check_date(done.as_of)?;
        self.write(|transaction| write::by_hand(transaction, rules, done))
    }

    fn write(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Written>,
    ) -> Result<Written, StateError> {
        // Nobody reads what is not there: the first time it goes straight into the file.
        if !self.seen.is_empty() {
            self.told(open::prepare(&self.connection))?;
            // Another journal counts as a change. What others have stored is found out below.
            self.version = self.told(progress::data_version(&self.connection))?;
        }
        let path = &self.path;
        let told = |error| StateError::of(error, path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(told)?;
        if progress::progress(&transaction).map_err(told)? != self.seen {
            return Err(StateError::Overtaken { path: path.clone() });
        }
        let written = write(&transaction).map_err(told)?;
        let progress = progress::progress(&transaction).map_err(told)?;
        transaction.commit().map_err(told)?;
        self.seen = progress;
        self.has_log = true;
        Ok(written)
    }

    /// Puts what was written into the database file, as far as readers leave room for it. A write
    /// leaves it in the log, where it is as safe: so nobody waits for this, and whoever goes on
    /// writing calls it now and then, so that the log stays short.
    pub fn checkpoint(&mut self) -> Result<(), StateError> {
        if self.has_log {
            self.has_log = !self.told(open::checkpoint(&self.connection))?;
        }
        Ok(())
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
