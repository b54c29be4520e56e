//! CSV files into tables of the store, so that nothing is lost and nothing is kept silent.
//!
//! In: a UTF-8 CSV file with a header row, the table it goes into, and types where a pack
//! declares them. Out: rows in the store, rejected rows in a file of their own, and a report
//! that accounts for every one. Never: a clock, or SQL (that is [`crate::store::import`]'s).
//!
//! The file is read twice: once to see what each column holds, once to write it.

mod cell;
mod declared;
mod error;
mod header;
mod reader;
mod rejected;
mod report;
mod survey;

use std::path::Path;

pub use cell::{Cell, StoredAs};
pub use declared::{Declared, DeclaredTypes};
pub use error::ImportError;
pub use report::{ImportReport, ImportedColumn, RejectedKind};

use crate::store::import::{ImportRecord, Insert, TargetStore};
use header::Headers;
use reader::{Record, Rows};
use rejected::{RejectedFile, Rejection};
use survey::Survey;

/// What to import, and how to read it.
#[derive(Debug)]
pub struct ImportRequest<'a> {
    pub file: &'a Path,
    pub into: &'a str,
    /// Table column and the CSV header it comes from; other columns keep their header's name.
    pub columns: &'a [(String, String)],
    /// A `strptime` format of the date columns.
    pub date_format: Option<&'a str>,
    pub declared: DeclaredTypes,
    /// Import even where the same file went into the same table before.
    pub again: bool,
    /// When, for the store's list of imports (ISO 8601).
    pub imported_at: String,
}

/// Imports a file into `store`, which is made where it does not exist, in one transaction.
/// `progress` is told how many bytes of how many were read.
pub fn import(
    store: &Path,
    request: &ImportRequest<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ImportReport, ImportError> {
    let first = survey_file(request, progress)?;
    let mut target = TargetStore::open(store)?;
    let outcome = write_file(&mut target, request, &first, progress);
    if outcome.is_err() {
        target.abandon();
    }
    outcome
}

/// What the first reading found.
struct Surveyed {
    headers: Headers,
    columns: Vec<Survey>,
    sha256: String,
    bytes: u64,
}

fn survey_file(
    request: &ImportRequest<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Surveyed, ImportError> {
    let mut rows = Rows::open(request.file)?;
    let headers = Headers::read(&mut rows, request)?;
    let mut columns: Vec<Survey> =
        headers.names.iter().map(|_| Survey::new(request.date_format)).collect();
    let total = rows.size() * 2;
    let mut record = Record::default();
    while rows.next(&mut record)? {
        if record.fault(headers.names.len()).is_none() {
            for (survey, cell) in columns.iter_mut().zip(record.cells()) {
                survey.see(cell);
            }
        }
        if rows.count().is_multiple_of(PROGRESS_ROWS) {
            progress(rows.bytes_read(), total);
        }
    }
    let bytes = rows.size();
    Ok(Surveyed { headers, columns, sha256: rows.sha256()?, bytes })
}

/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 16_384;

fn write_file(
    target: &mut TargetStore,
    request: &ImportRequest<'_>,
    first: &Surveyed,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ImportReport, ImportError> {
    target.begin()?;
    if let Some(earlier) = target.earlier_import(&first.sha256, request.into)?
        && !request.again
    {
        return Err(ImportError::Again {
            file: request.file.to_owned(),
            into: request.into.to_owned(),
            at: earlier.imported_at,
            rows: earlier.rows,
        });
    }
    let names = &first.headers.names;
    let existing = target.columns(request.into)?;
    let stored: Vec<StoredAs> = match &existing {
        Some(columns) => {
            let affinities = first.headers.affinities(columns, request)?;
            let pairs = first.columns.iter().zip(names).zip(affinities);
            pairs
                .map(|((survey, name), a)| survey.in_existing_table(declared(request, name), a))
                .collect()
        }
        None => first
            .columns
            .iter()
            .zip(names)
            .map(|(survey, name)| survey.stored_as(declared(request, name)))
            .collect(),
    };
    if existing.is_none() {
        let types = stored.iter().map(|stored| stored.sql_type());
        target.create(request.into, names.iter().map(String::as_str).zip(types))?;
    }
    let mut report = ImportReport::new(request, names, &first.headers.written, &stored);
    report.created = existing.is_none();
    let mut rejected = RejectedFile::new(request.file, &first.headers.written);
    let mut rows = Rows::open(request.file)?;
    rows.skip_header()?;
    let mut insert = target.insert(request.into, names)?;
    let mut record = Record::default();
    while rows.next(&mut record)? {
        match write_row(&mut insert, &record, names, &stored)? {
            None => report.rows += 1,
            Some(rejection) => {
                rejected.keep(&record, &rejection)?;
                report.reject(record.line, rejection);
            }
        }
        if rows.count().is_multiple_of(PROGRESS_ROWS) {
            progress(first.bytes + rows.bytes_read(), first.bytes * 2);
        }
    }
    drop(insert);
    target.record(&ImportRecord {
        file: request.file.display().to_string(),
        sha256: first.sha256.clone(),
        into: request.into.to_owned(),
        rows: report.rows.cast_signed(),
        rejected: report.rejected.cast_signed(),
        imported_at: request.imported_at.clone(),
    })?;
    report.rejected_file = rejected.finish()?;
    target.commit()?;
    Ok(report)
}

fn declared(request: &ImportRequest<'_>, name: &str) -> Option<Declared> {
    request.declared.of(name)
}

/// Writes one row, or says why it cannot be.
fn write_row(
    insert: &mut Insert<'_>,
    record: &Record,
    names: &[String],
    stored: &[StoredAs],
) -> Result<Option<Rejection>, ImportError> {
    if let Some(fault) = record.fault(names.len()) {
        return Ok(Some(fault));
    }
    for (index, (text, stored)) in record.cells().zip(stored).enumerate() {
        match stored.read(text) {
            Ok(cell) => insert.bind(index, cell)?,
            Err(wanted) => {
                let kind = format!("`{}` is not {wanted}", names[index]);
                return Ok(Some(Rejection { kind, value: Some(text.to_owned()) }));
            }
        }
    }
    let refused = insert.run()?;
    Ok(refused
        .map(|reason| Rejection { kind: format!("the table refuses it: {reason}"), value: None }))
}
