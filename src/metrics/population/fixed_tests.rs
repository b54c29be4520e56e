//! Customers by themselves, measured by what was taken over everybody.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Fixed, Population};
use crate::expr::Fault;
use crate::expr::column::{Column, Data, Ints};
use crate::pass::fixture::{facts, metric, nobody, program};
use crate::pass::standing_columns;
use crate::program::Program;
use crate::store::{CustomerId, Facts};

/// Spend in whole euros, orders, days away.
type Row = (i64, i64, i64);

const AS_OF: Date = date(2026, 3, 5);
const RFM: &str =
    "  rfm: { rfm: { recency: days_away, frequency: orders_made, monetary: spend, bins: 4 } }\n";

/// Who counts has ordered; a ladder with these lines and these conditions for its tiers.
fn club(lines: &str, enter: &[&str]) -> Program {
    let tiers = enter.iter().enumerate();
    let tiers: String =
        tiers.map(|(tier, enter)| format!("      t{tier}: {{ enter: '{enter}' }}\n")).collect();
    let rest = format!("ladders:\n  club:\n    {lines}\n    tiers:\n{tiers}");
    program("  population: orders_made > 0", RFM, &rest)
}

fn build(program: &Program, facts: Facts) -> Population {
    let columns = standing_columns(program, &nobody(program, facts.customers.len()), AS_OF);
    Population::build(program, facts, &columns, &[], AS_OF, 2)
}

fn build_fixed(program: &Program, facts: Facts, fixed: &Fixed) -> Population {
    let columns = standing_columns(program, &nobody(program, facts.customers.len()), AS_OF);
    Population::build_fixed(program, facts, &columns, fixed, AS_OF, 2)
}

/// Who is in a top, as numbers from 1.
fn top(population: &Population, cutoff: usize) -> Vec<usize> {
    let members = population.cutoffs[cutoff].as_ref().and_then(|taken| taken.members.as_ref());
    let Some(Column { data: Data::Flag(holds), .. }) = members else { panic!("a top") };
    (0..holds.len()).filter(|&slot| holds[slot]).map(|slot| slot + 1).collect()
}

/// The top of everybody over some rows, and who of others is in it.
fn tops(program: &Program, first: &[Row], others: &[Row]) -> [Vec<usize>; 2] {
    let everybody = build(program, facts(program, first));
    let alone = build_fixed(program, facts(program, others), &everybody.fixed());
    let (taken, fixed) =
        (everybody.cutoffs[0].as_ref().unwrap(), alone.cutoffs[0].as_ref().unwrap());
    assert_eq!((taken.value, taken.count), (fixed.value, fixed.count));
    assert_eq!(alone.size, everybody.size);
    assert!(alone.held.iter().all(Option::is_none));
    [top(&everybody, 0), top(&alone, 0)]
}

fn spending(spend: &[i64]) -> Vec<Row> {
    spend.iter().map(|&spend| (spend, 1, 1)).collect()
}

#[test]
fn a_top_decides_by_its_border() {
    let first = spending(&[50, 70, 70, 90, 70]);
    let others = [(69, 1, 1), (70, 1, 1), (71, 1, 1), (99, 0, 1)];
    let include = club("ties: include", &["top_count(2, spend)"]);
    // The last one does not count: it has no orders.
    assert_eq!(tops(&include, &first, &others), [vec![2, 3, 4, 5], vec![2, 3]]);
    let exclude = club("ties: exclude", &["top_count(2, spend)"]);
    assert_eq!(tops(&exclude, &first, &others), [vec![4], vec![]]);
    assert_eq!(tops(&exclude, &first, &spending(&[89, 90, 91])), [vec![4], vec![2, 3]]);
    // The last one inside is customer 3.
    let by_orders = club("ties: { break_by: [orders_made] }", &["top_count(2, spend)"]);
    let first = [(50, 9, 1), (70, 1, 1), (70, 3, 1), (90, 1, 1), (70, 3, 1)];
    let others = [(70, 3, 1), (70, 2, 1), (70, 3, 1), (70, 3, 1), (70, 4, 1)];
    assert_eq!(tops(&by_orders, &first, &others), [vec![3, 4], vec![1, 3, 5]]);
}

#[test]
fn who_counts_now_is_judged_by_the_border() {
    let program = club("ties: include", &["top_percent(50, spend)"]);
    let first = [(90, 0, 1), (50, 1, 1), (40, 1, 1)];
    // Two counted and one of them was in: 50. Customer 1 counts now, and spends more.
    assert_eq!(tops(&program, &first, &[(90, 1, 1)]), [vec![2], vec![1]]);
}

