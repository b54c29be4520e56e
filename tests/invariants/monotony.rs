//! 3: in one step from the same standing, for a pack whose criteria are all "at least", more of a
//! metric never gives a lower tier.

use proptest::prelude::*;

use super::case::{Case, What};
use super::generate::{Kind, cases};
use super::shop::{Shop, all_rules};
use super::{Outcome, config, reject};

const AT_LEAST: Kind = Kind { at_least_only: true, ..Kind::ANY };

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn more_never_gives_a_lower_tier(
        case in cases(AT_LEAST),
        who in any::<prop::sample::Index>(),
        more in prop::collection::vec((0_i32..60, prop::option::of(1_i64..60_000)), 1..5),
    ) {
        more_is_not_less(&case, who.index(case.customers.len()), &more)?;
    }
}

/// The last pass of the case, once as it is and once with more orders and visits of one customer,
/// so many days ago.
fn more_is_not_less(case: &Case, who: usize, more: &[(i32, Option<i64>)]) -> Outcome {
    let Some(rules) = all_rules(case) else { return reject() };
    let passes = case.steps.iter().rposition(|step| matches!(step.what, What::Pass(_)));
    let Some(last) = passes else { return Ok(()) };
    let shop = Shop::new(1);
    (0..last).for_each(|step| shop.step(case, &rules, step));
    let as_of = case.dates()[last];
    let mut facts = case.facts(last);
    let id = case.customers[who].id.clone();
    if !facts.who(as_of).contains(&id) {
        return Ok(());
    }
    shop.hold(&facts);
    let (less, _) = shop.decide(&rules[last], as_of);
    let more = more
        .iter()
        .map(|(ago, cents)| (id.clone(), super::calendar::days_after(as_of, -ago), *cents));
    facts.rows.extend(more);
    shop.hold(&facts);
    let (more, _) = shop.decide(&rules[last], as_of);
    let slot = less.population.facts.slot(&id).expect("the customer");
    for ladder in 0..less.ladders.len() {
        // Highest first; no tier is the lowest of all.
        let rank = |tier: Option<usize>| tier.unwrap_or(usize::MAX);
        let [less, more] = [&less, &more].map(|outcome| outcome.after.standings.get(ladder, slot));
        prop_assert!(
            rank(more.tier) <= rank(less.tier),
            "{} in ladder {}: {:?} with less, {:?} with more",
            id,
            ladder,
            less,
            more
        );
    }
    Ok(())
}
