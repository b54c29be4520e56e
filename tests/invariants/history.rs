//! 4: at most one tier of a ladder, and events that follow from each other. 6: replaying gives the
//! standings that were stored, event by event. And what is stored is what was decided, once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use proptest::prelude::*;
use tierkeeper::build::Rules;
use tierkeeper::lifecycle::{LadderStandings, Standings};
use tierkeeper::pass::PassOutcome;
use tierkeeper::store::{State, Written};

use super::case::{Case, What};
use super::generate::{Kind, cases};
use super::shop::{Shop, all_rules};
use super::{Outcome, config, reject};

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn every_event_follows_from_the_one_before(case in cases(Kind::ANY)) {
        let Some(rules) = all_rules(&case) else { return reject() };
        let shop = Shop::new(1);
        (0..case.steps.len()).for_each(|step| shop.step(&case, &rules, step));
        follows(&shop)?;
    }

    #[test]
    fn replaying_gives_what_was_stored(case in cases(Kind::ANY)) {
        replays(&case)?;
    }

    /// Criteria that read what people hold see the first pass in the second.
    #[test]
    fn the_same_pass_again_changes_nothing(case in cases(Kind { standings: false, ..Kind::ANY })) {
        twice(&case)?;
    }

    #[test]
    fn what_is_stored_is_what_was_decided(case in cases(Kind::ANY)) {
        reads_back(&case)?;
    }

    /// Without deeds: whoever is given a tier by hand may be promised the same date again.
    #[test]
    fn a_review_is_told_of_once(case in cases(Kind { deeds: false, ..Kind::ANY })) {
        let Some(rules) = all_rules(&case) else { return reject() };
        let shop = Shop::new(1);
        (0..case.steps.len()).for_each(|step| shop.step(&case, &rules, step));
        let mut told = BTreeSet::new();
        for (customer, ladder, review_on) in shop.expiring() {
            let review = (customer, ladder, review_on);
            prop_assert!(told.insert(review.clone()), "twice: {:?}", review);
        }
    }
}

/// What replaying the events alone gives is what is stored.
fn follows(shop: &Shop) -> Outcome {
    if !shop.state_path().exists() {
        return Ok(());
    }
    let mut tiers: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
    for event in shop.events(0) {
        let Some(ladder) = event.ladder.clone().filter(|_| event.event != "near.entered") else {
            continue;
        };
        let key = (event.customer.clone(), ladder);
        let held = tiers.get(&key).cloned().flatten();
        prop_assert_eq!(&event.from, &held, "{:?}", event);
        tiers.insert(key, event.to);
    }
    let stored = shop.stored_tiers();
    let keys: BTreeSet<_> = stored.iter().map(|(key, _)| key.clone()).collect();
    prop_assert_eq!(keys.len(), stored.len(), "two tiers of a ladder");
    for (key, tier) in stored {
        prop_assert_eq!(tiers.remove(&key).flatten(), tier, "{:?}", key);
    }
    tiers.retain(|_, tier| tier.is_some());
    prop_assert_eq!(tiers, BTreeMap::new());
    Ok(())
}

/// With the packs that the state has kept.
fn replays(case: &Case) -> Outcome {
    let Some(rules) = all_rules(case) else { return reject() };
    let (first, again) = (Shop::new(1), Shop::new(2));
    for step in 0..case.steps.len() {
        first.step(case, &rules, step);
    }
    let state = State::open_existing(&first.state_path()).expect("a state");
    let kept = |rules: &Arc<Rules>| {
        let origin = state.as_ref()?.origin(&rules.program.generation()).expect("a pack")?;
        let built = origin.build();
        let program = built.program.expect("a program that decided");
        Some(Arc::new(Rules { program, texts: built.sources, origin }))
    };
    // A program that decided nothing was not kept.
    let replayed: Vec<_> =
        rules.iter().map(|rules| kept(rules).unwrap_or_else(|| Arc::clone(rules))).collect();
    (0..case.steps.len()).for_each(|step| again.step(case, &replayed, step));
    prop_assert_eq!(first.events(0), again.events(0));
    prop_assert_eq!(first.dump(&[]), again.dump(&[]));
    Ok(())
}

