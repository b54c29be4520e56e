//! What passes begin with: the facts of a store and the standings of a state, as of a date.
//!
//! In: programs, a state, a way to read facts. Out: for each facts, standings by their slots, held
//! cutoffs. Never: deciding, or a second way from a state to a pass.

mod before;

use std::thread;

use jiff::civil::Date;

pub use before::{Before, changed_tiers, nobody};

use crate::lifecycle::Standings;
use crate::metrics::population::HeldCutoff;
use crate::program::Program;
use crate::store::{Facts, State, StateError, StoredStandings, TierSince};

/// What a pass of a program begins with.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The date of the facts, for which the pass decides.
    pub as_of: Date,
    pub facts: Facts,
    /// Before the pass, by the slots of the facts.
    pub standings: Standings,
    /// By `CutoffId`.
    pub held: Vec<Option<HeldCutoff>>,
    /// Since when people hold their tiers, as windows of the facts ask for it.
    pub tier_since: TierSince,
}

/// What a pass begins with, and the state as it was opened: it knows whether somebody else has
/// stored something since.
pub fn begin<E: From<StateError>>(
    program: &Program,
    state: Option<State>,
    as_of: Date,
    read: impl FnOnce(&TierSince) -> Result<Facts, E>,
) -> Result<(Beginning, Option<State>), E> {
    let read_one = |since: [&TierSince; 1]| Ok::<_, E>([read(since[0])?]);
    let ([beginning], state) = begin_together([program], state, as_of, read_one)?;
    Ok((beginning, state))
}

/// The same for several programs. Facts are read while the standings are loaded; `read` is told
/// since when people hold their tiers, by program.
pub fn begin_together<const N: usize, E: From<StateError>>(
    programs: [&Program; N],
    state: Option<State>,
    as_of: Date,
    read: impl FnOnce([&TierSince; N]) -> Result<[Facts; N], E>,
) -> Result<([Beginning; N], Option<State>), E> {
    let mut befores = Vec::with_capacity(N);
    for program in programs {
        befores.push(Before::of(state.as_ref(), program, as_of)?);
    }
    let since = std::array::from_fn(|place| &befores[place].tier_since);
    // A state's connection belongs to one thread at a time, so it goes there and comes back.
    let (facts, loaded) = thread::scope(|scope| {
        let loading = state.map(|state| {
            scope.spawn(move || {
                let standings = state.stored_standings_of(&programs);
                (state, standings)
            })
        });
        let facts = read(since);
        (facts, loading.map(|thread| thread.join().expect("loading standings panicked")))
    });
    let facts = facts?;
    let (state, stored) = match loaded {
        Some((state, stored)) => (Some(state), placed(stored?, &facts)),
        None => (None, Vec::new()),
    };
    let mut stored = stored.into_iter();
    let mut beginnings = Vec::with_capacity(N);
    for ((program, before), facts) in programs.into_iter().zip(befores).zip(facts) {
        let standings = match (&state, stored.next()) {
            (Some(state), Some(standings)) => {
                before.complete(state, program, &facts.customers, standings)?
            }
            _ => nobody(program, facts.customers.len()),
        };
        let Before { held, tier_since, .. } = before;
        beginnings.push(Beginning { as_of, facts, standings, held, tier_since });
    }
    Ok((beginnings.try_into().expect("each program begins"), state))
}

/// Stored standings by the slots of facts, side by side.
fn placed(stored: Vec<StoredStandings>, facts: &[Facts]) -> Vec<Standings> {
    thread::scope(|scope| {
        let placing = stored.into_iter().zip(facts);
        let placing = placing.map(|(stored, facts)| scope.spawn(|| stored.of(&facts.customers)));
        let placing: Vec<_> = placing.collect();
        placing.into_iter().map(|thread| thread.join().expect("placing panicked")).collect()
    })
}
