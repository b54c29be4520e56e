use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Value as Json, json};
use tierkeeper::plan::{Because, Mover, NO_TIER};

use super::Planned;
use super::because::note;

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
        shape.serialize_entry("ladders", &plan.ladders_json())?;
        shape.serialize_entry("movers_total", &plan.movers.len())?;
        shape.serialize_entry("movers", &Movers(planned))?;
        for (name, value) in plan.totals_json(&planned.verdicts) {
            shape.serialize_entry(&name, &value)?;
        }
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
        "from": from.unwrap_or(NO_TIER),
        "to": to.unwrap_or(NO_TIER),
        "direction": mover.way.name(),
        "because": criteria,
    });
    if let Some(note) = note(because) {
        json["note"] = json!(note);
    }
    json
}
