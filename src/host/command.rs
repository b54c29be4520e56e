//! What the conductor can be asked to do.

use std::sync::mpsc;

use tokio::sync::oneshot;

use crate::store::Decision;

/// How a command is answered. Whoever asked may have gone.
pub type Reply<T> = oneshot::Sender<T>;

/// Where commands go.
pub type Commands = mpsc::Sender<Command>;

#[derive(Debug)]
pub enum Command {
    /// Look at the rules: something may have changed, or somebody asks (then with a reply).
    Reload(Option<Reply<Reloaded>>),
    /// Look at the store.
    LookAtStore,
    /// Let the waiting generation go live, or never let it.
    Decide {
        generation: String,
        decision: Decision,
        by: String,
        reply: Reply<Result<Decided, Refused>>,
    },
    /// End, within a few seconds.
    Stop,
}

impl Command {
    /// Whether it asks for nothing more than another that comes before it.
    pub fn is_asked_by(&self, other: &Command) -> bool {
        matches!(
            (self, other),
            (Command::Reload(None), Command::Reload(_))
                | (Command::LookAtStore, Command::LookAtStore)
        )
    }
}

/// What came of looking at the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reloaded {
    /// The generation of the files; `None` where they do not build.
    pub generation: Option<String>,
    pub outcome: Outcome,
    /// For people.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The files say what is live already.
    Unchanged,
    Live,
    Waiting,
    /// A person has rejected it before.
    Rejected,
    /// It does not build: the findings are in the status.
    Findings,
    /// The files cannot be read.
    Unreadable,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Unchanged => "unchanged",
            Outcome::Live => "live",
            Outcome::Waiting => "waiting",
            Outcome::Rejected => "rejected",
            Outcome::Findings => "findings",
            Outcome::Unreadable => "unreadable",
        }
    }
}

/// A person's decision that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub generation: String,
    pub message: String,
}

/// Why a person's decision could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("no generation is waiting")]
    NothingWaits,
    #[error("`{asked}` is not waiting; `{waiting}` is")]
    Another { asked: String, waiting: String },
    #[error("write at least {0} characters of the generation")]
    TooShort(usize),
    #[error("{0}")]
    Failed(String),
}
