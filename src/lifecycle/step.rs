//! The step from one standing to the next: the table of `docs/lifecycle.md` §3, row by row.

use jiff::civil::Date;

use super::review::{ReviewRule, review_on};
use super::{Duration, Event, Hold, Landing, Standing, Upgrade};
use crate::expr::TierId;
use crate::program::MonthDay;

/// What was found for one customer in one ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decision {
    /// The highest tier whose `enter` holds.
    pub earned: Option<TierId>,
    /// Whether the `keep` or the `enter` of the tier held holds.
    pub kept: bool,
    /// A criterion could not be computed.
    pub fault: bool,
    /// The tier held is not one of the ladder's any more ([`Standing::tier`] is `None` then).
    pub gone: Option<Gone>,
}

/// What a pack says of a tier that it no longer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    Renamed(TierId),
    Removed,
}

/// What happens at the reviews of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierPolicy {
    pub upgrade: Upgrade,
    pub grace: Option<Duration>,
    pub landing: Landing,
}

/// The policies of a ladder, highest tier first.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    pub tiers: &'a [TierPolicy],
    /// By tier, for this customer.
    pub reviews: &'a [ReviewRule],
    pub year_starts: MonthDay,
}

/// A step: the next standing, and what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    pub to: Standing,
    pub event: Option<Event>,
}

/// A step before its review date is known. The period of a review may have to be computed per
/// customer, and only for those who begin one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Its `review_on` is the old one where a period begins.
    pub to: Standing,
    pub event: Option<Event>,
    /// A period begins, on `to.period_start`, in `to.tier`.
    pub begins: bool,
}

/// The step from a standing to the next. Pure: no clock, no database.
pub fn step(
    standing: &Standing,
    decision: &Decision,
    policy: &Policy<'_>,
    as_of: Date,
) -> Transition {
    let chosen = choose(standing, decision, policy.tiers, as_of);
    match chosen.to.tier {
        Some(tier) if chosen.begins => {
            chosen.begin(&policy.reviews[tier], policy.year_starts, as_of)
        }
        _ => Transition { to: chosen.to, event: chosen.event },
    }
}

impl Move {
    /// Completes a move whose period begins with the review of its tier.
    pub fn begin(self, review: &ReviewRule, year_starts: MonthDay, as_of: Date) -> Transition {
        let start = self.to.period_start.unwrap_or(as_of);
        let since = self.to.since.unwrap_or(as_of);
        let review_on = Some(review_on(review, start, since, as_of, year_starts));
        self.ends_on(review, Standing { review_on, ..self.to })
    }

    /// The same with the review date known: `to` is the standing with it. Only a fixed period
    /// that is renewed is worth an event.
    pub fn ends_on(self, review: &ReviewRule, to: Standing) -> Transition {
        let silent = self.event == Some(Event::Retained) && !review.is_fixed();
        Transition { to, event: self.event.filter(|_| !silent) }
    }
}

/// The first row of the table that fits.
pub fn choose(
    standing: &Standing,
    decision: &Decision,
    policies: &[TierPolicy],
    as_of: Date,
) -> Move {
    let nothing = Move { to: *standing, event: None, begins: false };
    let hold = standing.hold.filter(|hold| hold.is_active(as_of));
    let hold_ended = standing.hold.filter(|hold| !hold.is_active(as_of));
    // Row 1.
    if matches!(hold, Some(Hold { pins: true, .. })) {
        return nothing;
    }
    let earned = match hold {
        Some(floor) => Some(decision.earned.map_or(floor.tier, |earned| earned.min(floor.tier))),
        None => decision.earned,
    };
    // Row 2.
    match decision.gone {
        Some(Gone::Renamed(tier)) => {
            let to = Standing { tier: Some(tier), ..*standing };
            return Move { to, event: Some(Event::Migrated), begins: false };
        }
        Some(Gone::Removed) if !decision.fault => {
            return enter(standing, earned, Event::Migrated, as_of);
        }
        _ => {}
    }
    // Row 3.
    if decision.fault {
        return Move { event: Some(Event::Fault), ..nothing };
    }
    // Row 4.
    let Some(current) = standing.tier else {
        return match earned {
            Some(_) => enter(standing, earned, Event::Entered, as_of),
            None => nothing,
        };
    };
    let released = hold_ended.filter(|hold| hold.pins);
    let due_on = match (standing.review_on, released.and_then(|hold| hold.until)) {
        (_, Some(until)) => until,
        (Some(review_on), None) => review_on,
        (None, None) => as_of,
    };
    let due = as_of >= due_on;
    let standing = &Standing { hold, ..*standing };
    // Row 5.
    if let Some(target) = earned.filter(|earned| *earned < current)
        && (policies[target].upgrade == Upgrade::AtOnce || due || standing.grace_until.is_some())
    {
        return enter(standing, earned, Event::Upgraded, as_of);
    }
    let kept = decision.kept || earned.is_some_and(|earned| earned <= current);
    let renew = |event| Move {
        to: Standing { grace_until: None, period_start: Some(due_on), ..*standing },
        event: Some(event),
        begins: true,
    };
    match standing.grace_until {
        // Row 6.
        None if !due => Move { to: *standing, event: None, begins: false },
        // Row 7.
        Some(_) if kept => renew(Event::GraceRecovered),
        // Row 8.
        None if kept => renew(Event::Retained),
        // Row 9.
        Some(until) if as_of < until => Move { to: *standing, event: None, begins: false },
        // Row 10.
        None if policies[current].grace.is_some() => {
            let until = policies[current].grace.and_then(|grace| grace.after(as_of, 1));
            // The review that was due stays as it was; a pin that ended made it due.
            let to = Standing {
                grace_until: Some(until.unwrap_or(Date::MAX)),
                review_on: Some(due_on),
                ..*standing
            };
            Move { to, event: Some(Event::GraceStarted), begins: false }
        }
        // Row 11.
        _ => match landing(current, earned, policies) {
            Some(target) if target <= current => renew(Event::Retained),
            target => Move {
                to: Standing {
                    tier: target,
                    since: Some(as_of),
                    review_on: None,
                    grace_until: None,
                    period_start: target.map(|_| due_on),
                    hold: standing.hold,
                },
                event: Some(if target.is_some() { Event::Downgraded } else { Event::Left }),
                begins: target.is_some(),
            },
        },
    }
}

/// The standing of somebody who enters or rises: the period starts on the as-of date.
fn enter(standing: &Standing, tier: Option<TierId>, event: Event, as_of: Date) -> Move {
    Move {
        to: Standing {
            tier,
            since: Some(as_of),
            review_on: None,
            grace_until: None,
            period_start: tier.map(|_| as_of),
            hold: standing.hold,
        },
        event: Some(event),
        begins: tier.is_some(),
    }
}

/// Where somebody lands who loses a tier. A tier's id that is not below the tier held keeps it.
fn landing(current: TierId, earned: Option<TierId>, policies: &[TierPolicy]) -> Option<TierId> {
    match policies[current].landing {
        Landing::Earned => earned,
        Landing::OneDown => Some(current + 1).filter(|lower| *lower < policies.len()),
        Landing::Tier(lowest) => Some(earned.map_or(lowest, |earned| earned.min(lowest))),
    }
}
