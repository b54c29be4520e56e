use jiff::civil::Date;
use tierkeeper::build::Rules;
use tierkeeper::evaluation::changed_tiers;
use tierkeeper::program::Program;
use tierkeeper::simulate::{Before, Simulation, Step};
use tierkeeper::store::{History, State};

use crate::decided::{history, note_bad_rows, nothing_stored};
use crate::exit::Failure;
use crate::progress;
use crate::session::Session;

/// One pack, replayed.
#[derive(Debug)]
pub struct Replay {
    pub rules: Rules,
    pub steps: Vec<Step>,
    /// Rows that could not be read, up to the last date.
    pub bad_rows: u64,
}

impl Replay {
    /// Reads the facts up to the last of the dates, and takes a pass of each.
    pub fn run(
        session: &Session<'_>,
        rules: Rules,
        dates: &[Date],
        from_stored: bool,
        skip_bad_rows: bool,
    ) -> Result<Self, Failure> {
        let program = &rules.program;
        let (Some(&first), Some(&last)) = (dates.first(), dates.last()) else {
            return Ok(Self { rules, steps: Vec::new(), bad_rows: 0 });
        };
        let state = if from_stored { Some(stored(session, first)?) } else { None };
        let history = history(session, program, last, skip_bad_rows)?;
        let mut simulation = match state {
            Some(state) => {
                let before = before(&state, program, &history, first)?;
                Simulation::from_standings(program, before, 0)
            }
            None => Simulation::from_empty(program, 0),
        };
        let bar = progress::bar("simulating {bar:40} {pos} of {len} dates");
        bar.set_length(dates.len() as u64);
        let mut bad_rows = 0;
        let mut steps = Vec::with_capacity(dates.len());
        for &date in dates {
            steps.push(simulation.step(date, |tier_since| {
                let facts = history.facts(program, date, tier_since);
                bad_rows = facts.bad_rows;
                facts
            }));
            bar.inc(1);
        }
        bar.finish_and_clear();
        note_bad_rows(bad_rows);
        Ok(Self { rules, steps, bad_rows })
    }
}

/// The state to begin from; a simulation goes on from where it is.
fn stored(session: &Session<'_>, first: Date) -> Result<State, Failure> {
    let path = session.state()?;
    let state = State::open_existing(&path)?.ok_or_else(|| nothing_stored(&path))?;
    let last = state.last_date()?.ok_or_else(|| nothing_stored(&path))?;
    if first < last {
        return Err(Failure::with_help(
            format_args!("the stored standings are those of {last}, after `--from {first}`"),
            "begin on that date or later, or with `--start empty`",
        ));
    }
    Ok(state)
}

/// What is stored of those who are there on the first date.
fn before(
    state: &State,
    program: &Program,
    history: &History,
    first: Date,
) -> Result<Before, Failure> {
    let customers = history.facts(program, first, &|_, _| None).customers;
    let mut standings = state.standings(program, &customers)?;
    for (ladder, tiers) in changed_tiers(state, program)? {
        standings.ladders[ladder].review_now = tiers;
    }
    let held = state.held_cutoffs(program, first)?;
    Ok(Before { customers, standings, held })
}
