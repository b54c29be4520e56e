//! Where the conductor hangs what it has decided, and where everybody reads it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::watch;

use super::{Answers, Status};

/// Readers never wait, and see one generation each time they look.
#[derive(Debug)]
pub struct Board {
    answers: ArcSwapOption<Answers>,
    status: ArcSwap<Status>,
    /// The last event of the state.
    last_event: watch::Sender<i64>,
    stopping: AtomicBool,
    /// The state database, for histories and events.
    pub state: PathBuf,
}

impl Board {
    /// Before the first pass there are no answers.
    pub fn new(state: PathBuf, status: Status) -> Self {
        Self {
            answers: ArcSwapOption::empty(),
            status: ArcSwap::from_pointee(status),
            last_event: watch::Sender::new(0),
            stopping: AtomicBool::new(false),
            state,
        }
    }

    /// `None` before the first pass.
    pub fn answers(&self) -> Option<Arc<Answers>> {
        self.answers.load_full()
    }

    pub fn publish(&self, answers: Arc<Answers>) {
        self.answers.store(Some(answers));
    }

    pub fn status(&self) -> Arc<Status> {
        self.status.load_full()
    }

    /// Changes the status; only the conductor does.
    pub fn set_status(&self, status: Status) {
        self.status.store(Arc::new(status));
    }

    /// The generation that made an answer: that of the answers, or before the first pass that of
    /// the rules that were loaded.
    pub fn generation(&self) -> String {
        match &*self.answers.load() {
            Some(answers) => answers.generation.clone(),
            None => self.status.load().generation.clone(),
        }
    }

    /// Tells those who wait that there are events up to this one.
    pub fn set_last_event(&self, seq: i64) {
        self.last_event.send_if_modified(|last| std::mem::replace(last, seq) != seq);
    }

    /// Changes when there are new events.
    pub fn last_event(&self) -> watch::Receiver<i64> {
        self.last_event.subscribe()
    }

    /// The host is about to end: nobody waits for anything any more.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Whoever waits for events wakes up.
        self.last_event.send_modify(|_| {});
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
