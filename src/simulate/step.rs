use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::expr::Fault;
use crate::expr::decimal::add;
use crate::lifecycle::Event;
use crate::pass::{BenefitCost, LadderOutcome, Moves, PassOutcome};
use crate::program::Program;

/// What one pass of a simulation came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub as_of: Date,
    pub customers: u64,
    /// Decisions that could not be made.
    pub faults: u64,
    /// By `LadderId`.
    pub ladders: Vec<LadderStep>,
    /// Of the benefits that declare a cost.
    pub costs: Vec<BenefitCost>,
}

/// One ladder after a pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LadderStep {
    /// Customers in each tier, by `TierId`.
    pub tiers: Vec<u64>,
    pub none: u64,
    pub moves: Moves,
    /// The same by tier.
    pub by_tier: Vec<TierMoves>,
    /// Customers who have moved up and down again within a year, or down and up, up to here.
    pub flapping: u64,
}

/// The moves of a pass by tier: that to which they lead, and for `left` that which was left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TierMoves {
    pub entered: u64,
    pub upgraded: u64,
    pub downgraded: u64,
    pub left: u64,
}

impl Step {
    /// Without the flapping, which needs the steps before.
    pub(super) fn of(program: &Program, outcome: &PassOutcome) -> Self {
        let ladders = program.ladders.iter().zip(&outcome.ladders);
        Self {
            as_of: outcome.population.as_of,
            customers: outcome.population.facts.customers.len() as u64,
            faults: outcome.decision_faults(),
            ladders: ladders
                .map(|(ladder, outcome)| LadderStep::of(ladder.tiers.len(), outcome))
                .collect(),
            costs: outcome.costs.clone(),
        }
    }

    /// What all benefits together cost a year; `None` where none declares a cost.
    pub fn cost(&self) -> Option<Result<Decimal, Fault>> {
        let costs = self.costs.iter().map(|benefit| benefit.cost);
        costs.reduce(|sum, cost| add(sum?, cost?))
    }
}

impl LadderStep {
    fn of(tiers: usize, outcome: &LadderOutcome) -> Self {
        let mut by_tier = vec![TierMoves::default(); tiers];
        for moved in &outcome.events {
            let tier = if moved.event == Event::Left { moved.from } else { moved.to };
            // A tier that is gone has no place.
            let Some(moves) = tier.tier().and_then(|tier| by_tier.get_mut(tier)) else { continue };
            match moved.event {
                Event::Entered => moves.entered += 1,
                Event::Upgraded => moves.upgraded += 1,
                Event::Downgraded => moves.downgraded += 1,
                Event::Left => moves.left += 1,
                _ => {}
            }
        }
        let (tiers, none, moves) = (outcome.tiers.clone(), outcome.none, outcome.moves);
        Self { tiers, none, moves, by_tier, flapping: 0 }
    }
}
