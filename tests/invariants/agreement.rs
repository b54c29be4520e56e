//! The program and the naive evaluator come to the same, after every step.

use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tierkeeper::lifecycle::{Event, LadderStandings, Standing as RealStanding, TierCode};
use tierkeeper::metrics::population::Population;
use tierkeeper::program::Program;

use super::case::{Case, Facts, Step, What};
use super::generate::{Kind, cases};
use super::naive::{Happened, HeldValue, Hold, Standing, World};
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

/// The generator makes what is worth looking at.
#[test]
fn everything_happens_in_some_case() {
    let mut runner = TestRunner::deterministic();
    let strategy = cases(Kind::ANY);
    let mut names = BTreeSet::new();
    for _ in 0..400 {
        let case = strategy.new_tree(&mut runner).expect("a case").current();
        let mut world = World::default();
        let (packs, dates) = (case.packs(), case.dates());
        for (number, step) in case.steps.iter().enumerate() {
            let (pack, facts) = (&packs[number], case.facts(number));
            let happened = expected(&mut world, &case, step, pack, &facts, dates[number]);
            names.extend(happened.into_iter().flatten().map(|it| it.event));
        }
    }
    // Nothing is near a tier here.
    let all = Event::ALL.iter().filter(|event| **event != Event::NearEntered);
    assert_eq!(names, all.map(|event| event.name()).collect());
}

/// What a step does to the naive world; `None`: it is refused.
fn expected(
    world: &mut World,
    case: &Case,
    step: &Step,
    pack: &Pack,
    facts: &Facts,
    as_of: Date,
) -> Option<Vec<Happened>> {
    match &step.what {
        What::Pass(_) => Some(world.pass(pack, facts, as_of)),
        What::Deed { customer, ladder, deed } => {
            let customer = &case.customers[*customer].id;
            world.by_hand(pack, facts, as_of, customer, *ladder, *deed)
        }
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
        let expected = expected(&mut world, case, step, pack, &facts, as_of);
        let (standings, customers) = match &step.what {
            What::Pass(_) => {
                let (outcome, _) = shop.pass(rules, as_of);
                same_cutoffs(&rules.program, &outcome.population, &world)?;
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

/// The population values of criteria that a ladder holds, with the date on which they were taken:
/// those of the program, once each, and the naive ones.
fn same_cutoffs(program: &Program, population: &Population, world: &World) -> Outcome {
    let mut found = Vec::new();
    for (id, cutoff) in program.cutoffs.iter().enumerate() {
        let Some(ladder) = cutoff.held_by else { continue };
        let Some(held) = &population.held[id] else { continue };
        let by = cutoff.kind.is_top().then_some(held.count > 0);
        let value = held.value.expect("a value").normalize().to_string();
        let ladder = program.ladders[ladder].name.clone();
        found.push((ladder, held.taken_on, held.until, by, value));
    }
    let mut expected: Vec<_> = world.cutoffs.now().iter().filter_map(HeldValue::told).collect();
    found.sort();
    expected.sort();
    found.dedup();
    expected.dedup();
    prop_assert_eq!(found, expected);
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

fn stored(happened: Happened, seq: i64, as_of: Date) -> StoredEvent {
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
