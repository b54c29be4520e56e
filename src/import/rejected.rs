use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::ImportError;
use super::reader::Record;

/// Why a row was not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    /// The reason without the row's own value, so that equal reasons count together.
    pub kind: String,
    pub value: Option<String>,
}

/// Longest piece of a value that a reason repeats, in characters.
const VALUE_SHOWN: usize = 60;

impl Rejection {
    pub fn reason(&self) -> String {
        match &self.value {
            None => self.kind.clone(),
            Some(value) => {
                let shown: String = value.chars().take(VALUE_SHOWN).collect();
                let more = if shown.len() < value.len() { "…" } else { "" };
                format!("{}: `{shown}{more}`", self.kind)
            }
        }
    }
}

/// `FILE.rejected.csv`: the rows that were not imported, with line and reason before their
/// cells. Made with the first of them, under another name until the import is done.
pub(super) struct RejectedFile<'a> {
    path: PathBuf,
    part: PathBuf,
    header: &'a [String],
    writer: Option<csv::Writer<File>>,
}

impl<'a> RejectedFile<'a> {
    pub fn new(file: &Path, header: &'a [String]) -> Self {
        let path = file.with_extension("rejected.csv");
        let mut part = OsString::from(&path);
        part.push(".part");
        Self { path, part: part.into(), header, writer: None }
    }

    fn fault(&self, error: csv::Error) -> ImportError {
        ImportError::WriteRejected { file: self.path.clone(), source: std::io::Error::other(error) }
    }

    pub fn keep(&mut self, record: &Record, rejection: &Rejection) -> Result<(), ImportError> {
        if self.writer.is_none() {
            let mut writer = csv::WriterBuilder::new()
                .flexible(true)
                .from_path(&self.part)
                .map_err(|error| self.fault(error))?;
            let header =
                ["line", "reason"].into_iter().chain(self.header.iter().map(String::as_str));
            writer.write_record(header).map_err(|error| self.fault(error))?;
            self.writer = Some(writer);
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let (line, reason) = (record.line.to_string(), rejection.reason());
        let cells = [line.as_str(), reason.as_str()].into_iter().chain(record.cells());
        writer.write_record(cells).map_err(|error| self.fault(error))
    }

    /// Puts the file in its place, and says where that is.
    pub fn finish(&mut self) -> Result<Option<PathBuf>, ImportError> {
        let Some(mut writer) = self.writer.take() else { return Ok(None) };
        writer
            .flush()
            .and_then(|()| std::fs::rename(&self.part, &self.path))
            .map_err(|source| ImportError::WriteRejected { file: self.path.clone(), source })?;
        Ok(Some(self.path.clone()))
    }
}

impl Drop for RejectedFile<'_> {
    fn drop(&mut self) {
        // An import that failed leaves no half-written file.
        if self.writer.take().is_some() {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}
