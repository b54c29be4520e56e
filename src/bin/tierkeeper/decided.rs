use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use tierkeeper::build::Rules;
use tierkeeper::evaluation::{Beginning, begin, changed_tiers};
use tierkeeper::expr::LadderId;
use tierkeeper::metrics::population::Population;
use tierkeeper::pass::{After, PassOutcome, run, standing_columns};
use tierkeeper::program::Program;
use tierkeeper::store::{
    CustomerId, Facts, History, Owner, QUERY_TIME_LIMIT, ReadOptions, State, StateError, StateLock,
    TierSince, read_facts,
};

use crate::exit::Failure;
use crate::output::{self, grouped};
use crate::progress;
use crate::run::HOST;
use crate::session::Session;
use crate::summary::Timings;

/// How long a pass waits for another one, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(20);

/// Everybody's numbers and stored standings: what `list` and `explain` show.
#[derive(Debug)]
pub struct Decided {
    pub rules: Rules,
    pub population: Population,
    pub after: After,
}

impl Decided {
    /// Standings as they are stored, numbers from the facts as of the last pass (or of the date
    /// that was asked for).
    pub fn stored(session: &Session<'_>) -> Result<Self, Failure> {
        let rules = session.rules()?;
        let stored = Stored::open(session, &rules.program)?;
        let facts = facts(session, &rules.program, stored.as_of, true, &stored.tier_since)?;
        stored.decided(rules, facts)
    }

    /// The same, with what it takes to look ahead.
    pub fn with_future(session: &Session<'_>) -> Result<(Self, Future), Failure> {
        let rules = session.rules()?;
        let stored = Stored::open(session, &rules.program)?;
        let history = history(session, &rules.program, stored.as_of, true)?;
        let future = Future { stored, history };
        let facts = future.facts(&rules.program, future.stored.as_of);
        Ok((future.stored.decided(rules, facts)?, future))
    }
}

/// A state, and the date that is asked about.
#[derive(Debug)]
struct Stored {
    state: State,
    last: Date,
    as_of: Date,
    tier_since: TierSince,
}

impl Stored {
    fn open(session: &Session<'_>, program: &Program) -> Result<Self, Failure> {
        let path = session.state()?;
        let state = State::open_existing(&path)?.ok_or_else(|| nothing_stored(&path))?;
        let last = state.last_pass()?.ok_or_else(|| nothing_stored(&path))?.as_of;
        let tier_since = state.tier_since(program)?;
        Ok(Self { as_of: session.as_of().unwrap_or(last), state, last, tier_since })
    }

    fn decided(&self, rules: Rules, facts: Facts) -> Result<Decided, Failure> {
        let Stored { state, last, as_of, .. } = self;
        let (program, as_of) = (&rules.program, *as_of);
        note_bad_rows(facts.bad_rows);
        let standings = state.standings(program, &facts.customers)?;
        // What the last pass took counts for what it decided, even where facts came since.
        let cutoffs = if as_of == *last {
            state.used_cutoffs(program, as_of)?
        } else {
            state.held_cutoffs(program, as_of)?
        };
        let before = standing_columns(program, &standings, as_of);
        let population = Population::build(program, facts, &before, &cutoffs, as_of, 0);
        let after = After::stored(program, &population, standings, 0);
        Ok(Decided { rules, population, after })
    }
}

/// What comes if no fact does.
#[derive(Debug)]
pub struct Future {
    stored: Stored,
    history: History,
}

impl Future {
    /// Decides everybody as of a later date.
    pub fn pass(&self, decided: &Decided, on: Date) -> Result<PassOutcome, Failure> {
        let program = &decided.rules.program;
        let mut standings = decided.after.standings.clone();
        for (ladder, tiers) in changed_tiers(&self.stored.state, program)? {
            standings.ladders[ladder].review_now = tiers;
        }
        let held = self.stored.state.held_cutoffs(program, on)?;
        Ok(run(program, self.facts(program, on), &standings, &held, on, 0))
    }

    fn facts(&self, program: &Program, as_of: Date) -> Facts {
        let tier_since = &self.stored.tier_since;
        self.history.facts(program, as_of, &|ladder, customer| tier_since.get(ladder, customer))
    }
}

pub fn nothing_stored(state: &Path) -> Failure {
    Failure::with_help(
        format_args!("nobody was evaluated yet: there is no pass in {}", state.display()),
        "run `tierkeeper evaluate` first",
    )
}

