//! The rows of one ladder: standings, tiers that were left, holds.

use jiff::civil::Date;
use rusqlite::{Transaction, params};

use super::insert::insert_all;
use super::names::{self, Codes};
use crate::expr::{LadderId, TierId, days_from_date};
use crate::lifecycle::{Event, LadderStandings, NO_DAY, TierCode, day_or_none};
use crate::pass::Moved;
use crate::program::Program;
use crate::store::CustomerId;

pub(super) struct LadderRows<'a> {
    transaction: &'a Transaction<'a>,
    /// Of the ladder and its tiers in the database.
    pub(super) number: i64,
    pub(super) codes: Codes,
    pub(super) customers: &'a [CustomerId],
    /// As they are after the change.
    pub(super) standings: &'a LadderStandings,
    /// Names that tiers had before.
    renamed: &'a [(String, TierId)],
}

/// A day for a column of the database.
pub(super) fn stored_day(day: i32) -> Option<i64> {
    (day != NO_DAY).then_some(i64::from(day))
}

impl<'a> LadderRows<'a> {
    pub(super) fn new(
        transaction: &'a Transaction<'a>,
        program: &'a Program,
        ladder: LadderId,
        customers: &'a [CustomerId],
        standings: &'a LadderStandings,
    ) -> rusqlite::Result<Self> {
        let stored = names::ensure(transaction, program, ladder)?;
        let codes = stored.codes(program, ladder, standings);
        let renamed = &program.ladders[ladder].renamed;
        Ok(Self { transaction, number: stored.id, codes, customers, standings, renamed })
    }

    pub(super) fn standings(&self, changed: &[u32]) -> rusqlite::Result<()> {
        let head = "INSERT OR REPLACE INTO tk_standing
                    (ladder, customer, tier, since, review_on, tick, grace_until, warned_for)";
        let columns = self.standings;
        insert_all(self.transaction, head, 8, changed, |row, &slot| {
            let slot = slot as usize;
            row.number(0, Some(self.number))?;
            row.customer(1, &self.customers[slot])?;
            row.number(2, self.codes.number(columns.tier[slot]))?;
            row.number(3, stored_day(columns.since[slot]))?;
            row.number(4, stored_day(columns.review_day(slot)))?;
            row.number(5, columns.tick(slot).map(|tick| tick as i64 + 1))?;
            row.number(6, stored_day(columns.grace_until[slot]))?;
            row.number(7, stored_day(columns.warned_for[slot]))
        })
    }

    /// Remembers when tiers were left. A tier that only has another name was not.
    pub(super) fn left(&self, events: &[Moved], as_of: Date) -> rusqlite::Result<()> {
        let head = "INSERT OR REPLACE INTO tk_left (ladder, tier, customer, left_on)";
        let was_left = |moved: &&Moved| {
            moved.from != TierCode::NONE && moved.from != moved.to && !self.is_renamed(moved)
        };
        let left: Vec<Moved> = events.iter().filter(was_left).copied().collect();
        let today = i64::from(days_from_date(as_of));
        insert_all(self.transaction, head, 4, &left, |row, moved| {
            row.number(0, Some(self.number))?;
            row.number(1, self.codes.number(moved.from))?;
            row.customer(2, &self.customers[moved.slot as usize])?;
            row.number(3, Some(today))
        })
    }

    /// Whether a tier only has another name now.
    fn is_renamed(&self, moved: &Moved) -> bool {
        let gone = moved.from.gone_index().map(|gone| &self.standings.gone[gone]);
        let renamed = self.renamed.iter();
        moved.event == Event::Migrated
            && renamed
                .filter(|(old, _)| gone == Some(old))
                .any(|(_, tier)| moved.to.tier() == Some(*tier))
    }

    /// Holds that began and that ended.
    pub(super) fn holds(&self, events: &[Moved]) -> rusqlite::Result<()> {
        let mut end =
            self.transaction.prepare("DELETE FROM tk_hold WHERE ladder = ?1 AND customer = ?2")?;
        let mut start = self.transaction.prepare(
            "INSERT OR REPLACE INTO tk_hold (ladder, customer, tier, floor, until)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for moved in events {
            let customer = &self.customers[moved.slot as usize];
            match (moved.event, self.standings.hold(moved.slot as usize)) {
                (Event::HoldEnded, None) => {
                    end.execute(params![self.number, customer])?;
                }
                (Event::HoldStarted, Some(hold)) => {
                    let tier = self.codes.number(TierCode::new(hold.tier));
                    let until = stored_day(day_or_none(hold.until));
                    start.execute(params![self.number, customer, tier, !hold.pins, until])?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
