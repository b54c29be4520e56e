//! Suggestions: worked out by hand, and held against the real pass.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::build::Rules;
use crate::expr::column::{Column, Data};
use crate::expr::{MetricId, days_from_date};
use crate::pass::fixture::{facts, first_pass, metric, rules, sound_rules};
use crate::pass::{PassOutcome, run, run_fixed};
use crate::store::Facts;

const AS_OF: Date = date(2026, 6, 15);

fn next(rules: &Rules, outcome: &PassOutcome, slot: usize) -> Option<Next> {
    let PassOutcome { population, after, .. } = outcome;
    let explanation = explain(&rules.program, &rules.texts, population, after, slot);
    explanation.ladders.into_iter().next().and_then(|ladder| ladder.next)
}

fn alone<'a>(rules: &'a Rules, outcome: &PassOutcome, slot: usize) -> Explanation<'a> {
    let PassOutcome { population, after, .. } = outcome;
    explain_alone(&rules.program, &rules.texts, population, after, &population.fixed(), slot)
}

/// The changes for the first customer: `spend 812 -> 1000`.
fn changes(enter: &str, rows: &[(i64, i64, i64)]) -> Vec<String> {
    let pack = format!("ladders:\n  club:\n    tiers:\n      vip: {{ enter: {enter} }}\n");
    let rules = rules("", METRICS, &pack);
    let outcome = first_pass(&rules.program, facts(&rules.program, rows), AS_OF);
    let changes = next(&rules, &outcome, 0).map_or_else(Vec::new, |next| next.changes);
    let written = changes.iter().map(|change| {
        assert_eq!(change.by, change.to - change.now);
        format!("{} {} -> {}", rules.program.metrics[change.metric].name, change.now, change.to)
    });
    written.collect()
}

const METRICS: &str = "
  basket: { expr: spend / orders_made }
  points: { score: [{ when: spend >= 500, add: 10 }, { when: always, add: orders_made }] }
  loyalty: { rfm: { recency: days_away, frequency: orders_made, monetary: spend, bins: 3 } }
";

#[test]
fn one_comparison_is_its_border() {
    let row = [(812, 3, 40)];
    assert_eq!(changes("spend >= 1000", &row), ["spend 812 -> 1000"]);
    assert_eq!(changes("spend > 1000", &row), ["spend 812 -> 1000.01"]);
    assert_eq!(changes("orders_made > 4", &row), ["orders_made 3 -> 5"]);
    assert_eq!(changes("orders_made >= 3.5", &row), ["orders_made 3 -> 4"]);
    assert_eq!(changes("days_away <= 30", &row), ["days_away 40 -> 30"]);
    assert_eq!(changes("days_away < 30", &row), ["days_away 40 -> 29"]);
    assert_eq!(changes("'!(spend <= 900)'", &row), ["spend 812 -> 900.01"]);
    assert_eq!(changes("'between(spend, 1000, 1100)'", &row), ["spend 812 -> 1000"]);
    assert_eq!(changes("'between(spend, 100, 200)'", &row), ["spend 812 -> 200"]);
    assert_eq!(changes("spend == 900", &row), ["spend 812 -> 900"]);
    // Nothing to do, and nothing that can be done.
    assert_eq!(changes("spend >= 800", &row), [""; 0]);
    assert_eq!(changes("days_away < spend - 812", &row), [""; 0]);
}

#[test]
fn each_branch_that_one_change_can_meet() {
    let row = [(812, 3, 40)];
    // The smaller part of what it leads to comes first.
    assert_eq!(
        changes("{ any: [spend >= 1000, orders_made >= 12, days_away <= 30] }", &row),
        ["spend 812 -> 1000", "days_away 40 -> 30", "orders_made 3 -> 12"]
    );
    // Neither is enough by itself.
    assert_eq!(changes("[spend >= 1000, orders_made >= 12]", &row), [""; 0]);
    assert_eq!(changes("[spend >= 1000, orders_made >= 2]", &row), ["spend 812 -> 1000"]);
    // Of two on the same metric the larger.
    assert_eq!(changes("[spend >= 1000, spend > 1100]", &row), ["spend 812 -> 1100.01"]);
    assert_eq!(
        changes("{ at_least: 2, any: [spend >= 1000, spend >= 900, orders_made >= 2] }", &row),
        ["spend 812 -> 900"]
    );
}

