//! A pass, or what was done by hand, into the database: only what changed.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, params};

use super::events::Events;
use super::insert::insert_all;
use super::ladder_rows::LadderRows;
use super::told_faults::ToldFaults;
use super::{cutoffs, names, programs};
use crate::build::Rules;
use crate::lifecycle::{Event, NO_DAY};
use crate::pass::{ByHand, LadderOutcome, PassOutcome};
use crate::program::Program;
use crate::store::CustomerId;

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    pub standings: u64,
    pub events: u64,
    pub alerts: u64,
    /// Who came into and left segments.
    pub segments: u64,
}

impl ToSql for CustomerId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            CustomerId::Int(number) => ValueRef::Integer(*number),
            CustomerId::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Writes a pass into a transaction that the caller commits.
pub(super) fn pass(
    transaction: &Transaction<'_>,
    rules: &Rules,
    outcome: &PassOutcome,
) -> rusqlite::Result<Written> {
    let as_of = outcome.population.as_of;
    let told = ToldFaults::of(transaction, &rules.program, outcome)?;
    let program = programs::ensure(transaction, rules)?;
    transaction.execute(
        "INSERT INTO tk_pass (as_of, program, first_event)
         SELECT ?1, ?2, coalesce(max(seq), 0) + 1 FROM tk_event_row WHERE true
         ON CONFLICT (as_of) DO UPDATE SET program = excluded.program",
        params![as_of.to_string(), program],
    )?;
    cutoffs::write(transaction, &rules.program, program, &outcome.population)?;
    changes(transaction, rules, program, outcome, &told)
}

/// Writes what a pass over some customers changed, whose date and cutoffs are there already.
pub(super) fn touched(
    transaction: &Transaction<'_>,
    rules: &Rules,
    outcome: &PassOutcome,
) -> rusqlite::Result<Written> {
    let told = ToldFaults::of(transaction, &rules.program, outcome)?;
    let program = programs::ensure(transaction, rules)?;
    changes(transaction, rules, program, outcome, &told)
}

/// Standings, events, segments and alerts of the customers of a pass.
fn changes(
    transaction: &Transaction<'_>,
    rules: &Rules,
    program: i64,
    outcome: &PassOutcome,
    told: &ToldFaults,
) -> rusqlite::Result<Written> {
    let as_of = outcome.population.as_of;
    let events = Events { transaction, rules, program, as_of };
    let mut written = Written::default();
    let customers = &outcome.population.facts.customers;
    for (id, of_ladder) in outcome.ladders.iter().enumerate() {
        if of_ladder.changed.is_empty() && of_ladder.events.is_empty() {
            continue;
        }
        let standings = &outcome.after.standings.ladders[id];
        let rows = LadderRows::new(transaction, &rules.program, id, customers, standings)?;
        rows.standings(&of_ladder.changed)?;
        rows.left(&of_ladder.events, as_of)?;
        rows.holds(&of_ladder.events)?;
        written.standings += of_ladder.changed.len() as u64;
        written.events += events.moved(&rows, of_ladder, told)?;
    }
    written.alerts = alerts(transaction, &rules.program, outcome)?;
    written.segments = segments(transaction, &rules.program, outcome)?;
    written.events += events.noticed(outcome)?;
    Ok(written)
}

/// Writes what was done by hand into a transaction that the caller commits.
pub(super) fn by_hand(
    transaction: &Transaction<'_>,
    rules: &Rules,
    done: &ByHand,
) -> rusqlite::Result<Written> {
    let program = programs::ensure(transaction, rules)?;
    let events = Events { transaction, rules, program, as_of: done.as_of };
    let mut written = Written::default();
    for (id, deeds) in done.ladders.iter().enumerate().filter(|(_, it)| !it.events.is_empty()) {
        let standings = &done.standings.ladders[id];
        let rows = LadderRows::new(transaction, &rules.program, id, &done.customers, standings)?;
        let changed: Vec<u32> = deeds.events.iter().map(|moved| moved.slot).collect();
        rows.standings(&changed)?;
        rows.left(&deeds.events, done.as_of)?;
        rows.holds(&deeds.events)?;
        written.standings += changed.len() as u64;
        written.events += events.deeds(&rows, deeds)?;
    }
    Ok(written)
}

