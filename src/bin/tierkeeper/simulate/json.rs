use serde_json::{Map, Value as Json, json};
use tierkeeper::criteria::number_json;
use tierkeeper::simulate::Step;

use super::Simulated;
use super::replay::Replay;
use crate::summary::ladder_json;

/// The shape of `simulate --format json`.
pub fn simulated(simulated: &Simulated) -> Json {
    let date = |date: Option<&jiff::civil::Date>| date.map(ToString::to_string);
    let mut all = Map::new();
    all.insert("from".into(), json!(date(simulated.dates.first())));
    all.insert("to".into(), json!(date(simulated.dates.last())));
    all.insert("every".into(), json!(simulated.every.to_string()));
    all.insert("start".into(), json!(simulated.start.name()));
    all.extend(replay(&simulated.current));
    if let Some(against) = &simulated.against {
        all.insert("against".into(), Json::Object(replay(against)));
    }
    Json::Object(all)
}

fn replay(replay: &Replay) -> Map<String, Json> {
    let steps: Vec<Json> = replay.steps.iter().map(|of| step(replay, of)).collect();
    let program = replay.rules.program.generation();
    Map::from_iter([
        ("program".into(), json!(program)),
        ("bad_rows".into(), json!(replay.bad_rows)),
        ("steps".into(), json!(steps)),
    ])
}

fn step(replay: &Replay, step: &Step) -> Json {
    let program = &replay.rules.program;
    let ladders = program.ladders.iter().zip(&step.ladders).map(|(ladder, of)| {
        let mut shape = ladder_json(ladder, &of.tiers, of.none, &of.moves);
        shape["flapping"] = json!(of.flapping);
        (ladder.name.clone(), shape)
    });
    let costs = step.costs.iter().map(|benefit| {
        let cost = benefit.cost.ok().map(number_json);
        let name = program.benefits[benefit.benefit].name.clone();
        (name, json!({"customers": benefit.customers, "cost": cost}))
    });
    json!({
        "as_of": step.as_of.to_string(),
        "customers": step.customers,
        "faults": step.faults,
        "ladders": Json::Object(ladders.collect()),
        "cost": step.cost().and_then(Result::ok).map(number_json),
        "costs": Json::Object(costs.collect()),
    })
}
