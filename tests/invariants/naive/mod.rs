//! The naive evaluator: the pages on tiers and windows word by word, one customer at a time, over
//! plain maps. It shares nothing with the program but dates and customer ids.

mod cutoffs;
mod deeds;
mod look;
mod review;
mod step;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use tierkeeper::store::CustomerId;

pub use cutoffs::HeldValue;

use super::case::Facts;
use super::model::{Condition, Ladder, Pack, Tier};
use cutoffs::{Cutoffs, What, share, what_of};
use look::{Look, numbers};
use step::Step;

/// A criterion or a period that has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    pub tier: Option<String>,
    pub since: Option<Date>,
    pub review_on: Option<Date>,
    pub grace_until: Option<Date>,
    pub warned_for: Option<Date>,
    pub hold: Option<Hold>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub tier: String,
    pub pins: bool,
    pub until: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub event: &'static str,
    pub customer: CustomerId,
    pub ladder: Option<&'static str>,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// Everything that is remembered from one pass to the next.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub standings: BTreeMap<(&'static str, CustomerId), Standing>,
    /// When somebody last left a tier.
    pub left: BTreeMap<(&'static str, CustomerId, String), Date>,
    /// Who is among the regulars.
    pub regulars: BTreeSet<CustomerId>,
    /// When the alert was raised while its condition goes on.
    pub raised: BTreeMap<CustomerId, Date>,
    pub cutoffs: Cutoffs,
    faults: BTreeSet<(Date, &'static str, CustomerId)>,
    last_pack: Option<Pack>,
}

impl World {
    pub fn standing(&self, ladder: &'static str, customer: &CustomerId) -> Standing {
        self.standings.get(&(ladder, customer.clone())).cloned().unwrap_or_default()
    }

    /// What happens in a pass, in the order of ladders and customers.
    pub fn pass(&mut self, pack: &Pack, facts: &Facts, as_of: Date) -> Vec<Happened> {
        let who = facts.who(as_of);
        let numbers = numbers(pack, facts, self, &who, as_of);
        let mut happened = Vec::new();
        let mut migrated = BTreeMap::new();
        for ladder in &pack.ladders {
            for customer in &who {
                if let Some(event) = self.rename(ladder, customer) {
                    migrated.insert((ladder.name, customer.clone()), event);
                }
            }
        }
        self.cutoffs.take(pack, &numbers, as_of);
        let before = self.clone();
        for ladder in &pack.ladders {
            let changed = self.changed(pack, ladder);
            for (at, customer) in who.iter().enumerate() {
                happened.extend(migrated.remove(&(ladder.name, customer.clone())));
                let look = Look {
                    pack,
                    ladder: Some(ladder),
                    world: &before,
                    customer,
                    numbers: &numbers,
                    at,
                    as_of,
                };
                let joined = facts.joined(customer);
                let step = Step { look, ladder, joined, changed: &changed };
                let standing = self.standing(ladder.name, customer);
                let tier = standing.tier.clone();
                let (to, events) = step.take(standing);
                for (event, from, to) in events {
                    let key = (as_of, ladder.name, customer.clone());
                    if event == "decision.fault" && !self.faults.insert(key) {
                        continue;
                    }
                    let (customer, ladder) = (customer.clone(), Some(ladder.name));
                    happened.push(Happened { event, customer, ladder, from, to });
                }
                self.put(ladder.name, customer, tier, to, as_of);
            }
        }
        self.notice(pack, &who, &numbers, as_of, &mut happened);
        self.last_pack = Some(pack.clone());
        happened
    }

    /// Stores a standing, and when a tier was left for another.
    fn put(
        &mut self,
        ladder: &'static str,
        customer: &CustomerId,
        from: Option<String>,
        to: Standing,
        as_of: Date,
    ) {
        if let Some(from) = from.filter(|from| to.tier.as_ref() != Some(from)) {
            self.left.insert((ladder, customer.clone(), from), as_of);
        }
        self.standings.insert((ladder, customer.clone()), to);
    }

    /// A tier with another name stays the same tier, under a hold that pins, too.
    fn rename(&mut self, ladder: &Ladder, customer: &CustomerId) -> Option<Happened> {
        let mut standing = self.standing(ladder.name, customer);
        let old = standing.tier.clone()?;
        let new = ladder.today(&old).filter(|new| *new != old)?;
        standing.tier = Some(new.to_owned());
        self.standings.insert((ladder.name, customer.clone()), standing);
        Some(Happened {
            event: "tier.migrated",
            customer: customer.clone(),
            ladder: Some(ladder.name),
            from: Some(old),
            to: Some(new.to_owned()),
        })
    }

    /// The tiers whose holders are due because the rules have changed.
    fn changed(&self, pack: &Pack, ladder: &Ladder) -> Vec<String> {
        let Some(old_pack) = self.last_pack.as_ref().filter(|_| ladder.review_now) else {
            return Vec::new();
        };
        let old_ladder = old_pack.ladder(ladder.name);
        let is_changed = |tier: &&Tier| {
            let earlier = ladder.renamed.iter().filter(|(_, new)| *new == tier.name);
            let mut names = earlier.map(|(old, _)| old.as_str()).chain([tier.name.as_str()]);
            let old = names.find_map(|name| old_ladder.rank(name));
            old.is_some_and(|old| {
                let old = &old_ladder.tiers[old];
                comes_to(pack, ladder, tier) != comes_to(old_pack, old_ladder, old)
            })
        };
        ladder.tiers.iter().filter(is_changed).map(|tier| tier.name.clone()).collect()
    }

    /// Segments and alerts, as they are after the pass.
    fn notice(
        &mut self,
        pack: &Pack,
        who: &[CustomerId],
        numbers: &[look::Numbers],
        as_of: Date,
        happened: &mut Vec<Happened>,
    ) {
        let after = self.clone();
        let look = |at: usize| Look {
            pack,
            ladder: None,
            world: &after,
            customer: &who[at],
            numbers,
            at,
            as_of,
        };
        let mut note = |event, customer: &CustomerId, from: Option<&str>, to: Option<&str>| {
            let customer = customer.clone();
            let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
            happened.push(Happened { event, customer, ladder: None, from, to });
        };
        for (at, customer) in who.iter().enumerate() {
            let is_one = look(at).holds(&pack.regulars) == Ok(true);
            if is_one && self.regulars.insert(customer.clone()) {
                note("segment.entered", customer, None, Some("regulars"));
            } else if !is_one && self.regulars.remove(customer) {
                note("segment.left", customer, Some("regulars"), None);
            }
        }
        for (at, customer) in who.iter().enumerate() {
            let asked = pack.alert.holders.as_ref().is_none_or(|(ladder, tier)| {
                after.standing(ladder, customer).tier.as_ref() == Some(tier)
            });
            if !asked || look(at).holds(&pack.alert.when) != Ok(true) {
                self.raised.remove(customer);
                continue;
            }
            let again = |raised: Date| match pack.alert.every {
                Some(every) => every.after(raised, 1) <= as_of,
                None => raised < as_of,
            };
            if self.raised.get(customer).is_none_or(|raised| again(*raised)) {
                self.raised.insert(customer.clone(), as_of);
                note("alert.raised", customer, None, Some("quiet"));
            }
        }
    }
}

impl Hold {
    pub fn is_active(&self, as_of: Date) -> bool {
        self.until.is_none_or(|until| as_of < until)
    }
}

/// A tier's criteria and policies with all that they read.
fn comes_to(pack: &Pack, ladder: &Ladder, tier: &Tier) -> String {
    use super::model::{Metric, Won};
    let mut conditions: Vec<&Condition> = tier.keep.iter().collect();
    let mut reads = Vec::new();
    if let Won::Enter(enter) = &tier.won {
        conditions.push(enter);
    }
    let parts: Vec<&Condition> = conditions.iter().flat_map(|it| it.parts()).collect();
    let rank = ladder.rank(&tier.name).expect("a tier of the ladder");
    let own = matches!(tier.won, Won::Share(_)).then(|| share(ladder, rank));
    reads.push(format!("{own:?}"));
    let relative: Vec<What> = parts.into_iter().filter_map(what_of).chain(own).collect();
    // How long a top of everybody is held makes no difference.
    if relative.iter().any(|what| !matches!(what, What::TopPercent(100, _))) {
        reads.push(format!("{:?} {:?}", ladder.name, ladder.cutoffs));
    }
    let relative = !relative.is_empty();
    if relative {
        reads.push(format!("{:?}", pack.population.map(|orders| (orders, pack.order_count))));
    }
    let text = format!("{:?} {:?}", tier.policy, conditions);
    for (metric, window) in [
        (Metric::Spend, pack.spend),
        (Metric::OrderCount, pack.order_count),
        (Metric::Visits, pack.visits),
    ] {
        let reads_it = text.contains(&format!("{metric:?}"))
            || relative && ladder.rank_by.contains(&metric)
            || metric == Metric::Visits
                && (text.contains("PerVisit") || text.contains("DaysPerVisit"));
        if reads_it {
            reads.push(format!("{metric:?} {window:?}"));
        }
    }
    format!("{text} {reads:?} {:?}", pack.year_starts)
}
