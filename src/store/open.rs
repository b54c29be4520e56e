use std::path::Path;

use rusqlite::Connection;

use super::StoreError;

/// Opens a store so that nothing can write to it.
pub fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| {
        StoreError::Unopenable { path: path.to_owned(), reason: error.to_string() }
    })
}
