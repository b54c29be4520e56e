//! Events into the database, each once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::civil::Date;
use rusqlite::{Transaction, params};

use super::insert::{Row, insert_all};
use super::ladder_rows::{LadderRows, stored_day};
use super::names;
use super::told_faults::ToldFaults;
use crate::build::Rules;
use crate::criteria::Comparisons;
use crate::expr::days_from_date;
use crate::lifecycle::{Event, Hold, Standing, TierCode, day_or_none};
use crate::pass::{About, Because, Deeds, Grounds, LadderOutcome, Moved, PassOutcome};
use crate::program::{Program, SegmentRule};
use crate::store::CustomerId;

const HEAD: &str = "INSERT INTO tk_event_row
    (as_of, program, event, customer, ladder, from_tier, to_tier, subject, since, review_on,
     grace_until, hold_tier, hold_floor, hold_until, criteria, measured, made_by, reason)";
const COLUMNS: usize = 18;

/// Writes the events of one date and program.
pub(super) struct Events<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) rules: &'a Rules,
    /// Its number in the database.
    pub(super) program: i64,
    pub(super) as_of: Date,
}

/// An event's columns beside what all share.
#[derive(Default)]
struct EventRow<'a> {
    ladder: Option<i64>,
    from: Option<i64>,
    to: Option<i64>,
    subject: Option<i64>,
    standing: Standing,
    /// Of the hold that begins: its tier.
    hold: Option<(Hold, Option<i64>)>,
    /// The number of the criteria and what they measured.
    because: Option<(i64, &'a str)>,
    made_by: Option<&'a str>,
    reason: Option<&'a str>,
}

impl Events<'_> {
    /// The events of a pass in one ladder; gives how many.
    pub(super) fn moved(
        &self,
        rows: &LadderRows<'_>,
        outcome: &LadderOutcome,
        told: &ToldFaults,
    ) -> rusqlite::Result<u64> {
        let is_new =
            |moved: &Moved| moved.event != Event::Fault || !told.has(rows.number, moved.slot);
        let criteria = self.criteria(&outcome.because)?;
        let new: Vec<usize> =
            (0..outcome.events.len()).filter(|&at| is_new(&outcome.events[at])).collect();
        insert_all(self.transaction, HEAD, COLUMNS, &new, |row, &at| {
            let moved = &outcome.events[at];
            let reason = moved.fault.map(|fault| fault.words());
            let because = because(&outcome.because, &criteria, at);
            self.fill(row, rows, moved, EventRow { reason, because, ..self.of(rows, moved) })
        })?;
        Ok(new.len() as u64)
    }

    /// What was done by hand in one ladder; gives how many events.
    pub(super) fn deeds(&self, rows: &LadderRows<'_>, deeds: &Deeds) -> rusqlite::Result<u64> {
        let places: Vec<usize> = (0..deeds.events.len()).collect();
        insert_all(self.transaction, HEAD, COLUMNS, &places, |row, &at| {
            let (moved, note) = (&deeds.events[at], &deeds.notes[at]);
            let (made_by, reason) = (note.by.as_deref(), note.reason.as_deref());
            self.fill(row, rows, moved, EventRow { made_by, reason, ..self.of(rows, moved) })
        })?;
        Ok(deeds.events.len() as u64)
    }

    /// Events about segments and alerts; gives how many.
    pub(super) fn noticed(&self, outcome: &PassOutcome) -> rusqlite::Result<u64> {
        let program = &self.rules.program;
        let customers = &outcome.population.facts.customers;
        let noticed = &outcome.noticed;
        let mut subjects = HashMap::new();
        for event in &noticed.events {
            if let Entry::Vacant(subject) = subjects.entry(event.about) {
                subject.insert(names::subject(self.transaction, event.about.name(program))?);
            }
        }
        let ladders = (0..program.ladders.len()).map(|ladder| {
            let stored = names::ensure(self.transaction, program, ladder)?;
            let codes = stored.codes(program, ladder, &outcome.after.standings.ladders[ladder]);
            Ok((stored.id, codes))
        });
        let ladders = ladders.collect::<rusqlite::Result<Vec<_>>>()?;
        let criteria = self.criteria(&noticed.because)?;
        let places: Vec<usize> = (0..noticed.events.len()).collect();
        insert_all(self.transaction, HEAD, COLUMNS, &places, |row, &at| {
            let event = noticed.events[at];
            let mut columns = EventRow {
                subject: subjects.get(&event.about).copied(),
                because: because(&noticed.because, &criteria, at),
                ..EventRow::default()
            };
            if let (Event::NearEntered, Some((ladder, tier))) =
                (event.event, near(program, event.about))
            {
                let (number, codes) = &ladders[ladder];
                let held = outcome.after.standings.ladders[ladder].tier[event.slot as usize];
                columns.ladder = Some(*number);
                columns.from = codes.number(held);
                columns.to = codes.number(TierCode::new(Some(tier)));
            }
            self.fill_row(row, event.event, &customers[event.slot as usize], columns)
        })?;
        Ok(noticed.events.len() as u64)
    }

    /// The numbers of the criteria that events rest on, by their grounds; new ones are stored.
    fn criteria(&self, because: &Because) -> rusqlite::Result<Vec<i64>> {
        let Rules { program, texts, .. } = self.rules;
        let stored = because.grounds().iter().map(|&grounds| {
            let (tier, slot, place) = named(program, grounds);
            let comparisons = Comparisons::of(program, grounds.condition(program));
            let template = comparisons.template(texts, tier, slot).to_string();
            self.transaction.query_row(
                "INSERT INTO tk_criteria (program, place, criteria) VALUES (?1, ?2, ?3)
                 ON CONFLICT (program, place) DO UPDATE SET criteria = excluded.criteria
                 RETURNING id",
                params![self.program, place, template],
                |row| row.get(0),
            )
        });
        stored.collect()
    }

    fn of(&self, rows: &LadderRows<'_>, moved: &Moved) -> EventRow<'static> {
        let standing = rows.standings.get(moved.slot as usize);
        let hold = standing.hold.filter(|_| moved.event == Event::HoldStarted);
        EventRow {
            hold: hold.map(|hold| (hold, rows.codes.number(TierCode::new(hold.tier)))),
            ladder: Some(rows.number),
            from: rows.codes.number(moved.from),
            to: rows.codes.number(moved.to),
            standing,
            ..EventRow::default()
        }
    }

    fn fill(
        &self,
        row: &mut Row<'_, '_>,
        rows: &LadderRows<'_>,
        moved: &Moved,
        columns: EventRow<'_>,
    ) -> rusqlite::Result<()> {
        self.fill_row(row, moved.event, &rows.customers[moved.slot as usize], columns)
    }

    fn fill_row(
        &self,
        row: &mut Row<'_, '_>,
        event: Event,
        customer: &CustomerId,
        columns: EventRow<'_>,
    ) -> rusqlite::Result<()> {
        let day = |date| stored_day(day_or_none(date));
        let Standing { tier, since, review_on, grace_until, .. } = columns.standing;
        row.number(0, Some(days_from_date(self.as_of).into()))?;
        row.number(1, Some(self.program))?;
        row.number(2, Some(number(event)))?;
        row.customer(3, customer)?;
        row.number(4, columns.ladder)?;
        row.number(5, columns.from)?;
        row.number(6, columns.to)?;
        row.number(7, columns.subject)?;
        row.number(8, tier.and(day(since)))?;
        row.number(9, day(review_on))?;
        row.number(10, day(grace_until))?;
        let hold = columns.hold;
        row.number(11, hold.and_then(|(_, tier)| tier))?;
        row.number(12, hold.map(|(hold, _)| i64::from(!hold.pins)))?;
        row.number(13, hold.and_then(|(hold, _)| day(hold.until)))?;
        row.number(14, columns.because.map(|(criteria, _)| criteria))?;
        row.text(15, columns.because.map(|(_, measured)| measured))?;
        row.text(16, columns.made_by)?;
        row.text(17, columns.reason)
    }
}

