//! Tracking: triggers in a client's store that note whose rows were changed.
//!
//! In: a program, the name of one of its sources or `customers`, a store. Out: the triggers are
//! there, or gone. Never: anything else written to the store, or a trigger that needs more than the
//! table that it fills.
//!
//! Where nobody asks for it rows are followed by their numbers, which only shows new ones.

mod error;
mod install;
#[cfg(test)]
mod tests;
mod triggers;

pub use error::TrackingError;
pub use install::{Tracking, Untracking, track, untrack};
pub(super) use triggers::{TOUCHED, is_tracked, triggers_in};
