//! Only those with new facts, measured by what a full pass took, come to what everybody would come
//! to; nobody else changes.

use std::fmt::Write;

use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use tierkeeper::build::Rules;
use tierkeeper::explain::{explain, explain_alone};
use tierkeeper::expr::Merge;
use tierkeeper::expr::column::Column;
use tierkeeper::lifecycle::{Event, Hold, Standings};
use tierkeeper::pass::{About, PassOutcome, benefits, run, run_fixed};
use tierkeeper::program::Program;
use tierkeeper::store::{CustomerId, Facts};

use super::calendar::days_after;
use super::shop::rules_of_files;
use super::{Outcome, config, reject};

const BEGIN: Date = date(2026, 2, 20);

/// A customer's spend in whole euros, orders, and days since the last one.
type Row = (i64, i64, i64);

#[derive(Debug, Clone)]
struct Touched {
    pack: String,
    /// By customer: their row in the first pass, in the full one, and then, where it changed.
    /// Whoever has none yet is not there yet.
    customers: Vec<(Option<Row>, Option<Row>, Option<Row>)>,
    /// Days between the first pass and the full one.
    gap: i32,
    /// Customer, tier, whether it pins, and for how many days.
    holds: Vec<(usize, usize, bool, Option<i32>)>,
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn those_with_new_facts_come_to_what_everybody_would(case in cases()) {
        same_as_everybody(&case)?;
    }
}

fn cases() -> impl Strategy<Value = Touched> {
    let row = || (0_i64..30, 0_i64..4, 0_i64..30);
    let customer = (weighted(0.7, row()), weighted(0.8, row()), weighted(0.3, row()));
    let customers = vec(customer, 1..12).prop_map(|customers| {
        let there = customers.into_iter().map(|(first, full, then)| match (first, full, then) {
            // Whoever was there stays, and whoever is new comes with facts.
            (Some(first), None, then) => (Some(first), Some(first), then),
            (first, full, then) => (first, full, then.or(full.is_none().then_some((9, 2, 3)))),
        });
        there.collect()
    });
    let hold = (0..12_usize, 0..3_usize, any::<bool>(), weighted(0.6, 1..60));
    (pack(), customers, select(vec![1, 5, 31, 70]), vec(hold, 0..3))
        .prop_map(|(pack, customers, gap, holds)| Touched { pack, customers, gap, holds })
}

fn comparison() -> impl Strategy<Value = String> {
    let number = || 0_i64..30;
    prop_oneof![
        4 => number().prop_map(|it| format!("spend >= {it}")),
        2 => (0_i64..4).prop_map(|it| format!("order_count >= {it}")),
        1 => number().prop_map(|it| format!("days_away <= {it}")),
        2 => (1_i64..100).prop_map(|it| format!("top_percent({it}, spend)")),
        1 => (1_i64..5).prop_map(|it| format!("top_count({it}, points - days_away)")),
        1 => (1_i64..100).prop_map(|it| format!("makes_percent({it}, spend)")),
        1 => Just("top_percent(100, order_count)".to_owned()),
        1 => Just("top_percent(40, rfm)".to_owned()),
        1 => (0_i64..100).prop_map(|it| format!("spend >= percentile({it}, spend)")),
        1 => Just("spend > average(spend)".to_owned()),
        1 => Just("points >= median(points) + stddev(order_count)".to_owned()),
        1 => Just("spend * 5 > total(spend)".to_owned()),
        1 => (3_i64..13).prop_map(|it| format!("rfm >= {it}")),
        1 => (1_i64..4).prop_map(|it| format!("rfm.m >= {it}")),
        // A fault without orders.
        1 => number().prop_map(|it| format!("30 / order_count >= {it}")),
        1 => Just("in_tier(club.gold)".to_owned()),
        1 => Just("holds(circle.high)".to_owned()),
        1 => number().prop_map(|it| format!("days_held(club.gold) > {it}")),
        1 => number().prop_map(|it| format!("days_since_held(club.vip) < {it}")),
        1 => Just("in_grace(club)".to_owned()),
    ]
}

