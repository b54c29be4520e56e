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
    pub gone: bool,
    /// The rules of the tier held have changed, and the pack wants everybody reviewed for that.
    pub review_now: bool,
}

/// What happens at the reviews of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierPolicy {
    pub upgrade: Upgrade,
    pub grace: Option<Duration>,
    pub landing: Landing,
    /// So long before a review that would fail, `tier.expiring` tells. `None` where the ladder has
    /// no `warn:` or the tier's review is not fixed.
    pub warn: Option<Duration>,
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
    /// The day on which a period begins in `to.tier`, where one does.
    pub begins: Option<Date>,
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
        Some(tier) => chosen.begin(&policy.reviews[tier], policy.year_starts, as_of),
        None => Transition { to: chosen.to, event: chosen.event },
    }
}

impl Move {
    fn stays(to: Standing, event: Option<Event>) -> Self {
        Self { to, event, begins: None }
    }

    /// Completes a move with the review of its tier.
    pub fn begin(self, review: &ReviewRule, year_starts: MonthDay, as_of: Date) -> Transition {
        let Some(start) = self.begins else {
            return Transition { to: self.to, event: self.event };
        };
        let since = self.to.since.unwrap_or(as_of);
        self.reviewed(review, review_on(review, start, since, as_of, year_starts))
    }

    /// The same with the review date known. Only a fixed period that is renewed is worth an
    /// event.
    pub fn reviewed(self, review: &ReviewRule, on: Date) -> Transition {
        let silent = self.event == Some(Event::Retained) && !review.is_fixed();
        let to = Standing { review_on: Some(on), warned_for: None, ..self.to };
        Transition { to, event: self.event.filter(|_| !silent) }
    }
}

/// The first row of the table that fits. A hold that is over is taken away on the way.
pub fn choose(
    standing: &Standing,
    decision: &Decision,
    policies: &[TierPolicy],
    as_of: Date,
) -> Move {
    let hold = standing.hold.filter(|hold| hold.is_active(as_of));
    let standing = &Standing { hold, ..*standing };
    // Row 1. When it ends the review is due: that was set with the hold.
    if matches!(hold, Some(Hold { pins: true, .. })) {
        return Move::stays(*standing, None);
    }
    let floor = hold.and_then(|floor| floor.tier);
    let earned = match (floor, decision.earned) {
        (Some(floor), Some(earned)) => Some(earned.min(floor)),
        (floor, earned) => floor.or(earned),
    };
    // Row 2.
    if decision.gone && !decision.fault {
        return enter(standing, earned, Event::Migrated, as_of);
    }
    // Row 3.
    if decision.fault {
        return Move::stays(*standing, Some(Event::Fault));
    }
    // Row 4.
    let Some(current) = standing.tier else {
        return match earned {
            Some(_) => enter(standing, earned, Event::Entered, as_of),
            None => Move::stays(*standing, None),
        };
    };
    let due_on = match standing.review_on {
        Some(review_on) if decision.review_now => review_on.min(as_of),
        Some(review_on) => review_on,
        None => as_of,
    };
    let due = as_of >= due_on;
    // Row 5.
    if let Some(target) = earned.filter(|earned| *earned < current)
        && (policies[target].upgrade == Upgrade::AtOnce || due || standing.grace_until.is_some())
    {
        return enter(standing, earned, Event::Upgraded, as_of);
    }
    let kept = decision.kept || earned.is_some_and(|earned| earned <= current);
    let renew = |event| Move {
        to: Standing { grace_until: None, ..*standing },
        event: Some(event),
        begins: Some(due_on),
    };
    match standing.grace_until {
        // Row 6.
        None if !due => {
            let loses = !kept && landing(current, earned, policies).is_none_or(|to| to > current);
            warned(standing, loses, policies[current].warn, as_of)
        }
        // Row 7.
        Some(_) if kept => renew(Event::GraceRecovered),
        // Row 8.
        None if kept => renew(Event::Retained),
        // Row 9.
        Some(until) if as_of < until => Move::stays(*standing, None),
        // Row 10.
        None if policies[current].grace.is_some() => {
            let until = policies[current].grace.and_then(|grace| grace.after(as_of, 1));
            // The review that was due stays as it was; a change of the rules made it due today.
            let grace_until = Some(until.unwrap_or(Date::MAX));
            let to = Standing { grace_until, review_on: Some(due_on), ..*standing };
            Move::stays(to, Some(Event::GraceStarted))
        }
        // Row 11.
        _ => match landing(current, earned, policies) {
            Some(target) if target <= current => renew(Event::Retained),
            target => Move {
                to: Standing {
                    tier: target,
                    since: Some(as_of),
                    hold: standing.hold,
                    ..Standing::default()
                },
                event: Some(if target.is_some() { Event::Downgraded } else { Event::Left }),
                begins: target.map(|_| due_on),
            },
        },
    }
}

/// The standing of somebody who enters or rises: the period starts on the as-of date.
pub fn enter(standing: &Standing, tier: Option<TierId>, event: Event, as_of: Date) -> Move {
    Move {
        to: Standing { tier, since: Some(as_of), hold: standing.hold, ..Standing::default() },
        event: Some(event),
        begins: tier.map(|_| as_of),
    }
}

/// Nothing happens, but a review that is near and would lose the tier is told of once; not in a
/// second pass of the day on which the tier was entered: it would change what the first one left.
fn warned(standing: &Standing, loses: bool, warn: Option<Duration>, as_of: Date) -> Move {
    let from = warn.zip(standing.review_on).and_then(|(warn, review_on)| warn.before(review_on));
    let near = from.is_some_and(|from| as_of >= from) && standing.since != Some(as_of);
    if !loses || !near || standing.warned_for == standing.review_on {
        return Move::stays(*standing, None);
    }
    let to = Standing { warned_for: standing.review_on, ..*standing };
    Move::stays(to, Some(Event::Expiring))
}

/// Where somebody lands who loses a tier. A tier's id that is not below the tier held keeps it.
fn landing(current: TierId, earned: Option<TierId>, policies: &[TierPolicy]) -> Option<TierId> {
    match policies[current].landing {
        Landing::Earned => earned,
        Landing::OneDown => Some(current + 1).filter(|lower| *lower < policies.len()),
        Landing::Tier(lowest) => Some(earned.map_or(lowest, |earned| earned.min(lowest))),
    }
}
