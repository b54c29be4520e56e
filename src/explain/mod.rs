//! From decisions to words: why somebody is where they are, and what is missing for more.
//!
//! In: a program, its texts, and what expressions read of one customer. Out: an
//! [`Explanation`], plain values that the command line, tests and services show in their own
//! way. Never: deciding anything anew, IO, or colours.

mod ahead;
mod change;
#[cfg(test)]
mod change_tests;
mod criterion;
mod customer;
mod json;
mod message;
mod next;
mod recorded;
mod words;

use jiff::civil::Date;
use rust_decimal::Decimal;

pub use ahead::NextChange;
pub use criterion::{Criterion, Slot};
pub use customer::{criteria, explain, explain_alone, next_tier};
pub use json::{benefits_json, given_json};
pub use message::Mentioned;
pub use next::{Change, Need, Next};
pub use recorded::{because, recorded};
pub use words::{Words, plain_number};

use crate::criteria::Requirement;
use crate::expr::{Condition, CutoffId, Expr, Fault, LadderId, TierId, Value};
use crate::lifecycle::Standing;
use crate::pass::GivenBenefit;
use crate::program::Program;
use crate::source::Sources;

/// What can be asked about one customer.
pub trait Measure {
    /// The value of an expression for the customer.
    fn value(&self, expr: &Expr) -> Result<Value, Fault>;

    /// Of a top the smallest measure that is in it.
    fn border(&self, cutoff: CutoffId) -> Result<Decimal, Fault>;

    /// When a cutoff was taken; `None` where that is not known.
    fn taken_on(&self, cutoff: CutoffId) -> Option<Date>;
}

/// Everything there is to say about one customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation<'a> {
    pub customer: String,
    pub as_of: Date,
    pub ladders: Vec<LadderExplanation>,
    /// Metrics by their index, with their value; a fault has none.
    pub metrics: Vec<(usize, Value)>,
    pub benefits: Vec<GivenBenefit<'a>>,
    /// Indexes into the program's segments.
    pub segments: Vec<usize>,
    /// Indexes into the program's alerts.
    pub alerts: Vec<usize>,
    /// What the messages of these alerts mention.
    pub mentioned: Vec<Mentioned>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LadderExplanation {
    pub ladder: LadderId,
    pub standing: Standing,
    pub criteria: Vec<Criterion>,
    /// `None`: there is no higher tier to earn.
    pub next: Option<Next>,
    /// `None`: no date is known on which something can change, or nobody has looked ahead.
    pub next_change: Option<NextChange>,
}

/// What a ladder asks of a customer, and what it measured.
pub fn explain_ladder(
    program: &Program,
    texts: &Sources,
    ladder: LadderId,
    standing: Standing,
    customer: &dyn Measure,
) -> LadderExplanation {
    let mut criteria = Vec::new();
    for (tier, rule) in program.ladders[ladder].tiers.iter().enumerate() {
        let slots = [(Slot::Enter, Some(&rule.enter)), (Slot::Keep, rule.keep.as_ref())];
        for (slot, condition) in slots {
            let Some(condition) = condition else { continue };
            criteria.extend(asked_of(program, texts, (tier, slot), condition, customer));
        }
    }
    let next = tier_above(program, ladder, standing.tier)
        .map(|tier| next::next(program, texts, ladder, tier, customer));
    LadderExplanation { ladder, standing, criteria, next, next_change: None }
}

/// The criteria of one condition, as they stand for a customer.
fn asked_of(
    program: &Program,
    texts: &Sources,
    place: (TierId, Slot),
    condition: &Condition<Expr>,
    customer: &dyn Measure,
) -> Vec<Criterion> {
    let leaves = Requirement::of(condition).leaves().into_iter();
    leaves
        .map(|(leaf, joined)| Criterion {
            joined,
            ..Criterion::of(leaf, program, texts, place, customer)
        })
        .collect()
}

/// The next higher tier that can be earned.
fn tier_above(program: &Program, ladder: LadderId, held: Option<TierId>) -> Option<TierId> {
    let tiers = &program.ladders[ladder].tiers;
    (0..held.unwrap_or(tiers.len()))
        .rev()
        .find(|&tier| !matches!(Requirement::of(&tiers[tier].enter), Requirement::Never))
}
