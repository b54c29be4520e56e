use std::cmp::Ordering;

use super::Passed;
use super::join::joined;
use super::rank::Ranks;
use crate::expr::{LadderId, TierId};
use crate::program::Program;

/// Where everybody of one ladder is after both passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderPlan {
    pub name: String,
    /// `None`: that pack does not have the ladder, and everybody is without a tier there.
    pub from: Option<LadderId>,
    pub to: Option<LadderId>,
    /// Customers by tier after the first pack's pass, then by tier after the other's; the last row
    /// and the last column are those without a tier.
    pub matrix: Vec<Vec<u64>>,
    pub promoted: u64,
    pub demoted: u64,
    /// In a tier of another name that is neither nearer the top nor further from it.
    pub across: u64,
    /// In the same tier, or without one in both.
    pub unchanged: u64,
    ranks: Ranks,
}

/// Which way somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Promoted,
    Demoted,
    /// To a tier of another name at the same place.
    Across,
}

/// Somebody who is in another tier after the other pack's pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mover {
    /// An index into the plan's ladders.
    pub ladder: usize,
    /// A tier of the first pack.
    pub from: Option<TierId>,
    /// A tier of the other pack.
    pub to: Option<TierId>,
    pub way: Way,
    /// `None`: no customer of the first pack.
    pub from_slot: Option<u32>,
    pub to_slot: Option<u32>,
}

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Way::Promoted => "promoted",
            Way::Demoted => "demoted",
            Way::Across => "across",
        }
    }
}

impl LadderPlan {
    /// Customers by tier of the first pack, those without one last.
    pub fn sizes_from(&self) -> Vec<u64> {
        self.matrix.iter().map(|row| row.iter().sum()).collect()
    }

    /// Customers by tier of the other pack, those without one last.
    pub fn sizes_to(&self) -> Vec<u64> {
        let columns = self.matrix.first().map_or(0, Vec::len);
        (0..columns).map(|column| self.matrix.iter().map(|row| row[column]).sum()).collect()
    }

    /// The same tier in the other pack: that of its name, or the one that it was renamed to.
    pub fn there(&self, tier: TierId) -> Option<TierId> {
        self.ranks.there(tier)
    }

    /// The same tier in the first pack.
    pub(super) fn back(&self, tier: TierId) -> Option<TierId> {
        self.ranks.back(tier)
    }

    /// Where a move from a tier of the first pack to one of the other leads; `None`: it is the same
    /// tier.
    ///
    /// It is a rise where the tier reached is nearer the top:
    /// 1. in the other pack, where it has the tier that was left, too;
    /// 2. otherwise in the pack that was left, where it has the tier reached;
    /// 3. otherwise, where each pack has one of the two tiers only, by how many tiers that both
    ///    packs have stand above each; of equals by the place from the top among the pack's own
    ///    tiers there. The same place is neither a rise nor a fall.
    ///
    /// From no tier to any is a rise, and from any to none a fall.
    pub fn way(&self, from: Option<TierId>, to: Option<TierId>) -> Option<Way> {
        match self.ranks.order(from, to) {
            Ordering::Greater => Some(Way::Promoted),
            Ordering::Less => Some(Way::Demoted),
            Ordering::Equal => (!self.ranks.is_same(from, to)).then_some(Way::Across),
        }
    }

    /// Who holds a tier after the first pack's pass.
    pub fn holders(&self) -> u64 {
        let sizes = self.sizes_from();
        sizes[..sizes.len() - 1].iter().sum()
    }
}

/// A ladder's name, and its id in each of two packs.
pub(super) type LadderPair = (String, Option<LadderId>, Option<LadderId>);

/// The ladders of both, matched by name.
pub(super) fn pairs(from: &Program, to: &Program) -> Vec<LadderPair> {
    let place = |program: &Program, name: &str| {
        program.ladders.iter().position(|ladder| ladder.name == name)
    };
    let first = from.ladders.iter().enumerate();
    let mut pairs: Vec<LadderPair> =
        first.map(|(id, it)| (it.name.clone(), Some(id), place(to, &it.name))).collect();
    for (id, ladder) in to.ladders.iter().enumerate() {
        if place(from, &ladder.name).is_none() {
            pairs.push((ladder.name.clone(), None, Some(id)));
        }
    }
    pairs
}

/// Puts everybody into their cell of a ladder. `index`: its place in the plan.
pub(super) fn compare(
    from: &Passed<'_>,
    to: &Passed<'_>,
    index: usize,
    (name, from_id, to_id): LadderPair,
) -> (LadderPlan, Vec<Mover>) {
    let of = |passed: &Passed<'_>, id: Option<LadderId>| {
        id.map(|id| passed.rules.program.ladders[id].clone())
    };
    let ranks = Ranks::of(of(from, from_id).as_ref(), of(to, to_id).as_ref());
    let held = |passed: &Passed<'_>, id: Option<LadderId>, slot: Option<usize>| -> Option<TierId> {
        passed.outcome.after.standings.ladders[id?].tier[slot?].tier()
    };
    let tiers = |passed: &Passed<'_>, id: Option<LadderId>| {
        id.map_or(0, |id| passed.rules.program.ladders[id].tiers.len())
    };
    let (rows, columns) = (tiers(from, from_id), tiers(to, to_id));
    let mut plan = LadderPlan {
        name,
        from: from_id,
        to: to_id,
        matrix: vec![vec![0; columns + 1]; rows + 1],
        promoted: 0,
        demoted: 0,
        across: 0,
        unchanged: 0,
        ranks,
    };
    let mut movers = Vec::new();
    for (from_slot, to_slot) in joined(from.customers(), to.customers()) {
        let (left, reached) = (held(from, from_id, from_slot), held(to, to_id, to_slot));
        plan.matrix[left.unwrap_or(rows)][reached.unwrap_or(columns)] += 1;
        let Some(way) = plan.way(left, reached) else {
            plan.unchanged += 1;
            continue;
        };
        match way {
            Way::Promoted => plan.promoted += 1,
            Way::Demoted => plan.demoted += 1,
            Way::Across => plan.across += 1,
        }
        movers.push(Mover {
            ladder: index,
            from: left,
            to: reached,
            way,
            from_slot: from_slot.map(|slot| slot as u32),
            to_slot: to_slot.map(|slot| slot as u32),
        });
    }
    (plan, movers)
}
