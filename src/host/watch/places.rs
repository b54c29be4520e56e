use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::Hint;
use crate::host::reload::Inputs;

/// Where rules and facts are.
#[derive(Debug)]
pub(super) struct Places {
    pack: PathBuf,
    config: Option<PathBuf>,
    store: PathBuf,
}

/// Which directory it is, whatever its name: device and number.
pub(super) type Identity = (u64, u64);

/// Appended to the name of a store: what SQLite writes beside it.
const BESIDE: [&str; 3] = ["", "-wal", "-journal"];

impl Places {
    pub(super) fn new(inputs: &Inputs, store: &Path) -> Self {
        Self {
            pack: absolute(&inputs.pack),
            config: inputs.config.as_deref().map(absolute),
            store: absolute(store),
        }
    }

    /// The directories to watch, as they are now. Files are never watched: whoever writes a new
    /// one and renames it leaves the watch with the old.
    ///
    /// Of the pack: its root and `scripts`; the directory above, for a root that is renamed away;
    /// the same of what links lead to. Of the project file and the store: their directories.
    pub(super) fn directories(&self) -> BTreeMap<PathBuf, Identity> {
        let mut found = BTreeMap::new();
        let mut add = |directory: &Path| {
            if let Some(identity) = identity(directory) {
                found.insert(directory.to_owned(), identity);
            }
        };
        for root in with_target(&self.pack) {
            let scripts = root.join("scripts");
            for directory in [&root, &scripts] {
                add(directory);
                // A file may be a link into a directory that is swapped as a whole.
                for file in fs::read_dir(directory).into_iter().flatten().flatten() {
                    if file.path().is_symlink() {
                        with_target(&file.path())
                            .iter()
                            .filter_map(|it| it.parent())
                            .for_each(&mut add);
                    }
                }
            }
            root.parent().into_iter().for_each(&mut add);
        }
        for file in self.config.iter().chain([&self.store]) {
            with_target(file).iter().filter_map(|it| it.parent()).for_each(&mut add);
        }
        found
    }

    /// What a path that has changed may be about; `None`: nothing of ours.
    pub(super) fn concern(&self, path: &Path) -> Option<Hint> {
        for store in with_target(&self.store) {
            if BESIDE.iter().any(|beside| path == appended(&store, beside)) {
                return Some(Hint::Store);
            }
        }
        let is_config = |config: &PathBuf| with_target(config).iter().any(|config| path == config);
        if self.config.as_ref().is_some_and(is_config) {
            return Some(Hint::Rules);
        }
        let roots = with_target(&self.pack);
        // The root itself, whatever is in it or in its scripts, and whatever its links lead to.
        let inside = roots.iter().any(|root| path.starts_with(root));
        let linked = || {
            path.extension().is_some_and(|it| it == OsStr::new("yaml") || it == OsStr::new("rhai"))
        };
        (inside || linked()).then_some(Hint::Rules)
    }
}

/// A path, and where it leads to by now, if that is elsewhere.
fn with_target(path: &Path) -> Vec<PathBuf> {
    let mut paths = vec![path.to_owned()];
    if let Ok(target) = path.canonicalize()
        && target != path
    {
        paths.push(target);
    }
    paths
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn appended(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn identity(directory: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(directory).ok().filter(fs::Metadata::is_dir)?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(directory: &Path) -> Option<Identity> {
    fs::metadata(directory).ok().filter(fs::Metadata::is_dir).map(|_| (0, 0))
}
