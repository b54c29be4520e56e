//! The program and the naive evaluator come to the same, after every step.

use proptest::prelude::*;
use tierkeeper::lifecycle::{LadderStandings, Standing as RealStanding, TierCode};
use tierkeeper::program::Program;

use super::case::{Case, What};
use super::generate::{Kind, cases};
use super::naive::{Happened, Hold, Standing, World};
use super::shop::{Shop, StoredEvent, all_rules};
use super::{Outcome, config, reject};
use crate::model::Pack;

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn every_step_comes_out_as_the_pages_say(case in cases(Kind::ANY)) {
        agrees(&case)?;
    }
}

fn agrees(case: &Case) -> Outcome {
    let Some(rules) = all_rules(case) else { return reject() };
    let (packs, dates) = (case.packs(), case.dates());
    let shop = Shop::new(1 + case.rows.len() % 2);
    let mut world = World::default();
    let mut last_event = 0;
    for (number, step) in case.steps.iter().enumerate() {
        let (pack, rules, as_of) = (&packs[number], &rules[number], dates[number]);
        let facts = case.facts(number);
        shop.hold(&facts);
        let expected = match &step.what {
            What::Pass(_) => Some(world.pass(pack, &facts, as_of)),
            What::Deed { customer, ladder, deed } => {
                let customer = &case.customers[*customer].id;
                world.by_hand(pack, &facts, as_of, customer, *ladder, *deed)
            }
        };
        let (standings, customers) = match &step.what {
            What::Pass(_) => {
                let (outcome, _) = shop.pass(rules, as_of);
                (outcome.after.standings, outcome.population.facts.customers)
            }
            What::Deed { customer, ladder, deed } => {
                let customer = &case.customers[*customer].id;
                let done = shop.by_hand(rules, as_of, customer, *ladder, *deed);
                prop_assert_eq!(done.is_some(), expected.is_some(), "step {}", number);
                let Some(done) = done else { continue };
                (done.standings, done.customers)
            }
        };
        prop_assert_eq!(&customers, &facts.who(as_of));
        let program = &rules.program;
        for (id, ladder) in pack.ladders.iter().enumerate() {
            for (slot, customer) in customers.iter().enumerate() {
                let found = found(program, &standings.ladders[id], id, slot);
                let expected = today(pack, world.standing(ladder.name, customer), ladder.name);
                prop_assert_eq!(
                    found,
                    expected,
                    "step {}, {} in {}",
                    number,
                    customer,
                    ladder.name
                );
            }
        }
        let events = shop.events(last_event);
        last_event = events.last().map_or(last_event, |event| event.seq);
        let expected: Vec<StoredEvent> = expected
            .into_iter()
            .flatten()
            .zip(last_event + 1 - events.len() as i64..)
            .map(|(happened, seq)| stored(happened, seq, as_of))
            .collect();
        prop_assert_eq!(events, expected, "events of step {}", number);
    }
    Ok(())
}

/// A standing of the program with the names of its tiers.
fn found(program: &Program, of: &LadderStandings, ladder: usize, slot: usize) -> Standing {
    let RealStanding { since, review_on, grace_until, warned_for, hold, .. } = of.get(slot);
    let name = |tier: usize| program.ladders[ladder].tiers[tier].name.clone();
    let code: TierCode = of.tier[slot];
    let gone = code.gone_index().map(|gone| of.gone[gone].clone());
    let hold = hold.map(|hold| Hold {
        tier: hold.tier.map_or(GONE.to_owned(), name),
        pins: hold.pins,
        until: hold.until,
    });
    let tier = code.tier().map(name).or(gone);
    Standing { tier, since, review_on, grace_until, warned_for, hold }
}

/// What a hold shows that is in a tier which is not there any more.
const GONE: &str = "(gone)";

/// The same with the names that tiers of holds have today.
fn today(pack: &Pack, mut standing: Standing, ladder: &'static str) -> Standing {
    if let Some(hold) = &mut standing.hold {
        hold.tier = pack.ladder(ladder).today(&hold.tier).unwrap_or(GONE).to_owned();
    }
    standing
}

fn stored(happened: Happened, seq: i64, as_of: jiff::civil::Date) -> StoredEvent {
    StoredEvent {
        seq,
        as_of: as_of.to_string(),
        event: happened.event.to_owned(),
        customer: happened.customer.to_string(),
        ladder: happened.ladder.map(str::to_owned),
        from: happened.from,
        to: happened.to,
    }
}
