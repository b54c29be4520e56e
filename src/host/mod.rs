//! The host: rules that reload while customers are evaluated, and a service that answers.
//!
//! In: a pack, a project file, a store, a state. Out: answers over HTTP, events in the state, logs.
//! Never: an answer that mixes two generations, a broken pack in place of a good one, or a second
//! writer.
//!
//! One thread, the [`conductor`](self), decides and writes. Whoever wants something of it sends a
//! [`Command`]; what it has decided hangs on the [`Board`], where everybody reads without waiting.

mod answers;
mod board;
mod calendar;
mod clock;
mod command;
mod conductor;
mod decide;
mod guard;
mod reload;
mod running;
mod serve;
mod status;
mod watch;

pub use answers::{Answers, Layer, Members, Page};
pub use board::Board;
pub use clock::{Clock, SystemClock};
pub use command::{Command, Commands, Decided, Outcome, Refused, Reloaded, Reply};
pub use conductor::{Settings, StartError};
pub use decide::{DecideFault, Finding, decide};
pub use guard::{Impact, impact};
pub use reload::{Inputs, LoadError, Loaded};
pub use running::{Host, HostError, HostOptions};
pub use serve::{ServeError, Service, ServiceOptions, Token, TokenError};
pub use status::{Attempt, Counts, LastPass, PassKind, StageSeconds, Status, Waiting};
pub use watch::{Hint, Watch, WatchError, WatchOptions};
