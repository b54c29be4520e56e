use super::{Comparison, Part};
use crate::expr::LadderId;

impl Comparison<'_> {
    pub(super) fn ladders(&mut self) {
        let (old, new) = (self.from.program, self.to.program);
        for (id, ladder) in new.ladders.iter().enumerate() {
            match old.ladders.iter().position(|before| before.name == ladder.name) {
                Some(before) => self.ladder(before, id),
                None => {
                    let tiers = self.to.tiers(id).join(", ");
                    let place = format!("ladder {}", ladder.name);
                    self.tell(Part::Ladders, place, format!("added, with {tiers}"));
                    for tier in 0..ladder.tiers.len() {
                        self.added_tier(id, tier);
                    }
                }
            }
        }
        for ladder in &old.ladders {
            if new.ladders.iter().all(|now| now.name != ladder.name) {
                self.tell(Part::Ladders, format!("ladder {}", ladder.name), "removed");
            }
        }
    }

    fn ladder(&mut self, was: LadderId, is: LadderId) {
        let (old, new) = (&self.from.program.ladders[was], &self.to.program.ladders[is]);
        self.order(&new.name, was, is);
        let shares = (self.from.shares(old), self.to.shares(new));
        if let (Some(was), Some(is)) = &shares {
            self.tell_texts(
                Part::Ladders,
                &format!("{} rank_by", new.name),
                &was.rank_by,
                &is.rank_by,
            );
        }
        if let (Some(was), Some(is)) = (self.from.ties(was), self.to.ties(is)) {
            self.tell_texts(Part::Ladders, &format!("{} ties", new.name), &was, &is);
        }
        self.ladder_policies(old, new);
        let names = self.to.tiers(is).to_vec();
        for (tier, name) in names.iter().enumerate() {
            match self.from.tiers(was).iter().position(|before| before == name) {
                None => self.added_tier(is, tier),
                Some(before) => self.tier((was, before), (is, tier), &shares),
            }
        }
        self.removed_tiers(was, is);
        self.renames(was, is);
    }

    /// Tells where tiers that both have stand in another order.
    fn order(&mut self, ladder: &str, was: LadderId, is: LadderId) {
        let (old, new) = (self.from.tiers(was), self.to.tiers(is));
        let common = |own: &[String], other: &[String]| {
            own.iter().filter(|name| other.contains(name)).cloned().collect::<Vec<_>>().join(", ")
        };
        let (was, is) = (common(old, new), common(new, old));
        self.tell_texts(Part::Ladders, &format!("{ladder} order"), &was, &is);
    }
}
