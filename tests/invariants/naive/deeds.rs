//! What is done by hand.

use jiff::civil::Date;
use tierkeeper::store::CustomerId;

use super::look::{Look, numbers};
use super::step::Step;
use super::{Fault, Happened, Hold, Standing, World};
use crate::calendar::days_after;
use crate::case::{Deed, Facts};
use crate::model::Pack;

impl World {
    /// Does something by hand; `None`: it is refused.
    pub fn by_hand(
        &mut self,
        pack: &Pack,
        facts: &Facts,
        as_of: Date,
        customer: &CustomerId,
        ladder: usize,
        deed: Deed,
    ) -> Option<Vec<Happened>> {
        let ladder = &pack.ladders[ladder];
        let who = facts.who(as_of);
        let numbers = numbers(pack, facts, self, &who, as_of);
        let before = self.clone();
        let everybody = matches!(deed, Deed::Extend { .. });
        if !everybody && !who.contains(customer) {
            return None;
        }
        let mut happened = Vec::new();
        for (at, customer) in who.iter().enumerate().filter(|(_, it)| everybody || *it == customer)
        {
            let look =
                Look { pack, ladder: None, world: &before, customer, numbers: &numbers, at, as_of };
            let joined = facts.joined(customer);
            let step = Step { look, ladder, joined, changed: &[] };
            let from = self.standing(ladder.name, customer);
            let pinned = from.hold.as_ref().is_some_and(|hold| hold.pins && hold.is_active(as_of));
            if pinned && matches!(deed, Deed::Adopt { .. }) {
                return None;
            }
            let Ok(done) = done(&step, &from, deed) else { return None };
            let Some((to, event)) = done else { continue };
            happened.push(Happened {
                event,
                customer: customer.clone(),
                ladder: Some(ladder.name),
                from: from.tier.clone(),
                to: to.tier.clone(),
            });
            self.put(ladder.name, customer, from.tier, to, as_of);
        }
        Some(happened)
    }
}

type Done = Option<(Standing, &'static str)>;

fn done(step: &Step<'_>, standing: &Standing, deed: Deed) -> Result<Done, Fault> {
    let as_of = step.look.as_of;
    let tiers = &step.ladder.tiers;
    let tier_at = |tier: usize| &tiers[tier % tiers.len()];
    let held = standing.tier.as_deref();
    let until = |days: Option<i32>| days.map(|days| days_after(as_of, days));
    let pin = standing.hold.as_ref().filter(|hold| hold.pins);
    Ok(match deed {
        Deed::Pin { tier, days } => {
            let name = tier_at(tier).name.clone();
            let same = held == Some(name.as_str());
            let hold = Hold { tier: name.clone(), pins: true, until: until(days) };
            let to = Standing {
                tier: Some(name),
                since: if same { standing.since } else { Some(as_of) },
                review_on: hold.until,
                hold: Some(hold),
                ..Standing::default()
            };
            Some((to, "hold.started"))
        }
        Deed::Floor { tier, days } => {
            let floor = tier_at(tier);
            let hold = Hold { tier: floor.name.clone(), pins: false, until: until(days) };
            let rank = step.ladder.rank(&floor.name);
            let below =
                held.and_then(|held| step.ladder.rank(held)).is_none_or(|held| Some(held) > rank);
            let to = if below {
                Standing {
                    tier: Some(floor.name.clone()),
                    since: Some(as_of),
                    review_on: Some(step.next(&floor.policy.review, as_of, as_of)?),
                    hold: Some(hold),
                    ..Standing::default()
                }
            } else {
                // A pin that a floor takes the place of has ended.
                let ended = pin.map(|pin| pin.until.map_or(as_of, |until| until.min(as_of)));
                let review_on = ended.or(standing.review_on);
                Standing { hold: Some(hold), review_on, ..standing.clone() }
            };
            Some((to, "hold.started"))
        }
        Deed::Release => standing.hold.as_ref().map(|hold| {
            let review_on = if hold.pins { Some(as_of) } else { standing.review_on };
            (Standing { hold: None, review_on, ..standing.clone() }, "hold.ended")
        }),
        Deed::Adopt { tier, since, review_on } => {
            let tier = tier_at(tier);
            let since = days_after(as_of, -since);
            let review_on = match review_on {
                Some(days) => days_after(as_of, days),
                None => step.next(&tier.policy.review, since, since)?,
            };
            let to = Standing {
                tier: Some(tier.name.clone()),
                since: Some(since),
                review_on: Some(review_on),
                hold: standing.hold.clone(),
                ..Standing::default()
            };
            Some((to, "tier.adopted"))
        }
        Deed::Extend { days } => {
            let until = days_after(as_of, days);
            let is_there = held.is_some_and(|held| step.ladder.rank(held).is_some());
            let pinned = pin.is_some_and(|pin| pin.is_active(as_of));
            let earlier = standing.review_on.is_some_and(|review_on| review_on < until);
            (is_there && !pinned && earlier).then(|| {
                let to = Standing {
                    review_on: Some(until),
                    grace_until: None,
                    warned_for: None,
                    ..standing.clone()
                };
                (to, "review.extended")
            })
        }
    })
}
