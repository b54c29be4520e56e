use serde::Serialize;

use super::{After, AlertOutcome, Because, BenefitCost, FaultCount, NoticedEvents};
use crate::expr::Fault;
use crate::lifecycle::{Event, TierCode};
use crate::metrics::population::Population;

/// What a pass found and changed.
#[derive(Debug, Clone)]
pub struct PassOutcome {
    pub population: Population,
    /// Standings, segments and what reads them, after the pass.
    pub after: After,
    /// By `LadderId`.
    pub ladders: Vec<LadderOutcome>,
    /// By `AlertId`.
    pub alerts: Vec<AlertOutcome>,
    /// Who came into and left segments, and for whom an alert was raised.
    pub noticed: NoticedEvents,
    /// Of the benefits that declare a cost.
    pub costs: Vec<BenefitCost>,
    pub faults: Vec<FaultCount>,
    /// In words, for the summary.
    pub warnings: Vec<String>,
}

impl PassOutcome {
    /// Decisions that could not be made, over all ladders.
    pub fn decision_faults(&self) -> u64 {
        self.ladders.iter().map(|ladder| ladder.faults).sum()
    }
}

/// What happened in one ladder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LadderOutcome {
    /// Customers in each tier after the pass, by `TierId`.
    pub tiers: Vec<u64>,
    /// Customers without a tier.
    pub none: u64,
    pub moves: Moves,
    /// Decisions that were faults.
    pub faults: u64,
    /// The tier that each customer earns, by slot; without one where the decision is a fault.
    pub earned: Vec<TierCode>,
    /// Every event, by slot.
    pub events: Vec<Moved>,
    /// What each of them rests on.
    pub because: Because,
    /// Slots whose stored standing differs from the one before, in order.
    pub changed: Vec<u32>,
}

/// An event of one customer in a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub slot: u32,
    pub event: Event,
    pub from: TierCode,
    pub to: TierCode,
    /// Of a decision that could not be made.
    pub fault: Option<Fault>,
}

/// How many events of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Moves {
    pub entered: u64,
    pub upgraded: u64,
    pub downgraded: u64,
    pub retained: u64,
    pub left: u64,
    pub grace_started: u64,
    pub grace_recovered: u64,
    pub migrated: u64,
}

impl Moves {
    pub(super) fn count(&mut self, event: Event) {
        match event {
            Event::Entered => self.entered += 1,
            Event::Upgraded => self.upgraded += 1,
            Event::Downgraded => self.downgraded += 1,
            Event::Retained => self.retained += 1,
            Event::Left => self.left += 1,
            Event::GraceStarted => self.grace_started += 1,
            Event::GraceRecovered => self.grace_recovered += 1,
            Event::Migrated => self.migrated += 1,
            _ => {}
        }
    }
}

/// Who is in something, by slot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Membership {
    pub holds: Vec<bool>,
    pub count: u64,
}

impl Membership {
    pub(super) fn new(holds: Vec<bool>) -> Self {
        let count = holds.iter().filter(|holds| **holds).count() as u64;
        Self { holds, count }
    }
}
