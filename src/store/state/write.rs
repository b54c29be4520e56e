//! A pass into the database: one transaction, and only what changed.

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::civil::Date;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, params};

use super::insert::insert_all;
use super::names::{self, Codes};
use crate::expr::{LadderId, days_from_date};
use crate::lifecycle::{Event, NO_DAY};
use crate::pass::{LadderOutcome, Moved, PassOutcome};
use crate::program::Program;
use crate::store::CustomerId;

/// How much a pass wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    pub standings: u64,
    pub events: u64,
    pub alerts: u64,
}

impl ToSql for CustomerId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            CustomerId::Int(number) => ValueRef::Integer(*number),
            CustomerId::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Writes into a transaction that the caller commits.
pub(super) fn pass(
    transaction: &Transaction<'_>,
    program: &Program,
    outcome: &PassOutcome,
) -> rusqlite::Result<Written> {
    let generation = program.generation();
    let as_of = outcome.population.as_of;
    let pass = Pass { transaction, program, outcome };
    let seen = seen_faults(transaction, as_of)?;
    let mut written = Written::default();
    pass.store(as_of, &generation)?;
    for ladder in 0..program.ladders.len() {
        pass.ladder(ladder, &seen, &mut written)?;
    }
    pass.alerts(&mut written)?;
    Ok(written)
}

