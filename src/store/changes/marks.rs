use std::path::Path;

use super::entries::Entries;
use super::follow::{Followed, our_triggers, parts};
use super::look;
use super::rows::Rows;
use super::table::Made;
use crate::program::Program;
use crate::store::StoreError;
use crate::store::facts::CustomerId;
use crate::store::open::Identity;
use crate::store::snapshot::Snapshot;

/// How far a store has been read. Marks are taken before a reading, so that what comes while it
/// goes on is found afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreMarks {
    file: Identity,
    /// Of each part that is followed.
    marks: Vec<Mark>,
    /// `None`: nothing is tracked.
    entries: Option<Entries>,
}

/// Who has new facts since marks were taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Sorted, each once; often nobody. Some of them may not be there any more.
    Some(Vec<CustomerId>),
    /// It cannot be told who. The reason as a part of a sentence: "the store is another file".
    Everybody(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    /// Of the source, or `customers`.
    name: String,
    table: Made,
    /// `None`: the table is tracked.
    rows: Option<Rows>,
}

impl StoreMarks {
    /// The marks of now.
    pub fn take(program: &Program, store: &Path) -> Result<Self, StoreError> {
        look(store, |snapshot| Self::of(program, snapshot))
    }

    /// Who has new facts in what is followed, and the marks to ask with the next time.
    pub fn touched(
        &self,
        program: &Program,
        store: &Path,
    ) -> Result<(Touched, StoreMarks), StoreError> {
        look(store, |snapshot| {
            let now = Self::of(program, snapshot)?;
            let touched = match self.why_everybody(&now, snapshot)? {
                Some(reason) => Touched::Everybody(reason),
                None => Touched::Some(self.whose(&now, snapshot)?),
            };
            Ok((touched, now))
        })
    }

    fn of(program: &Program, snapshot: &Snapshot) -> Result<Self, StoreError> {
        let triggers = our_triggers(snapshot)?;
        let mut marks = Vec::new();
        for part in parts(program) {
            let (table, rows) = match part.followed(&snapshot.schema, &triggers)? {
                Followed::Appended { table, rowid, customer, at } => {
                    let rows = Rows::until_now(snapshot, (&table.name, rowid), customer, at)?;
                    (table, Some(rows))
                }
                Followed::Tracked { table } => (table, None),
                Followed::No { .. } => continue,
            };
            let table = Made::look(snapshot, &table.name)?;
            marks.push(Mark { name: part.name.to_owned(), table, rows });
        }
        let is_tracked = marks.iter().any(|mark| mark.rows.is_none());
        let entries = is_tracked.then(|| Entries::until_now(snapshot)).transpose()?;
        Ok(Self { file: snapshot.file.identity(), marks, entries })
    }

    /// Why it cannot be told who has new facts. `now` are the marks of the snapshot.
    fn why_everybody(&self, now: &Self, snapshot: &Snapshot) -> Result<Option<String>, StoreError> {
        if self.file != now.file {
            return Ok(Some("the store is another file".to_owned()));
        }
        for mark in &now.marks {
            let Mark { name, table, rows } = mark;
            let Some(before) = self.mark(name) else {
                return Ok(Some(format!("`{name}` was not followed before")));
            };
            if before.table != *table {
                return Ok(Some(format!("the table of `{name}` was made anew or altered")));
            }
            let reason = match (&before.rows, rows) {
                (Some(before), Some(rows)) => before.why_lost(rows, snapshot)?,
                (None, None) => None,
                _ => Some("is followed in another way than before"),
            };
            if let Some(reason) = reason {
                return Ok(Some(format!("`{name}` {reason}")));
            }
        }
        match (&self.entries, &now.entries) {
            (Some(before), Some(entries)) => before.why_lost(entries, snapshot),
            _ => Ok(None),
        }
    }

    /// Whose rows are new, changed or gone.
    fn whose(&self, now: &Self, snapshot: &Snapshot) -> Result<Vec<CustomerId>, StoreError> {
        let mut found = Vec::new();
        for mark in &now.marks {
            if let Some(Mark { rows: Some(rows), .. }) = self.mark(&mark.name) {
                rows.add_new(snapshot, &mut found)?;
            }
        }
        if let Some(entries) = &self.entries {
            entries.add_new(snapshot, &mut found)?;
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn mark(&self, name: &str) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.name == name)
    }
}
