use super::clause::Clause;
use super::shares::Shares;
use super::words::NONE;
use super::written::Constants;
use super::{Comparison, Part};
use crate::expr::{LadderId, TierId};

/// What holds of the policies that a pack does not name.
const DEFAULTS: [&str; 4] = ["at once", NONE, "earned", NONE];

impl Comparison<'_> {
    pub(super) fn tier(
        &mut self,
        was: (LadderId, TierId),
        is: (LadderId, TierId),
        shares: &(Option<Shares>, Option<Shares>),
    ) {
        let old = &self.from.program.ladders[was.0].tiers[was.1];
        let new = &self.to.program.ladders[is.0].tiers[is.1];
        let place = self.to.tier(is.0, is.1);
        if old.name != new.name {
            self.tell(Part::Ladders, &place, format!("was called {}", old.name));
        }
        match shares {
            (Some(old), Some(new)) => {
                let (old, new) = (&old.of[was.1], &new.of[is.1]);
                self.tell_texts(Part::Ladders, &format!("{place} share"), old, new);
            }
            _ => {
                let conditions = (&old.enter, &new.enter);
                self.condition(Part::Ladders, &format!("{place} enter"), conditions, None);
            }
        }
        self.keep(&place, was, is);
        self.tier_policies(&place, (was.0, old), (is.0, new));
    }

    fn keep(&mut self, place: &str, was: (LadderId, TierId), is: (LadderId, TierId)) {
        let old = &self.from.program.ladders[was.0].tiers[was.1];
        let new = &self.to.program.ladders[is.0].tiers[is.1];
        let place = format!("{place} keep");
        // One that is the same as `enter` is as if it were not written.
        let own = |side: &super::Side<'_>, tier: &crate::program::Tier| {
            let keep = Clause::of(side, tier.keep.as_ref()?, None);
            (keep.exact() != Clause::of(side, &tier.enter, None).exact()).then(|| keep.text())
        };
        match (own(&self.from, old), own(&self.to, new)) {
            (None, None) => {}
            (Some(was), None) => {
                self.tell(Part::Ladders, place, format!("{was} → the same as enter"));
            }
            (None, Some(is)) => {
                self.tell(Part::Ladders, place, format!("the same as enter → {is}"));
            }
            (Some(_), Some(_)) => {
                if let (Some(was), Some(is)) = (&old.keep, &new.keep) {
                    self.condition(Part::Ladders, &place, (was, is), None);
                }
            }
        }
    }

    pub(super) fn added_tier(&mut self, ladder: LadderId, tier: TierId) {
        let rule = &self.to.program.ladders[ladder];
        let place = self.to.tier(ladder, tier);
        let tiers = self.to.tiers(ladder);
        let above = match tiers.get(tier + 1) {
            Some(below) => format!(" above {below}"),
            None => String::new(),
        };
        let shares = self.to.shares(rule);
        let rule = &rule.tiers[tier];
        let mut parts = Vec::new();
        match shares {
            Some(shares) => {
                parts.push(format!("share {} by {}", shares.of[tier], shares.rank_by));
            }
            None => parts.push(format!("enter {}", Clause::of(&self.to, &rule.enter, None).text())),
        }
        if let Some(keep) = &rule.keep {
            parts.push(format!("keep {}", Clause::of(&self.to, keep, None).text()));
        }
        parts.push(format!("review {}", self.to.review(&rule.review, Constants::Named)));
        let policies = self.to.policies(ladder, rule);
        for ((key, value), default) in policies.iter().zip(DEFAULTS) {
            if value != default {
                parts.push(format!("{key} {value}"));
            }
        }
        self.tell(Part::Ladders, place, format!("added{above}: {}", parts.join("; ")));
    }

    /// Where the holders of tiers that are gone come to is part of what happens to them.
    pub(super) fn removed_tiers(&mut self, was: LadderId, is: LadderId) {
        let (old, new) = (self.from.tiers(was), self.to.tiers(is));
        let ladder = &self.to.program.ladders[is];
        let gone = old.iter().enumerate().filter(|(_, name)| !new.contains(name));
        let told: Vec<_> = gone
            .map(|(tier, name)| {
                let renamed = ladder.renamed.iter().find(|(before, _)| before == name);
                let words = match renamed {
                    Some((_, now)) => {
                        format!("removed, its holders move to {}", self.to.tier(is, *now))
                    }
                    None => "removed".to_owned(),
                };
                (self.from.tier(was, tier), words)
            })
            .collect();
        for (place, words) in told {
            self.tell(Part::Ladders, place, words);
        }
    }

    /// Names of tiers that neither program has, which only stored standings may know.
    pub(super) fn renames(&mut self, was: LadderId, is: LadderId) {
        let (old, new) = (&self.from.program.ladders[was], &self.to.program.ladders[is]);
        let (before, now) = (self.from.tiers(was), self.to.tiers(is));
        let goes = |renamed: &[(String, TierId)], tiers: &[String], name: &str| {
            let found = renamed.iter().find(|(old, _)| old == name);
            found.map_or_else(|| NONE.to_owned(), |(_, tier)| tiers[*tier].clone())
        };
        let mut names: Vec<&String> = Vec::new();
        for (name, _) in new.renamed.iter().chain(&old.renamed) {
            let is_tier = old.tiers.iter().chain(&new.tiers).any(|tier| tier.name == *name);
            if !is_tier && !names.contains(&name) {
                names.push(name);
            }
        }
        let told: Vec<_> = names
            .into_iter()
            .map(|name| {
                let was = goes(&old.renamed, before, name);
                (name.clone(), was, goes(&new.renamed, now, name))
            })
            .collect();
        for (name, was, is) in told {
            let place = format!("{} renamed {name}", new.name);
            self.tell_texts(Part::Ladders, &place, &was, &is);
        }
    }
}
