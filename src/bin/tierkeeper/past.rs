//! What a pass of the past decided of a customer, and whether the facts still say so.

use serde_json::{Value as Json, json};
use tierkeeper::build::Rules;
use tierkeeper::criteria::value_json;
use tierkeeper::explain::{Criterion, Words, recorded};
use tierkeeper::expr::LadderId;
use tierkeeper::lifecycle::{Event, Standings};
use tierkeeper::pass::{After, PassOutcome, run, standing_columns};
use tierkeeper::store::{CustomerId, Moment, PastEvent, State, StoredPass};

use crate::decided::{Decided, facts};
use crate::exit::Failure;
use crate::session::Session;

/// A pass that was run once more over the facts as they are now, with the rules, the standings
/// and the cutoffs that it had.
#[derive(Debug)]
pub struct Rerun {
    rules: Rules,
    outcome: PassOutcome,
    before: Standings,
    state: State,
    /// Whether other passes came after it.
    is_past: bool,
}

/// A decision that the facts do not come to any more.
#[derive(Debug)]
pub enum Changed {
    /// What was measured, then and now.
    Measured { ladder: String, criteria: Box<(Criterion, Criterion)> },
    /// What happened, then and now: names of events.
    Happened { ladder: String, then: Vec<Event>, now: Vec<Event> },
}

impl Rerun {
    /// The pass that decided what was so on the date that was asked for; `None` where none was, or
    /// one after the last pass.
    pub fn find(session: &Session<'_>) -> Result<Option<Self>, Failure> {
        let Some(date) = session.as_of() else { return Ok(None) };
        let path = session.state()?;
        let Some(state) = State::open_existing(&path)? else { return Ok(None) };
        let Some(last) = state.last_pass()?.filter(|last| date <= last.as_of) else {
            return Ok(None);
        };
        let Some(pass) = state.pass_up_to(date)? else {
            return Err(Failure::with_help(
                format_args!("nobody was evaluated by {date}"),
                format_args!(
                    "the last pass is as of {}; ask for a date from the first on",
                    last.as_of
                ),
            ));
        };
        let is_past = pass != last;
        let rules = match rules_of(&state, &pass)? {
            Some(rules) => rules,
            None if is_past => {
                return Err(Failure::new(format_args!(
                    "the rules of the pass as of {} are not known, or this tierkeeper cannot run them",
                    pass.as_of
                )));
            }
            None => return Ok(None),
        };
        let (program, as_of) = (&rules.program, pass.as_of);
        let moment = Moment::Before(as_of);
        let tier_since = state.past_tier_since(program, moment)?;
        let facts = facts(session, program, as_of, true, &tier_since)?;
        let before = state.past_standings(program, &facts.customers, moment)?;
        let cutoffs = state.used_cutoffs(program, as_of)?;
        let outcome = run(program, facts, &before, &cutoffs, as_of, 0);
        Ok(Some(Self { rules, outcome, before, state, is_past }))
    }

    /// What was so after the pass; `None` where it is the last, and all is as it is stored.
    pub fn decided(&self) -> Result<Option<Decided>, Failure> {
        if !self.is_past {
            return Ok(None);
        }
        let (rules, population) = (self.rules.clone(), self.outcome.population.clone());
        let (program, as_of) = (&rules.program, population.as_of);
        let after = self.state.past_standings(
            program,
            &population.facts.customers,
            Moment::After(as_of),
        )?;
        let before = Some(standing_columns(program, &self.before, as_of));
        let after = After { before, ..After::stored(program, &population, after, 0) };
        Ok(Some(Decided { rules, population, after }))
    }

    /// What the pass came to for a customer, and does not come to from today's facts.
    pub fn changed(&self, customer: &CustomerId) -> Result<Vec<Changed>, Failure> {
        let Some(slot) = self.outcome.population.facts.slot(customer) else {
            return Ok(Vec::new());
        };
        let stored = self.stored(customer)?;
        let rules = &self.rules;
        let ladders = rules.program.ladders.iter().enumerate();
        let changed = ladders.flat_map(|(id, ladder)| {
            let then: Vec<&PastEvent> =
                stored.iter().filter(|event| event.ladder.as_ref() == Some(&ladder.name)).collect();
            self.changed_in(id, &then, slot)
        });
        Ok(changed.collect())
    }

