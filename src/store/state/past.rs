//! Standings as they were, put together from what happened.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row};

use super::load::{Codes, Stored, StoredLadder, TierSince, customer, day, tier_windows};
use super::names;
use super::progress::pass_up_to;
use crate::expr::{date_from_days, days_from_date};
use crate::lifecycle::{
    Cadence, Event, Hold, LadderStandings, NO_DAY, Review, ReviewRule, Span, Standings, TierCode,
    day_or_none, optional, review_on,
};
use crate::pass::remembered_tiers;
use crate::program::{Ladder, Program};
use crate::store::CustomerId;

/// A moment in the life of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Just before the pass of a date.
    Before(Date),
    /// At the end of a date.
    After(Date),
}

/// The standings of customers (sorted) at a moment, by the tiers of a program.
///
/// Reviews that were renewed without an event follow from the passes and the policy; where the
/// period is computed for each customer, the last known one stays.
pub(super) fn standings(
    connection: &Connection,
    program: &Program,
    customers: &[CustomerId],
    moment: Moment,
) -> rusqlite::Result<Standings> {
    let (before, last_pass) = bound(connection, moment)?;
    let last_pass = day_or_none(last_pass);
    let remembered = remembered_tiers(program);
    let mut standings =
        Standings::empty(customers.len(), program.ladders.len(), program.alerts.len());
    for (id, ladder) in program.ladders.iter().enumerate() {
        let Some(number) = names::find(connection, &ladder.name)? else { continue };
        let mut codes = Codes::default();
        for (number, name) in names::tiers(connection, number)? {
            codes.add(ladder, number, name);
        }
        let asked = (0..ladder.tiers.len()).map(|tier| remembered.contains(&(id, tier)));
        let past = Past::read(connection, number, before)?;
        let stored =
            past.stored(ladder, program, &mut codes, &asked.collect::<Vec<_>>(), last_pass);
        stored.place(customers, &mut standings.ladders[id]);
    }
    Ok(standings)
}

/// When customers had last come into a tier or left one at a moment, as [`standings`] has it.
pub(super) fn tier_since(
    connection: &Connection,
    program: &Program,
    moment: Moment,
) -> rusqlite::Result<TierSince> {
    let (before, _) = bound(connection, moment)?;
    let mut since = TierSince::default();
    for ladder in tier_windows(program) {
        let mut dates = HashMap::new();
        if let Some(number) = names::find(connection, &program.ladders[ladder].name)? {
            let past = Past::read(connection, number, before)?.customers.into_iter();
            let changed = past.filter(|(_, known)| known.since != NO_DAY);
            dates.extend(changed.map(|(customer, known)| (customer, date_from_days(known.since))));
        }
        since.put(ladder, dates);
    }
    Ok(since)
}

/// The first event that is not part of a moment, and the last pass that is.
fn bound(connection: &Connection, moment: Moment) -> rusqlite::Result<(i64, Option<Date>)> {
    let (first, up_to) = match moment {
        Moment::Before(date) => {
            let sql = "SELECT first_event FROM tk_pass WHERE as_of = ?1";
            let first =
                connection.query_row(sql, [date.to_string()], |row| row.get(0)).optional()?;
            (first.unwrap_or(i64::MAX), date.yesterday().unwrap_or(Date::MIN))
        }
        Moment::After(date) => {
            let sql = "SELECT coalesce(min(seq), 9223372036854775807) FROM tk_event_row
                       WHERE as_of > ?1";
            (connection.query_row(sql, [days_from_date(date)], |row| row.get(0))?, date)
        }
    };
    Ok((first, pass_up_to(connection, up_to)?.map(|pass| pass.as_of)))
}

/// What was last known of each customer of a ladder.
#[derive(Debug, Default)]
struct Past {
    customers: BTreeMap<CustomerId, Known>,
}

#[derive(Debug, Default)]
struct Known {
    tier: Option<i64>,
    since: i32,
    review_on: i32,
    grace_until: i32,
    /// Tier, floor, first free day.
    hold: Option<(Option<i64>, bool, i32)>,
    left_on: HashMap<i64, i32>,
}