/// A condition, inside of `{ }`.
fn condition() -> impl Strategy<Value = String> {
    let list = || {
        vec(comparison(), 1..3).prop_map(|list| {
            list.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
        })
    };
    prop_oneof![
        3 => list().prop_map(|list| format!("[{list}]")),
        2 => list().prop_map(|list| format!("{{ any: [{list}] }}")),
        1 => list().prop_map(|list| format!("{{ none: [{list}] }}")),
    ]
}

fn ties() -> impl Strategy<Value = &'static str> {
    select(vec![
        "include",
        "exclude",
        "{ break_by: [] }",
        "{ break_by: [order_count] }",
        "{ break_by: [points, spend] }",
    ])
}

fn pack() -> impl Strategy<Value = String> {
    let population = select(vec!["", "order_count > 0", "spend >= 8", "days_away < 20"]);
    let policy = || {
        let review = select(vec![
            "{ fixed: 2 months }",
            "{ fixed: 5 days, from: entry }",
            "{ dynamic: daily }",
            "{ dynamic: monthly }",
            "{ dynamic: { expr: 10 - order_count * 4 } }",
        ]);
        let upgrade = select(vec!["at once", "at review"]);
        let grace = select(vec!["", ", grace: 10 days"]);
        let landing = select(vec!["earned", "one_down", "member"]);
        (review, upgrade, grace, landing).prop_map(|(review, upgrade, grace, landing)| {
            format!("review: {review}, upgrade: {upgrade}, landing: {landing}{grace}")
        })
    };
    let tier = || (condition(), weighted(0.4, condition()), policy());
    let cutoffs = select(vec!["daily", "monthly", "10 days"]);
    let ladders = (vec(tier(), 3), ties(), cutoffs, ties(), policy());
    let around = (condition(), condition(), condition(), comparison());
    (population, ladders, around).prop_map(|(population, ladders, around)| {
        let (tiers, club_ties, cutoffs, circle_ties, policy) = ladders;
        let (regulars, quiet, when, loyal) = around;
        let mut pack = String::from(START);
        if !population.is_empty() {
            writeln!(pack, "  population: {population}").expect("text");
        }
        pack.push_str(METRICS);
        write!(pack, "ladders:\n  club:\n    ties: {club_ties}\n    cutoffs: {cutoffs}\n")
            .expect("text");
        pack.push_str("    warn: 20 days\n    tiers:\n");
        for (name, (enter, keep, policy)) in ["vip", "gold", "member"].iter().zip(tiers) {
            let keep = keep.map_or(String::new(), |keep| format!(", keep: {keep}"));
            writeln!(pack, "      {name}: {{ enter: {enter}{keep}, {policy} }}").expect("text");
        }
        let circle_policy = policy.replace("member", "low");
        write!(
            pack,
            "  circle:
    ties: {circle_ties}
    rank_by: [rfm, spend]
    tiers: {{ high: {{ share: 20, {circle_policy} }}, low: {{ share: rest }} }}
segments:
  regulars: {{ when: {regulars} }}
  near_vip: {{ near: club.vip, short_by: 30 }}
  loyal: {{ when: [\"{loyal}\", in_segment(regulars)] }}
alerts:
  quiet: {{ when: {quiet}, every: 14 days }}
  vip_quiet: {{ for: club.vip, when: days_away > 10 }}
benefits:
  discount: {{ kind: percent_off, tiers: {{ vip: {{ expr: rfm }}, gold: 5 }}, ladder: club,
    segments: {{ regulars: 7 }}, when: {when}, cost: spend * value / 100 }}
"
        )
        .expect("text");
        pack
    })
}

const START: &str = "pack: generated
version: 1.0.0
title: Generated
settings:
  currency: EUR
  timezone: UTC
";

const METRICS: &str = "sources:
  orders: { table: orders, customer: customer, at: day, columns: { amount: money } }
metrics:
  spend: { sum: orders.amount }
  order_count: { count: orders }
  days_away: { days_since_last: orders }
  points: { score: [{ when: spend >= 10, add: 7 }, { when: always, add: order_count * 2 }] }
  rfm: { rfm: { recency: days_away, frequency: order_count, monetary: spend, bins: 4 } }
";

/// Customers 1, 2, … who have a row, and their facts.
fn facts<'a>(program: &Program, rows: impl Iterator<Item = &'a Option<Row>>) -> Facts {
    let there: Vec<(i64, Row)> =
        (1..).zip(rows).filter_map(|(id, row)| Some((id, (*row)?))).collect();
    let mut facts = Facts {
        customers: there.iter().map(|(id, _)| CustomerId::Int(*id)).collect(),
        attributes: vec![None; program.attributes.len()],
        metrics: vec![None; program.metrics.len()],
        ..Facts::default()
    };
    let column = |scale: u8, value: fn(&Row) -> i64| {
        Column::narrow(scale, there.iter().map(|(_, row)| value(row)).collect())
    };
    for (name, column) in [
        ("spend", column(2, |row| row.0 * 100)),
        ("order_count", column(0, |row| row.1)),
        ("days_away", column(0, |row| row.2)),
    ] {
        let id = program.metrics.iter().position(|metric| metric.name == name);
        facts.metrics[id.expect("a metric")] = Some(column);
    }
    facts
}

/// Standings of these customers: those that are known, and nobody's.
fn standings_of(
    program: &Program,
    known: &Standings,
    by: &[CustomerId],
    all: &[CustomerId],
) -> Standings {
    let mut nobody = Standings::empty(all.len(), program.ladders.len(), program.alerts.len());
    for (ladder, known) in nobody.ladders.iter_mut().zip(&known.ladders) {
        ladder.left_on = known.left_on.iter().map(|_| Vec::new()).collect();
    }
    nobody.merged(known, &Merge::of(all, by))
}

fn same_as_everybody(case: &Touched) -> Outcome {
    let Some(rules) = rules_of_files(vec![("pack.yaml".to_owned(), case.pack.clone())]) else {
        return reject();
    };
    let program = &rules.program;
    let customers = || case.customers.iter();
    // A pass, holds by hand, and a full pass over other facts.
    let first = facts(program, customers().map(|(first, ..)| first));
    let mut before = Standings::empty(first.customers.len(), 2, 2);
    before.ladders[0].left_on = vec![vec![tierkeeper::lifecycle::NO_DAY; first.customers.len()]; 3];
    let first = run(program, first, &before, &[], BEGIN, 1);
    let as_of = days_after(BEGIN, case.gap);
    let full = facts(program, customers().map(|(_, full, _)| full));
    let known = &first.population.facts.customers;
    let mut before = standings_of(program, &first.after.standings, known, &full.customers);
    for (customer, tier, pins, days) in &case.holds {
        let slot = customer % full.customers.len().max(1);
        if slot < full.customers.len() {
            let until = days.map(|days| days_after(BEGIN, days));
            before.ladders[0].set_hold(slot, Some(Hold { tier: Some(*tier), pins: *pins, until }));
        }
    }
    let full = run(program, full, &before, &first.population.held, as_of, 1);
    let fixed = full.population.fixed();
    // New facts of some, on the same date.
    let now =
        facts(program, customers().map(|(_, full, now)| if now.is_some() { now } else { full }));
    let known = &full.population.facts.customers;
    let mut standings = standings_of(program, &full.after.standings, known, &now.customers);
    standings.asked = Some(Box::new(standings_of(program, &before, known, &now.customers)));
    let touched: Vec<usize> = customers()
        .enumerate()
        .filter(|(_, (_, _, now))| now.is_some())
        .filter_map(|(number, _)| now.slot(&CustomerId::Int(number as i64 + 1)))
        .collect();
    let some = run_fixed(program, now.rows(&touched), &standings.rows(&touched), &fixed, as_of, 1);
    let all = run_fixed(program, now.clone(), &standings, &fixed, as_of, 2);
    compare(&rules, (&full, &some, &all), &touched)
}

fn compare(
    rules: &Rules,
    (full, some, all): (&PassOutcome, &PassOutcome, &PassOutcome),
    touched: &[usize],
) -> Outcome {
    let program = &rules.program;
    let everybody = &all.population.facts.customers;
    let (before, newer) = (&full.population.facts.customers, &some.population.facts.customers);
    let merge = Merge::of(before, newer);
    let merged = full.after.standings.merged(&some.after.standings, &merge);
    prop_assert_eq!(&merged, &all.after.standings);
    let read = full.population.facts.as_read(program);
    let read = read.merged(&some.population.facts.as_read(program));
    prop_assert_eq!(&read.customers, everybody);
    prop_assert_eq!(&read.metrics, &all.population.facts.as_read(program).metrics);
    // Of those without new facts nothing is said, but that there is still no answer.
    for (ladder, of_all) in all.ladders.iter().enumerate() {
        let of_some = &some.ladders[ladder];
        let own = of_some.events.iter().enumerate().map(|(event, moved)| {
            let measured = of_some.because.get(event).map(|(_, text)| text);
            (touched[moved.slot as usize], moved.event, moved.from, moved.to, moved.fault, measured)
        });
        let of_touched = of_all.events.iter().enumerate().filter_map(|(event, moved)| {
            let slot = moved.slot as usize;
            let measured = of_all.because.get(event).map(|(_, text)| text);
            let is_said = touched.contains(&slot);
            is_said.then_some((slot, moved.event, moved.from, moved.to, moved.fault, measured))
        });
        prop_assert_eq!(own.collect::<Vec<_>>(), of_touched.collect::<Vec<_>>());
        for moved in &of_all.events {
            let is_touched = touched.contains(&(moved.slot as usize));
            prop_assert!(is_touched || moved.event == Event::Fault, "{:?}", moved);
        }
    }
    let noticed = |outcome: &PassOutcome, slot: &dyn Fn(u32) -> usize| {
        let events = outcome.noticed.events.iter().enumerate();
        let told = events.map(|(event, noticed)| {
            let measured = outcome.noticed.because.get(event).map(|(_, text)| text.to_owned());
            (slot(noticed.slot), noticed.event, noticed.about, measured)
        });
        told.collect::<Vec<(usize, Event, About, Option<String>)>>()
    };
    let of_some = noticed(some, &|slot| touched[slot as usize]);
    prop_assert_eq!(of_some, noticed(all, &|slot| slot as usize));
    for (slot, customer) in everybody.iter().enumerate() {
        let (outcome, own) = match touched.binary_search(&slot) {
            Ok(own) => (some, own),
            Err(_) => (full, full.population.facts.slot(customer).expect("was there")),
        };
        for alert in 0..program.alerts.len() {
            let (one, of_all) = (&outcome.alerts[alert], &all.alerts[alert]);
            prop_assert_eq!(one.members.holds[own], of_all.members.holds[slot]);
            prop_assert_eq!(one.raised.holds[own], of_all.raised.holds[slot]);
        }
        for segment in 0..program.segments.len() {
            let (one, of_all) = (&outcome.after.segments[segment], &all.after.segments[segment]);
            prop_assert_eq!(one.holds[own], of_all.holds[slot]);
        }
        for ladder in 0..program.ladders.len() {
            let (one, of_all) = (&outcome.ladders[ladder], &all.ladders[ladder]);
            prop_assert_eq!(one.earned[own], of_all.earned[slot]);
        }
        prop_assert_eq!(
            benefits(program, &outcome.population, &outcome.after, own),
            benefits(program, &all.population, &all.after, slot)
        );
        let (population, after) = (&outcome.population, &outcome.after);
        prop_assert_eq!(
            explain_alone(program, &rules.texts, population, after, &full.population.fixed(), own),
            explain(program, &rules.texts, &all.population, &all.after, slot)
        );
    }
    Ok(())
}