#[test]
fn what_is_computed_from_a_metric_follows_it() {
    let row = [(812, 4, 40)];
    // 203 a basket: more orders make it smaller.
    assert_eq!(
        changes("[orders_made >= 6, basket >= 150]", &row),
        [""; 0],
        "six orders are 135.33 a basket"
    );
    assert_eq!(changes("[orders_made >= 5, basket >= 150]", &row), ["orders_made 4 -> 5"]);
    assert_eq!(changes("basket >= 250", &row), ["basket 203 -> 250"]);
    // 10 points are for 500 already.
    assert_eq!(changes("points >= 20", &row), ["points 14 -> 20"]);
    // Going back from 700: 500 are enough for the points.
    assert_eq!(
        changes("{ any: [spend >= 700, points >= 12] }", &[(100, 4, 40)]),
        ["points 4 -> 12", "spend 100 -> 500"]
    );
}

#[test]
fn what_is_over_cannot_change() {
    let metrics = "  last_year: { sum: orders.amount, within: previous calendar year }\n";
    let pack = "ladders:\n  club:\n    tiers:\n      vip: { enter: last_year >= 10 }\n";
    let rules = rules("", metrics, pack);
    let mut shop = facts(&rules.program, &[(1, 1, 1)]);
    shop.metrics[metric(&rules.program, "last_year")] = Some(Column::narrow(2, vec![100]));
    let outcome = first_pass(&rules.program, shop, AS_OF);
    assert_eq!(next(&rules, &outcome, 0).map(|next| next.changes), Some(Vec::new()));
}

#[test]
fn borders_move_with_the_customer() {
    // The average of the two is half of what the first spends and 50: more than it from 100 on.
    let rows = [(10, 1, 1), (100, 1, 1)];
    assert_eq!(changes("'spend >= average(spend)'", &rows), ["spend 10 -> 100"]);
    assert_eq!(changes("'spend > average(spend)'", &rows), ["spend 10 -> 100.01"]);
    let rows = [(10, 1, 1), (300, 1, 1), (200, 1, 1), (100, 1, 1)];
    // At the border with the second, and above it where ties are not included.
    assert_eq!(changes("'top_count(2, spend)'", &rows), ["spend 10 -> 200"]);
    let excluded = "{ enter: 'top_count(2, spend)' }\n    ties: exclude";
    let pack = format!("ladders:\n  club:\n    tiers:\n      vip: {excluded}\n");
    let rules = rules("", "", &pack);
    let outcome = first_pass(&rules.program, facts(&rules.program, &rows), AS_OF);
    let changes = next(&rules, &outcome, 0).expect("a next tier").changes;
    assert_eq!(changes[0].to.to_string(), "200.01");
}

#[test]
fn fixed_borders_do_not_move_with_the_customer() {
    let changes = |enter: &str, rows: &[(i64, i64, i64)]| {
        let pack = format!("ladders:\n  club:\n    tiers:\n      vip: {{ enter: '{enter}' }}\n");
        let rules = rules("", METRICS, &pack);
        let outcome = first_pass(&rules.program, facts(&rules.program, rows), AS_OF);
        let next = alone(&rules, &outcome, 0).ladders.remove(0).next.expect("a next tier");
        let to: Vec<String> = next.changes.iter().map(|change| change.to.to_string()).collect();
        to
    };
    // The average was 55, and the border of the top 200.
    let rows = [(10, 1, 1), (100, 1, 1)];
    assert_eq!(changes("spend >= average(spend)", &rows), ["55"]);
    assert_eq!(changes("spend > average(spend)", &rows), ["55.01"]);
    let rows = [(10, 1, 1), (300, 1, 1), (200, 1, 1), (100, 1, 1)];
    assert_eq!(changes("top_count(2, spend)", &rows), ["200"]);
    // The borders of three scores were 100 and 200. Among everybody the second moves to 201.
    assert_eq!(changes("spend >= 201 && loyalty.m >= 3", &rows), ["201"]);
    assert_eq!(changes("spend >= 200 && loyalty.m >= 3", &rows), [""; 0]);
}

