//! Numbers and conditions of one customer.

use jiff::civil::Date;
use tierkeeper::store::CustomerId;

use super::{Fault, World};
use crate::calendar::{days_between, tomorrow, yesterday};
use crate::case::Facts;
use crate::model::{Condition, Ladder, Metric, Pack, Window};

/// "Never", in days.
const NEVER: i64 = 36_500;

/// The metrics of one customer: spend in cents.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    pub spend: i64,
    pub order_count: i64,
    pub visits: i64,
    pub days_away: i64,
}

impl Numbers {
    pub fn of(&self, metric: Metric) -> i64 {
        match metric {
            Metric::Spend => self.spend,
            Metric::OrderCount => self.order_count,
            Metric::Visits => self.visits,
            Metric::DaysAway => self.days_away,
        }
    }
}

/// The metrics of everybody, from the raw rows.
pub fn numbers(
    pack: &Pack,
    facts: &Facts,
    world: &World,
    who: &[CustomerId],
    as_of: Date,
) -> Vec<Numbers> {
    let of = |customer: &CustomerId| {
        let own = facts.rows.iter().filter(|(of, day, _)| of == customer && *day <= as_of);
        let own: Vec<_> = own.collect();
        let within = |window: Window| {
            let (first, last) = dates(pack, window, world, customer, as_of);
            let inside = move |day: Date| first.is_none_or(|first| first <= day) && day <= last;
            own.iter().filter(move |(_, day, _)| inside(*day))
        };
        let last_order = own.iter().filter(|row| row.2.is_some()).map(|row| row.1).max();
        Numbers {
            spend: within(pack.spend).filter_map(|row| row.2).sum(),
            order_count: within(pack.order_count).filter(|row| row.2.is_some()).count() as i64,
            visits: within(pack.visits).filter(|row| row.2.is_none()).count() as i64,
            days_away: last_order.map_or(NEVER, |day| days_between(day, as_of)),
        }
    };
    who.iter().map(of).collect()
}

/// The first and the last date of a window; no first: everything.
fn dates(
    pack: &Pack,
    window: Window,
    world: &World,
    customer: &CustomerId,
    as_of: Date,
) -> (Option<Date>, Date) {
    match window {
        Window::Lifetime => (None, as_of),
        Window::Trailing(length) => (Some(tomorrow(length.after(as_of, -1))), as_of),
        Window::Calendar(round) => (Some(round.last_up_to(as_of, pack.year_starts)), as_of),
        Window::Previous(round) => {
            let last = yesterday(round.last_up_to(as_of, pack.year_starts));
            (Some(round.last_up_to(last, pack.year_starts)), last)
        }
        Window::Tier(ladder) => (world.standing(ladder, customer).since, as_of),
    }
}

/// One customer as their conditions see them: standings are those of `world`.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub pack: &'a Pack,
    /// Whose cutoffs count.
    pub ladder: Option<&'a Ladder>,
    pub world: &'a World,
    pub customer: &'a CustomerId,
    pub numbers: &'a [Numbers],
    /// The customer's place in `numbers`.
    pub at: usize,
    pub as_of: Date,
}

impl Look<'_> {
    pub fn own(&self) -> &Numbers {
        &self.numbers[self.at]
    }

    /// In written order; a fault before the decision is the fault of the condition.
    pub fn holds(&self, condition: &Condition) -> Result<bool, Fault> {
        let standing = |ladder| self.world.standing(ladder, self.customer);
        Ok(match condition {
            Condition::Always => true,
            Condition::Never => false,
            Condition::AtLeast(Metric::Spend, least) => self.own().spend >= least * 100,
            Condition::AtMost(Metric::Spend, most) => self.own().spend <= most * 100,
            Condition::AtLeast(metric, least) => self.own().of(*metric) >= *least,
            Condition::AtMost(metric, most) => self.own().of(*metric) <= *most,
            Condition::PerVisit(least) => match self.own().visits {
                0 => return Err(Fault),
                // Exact: what is rounded to six places is far from a whole number.
                visits => 100 >= least * visits,
            },
            Condition::TopPercent(..) | Condition::TopCount(..) | Condition::AboveAverage(_) => {
                let ladder = self.ladder.expect("cutoffs are a ladder's");
                self.world.cutoffs.holds(self, ladder, condition)
            }
            Condition::InTier(ladder, tier) => standing(ladder).tier.as_ref() == Some(tier),
            Condition::Holds(ladder, tier) => {
                let rank = |tier: &str| self.pack.ladder(ladder).rank(tier);
                let held = standing(ladder).tier.and_then(|held| rank(&held));
                held.is_some_and(|held| Some(held) <= rank(tier))
            }
            Condition::DaysHeld(ladder, tier, least) => self.days_held(ladder, tier) >= *least,
            Condition::DaysSinceHeld(ladder, tier, most) => {
                self.days_since_held(ladder, tier) <= *most
            }
            Condition::InGrace(ladder) => standing(ladder).grace_until.is_some(),
            Condition::All(of) => {
                for part in of {
                    if !self.holds(part)? {
                        return Ok(false);
                    }
                }
                true
            }
            Condition::Any(at_least, of) => {
                let mut found = 0;
                for part in of {
                    found += usize::from(self.holds(part)?);
                    if found >= *at_least {
                        return Ok(true);
                    }
                }
                false
            }
            Condition::None(of) => {
                for part in of {
                    if self.holds(part)? {
                        return Ok(false);
                    }
                }
                true
            }
        })
    }

    fn days_held(&self, ladder: &'static str, tier: &str) -> i64 {
        let standing = self.world.standing(ladder, self.customer);
        match standing.since {
            Some(since) if standing.tier.as_deref() == Some(tier) => {
                days_between(since, self.as_of)
            }
            _ => 0,
        }
    }

    /// 0 while it is held; a tier that was called otherwise is the same tier.
    pub fn days_since_held(&self, ladder: &'static str, tier: &str) -> i64 {
        if self.world.standing(ladder, self.customer).tier.as_deref() == Some(tier) {
            return 0;
        }
        let rules = self.pack.ladder(ladder);
        let earlier = rules.renamed.iter().filter(|(_, new)| new == tier).map(|(old, _)| old);
        let names = earlier.map(String::as_str).chain([tier]);
        let left = |name: &str| {
            let key = (ladder, self.customer.clone(), name.to_owned());
            self.world.left.get(&key).copied()
        };
        names.filter_map(left).max().map_or(NEVER, |left| days_between(left, self.as_of))
    }
}
