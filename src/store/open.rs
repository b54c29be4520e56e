use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::StoreError;

/// How long to wait for a writer to finish.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Pages are read from the file's mapping up to this many bytes, the most that SQLite is built
/// for; beyond it, by reads.
const MAPPED_BYTES: i64 = 0x7fff_0000;

/// Opens a store so that nothing can write to it.
pub fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    StoreFile::look(path)?.connect()
}

/// A store's file, looked at before SQLite touches it.
#[derive(Debug, Clone)]
pub(super) struct StoreFile {
    path: PathBuf,
    /// A database in WAL mode that nobody has open. A plain read-only connection would leave an
    /// empty `-wal` and a `-shm` behind, so it is read as a file that nobody changes, and
    /// [`StoreFile::is_unchanged`] tells whether that was true.
    at_rest: bool,
    stamp: Stamp,
    identity: Identity,
}

/// Which file it is, whatever it is called: another one after it was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    /// The device and the file's number there, where files have one.
    number: Option<(u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl StoreFile {
    pub(super) fn look(path: &Path) -> Result<Self, StoreError> {
        let unopenable = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => StoreError::Missing { path: path.to_owned() },
            _ => StoreError::Unopenable { path: path.to_owned(), reason: error.to_string() },
        };
        let metadata = fs::metadata(path).map_err(unopenable)?;
        if metadata.is_dir() {
            return Err(StoreError::Directory { path: path.to_owned() });
        }
        if metadata.len() == 0 {
            return Err(StoreError::Empty { path: path.to_owned() });
        }
        let real = fs::canonicalize(path).map_err(unopenable)?;
        let at_rest = is_wal(&real).map_err(unopenable)? && !beside(&real, "-wal").exists();
        let (stamp, identity) = (Stamp::of(&metadata), Identity::of(&metadata));
        Ok(Self { path: path.to_owned(), at_rest, stamp, identity })
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// Whether it was looked at while nobody had it open, so that only its stamp tells of changes.
    pub(super) fn is_at_rest(&self) -> bool {
        self.at_rest
    }

    /// Whether the file is the same one, as long and as old.
    pub(super) fn looks_like(&self, other: &Self) -> bool {
        (self.identity, self.stamp) == (other.identity, other.stamp)
    }

    /// Opens one more connection.
    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = if self.at_rest {
            Connection::open_with_flags(
                immutable_uri(&self.path),
                flags | OpenFlags::SQLITE_OPEN_URI,
            )
        } else {
            Connection::open_with_flags(&self.path, flags)
        };
        opened
            .and_then(|connection| {
                connection.busy_timeout(BUSY_TIMEOUT)?;
                connection.pragma_update(None, "query_only", true)?;
                connection.pragma_update(None, "trusted_schema", false)?;
                // A mapping of a file that somebody cuts short ends the program; the locks that
                // prevent it are not taken at rest.
                let mapped = if self.at_rest { 0 } else { MAPPED_BYTES };
                connection.pragma_update(None, "mmap_size", mapped)?;
                // The first read is what finds out whether this is a database at all.
                connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
                Ok(connection)
            })
            .map_err(|error| self.error(error))
    }

    /// Whether nobody has changed a file that was read as one that nobody changes.
    pub(super) fn is_unchanged(&self) -> bool {
        !self.at_rest || fs::metadata(&self.path).is_ok_and(|now| Stamp::of(&now) == self.stamp)
    }

    /// SQLite's error in the store's words.
    pub(super) fn error(&self, error: rusqlite::Error) -> StoreError {
        let path = self.path.clone();
        let Some(code) = error.sqlite_error_code() else {
            return StoreError::Other { path, reason: error.to_string() };
        };
        match code {
            ErrorCode::NotADatabase => StoreError::NotADatabase { path },
            ErrorCode::DatabaseCorrupt => StoreError::Corrupt { path, reason: words(&error) },
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { path },
            ErrorCode::ReadOnly => StoreError::Unopenable {
                path,
                reason: "a program that was writing to it was interrupted; \
                         open it once with that program, or with the sqlite3 shell"
                    .to_owned(),
            },
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                StoreError::Unopenable { path, reason: words(&error) }
            }
            _ => StoreError::Other { path, reason: words(&error) },
        }
    }
}

impl Identity {
    #[cfg(unix)]
    fn of(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { number: Some((metadata.dev(), metadata.ino())) }
    }

    #[cfg(not(unix))]
    fn of(_: &fs::Metadata) -> Self {
        Self { number: None }
    }
}

impl Stamp {
    fn of(metadata: &fs::Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// SQLite's own words for an error, without its codes.
pub(super) fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(words)) => words.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// Bytes 18 and 19 of a database are its write and read version: 2 is WAL
/// (sqlite.org/fileformat.html).
fn is_wal(path: &Path) -> std::io::Result<bool> {
    let mut header = [0; 20];
    let mut file = fs::File::open(path)?;
    Ok(file.read_exact(&mut header).is_ok() && header[18..20] == [2, 2])
}

/// The file beside another with something appended to its name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn immutable_uri(path: &Path) -> String {
    use std::fmt::Write;
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = String::from("file://");
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(byte as char);
            }
            _ => write!(uri, "%{byte:02X}").expect("writing to a string"),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(journal: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a shop%20#1?.db");
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", journal).unwrap();
        connection.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
        drop(connection);
        (folder, path)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_store_is_never_written_in_any_journal_mode() {
        for journal in ["delete", "wal"] {
            let (folder, path) = made(journal);
            let before =
                (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
            let connection = open_read_only(&path).unwrap();
            let rows: i64 = connection.query_row("SELECT a FROM t", [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 1);
            for sql in ["INSERT INTO t VALUES (2)", "CREATE TABLE u (a)", "DELETE FROM t"] {
                assert!(connection.execute_batch(sql).is_err(), "{journal}: {sql}");
            }
            drop(connection);
            let after =
                (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
            assert_eq!(before, after, "{journal}");
            assert_eq!(names(folder.path()), ["a shop%20#1?.db"], "{journal}");
        }
    }

    #[test]
    fn a_store_that_is_being_written_in_wal_mode_is_read_with_what_is_committed() {
        let (_folder, path) = made("wal");
        let writer = Connection::open(&path).unwrap();
        writer.execute_batch("INSERT INTO t VALUES (2)").unwrap();
        let connection = open_read_only(&path).unwrap();
        let rows: i64 =
            connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 2);
    }

    #[test]
    fn what_is_no_store_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("empty"), "").unwrap();
        fs::write(at("text"), "id,amount\n".repeat(500)).unwrap();
        assert!(matches!(open_read_only(&at("none")), Err(StoreError::Missing { .. })));
        assert!(matches!(open_read_only(folder.path()), Err(StoreError::Directory { .. })));
        assert!(matches!(open_read_only(&at("empty")), Err(StoreError::Empty { .. })));
        assert!(matches!(open_read_only(&at("text")), Err(StoreError::NotADatabase { .. })));
    }

    #[test]
    fn a_locked_store_is_said_to_be_locked() {
        let (_folder, path) = made("delete");
        let writer = Connection::open(&path).unwrap();
        writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
        assert!(matches!(open_read_only(&path), Err(StoreError::Locked { .. })));
    }
}
