use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value as Json, json};
use tierkeeper::criteria::number_json;
use tierkeeper::expr::Fault;
use tierkeeper::metrics::population::Taken;
use tierkeeper::pass::BenefitCost;
use tierkeeper::plan::{
    Because, CostRise, Found, LadderPlan, Mover, Passed, Plan, TotalCost, Verdict,
};

use super::Planned;
use super::because::note;

/// No tier.
const NONE: &str = "none";

/// The shape of `plan --format json`. Movers are written one by one: there may be millions.
pub struct Shape<'a>(pub &'a Planned<'a>);

impl Serialize for Shape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Shape(planned) = *self;
        let plan = planned.plan;
        let mut shape = serializer.serialize_map(None)?;
        shape.serialize_entry("from", &plan.from.rules.program.generation())?;
        shape.serialize_entry("to", &plan.to.rules.program.generation())?;
        shape.serialize_entry("against", &planned.against.to_string())?;
        shape.serialize_entry("reverse", &planned.reverse)?;
        shape.serialize_entry("as_of", &plan.as_of.to_string())?;
        shape.serialize_entry("review_all", &plan.review_all)?;
        shape.serialize_entry("customers", &plan.customers)?;
        let ladders = plan.ladders.iter().map(|it| (it.name.clone(), ladder(planned, it)));
        shape.serialize_entry("ladders", &ladders.collect::<Map<String, Json>>())?;
        shape.serialize_entry("movers_total", &plan.movers.len())?;
        shape.serialize_entry("movers", &Movers(planned))?;
        shape.serialize_entry(
            "moves",
            &before_after(plan_moves(&plan.from), plan_moves(&plan.to)),
        )?;
        shape.serialize_entry("cutoffs", &cutoffs(planned))?;
        shape.serialize_entry("segments", &pairs(plan.segments()))?;
        shape.serialize_entry("alerts", &pairs(plan.alerts()))?;
        let (before, after) = plan.cost();
        shape.serialize_entry("cost", &before_after(total(before), total(after)))?;
        let costs = plan.costs().into_iter().map(|costs| {
            (costs.name.to_owned(), before_after(cost(costs.before), cost(costs.after)))
        });
        shape.serialize_entry("costs", &costs.collect::<Map<String, Json>>())?;
        let faults = |passed: &Passed<'_>| json!(passed.outcome.decision_faults());
        shape.serialize_entry("faults", &before_after(faults(&plan.from), faults(&plan.to)))?;
        let limits = planned.verdicts.iter().map(|it| verdict(plan, it));
        shape.serialize_entry("limits", &limits.collect::<Vec<_>>())?;
        shape.serialize_entry("rules", &plan.rules)?;
        shape.end()
    }
}

/// Those who are listed.
struct Movers<'a>(&'a Planned<'a>);

impl Serialize for Movers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Movers(planned) = *self;
        let mut list = serializer.serialize_seq(Some(planned.movers.len()))?;
        for (mover, because) in planned.moves() {
            list.serialize_element(&moved(planned, mover, &because))?;
        }
        list.end()
    }
}

fn moved(planned: &Planned<'_>, mover: &Mover, because: &Because) -> Json {
    let plan = planned.plan;
    let ladder = &plan.ladders[mover.ladder];
    let (from, to) = plan.tiers(mover);
    let criteria: Vec<Json> = match (because, ladder.to) {
        (Because::Criteria(criteria), Some(id)) => {
            let tiers = &plan.to.rules.program.ladders[id].tiers;
            criteria.iter().map(|it| it.to_json(&tiers[it.tier].name)).collect()
        }
        _ => Vec::new(),
    };
    let mut json = json!({
        "customer": plan.customer(mover).to_string(),
        "ladder": ladder.name,
        "from": from.unwrap_or(NONE),
        "to": to.unwrap_or(NONE),
        "direction": mover.way.name(),
        "because": criteria,
    });
    if let Some(note) = note(because) {
        json["note"] = json!(note);
    }
    json
}

/// Only cells with somebody in them.
fn ladder(planned: &Planned<'_>, ladder: &LadderPlan) -> Json {
    let names = |passed: &Passed<'_>, id: Option<usize>| -> Vec<String> {
        let tiers = id.map_or(&[][..], |id| &passed.rules.program.ladders[id].tiers);
        tiers.iter().map(|tier| tier.name.clone()).chain([NONE.to_owned()]).collect()
    };
    let rows = names(&planned.plan.from, ladder.from);
    let columns = names(&planned.plan.to, ladder.to);
    let mut matrix = Map::new();
    for (name, counts) in rows.into_iter().zip(&ladder.matrix) {
        let cells = columns.iter().zip(counts).filter(|(_, count)| **count > 0);
        let cells: Map<String, Json> =
            cells.map(|(name, count)| (name.clone(), json!(count))).collect();
        if !cells.is_empty() {
            matrix.insert(name, Json::Object(cells));
        }
    }
    json!({
        "matrix": matrix,
        "promoted": ladder.promoted,
        "demoted": ladder.demoted,
        "across": ladder.across,
        "unchanged": ladder.unchanged,
    })
}

/// The moves of a pass by ladder.
fn plan_moves(passed: &Passed<'_>) -> Json {
    let ladders = passed.rules.program.ladders.iter().zip(&passed.outcome.ladders);
    let moves = ladders.map(|(ladder, outcome)| (ladder.name.clone(), json!(outcome.moves)));
    Json::Object(moves.collect())
}

fn cutoffs(planned: &Planned<'_>) -> Json {
    let value = |taken: Option<&Taken>| taken.map(|taken| sum(taken.value));
    let told = planned.plan.cutoffs().into_iter().map(|pair| {
        json!({
            "text": pair.text,
            "ladder": pair.ladder,
            "before": value(pair.before),
            "after": value(pair.after),
        })
    });
    told.collect()
}

fn pairs(pairs: Vec<tierkeeper::plan::Pair<'_>>) -> Json {
    let pairs = pairs
        .into_iter()
        .map(|pair| (pair.name.to_owned(), json!({"before": pair.before, "after": pair.after})));
    Json::Object(pairs.collect())
}

fn before_after(before: Json, after: Json) -> Json {
    json!({"before": before, "after": after})
}

fn cost(cost: Option<BenefitCost>) -> Json {
    cost.map_or(
        Json::Null,
        |benefit| json!({"customers": benefit.customers, "cost": sum(benefit.cost)}),
    )
}

fn total(cost: TotalCost) -> Json {
    cost.map_or(Json::Null, sum)
}

/// `null` where it cannot be told.
fn sum(sum: Result<rust_decimal::Decimal, Fault>) -> Json {
    sum.map_or(Json::Null, number_json)
}

fn verdict(plan: &Plan<'_>, verdict: &Verdict) -> Json {
    let found = match verdict.found {
        Found::Demoted { tier, people, holders } => {
            let ladders = &plan.from.rules.program.ladders;
            let ladder = ladders.iter().find(|it| Some(&it.name) == verdict.ladder.as_ref());
            let tier = ladder.zip(tier).map(|(ladder, tier)| &ladder.tiers[tier].name);
            json!({"tier": tier, "demoted": people, "holders": holders})
        }
        Found::CostRise(CostRise::Unknown) => Json::Null,
        Found::CostRise(CostRise::By { amount, percent, .. }) => {
            json!({"amount": number_json(amount), "percent": percent.map(number_json)})
        }
    };
    json!({
        "limit": verdict.limit.name(),
        "at_most": verdict.limit.to_string(),
        "ladder": verdict.ladder,
        "found": found,
        "over": verdict.over,
    })
}
