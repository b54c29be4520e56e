use std::io;
use std::path::PathBuf;

/// A snapshot that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("cannot read {}: {source}", file.display())]
    Read { file: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", file.display())]
    Write { file: PathBuf, source: io::Error },
    #[error("{} is a directory, not a snapshot", file.display())]
    Directory { file: PathBuf },
    #[error("{}, line {line}: byte 0x{byte:02X} is not UTF-8 text", file.display())]
    NotUtf8 { file: PathBuf, line: usize, byte: u8 },
    #[error("{}, line {line}: {reason}", file.display())]
    Header { file: PathBuf, line: usize, reason: String },
    #[error(
        "{}, line {line}: made by a newer tierkeeper: its version is {version}, this tierkeeper reads {}",
        file.display(), super::format::VERSION
    )]
    Newer { file: PathBuf, line: usize, version: u32 },
    #[error("{} is not a snapshot of tierkeeper: its header has no `info` with `tierkeeper`", file.display())]
    Foreign { file: PathBuf },
}

impl SnapshotError {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            SnapshotError::Read { .. } | SnapshotError::Write { .. } => None,
            SnapshotError::Directory { .. } => {
                Some("move it away, or give the snapshot another name")
            }
            SnapshotError::NotUtf8 { .. } | SnapshotError::Header { .. } => Some(
                "take the file back from version control, or delete it and take the new one with `--accept`",
            ),
            SnapshotError::Newer { .. } => {
                Some("update tierkeeper, or delete the file and take the new one with `--accept`")
            }
            SnapshotError::Foreign { .. } => Some(
                "give the snapshot another name, or delete the file and take the new one with `--accept`",
            ),
        }
    }
}
