//! The one thread that decides and writes.
//!
//! In: commands, time, and what a store, a pack and a state have become. Out: what hangs on the
//! board, and what is stored. Never: a request's answer, or two things at once.

mod guarding;
mod inbox;
mod joining;
mod live;
mod passing;
mod persons;
mod reloading;
mod starting;
#[cfg(test)]
mod tests;
mod touching;
mod trouble;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;

use super::reload::{Fingerprint, Inputs};
use super::{Answers, Board, Clock, Command, Status};
use crate::store::{State, StateLock, StoreMarks, StoreWatch};
use inbox::Inbox;
use live::{Candidate, Live};
use touching::Day;
pub use trouble::StartError;
use trouble::{Patience, Trouble};

/// How often the store is looked at where nothing hints that it changed.
const STORE_LOOK: Duration = Duration::from_millis(500);

/// What a host works with.
#[derive(Debug, Clone)]
pub struct Settings {
    pub inputs: Inputs,
    pub store: PathBuf,
    pub state: PathBuf,
    /// `Some`: as if it were always this date, for trying things out.
    pub as_of: Option<Date>,
    /// Skip rows that cannot be read, rather than to make no pass.
    pub skip_bad_rows: bool,
    /// Threads of a pass; what is left of the machine answers requests.
    pub threads: usize,
}

/// Rules, facts and state, and what came of them.
#[derive(Debug)]
pub struct Conductor {
    settings: Settings,
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    /// A reading of the store ends where this is set.
    stop: Arc<AtomicBool>,
    live: Live,
    waiting: Option<Candidate>,
    /// Rejected by a person, and still on disk.
    rejected: Option<Candidate>,
    /// Approved by a person, and live as soon as a pass can be made.
    approved: Option<Candidate>,
    /// Of the files at the last attempt.
    fingerprint: Option<Fingerprint>,
    /// `None`: it is opened at the next pass.
    state: Option<State>,
    /// The last event of the state that is known.
    last_event: i64,
    /// The last date that the state knew when the host began.
    known_date: Option<Date>,
    /// What is known of the date: `None` before the first pass.
    day: Option<Day>,
    marks: Option<StoreMarks>,
    watch: StoreWatch,
    /// The store has changed since the marks.
    dirty: bool,
    /// When the next full pass is due.
    due: Timestamp,
    patience: Patience,
    /// Answers that somebody may still read: whoever lets go of the last of them frees
    /// gigabytes, and that is not to be a request.
    retired: Vec<Arc<Answers>>,
    /// Why the state's log could not be shortened last, so that it is told once.
    log_trouble: Option<String>,
    /// So many touched customers are never put among everybody.
    always_apart: usize,
    status: Status,
    _lock: StateLock,
}

impl Conductor {
    /// Does what it is asked, and what time and the store ask for, until it is told to stop.
    pub fn run(mut self, commands: &Receiver<Command>) {
        let mut inbox = Inbox::of(commands);
        self.look();
        loop {
            self.checkpoint();
            let command = inbox.next(self.until_next_look());
            self.retired.retain(|answers| Arc::strong_count(answers) > 1);
            match command {
                Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(Command::Reload(reply)) => {
                    let told = self.reload(reply.is_some());
                    if let Some(reply) = reply {
                        // Whoever asked may have gone.
                        let _ = reply.send(told);
                    }
                }
                Ok(Command::Decide { generation, decision, by, reply }) => {
                    let _ = reply.send(self.decide(&generation, decision, &by));
                }
                Ok(Command::LookAtStore) | Err(RecvTimeoutError::Timeout) => {}
            }
            if self.is_stopping() {
                break;
            }
            self.look();
        }
        self.close();
    }

    /// Makes the passes that are due.
    fn look(&mut self) {
        if !self.patience.is_over(Instant::now()) {
            return;
        }
        let outcome = match self.is_due() {
            true => self.full_pass("it is due"),
            false => self.touched_pass(),
        };
        let is_well = outcome.is_ok();
        self.settle(outcome);
        if !is_well {
            return;
        }
        if let Some(approved) = self.approved.clone() {
            let outcome = self.go_live(approved, None);
            self.settle(outcome);
        } else if self.fingerprint.is_none() {
            // Nothing is known of the files, or what they say could not be tried yet.
            self.reload(false);
        }
    }

    /// Notes how a pass ended, so that it is tried again after a while where it failed.
    fn settle(&mut self, outcome: Result<(), Trouble>) {
        match outcome {
            Ok(()) => {
                if !self.patience.end() {
                    return;
                }
                tracing::info!("passes are made again");
                self.status.trouble = None;
            }
            Err(Trouble::Stopped) => return,
            Err(Trouble::Because(reason)) => {
                self.status.counts.failed_passes += 1;
                if self.status.trouble.as_ref() != Some(&reason) {
                    tracing::error!(reason, "no pass can be made; answers stay as they are");
                }
                self.status.trouble = Some(reason);
                self.patience.begin(Instant::now());
                // Whatever is wrong with it: it is opened anew.
                self.state = None;
            }
        }
        self.publish_status();
    }

    /// Keeps the state's log short, once answers are out.
    fn checkpoint(&mut self) {
        let Some(state) = &mut self.state else { return };
        match state.checkpoint() {
            Ok(()) => self.log_trouble = None,
            // Nothing is lost: it stays in the log.
            Err(error) => {
                let error = error.to_string();
                if self.log_trouble.as_ref() != Some(&error) {
                    tracing::warn!(error, "the state's log cannot be shortened");
                    self.log_trouble = Some(error);
                }
            }
        }
    }

    fn is_due(&self) -> bool {
        self.day.is_none() || self.clock.now() >= self.due
    }

    fn until_next_look(&self) -> Duration {
        let now = self.clock.now();
        let until_due = Duration::try_from(self.due.duration_since(now)).unwrap_or_default();
        STORE_LOOK.min(until_due.max(Duration::from_millis(1)))
    }

    /// Today; never before the last pass, where a clock was set back.
    fn as_of(&self) -> Date {
        let today = self.settings.as_of.unwrap_or_else(|| self.clock.today(&self.live.zone));
        let last = self.day.as_ref().map(|day| day.date).or(self.known_date);
        match last.filter(|last| today < *last) {
            Some(last) => last,
            None => today,
        }
    }

    fn is_stopping(&self) -> bool {
        self.stop.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn publish_status(&mut self) {
        self.status.next_pass = Some(self.due);
        self.board.set_status(self.status.clone());
    }

    fn close(&mut self) {
        if let Some(state) = self.state.take()
            && let Err(error) = state.close()
        {
            tracing::error!(%error, "closing the state failed");
        }
        tracing::info!("stopped");
    }
}
