//! Changes of the rules between two passes.

use super::model::{Condition, Cutoffs, Ladder, Landing, Pack, Policy, Tier, Window, Won};

/// Ladders and tiers are chosen by their place.
#[derive(Debug, Clone)]
pub enum Change {
    /// The tier's thresholds move.
    Threshold {
        ladder: usize,
        tier: usize,
        by: i64,
    },
    Policy {
        ladder: usize,
        tier: usize,
        policy: Policy,
    },
    Rename {
        ladder: usize,
        tier: usize,
    },
    Drop {
        ladder: usize,
        tier: usize,
    },
    /// Under a name that was there before, perhaps.
    Add {
        ladder: usize,
        tier: usize,
        enter: Condition,
    },
    Spend(Window),
    Population(Option<i64>),
    Cutoffs {
        ladder: usize,
        cutoffs: Cutoffs,
    },
}

/// Names of tiers, in the order in which they are given.
pub const NAMES: [&str; 8] =
    ["vip", "gold", "silver", "bronze", "member", "copper", "iron", "wood"];

impl Change {
    pub fn apply(&self, pack: &mut Pack) {
        let count = pack.ladders.len();
        match self {
            Change::Threshold { ladder, tier, by } => {
                let tiers = &mut pack.ladders[ladder % count].tiers;
                let tier = tier % tiers.len();
                if let Won::Enter(enter) = &mut tiers[tier].won {
                    moved(enter, *by);
                }
            }
            Change::Policy { ladder, tier, policy } => {
                let ladder = &mut pack.ladders[ladder % count];
                let tier = tier % ladder.tiers.len();
                ladder.tiers[tier].policy = policy.clone();
                mend(ladder);
            }
            Change::Rename { ladder, tier } => {
                let ladder = &mut pack.ladders[ladder % count];
                let tier = tier % ladder.tiers.len();
                let Some(name) = free(ladder) else { return };
                let old = std::mem::replace(&mut ladder.tiers[tier].name, name.clone());
                ladder.renamed.retain(|(from, _)| *from != name);
                let earlier = ladder.renamed.iter_mut().filter(|(_, to)| *to == old);
                earlier.for_each(|(_, to)| to.clone_from(&name));
                ladder.renamed.push((old.clone(), name.clone()));
                let of = ladder.name;
                for tier in &mut ladder.tiers {
                    if tier.policy.landing == Landing::Tier(old.clone()) {
                        tier.policy.landing = Landing::Tier(name.clone());
                    }
                }
                each_named(pack, &mut |ladder, tier| {
                    if ladder == of && *tier == old {
                        tier.clone_from(&name);
                    }
                });
            }
            Change::Drop { ladder, tier } => {
                let ladder = &mut pack.ladders[ladder % count];
                if ladder.tiers.len() < 2 || !ladder.rank_by.is_empty() {
                    return;
                }
                let dropped = ladder.tiers.remove(tier % ladder.tiers.len()).name;
                ladder.renamed.retain(|(_, to)| *to != dropped);
                mend(ladder);
                let (of, first) = (ladder.name, ladder.tiers[0].name.clone());
                each_named(pack, &mut |ladder, tier| {
                    if ladder == of && *tier == dropped {
                        tier.clone_from(&first);
                    }
                });
            }
            Change::Add { ladder, tier, enter } => {
                let ladder = &mut pack.ladders[ladder % count];
                let Some(name) = free(ladder).filter(|_| ladder.rank_by.is_empty()) else { return };
                ladder.renamed.retain(|(from, _)| *from != name);
                let place = tier % (ladder.tiers.len() + 1);
                let policy = ladder.tiers[0].policy.clone();
                let won = Won::Enter(enter.clone());
                ladder.tiers.insert(place, Tier { name, won, keep: None, policy });
            }
            Change::Spend(window) => pack.spend = *window,
            Change::Population(orders) => pack.population = *orders,
            Change::Cutoffs { ladder, cutoffs } => pack.ladders[ladder % count].cutoffs = *cutoffs,
        }
    }
}

/// The first name that no tier has.
fn free(ladder: &Ladder) -> Option<String> {
    let name = NAMES.into_iter().find(|name| ladder.rank(name).is_none());
    name.map(str::to_owned)
}

/// A landing at a tier that is not there is one at the lowest.
pub fn mend(ladder: &mut Ladder) {
    let names: Vec<String> = ladder.tiers.iter().map(|tier| tier.name.clone()).collect();
    for tier in &mut ladder.tiers {
        if let Landing::Tier(name) = &mut tier.policy.landing
            && !names.contains(name)
        {
            names[names.len() - 1].clone_into(name);
        }
    }
}

/// Calls `change` with every tier that a condition of the pack names.
pub fn each_named(pack: &mut Pack, change: &mut impl FnMut(&'static str, &mut String)) {
    for tier in pack.ladders.iter_mut().flat_map(|ladder| &mut ladder.tiers) {
        if let Won::Enter(enter) = &mut tier.won {
            enter.each_tier(change);
        }
        tier.keep.iter_mut().for_each(|keep| keep.each_tier(change));
    }
    pack.regulars.each_tier(change);
    pack.alert.when.each_tier(change);
    if let Some((ladder, tier)) = &mut pack.alert.holders {
        change(ladder, tier);
    }
}

fn moved(condition: &mut Condition, by: i64) {
    match condition {
        Condition::AtLeast(_, number) | Condition::AtMost(_, number) => {
            *number = (*number + by).max(1);
        }
        Condition::All(of) | Condition::Any(_, of) | Condition::None(of) => {
            of.iter_mut().for_each(|part| moved(part, by));
        }
        _ => {}
    }
}