#[test]
fn a_top_of_everybody_has_no_border() {
    let program = club("ties: exclude", &["top_percent(100, spend)"]);
    let others = [(1, 1, 1), (1, 0, 1), (60, 1, 1)];
    assert_eq!(tops(&program, &spending(&[50, 70]), &others), [vec![1, 2], vec![1, 3]]);
    // Nobody has to be there before.
    assert_eq!(tops(&program, &[], &others), [vec![], vec![1, 3]]);
    // Other tops in which everybody was have one.
    let hundred = club("ties: include", &["top_count(100, spend)"]);
    assert_eq!(tops(&hundred, &spending(&[50, 70]), &others), [vec![1, 2], vec![3]]);
}

#[test]
fn nobody_comes_into_a_top_that_was_empty() {
    let program = club("ties: include", &["top_percent(50, spend)"]);
    assert!(tops(&program, &[(9, 0, 1)], &spending(&[100])).concat().is_empty());
}

/// Borders that no decimal holds are compared as they are.
#[test]
fn a_border_may_be_too_large_to_be_stored() {
    let program = club("ties: include", &["top_count(2, spend)"]);
    let huge = |amounts: Vec<i128>| {
        let mut facts = facts(&program, &spending(&vec![0; amounts.len()]));
        let values = Ints::Wide(amounts);
        facts.metrics[metric(&program, "spend")] =
            Some(Column::new(Data::Number { scale: 2, values }));
        facts
    };
    let border = (1_i128 << 120) + 1;
    let everybody = build(&program, huge(vec![border, border + 1, 5]));
    assert_eq!(everybody.cutoffs[0].as_ref().unwrap().border, None);
    assert_eq!(top(&everybody, 0), [1, 2]);
    let fixed = everybody.fixed();
    let others = huge(vec![border - 1, border, border + 1, 1]);
    assert_eq!(top(&build_fixed(&program, others, &fixed), 0), [2, 3]);
    let small = facts(&program, &spending(&[1]));
    assert!(top(&build_fixed(&program, small, &fixed), 0).is_empty());
}

/// A top that could not be taken is a fault for whoever is asked.
#[test]
fn a_fault_of_everybody_stays_one() {
    let program = club("ties: include", &["makes_percent(50, spend)"]);
    let mut huge = facts(&program, &spending(&[1, 1]));
    let values = Ints::Wide(vec![i128::MAX, i128::MAX]);
    huge.metrics[metric(&program, "spend")] = Some(Column::new(Data::Number { scale: 2, values }));
    let everybody = build(&program, huge);
    let alone = build_fixed(&program, facts(&program, &spending(&[7])), &everybody.fixed());
    let taken = alone.cutoffs[0].as_ref().expect("it is there");
    assert_eq!(taken.value, Err(Fault::Overflow));
    assert_eq!(taken.members.as_ref().and_then(|it| it.fault(0)), Some(Fault::Overflow));
}

#[test]
fn values_and_scores_are_those_of_everybody() {
    let program = club("ties: include", &["spend > average(spend) && rfm > 3"]);
    // Four score 1 to 4 by spend; the average is 25.
    let first = [(10, 1, 9), (20, 1, 9), (30, 1, 9), (40, 1, 9), (900, 0, 0)];
    let everybody = build(&program, facts(&program, &first));
    let fixed = everybody.fixed();
    assert_eq!(fixed.size(), 4);
    assert_eq!(fixed.cutoff(0).value, Ok(Decimal::from(25)));
    assert_eq!(fixed.cutoff(0).count, 4);
    let others = [(9, 1, 9), (20, 1, 9), (21, 2, 8), (1000, 0, 10)];
    let alone = build_fixed(&program, facts(&program, &others), &fixed);
    assert_eq!(alone.cutoffs[0].as_ref().map(|it| (it.value, it.count)), Some((Ok(25.into()), 4)));
    let scores = |part: &str| {
        let column = alone.facts.metrics[metric(&program, part)].as_ref();
        let Some(Data::Number { values: Ints::Narrow(scores), .. }) = column.map(|it| &it.data)
        else {
            panic!("scores are small")
        };
        scores.clone()
    };
    // Nobody was strictly worse than one order, or than nine days away; all four were than more.
    assert_eq!(scores("rfm.m"), [1, 2, 3, 4]);
    assert_eq!(scores("rfm.f"), [1, 1, 4, 1]);
    assert_eq!(scores("rfm.r"), [1, 1, 4, 1]);
    assert_eq!(scores("rfm"), [3, 4, 11, 6]);
    // What comes of fixed ones is the same again.
    assert_eq!(alone.fixed(), fixed);
}

