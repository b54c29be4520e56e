//! How a tier is won, held and lost: standings, policies and the step between two standings.
//!
//! In: a standing, a decision, a policy, an as-of date. Out: a transition.
//! Never: IO, a clock, or more than one customer at a time.

mod by_hand;
mod duration;
mod event;
mod review;
mod standings;
mod standings_of;
mod step;
#[cfg(test)]
mod step_tests;
mod tick;

pub use by_hand::{Deed, by_hand};
pub use duration::{Duration, DurationError, DurationUnit};
pub use event::Event;
pub use review::{CountedFrom, ReviewRule, review_on};
pub use standings::{LadderStandings, NO_DAY, Standings, TierCode, day_or_none, optional};
pub use step::{Decision, Move, Policy, TierPolicy, Transition, choose, enter, step};
pub use tick::{CutoffCadence, Tick};

use jiff::civil::Date;
use serde::Serialize;

use crate::expr::{AttributeId, Expr, TierId};
use crate::program::MonthDay;

/// When a held tier is looked at again.
#[derive(Debug, Clone, Serialize)]
pub enum Review {
    Fixed { period: Span, from: ReviewFrom, round: Option<Round> },
    Dynamic(Cadence),
}

/// A length of time: written, or computed per customer (whole days, or duration text).
#[derive(Debug, Clone, Serialize)]
pub enum Span {
    Fixed(Duration),
    Computed(Expr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ReviewFrom {
    Evaluation,
    Entry,
    Attribute(AttributeId),
    EachYear(MonthDay),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    Month,
    Quarter,
    HalfYear,
    Year,
}

#[derive(Debug, Clone, Serialize)]
pub enum Cadence {
    Tick(Tick),
    Every(Span),
}

impl Review {
    /// The tick that is the same for everybody, where the review goes by one.
    pub fn tick(&self) -> Option<Tick> {
        match self {
            Review::Dynamic(Cadence::Tick(tick)) => Some(*tick),
            _ => None,
        }
    }

    pub fn is_fixed(&self) -> bool {
        matches!(self, Review::Fixed { .. })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Upgrade {
    AtOnce,
    AtReview,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Landing {
    OneDown,
    Earned,
    Tier(TierId),
}

/// What a change of the rules does to those who hold a tier that it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnChange {
    /// Review dates that are set stand.
    Keep,
    /// They are due.
    ReviewNow,
}

/// What is stored of a customer in a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// `None`: no tier.
    pub tier: Option<TierId>,
    /// When the tier was entered; meaningless without a tier before the first pass.
    pub since: Option<Date>,
    pub review_on: Option<Date>,
    pub grace_until: Option<Date>,
    /// The review of which `tier.expiring` has told.
    pub warned_for: Option<Date>,
    /// Manual status.
    pub hold: Option<Hold>,
}

/// Manual status: a tier that somebody gave by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// `None`: a tier that the pack no longer has; such a floor holds nothing up.
    pub tier: Option<TierId>,
    /// Nothing changes while it is active; otherwise it is a floor, as if its tier were earned.
    pub pins: bool,
    /// The first free day; `None`: without end.
    pub until: Option<Date>,
}

impl Hold {
    pub fn is_active(&self, as_of: Date) -> bool {
        self.until.is_none_or(|until| as_of < until)
    }
}
