use crate::diagnostic::did_you_mean;
use crate::store::import::{Affinity, TableColumn};

use super::reader::{Record, Rows};
use super::{ImportError, ImportRequest};

/// The columns of a file: what its header calls them, and what the table does.
#[derive(Debug)]
pub(super) struct Headers {
    pub written: Vec<String>,
    pub names: Vec<String>,
}

impl Headers {
    /// Reads the first record and applies the request's renames.
    pub fn read(rows: &mut Rows, request: &ImportRequest<'_>) -> Result<Self, ImportError> {
        check_table_name(request.into)?;
        if let Some(format) = request.date_format {
            check_format(format)?;
        }
        let fault = |reason: String| ImportError::Header { file: request.file.to_owned(), reason };
        let mut record = Record::default();
        if !rows.next(&mut record)? {
            return Err(ImportError::Empty { file: request.file.to_owned() });
        }
        let written: Vec<String> = record.cells().map(|cell| cell.trim().to_owned()).collect();
        if let [only] = written.as_slice()
            && let Some(separator) = [';', '\t', '|'].into_iter().find(|&c| only.contains(c))
        {
            return Err(fault(format!(
                "the columns seem to be separated by {separator:?}; save the file with commas"
            )));
        }
        let mut names = written.clone();
        for (column, header) in request.columns {
            let wrong =
                |reason| ImportError::Column { column: format!("{column}={header}"), reason };
            let at = written.iter().position(|name| name == header).ok_or_else(|| {
                let near = did_you_mean(header, written.iter().map(String::as_str));
                let near = near.unwrap_or_else(|| format!("it has {}", written.join(", ")));
                wrong(format!("the file has no column `{header}`; {near}"))
            })?;
            if column.is_empty() {
                return Err(wrong("the name of the table's column is missing".into()));
            }
            names[at].clone_from(column);
        }
        for (index, name) in names.iter().enumerate() {
            if name.is_empty() {
                return Err(fault(format!("column {} of the header has no name", index + 1)));
            }
            if names[..index].iter().any(|earlier| earlier.eq_ignore_ascii_case(name)) {
                return Err(fault(format!(
                    "two columns are called `{name}`; rename one with `--column` or in the file"
                )));
            }
        }
        Ok(Self { written, names })
    }

    /// How the existing table stores each column.
    pub fn affinities(
        &self,
        columns: &[TableColumn],
        request: &ImportRequest<'_>,
    ) -> Result<Vec<Affinity>, ImportError> {
        self.names
            .iter()
            .zip(&self.written)
            .map(|(name, written)| {
                let found = columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
                found.map(|column| column.affinity).ok_or_else(|| {
                    let known = || columns.iter().map(|column| column.name.as_str());
                    let near = match crate::diagnostic::nearest(name, known()) {
                        Some(near) => {
                            format!("did you mean `{near}`? (`--column {near}={written}`)")
                        }
                        None => format!("it has {}", known().collect::<Vec<_>>().join(", ")),
                    };
                    let reason = format!("the table is there and has no column `{name}`; {near}");
                    ImportError::Table { into: request.into.to_owned(), reason }
                })
            })
            .collect()
    }
}

fn check_table_name(into: &str) -> Result<(), ImportError> {
    let lower = into.to_ascii_lowercase();
    let reason = if into.trim().is_empty() {
        "a table needs a name"
    } else if lower.starts_with("sqlite_") || lower.starts_with("tk_") {
        "names that begin with `sqlite_` or `tk_` are taken"
    } else {
        return Ok(());
    };
    Err(ImportError::Table { into: into.to_owned(), reason: reason.into() })
}

/// Formats a date that exists; a format that cannot would reject every row.
fn check_format(format: &str) -> Result<(), ImportError> {
    let wrong = |reason: String| ImportError::DateFormat { format: format.to_owned(), reason };
    let day = jiff::civil::date(2026, 3, 21).at(8, 26, 5, 0);
    let zoned = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|e| wrong(e.to_string()))?;
    let written = jiff::fmt::strtime::format(format, &zoned).map_err(|e| wrong(e.to_string()))?;
    match super::cell::formatted_time(&written, format) {
        Some(_) => Ok(()),
        None => Err(wrong("it needs a year, a month and a day, like `%d.%m.%Y %H:%M`".into())),
    }
}