/// Tops and values of every kind, with ties decided in every way, and scores.
fn every_kind() -> Program {
    let ladder = |name: &str, ties: &str| {
        format!(
            "
  {name}:
    ties: {ties}
    tiers:
      a: {{ enter: 'top_percent(30, spend)' }}
      b: {{ enter: 'top_count(4, spend - days_away)' }}
      c: {{ enter: 'makes_percent(50, spend)' }}
      d: {{ enter: 'spend > average(spend) + median(spend) + percentile(40, spend)' }}
      e: {{ enter: 'days_away > stddev(days_away) && spend * 10 > total(spend)' }}
      f: {{ enter: 'top_percent(40, rfm) || top_percent(100, rfm.m)' }}"
        )
    };
    let shares = |name: &str, ties: &str| {
        format!(
            "
  {name}:
    ties: {ties}
    rank_by: [spend, days_away]
    tiers: {{ a: {{ share: 20 }}, b: {{ share: 30.5 }}, c: {{ share: rest }} }}"
        )
    };
    let ladders = [
        ladder("including", "include"),
        ladder("excluding", "exclude"),
        ladder("breaking", "{ break_by: [orders_made] }"),
        ladder("by_customer", "{ break_by: [] }"),
        shares("including_shares", "include"),
        shares("excluding_shares", "exclude"),
        shares("breaking_shares", "{ break_by: [orders_made] }"),
    ];
    let rest = format!("ladders:{}", ladders.concat());
    program("  population: orders_made > 0 || days_away == 3", RFM, &rest)
}

proptest! {
    /// Everybody by themselves is what they are among everybody.
    #[test]
    fn alone_is_as_among_everybody(
        rows in proptest::collection::vec((-2..6i64, 0..3i64, 0..4i64, 0..10u8), 1..14),
    ) {
        thread_local! { static PROGRAM: Program = every_kind(); }
        PROGRAM.with(|program| {
            let plain: Vec<Row> = rows.iter().map(|row| (row.0, row.1, row.2)).collect();
            let mut shop = facts(program, &plain);
            // One in ten has no spend, one a fault; of days away one in ten is unknown.
            let spend = shop.metrics[metric(program, "spend")].as_mut().expect("a column");
            spend.known = Some(rows.iter().map(|row| row.3 != 0).collect());
            spend.faults =
                Some(rows.iter().map(|row| u8::from(row.3 == 1) * Fault::Script as u8).collect());
            let away = shop.metrics[metric(program, "days_away")].as_mut().expect("a column");
            away.known = Some(rows.iter().map(|row| row.3 != 2).collect());
            let everybody = build(program, shop.clone());
            let fixed = everybody.fixed();
            for slot in 0..rows.len() {
                let alone = build_fixed(program, shop.of_one(slot), &fixed);
                prop_assert_eq!(alone.counts[0], everybody.counts[slot]);
                for (id, cutoff) in program.cutoffs.iter().enumerate() {
                    let (alone, taken) = (&alone.cutoffs[id], &everybody.cutoffs[id]);
                    let taken = taken.as_ref().map(|taken| taken.of_one(slot));
                    prop_assert_eq!(alone, &taken, "{}", cutoff.text);
                }
                for id in 0..program.metrics.len() {
                    prop_assert_eq!(alone.metric(id, 0), everybody.metric(id, slot));
                }
            }
            Ok(())
        })?;
    }
}

#[test]
fn ids_of_texts_decide_between_equals_too() {
    let program = club("ties: { break_by: [] }", &["top_count(2, spend)"]);
    let named = |names: &[&str]| {
        let mut facts = facts(&program, &spending(&vec![7; names.len()]));
        facts.customers = names.iter().map(|name| CustomerId::parse(name)).collect();
        facts
    };
    let everybody = build(&program, named(&["a", "b", "c"]));
    assert_eq!(top(&everybody, 0), [1, 2]);
    let alone = build_fixed(&program, named(&["5", "aa", "bb"]), &everybody.fixed());
    assert_eq!(top(&alone, 0), [1, 2]);
}
