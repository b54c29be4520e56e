//! What the two passes of a plan begin with.

use std::thread;

use jiff::civil::Date;
use tierkeeper::build::Rules;
use tierkeeper::evaluation::{Before, nobody};
use tierkeeper::lifecycle::Standings;
use tierkeeper::plan::Side;
use tierkeeper::store::{Asking, CustomerId, Facts, State, StoredStandings, read_facts_together};

use crate::decided::{note_bad_rows, reading};
use crate::exit::Failure;
use crate::output;
use crate::session::Session;

/// Facts, stored standings and held cutoffs for two packs, as of a date. The rows of the store are
/// read once, and the standings are loaded meanwhile.
pub fn passes<'r>(
    session: &Session<'_>,
    rules: [&'r Rules; 2],
    as_of: Date,
    skip_bad_rows: bool,
) -> Result<[Side<'r>; 2], Failure> {
    let path = session.state()?;
    let state = State::open_existing(&path)?;
    if state.is_none() {
        output::note(format_args!(
            "note: there is no state at {}: both passes begin with nobody in a tier",
            path.display()
        ));
    }
    let programs = rules.map(|rules| &rules.program);
    let before = [
        Before::of(state.as_ref(), programs[0], as_of)?,
        Before::of(state.as_ref(), programs[1], as_of)?,
    ];
    let (facts, loaded) = thread::scope(|scope| {
        let loading = state.map(|state| {
            scope.spawn(move || {
                let standings = state.stored_standings_of(&programs);
                (state, standings)
            })
        });
        let facts = reading(skip_bad_rows, &|_, _| None, |options| {
            let since = before.each_ref().map(|before| {
                |ladder, customer: &CustomerId| before.tier_since.get(ladder, customer)
            });
            let asking =
                [0, 1].map(|place| Asking { program: programs[place], tier_since: &since[place] });
            Ok(read_facts_together(&asking, session.store()?, as_of, options)?)
        });
        (facts, loading.map(|thread| thread.join().expect("loading standings panicked")))
    });
    let facts: [_; 2] = facts?.try_into().expect("two programs get their facts");
    note_bad_rows(facts.iter().map(|facts| facts.bad_rows).max().unwrap_or(0));
    let (state, placed) = match loaded {
        Some((state, stored)) => (Some(state), placed(stored?, &facts)),
        None => (None, Vec::new()),
    };
    let mut placed = placed.into_iter();
    let mut sides = Vec::new();
    for ((rules, before), facts) in rules.into_iter().zip(before).zip(facts) {
        let program = &rules.program;
        let standings = match (&state, placed.next()) {
            (Some(state), Some(standings)) => {
                before.complete(state, program, &facts.customers, standings)?
            }
            _ => nobody(program, facts.customers.len()),
        };
        sides.push(Side { rules, facts, standings, held: before.held });
    }
    Ok(sides.try_into().unwrap_or_else(|_| unreachable!("there are two sides")))
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
