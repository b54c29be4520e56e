//! Ladders and tiers by name, as small numbers.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::expr::{LadderId, TierId};
use crate::lifecycle::{LadderStandings, TierCode};
use crate::program::Program;

/// The numbers of one ladder's tiers in the database.
#[derive(Debug, Default)]
pub(super) struct StoredLadder {
    pub id: i64,
    tiers: HashMap<String, i64>,
}

/// The number of a ladder, if it was ever stored.
pub(super) fn find(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .query_row("SELECT id FROM tk_ladder WHERE name = ?1", [name], |row| row.get(0))
        .optional()
}

/// The names of a ladder's stored tiers, by their numbers.
pub(super) fn tiers(
    connection: &Connection,
    ladder: i64,
) -> rusqlite::Result<HashMap<i64, String>> {
    let mut rows = connection.prepare("SELECT id, name FROM tk_tier WHERE ladder = ?1")?;
    rows.query_map([ladder], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The numbers of a program's ladder and of its tiers, new ones where it has none.
pub(super) fn ensure(
    connection: &Connection,
    program: &Program,
    ladder: LadderId,
) -> rusqlite::Result<StoredLadder> {
    let rule = &program.ladders[ladder];
    let id = match find(connection, &rule.name)? {
        Some(id) => id,
        None => {
            connection.execute("INSERT INTO tk_ladder (name) VALUES (?1)", [&rule.name])?;
            connection.last_insert_rowid()
        }
    };
    let mut known: HashMap<String, i64> =
        tiers(connection, id)?.into_iter().map(|(id, name)| (name, id)).collect();
    for tier in &rule.tiers {
        if !known.contains_key(&tier.name) {
            connection.execute(
                "INSERT INTO tk_tier (ladder, name) VALUES (?1, ?2)",
                params![id, tier.name],
            )?;
            known.insert(tier.name.clone(), connection.last_insert_rowid());
        }
    }
    Ok(StoredLadder { id, tiers: known })
}

/// The numbers of the codes that a ladder's standings use.
#[derive(Debug)]
pub(super) struct Codes {
    tiers: Vec<Option<i64>>,
    gone: Vec<Option<i64>>,
}

impl StoredLadder {
    pub(super) fn codes(
        &self,
        program: &Program,
        ladder: LadderId,
        standings: &LadderStandings,
    ) -> Codes {
        let tiers = program.ladders[ladder].tiers.iter();
        Codes {
            tiers: tiers.map(|tier| self.tiers.get(&tier.name).copied()).collect(),
            gone: standings.gone.iter().map(|name| self.tiers.get(name).copied()).collect(),
        }
    }
}

impl Codes {
    pub(super) fn number(&self, code: TierCode) -> Option<i64> {
        let tier: Option<TierId> = code.tier();
        match (tier, code.gone_index()) {
            (Some(tier), _) => self.tiers[tier],
            (None, Some(gone)) => self.gone[gone],
            (None, None) => None,
        }
    }
}

/// The number of a segment or an alert, a new one where it has none.
pub(super) fn subject(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    let mut find = connection.prepare_cached("SELECT id FROM tk_subject WHERE name = ?1")?;
    if let Some(id) = find.query_row([name], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    connection.execute("INSERT INTO tk_subject (name) VALUES (?1)", [name])?;
    Ok(connection.last_insert_rowid())
}
