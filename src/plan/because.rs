//! What a move rests on: the criteria of the other pack that decide.

use super::stays::Stays;
use super::{Mover, Passed, Plan, Way};
use crate::explain::{Criterion, Slot, criteria};
use crate::expr::{LadderId, TierId};
use crate::metrics::population::StandingColumns;
use crate::pass::columns_before;

/// Why somebody is in another tier of the other pack.
#[derive(Debug, Clone, PartialEq)]
pub enum Because {
    /// What that pack asks for the tier that decides, and what it measured.
    Criteria(Vec<Criterion>),
    /// What was measured decides nothing there yet.
    Stays(Stays),
    /// It does not have the tier that is lost.
    NoTier,
    /// It does not have the ladder.
    NoLadder,
    /// It does not know the customer.
    NoCustomer,
}

/// Tells on what moves rest.
#[derive(Debug)]
pub struct Reasons<'a> {
    plan: &'a Plan<'a>,
    /// What the criteria of the first pack read.
    from: StandingColumns,
    /// What those of the other one read.
    to: StandingColumns,
}

impl<'a> Reasons<'a> {
    pub fn of_plan(plan: &'a Plan<'a>) -> Self {
        let columns =
            |passed: &Passed<'_>| columns_before(&passed.rules.program, &passed.before, plan.as_of);
        Self { plan, from: columns(&plan.from), to: columns(&plan.to) }
    }

    /// What a move rests on: criteria of the pack that is planned against (`to`), with what they
    /// measured in its pass.
    ///
    /// - Of a rise the `enter` of the tier reached; its `keep`, where it is not earned but kept.
    /// - Of a fall the `keep` of the tier lost (its `enter`, where it has no other), if the
    ///   customer held it before the passes, and its `enter` otherwise.
    /// - Of a move to a tier at the same place the `enter` of the tier reached.
    ///
    /// Where that pack's pass does not go by what was measured, that is why: [`Stays`].
    pub fn of(&self, mover: &Mover) -> Because {
        let Passed { rules, outcome, .. } = &self.plan.to;
        let ladder_plan = &self.plan.ladders[mover.ladder];
        let Some(ladder) = ladder_plan.to else { return Because::NoLadder };
        let Some(slot) = mover.to_slot else { return Because::NoCustomer };
        let slot = slot as usize;
        let (tier, asked) = match (mover.way, mover.to) {
            (Way::Promoted | Way::Across, Some(reached)) => {
                let earned = outcome.ladders[ladder].earned[slot].tier();
                let is_earned = earned.is_some_and(|earned| earned <= reached);
                (reached, if is_earned { Slot::Enter } else { Slot::Keep })
            }
            _ => {
                let lost = mover.from.and_then(|lost| ladder_plan.there(lost));
                let Some(lost) = lost else { return Because::NoTier };
                let held = self.plan.to.held_before(ladder, slot) == Some(lost);
                (lost, if held { Slot::Keep } else { Slot::Enter })
            }
        };
        let before = self.plan.to.held_before(ladder, slot);
        let stays = Stays::of(&self.plan.to, (ladder, slot), (mover.way, tier), before);
        if let Some(stays) = stays {
            return Because::Stays(stays);
        }
        let of = (ladder, tier, asked);
        Because::Criteria(criteria(rules, &outcome.population, &self.to, slot, of))
    }

    /// Of the criteria that a move rests on those that came out otherwise in the first pack, or are
    /// not asked there: these are what the change comes to. The same one is that of the same tier
    /// with the same text, or else about the same. Empty: the pass differs elsewhere.
    pub fn turned<'c>(&self, mover: &Mover, found: &'c [Criterion]) -> Vec<&'c Criterion> {
        let before = found.first().map_or_else(Vec::new, |first| self.before(mover, first));
        let was = |criterion: &Criterion| {
            let same_text = before.iter().find(|it| it.text == criterion.text);
            let about = |it: &&Criterion| {
                (&it.subject, it.direction) == (&criterion.subject, criterion.direction)
                    && found.iter().all(|other| other.text != it.text)
            };
            same_text.or_else(|| before.iter().find(about))
        };
        let turned = |it: &&Criterion| was(it).is_none_or(|was| was.met != it.met);
        found.iter().filter(turned).collect()
    }

    /// What the first pack asks of a mover where the other one asks this.
    fn before(&self, mover: &Mover, criterion: &Criterion) -> Vec<Criterion> {
        let Passed { rules, outcome, .. } = &self.plan.from;
        let ladder_plan = &self.plan.ladders[mover.ladder];
        let asked = || {
            let tier = ladder_plan.back(criterion.tier)?;
            let of = (ladder_plan.from?, tier, criterion.slot);
            let slot = mover.from_slot? as usize;
            Some(criteria(rules, &outcome.population, &self.from, slot, of))
        };
        asked().unwrap_or_default()
    }
}

impl Passed<'_> {
    /// The tier that a customer held before the pass, by its name of now.
    fn held_before(&self, ladder: LadderId, slot: usize) -> Option<TierId> {
        let standings = &self.before.ladders[ladder];
        let code = standings.tier[slot];
        let gone = code.gone_index().map(|gone| &standings.gone[gone]);
        let renamed = &self.rules.program.ladders[ladder].renamed;
        let renamed = gone.and_then(|gone| renamed.iter().find(|(old, _)| old == gone));
        code.tier().or(renamed.map(|(_, tier)| *tier))
    }
}
