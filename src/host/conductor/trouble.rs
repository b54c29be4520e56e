use std::fmt;
use std::time::{Duration, Instant};

use crate::store::{StateError, StoreError};

/// Why a pass could not be made.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Somebody asked the host to end.
    Stopped,
    /// In words.
    Because(String),
}

/// Why a host could not begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Rules(String),
    /// The pack has errors, and the state has no rules from before: the findings as people read
    /// them.
    #[error("the pack has errors, and there is none from before to go on with")]
    Findings(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Trouble::Stopped => "the host is stopping",
            Trouble::Because(reason) => reason,
        })
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stopped => Trouble::Stopped,
            error => Trouble::Because(error.to_string()),
        }
    }
}

impl From<StateError> for Trouble {
    fn from(error: StateError) -> Self {
        Trouble::Because(error.to_string())
    }
}

/// After a pass that failed: when to try again, each time later.
#[derive(Debug, Default)]
pub(super) struct Patience {
    wait: Option<(Instant, Duration)>,
}

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

impl Patience {
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.wait.is_none_or(|(until, _)| now >= until)
    }

    pub(super) fn begin(&mut self, now: Instant) {
        let wait = self.wait.map_or(FIRST, |(_, last)| (last * 2).min(LONGEST));
        self.wait = Some((now + wait, wait));
    }

    /// Whether there was a reason to wait until now.
    pub(super) fn end(&mut self) -> bool {
        self.wait.take().is_some()
    }
}
