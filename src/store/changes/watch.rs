use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use crate::store::StoreError;
use crate::store::open::StoreFile;
use crate::store::snapshot::data_version;

/// Tells cheaply whether anybody has written to a store.
///
/// While others use the store a connection of its own is kept, which SQLite tells of commits; it
/// holds no lock between two looks. In WAL mode that keeps the `-wal` file there for as long as the
/// watch lives. A store in WAL mode that nobody uses is not opened; its file tells.
#[derive(Debug)]
pub struct StoreWatch {
    path: PathBuf,
    /// `None`: it could not be read the last time, so that whatever comes is a change.
    seen: Option<Seen>,
}

#[derive(Debug)]
struct Seen {
    file: StoreFile,
    /// `None`: nobody else has it open.
    open: Option<(Connection, i64)>,
    /// Whether a file that only its stamp tells of was the same for two looks: stamps are coarse, so
    /// that a second change just after a look may leave no other one.
    is_settled: bool,
}

impl StoreWatch {
    /// Watches from now on.
    pub fn new(store: &Path) -> Result<Self, StoreError> {
        Ok(Self { path: store.to_owned(), seen: Some(Seen::look(store)?) })
    }

    /// Whether the store has changed since the last time. It may say so where nothing did, but for a
    /// change that it missed; a store that is being written just now has not changed yet. An error
    /// where there is no store to read; once there is one again, it has changed.
    pub fn has_changed(&mut self) -> Result<bool, StoreError> {
        let seen = self.seen.take();
        let file = StoreFile::look(&self.path)?;
        if let Some(mut seen) = seen
            && !seen.is_replaced_by(&file)
        {
            let has_changed = seen.has_changed(&file)?;
            // Who has begun to use it is listened to from now on.
            let is_in_use = seen.open.is_none() && !file.is_at_rest();
            self.seen =
                Some(if is_in_use { Seen::look(&self.path)? } else { Seen { file, ..seen } });
            return Ok(has_changed || is_in_use);
        }
        self.seen = Some(Seen::look(&self.path)?);
        Ok(true)
    }
}

impl Seen {
    fn look(path: &Path) -> Result<Self, StoreError> {
        let file = StoreFile::look(path)?;
        let open = if file.is_at_rest() {
            None
        } else {
            let connection = file.connect()?;
            let version = data_version(&connection).map_err(|error| file.error(error))?;
            connection.busy_timeout(Duration::ZERO).map_err(|error| file.error(error))?;
            Some((connection, version))
        };
        Ok(Self { file, open, is_settled: false })
    }

    /// Whether what is called so now is another file.
    fn is_replaced_by(&self, now: &StoreFile) -> bool {
        self.file.identity() != now.identity()
    }

    /// Whether the same file has changed.
    fn has_changed(&mut self, now: &StoreFile) -> Result<bool, StoreError> {
        let Some((connection, seen)) = &mut self.open else {
            let is_same = self.file.looks_like(now);
            let was_settled = std::mem::replace(&mut self.is_settled, is_same);
            return Ok(!is_same || !was_settled);
        };
        match data_version(connection) {
            Ok(version) => Ok(std::mem::replace(seen, version) != version),
            Err(error) if is_busy(&error) => Ok(false),
            Err(error) => Err(now.error(error)),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
