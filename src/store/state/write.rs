//! A pass into the database: one transaction, and only what changed.

use std::collections::HashSet;

use jiff::civil::Date;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, params};

use super::insert::Insert;
use super::names::{self, Codes};
use crate::expr::{LadderId, days_from_date};
use crate::lifecycle::{Event, NO_DAY};
use crate::pass::{LadderOutcome, PassOutcome};
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
        let mut insert = Insert::new(self.transaction.prepare(
            "INSERT OR REPLACE INTO tk_standing
             (customer, ladder, tier, since, review_on, grace_until, period_start)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?);
        insert.set(2, Some(stored))?;
        let columns = &self.outcome.after.standings.ladders[ladder];
        let customers = &self.outcome.population.facts.customers;
        let day = |day: i32| (day != NO_DAY).then_some(i64::from(day));
        for &slot in &self.outcome.ladders[ladder].changed {
            let slot = slot as usize;
            insert.set(3, codes.number(columns.tier[slot]))?;
            insert.set(4, day(columns.since[slot]))?;
            insert.set(5, day(columns.review_on[slot]))?;
            insert.set(6, day(columns.grace_until[slot]))?;
            insert.set(7, day(columns.period_start[slot]))?;
            insert.row(1, &customers[slot])?;
            written.standings += 1;
        }
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
        let mut insert = Insert::new(self.transaction.prepare(
            "INSERT INTO tk_event_row (customer, ladder, as_of, event, from_tier, to_tier)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?);
        insert.set(2, Some(stored))?;
        insert.set(3, Some(days_from_date(self.outcome.population.as_of).into()))?;
        for moved in &self.outcome.ladders[ladder].events {
            let customer = &self.outcome.population.facts.customers[moved.slot as usize];
            if moved.event == Event::Fault && seen.contains(&(customer.to_string(), stored)) {
                continue;
            }
            insert.set(4, Some(number(moved.event)))?;
            insert.set(5, codes.number(moved.from))?;
            insert.set(6, codes.number(moved.to))?;
            insert.row(1, customer)?;
            written.events += 1;
        }
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
