//! The tests that come with a pack: what they say, and what comes of them.
//!
//! In: a pack's rules, and its tests. Out: for each what is as it was expected, and what is not.
//! Never: the state database, a clock, or words on the terminal.

pub mod snapshot;
