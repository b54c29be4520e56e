//! Reading standings back, into columns by customer slot.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, ToSql};

use super::names;
use super::progress::pass_up_to;
use super::whom::Whom;
use crate::expr::{LadderId, date_from_days};
use crate::lifecycle::{
    Hold, LadderStandings, NO_DAY, Standings, Tick, TierCode, day_or_none, optional,
};
use crate::pass::remembered_tiers;
use crate::program::{Ladder, MetricKind, Program, Window};
use crate::store::CustomerId;

/// When customers last came into a tier, or left theirs for none.
#[derive(Debug, Clone, Default)]
pub struct TierSince {
    dates: HashMap<LadderId, HashMap<CustomerId, Date>>,
}

impl TierSince {
    pub fn get(&self, ladder: LadderId, customer: &CustomerId) -> Option<Date> {
        self.dates.get(&ladder)?.get(customer).copied()
    }

    pub(super) fn put(&mut self, ladder: LadderId, dates: HashMap<CustomerId, Date>) {
        self.dates.insert(ladder, dates);
    }
}

/// Everything that is stored of the ladders, alerts and segments of a program, in the order of
/// customers (integers first, then texts by their bytes, which is SQLite's order too).
#[derive(Debug, Clone, Default)]
pub struct StoredStandings {
    ladders: Vec<StoredLadder>,
    /// By alert and by segment.
    raised_on: Vec<Stored<Vec<i32>>>,
    segments: Vec<Vec<CustomerId>>,
}

/// Columns of those customers for whom something is stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Stored<C> {
    pub(super) customers: Vec<CustomerId>,
    pub(super) columns: C,
}

#[derive(Debug, Clone, Default)]
pub(super) struct StoredLadder {
    pub(super) standings: Stored<LadderStandings>,
    pub(super) holds: Stored<Vec<Hold>>,
    /// By tier; `None` where the program does not ask.
    pub(super) left_on: Vec<Option<Stored<Vec<i32>>>>,
}

impl StoredStandings {
    pub(super) fn load(
        connection: &Connection,
        program: &Program,
        whom: Whom<'_>,
    ) -> rusqlite::Result<Self> {
        let mut stored = Self::default();
        let last_pass = pass_up_to(connection, Date::MAX)?.map(|last| last.as_of);
        let remembered = remembered_tiers(program);
        for (id, ladder) in program.ladders.iter().enumerate() {
            let asked: Vec<bool> =
                (0..ladder.tiers.len()).map(|tier| remembered.contains(&(id, tier))).collect();
            let mut loaded = StoredLadder::load(connection, ladder, &asked, whom)?;
            loaded.standings.columns.last_pass = day_or_none(last_pass);
            stored.ladders.push(loaded);
        }
        for alert in &program.alerts {
            let sql = "SELECT customer, raised_on FROM tk_alert
                       WHERE alert = ?1 AND {whom} ORDER BY customer";
            stored.raised_on.push(days(connection, sql, &[&alert.name], whom)?);
        }
        for segment in &program.segments {
            stored.segments.push(members(connection, &segment.name, whom)?);
        }
        Ok(stored)
    }

    /// The same for several programs: what has the same names in two of them is loaded once.
    pub(super) fn load_each(
        connection: &Connection,
        programs: &[&Program],
    ) -> rusqlite::Result<Vec<Self>> {
        let mut all: Vec<Self> = Vec::new();
        for (place, program) in programs.iter().enumerate() {
            let same = programs[..place].iter().position(|known| names_alike(known, program));
            all.push(match same {
                Some(same) => all[same].clone(),
                None => Self::load(connection, program, Whom::Everybody)?,
            });
        }
        Ok(all)
    }

    /// The standings of customers (sorted), by their slots. What is stored of others stays as
    /// it is in the database.
    pub fn of(self, customers: &[CustomerId]) -> Standings {
        let mut standings = Standings::empty(customers.len(), self.ladders.len(), 0);
        for (stored, into) in self.ladders.into_iter().zip(&mut standings.ladders) {
            stored.place(customers, into);
        }
        let raised_on = self.raised_on.iter();
        standings.raised_on = raised_on.map(|stored| stored.by_slot(customers)).collect();
        let segments = self.segments.iter();
        standings.segments = segments
            .map(|members| {
                let mut holds = vec![false; customers.len()];
                slots(members, customers).for_each(|(_, slot)| holds[slot] = true);
                holds
            })
            .collect();
        standings
    }
}

/// Whether the same is stored of two programs: their names say what is looked for.
fn names_alike(a: &Program, b: &Program) -> bool {
    let same_ladder = |a: &Ladder, b: &Ladder| {
        let tiers = a.tiers.iter().map(|tier| &tier.name).eq(b.tiers.iter().map(|tier| &tier.name));
        a.name == b.name && a.renamed == b.renamed && tiers
    };
    a.ladders.len() == b.ladders.len()
        && a.ladders.iter().zip(&b.ladders).all(|(a, b)| same_ladder(a, b))
        && a.alerts.iter().map(|it| &it.name).eq(b.alerts.iter().map(|it| &it.name))
        && a.segments.iter().map(|it| &it.name).eq(b.segments.iter().map(|it| &it.name))
        && remembered_tiers(a) == remembered_tiers(b)
}

