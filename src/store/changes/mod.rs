//! What changed in a store: whether anybody wrote to it, and whose rows are new.
//!
//! In: a program, a store, marks of an earlier moment. Out: the customers with new facts, or that
//! it cannot be told who they are. Never: a lock that makes the shop wait, or somebody left out in
//! silence who has a new row with a number above the last one, or a row of a tracked table changed.

mod entries;
mod follow;
mod marks;
mod rows;
mod table;
#[cfg(test)]
pub(super) mod test_pack;
#[cfg(test)]
mod tests;
mod watch;

pub use follow::{Following, How, following};
pub use marks::{StoreMarks, Touched};
pub use watch::StoreWatch;

use std::path::Path;
use std::sync::Arc;

use super::StoreError;
use super::open::StoreFile;
use super::snapshot::Snapshot;

/// How often to look anew when a store was replaced or written meanwhile.
const ATTEMPTS: u32 = 3;

/// Looks at one moment of a store.
fn look<T>(
    store: &Path,
    look: impl Fn(&Snapshot) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    for _ in 0..ATTEMPTS {
        let snapshot = Snapshot::take(store, 1, &Arc::default())?;
        let outcome = look(&snapshot);
        let is_same = StoreFile::look(store)?.identity() == snapshot.file.identity();
        if is_same && snapshot.file.is_unchanged() {
            return outcome;
        }
    }
    Err(StoreError::Unsteady { path: store.to_owned() })
}