/// Every pass a second time: not a byte of the file changes. But where somebody has landed in a
/// tier whose `keep` cannot be computed: that is asked of who holds it, the second time.
fn twice(case: &Case) -> Outcome {
    let Some(rules) = all_rules(case) else { return reject() };
    let shop = Shop::new(1);
    for (number, step) in case.steps.iter().enumerate() {
        shop.step(case, &rules, number);
        if !matches!(step.what, What::Pass(_)) {
            continue;
        }
        let before = fs::read(shop.state_path()).expect("a state");
        let known = shop.events(0).len() as i64;
        let (_, written) = shop.pass(&rules[number], case.dates()[number]);
        let said = shop.events(known);
        if !said.is_empty() && said.iter().all(|event| event.event == "decision.fault") {
            prop_assert_eq!(written.standings, 0, "step {}", number);
            continue;
        }
        prop_assert_eq!(written, Written::default(), "step {}", number);
        let same = fs::read(shop.state_path()).expect("a state") == before;
        prop_assert!(same, "bytes of step {}", number);
    }
    Ok(())
}

fn reads_back(case: &Case) -> Outcome {
    let Some(rules) = all_rules(case) else { return reject() };
    let shop = Shop::new(1);
    for (number, step) in case.steps.iter().enumerate() {
        if !matches!(step.what, What::Pass(_)) {
            shop.step(case, &rules, number);
            continue;
        }
        shop.hold(&case.facts(number));
        let (rules, as_of) = (&rules[number], case.dates()[number]);
        let (outcome, _) = shop.pass(rules, as_of);
        let PassOutcome { population, after, .. } = &outcome;
        let stored = shop.standings(rules, &population.facts.customers);
        same_standings(&stored, &after.standings)?;
        let state = State::open_existing(&shop.state_path()).expect("a state").expect("there");
        let held = state.held_cutoffs(&rules.program, as_of).expect("cutoffs");
        let used = state.used_cutoffs(&rules.program, as_of).expect("cutoffs");
        for id in 0..rules.program.cutoffs.len() {
            if let Some(holding) = &population.held[id] {
                prop_assert_eq!(held[id].as_ref(), Some(holding));
            }
            let taken = population.cutoff(id).expect("every cutoff is taken");
            let used = used[id].as_ref().expect("what a pass used is stored");
            let found = (used.taken_on, used.value, used.count, &used.border);
            prop_assert_eq!(found, (taken.taken_on, taken.value, taken.count, &taken.border));
        }
    }
    Ok(())
}

fn same_standings(stored: &Standings, decided: &Standings) -> Outcome {
    prop_assert_eq!(&stored.raised_on, &decided.raised_on);
    prop_assert_eq!(&stored.segments, &decided.segments);
    for (stored, decided) in stored.ladders.iter().zip(&decided.ladders) {
        prop_assert_eq!(stored.last_pass, decided.last_pass);
        prop_assert_eq!(&stored.holds, &decided.holds);
        prop_assert_eq!(stored.len(), decided.len());
        for slot in 0..stored.len() {
            prop_assert_eq!(stored.get(slot), decided.get(slot));
            prop_assert_eq!(stored.tick(slot), decided.tick(slot));
            prop_assert_eq!(gone(stored, slot), gone(decided, slot));
        }
        for (stored, decided) in stored.left_on.iter().zip(&decided.left_on) {
            prop_assert_eq!(stored, decided);
        }
    }
    Ok(())
}

/// The name of a tier that is held and not there any more.
fn gone(standings: &LadderStandings, slot: usize) -> Option<&str> {
    standings.tier[slot].gone_index().map(|gone| standings.gone[gone].as_str())
}