impl Stored<Vec<i32>> {
    fn by_slot(&self, customers: &[CustomerId]) -> Vec<i32> {
        let mut days = vec![NO_DAY; customers.len()];
        for (row, slot) in slots(&self.customers, customers) {
            days[slot] = self.columns[row];
        }
        days
    }
}

impl StoredLadder {
    /// `asked`: by tier whether the program asks when it was left.
    fn load(
        connection: &Connection,
        ladder: &Ladder,
        asked: &[bool],
        whom: Whom<'_>,
    ) -> rusqlite::Result<Self> {
        let Some(number) = names::find(connection, &ladder.name)? else {
            let left_on = asked.iter().map(|asked| asked.then(Stored::default)).collect();
            return Ok(Self { left_on, ..Self::default() });
        };
        let mut codes = Codes::default();
        for (number, name) in names::tiers(connection, number)? {
            codes.add(ladder, number, name);
        }
        let standings = standings(connection, number, &mut codes, whom)?;
        let holds = holds(connection, number, ladder, &codes, whom)?;
        let left_on = asked.iter().enumerate().map(|(tier, asked)| {
            let left = || left_on(connection, number, &codes.numbers_of(ladder, tier), whom);
            asked.then(left).transpose()
        });
        Ok(Self { left_on: left_on.collect::<Result<_, _>>()?, standings, holds })
    }

    pub(super) fn place(self, customers: &[CustomerId], into: &mut LadderStandings) {
        let from = self.standings.columns;
        for (row, slot) in slots(&self.standings.customers, customers) {
            into.set_row(slot, from.row(row));
        }
        let held = slots(&self.holds.customers, customers);
        into.holds = held.map(|(row, slot)| (slot as u32, self.holds.columns[row])).collect();
        let left_on = self.left_on.into_iter();
        into.left_on = left_on
            .map(|stored| stored.map_or_else(Vec::new, |stored| stored.by_slot(customers)))
            .collect();
        (into.gone, into.last_pass) = (from.gone, from.last_pass);
    }
}

/// The rows of stored customers who are there, with their slots. Both lists are sorted.
fn slots<'a>(
    stored: &'a [CustomerId],
    customers: &'a [CustomerId],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut slot = 0;
    stored.iter().enumerate().filter_map(move |(row, customer)| {
        while customers.get(slot).is_some_and(|here| here < customer) {
            slot += 1;
        }
        (customers.get(slot) == Some(customer)).then_some((row, slot))
    })
}

/// The stored numbers of one ladder's tiers as codes of the program.
#[derive(Debug, Default)]
pub(super) struct Codes {
    codes: HashMap<i64, TierCode>,
    /// Names of tiers that the program does not have, and their numbers.
    gone: Vec<(String, i64)>,
    /// Few tiers, and mostly the same one again: the last is asked first.
    last: Option<(i64, TierCode)>,
}

impl Codes {
    pub(super) fn add(&mut self, ladder: &Ladder, number: i64, name: String) {
        let code = match ladder.tiers.iter().position(|tier| tier.name == name) {
            Some(tier) => TierCode::new(Some(tier)),
            None => {
                self.gone.push((name, number));
                TierCode::gone(self.gone.len() - 1)
            }
        };
        self.codes.insert(number, code);
    }

    pub(super) fn of(&mut self, number: Option<i64>) -> TierCode {
        let Some(number) = number else { return TierCode::NONE };
        match self.last {
            Some((last, code)) if last == number => code,
            _ => {
                let code = self.codes.get(&number).copied().unwrap_or(TierCode::NONE);
                self.last = Some((number, code));
                code
            }
        }
    }

