use std::cmp::Ordering;

use crate::expr::TierId;
use crate::program::Ladder;

/// How the tiers of a ladder in two packs stand to each other.
/// See [`LadderPlan::way`](super::LadderPlan::way) for what is above what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranks {
    /// By tier of the pack that is left: the same in the other.
    there: Vec<Option<TierId>>,
    /// By tier of the other pack: the same in the one that is left.
    back: Vec<Option<TierId>>,
}

impl Ranks {
    pub(super) fn of(from: Option<&Ladder>, to: Option<&Ladder>) -> Self {
        let tiers = |ladder: Option<&Ladder>| ladder.map_or(0, |ladder| ladder.tiers.len());
        let (mut there, mut back) = (vec![None; tiers(from)], vec![None; tiers(to)]);
        let (Some(from), Some(to)) = (from, to) else { return Self { there, back } };
        let place =
            |ladder: &Ladder, name: &str| ladder.tiers.iter().position(|tier| tier.name == name);
        for (id, tier) in from.tiers.iter().enumerate() {
            if let Some(other) = place(to, &tier.name) {
                (there[id], back[other]) = (Some(other), Some(id));
            }
        }
        // Names that the tiers had before, in either pack: it may be the one that is left that is
        // the newer.
        for (old, new) in &to.renamed {
            if let Some(id) = place(from, old).filter(|id| there[*id].is_none())
                && back[*new].is_none()
            {
                (there[id], back[*new]) = (Some(*new), Some(id));
            }
        }
        for (old, new) in &from.renamed {
            if let Some(other) = place(to, old).filter(|other| back[*other].is_none())
                && there[*new].is_none()
            {
                (there[*new], back[other]) = (Some(other), Some(*new));
            }
        }
        Self { there, back }
    }

    /// The same tier in the other pack.
    pub(super) fn there(&self, tier: TierId) -> Option<TierId> {
        self.there[tier]
    }

    /// The same tier in the pack that is left.
    pub(super) fn back(&self, tier: TierId) -> Option<TierId> {
        self.back[tier]
    }

    /// Whether two tiers are the same.
    pub(super) fn is_same(&self, from: Option<TierId>, to: Option<TierId>) -> bool {
        match (from, to) {
            (None, None) => true,
            (Some(from), Some(to)) => self.there[from] == Some(to),
            _ => false,
        }
    }

    /// How the tier reached stands to the one that was left: `Greater` is a rise.
    pub(super) fn order(&self, from: Option<TierId>, to: Option<TierId>) -> Ordering {
        let (from, to) = match (from, to) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Greater,
            (Some(_), None) => return Ordering::Less,
            (Some(from), Some(to)) => (from, to),
        };
        // A smaller number is nearer the top.
        match (self.there[from], self.back[to]) {
            (Some(from), _) => from.cmp(&to),
            (None, Some(to)) => from.cmp(&to),
            (None, None) => place(&self.there, from).cmp(&place(&self.back, to)),
        }
    }
}

/// Of a tier that only one pack has: how many common tiers stand above it, and how many of its own
/// since the last of these.
fn place(same: &[Option<TierId>], tier: TierId) -> (usize, usize) {
    let above = &same[..tier];
    let own = above.iter().rev().take_while(|same| same.is_none()).count();
    (above.iter().flatten().count(), own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(from: &[&str], to: &[&str], renamed: &[(&str, &str)]) -> Ranks {
        let ladder = |tiers: &[&str], renamed: &[(&str, &str)]| {
            let tiers: String = tiers
                .iter()
                .map(|tier| format!("      {tier}: {{ enter: spend > 1 }}\n"))
                .collect();
            let renamed: String =
                renamed.iter().map(|(old, new)| format!("      {old}: {new}\n")).collect();
            let renamed = match renamed.is_empty() {
                true => String::new(),
                false => format!("    renamed:\n{renamed}"),
            };
            let pack = format!("ladders:\n  club:\n{renamed}    tiers:\n{tiers}");
            crate::pass::fixture::shop("", "", &pack).ladders[0].clone()
        };
        Ranks::of(Some(&ladder(from, &[])), Some(&ladder(to, renamed)))
    }

    #[test]
    fn the_same_tiers_are_ordered_by_place() {
        let ranks = ranks(&["vip", "gold", "member"], &["vip", "gold", "member"], &[]);
        assert_eq!(ranks.order(Some(1), Some(0)), Ordering::Greater);
        assert_eq!(ranks.order(Some(1), Some(1)), Ordering::Equal);
        assert_eq!(ranks.order(Some(0), Some(2)), Ordering::Less);
        assert_eq!(ranks.order(None, Some(2)), Ordering::Greater);
        assert_eq!(ranks.order(Some(2), None), Ordering::Less);
        assert_eq!(ranks.order(None, None), Ordering::Equal);
    }

    #[test]
    fn a_renamed_tier_is_the_same() {
        let ranks = ranks(&["vip", "gold"], &["vip", "premium"], &[("gold", "premium")]);
        assert!(ranks.is_same(Some(1), Some(1)));
        assert_eq!(ranks.order(Some(1), Some(1)), Ordering::Equal);
        assert_eq!(ranks.order(Some(1), Some(0)), Ordering::Greater);
    }

    #[test]
    fn tiers_of_one_pack_only_are_ordered_by_those_of_both() {
        // A tier between two others; and one at the top.
        let ranks = ranks(&["vip", "gold", "member"], &["black", "vip", "silver", "member"], &[]);
        // gold is gone: silver stands where it stood.
        assert_eq!(ranks.order(Some(1), Some(2)), Ordering::Equal);
        assert!(!ranks.is_same(Some(1), Some(2)));
        assert_eq!(ranks.order(Some(1), Some(3)), Ordering::Less);
        assert_eq!(ranks.order(Some(1), Some(0)), Ordering::Greater);
        assert_eq!(ranks.order(Some(0), Some(0)), Ordering::Greater);
        assert_eq!(ranks.order(Some(0), Some(2)), Ordering::Less);
        assert_eq!(ranks.order(Some(2), Some(2)), Ordering::Greater);
        // The second of two tiers of its own is below the first of another pack's.
        let ranks = self::ranks(&["a", "b", "member"], &["c", "member"], &[]);
        assert_eq!(ranks.order(Some(1), Some(0)), Ordering::Greater);
        assert_eq!(ranks.order(Some(0), Some(0)), Ordering::Equal);
    }

    #[test]
    fn where_the_order_changed_that_of_the_other_pack_counts() {
        let ranks = ranks(&["vip", "gold"], &["gold", "vip"], &[]);
        assert_eq!(ranks.order(Some(0), Some(0)), Ordering::Greater);
        assert_eq!(ranks.order(Some(1), Some(1)), Ordering::Less);
    }
}
