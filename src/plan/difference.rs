//! What else differs between two passes: cutoffs, who is noticed, what benefits cost.

use rust_decimal::Decimal;

use super::{Passed, Plan};
use crate::expr::decimal::add;
use crate::expr::{Fault, Unit};
use crate::metrics::population::Taken;
use crate::pass::BenefitCost;
use crate::program::Cutoff;

/// A value over the population in both packs. The same one is that with the same text in the same
/// ladder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutoffPair<'a> {
    /// As written in the pack.
    pub text: &'a str,
    /// Whose criteria ask for it first; `None`: something outside of ladders does.
    pub ladder: Option<&'a str>,
    /// Of what is measured.
    pub unit: Unit,
    pub before: Option<&'a Taken>,
    pub after: Option<&'a Taken>,
}

/// How many customers something holds for, in both packs; `None`: that pack does not have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    pub name: &'a str,
    pub before: Option<u64>,
    pub after: Option<u64>,
}

/// What a benefit costs a year in both packs; `None`: that pack does not have it, or it declares
/// no cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs<'a> {
    pub name: &'a str,
    pub before: Option<BenefitCost>,
    pub after: Option<BenefitCost>,
}

/// Money a year, six decimals; `None`: no benefit declares a cost. A fault: too large a sum.
pub type TotalCost = Option<Result<Decimal, Fault>>;

impl Plan<'_> {
    pub fn cutoffs(&self) -> Vec<CutoffPair<'_>> {
        let mut pairs: Vec<CutoffPair<'_>> = Vec::new();
        for (cutoff, taken, ladder) in cutoffs(&self.from) {
            pairs.push(CutoffPair {
                text: &cutoff.text,
                ladder,
                unit: cutoff.measure.unit,
                before: taken,
                after: None,
            });
        }
        let known = pairs.len();
        for (cutoff, taken, ladder) in cutoffs(&self.to) {
            let same = pairs[..known].iter_mut().find(|pair| {
                pair.after.is_none() && (pair.text, pair.ladder) == (cutoff.text.as_str(), ladder)
            });
            match same {
                Some(pair) => pair.after = taken,
                None => pairs.push(CutoffPair {
                    text: &cutoff.text,
                    ladder,
                    unit: cutoff.measure.unit,
                    before: None,
                    after: taken,
                }),
            }
        }
        pairs
    }

    /// Who is in each segment.
    pub fn segments(&self) -> Vec<Pair<'_>> {
        self.pairs(|passed| {
            let segments = passed.rules.program.segments.iter().zip(&passed.outcome.after.segments);
            segments.map(|(segment, members)| (segment.name.as_str(), members.count)).collect()
        })
    }

    /// Whom each alert is about.
    pub fn alerts(&self) -> Vec<Pair<'_>> {
        self.pairs(|passed| {
            let alerts = passed.rules.program.alerts.iter().zip(&passed.outcome.alerts);
            alerts.map(|(alert, outcome)| (alert.name.as_str(), outcome.members.count)).collect()
        })
    }

    /// Of each benefit that declares a cost in either pack.
    pub fn costs(&self) -> Vec<Costs<'_>> {
        let pairs = paired(named_costs(&self.from), named_costs(&self.to));
        pairs.into_iter().map(|(name, before, after)| Costs { name, before, after }).collect()
    }

    /// What all benefits cost a year, before and after.
    pub fn cost(&self) -> (TotalCost, TotalCost) {
        (self.from.cost(), self.to.cost())
    }

    fn pairs<'a>(&'a self, of: impl Fn(&'a Passed<'_>) -> Vec<(&'a str, u64)>) -> Vec<Pair<'a>> {
        let pairs = paired(of(&self.from), of(&self.to));
        pairs.into_iter().map(|(name, before, after)| Pair { name, before, after }).collect()
    }
}

impl Passed<'_> {
    fn cost(&self) -> TotalCost {
        let costs = self.outcome.costs.iter().map(|benefit| benefit.cost);
        costs.reduce(|sum, cost| add(sum?, cost?))
    }
}

/// The cutoffs of a pass, with the ladder that asks for them.
fn cutoffs<'a>(
    passed: &'a Passed<'_>,
) -> impl Iterator<Item = (&'a Cutoff, Option<&'a Taken>, Option<&'a str>)> {
    let program = &passed.rules.program;
    let taken = passed.outcome.population.cutoffs.iter();
    program.cutoffs.iter().zip(taken).map(|(cutoff, taken)| {
        let ladder = cutoff.ladder.map(|ladder| program.ladders[ladder].name.as_str());
        (cutoff, taken.as_ref(), ladder)
    })
}

fn named_costs<'a>(passed: &'a Passed<'_>) -> Vec<(&'a str, BenefitCost)> {
    let benefits = &passed.rules.program.benefits;
    let costs = passed.outcome.costs.iter();
    costs.map(|cost| (benefits[cost.benefit].name.as_str(), *cost)).collect()
}

/// What has the same name in both, then what only the second has.
fn paired<'a, T: Copy>(
    before: Vec<(&'a str, T)>,
    after: Vec<(&'a str, T)>,
) -> Vec<(&'a str, Option<T>, Option<T>)> {
    let of = |list: &[(&'a str, T)], name: &str| {
        list.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    };
    let first = before.iter().map(|(name, value)| (*name, Some(*value), of(&after, name)));
    let mut pairs: Vec<_> = first.collect();
    let new = after.iter().filter(|(name, _)| of(&before, name).is_none());
    pairs.extend(new.map(|(name, value)| (*name, None, Some(*value))));
    pairs
}