    /// Names of tiers that the program does not have, by their codes.
    pub(super) fn gone_names(&self) -> Vec<String> {
        self.gone.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The numbers that a tier has, and had under other names.
    pub(super) fn numbers_of(&self, ladder: &Ladder, tier: usize) -> Vec<i64> {
        let code = TierCode::new(Some(tier));
        let now = self.codes.iter().filter(|(_, known)| **known == code).map(|(number, _)| *number);
        let before = self.gone.iter().filter(|(name, _)| renamed(ladder, name) == Some(tier));
        now.chain(before.map(|(_, number)| *number)).collect()
    }
}

/// The tier that once had this name.
fn renamed(ladder: &Ladder, name: &str) -> Option<usize> {
    ladder.renamed.iter().find(|(old, _)| old == name).map(|(_, tier)| *tier)
}

fn standings(
    connection: &Connection,
    ladder: i64,
    codes: &mut Codes,
    whom: Whom<'_>,
) -> rusqlite::Result<Stored<LadderStandings>> {
    let mut customers = Vec::new();
    let mut columns = LadderStandings::default();
    let sql = "SELECT customer, tier, since, review_on, tick, grace_until, warned_for
               FROM tk_standing WHERE ladder = ?1 AND {whom} ORDER BY customer";
    whom.rows(connection, sql, &[&ladder], |row| {
        let tier = codes.of(row.get(1)?);
        customers.push(customer(row)?);
        columns.push(tier, [day(row, 2)?, day(row, 3)?, day(row, 5)?, day(row, 6)?]);
        let tick = row.get::<_, Option<u8>>(4)?;
        if let Some(tick) = tick.and_then(|tick| Tick::ALL.get(usize::from(tick).checked_sub(1)?)) {
            columns.set_tick(customers.len() - 1, *tick);
        }
        Ok(())
    })?;
    columns.gone = codes.gone_names();
    Ok(Stored { customers, columns })
}

fn holds(
    connection: &Connection,
    number: i64,
    ladder: &Ladder,
    codes: &Codes,
    whom: Whom<'_>,
) -> rusqlite::Result<Stored<Vec<Hold>>> {
    let mut stored = Stored::<Vec<Hold>>::default();
    let sql = "SELECT customer, tier, floor, until FROM tk_hold
               WHERE ladder = ?1 AND {whom} ORDER BY customer";
    whom.rows(connection, sql, &[&number], |row| {
        let code = codes.codes.get(&row.get(1)?).copied().unwrap_or(TierCode::NONE);
        let old = code.gone_index().and_then(|gone| renamed(ladder, &codes.gone[gone].0));
        let floor: bool = row.get(2)?;
        stored.customers.push(customer(row)?);
        let until = optional(day(row, 3)?);
        stored.columns.push(Hold { tier: code.tier().or(old), pins: !floor, until });
        Ok(())
    })?;
    Ok(stored)
}

/// When a tier of these numbers was last left.
fn left_on(
    connection: &Connection,
    ladder: i64,
    tiers: &[i64],
    whom: Whom<'_>,
) -> rusqlite::Result<Stored<Vec<i32>>> {
    let tiers = serde_json::to_string(tiers).expect("numbers are JSON");
    let sql = "SELECT customer, max(left_on) FROM tk_left
               WHERE ladder = ?1 AND tier IN (SELECT value FROM json_each(?2)) AND {whom}
               GROUP BY customer ORDER BY customer";
    days(connection, sql, &[&ladder, &tiers], whom)
}

fn days(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
    whom: Whom<'_>,
) -> rusqlite::Result<Stored<Vec<i32>>> {
    let mut stored = Stored::<Vec<i32>>::default();
    whom.rows(connection, sql, parameters, |row| {
        stored.customers.push(customer(row)?);
        stored.columns.push(day(row, 1)?);
        Ok(())
    })?;
    Ok(stored)
}

fn members(
    connection: &Connection,
    segment: &str,
    whom: Whom<'_>,
) -> rusqlite::Result<Vec<CustomerId>> {
    let mut found = Vec::new();
    let sql = "SELECT customer FROM tk_segment
               WHERE segment = (SELECT id FROM tk_subject WHERE name = ?1) AND {whom}
               ORDER BY customer";
    whom.rows(connection, sql, &[&segment], |row| {
        found.push(customer(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// The customer in a row's first column.
pub(super) fn customer(row: &Row<'_>) -> rusqlite::Result<CustomerId> {
    Ok(match row.get_ref(0)? {
        ValueRef::Integer(number) => CustomerId::Int(number),
        other => CustomerId::Text(other.as_str()?.into()),
    })
}

pub(super) fn tier_since(
    connection: &Connection,
    program: &Program,
) -> rusqlite::Result<TierSince> {
    let mut since = TierSince::default();
    for ladder in tier_windows(program) {
        let mut dates = HashMap::new();
        if let Some(stored) = names::find(connection, &program.ladders[ladder].name)? {
            let mut statement = connection.prepare(
                "SELECT customer, since FROM tk_standing
                 WHERE ladder = ?1 AND since IS NOT NULL",
            )?;
            let mut rows = statement.query([stored])?;
            while let Some(row) = rows.next()? {
                dates.insert(customer(row)?, date_from_days(row.get(1)?));
            }
        }
        since.put(ladder, dates);
    }
    Ok(since)
}

/// The ladders that windows of metrics ask for (`within: tier LADDER`).
pub(super) fn tier_windows(program: &Program) -> BTreeSet<LadderId> {
    let windows = program.metrics.iter().filter_map(|metric| match &metric.kind {
        MetricKind::Rows(rows) => Some(rows.window),
        _ => None,
    });
    windows
        .filter_map(|window| match window {
            Window::Tier(ladder) => Some(ladder),
            _ => None,
        })
        .collect()
}

pub(super) fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<i32> {
    Ok(row.get::<_, Option<i32>>(column)?.unwrap_or(NO_DAY))
}