/// Whether everything that the pass found is there already: then not a byte of the file needs
/// to change.
pub(super) fn is_stored(
    connection: &Connection,
    program: &Program,
    outcome: &PassOutcome,
) -> rusqlite::Result<bool> {
    let news = |ladder: &LadderOutcome| {
        !ladder.changed.is_empty() || ladder.events.iter().any(|moved| moved.event != Event::Fault)
    };
    let changed = outcome.ladders.iter().any(news)
        || outcome.alerts.iter().any(|alert| !alert.changed.is_empty());
    if changed {
        return Ok(false);
    }
    let as_of = outcome.population.as_of;
    let stored: Option<String> = connection
        .query_row(
            "SELECT hash FROM tk_pass JOIN tk_program ON tk_program.id = program
             WHERE as_of = ?1",
            [as_of.to_string()],
            |row| row.get(0),
        )
        .optional()?;
    if stored.as_deref() != Some(&program.generation()) {
        return Ok(false);
    }
    let seen = seen_faults(connection, as_of)?;
    for (id, ladder) in outcome.ladders.iter().enumerate().filter(|(_, it)| it.faults > 0) {
        let number = names::find(connection, &program.ladders[id].name)?;
        let known = |slot: u32| {
            let customer = outcome.population.facts.customers[slot as usize].to_string();
            number.is_some_and(|number| seen.contains(&(customer, number)))
        };
        if !ladder.events.iter().all(|moved| known(moved.slot)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A fault changes no standing, so that nothing else tells that it was already reported.
fn seen_faults(connection: &Connection, as_of: Date) -> rusqlite::Result<SeenFaults> {
    let mut statement = connection.prepare(
        "SELECT CAST(customer AS TEXT), ladder FROM tk_event_row
         WHERE seq >= (SELECT first_event FROM tk_pass WHERE as_of = ?1) AND event = ?2",
    )?;
    let rows = statement.query_map(params![as_of.to_string(), number(Event::Fault)], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    rows.collect()
}

struct Pass<'a> {
    transaction: &'a Transaction<'a>,
    program: &'a Program,
    outcome: &'a PassOutcome,
}

/// Customer and ladder (its number) of faults that this as-of date already has.
type SeenFaults = HashSet<(String, i64)>;

impl Pass<'_> {
    fn store(&self, as_of: Date, generation: &str) -> rusqlite::Result<()> {
        let program = self.program;
        self.transaction.execute(
            "INSERT INTO tk_program (hash, name, version) VALUES (?1, ?2, ?3)
             ON CONFLICT (hash) DO NOTHING",
            params![generation, program.name, program.version.to_string()],
        )?;
        self.transaction.execute(
            "INSERT INTO tk_pass (as_of, program, first_event)
             SELECT ?1, id, (SELECT coalesce(max(seq), 0) + 1 FROM tk_event_row)
             FROM tk_program WHERE hash = ?2
             ON CONFLICT (as_of) DO UPDATE SET program = excluded.program",
            params![as_of.to_string(), generation],
        )?;
        Ok(())
    }

    fn ladder(
        &self,
        ladder: LadderId,
        seen: &SeenFaults,
        written: &mut Written,
    ) -> rusqlite::Result<()> {
        let outcome = &self.outcome.ladders[ladder];
        if outcome.changed.is_empty() && outcome.events.is_empty() {
            return Ok(());
        }
        let stored = names::ensure(self.transaction, self.program, ladder)?;
        let codes =
            stored.codes(self.program, ladder, &self.outcome.after.standings.ladders[ladder]);
        self.standings(ladder, stored.id, &codes, written)?;
        self.events(ladder, stored.id, &codes, seen, written)
    }

    fn standings(
        &self,
        ladder: LadderId,
        stored: i64,
        codes: &Codes,
        written: &mut Written,
    ) -> rusqlite::Result<()> {
        let head = "INSERT OR REPLACE INTO tk_standing
                    (ladder, customer, tier, since, review_on, grace_until, period_start)";
        let columns = &self.outcome.after.standings.ladders[ladder];
        let customers = &self.outcome.population.facts.customers;
        let day = |day: i32| (day != NO_DAY).then_some(i64::from(day));
        let changed = &self.outcome.ladders[ladder].changed;
        insert_all(self.transaction, head, 7, changed, |row, &slot| {
            let slot = slot as usize;
            row.number(0, Some(stored))?;
            row.customer(1, &customers[slot])?;
            row.number(2, codes.number(columns.tier[slot]))?;
            row.number(3, day(columns.since[slot]))?;
            row.number(4, day(columns.review_on[slot]))?;
            row.number(5, day(columns.grace_until[slot]))?;
            row.number(6, day(columns.period_start[slot]))
        })?;
        written.standings += changed.len() as u64;
        Ok(())
    }

    fn events(
        &self,
        ladder: LadderId,
        stored: i64,
        codes: &Codes,
        seen: &SeenFaults,
        written: &mut Written,
    ) -> rusqlite::Result<()> {
        let head = "INSERT INTO tk_event_row
                    (as_of, event, customer, ladder, from_tier, to_tier)";
        let as_of = days_from_date(self.outcome.population.as_of).into();
        let customers = &self.outcome.population.facts.customers;
        let is_new = |moved: &Moved| {
            let customer = || customers[moved.slot as usize].to_string();
            moved.event != Event::Fault || !seen.contains(&(customer(), stored))
        };
        let mut events = Cow::from(&self.outcome.ladders[ladder].events);
        if !seen.is_empty() {
            events.to_mut().retain(is_new);
        }
        insert_all(self.transaction, head, 6, &events, |row, moved| {
            row.number(0, Some(as_of))?;
            row.number(1, Some(number(moved.event)))?;
            row.customer(2, &customers[moved.slot as usize])?;
            row.number(3, Some(stored))?;
            row.number(4, codes.number(moved.from))?;
            row.number(5, codes.number(moved.to))
        })?;
        written.events += events.len() as u64;
        Ok(())
    }

    fn alerts(&self, written: &mut Written) -> rusqlite::Result<()> {
        let mut set = self.transaction.prepare(
            "INSERT OR REPLACE INTO tk_alert (alert, customer, raised_on) VALUES (?1, ?2, ?3)",
        )?;
        let mut clear =
            self.transaction.prepare("DELETE FROM tk_alert WHERE alert = ?1 AND customer = ?2")?;
        let customers = &self.outcome.population.facts.customers;
        for (id, outcome) in self.outcome.alerts.iter().enumerate() {
            let name = &self.program.alerts[id].name;
            for &slot in &outcome.changed {
                let slot = slot as usize;
                match self.outcome.after.standings.raised_on[id][slot] {
                    NO_DAY => clear.execute(params![name, customers[slot]])?,
                    day => set.execute(params![name, customers[slot], day])?,
                };
                written.alerts += 1;
            }
        }
        Ok(())
    }
}

/// The number of a kind of event in `tk_event_kind`.
fn number(event: Event) -> i64 {
    match event {
        Event::Entered => 1,
        Event::Upgraded => 2,
        Event::Downgraded => 3,
        Event::Retained => 4,
        Event::Left => 5,
        Event::GraceStarted => 6,
        Event::GraceRecovered => 7,
        Event::Migrated => 8,
        Event::Fault => 9,
    }
}
