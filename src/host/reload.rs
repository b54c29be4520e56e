//! The rules on disk, as they were at one moment.
//!
//! Everything is read, built, and read again: where it has changed meanwhile, from the start. So
//! half of a save is never taken for rules, as long as the other half comes before we are done.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::build::{Built, Origin, Request, build};
use crate::pack::{PackFiles, PackReadError, ProjectFile};
use crate::program::hash;
use crate::store::StoreError;

/// Where the rules are.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The pack's directory.
    pub pack: PathBuf,
    /// The project file.
    pub config: Option<PathBuf>,
    /// Parameters of the command line: names and values.
    pub set: Vec<(String, String)>,
    /// What the pack names must be in it.
    pub store: Option<PathBuf>,
}

/// The rules as they were found.
#[derive(Debug)]
pub struct Loaded {
    pub origin: Origin,
    /// `sha256:…` by file, relative to the pack's root; the project file is `tierkeeper.yaml`.
    pub files: BTreeMap<String, String>,
    pub built: Built,
    pub fingerprint: Fingerprint,
}

/// Tells whether anything has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

/// Why there is nothing to build.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Unreadable(#[from] PackReadError),
    #[error("the files of the pack keep changing while they are read")]
    Restless,
    #[error("the store cannot be looked at: {0}")]
    Store(StoreError),
}

/// How often to begin again where files change while they are read, and how long to wait.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(50);

/// The name of the project file among the files of a pack; no file of a pack has it.
const PROJECT: &str = "tierkeeper.yaml";

/// What is on disk now; `None` where it cannot be read.
pub fn fingerprint(inputs: &Inputs) -> Option<Fingerprint> {
    read(inputs).ok().map(|origin| Fingerprint::of(&origin))
}

/// Reads and builds the rules on disk. What a pack names and the store does not have is a finding,
/// as `check` has it.
pub fn load(inputs: &Inputs) -> Result<Loaded, LoadError> {
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            std::thread::sleep(PAUSE);
        }
        let origin = read(inputs)?;
        let fingerprint = Fingerprint::of(&origin);
        let built = build_against(&origin, inputs.store.as_deref())?;
        if Fingerprint::of(&read(inputs)?) == fingerprint {
            return Ok(Loaded { files: hashes(&origin), origin, built, fingerprint });
        }
    }
    Err(LoadError::Restless)
}

/// `sha256:…` by file.
pub fn hashes(origin: &Origin) -> BTreeMap<String, String> {
    let files = origin.files.files.iter();
    let mut hashes: BTreeMap<String, String> =
        files.map(|file| (file.name.clone(), hash(&file.bytes))).collect();
    if let Some(project) = &origin.project {
        hashes.insert(PROJECT.to_owned(), hash(project.bytes()));
    }
    hashes
}

fn read(inputs: &Inputs) -> Result<Origin, PackReadError> {
    let project = match &inputs.config {
        Some(path) => Some(ProjectFile::read(path)?),
        None => None,
    };
    Ok(Origin { files: PackFiles::read(&inputs.pack)?, project, set: inputs.set.clone() })
}

fn build_against(origin: &Origin, store: Option<&Path>) -> Result<Built, LoadError> {
    let Origin { files, project, set } = origin;
    let request = Request { files, project: project.as_ref(), set, store };
    build(&request).map_err(LoadError::Store)
}

impl Fingerprint {
    fn of(origin: &Origin) -> Self {
        let mut text = format!("{:?}", origin.files.root);
        for (name, hash) in hashes(origin) {
            write!(text, "\n{name} {hash}").expect("writing to a string");
        }
        for (name, refusal) in &origin.files.refused {
            write!(text, "\n{name} {refusal:?}").expect("writing to a string");
        }
        Fingerprint(text)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const PACK: &str = "pack: club\nversion: 1.0.0\ntitle: Club\nrequires: '>=0.1'\n\
        settings: { currency: EUR, timezone: UTC }\n\
        sources:\n  orders: { table: orders, customer: c, at: at, columns: { amount: money } }\n\
        metrics:\n  spend: { sum: orders.amount }\n\
        ladders:\n  club:\n    tiers:\n      vip: { enter: spend >= 1000 }\n";

    fn inputs(directory: &Path) -> Inputs {
        let pack = directory.join("pack");
        fs::create_dir_all(&pack).unwrap();
        fs::write(pack.join("pack.yaml"), PACK).unwrap();
        Inputs { pack, config: None, set: Vec::new(), store: None }
    }

    #[test]
    fn everything_that_decides_is_in_the_fingerprint() {
        let directory = tempfile::tempdir().unwrap();
        let mut inputs = inputs(directory.path());
        let first = fingerprint(&inputs);
        assert!(first.is_some());
        assert_eq!(first, fingerprint(&inputs));
        fs::create_dir(inputs.pack.join("scripts")).unwrap();
        assert_eq!(first, fingerprint(&inputs), "an empty folder says nothing");
        fs::write(inputs.pack.join("scripts/a.rhai"), "fn f() { 1 }").unwrap();
        let second = fingerprint(&inputs);
        assert_ne!(first, second);
        let config = directory.path().join("tierkeeper.yaml");
        fs::write(&config, "pack: pack\n").unwrap();
        inputs.config = Some(config.clone());
        let third = fingerprint(&inputs);
        assert_ne!(second, third);
        fs::remove_file(config).unwrap();
        assert_eq!(fingerprint(&inputs), None);
    }

    #[test]
    fn what_was_loaded_is_what_was_built() {
        let directory = tempfile::tempdir().unwrap();
        let inputs = inputs(directory.path());
        let loaded = load(&inputs).unwrap();
        let program = loaded.built.program.expect("a sound pack");
        assert_eq!(program.generation(), loaded.origin.build().program.unwrap().generation());
        let hashed = hash(PACK.as_bytes());
        assert_eq!(loaded.files, BTreeMap::from([("pack.yaml".to_owned(), hashed)]));
        assert_eq!(Some(loaded.fingerprint), fingerprint(&inputs));
    }

    #[test]
    fn what_is_not_there_is_no_pack() {
        let directory = tempfile::tempdir().unwrap();
        let mut inputs = inputs(directory.path());
        inputs.pack = directory.path().join("elsewhere");
        assert!(matches!(load(&inputs), Err(LoadError::Unreadable(PackReadError::Missing(_)))));
    }

    #[test]
    fn a_column_that_the_store_does_not_have_is_a_finding() {
        let directory = tempfile::tempdir().unwrap();
        let mut inputs = inputs(directory.path());
        let store = directory.path().join("shop.db");
        let connection = rusqlite::Connection::open(&store).unwrap();
        connection.execute_batch("CREATE TABLE orders (c, at, total)").unwrap();
        inputs.store = Some(store);
        let loaded = load(&inputs).unwrap();
        let codes: Vec<_> = loaded.built.findings.iter().map(|it| it.code.slug()).collect();
        assert_eq!(codes, ["unknown-column"]);
    }
}
