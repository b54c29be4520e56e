use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rusqlite::ErrorCode;

use super::Owner;

/// Why a state database cannot be used. The environment's fault.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("the state `{}` is a directory; a file is needed", path.display())]
    Directory { path: PathBuf },
    #[error("`{}` is not a state database of tierkeeper: {reason}; name another file with `--state`", path.display())]
    Foreign { path: PathBuf, reason: String },
    #[error(
        "the state `{}` has version {found}, made by a newer tierkeeper; this one knows versions up to {known}: update tierkeeper",
        path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "a pass as of {as_of} comes before the last one, as of {last}; passes go forward in time"
    )]
    EarlierDate { as_of: Date, last: Date },
    #[error(
        "another pass was stored in `{}` while this one was deciding; nothing was written: run it again",
        path.display()
    )]
    Overtaken { path: PathBuf },
    #[error("the last pass is none as of {as_of} by these rules; only such a one is gone on with")]
    AnotherPass { as_of: Date },
    #[error(
        "the state `{}` is in use by {}",
        path.display(),
        owner.as_ref().map_or_else(|| "another program".to_owned(), ToString::to_string)
    )]
    Held { path: PathBuf, owner: Option<Owner> },
    #[error("the state `{}` is locked by another program; try again when it has finished", path.display())]
    Locked { path: PathBuf },
    #[error(
        "no space is left to write the state `{}`; it is as it was before the pass",
        path.display()
    )]
    Full { path: PathBuf },
    #[error("the state `{}` cannot be written: {reason}", path.display())]
    ReadOnly { path: PathBuf, reason: String },
    #[error("the state `{}` is corrupt: {reason}; restore a backup, or move it away to begin anew", path.display())]
    Corrupt { path: PathBuf, reason: String },
    #[error("the state `{}` cannot be opened: {reason}", path.display())]
    Unopenable { path: PathBuf, reason: String },
    #[error("the state `{}`: {reason}", path.display())]
    Other { path: PathBuf, reason: String },
}

impl StateError {
    /// What SQLite's error means for a state database.
    pub(super) fn of(error: rusqlite::Error, path: &Path) -> StateError {
        let (path, reason) = (path.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StateError::Locked { path }
            }
            Some(ErrorCode::DiskFull) => StateError::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                StateError::ReadOnly { path, reason }
            }
            Some(ErrorCode::DatabaseCorrupt) => StateError::Corrupt { path, reason },
            Some(ErrorCode::NotADatabase) => {
                StateError::Foreign { path, reason: "it is not a SQLite database".to_owned() }
            }
            Some(ErrorCode::CannotOpen) => StateError::Unopenable { path, reason },
            _ => StateError::Other { path, reason },
        }
    }
}
