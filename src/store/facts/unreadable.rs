use std::collections::BTreeMap;

use rusqlite::types::ValueRef;

use crate::store::StoreError;

/// Examples that are kept of the rows that were skipped.
const EXAMPLES: usize = 5;

/// Characters of a value that a message shows.
const SHOWN: usize = 40;

/// Why a value cannot be read, in words that follow the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) &'static str);

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BadRow {
    /// Tasks are numbered in storage order, so that the first bad row is the same one for any
    /// number of threads.
    pub(super) task: usize,
    pub(super) row: i64,
    pub(super) asked_by: String,
    pub(super) column: String,
    pub(super) value: String,
    pub(super) reason: &'static str,
}

impl BadRow {
    pub(super) fn into_error(self) -> StoreError {
        StoreError::UnreadableRow {
            asked_by: self.asked_by,
            row: self.row.to_string(),
            column: self.column,
            value: self.value,
            reason: self.reason.to_owned(),
        }
    }

    fn sentence(&self) -> String {
        let Self { asked_by, row, column, value, reason, .. } = self;
        format!("{asked_by}, row {row}: column `{column}` is {value}, {reason}")
    }
}

/// The rows that were skipped because they cannot be read.
#[derive(Debug, Clone, Default)]
pub(super) struct BadRows {
    pub(super) count: u64,
    pub(super) reasons: BTreeMap<String, u64>,
    first: Vec<BadRow>,
}

impl BadRows {
    pub(super) fn add(&mut self, bad: BadRow) {
        self.count += 1;
        let reason = format!("{}, column `{}`: {}", bad.asked_by, bad.column, bad.reason);
        *self.reasons.entry(reason).or_default() += 1;
        if self.first.len() < EXAMPLES || self.first.last().is_some_and(|last| bad < *last) {
            self.first.push(bad);
            self.first.sort();
            self.first.truncate(EXAMPLES);
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.count += other.count;
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        self.first.extend(other.first);
        self.first.sort();
        self.first.truncate(EXAMPLES);
    }

    pub(super) fn examples(&self) -> Vec<String> {
        self.first.iter().map(BadRow::sentence).collect()
    }
}

/// A value as a message shows it.
pub(super) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Blob(bytes) => format!("a blob of {} bytes", bytes.len()),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            let short: String = text.chars().take(SHOWN).collect();
            let rest = if short.len() < text.len() { "…" } else { "" };
            format!("`{}{rest}`", short.escape_debug())
        }
    }
}