#[test]
fn who_comes_into_the_population_moves_what_is_taken_over_it() {
    let enter = "['orders_made >= 1', 'total(days_since(joined)) < 300']";
    let pack = format!("ladders:\n  club:\n    tiers:\n      vip: {{ enter: {enter} }}\n");
    let changes = |population: &str| {
        let rules = rules(population, "", &pack);
        let mut shop = facts(&rules.program, &[(1, 0, 1), (1, 1, 1)]);
        // 150 and 200 days before the as-of date: together 350.
        let joined = [date(2026, 1, 16), date(2025, 11, 27)].map(days_from_date);
        let attribute = rules.program.attributes.iter().position(|it| it.name == "joined");
        shop.attributes[attribute.expect("it is used")] =
            Some(Column::new(Data::Date(joined.to_vec())));
        let outcome = first_pass(&rules.program, shop, AS_OF);
        next(&rules, &outcome, 0).expect("a next tier").changes.len()
    };
    assert_eq!(changes("  population: orders_made > 0\n"), 0, "with an order the first counts too");
    assert_eq!(changes("  population: days_away > 5\n"), 1, "nobody counts, and nobody comes in");
}

/// A shop's customers with another value of a metric for one of them.
fn with(facts: &Facts, id: MetricId, slot: usize, value: Decimal) -> Facts {
    let mut facts = facts.clone();
    let column = facts.metrics[id].as_mut().expect("a column");
    let Data::Number { scale, .. } = column.data else { panic!("a number") };
    let mut value = value;
    value.rescale(scale.into());
    column.set_number(slot, value.mantissa()).expect("it fits");
    facts
}

fn comparison() -> impl Strategy<Value = String> {
    let metric =
        prop::sample::select(vec!["spend", "orders_made", "days_away", "basket", "points"]);
    let op = prop::sample::select(vec![">=", ">", "<=", "<", "==", "!="]);
    let asked = prop_oneof![
        6 => (0i64..30).prop_map(|asked| asked.to_string()),
        1 => (0i64..30).prop_map(|asked| format!("{asked}.5")),
        1 => Just("average(spend)".to_owned()),
        1 => Just("median(orders_made)".to_owned()),
        1 => Just("orders_made * 3".to_owned()),
        1 => Just("loyalty.f * 4".to_owned()),
    ];
    prop_oneof![
        8 => (metric, op, asked).prop_map(|(metric, op, asked)| format!("'{metric} {op} {asked}'")),
        1 => (1u64..4).prop_map(|count| format!("'top_count({count}, spend)'")),
        1 => (1u64..4).prop_map(|count| format!("'!top_count({count}, orders_made)'")),
        1 => (0i64..20, 0i64..20).prop_map(|(a, b)| format!("'between(spend, {}, {})'", a, a + b)),
        1 => Just("'loyalty.m >= 2'".to_owned()),
    ]
}

fn enter() -> impl Strategy<Value = String> {
    let list = || prop::collection::vec(comparison(), 1..4);
    prop_oneof![
        3 => list().prop_map(|list| format!("[{}]", list.join(", "))),
        2 => list().prop_map(|list| format!("{{ any: [{}] }}", list.join(", "))),
        1 => (comparison(), list()).prop_map(|(first, list)| {
            format!("{{ all: [{first}, {{ any: [{}] }}] }}", list.join(", "))
        }),
    ]
}

/// Three tiers, so that a higher one than the next may be earned.
fn packs() -> impl Strategy<Value = String> {
    let ties = prop::sample::select(vec!["include", "exclude", "{ break_by: [orders_made] }"]);
    let cutoffs = prop::sample::select(vec!["daily", "monthly"]);
    (enter(), enter(), enter(), ties, cutoffs).prop_map(|(vip, gold, silver, ties, cutoffs)| {
        format!(
            "ladders:
  club:
    ties: {ties}
    cutoffs: {cutoffs}
    tiers:
      vip: {{ enter: {vip} }}
      gold: {{ enter: {gold} }}
      silver: {{ enter: {silver} }}
"
        )
    })
}

fn populations() -> impl Strategy<Value = &'static str> {
    let counts = ["", "  population: orders_made > 1\n", "  population: spend >= 5\n"];
    prop::sample::select(counts.to_vec())
}

