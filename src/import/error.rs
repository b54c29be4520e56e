use std::path::PathBuf;

use crate::store::import::TargetError;

/// Why nothing was imported. Rows that cannot be read are no error: they are rejected.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("cannot read {}: {source}", file.display())]
    Read { file: PathBuf, source: std::io::Error },
    #[error("{} is not a file", file.display())]
    NotAFile { file: PathBuf },
    #[error("cannot write {}: {source}", file.display())]
    WriteRejected { file: PathBuf, source: std::io::Error },
    #[error("{} is empty; its first line names the columns", file.display())]
    Empty { file: PathBuf },
    #[error("{} is UTF-16; save it as CSV in UTF-8", file.display())]
    Utf16 { file: PathBuf },
    #[error(
        "{}, line {line}: byte 0x{byte:02X} is not UTF-8 text; save the file as UTF-8, or \
         convert it (`iconv -f WINDOWS-1252 -t UTF-8`)",
        file.display()
    )]
    NotUtf8 { file: PathBuf, line: u64, byte: u8 },
    #[error("{}: {reason}", file.display())]
    Header { file: PathBuf, reason: String },
    #[error("`--column {column}`: {reason}")]
    Column { column: String, reason: String },
    #[error("`--into {into}`: {reason}")]
    Table { into: String, reason: String },
    #[error("`--date-format {format}`: {reason}")]
    DateFormat { format: String, reason: String },
    #[error(
        "{} was imported into `{into}` before ({rows} rows, {at}); `--again` imports it once more",
        file.display()
    )]
    Again { file: PathBuf, into: String, at: String, rows: i64 },
    #[error(transparent)]
    Store(#[from] TargetError),
}
