use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Answers, Layer, Members, Page};
use crate::build::Rules;
use crate::expr::Value;
use crate::metrics::population::Fixed;
use crate::pass::{fixture, run, run_fixed};
use crate::store::CustomerId;
use crate::suite::{GivenTo, People, nobody};

const AS_OF: Date = date(2026, 3, 10);

const CLUB: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000 }
      gold: { enter: spend >= 400 }
  shares:
    tiers:
      best: { enter: \"top_percent(50, spend)\" }
segments:
  small: { when: spend < 400 }
  round: { when: spend == 1000 || spend == 0 }
";

const VIP: Members = Members::Tier(0, 0);
const GOLD: Members = Members::Tier(0, 1);
const BEST: Members = Members::Tier(1, 0);
const SMALL: Members = Members::Segment(0);
const ROUND: Members = Members::Segment(1);

type Spend = BTreeMap<CustomerId, i64>;

/// Customers with their spend; against what was fixed, or as everybody.
fn layer(rules: &Rules, spend: &Spend, fixed: Option<&Fixed>) -> Layer {
    let program = &rules.program;
    let mut people = People::default();
    let metric = fixture::metric(program, "spend");
    for (customer, spend) in spend {
        people.store.customers.push((customer.clone(), Vec::new()));
        let (customer, value) = (customer.clone(), Value::Number((*spend).into()));
        people.given.push(GivenTo { customer, metric, value });
    }
    let facts = people.facts(program, AS_OF, &|_, _| None).expect("facts");
    let standings = nobody(program, facts.customers.len());
    let outcome = match fixed {
        Some(fixed) => run_fixed(program, facts, &standings, fixed, AS_OF, 1),
        None => run(program, facts, &standings, &[], AS_OF, 1),
    };
    Layer::of(program, outcome)
}

fn answers(below: &Spend, above: Option<&Spend>) -> Answers {
    let rules = Arc::new(fixture::rules("", "", CLUB));
    let answers = Answers::of_everybody(rules.clone(), layer(&rules, below, None));
    let fixed = answers.everybody.population.fixed();
    match above {
        Some(above) => answers.with_touched(layer(&rules, above, Some(&fixed))),
        None => answers,
    }
}

fn spend(customers: &[(&str, i64)]) -> Spend {
    customers.iter().map(|(id, spend)| (CustomerId::parse(id), *spend)).collect()
}

/// The ids of a page, with `…` where there are more.
fn page(answers: &Answers, members: Members, after: &str, limit: usize) -> String {
    let after = (!after.is_empty()).then(|| CustomerId::parse(after));
    let Page { customers, more } = answers.page(members, after.as_ref(), limit);
    let mut words: Vec<String> = customers.iter().map(ToString::to_string).collect();
    words.extend(more.then(|| "…".to_owned()));
    words.join(" ")
}

/// Six of everybody, and 2, 5 and 40 again with another spend; `0` and `b` are new.
fn touched() -> Answers {
    let below = spend(&[("2", 1500), ("5", 0), ("11", 1000), ("40", 500), ("a", 1000), ("c", 20)]);
    let above = spend(&[("0", 2000), ("2", 10), ("5", 1000), ("40", 600), ("b", 400)]);
    answers(&below, Some(&above))
}

#[test]
fn a_page_has_members_of_both_layers_in_the_order_of_ids() {
    let answers = touched();
    assert_eq!(page(&answers, VIP, "", 10), "0 5 11 a");
    assert_eq!(page(&answers, GOLD, "", 10), "40 b");
    assert_eq!(page(&answers, SMALL, "", 10), "2 c");
    assert_eq!(page(&answers, ROUND, "", 10), "5 11 a");
    // The best half of the six begins at 1000; whoever is touched changes nothing there.
    assert_eq!(page(&answers, BEST, "", 10), "0 5 11 a");
}

#[test]
fn a_page_begins_after_a_customer_and_says_whether_there_are_more() {
    let answers = touched();
    assert_eq!(page(&answers, VIP, "", 2), "0 5 …");
    assert_eq!(page(&answers, VIP, "5", 2), "11 a");
    assert_eq!(page(&answers, VIP, "", 4), "0 5 11 a");
    assert_eq!(page(&answers, VIP, "", 3), "0 5 11 …");
    assert_eq!(page(&answers, VIP, "0", 1), "5 …");
    // After somebody who is no member, or whom nobody knows.
    assert_eq!(page(&answers, VIP, "2", 10), "5 11 a");
    assert_eq!(page(&answers, VIP, "7", 10), "11 a");
    assert_eq!(page(&answers, VIP, "a", 10), "");
    assert_eq!(page(&answers, VIP, "zz", 10), "");
    assert_eq!(page(&answers, VIP, "", 0), "…");
}

#[test]
fn counts_are_of_the_layer_above_where_it_has_somebody() {
    let answers = touched();
    // VIP 0, 5, 11, a; gold 40, b; nobody's 2 and c.
    assert_eq!(answers.tiers, [vec![4, 2, 2], vec![4, 4]]);
    assert_eq!(answers.segments, [2, 3]);
    // Of everybody 2, 11 and a are VIP, 40 is gold; 5 and c are without a tier.
    let below = Answers { touched: None, ..answers.clone() };
    let below = Answers::of_everybody(below.rules.clone(), Layer::clone(&below.everybody));
    assert_eq!(below.tiers, [vec![3, 1, 2], vec![3, 3]]);
    assert_eq!(below.segments, [2, 3]);
    assert_eq!(below.generation, answers.generation);
}

#[test]
fn later_touches_take_the_place_of_earlier_ones() {
    let first = touched();
    let fixed = first.everybody.population.fixed();
    let above = layer(&first.rules, &spend(&[("2", 400)]), Some(&fixed));
    let second = first.with_touched(above);
    // Those of the first touch are as before it: `with_touched` is given all of them.
    assert_eq!(second.tiers, [vec![2, 2, 2], vec![2, 4]]);
    assert_eq!(page(&second, GOLD, "", 10), "2 40");
    assert!(second.find(&CustomerId::parse("0")).is_none());
    assert_eq!(second.segments, [2, 3]);
    // Whatever was touched before, what is touched in the end decides.
    let third = second.with_touched(Layer::clone(first.touched.as_ref().expect("touched")));
    assert_eq!((&third.tiers, &third.segments), (&first.tiers, &first.segments));
    // The first answers are what they were.
    assert_eq!(first.tiers, [vec![4, 2, 2], vec![4, 4]]);
}

#[test]
fn somebody_is_found_above_before_below() {
    let answers = touched();
    let spend = |id: &str| {
        let (layer, slot) = answers.find(&CustomerId::parse(id))?;
        let metric = fixture::metric(&answers.rules.program, "spend");
        layer.population.metric(metric, slot).ok()
    };
    assert_eq!(spend("2"), Some(Value::Number(10.into())));
    assert_eq!(spend("11"), Some(Value::Number(1000.into())));
    assert_eq!(spend("b"), Some(Value::Number(400.into())));
    assert_eq!(spend("12"), None);
    assert_eq!(spend("02"), None);
    let answer = answers.customer(&CustomerId::parse("5"), None).expect("a customer");
    assert_eq!(answer["ladders"]["club"]["tier"], "vip");
    assert_eq!(answer["segments"], serde_json::json!(["round"]));
}

#[test]
fn nobody_at_all_is_no_fault() {
    let empty = answers(&Spend::new(), Some(&Spend::new()));
    assert_eq!(page(&empty, VIP, "", 5), "");
    assert_eq!(empty.tiers, [vec![0, 0, 0], vec![0, 0]]);
    let new = answers(&Spend::new(), Some(&spend(&[("1", 1000)])));
    assert_eq!(page(&new, VIP, "", 5), "1");
    assert_eq!(new.tiers[0], [1, 0, 0]);
}

fn customers() -> impl Strategy<Value = Spend> {
    let id = (0..12_i64).prop_map(|id| match id % 3 {
        0 => CustomerId::parse(&format!("c{id}")),
        _ => CustomerId::Int(id),
    });
    prop::collection::btree_map(id, prop::sample::select(vec![0, 399, 400, 1000, 1500]), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is below and above, in pages of any size: what one layer with the same people says.
    #[test]
    fn two_layers_are_as_one(below in customers(), above in prop::option::of(customers())) {
        let answers = answers(&below, above.as_ref());
        let mut all = below.clone();
        all.extend(above.iter().flatten().map(|(id, spend)| (id.clone(), *spend)));
        let is_member = |members: Members, spend: i64| match members {
            VIP => spend >= 1000,
            GOLD => (400..1000).contains(&spend),
            SMALL => spend < 400,
            _ => spend == 1000 || spend == 0,
        };
        for members in [VIP, GOLD, SMALL, ROUND] {
            let wanted: Vec<CustomerId> = all
                .iter()
                .filter(|(_, spend)| is_member(members, **spend))
                .map(|(id, _)| id.clone())
                .collect();
            let count = match members {
                Members::Tier(ladder, tier) => answers.tiers[ladder][tier],
                Members::Segment(segment) => answers.segments[segment],
            };
            prop_assert_eq!(count, wanted.len() as u64);
            for limit in 1..4 {
                let (mut found, mut after) = (Vec::new(), None);
                loop {
                    let page = answers.page(members, after.as_ref(), limit);
                    prop_assert!(page.customers.len() == limit || !page.more);
                    found.extend(page.customers);
                    if !page.more {
                        break;
                    }
                    after = found.last().cloned();
                }
                prop_assert_eq!(&found, &wanted);
            }
        }
        let none = all.values().filter(|spend| **spend < 400).count() as u64;
        prop_assert_eq!(answers.tiers[0][2], none);
        prop_assert_eq!(answers.tiers[1].iter().sum::<u64>(), all.len() as u64);
        let known: BTreeSet<&CustomerId> = all.keys().collect();
        for id in 0..12 {
            for id in [CustomerId::Int(id), CustomerId::parse(&format!("c{id}"))] {
                prop_assert_eq!(answers.find(&id).is_some(), known.contains(&id));
            }
        }
    }
}
