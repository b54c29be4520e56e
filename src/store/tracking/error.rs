use std::path::PathBuf;

use super::triggers::TOUCHED;
use crate::store::StoreError;

/// Why a source cannot be tracked.
#[derive(Debug, thiserror::Error)]
pub enum TrackingError {
    #[error("the pack has no source `{source_name}`{}", near.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    UnknownSource { source_name: String, near: Option<String> },
    #[error(
        "source `{source_name}` is a query, which cannot be tracked; only tables can: track a source that reads a table of the query"
    )]
    Query { source_name: String },
    /// `kind`: "a view", "a virtual table".
    #[error(
        "`{table}`, which `{source_name}` reads, is {kind}, which cannot be tracked; only tables can"
    )]
    NotATable { source_name: String, table: String, kind: &'static str },
    #[error("the store `{}` cannot be written by this user, and tracking needs a table and triggers in it; ask who runs the shop", path.display())]
    ReadOnly { path: PathBuf },
    #[error("the store has another table `{TOUCHED}`, and tracking needs that name; rename it")]
    Taken,
    #[error(transparent)]
    Store(#[from] StoreError),
}