fn rows() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    prop::collection::vec((-2i64..30, 0i64..12, 0i64..30), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// All but the suggestions are the same, and these are those of a pass in which nothing that
    /// is taken over the population moves.
    #[test]
    fn alone_is_the_same_but_for_borders_that_would_move(
        pack in packs(), rows in rows(), population in populations(),
    ) {
        let Some(rules) = sound_rules(population, METRICS, &pack) else { return Ok(()) };
        let outcome = first_pass(&rules.program, facts(&rules.program, &rows), AS_OF);
        let PassOutcome { population, after, .. } = &outcome;
        let (program, fixed) = (&rules.program, population.fixed());
        for slot in 0..rows.len() {
            let everybody = explain(program, &rules.texts, population, after, slot);
            let mut one = alone(&rules, &outcome, slot);
            let facts = population.facts.as_read(program).rows(&[slot]);
            let standings = after.standings.rows(&[slot]);
            let earned = |id: MetricId, value: Decimal| {
                let mut facts = facts.clone();
                facts.metrics[id] = population.facts.rows(&[slot]).metrics[id].clone();
                let facts = with(&facts, id, 0, value);
                let again = run_fixed(program, facts, &standings, &fixed, AS_OF, 1);
                let fault = again.ladders[0].events.iter().any(|moved| moved.fault.is_some());
                again.ladders[0].earned[0].tier().filter(|_| !fault)
            };
            if let (Some(next), Some(of_everybody)) =
                (&mut one.ladders[0].next, &everybody.ladders[0].next)
            {
                let changes = std::mem::replace(&mut next.changes, of_everybody.changes.clone());
                for change in changes {
                    let scale = population.whole_number(change.metric, slot).expect("a number").1;
                    let sign = if change.by > Decimal::ZERO { 1 } else { -1 };
                    let unit = Decimal::new(sign, scale.into());
                    let enough = earned(change.metric, change.to);
                    prop_assert!(enough.is_some_and(|tier| tier <= next.tier), "{change:?}");
                    let less = earned(change.metric, change.to - unit);
                    prop_assert!(less.is_none_or(|tier| tier > next.tier), "less {change:?}");
                }
            }
            prop_assert_eq!(&one, &everybody);
            // By themselves from the beginning they are the same again.
            let apart = run_fixed(program, facts.clone(), &standings, &fixed, AS_OF, 1);
            let apart =
                explain(program, &rules.texts, &apart.population, &apart.after, 0);
            prop_assert_eq!(apart, alone(&rules, &outcome, slot));
        }
    }

    /// The pass itself gives the tier with the change, and does not with one unit less of it.
    #[test]
    fn a_suggestion_is_true_and_the_smallest(
        pack in packs(), rows in rows(), population in populations(),
    ) {
        let Some(rules) = sound_rules(population, METRICS, &pack) else { return Ok(()) };
        let shop = facts(&rules.program, &rows);
        let outcome = first_pass(&rules.program, shop.clone(), AS_OF);
        let earned = |id: MetricId, slot: usize, value: Decimal| {
            let filled = &outcome.population.facts;
            let mut shop = shop.clone();
            // A metric that is computed is set like one that is read.
            shop.metrics[id] = filled.metrics[id].clone();
            let shop = with(&shop, id, slot, value);
            let held = &outcome.population.held;
            let again = run(&rules.program, shop, &outcome.after.standings, held, AS_OF, 1);
            let fault = again.ladders[0].events.iter().any(|moved| {
                moved.slot as usize == slot && moved.fault.is_some()
            });
            again.ladders[0].earned[slot].tier().filter(|_| !fault)
        };
        for slot in 0..rows.len() {
            let Some(next) = next(&rules, &outcome, slot) else { continue };
            for change in next.changes {
                let scale = outcome.population.whole_number(change.metric, slot).expect("a number").1;
                let unit = Decimal::new(if change.by > Decimal::ZERO { 1 } else { -1 }, scale.into());
                let name = &rules.program.metrics[change.metric].name;
                let enough = earned(change.metric, slot, change.to);
                prop_assert!(enough.is_some_and(|tier| tier <= next.tier), "{name} {change:?}");
                let less = earned(change.metric, slot, change.to - unit);
                prop_assert!(less.is_none_or(|tier| tier > next.tier), "less {name} {change:?}");
            }
        }
    }
}
