//! What `hold`, `release`, `adopt` and `extend` share: who there is and what they hold, and writing
//! down what was done.

use std::path::PathBuf;

use jiff::civil::Date;
use serde_json::{Value as Json, json};
use tierkeeper::build::Rules;
use tierkeeper::diagnostic::did_you_mean;
use tierkeeper::evaluation::nobody;
use tierkeeper::expr::{LadderId, TierId};
use tierkeeper::lifecycle::Standings;
use tierkeeper::metrics::population::Population;
use tierkeeper::pass::{ByHand, Wanted, do_by_hand, standing_columns};
use tierkeeper::store::{CustomerId, State, TierSince};

use crate::decided::facts;
use crate::exit::Failure;
use crate::session::Session;

/// Standings as they are, and everybody's numbers, at the date of what is to be done.
#[derive(Debug)]
pub struct Desk {
    pub rules: Rules,
    pub population: Population,
    pub standings: Standings,
    pub as_of: Date,
    path: PathBuf,
    state: Option<State>,
}

impl Desk {
    pub fn open(session: &Session<'_>) -> Result<Self, Failure> {
        let rules = session.rules()?;
        let program = &rules.program;
        let path = session.state()?;
        let state = State::open_existing(&path)?;
        let last = state.as_ref().map(State::last_date).transpose()?.flatten();
        let as_of = match session.as_of() {
            Some(as_of) => as_of,
            // What was evaluated for a day to come is not gone back behind.
            None => session.today(program)?.max(last.unwrap_or(Date::MIN)),
        };
        let tier_since = match &state {
            Some(state) => {
                state.check_date(as_of)?;
                state.tier_since(program)?
            }
            None => TierSince::default(),
        };
        let facts = facts(session, program, as_of, true, &tier_since)?;
        let (standings, held) = match &state {
            Some(state) => {
                let held = state.held_cutoffs(program, as_of)?;
                (state.standings(program, &facts.customers)?, held)
            }
            None => (nobody(program, facts.customers.len()), Vec::new()),
        };
        let before = standing_columns(program, &standings, as_of);
        let population = Population::build(program, facts, &before, &held, as_of, 0);
        Ok(Self { rules, population, standings, as_of, path, state })
    }

    /// The customer of an id as it is written; an error in words.
    pub fn customer(&self, id: &str) -> Result<u32, String> {
        let found = self.population.facts.slot(&CustomerId::parse(id));
        let unknown = || format!("there is no customer `{id}` as of {}", self.as_of);
        found.map(|slot| slot as u32).ok_or_else(unknown)
    }

    pub fn ladder(&self, name: &str) -> Result<LadderId, String> {
        let ladders = &self.rules.program.ladders;
        ladders.iter().position(|ladder| ladder.name == name).ok_or_else(|| {
            let names = ladders.iter().map(|ladder| ladder.name.as_str());
            with_help(format!("there is no ladder `{name}`"), did_you_mean(name, names))
        })
    }

    pub fn tier(&self, ladder: LadderId, name: &str) -> Result<TierId, String> {
        let ladder = &self.rules.program.ladders[ladder];
        ladder.tiers.iter().position(|tier| tier.name == name).ok_or_else(|| {
            let names = ladder.tiers.iter().map(|tier| tier.name.as_str());
            let message = format!("there is no tier `{name}` in `{}`", ladder.name);
            with_help(message, did_you_mean(name, names))
        })
    }

    /// `LADDER.TIER`
    pub fn tier_of_ladder(&self, written: &str) -> Result<(LadderId, TierId), String> {
        let Some((ladder, tier)) = written.split_once('.') else {
            return Err(format!(
                "`{written}` is no tier: write it as LADDER.TIER, like `club.vip`"
            ));
        };
        let ladder = self.ladder(ladder)?;
        Ok((ladder, self.tier(ladder, tier)?))
    }

    /// Does what is wanted in each ladder, and stores it unless it is only tried.
    pub fn write(mut self, wanted: Vec<Vec<Wanted>>, dry_run: bool) -> Result<Written, Failure> {
        let program = &self.rules.program;
        let done = do_by_hand(program, &self.population, &self.standings, wanted, 0).map_err(
            |(ladder, customer, fault)| {
                let ladder = &program.ladders[ladder].name;
                let message = format_args!(
                    "the review of customer `{customer}` in `{ladder}` cannot be computed: {}",
                    fault.words()
                );
                Failure::with_help(message, "give it as a date, or mend the review's expression")
            },
        )?;
        if !dry_run && done.ladders.iter().any(|deeds| !deeds.events.is_empty()) {
            let mut state = match self.state.take() {
                Some(state) => state,
                None => State::create(&self.path)?,
            };
            state.write_by_hand(&self.rules, &done)?;
            state.close()?;
        }
        Ok(Written { rules: self.rules, done })
    }
}

fn with_help(message: String, help: Option<String>) -> String {
    match help {
        Some(help) => format!("{message}; {help}"),
        None => message,
    }
}

/// What was done.
#[derive(Debug)]
pub struct Written {
    pub rules: Rules,
    pub done: ByHand,
}

impl Written {
    pub fn customers(&self) -> usize {
        self.done.ladders.iter().map(|deeds| deeds.events.len()).sum()
    }

    /// `{"as_of", "customers", "changes": […]}`
    pub fn to_json(&self) -> Json {
        let program = &self.rules.program;
        let date = |date: Option<Date>| date.map(|date| date.to_string());
        let changes = self.done.ladders.iter().enumerate().flat_map(|(id, deeds)| {
            let ladder = &program.ladders[id];
            let name = |tier: Option<TierId>| tier.map(|tier| &ladder.tiers[tier].name);
            let events = deeds.events.iter().zip(&deeds.notes);
            let changes = events.map(|(moved, note)| {
                let slot = moved.slot as usize;
                let to = self.done.standings.get(id, slot);
                json!({
                    "customer": self.done.customers[slot].to_string(),
                    "ladder": ladder.name,
                    "event": moved.event.name(),
                    "from": name(moved.from.tier()),
                    "to": name(moved.to.tier()),
                    "since": date(to.since),
                    "review_on": date(to.review_on),
                    "grace_until": date(to.grace_until),
                    "until": date(to.hold.and_then(|hold| hold.until)),
                    "by": note.by,
                    "reason": note.reason,
                })
            });
            changes.collect::<Vec<_>>()
        });
        json!({
            "as_of": self.done.as_of.to_string(),
            "customers": self.customers(),
            "changes": changes.collect::<Vec<_>>(),
        })
    }
}
