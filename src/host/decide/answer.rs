//! A decision as JSON.

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::Decided;
use crate::explain::explain;
use crate::expr::LadderId;
use crate::host::Answers;
use crate::pass::{columns_before, decision};
use crate::program::Program;

/// The one customer.
const OWN: usize = 0;

pub(super) fn json(answers: &Answers, decided: &Decided, locale: Option<&str>) -> Json {
    let rules = &answers.rules;
    let program = &rules.program;
    let population = &decided.outcome.population;
    let after = &decided.outcome.after;
    let explanation = explain(program, &rules.texts, population, after, OWN);
    let mut explanation = explanation.to_json(program, locale);
    // Nobody has this id.
    explanation["customer"] = Json::Null;
    explanation["generation"] = json!(answers.generation);
    let ladders: Map<String, Json> = (0..program.ladders.len())
        .map(|id| (program.ladders[id].name.clone(), decided.ladder(program, id)))
        .collect();
    json!({
        "as_of": population.as_of.to_string(),
        "generation": answers.generation,
        "ladders": ladders,
        "metrics": explanation["metrics"],
        "benefits": explanation["benefits"],
        "segments": explanation["segments"],
        "alerts": explanation["alerts"],
        "explanation": explanation,
    })
}

impl Decided {
    /// What the step of one ladder comes to.
    fn ladder(&self, program: &Program, id: LadderId) -> Json {
        let outcome = &self.outcome;
        let tiers = &program.ladders[id].tiers;
        let held = self.before.get(id, OWN).tier;
        let columns = columns_before(program, &self.before, outcome.population.as_of);
        let decision = decision(program, &outcome.population, &columns, (id, OWN), held);
        let standing = outcome.after.standings.get(id, OWN);
        let happened = outcome.ladders[id].events.last();
        let date = |date: Option<Date>| date.map(|date| date.to_string());
        let earned = decision.earned.filter(|_| !decision.fault);
        json!({
            "tier": standing.tier.map(|tier| &tiers[tier].name),
            "since": date(standing.since),
            "review_on": date(standing.review_on),
            "grace_until": date(standing.grace_until),
            "event": happened.map(|moved| moved.event.name()),
            "earned": earned.map(|tier| &tiers[tier].name),
            "kept": held.filter(|_| !decision.fault).map(|_| decision.kept),
            "fault": happened.and_then(|moved| moved.fault).map(|fault| fault.words()),
        })
    }
}
