use crate::build::Rules;
use crate::expr::{LadderId, TierId};
use crate::program::{Ladder, Program};
use crate::source::Sources;

/// One of the two programs, with the names that its tiers have in both.
pub(super) struct Side<'r> {
    pub program: &'r Program,
    pub texts: &'r Sources,
    /// By ladder and tier. A tier that was renamed has its new name on both sides.
    tiers: Vec<Vec<String>>,
}

impl<'r> Side<'r> {
    pub fn both(from: &'r Rules, to: &'r Rules) -> (Side<'r>, Side<'r>) {
        let own = |ladder: &Ladder| -> Vec<String> {
            ladder.tiers.iter().map(|tier| tier.name.clone()).collect()
        };
        let new = &to.program.ladders;
        let tiers = from.program.ladders.iter().map(|old| {
            match new.iter().find(|ladder| ladder.name == old.name) {
                Some(new) => names_now(old, new),
                None => own(old),
            }
        });
        let from = Side { program: &from.program, texts: &from.texts, tiers: tiers.collect() };
        let to =
            Side { program: &to.program, texts: &to.texts, tiers: new.iter().map(own).collect() };
        (from, to)
    }

    /// `club.vip`
    pub fn tier(&self, ladder: LadderId, tier: TierId) -> String {
        format!("{}.{}", self.program.ladders[ladder].name, self.tiers[ladder][tier])
    }

    /// The names of a ladder's tiers, highest first.
    pub fn tiers(&self, ladder: LadderId) -> &[String] {
        &self.tiers[ladder]
    }
}

/// The names of old tiers in the new ladder; those that it does not have keep their own.
fn names_now(old: &Ladder, new: &Ladder) -> Vec<String> {
    let has = |ladder: &Ladder, name: &str| ladder.tiers.iter().any(|tier| tier.name == name);
    let name_now = |name: &String| {
        let renamed = new.renamed.iter().find(|(before, _)| before == name);
        let now = renamed.map(|(_, tier)| &new.tiers[*tier].name);
        // Or the other way: the newer name is the one that is left.
        let back = old
            .renamed
            .iter()
            .find(|(before, tier)| old.tiers[*tier].name == *name && has(new, before));
        let now = now.or(back.map(|(before, _)| before));
        // A tier that was there before already only takes in the holders of the old one.
        now.filter(|now| !has(new, name) && !has(old, now)).unwrap_or(name).clone()
    };
    let mut names: Vec<String> = Vec::with_capacity(old.tiers.len());
    for tier in &old.tiers {
        let now = name_now(&tier.name);
        // Of two old names for one tier the higher is the renamed one.
        names.push(if names.contains(&now) { tier.name.clone() } else { now });
    }
    names
}