impl Past {
    fn read(connection: &Connection, ladder: i64, before: i64) -> rusqlite::Result<Self> {
        let mut past = Self::default();
        let mut statement = connection.prepare(
            "SELECT row.customer, row.as_of, kind.name, row.from_tier, row.to_tier, row.since,
                    row.review_on, row.grace_until, row.hold_tier, row.hold_floor, row.hold_until
             FROM tk_event_row AS row JOIN tk_event_kind AS kind ON kind.id = row.event
             WHERE row.ladder = ?1 AND row.seq < ?2 ORDER BY row.seq",
        )?;
        let mut rows = statement.query([ladder, before])?;
        while let Some(row) = rows.next()? {
            past.add(row)?;
        }
        Ok(past)
    }

    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let name: String = row.get(2)?;
        let Some(event) = Event::named(&name).filter(|event| *event != Event::NearEntered) else {
            return Ok(());
        };
        let as_of: i32 = row.get(1)?;
        let (from, to): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
        let known = self.customers.entry(customer(row)?).or_default();
        if let Some(left) = from.filter(|_| from != to) {
            known.left_on.insert(left, as_of);
        }
        // An older version of the state did not keep it with the event.
        let since = match day(row, 5)? {
            NO_DAY if from != to => as_of,
            NO_DAY => known.since,
            since => since,
        };
        match event {
            Event::HoldStarted => {
                let floor = row.get::<_, Option<bool>>(9)?.unwrap_or_default();
                known.hold = Some((row.get(8)?, floor, day(row, 10)?));
            }
            Event::HoldEnded => known.hold = None,
            _ => {}
        }
        (known.tier, known.since) = (to, since);
        (known.review_on, known.grace_until) = (day(row, 6)?, day(row, 7)?);
        Ok(())
    }

    fn stored(
        self,
        ladder: &Ladder,
        program: &Program,
        codes: &mut Codes,
        asked: &[bool],
        last_pass: i32,
    ) -> StoredLadder {
        let mut standings = Stored::<LadderStandings>::default();
        let mut holds = Stored::<Vec<Hold>>::default();
        let numbers: Vec<Vec<i64>> =
            (0..ladder.tiers.len()).map(|tier| codes.numbers_of(ladder, tier)).collect();
        let mut left_on: Vec<Option<Stored<Vec<i32>>>> =
            asked.iter().map(|asked| asked.then(Stored::default)).collect();
        for (customer, known) in self.customers {
            let tier = codes.of(known.tier);
            for (tier, left) in left_on.iter_mut().enumerate() {
                let Some(left) = left else { continue };
                let days = numbers[tier].iter().filter_map(|number| known.left_on.get(number));
                if let Some(day) = days.max() {
                    left.customers.push(customer.clone());
                    left.columns.push(*day);
                }
            }
            if let Some((tier, floor, until)) = known.hold {
                let tier = codes.of(tier).tier();
                holds.customers.push(customer.clone());
                holds.columns.push(Hold { tier, pins: !floor, until: optional(until) });
            }
            let columns = &mut standings.columns;
            columns.push(tier, [known.since, known.review_on, known.grace_until, NO_DAY]);
            renew(ladder, program, columns, tier, &known, last_pass);
            standings.customers.push(customer);
        }
        standings.columns.gone = codes.gone_names();
        standings.columns.last_pass = last_pass;
        StoredLadder { standings, holds, left_on }
    }
}

/// A dynamic review that passed in silence was renewed.
fn renew(
    ladder: &Ladder,
    program: &Program,
    columns: &mut LadderStandings,
    tier: TierCode,
    known: &Known,
    last_pass: i32,
) {
    let pinned = known.hold.is_some_and(|(_, floor, _)| !floor);
    let passed = known.review_on != NO_DAY && known.review_on <= last_pass;
    let Some(tier) = tier.tier().filter(|_| passed && !pinned && known.grace_until == NO_DAY)
    else {
        return;
    };
    let slot = columns.len() - 1;
    match &ladder.tiers[tier].review {
        Review::Dynamic(Cadence::Tick(tick)) => columns.set_tick(slot, *tick),
        Review::Dynamic(Cadence::Every(Span::Fixed(period))) => {
            let (start, last_pass) = (date_from_days(known.review_on), date_from_days(last_pass));
            let rule = ReviewRule::Every(*period);
            let year_starts = program.settings.year_starts;
            let next = review_on(&rule, start, start, last_pass, year_starts);
            columns.set_review(slot, next);
        }
        Review::Dynamic(Cadence::Every(Span::Computed(_))) | Review::Fixed { .. } => {}
    }
}
