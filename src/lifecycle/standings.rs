use std::ops::Range;

use jiff::civil::Date;

use super::{Hold, Standing, Tick};
use crate::expr::{LadderId, TierId, date_from_days, days_from_date};

/// No date in a column of days.
pub const NO_DAY: i32 = i32::MIN;

/// In a column of reviews: the next [`Tick`] after the last pass. The days just above [`NO_DAY`]
/// lie far beyond the calendar.
const FIRST_TICK: i32 = NO_DAY + 1;

/// The tier of a row of [`LadderStandings`]: a tier of the program, none, or one that the
/// program no longer has (an index into `LadderStandings::gone`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierCode(u16);

/// The standings of all customers in all ladders, as columns by customer slot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standings {
    /// By [`LadderId`].
    pub ladders: Vec<LadderStandings>,
    /// By alert: the day on which it was last raised while its condition went on, or [`NO_DAY`].
    /// Empty: for nobody yet.
    pub raised_on: Vec<Vec<i32>>,
    /// By `SegmentId`: who was in it at the last pass. Empty: nobody.
    pub segments: Vec<Vec<bool>>,
    /// What criteria read, where that is not these standings: a second pass of a date asks what
    /// the first one asked.
    pub asked: Option<Box<Standings>>,
}

/// The standings in one ladder: one row per customer slot, days since 1970-01-01.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderStandings {
    /// The day of the last pass, from which ticks are counted; [`NO_DAY`] before the first.
    pub last_pass: i32,
    pub tier: Vec<TierCode>,
    pub since: Vec<i32>,
    /// A day, a tick ([`LadderStandings::tick`]) or [`NO_DAY`].
    pub(super) review_on: Vec<i32>,
    pub grace_until: Vec<i32>,
    /// The day of the review of which `tier.expiring` has told.
    pub warned_for: Vec<i32>,
    /// By tier the day on which it was last left; empty for tiers whose past nobody asks for.
    pub left_on: Vec<Vec<i32>>,
    /// Names of tiers that the program does not have any more.
    pub gone: Vec<String>,
    /// Manual status, by slot in order; few have one.
    pub holds: Vec<(u32, Hold)>,
    /// By tier: whether its rules changed so that all who hold it are reviewed now. Empty: none.
    pub review_now: Vec<bool>,
}

/// One row of [`LadderStandings`] as it is stored, without its hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    tier: TierCode,
    since: i32,
    review_on: i32,
    grace_until: i32,
    warned_for: i32,
}

impl TierCode {
    pub const NONE: TierCode = TierCode(u16::MAX);
    const GONE: u16 = 1 << 15;

    pub fn new(tier: Option<TierId>) -> Self {
        tier.map_or(Self::NONE, |tier| TierCode(tier as u16))
    }

    /// The index of a name in [`LadderStandings::gone`].
    pub fn gone(index: usize) -> Self {
        TierCode(Self::GONE | index as u16)
    }

    /// The tier of the program; `None` for no tier and for one that is gone.
    pub fn tier(self) -> Option<TierId> {
        (self.0 < Self::GONE).then_some(self.0 as TierId)
    }

    pub fn gone_index(self) -> Option<usize> {
        (self.0 >= Self::GONE && self != Self::NONE).then_some((self.0 & !Self::GONE) as usize)
    }
}

impl Standings {
    /// Nobody holds anything yet.
    pub fn empty(customers: usize, ladders: usize, alerts: usize) -> Self {
        Self {
            ladders: (0..ladders).map(|_| LadderStandings::empty(customers)).collect(),
            raised_on: vec![Vec::new(); alerts],
            segments: Vec::new(),
            asked: None,
        }
    }

    pub fn get(&self, ladder: LadderId, slot: usize) -> Standing {
        self.ladders[ladder].get(slot)
    }
}

