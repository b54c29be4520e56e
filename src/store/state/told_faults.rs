use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::events::number;
use super::names;
use crate::lifecycle::Event;
use crate::pass::PassOutcome;
use crate::program::Program;

/// The faults of a pass that its date already has: the number of the ladder, and the slot. A fault
/// changes no standing, so that nothing else tells that it was already reported.
#[derive(Debug, Default)]
pub(super) struct ToldFaults {
    told: HashSet<(i64, u32)>,
}

impl ToldFaults {
    /// Looks up those who have a fault, and nobody else.
    pub(super) fn of(
        connection: &Connection,
        program: &Program,
        outcome: &PassOutcome,
    ) -> rusqlite::Result<Self> {
        let mut known = Self::default();
        let sql = "SELECT first_event FROM tk_pass WHERE as_of = ?1";
        let as_of = outcome.population.as_of.to_string();
        let first: Option<i64> = connection.query_row(sql, [as_of], |row| row.get(0)).optional()?;
        let Some(first) = first.filter(|_| outcome.decision_faults() > 0) else {
            return Ok(known);
        };
        let mut find = connection.prepare(
            "SELECT 1 FROM tk_event_row
             WHERE customer = ?1 AND seq >= ?2 AND event = ?3 AND ladder = ?4",
        )?;
        let customers = &outcome.population.facts.customers;
        for (id, ladder) in outcome.ladders.iter().enumerate().filter(|(_, it)| it.faults > 0) {
            let Some(stored) = names::find(connection, &program.ladders[id].name)? else {
                continue;
            };
            for moved in ladder.events.iter().filter(|moved| moved.event == Event::Fault) {
                let customer = &customers[moved.slot as usize];
                if find.exists(params![customer, first, number(Event::Fault), stored])? {
                    known.told.insert((stored, moved.slot));
                }
            }
        }
        Ok(known)
    }

    /// Whether a customer's fault was told. `ladder`: its number in the database.
    pub(super) fn has(&self, ladder: i64, slot: u32) -> bool {
        self.told.contains(&(ladder, slot))
    }

    /// How many of the pass's faults were told.
    pub(super) fn count(&self) -> usize {
        self.told.len()
    }
}
