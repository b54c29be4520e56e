mod asked;
mod body;
mod packs;
mod served;

use std::sync::Arc;

use jiff::civil::{Date, date};
use serde_json::Value as Json;

use super::{DecideFault, decide};
use crate::build::{Origin, Rules};
use crate::demo::embedded_pack;
use crate::expr::Value;
use crate::host::{Answers, Layer};
use crate::pack::PackFiles;
use crate::pass::{fixture, run};
use crate::store::CustomerId;
use crate::suite::{GivenTo, People, nobody};

const AS_OF: Date = date(2026, 3, 10);

/// A club with every kind of rule that matters here.
const CLUB: &str = "
ladders:
  club:
    tiers:
      vip:
        enter: spend >= 1000
        keep: spend >= 800
        review: { fixed: 10 months }
        grace: 30 days
      gold: { enter: spend >= 400, review: { dynamic: monthly } }
      member: { enter: always }
  top:
    tiers:
      best: { enter: \"top_percent(20, spend)\" }
      above: { enter: spend > average(spend) }
benefits:
  discount: { kind: percent_off, tiers: { vip: 20, gold: 10 }, ladder: club, when: consent }
segments:
  regulars: { when: orders_made >= 3 }
alerts:
  quiet: { when: days_away > 30, message: away }
";

fn club() -> Arc<Rules> {
    Arc::new(fixture::rules("", "", CLUB))
}

fn pack(name: &str) -> Arc<Rules> {
    let files = PackFiles::embedded(embedded_pack(name).expect("a pack").files.iter().copied());
    let origin = Origin { files, project: None, set: Vec::new() };
    let built = origin.build();
    Arc::new(Rules { program: built.program.expect("a program"), texts: built.sources, origin })
}

/// Customers 1, 2, … with these metrics, and nothing else.
fn with_metrics(rules: &Rules, customers: &[&[(&str, i64)]]) -> People {
    let program = &rules.program;
    let mut people = People::default();
    for (id, metrics) in (1..).zip(customers) {
        let customer = CustomerId::Int(id);
        people.store.customers.push((customer.clone(), Vec::new()));
        people.given.extend(metrics.iter().map(|(name, value)| GivenTo {
            customer: customer.clone(),
            metric: fixture::metric(program, name),
            value: Value::Number((*value).into()),
        }));
    }
    people
}

/// What a first pass over people serves.
fn answers(rules: &Arc<Rules>, people: &People, as_of: Date) -> Answers {
    let program = &rules.program;
    let facts = people.facts(program, as_of, &|_, _| None).expect("facts");
    let standings = nobody(program, facts.customers.len());
    let outcome = run(program, facts, &standings, &[], as_of, 1);
    Answers::of_everybody(rules.clone(), Layer::of(&rules.program, outcome))
}

/// Ten customers with a spend of 100, 200, … 1000.
fn ten() -> Answers {
    let rules = club();
    let spend: Vec<[(&str, i64); 1]> = (1..=10).map(|n| [("spend", n * 100)]).collect();
    let spend: Vec<&[(&str, i64)]> = spend.iter().map(|it| &it[..]).collect();
    answers(&rules, &with_metrics(&rules, &spend), AS_OF)
}

#[track_caller]
fn decided(answers: &Answers, body: &Json) -> Json {
    decide(answers, &body.to_string(), None).unwrap_or_else(|fault| panic!("{fault}: {fault:#?}"))
}

/// `line:column-line:column code: message; help`
fn findings(answers: &Answers, body: &str) -> Vec<String> {
    let DecideFault { findings, .. } = decide(answers, body, None).expect_err("a fault");
    let words = findings.iter().map(|it| {
        let help = it.help.as_deref().unwrap_or_default();
        format!(
            "{}:{}-{}:{} {}: {}; {help}",
            it.line, it.column, it.end_line, it.end_column, it.code, it.message
        )
    });
    words.collect()
}
