use jiff::civil::Date;

use crate::expr::LadderId;
use crate::lifecycle::{OnChange, Standings};
use crate::metrics::population::HeldCutoff;
use crate::pass::asks_standings;
use crate::program::Program;
use crate::store::{CustomerId, Moment, State, StateError, TierSince};

/// What a state says to a pass of a program before anybody is decided.
#[derive(Debug, Default)]
pub struct Before {
    as_of: Date,
    pub tier_since: TierSince,
    pub held: Vec<Option<HeldCutoff>>,
    changed: Vec<(LadderId, Vec<bool>)>,
    /// A second pass of a date asks what the first one asked.
    again: bool,
}

impl Before {
    /// Refuses a date before the last pass. Without a state nothing is known.
    pub fn of(state: Option<&State>, program: &Program, as_of: Date) -> Result<Self, StateError> {
        let Some(state) = state else { return Ok(Self { as_of, ..Self::default() }) };
        state.check_date(as_of)?;
        let again = state.last_pass()?.is_some_and(|last| last.as_of == as_of);
        let tier_since = match again {
            true => state.past_tier_since(program, Moment::Before(as_of))?,
            false => state.tier_since(program)?,
        };
        let held = state.held_cutoffs(program, as_of)?;
        Ok(Self { as_of, tier_since, held, changed: changed_tiers(state, program)?, again })
    }

    /// Completes the standings as they are stored.
    pub fn complete(
        &self,
        state: &State,
        program: &Program,
        customers: &[CustomerId],
        mut standings: Standings,
    ) -> Result<Standings, StateError> {
        for (ladder, tiers) in &self.changed {
            standings.ladders[*ladder].review_now.clone_from(tiers);
        }
        if self.again && asks_standings(program) {
            let before = Moment::Before(self.as_of);
            let asked = state.past_standings(program, customers, before)?;
            standings.asked = Some(Box::new(asked));
        }
        Ok(standings)
    }
}

/// The standings of customers before the first pass.
pub fn nobody(program: &Program, customers: usize) -> Standings {
    Standings::empty(customers, program.ladders.len(), program.alerts.len())
}

/// Of the ladders that want it: the tiers whose rules are others than in the last pass.
pub fn changed_tiers(
    state: &State,
    program: &Program,
) -> Result<Vec<(LadderId, Vec<bool>)>, StateError> {
    let wanting = |ladder: &LadderId| program.ladders[*ladder].on_change == OnChange::ReviewNow;
    let wanting: Vec<LadderId> = (0..program.ladders.len()).filter(wanting).collect();
    let Some(last) = state.last_pass()?.filter(|_| !wanting.is_empty()) else {
        return Ok(Vec::new());
    };
    if last.program == program.generation() {
        return Ok(Vec::new());
    }
    let before = state.origin(&last.program)?.and_then(|origin| origin.build().program);
    let Some(before) = before else { return Ok(Vec::new()) };
    let changed =
        wanting.into_iter().map(|ladder| (ladder, program.changed_tiers(&before, ladder)));
    Ok(changed.collect())
}
