//! The snapshots of a pack: what a pass over their populations comes to, against what is stored.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use tierkeeper::build::Rules;
use tierkeeper::evaluation::nobody;
use tierkeeper::pass::run;
use tierkeeper::program::Program;
use tierkeeper::source::Loc;
use tierkeeper::store::{Facts, QUERY_TIME_LIMIT, ReadOptions, StoreError, read_facts};
use tierkeeper::suite::snapshot::{
    Compared, PendingChange, Snapshot, SnapshotFiles, WhenDifferent, body,
};
use tierkeeper::suite::{People, Population, SnapshotCase, Suite, made_up};

use super::review::failure;
use super::rules::Tested;

use crate::exit::Failure;

/// What came of one snapshot.
#[derive(Debug)]
pub struct Taken {
    /// An index into [`Suite::snapshots`].
    pub snapshot: usize,
    pub outcome: Outcome,
}

#[derive(Debug)]
pub enum Outcome {
    Compared(Compared),
    /// Why there is nothing to compare.
    Stopped(String),
}

impl Taken {
    pub fn passed(&self) -> bool {
        matches!(self.outcome, Outcome::Compared(Compared::Same))
    }

    /// Whether it is new or has changed.
    pub fn differs(&self) -> bool {
        matches!(self.outcome, Outcome::Compared(Compared::New | Compared::Changed(_)))
    }
}

/// The snapshots of a suite, and the files that belong to none of them.
#[derive(Debug, Default)]
pub struct Snapshots {
    pub taken: Vec<Taken>,
    pub unused: Vec<PathBuf>,
}

impl Snapshots {
    /// Takes those that are asked for and not skipped.
    pub fn take(
        tested: &Tested,
        suite: &Suite,
        asked: &[bool],
        when_different: WhenDifferent,
    ) -> Result<Self, Failure> {
        let files = SnapshotFiles::of(&suite.dir);
        let mut taken = Vec::new();
        for (id, case) in suite.snapshots.iter().enumerate() {
            if !asked[id] || case.skip.is_some() {
                continue;
            }
            let outcome = match picture(tested, suite, case) {
                Ok(body) => {
                    let snapshot = Snapshot { source: &case.file, name: &case.name, body: &body };
                    Outcome::Compared(files.compare(&snapshot, when_different).map_err(failure)?)
                }
                Err(why) => Outcome::Stopped(why),
            };
            taken.push(Taken { snapshot: id, outcome });
        }
        let unused = match tested.is_whole() {
            true => files.unused(&suite.snapshots.iter().map(file_name).collect()),
            false => Ok(Vec::new()),
        };
        Ok(Self { taken, unused: unused.map_err(failure)? })
    }

    /// What waits to be accepted, of those that were taken.
    pub fn pending(&self, suite: &Suite) -> Result<Vec<PendingChange>, Failure> {
        let differing = self.taken.iter().filter(|taken| taken.differs());
        let names: BTreeSet<String> =
            differing.map(|taken| file_name(&suite.snapshots[taken.snapshot])).collect();
        SnapshotFiles::of(&suite.dir).pending(&names).map_err(failure)
    }
}

fn file_name(case: &SnapshotCase) -> String {
    Snapshot { source: &case.file, name: &case.name, body: "" }.file_name()
}

/// The text of a snapshot as it is now; an error in words.
fn picture(tested: &Tested, suite: &Suite, case: &SnapshotCase) -> Result<String, String> {
    let program = &tested.programs[case.parameters];
    let facts = facts(program, suite, case)?;
    let nobody = nobody(program, facts.customers.len());
    let outcome = run(program, facts, &nobody, &[], case.as_of, 0);
    let rules = Rules {
        program: program.clone(),
        texts: tested.texts.clone(),
        origin: tested.origin.clone(),
    };
    Ok(body(&rules, &outcome, case.sample))
}

fn facts(program: &Program, suite: &Suite, case: &SnapshotCase) -> Result<Facts, String> {
    let people = match &case.population {
        Population::MadeUp { customers, seed } => {
            let store = made_up(program, *customers, *seed, case.as_of);
            People { store, given: Vec::new() }
        }
        Population::Csv(path) => {
            let path = inside(suite, path)?;
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            People::from_csv(program, &text).map_err(|faults| {
                let faults = faults.iter().map(|fault| {
                    let help = fault.help.as_ref().map_or(String::new(), |it| format!("; {it}"));
                    let (line, column) = (fault.line, fault.column);
                    format!("{}:{line}:{column}: {}{help}", path.display(), fault.message)
                });
                faults.collect::<Vec<_>>().join("\n")
            })?
        }
        Population::Store(path) => {
            let options = ReadOptions {
                skip_bad_rows: false,
                threads: 0,
                query_time_limit: QUERY_TIME_LIMIT,
                tier_since: &|_, _| None,
                progress: &|_, _| {},
                stop: Arc::default(),
            };
            let path = inside(suite, path)?;
            return read_facts(program, &path, case.as_of, &options).map_err(|error| match error {
                StoreError::NotADatabase { path } => {
                    let path = path.display();
                    format!("{path} is not a SQLite database; `csv:` reads a table of people")
                }
                error => error.to_string(),
            });
        }
    };
    people.facts(program, case.as_of, &|_, _| None).map_err(|error| error.to_string())
}

/// A file beside the tests, which lies inside of the pack.
fn inside(suite: &Suite, path: &Loc<String>) -> Result<PathBuf, String> {
    let written = &path.value;
    let there = suite.dir.join(written);
    let resolve = |path: PathBuf| {
        let help = "write its way from the tests";
        path.canonicalize()
            .map_err(|error| format!("cannot read {}: {error}; {help}", path.display()))
    };
    let resolved = resolve(there.clone())?;
    match resolved.starts_with(resolve(suite.dir.join(".."))?) {
        true => Ok(there),
        false => Err(format!("`{written}` is not in the pack: put the file beside the tests")),
    }
}
