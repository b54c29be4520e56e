use std::path::PathBuf;
use std::time::Duration;

/// Why a store cannot be read. The environment's fault, not the pack author's.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no store `{}`; name it with `--store`, or in `tierkeeper.yaml`", path.display())]
    Missing { path: PathBuf },
    #[error("the store `{}` is a directory; a SQLite database file is needed", path.display())]
    Directory { path: PathBuf },
    #[error("the store `{}` is empty: a file of 0 bytes, without any table; `tierkeeper import` fills it from CSV", path.display())]
    Empty { path: PathBuf },
    #[error(
        "`{}` is not a SQLite database, or it is encrypted (the two look the same from outside); name another with `--store`",
        path.display()
    )]
    NotADatabase { path: PathBuf },
    #[error("the store `{}` is corrupt: {reason}; restore a backup, or see `.recover` of the sqlite3 shell", path.display())]
    Corrupt { path: PathBuf, reason: String },
    #[error("the store `{}` is locked by another program; try again when it has finished", path.display())]
    Locked { path: PathBuf },
    #[error("the store `{}` was changed again and again while it was being read; try again when it is quieter", path.display())]
    Unsteady { path: PathBuf },
    #[error("the store `{}` cannot be opened: {reason}", path.display())]
    Unopenable { path: PathBuf, reason: String },
    #[error(
        "{asked_by} needs the table `{table}`, which the store does not have{}",
        did_you_mean(near)
    )]
    MissingTable { asked_by: String, table: String, near: Option<String> },
    #[error(
        "{asked_by} needs the column `{column}`, which {relation} does not have{}",
        did_you_mean(near)
    )]
    MissingColumn { asked_by: String, relation: String, column: String, near: Option<String> },
    /// `value` as it is in the store, shortened.
    #[error(
        "cannot read row {row} of {asked_by}: column `{column}` is {value}, {reason}; `--skip-bad-rows` skips such rows and counts them"
    )]
    UnreadableRow { asked_by: String, row: String, column: String, value: String, reason: String },
    #[error("the query of {asked_by} {reason}; it must be one `SELECT` that only reads")]
    QueryNotAllowed { asked_by: String, reason: String },
    #[error("the query of {asked_by} is no valid SQL: {reason}")]
    QueryInvalid { asked_by: String, reason: String },
    #[error("the query of {asked_by} failed: {reason}")]
    QueryFailed { asked_by: String, reason: String },
    #[error("the query of {asked_by} had not ended after {} seconds and was stopped; ask for less in it, or store its result in a table", limit.as_secs_f64())]
    QueryEndless { asked_by: String, limit: Duration },
    /// Somebody asked for it.
    #[error("reading the store was stopped")]
    Stopped,
    #[error("the time zone `{name}` is not known")]
    UnknownZone { name: String },
    #[error("there are more customers than {limit}, the most that one pass can hold")]
    TooManyCustomers { limit: u32 },
    #[error("the store `{}`: {reason}", path.display())]
    Other { path: PathBuf, reason: String },
}

fn did_you_mean(name: &Option<String>) -> String {
    name.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}