/// Whether everything that the pass found is there already: then not a byte of the file needs
/// to change.
pub(super) fn is_stored(
    connection: &Connection,
    program: &Program,
    outcome: &PassOutcome,
) -> rusqlite::Result<bool> {
    if has_news(outcome) {
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
    if !cutoffs::are_stored(connection, program, &outcome.population)? {
        return Ok(false);
    }
    are_told(connection, program, outcome)
}

/// The same for a pass over some customers.
pub(super) fn touched_is_stored(
    connection: &Connection,
    program: &Program,
    outcome: &PassOutcome,
) -> rusqlite::Result<bool> {
    Ok(!has_news(outcome) && are_told(connection, program, outcome)?)
}

/// Whether a pass found anything but faults.
fn has_news(outcome: &PassOutcome) -> bool {
    let news = |ladder: &LadderOutcome| {
        !ladder.changed.is_empty() || ladder.events.iter().any(|moved| moved.event != Event::Fault)
    };
    outcome.ladders.iter().any(news)
        || outcome.alerts.iter().any(|alert| !alert.changed.is_empty())
        || !outcome.noticed.events.is_empty()
}

/// Whether every fault of a pass was told on its date.
fn are_told(
    connection: &Connection,
    program: &Program,
    outcome: &PassOutcome,
) -> rusqlite::Result<bool> {
    let faults = outcome.ladders.iter().flat_map(|ladder| &ladder.events);
    let faults = faults.filter(|moved| moved.event == Event::Fault).count();
    Ok(faults == 0 || ToldFaults::of(connection, program, outcome)?.count() == faults)
}

fn alerts(
    transaction: &Transaction<'_>,
    program: &Program,
    outcome: &PassOutcome,
) -> rusqlite::Result<u64> {
    let mut set = transaction.prepare(
        "INSERT OR REPLACE INTO tk_alert (alert, customer, raised_on) VALUES (?1, ?2, ?3)",
    )?;
    let mut clear =
        transaction.prepare("DELETE FROM tk_alert WHERE alert = ?1 AND customer = ?2")?;
    let customers = &outcome.population.facts.customers;
    let mut written = 0;
    for (id, alert) in outcome.alerts.iter().enumerate() {
        let name = &program.alerts[id].name;
        for &slot in &alert.changed {
            let slot = slot as usize;
            match outcome.after.standings.raised_on[id][slot] {
                NO_DAY => clear.execute(params![name, customers[slot]])?,
                day => set.execute(params![name, customers[slot], day])?,
            };
            written += 1;
        }
    }
    Ok(written)
}

/// A segment that the pack no longer has is forgotten, without events.
fn segments(
    transaction: &Transaction<'_>,
    program: &Program,
    outcome: &PassOutcome,
) -> rusqlite::Result<u64> {
    let names: Vec<&str> = program.segments.iter().map(|segment| segment.name.as_str()).collect();
    let names = serde_json::to_string(&names).expect("names are JSON");
    transaction.execute(
        "DELETE FROM tk_segment WHERE segment IN
             (SELECT id FROM tk_subject WHERE name NOT IN (SELECT value FROM json_each(?1)))",
        [names],
    )?;
    let mut leave =
        transaction.prepare("DELETE FROM tk_segment WHERE segment = ?1 AND customer = ?2")?;
    let customers = &outcome.population.facts.customers;
    let mut written = 0;
    for of_segment in outcome.noticed.events.chunk_by(|a, b| a.about == b.about) {
        let of = |event| of_segment.iter().filter(move |noticed| noticed.event == event);
        let entered: Vec<u32> = of(Event::SegmentEntered).map(|noticed| noticed.slot).collect();
        let left: Vec<u32> = of(Event::SegmentLeft).map(|noticed| noticed.slot).collect();
        if entered.is_empty() && left.is_empty() {
            continue;
        }
        let subject = names::subject(transaction, of_segment[0].about.name(program))?;
        let head = "INSERT OR IGNORE INTO tk_segment (segment, customer)";
        insert_all(transaction, head, 2, &entered, |row, &slot| {
            row.number(0, Some(subject))?;
            row.customer(1, &customers[slot as usize])
        })?;
        for &slot in &left {
            leave.execute(params![subject, customers[slot as usize]])?;
        }
        written += (entered.len() + left.len()) as u64;
    }
    Ok(written)
}
