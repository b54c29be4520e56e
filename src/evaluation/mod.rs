//! What a pass begins with: the facts of a store and the standings of a state, as of a date.
//!
//! In: a program, a state, a way to read facts. Out: facts, standings by their slots, held
//! cutoffs. Never: deciding, or a second way from a state to a pass.

mod before;

use std::thread;

use jiff::civil::Date;

pub use before::{Before, changed_tiers, nobody};

use crate::lifecycle::Standings;
use crate::metrics::population::HeldCutoff;
use crate::program::Program;
use crate::store::{Facts, State, StateError, TierSince};

/// What a pass of a program begins with.
#[derive(Debug)]
pub struct Beginning {
    pub facts: Facts,
    /// Before the pass, by the slots of the facts.
    pub standings: Standings,
    /// By `CutoffId`.
    pub held: Vec<Option<HeldCutoff>>,
    /// As it was opened: it knows whether somebody else has stored something since.
    pub state: Option<State>,
}

/// Reads the facts, and loads the standings meanwhile. `read` is told since when people hold
/// their tiers.
pub fn begin<E: From<StateError>>(
    program: &Program,
    state: Option<State>,
    as_of: Date,
    read: impl FnOnce(&TierSince) -> Result<Facts, E>,
) -> Result<Beginning, E> {
    let before = Before::of(state.as_ref(), program, as_of)?;
    // A state's connection belongs to one thread at a time, so it goes there and comes back.
    let (facts, loaded) = thread::scope(|scope| {
        let loading = state.map(|state| {
            scope.spawn(move || {
                let standings = state.stored_standings(program);
                (state, standings)
            })
        });
        let facts = read(&before.tier_since);
        (facts, loading.map(|thread| thread.join().expect("loading standings panicked")))
    });
    let facts = facts?;
    let (state, standings) = match loaded {
        Some((state, standings)) => {
            let standings = standings?.of(&facts.customers);
            let standings = before.complete(&state, program, &facts.customers, standings)?;
            (Some(state), standings)
        }
        None => (None, nobody(program, facts.customers.len())),
    };
    Ok(Beginning { facts, standings, held: before.held, state })
}
