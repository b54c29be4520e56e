//! What somebody would get of whom nothing is stored.
//!
//! In: answers, JSON in the words of a pack's test cases. Out: the decision as of a date against
//! what was taken over everybody, with its explanation; or findings about the JSON.
//! Never: storing anything, or a change of what anybody else gets.

mod answer;
mod fault;
#[cfg(test)]
mod tests;

use std::slice;

use serde_json::Value as Json;

pub use fault::{DecideFault, Finding};

use super::Answers;
use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::Standings;
use crate::metrics::population::Population;
use crate::pass::{PassOutcome, run_fixed, standing_columns};
use crate::source::{Sources, Span};
use crate::store::Facts;
use crate::suite::{Alone, People, nobody, read_alone, take_over, tier_since};

/// Decides somebody by what a body of JSON says of them: `{"as_of", "customer", "facts", "metrics",
/// "standing"}`, of which each may be left out.
///
/// They are one customer more, who changes no cutoff and of equals comes last; as of the date of
/// the answers where there is no other. The answer is `{"as_of", "generation", "ladders": {"club":
/// {"tier", "since", "review_on", "grace_until", "event", "earned", "kept", "fault"}}, "metrics",
/// "benefits", "segments", "alerts", "explanation"}`, and `explanation` has the shape of `explain
/// --format json`, its `customer` being `null`.
pub fn decide(answers: &Answers, body: &str, locale: Option<&str>) -> Result<Json, DecideFault> {
    let program = &answers.rules.program;
    let mut texts = Sources::default();
    let decided = read_alone(body, program, answers.as_of, &mut texts)
        .and_then(|alone| Decided::of(answers, &alone).map_err(|finding| vec![finding]));
    match decided {
        Ok(decided) => Ok(answer::json(answers, &decided, locale)),
        Err(findings) => Err(DecideFault::new(&findings, &texts)),
    }
}

/// Somebody before and after the step.
struct Decided {
    before: Standings,
    outcome: PassOutcome,
}

impl Decided {
    fn of(answers: &Answers, alone: &Alone) -> Result<Decided, Diagnostic> {
        let program = &answers.rules.program;
        let Alone { person, as_of, .. } = alone;
        let people = slice::from_ref(person);
        let asked = People::of(program, people);
        let facts = |standings: &Standings| -> Result<Facts, Diagnostic> {
            let facts = asked.facts(program, *as_of, &tier_since(people, standings));
            // What the reader lets through can be read.
            facts.map_err(|error| finding(alone.span, error.to_string(), "write other values"))
        };
        let mut before = nobody(program, people.len());
        if !person.standings.is_empty() {
            let columns = standing_columns(program, &before, *as_of);
            let facts = facts(&before)?;
            let population =
                Population::build_fixed(program, facts, &columns, &answers.fixed, *as_of, 1);
            before = take_over(program, people, &population, &before).map_err(|error| {
                let message = format!(
                    "the review in `{}` cannot be computed: {}",
                    error.ladder,
                    error.fault.words()
                );
                let held = person
                    .standings
                    .iter()
                    .find(|held| program.ladders[held.ladder].name == error.ladder);
                let span = held.map_or(alone.span, |held| held.span);
                finding(span, message, "say `review_on`, or give what the review needs")
            })?;
        }
        let outcome = run_fixed(program, facts(&before)?, &before, &answers.fixed, *as_of, 1);
        Ok(Decided { before, outcome })
    }
}

fn finding(span: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidValue, span, message).help(help)
}
