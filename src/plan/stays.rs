use jiff::civil::Date;

use super::{Passed, Way};
use crate::expr::{LadderId, TierId};
use crate::lifecycle::Event;

/// Why a pass leaves somebody where they are, or lets them fall less deep, whatever was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// By hand; until the first free day.
    Held { until: Option<Date> },
    /// The decision has no answer.
    NoAnswer,
    /// A period was promised; until the review.
    Safe { until: Date },
    /// The time to catch up runs.
    InGrace { until: Date },
    /// Who falls lands there, without having earned it.
    Lands,
    /// The tier is earned, and entered at the next review only.
    Waits { until: Date },
}

impl Stays {
    /// What keeps a customer in `tier` after the pass, where the way leads up or across; what keeps
    /// them out of it, where it leads down. `before`: the tier held before. `None`: what was
    /// measured decides.
    pub(super) fn of(
        passed: &Passed<'_>,
        (ladder, slot): (LadderId, usize),
        (way, tier): (Way, TierId),
        before: Option<TierId>,
    ) -> Option<Self> {
        let outcome = &passed.outcome.ladders[ladder];
        let as_of = passed.outcome.population.as_of;
        let standings = &passed.before.ladders[ladder];
        let after = passed.outcome.after.standings.get(ladder, slot);
        if let Some(hold) = after.hold.filter(|hold| hold.is_active(as_of))
            && (hold.pins || hold.tier == after.tier)
        {
            return Some(Self::Held { until: hold.until });
        }
        let first = outcome.events.partition_point(|moved| (moved.slot as usize) < slot);
        let events = outcome.events[first..].iter().take_while(|moved| moved.slot as usize == slot);
        let happened = |event: Event| events.clone().any(|moved| moved.event == event);
        if happened(Event::Fault) {
            return Some(Self::NoAnswer);
        }
        let is_earned = outcome.earned[slot].tier().is_some_and(|earned| earned <= tier);
        if way == Way::Demoted {
            let until = after.review_on.filter(|_| is_earned)?;
            return Some(Self::Waits { until });
        }
        if is_earned {
            return None;
        }
        if before != Some(tier) {
            return happened(Event::Downgraded).then_some(Self::Lands);
        }
        if let Some(until) = after.grace_until {
            return Some(Self::InGrace { until });
        }
        let is_due = standings.review_now.get(tier) == Some(&true)
            || standings.get(slot).review_on.is_none_or(|review| review <= as_of);
        after.review_on.filter(|_| !is_due).map(|until| Self::Safe { until })
    }
}
