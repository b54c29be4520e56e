//! Several read connections that see the same moment of a store.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;
use super::guard::Guarded;
use super::open::StoreFile;
use super::schema::{Schema, read_schema};

/// How often to begin again when a writer commits between the first and the last connection's
/// beginning, and how long to wait before that.
const ATTEMPTS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// Connections in read transactions over one snapshot.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) file: StoreFile,
    pub(super) connections: Vec<Guarded>,
    pub(super) schema: Schema,
}

impl Snapshot {
    /// SQLite as it is bundled cannot hand a snapshot from one connection to another. So: read
    /// `data_version` on a spare connection, begin and read on all, read it again, and start
    /// over if somebody committed meanwhile.
    ///
    /// There is at least one connection. What runs on them ends once `stop` is set.
    pub(super) fn take(
        path: &Path,
        connections: usize,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, StoreError> {
        let file = StoreFile::look(path)?;
        let spare = file.connect()?;
        let mut readers =
            (0..connections.max(1)).map(|_| file.connect()).collect::<Result<Vec<_>, _>>()?;
        let sqlite = |error| file.error(error);
        for _ in 0..ATTEMPTS {
            let before = data_version(&spare).map_err(sqlite)?;
            for reader in &readers {
                begin(reader).map_err(sqlite)?;
            }
            if data_version(&spare).map_err(sqlite)? == before {
                let schema = read_schema(&readers[0]).map_err(sqlite)?;
                let connections = readers.into_iter();
                let connections = connections.map(|reader| Guarded::new(reader, stop.clone()));
                let connections = connections.collect::<Result<_, _>>().map_err(sqlite)?;
                return Ok(Self { file, connections, schema });
            }
            for reader in &mut readers {
                reader.execute_batch("ROLLBACK").map_err(sqlite)?;
            }
            thread::sleep(PAUSE);
        }
        Err(StoreError::Unsteady { path: path.to_owned() })
    }
}

/// A number that is another one after somebody else has committed.
pub(super) fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0))
}

/// A deferred transaction sees the store as it is at its first read.
fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}
