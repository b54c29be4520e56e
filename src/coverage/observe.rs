//! What customers showed in a pass.

use std::collections::BTreeSet;

use super::Coverage;
use super::conditions::{Asked, Audience, conditions};
use super::point::{Aspect, Border, Comparison, Giver, Part, Point, Side, Stay};
use super::threshold::{Standard, Threshold, thresholds};
use crate::criteria::Leaf;
use crate::expr::{Expr, Inputs, Value, evaluate, holds};
use crate::lifecycle::{Event, Standings};
use crate::metrics::population::{Population, StandingColumns};
use crate::pass::{PassOutcome, Why, begun, benefits, standing_columns};
use crate::program::{Benefit, Program, SegmentRule};

impl Coverage {
    /// Counts what some customers (by slot; others are background) showed in a pass. `before` are
    /// the standings that the pass was given.
    ///
    /// Conditions are looked at part by part, also where the pass had no need to: the second of
    /// two criteria is seen although the first has decided. Where scripts count their lines, only
    /// the lines count that benefits run.
    pub fn observe(
        &mut self,
        program: &Program,
        before: &Standings,
        outcome: &PassOutcome,
        slots: &[usize],
    ) {
        let slots: BTreeSet<usize> = slots.iter().copied().collect();
        let begun = begun(program, before);
        let population = &outcome.population;
        let asked = begun.asked.as_deref().unwrap_or(&begun);
        let columns = standing_columns(program, asked, population.as_of);
        let look = Look { program, begun: &begun, columns: &columns, outcome };
        let conditions = look.conditions();
        for &slot in &slots {
            look.conditions_of(slot, &conditions, self);
            look.benefits_of(slot, self);
            look.near(slot, self);
            self.stays(&begun, &outcome.after.standings, slot, true);
        }
        for (ladder, found) in outcome.ladders.iter().enumerate() {
            for moved in found.events.iter().filter(|it| slots.contains(&(it.slot as usize))) {
                let stay = match moved.event {
                    Event::Expiring => Stay::Warned,
                    Event::GraceStarted => Stay::Graced,
                    _ => continue,
                };
                let tier = moved.from.tier();
                tier.into_iter().for_each(|tier| self.stay(ladder, tier, stay));
            }
        }
    }

    /// Counts the tiers that some customers entered and left by hand, between passes.
    pub fn observe_by_hand(&mut self, before: &Standings, after: &Standings, slots: &[usize]) {
        let slots: BTreeSet<usize> = slots.iter().copied().collect();
        slots.into_iter().for_each(|slot| self.stays(before, after, slot, false));
    }

    /// Entered, left, and, in a pass, held.
    fn stays(&mut self, before: &Standings, after: &Standings, slot: usize, in_pass: bool) {
        for (ladder, (before, after)) in before.ladders.iter().zip(&after.ladders).enumerate() {
            let (from, to) = (before.tier[slot].tier(), after.tier[slot].tier());
            match (from, to) {
                (Some(from), Some(to)) if from == to => {
                    if in_pass {
                        self.stay(ladder, to, Stay::Held);
                    }
                }
                _ => {
                    from.into_iter().for_each(|from| self.stay(ladder, from, Stay::Left));
                    to.into_iter().for_each(|to| self.stay(ladder, to, Stay::Entered));
                }
            }
        }
    }

    fn stay(&mut self, ladder: usize, tier: usize, stay: Stay) {
        self.add(Part::Tier(ladder, tier), Aspect::Stay(stay));
    }

    fn add(&mut self, part: Part, aspect: Aspect) {
        *self.counts.entry(Point { part, aspect }).or_insert(0) += 1;
    }
}

/// A pass that is looked at.
struct Look<'a> {
    program: &'a Program,
    begun: &'a Standings,
    /// What the criteria of tiers and the lines of scores read.
    columns: &'a StandingColumns,
    outcome: &'a PassOutcome,
}

/// A condition down to what its comparisons ask.
struct Comparisons<'a> {
    asked: Asked<'a>,
    leaves: Vec<(Leaf<'a>, Vec<Threshold<'a>>)>,
}