/// The number of an event's criteria, and what they measured.
fn because<'a>(because: &'a Because, criteria: &[i64], event: usize) -> Option<(i64, &'a str)> {
    let (grounds, measured) = because.get(event)?;
    Some((criteria[grounds], measured))
}

/// The tier and the slot of criteria, and where they stand in the pack.
fn named(program: &Program, grounds: Grounds) -> (Option<&str>, &'static str, String) {
    let of_tier = |ladder: usize, tier: usize, slot: &'static str| {
        let ladder = &program.ladders[ladder];
        let tier = ladder.tiers[tier].name.as_str();
        (Some(tier), slot, format!("{}.{tier}.{slot}", ladder.name))
    };
    match grounds {
        Grounds::Enter(ladder, tier) => of_tier(ladder, tier, "enter"),
        Grounds::Keep(ladder, tier) => of_tier(ladder, tier, "keep"),
        Grounds::Segment(segment) => {
            (None, "when", format!("segment {}", program.segments[segment].name))
        }
        Grounds::Alert(alert) => (None, "when", format!("alert {}", program.alerts[alert].name)),
    }
}

/// The tier of a segment of those near one.
fn near(program: &Program, about: About) -> Option<(usize, usize)> {
    let About::Segment(segment) = about else { return None };
    match program.segments[segment].rule {
        SegmentRule::Near { ladder, tier, .. } => Some((ladder, tier)),
        SegmentRule::When(_) => None,
    }
}

/// The number of a kind of event in `tk_event_kind`.
pub(super) fn number(event: Event) -> i64 {
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
        Event::Expiring => 10,
        Event::Adopted => 11,
        Event::HoldStarted => 12,
        Event::HoldEnded => 13,
        Event::Extended => 14,
        Event::SegmentEntered => 15,
        Event::SegmentLeft => 16,
        Event::NearEntered => 17,
        Event::AlertRaised => 18,
    }
}
