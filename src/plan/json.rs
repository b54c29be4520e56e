//! A plan as values for programs, but for who moves.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::{CostRise, Found, LadderPlan, Pair, Passed, Plan, TotalCost, Verdict};
use crate::criteria::number_json;
use crate::expr::Fault;
use crate::metrics::population::Taken;
use crate::pass::BenefitCost;

/// No tier, among the names of tiers.
pub const NO_TIER: &str = "none";

impl Plan<'_> {
    /// `{"club": {"matrix", "promoted", "demoted", "across", "unchanged"}}`; of a matrix only the
    /// cells with somebody in them.
    pub fn ladders_json(&self) -> Json {
        let ladders = self.ladders.iter().map(|it| (it.name.clone(), ladder(self, it)));
        Json::Object(ladders.collect())
    }

    /// What `plan --format json` says of everybody together: `moves`, `cutoffs`, `segments`,
    /// `alerts`, `cost`, `costs`, `faults`, `limits`.
    pub fn totals_json(&self, verdicts: &[Verdict]) -> Map<String, Json> {
        let (before, after) = self.cost();
        let costs = self.costs().into_iter().map(|costs| {
            (costs.name.to_owned(), before_after(cost(costs.before), cost(costs.after)))
        });
        let faults = |passed: &Passed<'_>| json!(passed.outcome.decision_faults());
        let limits = verdicts.iter().map(|it| verdict(self, it));
        let totals = [
            ("moves", before_after(moves(&self.from), moves(&self.to))),
            ("cutoffs", cutoffs(self)),
            ("segments", pairs(self.segments())),
            ("alerts", pairs(self.alerts())),
            ("cost", before_after(total(before), total(after))),
            ("costs", Json::Object(costs.collect())),
            ("faults", before_after(faults(&self.from), faults(&self.to))),
            ("limits", limits.collect()),
        ];
        totals.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The shape of `plan --format json` without those who move.
    pub fn impact_json(&self, verdicts: &[Verdict]) -> Json {
        let mut shape = json!({
            "from": self.from.rules.program.generation(),
            "to": self.to.rules.program.generation(),
            "as_of": self.as_of.to_string(),
            "review_all": self.review_all,
            "customers": self.customers,
            "ladders": self.ladders_json(),
            "movers_total": self.movers.len(),
        });
        if let Some(shape) = shape.as_object_mut() {
            shape.extend(self.totals_json(verdicts));
            shape.insert("rules".to_owned(), json!(self.rules));
        }
        shape
    }
}

fn ladder(plan: &Plan<'_>, ladder: &LadderPlan) -> Json {
    let names = |passed: &Passed<'_>, id: Option<usize>| -> Vec<String> {
        let tiers = id.map_or(&[][..], |id| &passed.rules.program.ladders[id].tiers);
        tiers.iter().map(|tier| tier.name.clone()).chain([NO_TIER.to_owned()]).collect()
    };
    let rows = names(&plan.from, ladder.from);
    let columns = names(&plan.to, ladder.to);
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
fn moves(passed: &Passed<'_>) -> Json {
    let ladders = passed.rules.program.ladders.iter().zip(&passed.outcome.ladders);
    let moves = ladders.map(|(ladder, outcome)| (ladder.name.clone(), json!(outcome.moves)));
    Json::Object(moves.collect())
}

fn cutoffs(plan: &Plan<'_>) -> Json {
    let value = |taken: Option<&Taken>| taken.map(|taken| sum(taken.value));
    let told = plan.cutoffs().into_iter().map(|pair| {
        json!({
            "text": pair.text,
            "ladder": pair.ladder,
            "before": value(pair.before),
            "after": value(pair.after),
        })
    });
    told.collect()
}

fn pairs(pairs: Vec<Pair<'_>>) -> Json {
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
fn sum(sum: Result<Decimal, Fault>) -> Json {
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
