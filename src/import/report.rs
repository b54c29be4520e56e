use std::path::PathBuf;

use serde_json::{Value, json};

use super::rejected::Rejection;
use super::{ImportRequest, StoredAs};

/// What an import did with every row.
#[derive(Debug, Clone)]
pub struct ImportReport {
    pub file: PathBuf,
    pub into: String,
    /// Whether the table was made.
    pub created: bool,
    pub columns: Vec<ImportedColumn>,
    pub rows: u64,
    pub rejected: u64,
    /// The reasons, most frequent first once asked for by [`ImportReport::reasons`].
    kinds: Vec<RejectedKind>,
    pub rejected_file: Option<PathBuf>,
}

#[derive(Debug, Clone)]
pub struct ImportedColumn {
    pub name: String,
    pub header: String,
    /// As SQL calls it.
    pub stored_as: &'static str,
}

/// Rows that were rejected for the same reason.
#[derive(Debug, Clone)]
pub struct RejectedKind {
    pub kind: String,
    pub rows: u64,
    pub first_line: u64,
    /// The reason of the first of them, with its value.
    pub example: String,
}

impl ImportReport {
    pub(super) fn new(
        request: &ImportRequest<'_>,
        names: &[String],
        written: &[String],
        stored: &[StoredAs],
    ) -> Self {
        let columns = names.iter().zip(written).zip(stored);
        Self {
            file: request.file.to_owned(),
            into: request.into.to_owned(),
            created: false,
            columns: columns
                .map(|((name, header), stored)| ImportedColumn {
                    name: name.clone(),
                    header: header.clone(),
                    stored_as: stored.sql_type(),
                })
                .collect(),
            rows: 0,
            rejected: 0,
            kinds: Vec::new(),
            rejected_file: None,
        }
    }

    pub(super) fn reject(&mut self, line: u64, rejection: Rejection) {
        self.rejected += 1;
        match self.kinds.iter_mut().find(|kind| kind.kind == rejection.kind) {
            Some(kind) => kind.rows += 1,
            None => self.kinds.push(RejectedKind {
                example: rejection.reason(),
                kind: rejection.kind,
                rows: 1,
                first_line: line,
            }),
        }
    }

    /// Why rows were rejected, the most frequent reason first.
    pub fn reasons(&self) -> Vec<&RejectedKind> {
        let mut kinds: Vec<&RejectedKind> = self.kinds.iter().collect();
        kinds.sort_by_key(|kind| (std::cmp::Reverse(kind.rows), kind.first_line));
        kinds
    }

    pub fn to_json(&self) -> Value {
        let columns = self.columns.iter().map(|column| {
            json!({"name": column.name, "header": column.header, "stored_as": column.stored_as})
        });
        let reasons = self.reasons().into_iter().map(
            |kind| json!({"reason": kind.kind, "rows": kind.rows, "first_line": kind.first_line}),
        );
        json!({
            "file": self.file.display().to_string(),
            "into": self.into,
            "created": self.created,
            "rows": self.rows,
            "rejected": self.rejected,
            "rejected_file": self.rejected_file.as_ref().map(|file| file.display().to_string()),
            "reasons": reasons.collect::<Vec<_>>(),
            "columns": columns.collect::<Vec<_>>(),
        })
    }
}
