//! Snapshots: what a pass came to, as text in a file beside the tests, to be compared the next time.
//!
//! In: rules and the outcome of a pass ([`body`]); a directory of tests ([`SnapshotFiles`]). Out:
//! files in the format of `insta`, and how a text differs from the one before ([`Diff`]).
//! Never: deciding anything, or IO outside of `files`.

mod body;
#[cfg(test)]
mod body_tests;
mod customers;
mod diff;
mod error;
mod file_name;
mod files;
#[cfg(test)]
mod files_tests;
mod format;
mod layout;
mod sample;
mod summary;

pub use body::body;
pub use diff::{Diff, DiffLine, LineKind};
pub use error::SnapshotError;
pub use file_name::{file_name, first_collision};
pub use files::{Compared, PendingChange, Snapshot, SnapshotFiles, WhenDifferent};
