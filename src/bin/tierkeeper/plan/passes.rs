//! What the two passes of a plan begin with.

use jiff::civil::Date;
use tierkeeper::build::Rules;
use tierkeeper::evaluation::begin_together;
use tierkeeper::plan::Side;
use tierkeeper::store::{Asking, CustomerId, State, read_facts_together};

use crate::decided::{note_bad_rows, reading};
use crate::exit::Failure;
use crate::output;
use crate::session::Session;

/// Facts, stored standings and held cutoffs for two packs, as of a date. The rows of the store are
/// read once.
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
    let (beginnings, _) = begin_together(programs, state, as_of, |since| {
        let since =
            since.map(|since| move |ladder, customer: &CustomerId| since.get(ladder, customer));
        let asking =
            [0, 1].map(|place| Asking { program: programs[place], tier_since: &since[place] });
        let facts = reading(skip_bad_rows, &|_, _| None, |options| {
            Ok(read_facts_together(&asking, session.store()?, as_of, options)?)
        })?;
        Ok::<_, Failure>(facts.try_into().expect("two programs get their facts"))
    })?;
    note_bad_rows(beginnings.iter().map(|it| it.facts.bad_rows).max().unwrap_or(0));
    let mut rules = rules.into_iter();
    Ok(beginnings.map(|beginning| Side::of(rules.next().expect("two sets of rules"), beginning)))
}
