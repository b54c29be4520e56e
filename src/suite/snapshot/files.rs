//! Where snapshots are read and written: `snapshots/` beside the tests. What a test came to and
//! nobody has taken yet waits in a file with `.new` at its end.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::SnapshotError;
use super::diff::Diff;
use super::file_name::file_name;
use super::format::{self, Stored, VERSION};

/// At the end of the name of a file that waits.
const PENDING: &str = ".new";

/// What a test came to.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// The file of the test, relative to the pack: `tests/vip.yaml`.
    pub source: &'a str,
    /// The snapshot's name in that file.
    pub name: &'a str,
    /// The text, as [`body`](super::body) gives it.
    pub body: &'a str,
}

impl Snapshot<'_> {
    /// The name of its file.
    pub fn file_name(&self) -> String {
        let stem = Path::new(self.source).file_stem().unwrap_or_default();
        file_name(&stem.to_string_lossy(), self.name)
    }
}

/// What to do where a snapshot is new or has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenDifferent {
    /// Put it beside the old one, to be looked at.
    WritePending,
    /// Only tell, and leave all files as they are: for CI.
    WriteNothing,
}

/// How a snapshot compares with the one that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    Same,
    /// There is none yet.
    New,
    Changed(Diff),
}

/// A snapshot that waits to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingChange {
    /// Where it will be.
    pub file: PathBuf,
    /// The snapshot's name in its test, where the file says it.
    pub name: Option<String>,
    /// The text that is stored; `None`: there is none yet.
    pub old: Option<String>,
    pub new: String,
}

/// The snapshots beside a pack's tests.
#[derive(Debug, Clone)]
pub struct SnapshotFiles {
    directory: PathBuf,
}

impl SnapshotFiles {
    /// Those of the tests in a directory, usually `tests` of a pack.
    pub fn of(tests: &Path) -> Self {
        Self { directory: tests.join("snapshots") }
    }

    /// Where the file of a snapshot is.
    pub fn path(&self, file_name: &str) -> PathBuf {
        self.directory.join(file_name)
    }

    /// Compares a snapshot with the stored one. One that is the same removes what still waits
    /// for it.
    pub fn compare(
        &self,
        snapshot: &Snapshot<'_>,
        when_different: WhenDifferent,
    ) -> Result<Compared, SnapshotError> {
        let path = self.path(&snapshot.file_name());
        let stored = read(&path)?;
        let (compared, others) = match stored {
            Some(stored) if stored.body == snapshot.body.trim_end() => {
                if when_different == WhenDifferent::WritePending {
                    remove(&pending(&path))?;
                }
                return Ok(Compared::Same);
            }
            Some(stored) => {
                let diff = Diff::between(&stored.body, snapshot.body.trim_end());
                (Compared::Changed(diff), stored.others)
            }
            None => (Compared::New, Vec::new()),
        };
        if when_different == WhenDifferent::WritePending {
            let text = format::write(snapshot.source, snapshot.name, &others, snapshot.body);
            write(&pending(&path), &text)?;
        }
        Ok(compared)
    }

    /// What waits to be taken, of the snapshots with these files, in the order of their names.
    pub fn pending(
        &self,
        file_names: &BTreeSet<String>,
    ) -> Result<Vec<PendingChange>, SnapshotError> {
        let mut changes = Vec::new();
        for name in file_names {
            let file = self.path(name);
            let Some(new) = read(&pending(&file))? else { continue };
            let old = read(&file)?.map(|stored| stored.body);
            changes.push(PendingChange { file, name: new.expression, old, new: new.body });
        }
        Ok(changes)
    }

    /// Files of snapshots, stored or waiting, that none of these names; in order. Snapshots of
    /// other programs, which may lie in the same directory, are left out.
    pub fn unused(&self, file_names: &BTreeSet<String>) -> Result<Vec<PathBuf>, SnapshotError> {
        let unreadable = |source| SnapshotError::Read { file: self.directory.clone(), source };
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(error)),
        };
        let mut unused = Vec::new();
        for entry in entries {
            let path = entry.map_err(unreadable)?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let stored = name.strip_suffix(PENDING).unwrap_or(name);
            if !stored.ends_with(".snap") || file_names.contains(stored) || path.is_dir() {
                continue;
            }
            if !matches!(read(&path), Err(SnapshotError::Foreign { .. })) {
                unused.push(path);
            }
        }
        unused.sort();
        Ok(unused)
    }
}

impl PendingChange {
    /// How it differs from the stored one; from nothing where there is none.
    pub fn diff(&self) -> Diff {
        Diff::between(self.old.as_deref().unwrap_or_default(), &self.new)
    }

    /// Takes it: from now on it is the stored one.
    pub fn accept(&self) -> Result<(), SnapshotError> {
        if self.file.is_dir() {
            return Err(SnapshotError::Directory { file: self.file.clone() });
        }
        fs::rename(pending(&self.file), &self.file)
            .map_err(|source| SnapshotError::Write { file: self.file.clone(), source })
    }

    /// Throws it away; the stored one stays.
    pub fn reject(&self) -> Result<(), SnapshotError> {
        remove(&pending(&self.file))
    }
}

/// The file of what waits to take the place of a snapshot.
fn pending(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(PENDING);
    name.into()
}

/// A snapshot that this tierkeeper can read; `None`: there is no such file.
fn read(path: &Path) -> Result<Option<Stored>, SnapshotError> {
    let file = || path.to_owned();
    if path.is_dir() {
        return Err(SnapshotError::Directory { file: file() });
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(SnapshotError::Read { file: file(), source }),
    };
    let text = str::from_utf8(&bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
        SnapshotError::NotUtf8 { file: file(), line, byte: bytes[at] }
    })?;
    let stored = format::read(text).map_err(|broken| SnapshotError::Header {
        file: file(),
        line: broken.line,
        reason: broken.reason,
    })?;
    match stored.version {
        None => Err(SnapshotError::Foreign { file: file() }),
        Some(version) if version.number > VERSION => {
            Err(SnapshotError::Newer { file: file(), line: version.line, version: version.number })
        }
        Some(_) => Ok(Some(stored)),
    }
}

/// Writes a file as a whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), SnapshotError> {
    let mut part = OsString::from(path);
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let written = match path.parent() {
        Some(directory) => fs::create_dir_all(directory),
        None => Ok(()),
    };
    let written =
        written.and_then(|()| fs::write(&part, text)).and_then(|()| fs::rename(&part, path));
    written.map_err(|source| {
        // What could not be put in its place must not stay behind; the first fault is the one to tell.
        let _ = fs::remove_file(&part);
        SnapshotError::Write { file: path.to_owned(), source }
    })
}

fn remove(path: &Path) -> Result<(), SnapshotError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(SnapshotError::Write { file: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}
