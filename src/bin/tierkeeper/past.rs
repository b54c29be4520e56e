//! What a pass of the past decided of a customer, and whether the facts still say so.

use jiff::civil::Date;
use serde_json::{Value as Json, json};
use tierkeeper::build::Rules;
use tierkeeper::criteria::value_json;
use tierkeeper::explain::{Criterion, Words, recorded};
use tierkeeper::expr::LadderId;
use tierkeeper::lifecycle::Event;
use tierkeeper::pass::{After, PassOutcome, run, standing_columns};
use tierkeeper::store::{Moment, PastEvent, State};

use crate::decided::{Decided, facts};
use crate::exit::Failure;
use crate::session::Session;

/// A pass that was run once more over the facts as they are now, with the rules, the standings
/// and the cutoffs that it had.
#[derive(Debug)]
pub struct Rerun {
    outcome: PassOutcome,
    state: State,
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
    /// The pass that decided what was so on a date; `None` where that is the last one and no
    /// earlier date was asked for.
    pub fn find(session: &Session<'_>) -> Result<Option<(Decided, Self)>, Failure> {
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
        let Some(origin) = state.origin(&pass.program)? else {
            return Err(Failure::new(format_args!(
                "the rules of the pass as of {} are not known: an older tierkeeper stored it",
                pass.as_of
            )));
        };
        let built = origin.build();
        let Some(program) = built.program else {
            return Err(Failure::new(format_args!(
                "this tierkeeper cannot run the rules of the pass as of {} any more",
                pass.as_of
            )));
        };
        let rules = Rules { program, texts: built.sources, origin };
        Self::of(session, state, rules, pass.as_of).map(Some)
    }

    fn of(
        session: &Session<'_>,
        state: State,
        rules: Rules,
        as_of: Date,
    ) -> Result<(Decided, Self), Failure> {
        let program = &rules.program;
        let before = Moment::Before(as_of);
        let tier_since = state.past_tier_since(program, before)?;
        let facts = facts(session, program, as_of, true, &tier_since)?;
        let standings = state.past_standings(program, &facts.customers, before)?;
        let after = state.past_standings(program, &facts.customers, Moment::After(as_of))?;
        let cutoffs = state.used_cutoffs(program, as_of)?;
        let outcome = run(program, facts, &standings, &cutoffs, as_of, 0);
        let population = outcome.population.clone();
        let before = standing_columns(program, &standings, as_of);
        let after = After { before: Some(before), ..After::stored(program, &population, after, 0) };
        Ok((Decided { rules, population, after }, Self { outcome, state }))
    }

    /// What the pass came to for a customer, and does not come to from today's facts.
    pub fn changed(&self, rules: &Rules, slot: usize) -> Result<Vec<Changed>, Failure> {
        let stored = self.stored(rules, slot)?;
        let ladders = rules.program.ladders.iter().enumerate();
        let changed = ladders.flat_map(|(id, ladder)| {
            let then: Vec<&PastEvent> =
                stored.iter().filter(|event| event.ladder.as_ref() == Some(&ladder.name)).collect();
            self.changed_in(rules, id, &then, slot)
        });
        Ok(changed.collect())
    }

    /// The events of the pass itself, not what was done by hand on that day.
    fn stored(&self, rules: &Rules, slot: usize) -> Result<Vec<PastEvent>, Failure> {
        let program = rules.program.generation();
        let population = &self.outcome.population;
        let mut events = self.state.history(&population.facts.customers[slot])?;
        events.retain(|event| {
            let by_hand =
                matches!(event.event, Event::HoldStarted | Event::Adopted | Event::Extended)
                    || event.by.is_some();
            event.as_of == population.as_of && event.program.as_ref() == Some(&program) && !by_hand
        });
        Ok(events)
    }

    fn changed_in(
        &self,
        rules: &Rules,
        id: LadderId,
        then: &[&PastEvent],
        slot: usize,
    ) -> Vec<Changed> {
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
