use jiff::civil::Date;

use super::{Hold, Standing};
use crate::expr::{LadderId, TierId, date_from_days, days_from_date};

/// No date in a column of days.
pub const NO_DAY: i32 = i32::MIN;

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
    /// Empty for an alert without `every`.
    pub raised_on: Vec<Vec<i32>>,
}

/// The standings in one ladder: one row per customer slot, days since 1970-01-01.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LadderStandings {
    pub tier: Vec<TierCode>,
    pub since: Vec<i32>,
    pub review_on: Vec<i32>,
    pub grace_until: Vec<i32>,
    pub period_start: Vec<i32>,
    /// Names of tiers that the program does not have any more.
    pub gone: Vec<String>,
    /// Manual status, by slot in order; few have one.
    pub holds: Vec<(u32, Hold)>,
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
        }
    }

    pub fn get(&self, ladder: LadderId, slot: usize) -> Standing {
        self.ladders[ladder].get(slot)
    }
}

impl LadderStandings {
    pub fn empty(customers: usize) -> Self {
        Self {
            tier: vec![TierCode::NONE; customers],
            since: vec![NO_DAY; customers],
            review_on: vec![NO_DAY; customers],
            grace_until: vec![NO_DAY; customers],
            period_start: vec![NO_DAY; customers],
            gone: Vec::new(),
            holds: Vec::new(),
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

    pub fn get(&self, slot: usize) -> Standing {
        Standing {
            tier: self.tier[slot].tier(),
            since: optional(self.since[slot]),
            review_on: optional(self.review_on[slot]),
            grace_until: optional(self.grace_until[slot]),
            period_start: optional(self.period_start[slot]),
            hold: self.hold(slot),
        }
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
