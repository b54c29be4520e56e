//! What a person said to a generation that waited.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// What a person says to a generation that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approved,
    Rejected,
}

impl Decision {
    /// As it is stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Approved => "approved",
            Decision::Rejected => "rejected",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Approved, Self::Rejected].into_iter().find(|decision| decision.name() == name)
    }
}

/// What is said, when, and by whom; it replaces what was said before.
pub(super) fn write(
    connection: &Connection,
    generation: &str,
    (decision, at, by): (Decision, Timestamp, &str),
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO tk_decision (generation, decision, made_at, made_by)
         VALUES (?1, ?2, ?3, ?4)",
        params![generation, decision.name(), at.to_string(), by],
    )?;
    Ok(())
}

/// `None`: nobody decided, or a newer version did in words that this one does not know.
pub(super) fn read(
    connection: &Connection,
    generation: &str,
) -> rusqlite::Result<Option<Decision>> {
    let sql = "SELECT decision FROM tk_decision WHERE generation = ?1";
    let found: Option<String> =
        connection.query_row(sql, [generation], |row| row.get(0)).optional()?;
    Ok(found.as_deref().and_then(Decision::named))
}