impl LadderStandings {
    pub fn empty(customers: usize) -> Self {
        Self {
            last_pass: NO_DAY,
            tier: vec![TierCode::NONE; customers],
            since: vec![NO_DAY; customers],
            review_on: vec![NO_DAY; customers],
            grace_until: vec![NO_DAY; customers],
            warned_for: vec![NO_DAY; customers],
            left_on: Vec::new(),
            gone: Vec::new(),
            holds: Vec::new(),
            review_now: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.tier.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tier.is_empty()
    }

    pub fn hold(&self, slot: usize) -> Option<Hold> {
        if self.holds.is_empty() {
            return None;
        }
        let found = self.holds.binary_search_by_key(&(slot as u32), |(slot, _)| *slot);
        found.ok().map(|at| self.holds[at].1)
    }

    /// Whether anybody of these rows has a hold.
    pub fn any_hold(&self, rows: &Range<usize>) -> bool {
        let at = self.holds.partition_point(|(slot, _)| (*slot as usize) < rows.start);
        self.holds.get(at).is_some_and(|(slot, _)| (*slot as usize) < rows.end)
    }

    /// Remembers that a tier was left at the last pass.
    pub fn leave(&mut self, slot: usize, tier: TierCode) {
        let left_on = tier.tier().and_then(|tier| self.left_on.get_mut(tier));
        if let Some(left_on) = left_on.filter(|left_on| !left_on.is_empty()) {
            left_on[slot] = self.last_pass;
        }
    }

    pub fn set_hold(&mut self, slot: usize, hold: Option<Hold>) {
        match (self.holds.binary_search_by_key(&(slot as u32), |(slot, _)| *slot), hold) {
            (Ok(at), Some(hold)) => self.holds[at].1 = hold,
            (Ok(at), None) => {
                self.holds.remove(at);
            }
            (Err(at), Some(hold)) => self.holds.insert(at, (slot as u32, hold)),
            (Err(_), None) => {}
        }
    }

    /// The tick by which a customer is reviewed, where the next one is all that is known of the
    /// review.
    pub fn tick(&self, slot: usize) -> Option<Tick> {
        Tick::ALL.get(usize::try_from(self.review_on[slot].wrapping_sub(FIRST_TICK)).ok()?).copied()
    }

    /// The day of the review where it is one of the customer's own; [`NO_DAY`] for ticks too.
    pub fn review_day(&self, slot: usize) -> i32 {
        if self.tick(slot).is_some() { NO_DAY } else { self.review_on[slot] }
    }

    pub fn set_review(&mut self, slot: usize, on: Date) {
        self.review_on[slot] = days_from_date(on);
    }

    pub fn set_tick(&mut self, slot: usize, tick: Tick) {
        self.review_on[slot] = FIRST_TICK + tick as i32;
    }

    pub fn get(&self, slot: usize) -> Standing {
        let review_on = match (self.tick(slot), optional(self.last_pass)) {
            (Some(tick), Some(last_pass)) => Some(tick.after(last_pass)),
            (Some(_), None) => None,
            (None, _) => optional(self.review_on[slot]),
        };
        Standing {
            tier: self.tier[slot].tier(),
            since: optional(self.since[slot]),
            review_on,
            grace_until: optional(self.grace_until[slot]),
            warned_for: optional(self.warned_for[slot]),
            hold: self.hold(slot),
        }
    }

    /// Puts a standing in place. `tick`: that of the tier's review, if it has one; a review on the
    /// tick after the last pass is stored as that.
    pub fn set(&mut self, slot: usize, code: TierCode, to: &Standing, tick: Option<Tick>) {
        self.tier[slot] = code;
        self.since[slot] = day_or_none(to.since);
        self.grace_until[slot] = day_or_none(to.grace_until);
        self.warned_for[slot] = day_or_none(to.warned_for);
        let ticks = tick.filter(|tick| {
            let next = optional(self.last_pass).map(|last_pass| tick.after(last_pass));
            to.grace_until.is_none() && next.is_some() && to.review_on == next
        });
        match ticks {
            Some(tick) => self.set_tick(slot, tick),
            None => self.review_on[slot] = day_or_none(to.review_on),
        }
        if self.hold(slot) != to.hold {
            self.set_hold(slot, to.hold);
        }
    }

    /// What is stored of a customer.
    pub fn row(&self, slot: usize) -> Row {
        Row {
            tier: self.tier[slot],
            since: self.since[slot],
            review_on: self.review_on[slot],
            grace_until: self.grace_until[slot],
            warned_for: self.warned_for[slot],
        }
    }

    pub fn set_row(&mut self, slot: usize, row: Row) {
        self.tier[slot] = row.tier;
        self.since[slot] = row.since;
        self.review_on[slot] = row.review_on;
        self.grace_until[slot] = row.grace_until;
        self.warned_for[slot] = row.warned_for;
    }

    /// Adds a customer: `since`, the review, the grace's end and the review that was told of.
    pub fn push(&mut self, tier: TierCode, [since, review_on, grace_until, warned_for]: [i32; 4]) {
        self.tier.push(tier);
        self.since.push(since);
        self.review_on.push(review_on);
        self.grace_until.push(grace_until);
        self.warned_for.push(warned_for);
    }
}

impl Default for LadderStandings {
    fn default() -> Self {
        Self::empty(0)
    }
}

/// The date of a day in a column; [`NO_DAY`] is none.
pub fn optional(day: i32) -> Option<Date> {
    (day != NO_DAY).then(|| date_from_days(day))
}

/// The day of a date for a column.
pub fn day_or_none(date: Option<Date>) -> i32 {
    date.map_or(NO_DAY, days_from_date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_tick_moves_with_the_passes() {
        let mut standings = LadderStandings::empty(1);
        standings.last_pass = days_from_date(date(2026, 2, 4));
        let monthly =
            Standing { tier: Some(0), review_on: Some(date(2026, 3, 1)), ..Standing::default() };
        standings.set(0, TierCode::new(Some(0)), &monthly, Some(Tick::Monthly));
        assert_eq!((standings.tick(0), standings.review_day(0)), (Some(Tick::Monthly), NO_DAY));
        assert_eq!(standings.get(0), monthly);
        standings.last_pass = days_from_date(date(2026, 3, 9));
        assert_eq!(standings.get(0).review_on, Some(date(2026, 4, 1)));
        // Whatever is not the next tick is a day of its own: a fault left it behind, say.
        standings.set(0, TierCode::new(Some(0)), &monthly, Some(Tick::Monthly));
        assert_eq!((standings.tick(0), standings.get(0)), (None, monthly));
    }

    #[test]
    fn holds_stay_in_the_order_of_slots() {
        let mut standings = LadderStandings::empty(9);
        let hold = Hold { tier: Some(0), pins: true, until: None };
        for slot in [5, 2, 7] {
            standings.set_hold(slot, Some(hold));
        }
        standings.set_hold(5, None);
        assert_eq!(standings.holds.iter().map(|(slot, _)| *slot).collect::<Vec<_>>(), [2, 7]);
        assert_eq!((standings.hold(2), standings.hold(5)), (Some(hold), None));
    }
}