/// How to run a pass.
#[derive(Debug, Clone, Copy)]
pub struct PassOptions {
    pub as_of: Date,
    pub skip_bad_rows: bool,
    /// Decides, and writes nothing.
    pub dry_run: bool,
}

/// Runs a pass and stores it.
pub fn pass(
    session: &Session<'_>,
    rules: &Rules,
    options: PassOptions,
) -> Result<(PassOutcome, Timings), Failure> {
    let program = &rules.program;
    let path = session.state()?;
    let _lock = if options.dry_run { None } else { Some(lock(&path)?) };
    let began = Instant::now();
    // A store that cannot be read must not leave a new state behind: it is made when it is
    // written.
    let stored = State::open_existing(&path)?;
    let (beginning, state) = begin(program, stored, options.as_of, |tier_since| {
        facts(session, program, options.as_of, options.skip_bad_rows, tier_since)
    })?;
    let Beginning { facts, standings, held, .. } = beginning;
    let read = began.elapsed();
    let outcome = run(program, facts, &standings, &held, options.as_of, 0);
    let decided = began.elapsed();
    if !options.dry_run {
        let mut state = match state {
            Some(state) => state,
            None => State::create(&path)?,
        };
        state.write_pass(rules, &outcome)?;
        state.close()?;
    }
    let seconds = |from: std::time::Duration, to: std::time::Duration| (to - from).as_secs_f64();
    let timings = Timings {
        read: read.as_secs_f64(),
        decide: seconds(read, decided),
        write: seconds(decided, began.elapsed()),
    };
    Ok((outcome, timings))
}

/// Keeps others from deciding with the state meanwhile. Waits a little for another pass, and says
/// who has it where that takes longer or is a host.
fn lock(state: &Path) -> Result<StateLock, Failure> {
    let owner = Owner {
        command: "tierkeeper evaluate".to_owned(),
        pid: std::process::id(),
        since: jiff::Timestamp::now(),
    };
    let began = Instant::now();
    loop {
        match StateLock::acquire(state, &owner) {
            Ok(lock) => return Ok(lock),
            Err(StateError::Held { path, owner: Some(owner) }) if owner.command == HOST => {
                return Err(Failure::with_help(
                    StateError::Held { path, owner: Some(owner) },
                    "it evaluates by itself: `tierkeeper status` shows its last pass",
                ));
            }
            Err(StateError::Held { .. }) if began.elapsed() < PATIENCE => sleep(LOOK),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Says that rows did not count, where some did not.
pub fn note_bad_rows(bad_rows: u64) {
    if bad_rows > 0 {
        let rows = if bad_rows == 1 { "row" } else { "rows" };
        output::note(format_args!(
            "note: {} {rows} of the store cannot be read and did not count",
            grouped(bad_rows)
        ));
    }
}

/// Reads the facts as of a date, with progress on a terminal.
pub fn facts(
    session: &Session<'_>,
    program: &Program,
    as_of: Date,
    skip_bad_rows: bool,
    tier_since: &TierSince,
) -> Result<Facts, Failure> {
    let tier_since = |ladder, customer: &CustomerId| tier_since.get(ladder, customer);
    reading(skip_bad_rows, &tier_since, |options| {
        Ok(read_facts(program, session.store()?, as_of, options)?)
    })
}

/// Reads the rows up to a date, with progress on a terminal.
pub fn history(
    session: &Session<'_>,
    program: &Program,
    until: Date,
    skip_bad_rows: bool,
) -> Result<History, Failure> {
    reading(skip_bad_rows, &|_, _| None, |options| {
        Ok(History::read(program, session.store()?, until, options)?)
    })
}

pub fn reading<T>(
    skip_bad_rows: bool,
    tier_since: &(dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync),
    read: impl FnOnce(&ReadOptions<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let bar = progress::bar("reading {bar:40} {human_pos} rows");
    let options = ReadOptions {
        skip_bad_rows,
        threads: 0,
        query_time_limit: QUERY_TIME_LIMIT,
        tier_since,
        progress: &|read, about| {
            if let Some(about) = about {
                bar.set_length(about);
            }
            bar.set_position(read);
        },
        stop: Arc::default(),
    };
    let outcome = read(&options);
    bar.finish_and_clear();
    outcome
}
