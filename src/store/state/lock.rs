//! Who decides with a state: one program at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::{fmt, io};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StateError;
use super::open::refuse_missing_directory;

/// Who holds a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// As people call it, like `tierkeeper run`.
    pub command: String,
    /// The number of its process.
    pub pid: u32,
    pub since: Timestamp,
}

/// Keeps others from deciding with a state until it is dropped, or its process has ended in
/// whatever way.
#[derive(Debug)]
pub struct StateLock {
    path: PathBuf,
    // The system's lock ends with the last handle.
    file: File,
}

impl StateLock {
    /// Locks the file beside a state, `shop.tiers.db.lock`, in which the owner is written. Refused
    /// where somebody else holds it.
    pub fn acquire(state: &Path, owner: &Owner) -> Result<StateLock, StateError> {
        refuse_missing_directory(state)?;
        // Two names of one state are one lock.
        let real = fs::canonicalize(state).unwrap_or_else(|_| state.to_owned());
        let mut name = real.into_os_string();
        name.push(".lock");
        let path = PathBuf::from(name);
        let failed = |error: io::Error| StateError::Unopenable {
            path: state.to_owned(),
            reason: format!("its lock `{}`: {error}", path.display()),
        };
        loop {
            let mut options = OpenOptions::new();
            let mut file = options
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let owner = read(&mut file);
                    return Err(StateError::Held { path: state.to_owned(), owner });
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Whoever held it before may have removed the file that was opened here.
            if !is_same(&file, &path) {
                continue;
            }
            let mut lock = StateLock { path: path.clone(), file };
            let line = serde_json::to_string(owner).expect("an owner is JSON") + "\n";
            lock.file.set_len(0).map_err(failed)?;
            lock.file.write_all(line.as_bytes()).map_err(failed)?;
            return Ok(lock);
        }
    }
}

impl Drop for StateLock {
    fn drop(&mut self) {
        // Still locked: nobody else can have taken the file in between.
        let _ = fs::remove_file(&self.path);
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.since.strftime("%Y-%m-%d %H:%M:%S UTC");
        write!(f, "`{}` (process {}, since {since})", self.command, self.pid)
    }
}

fn read(file: &mut File) -> Option<Owner> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(there)) => identity(ours) == identity(there),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(command: &str) -> Owner {
        let since = "2026-11-27T03:00:12Z".parse().expect("a time");
        Owner { command: command.to_owned(), pid: 4242, since }
    }

    #[test]
    fn the_second_is_told_who_is_the_first() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = directory.path().join("shop.tiers.db");
        let first = StateLock::acquire(&state, &owner("tierkeeper run")).expect("free");
        let refused = StateLock::acquire(&state, &owner("tierkeeper evaluate")).expect_err("held");
        assert_eq!(
            refused.to_string(),
            format!(
                "the state `{}` is in use by `tierkeeper run` (process 4242, \
                 since 2026-11-27 03:00:12 UTC)",
                state.display()
            )
        );
        drop(first);
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 0);
        StateLock::acquire(&state, &owner("tierkeeper evaluate")).expect("free again");
    }

    #[test]
    fn what_a_killed_owner_has_left_locks_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = directory.path().join("shop.tiers.db");
        fs::write(directory.path().join("shop.tiers.db.lock"), "{\"command\"").expect("written");
        StateLock::acquire(&state, &owner("tierkeeper run")).expect("nobody holds it");
    }

    #[test]
    fn many_at_once_take_turns() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = directory.path().join("shop.tiers.db");
        let inside = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let mut taken = 0;
                    while taken < 20 {
                        let Ok(_lock) = StateLock::acquire(&state, &owner("test")) else {
                            continue;
                        };
                        assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                        inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                        taken += 1;
                    }
                });
            }
        });
    }
}
