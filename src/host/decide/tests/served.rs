//! Whoever is decided with the facts of a customer gets what the customer has.

use jiff::civil::{Date, date};
use serde_json::{Map, Value as Json, json};

use super::{answers, decided, pack};
use crate::build::Rules;
use crate::explain::explain_alone;
use crate::expr::Value;
use crate::host::{Answers, Layer};
use crate::lifecycle::Standings;
use crate::pass::run;
use crate::program::ColumnSource;
use crate::store::CustomerId;
use crate::suite::{People, made_up};

const AS_OF: Date = date(2026, 11, 22);

fn value(value: &Value) -> Json {
    match value {
        Value::Number(number) => serde_json::from_str(&number.to_string()).expect("a number"),
        Value::Flag(flag) => json!(flag),
        Value::Text(text) => json!(**text),
        Value::Date(date) => json!(date.to_string()),
        Value::Null | Value::List(_) => Json::Null,
    }
}

/// The customer and their rows as a body.
fn body(rules: &Rules, people: &People, customer: &CustomerId) -> Json {
    let program = &rules.program;
    let is_given = |column: &ColumnSource| !matches!(column, ColumnSource::Computed(_));
    let store = &people.store;
    let (_, values) = store.customers.iter().find(|(id, _)| id == customer).expect("a customer");
    let attributes = program.attributes.iter().zip(values);
    let attributes = attributes.filter(|(attribute, _)| is_given(&attribute.column));
    let attributes: Map<String, Json> =
        attributes.map(|(attribute, it)| (attribute.name.clone(), value(it))).collect();
    let sources = program.sources.iter().zip(&store.sources);
    let facts: Map<String, Json> = sources
        .map(|(source, rows)| {
            let rows = rows.iter().filter(|row| row.customer == *customer).map(|row| {
                let columns = source.columns.iter().zip(&row.values);
                let columns = columns.filter(|(column, _)| is_given(&column.column));
                let mut row: Map<String, Json> =
                    [("at".to_owned(), json!(row.at.to_string()))].into_iter().collect();
                row.extend(columns.map(|(column, it)| (column.name.clone(), value(it))));
                Json::Object(row)
            });
            (source.name.clone(), rows.collect())
        })
        .collect();
    json!({"customer": attributes, "facts": facts})
}

/// The parts of an answer of a customer that an outsider has too.
fn compare(answers: &Answers, customer: &CustomerId, mut body: Json, standing: Option<Json>) {
    if let Some(standing) = standing {
        body["standing"] = standing;
    }
    let decided = decided(answers, &body);
    let served = answers.customer(customer, None).expect("a customer");
    for (ladder, wanted) in served["ladders"].as_object().expect("ladders") {
        let found = &decided["ladders"][ladder];
        for (key, wanted) in wanted.as_object().expect("a standing") {
            assert_eq!(&found[key], wanted, "{customer}: {ladder}.{key}\n{body:#}\n{decided:#}");
        }
    }
    for part in ["as_of", "generation", "benefits", "segments", "alerts"] {
        assert_eq!(decided[part], served[part], "{customer}: {part}\n{body:#}");
    }
    let Layer { population, after, .. } = &*answers.everybody;
    let Rules { program, texts, .. } = &*answers.rules;
    let slot = population.facts.slot(customer).expect("a customer");
    let explanation = explain_alone(program, texts, population, after, &population.fixed(), slot);
    let mut explanation = explanation.to_json(program, None);
    explanation["customer"] = Json::Null;
    explanation["generation"] = json!(answers.generation);
    assert_eq!(decided["explanation"], explanation, "{customer}\n{body:#}");
    assert_eq!(decided["metrics"], explanation["metrics"], "{customer}");
}

/// A pass over everybody, and a second one some weeks later.
fn both(pack_name: &str) {
    let rules = pack(pack_name);
    let program = &rules.program;
    let people = People { store: made_up(program, 120, 11, AS_OF), ..People::default() };
    let first = date(2026, 10, 3);
    let before = answers(&rules, &people, first);
    let customers = before.everybody.population.facts.customers.clone();
    let mut moved = 0;
    for customer in &customers {
        let mut body = body(&rules, &people, customer);
        body["as_of"] = json!(first.to_string());
        compare(&before, customer, body, None);
    }
    let standings: &Standings = &before.everybody.after.standings;
    let since = |ladder: usize, customer: &CustomerId| {
        let (layer, slot) = before.find(customer)?;
        layer.after.standings.get(ladder, slot).since
    };
    let facts = people.facts(program, AS_OF, &since).expect("facts");
    let held = &before.everybody.population.held;
    let outcome = run(program, facts, standings, held, AS_OF, 1);
    moved += outcome.ladders.iter().map(|ladder| ladder.events.len()).sum::<usize>();
    let after = Answers::of_everybody(rules.clone(), Layer::of(&rules.program, outcome));
    for customer in &customers {
        let held = before.customer(customer, None).expect("a customer")["ladders"].clone();
        let held: Map<String, Json> = held
            .as_object()
            .expect("ladders")
            .iter()
            .filter(|(_, standing)| !standing["tier"].is_null())
            .map(|(ladder, standing)| (ladder.clone(), standing.clone()))
            .collect();
        compare(&after, customer, body(&rules, &people, customer), Some(Json::Object(held)));
    }
    assert!(moved > 5, "{moved} events");
}

#[test]
fn in_a_fashion_shop() {
    both("fashion-retail");
}

#[test]
fn in_a_corner_shop() {
    both("corner-shop");
}
