use tierkeeper::explain::plain_number;
use tierkeeper::simulate::TierMoves;

use super::Simulated;
use super::replay::Replay;
use crate::exit::Failure;
use crate::output;

const HEADER: [&str; 11] = [
    "as_of",
    "pack",
    "ladder",
    "tier",
    "customers",
    "entered",
    "upgraded",
    "downgraded",
    "left",
    "flapping",
    "cost",
];

/// One row per date, pack, ladder and tier, and one for those without a tier.
pub fn write(simulated: &Simulated) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(output::stdout());
    writer.write_record(HEADER).map_err(output::written)?;
    for step in 0..simulated.dates.len() {
        let against = simulated.against.as_ref().map(|against| ("against", against));
        for (name, replay) in [("current", &simulated.current)].into_iter().chain(against) {
            for row in rows(name, replay, step) {
                writer.write_record(&row).map_err(output::written)?;
            }
        }
    }
    writer.flush()?;
    Ok(())
}

fn rows(name: &str, replay: &Replay, step: usize) -> Vec<[String; HEADER.len()]> {
    let step = &replay.steps[step];
    let cost = step.cost().and_then(Result::ok).map_or_else(String::new, plain_number);
    let mut rows = Vec::new();
    for (ladder, of) in replay.rules.program.ladders.iter().zip(&step.ladders) {
        let mut row = |tier: &str, customers: u64, moves: TierMoves| {
            let numbers = [moves.entered, moves.upgraded, moves.downgraded, moves.left];
            let [entered, upgraded, downgraded, left] = numbers.map(|number| number.to_string());
            rows.push([
                step.as_of.to_string(),
                name.to_owned(),
                ladder.name.clone(),
                tier.to_owned(),
                customers.to_string(),
                entered,
                upgraded,
                downgraded,
                left,
                of.flapping.to_string(),
                cost.clone(),
            ]);
        };
        for ((tier, customers), moves) in ladder.tiers.iter().zip(&of.tiers).zip(&of.by_tier) {
            row(&tier.name, *customers, *moves);
        }
        row("", of.none, TierMoves::default());
    }
    rows
}