impl<'a> Look<'a> {
    fn conditions(&self) -> Vec<Comparisons<'a>> {
        let program = self.program;
        let all = conditions(program).into_iter().map(|asked| {
            let leaves = asked.leaves().into_iter();
            let leaves = leaves.map(|leaf| (leaf, thresholds(program, leaf))).collect();
            Comparisons { asked, leaves }
        });
        all.collect()
    }

    fn population(&self) -> &'a Population {
        &self.outcome.population
    }

    fn conditions_of(&self, slot: usize, conditions: &[Comparisons<'_>], seen: &mut Coverage) {
        let Look { program, outcome, .. } = *self;
        let held =
            |standings: &Standings, ladder: usize| standings.ladders[ladder].tier[slot].tier();
        let (before, after): (Vec<_>, Vec<_>) = conditions
            .iter()
            .filter(|condition| match condition.asked.of {
                Audience::Before | Audience::After => true,
                Audience::HoldersBefore(ladder, tier) => held(self.begun, ladder) == Some(tier),
                Audience::HoldersAfter(ladder, tier) => {
                    held(&outcome.after.standings, ladder) == Some(tier)
                }
                Audience::Candidates(benefit) => {
                    !self.givers(&program.benefits[benefit], slot).is_empty()
                }
            })
            .partition(|condition| {
                matches!(condition.asked.of, Audience::Before | Audience::HoldersBefore(..))
            });
        for (conditions, columns) in [(before, self.columns), (after, &outcome.after.columns)] {
            self.population().with_customer_uncounted(program, columns, slot, |customer| {
                for condition in conditions {
                    self.comparisons_of(slot, condition, customer, seen);
                }
            });
        }
    }

    fn comparisons_of(
        &self,
        slot: usize,
        condition: &Comparisons<'_>,
        customer: &dyn Inputs,
        seen: &mut Coverage,
    ) {
        for (index, (leaf, thresholds)) in condition.leaves.iter().enumerate() {
            let part = condition.asked.part;
            let comparison = Comparison { slot: condition.asked.slot, index };
            let Some(holds) = comes_out(leaf.expr, customer) else { continue };
            seen.add(part, Aspect::Criterion(comparison, holds));
            for threshold in thresholds {
                if let Some((border, side)) = self.side(slot, threshold, customer) {
                    seen.add(part, Aspect::Threshold(comparison, border, side));
                }
            }
        }
    }

    /// A top has a border where somebody is in it, and for those who can be.
    fn side(
        &self,
        slot: usize,
        threshold: &Threshold<'_>,
        customer: &dyn Inputs,
    ) -> Option<(Border, Side)> {
        if let Standard::Top(cutoff) = threshold.asked {
            let taken = self.population().cutoff(cutoff)?;
            if taken.count == 0 || !self.population().counts[slot] {
                return None;
            }
        }
        Some((threshold.border, threshold.side(customer)?))
    }

    /// What of a benefit's table is about a customer.
    fn givers(&self, benefit: &Benefit, slot: usize) -> Vec<Giver> {
        let after = &self.outcome.after;
        let tiers = benefit.tiers.iter().enumerate().filter(|(_, benefit)| {
            let held = after.standings.ladders[benefit.ladder].tier[slot].tier();
            held == Some(benefit.tier)
        });
        let segments = benefit.segments.iter().enumerate();
        let segments = segments.filter(|(_, benefit)| after.segments[benefit.segment].holds[slot]);
        let tiers = tiers.map(|(index, _)| Giver::Tier(index));
        tiers.chain(segments.map(|(index, _)| Giver::Segment(index))).collect()
    }

    fn benefits_of(&self, slot: usize, seen: &mut Coverage) {
        let Look { program, outcome, .. } = *self;
        for given in benefits(program, self.population(), &outcome.after, slot) {
            let Some(id) = program.benefits.iter().position(|it| it.name == given.id) else {
                continue;
            };
            let benefit = &program.benefits[id];
            let giver = match given.why {
                Why::Tier(ladder, tier) => {
                    let of = |it: &crate::program::TierBenefit| (it.ladder, it.tier);
                    benefit.tiers.iter().position(|it| of(it) == (ladder, tier)).map(Giver::Tier)
                }
                Why::Segment(segment) => {
                    benefit.segments.iter().position(|it| it.segment == segment).map(Giver::Segment)
                }
            };
            giver.into_iter().for_each(|giver| seen.add(Part::Benefit(id), Aspect::Given(giver)));
        }
        for (id, benefit) in program.benefits.iter().enumerate() {
            let givers = self.givers(benefit, slot);
            if givers.is_empty() {
                continue;
            }
            let columns = &outcome.after.columns;
            let withheld =
                self.population().with_customer_uncounted(program, columns, slot, |customer| {
                    let truth = holds(&benefit.when, customer, None);
                    !truth.holds[0] && truth.faults.is_none_or(|faults| faults[0] == 0)
                });
            if withheld {
                for giver in givers {
                    seen.add(Part::Benefit(id), Aspect::Withheld(giver));
                }
            }
        }
    }

    fn near(&self, slot: usize, seen: &mut Coverage) {
        for (id, segment) in self.program.segments.iter().enumerate() {
            if let SegmentRule::Near { .. } = segment.rule {
                let holds = self.outcome.after.segments[id].holds[slot];
                seen.add(Part::Segment(id), Aspect::Near(holds));
            }
        }
    }
}

/// Whether an expression is true; what is unknown is not. `None` where it is a fault.
fn comes_out(expr: &Expr, customer: &dyn Inputs) -> Option<bool> {
    match evaluate(expr, customer, None).value(0) {
        Ok(Value::Flag(holds)) => Some(holds),
        Ok(Value::Null) => Some(false),
        _ => None,
    }
}
