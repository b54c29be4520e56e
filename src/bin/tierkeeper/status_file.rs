//! CSV files that say what people hold: `adopt FILE.csv` and `hold --from FILE.csv`.

use std::path::Path;

use csv::StringRecord;
use tierkeeper::diagnostic::did_you_mean;

use crate::exit::Failure;

/// The rows of a file, and every fault that was found in them.
#[derive(Debug)]
pub struct StatusFile {
    path: String,
    columns: Vec<(&'static str, usize)>,
    rows: Vec<(u64, StringRecord)>,
    faults: Vec<(u64, String)>,
}

/// Faults that are shown; the rest are counted.
const SHOWN: usize = 20;

impl StatusFile {
    /// Reads a file whose first line names its columns. Columns that are needed must be there,
    /// others of `known` may, and nothing else.
    pub fn read(
        path: &Path,
        needed: &[&'static str],
        known: &[&'static str],
    ) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let unreadable = |error: csv::Error| {
            Failure::new(format_args!("cannot read {shown}: {}", reason(error)))
        };
        let bytes = std::fs::read(path)
            .map_err(|error| Failure::new(format_args!("cannot read {shown}: {error}")))?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .delimiter(delimiter(&bytes))
            .from_reader(&bytes[..]);
        let heads = reader.headers().map_err(unreadable)?.clone();
        let mut columns = Vec::new();
        for (place, head) in heads.iter().enumerate() {
            let head = head.trim_start_matches('\u{feff}');
            let all = || needed.iter().chain(known).copied();
            let Some(name) = all().find(|name| *name == head) else {
                let help = did_you_mean(head, all())
                    .unwrap_or_else(|| format!("columns are {}", words(all())));
                let message = format_args!("{shown}:1: there is no column `{head}` here");
                return Err(Failure::with_help(message, help));
            };
            if columns.iter().any(|(known, _)| *known == name) {
                let message = format_args!("{shown}:1: the column `{name}` is there twice");
                return Err(Failure::new(message));
            }
            columns.push((name, place));
        }
        let missing = needed.iter().find(|name| !columns.iter().any(|(known, _)| known == *name));
        if let Some(name) = missing {
            return Err(Failure::with_help(
                format_args!("{shown}:1: the column `{name}` is missing"),
                format_args!("the first line names the columns: {}", words(needed.iter().copied())),
            ));
        }
        let mut file = Self { path: shown, columns, rows: Vec::new(), faults: Vec::new() };
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    file.rows.push((line, record));
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    file.faults.push((line, reason(error)));
                }
            }
        }
        Ok(file)
    }

    /// Reads every row with `read`; the rows where there was no fault in any.
    pub fn each<T>(
        mut self,
        read: impl Fn(&Fields<'_>) -> Result<T, String>,
    ) -> Result<Vec<(u64, T)>, Failure> {
        let mut found = Vec::with_capacity(self.rows.len());
        for (line, record) in &self.rows {
            match read(&Fields { columns: &self.columns, record }) {
                Ok(row) => found.push((*line, row)),
                Err(fault) => self.faults.push((*line, fault)),
            }
        }
        refuse(&self.path, self.faults)?;
        Ok(found)
    }
}

/// All faults at once, each with its line.
pub fn refuse(path: &str, mut faults: Vec<(u64, String)>) -> Result<(), Failure> {
    if faults.is_empty() {
        return Ok(());
    }
    faults.sort();
    let count = faults.len();
    let mut lines: Vec<String> = faults
        .iter()
        .take(SHOWN)
        .map(|(line, fault)| format!("  {path}:{line}: {fault}"))
        .collect();
    if count > SHOWN {
        lines.push(format!("  and {} more", count - SHOWN));
    }
    let rows = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    Err(Failure::with_help(
        format_args!("nothing was taken over: {rows} cannot be taken\n{}", lines.join("\n")),
        "mend them and run it again; it is all or nothing",
    ))
}

/// One row.
#[derive(Debug)]
pub struct Fields<'a> {
    columns: &'a [(&'static str, usize)],
    record: &'a StringRecord,
}

impl<'a> Fields<'a> {
    /// The text of a column; `None` where it is empty or not there.
    pub fn optional(&self, name: &str) -> Option<&'a str> {
        let (_, place) = self.columns.iter().find(|(known, _)| *known == name)?;
        self.record.get(*place).filter(|text| !text.is_empty())
    }

    pub fn needed(&self, name: &str) -> Result<&'a str, String> {
        self.optional(name).ok_or_else(|| format!("`{name}` is empty"))
    }

    pub fn date(&self, name: &str) -> Result<Option<jiff::civil::Date>, String> {
        let Some(text) = self.optional(name) else { return Ok(None) };
        crate::shared::date(text).map(Some).map_err(|help| format!("`{text}` is no date: {help}"))
    }
}

/// Where commas are for decimals, spreadsheets write semicolons.
fn delimiter(bytes: &[u8]) -> u8 {
    let head = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if head.contains(&b';') && !head.contains(&b',') { b';' } else { b',' }
}

fn words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn reason(error: csv::Error) -> String {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns, where the first line has {expected_len}")
        }
        kind => format!("{kind:?}"),
    }
}