    /// The events of the pass itself, not what was done by hand on that day.
    fn stored(&self, customer: &CustomerId) -> Result<Vec<PastEvent>, Failure> {
        let program = self.rules.program.generation();
        let population = &self.outcome.population;
        let mut events = self.state.history(customer)?;
        events.retain(|event| {
            let by_hand = match event.event {
                Event::HoldStarted | Event::Adopted | Event::Extended => true,
                // One that is over has no reason but that.
                Event::HoldEnded => event.reason.is_some(),
                _ => false,
            };
            event.as_of == population.as_of && event.program.as_ref() == Some(&program) && !by_hand
        });
        Ok(events)
    }

    fn changed_in(&self, id: LadderId, then: &[&PastEvent], slot: usize) -> Vec<Changed> {
        let rules = &self.rules;
        let ladder = || rules.program.ladders[id].name.clone();
        let outcome = &self.outcome.ladders[id];
        let events = outcome.events.iter().enumerate();
        let now: Vec<usize> =
            events.filter(|(_, moved)| moved.slot as usize == slot).map(|(at, _)| at).collect();
        let kinds = || now.iter().map(|&at| outcome.events[at].event);
        if !then.iter().map(|event| event.event).eq(kinds()) {
            let then = then.iter().map(|event| event.event).collect();
            return vec![Changed::Happened { ladder: ladder(), then, now: kinds().collect() }];
        }
        let mut changed = Vec::new();
        for (event, &at) in then.iter().zip(&now) {
            let measured = outcome.because.get(at).map(|(_, measured)| measured);
            // Byte for byte.
            if event.measured.as_deref() == measured {
                continue;
            }
            let (Some(place), Some(measured)) = (&event.place, measured) else { continue };
            let before = recorded(rules, place, &event.because);
            let after = recorded(rules, place, &with_measured(&event.because, measured));
            let pairs = before.into_iter().zip(after);
            changed.extend(
                pairs
                    .filter(|(then, now)| then.measured != now.measured || then.asked != now.asked)
                    .map(|pair| Changed::Measured { ladder: ladder(), criteria: Box::new(pair) }),
            );
        }
        changed
    }
}

/// The rules of a pass; `None` where they are not known, or cannot be run any more.
fn rules_of(state: &State, pass: &StoredPass) -> Result<Option<Rules>, Failure> {
    let Some(origin) = state.origin(&pass.program)? else { return Ok(None) };
    let built = origin.build();
    Ok(built.program.map(|program| Rules { program, texts: built.sources, origin }))
}

/// Criteria as JSON with what was measured in place of what they hold.
fn with_measured(because: &str, measured: &str) -> String {
    let parsed = |text| serde_json::from_str::<Vec<Json>>(text).unwrap_or_default();
    let mut criteria = parsed(because);
    for (criterion, found) in criteria.iter_mut().zip(parsed(measured)) {
        criterion["met"] = json!(found[0] == json!(1));
        criterion["measured"] = found[1].clone();
        criterion["gap"] = found[2].clone();
        if let Some(asked) = found.get(3) {
            criterion["asked"] = asked.clone();
        }
    }
    Json::from(criteria).to_string()
}

impl Changed {
    pub fn to_json(&self) -> Json {
        let names = |events: &[Event]| events.iter().map(|event| event.name()).collect::<Vec<_>>();
        match self {
            Changed::Measured { ladder, criteria } => json!({
                "ladder": ladder,
                "text": criteria.0.text,
                "then": value_json(&criteria.0.measured),
                "now": value_json(&criteria.1.measured),
            }),
            Changed::Happened { ladder, then, now } => {
                json!({"ladder": ladder, "then": names(then), "now": names(now)})
            }
        }
    }

    pub fn words(&self, words: &Words<'_>) -> String {
        match self {
            Changed::Measured { criteria, .. } => {
                let (then, now) = &**criteria;
                let subject = words.subject(then.metric, &then.subject);
                let value = |criterion: &Criterion| words.value(&criterion.measured, then.unit);
                format!("{subject} was {}, and is {} now", value(then), value(now))
            }
            Changed::Happened { ladder, then, now } => {
                let names = |events: &[Event]| match events {
                    [] => "nothing happened".to_owned(),
                    events => {
                        events.iter().map(|event| event.name()).collect::<Vec<_>>().join(", ")
                    }
                };
                format!("{ladder}: then {}; by the facts of now {}", names(then), names(now))
            }
        }
    }
}
