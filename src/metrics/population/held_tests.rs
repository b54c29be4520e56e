//! Cutoffs that are held, worked out by hand.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Border, HeldCutoff, Population};
use crate::expr::Fault;
use crate::expr::column::{Column, Data};
use crate::pass::fixture::{facts, first_pass, metric, nobody, program, tiers};
use crate::pass::{Moves, run, standing_columns};
use crate::program::Program;
use crate::store::{CustomerId, Facts};

/// Spend in whole euros, orders, days away.
type Row = (i64, i64, i64);

/// 5 March 2026, a Thursday.
const FIRST: Date = date(2026, 3, 5);
const LATER: Date = date(2026, 3, 20);

/// Who counts has ordered; a ladder with these lines and one tier above the members.
fn club(lines: &str, enter: &str) -> Program {
    program(
        "  population: orders_made > 0",
        "",
        &format!(
            "
ladders:
  club:
    {lines}
    tiers:
      vip: {{ enter: '{enter}' }}
      member: {{ enter: always }}
"
        ),
    )
}

fn build(program: &Program, facts: Facts, held: &[Option<HeldCutoff>], as_of: Date) -> Population {
    let standings = nobody(program, facts.customers.len());
    let columns = standing_columns(program, &standings, as_of);
    Population::build(program, facts, &columns, held, as_of, 2)
}

/// The numbers of those who are in the first cutoff's top.
fn top(population: &Population) -> Vec<usize> {
    let members = population.cutoffs[0].as_ref().and_then(|taken| taken.members.as_ref());
    let Some(Column { data: Data::Flag(holds), .. }) = members else { panic!("a top") };
    (0..holds.len()).filter(|&slot| holds[slot]).map(|slot| slot + 1).collect()
}

fn border(population: &Population) -> String {
    let held = population.held[0].as_ref().expect("it is held");
    held.border.as_ref().map_or_else(|| "nobody".to_owned(), Border::to_json)
}

/// Takes the first cutoff over some rows, and holds it over others: who is in it.
fn held(program: &Program, first: &[Row], later: &[Row]) -> [Vec<usize>; 2] {
    let taken = build(program, facts(program, first), &[], FIRST);
    let held = build(program, facts(program, later), &taken.held, LATER);
    let (before, after) = (taken.cutoffs[0].as_ref().unwrap(), held.cutoffs[0].as_ref().unwrap());
    assert_eq!((after.value, after.count), (before.value, before.count));
    assert_eq!((before.taken_on, after.taken_on), (FIRST, FIRST));
    assert_eq!(held.held, taken.held);
    [top(&taken), top(&held)]
}

fn spending(spend: &[i64]) -> Vec<Row> {
    spend.iter().map(|&spend| (spend, 1, 1)).collect()
}

#[test]
fn at_the_border_or_above_it() {
    let program = club("cutoffs: monthly", "top_count(2, spend)");
    let first = spending(&[50, 70, 70, 90, 70]);
    // Customer 6 is new in the middle of the month.
    let later = spending(&[70, 69, 71, 90, 70, 70]);
    assert_eq!(held(&program, &first, &later), [vec![2, 3, 4, 5], vec![1, 3, 4, 5, 6]]);
    // Everybody may rise above it, or fall below.
    assert_eq!(held(&program, &first, &spending(&[99; 5]))[1], [1, 2, 3, 4, 5]);
    assert!(held(&program, &first, &spending(&[69; 5]))[1].is_empty());
}

#[test]
fn where_the_tie_is_excluded_the_border_is_the_last_inside() {
    let program = club("cutoffs: monthly\n    ties: exclude", "top_count(2, spend)");
    let first = spending(&[50, 70, 70, 90, 70]);
    let later = spending(&[50, 70, 90, 89, 71, 91]);
    assert_eq!(held(&program, &first, &later), [vec![4], vec![3, 6]]);
}

#[test]
fn ranks_and_then_the_customer_decide_at_the_border() {
    let program =
        club("cutoffs: monthly\n    ties: { break_by: [orders_made] }", "top_count(2, spend)");
    let first = [(50, 9, 1), (70, 1, 1), (70, 3, 1), (90, 1, 1), (70, 3, 1)];
    let taken = build(&program, facts(&program, &first), &[], FIRST);
    assert_eq!(border(&taken), r#"{"values":["70","3"],"customer":"3"}"#);
    let later = [
        (70, 3, 1), // as the last one, with a smaller id
        (70, 2, 1),
        (70, 3, 1), // the last one itself
        (69, 9, 1),
        (70, 3, 1), // as the last one, with a larger id
        (70, 4, 1), // new, and ranks above
        (71, 1, 1),
    ];
    assert_eq!(held(&program, &first, &later), [vec![3, 4], vec![1, 3, 6, 7]]);
    let without_ranks = club("cutoffs: monthly\n    ties: { break_by: [] }", "top_count(2, spend)");
    let later = spending(&[70, 70, 70, 60, 90]);
    assert_eq!(held(&without_ranks, &first, &later), [vec![2, 4], vec![1, 2, 5]]);
}

#[test]
fn a_tier_of_shares_is_held_with_its_ranks() {
    let ladder = |ties: &str| {
        let rest = format!(
            "
ladders:
  shares:
    cutoffs: monthly
    ties: {ties}
    rank_by: [spend, orders_made]
    tiers:
      vip: {{ share: 40 }}
      bronze: {{ share: rest }}
"
        );
        program("  population: orders_made > 0", "", &rest)
    };
    let first = [(50, 9, 1), (70, 1, 1), (70, 3, 1), (90, 1, 1), (70, 3, 1)];
    let later = [(70, 3, 1), (70, 4, 1), (70, 2, 1), (90, 1, 1), (10, 9, 1), (5, 1, 1)];
    let include = ladder("include");
    assert_eq!(held(&include, &first, &later), [vec![3, 4, 5], vec![1, 2, 4]]);
    assert_eq!(held(&ladder("exclude"), &first, &later), [vec![4], vec![4]]);
    // Who is new and spends less than anybody did is in the rest at once: it has no border.
    let rest = &include.cutoffs[1];
    assert!(rest.kind.is_everybody() && rest.held_by.is_none());
    let taken = build(&include, facts(&include, &first), &[], FIRST);
    let standings = nobody(&include, 6);
    let outcome = run(&include, facts(&include, &later), &standings, &taken.held, LATER, 1);
    assert_eq!(tiers(&include, &outcome), ["vip", "vip", "bronze", "vip", "bronze", "bronze"]);
}

#[test]
fn without_a_rank_is_below_everybody_with_one() {
    let program = club(
        "cutoffs: monthly\n    ties: { break_by: [days_since(joined)] }",
        "top_count(2, spend)",
    );
    let shop = |joined: &[Option<i32>]| {
        let mut facts = facts(&program, &spending(&vec![70; joined.len()]));
        let data = Data::Date(joined.iter().map(|day| day.unwrap_or(0)).collect());
        let known = Some(joined.iter().map(Option::is_some).collect());
        let attribute = program.attributes.iter().position(|it| it.name == "joined");
        facts.attributes[attribute.unwrap()] = Some(Column { data, known, faults: None });
        facts
    };
    // Who has been here longest comes first, then those of whom that is not known.
    let taken = build(&program, shop(&[None, None, Some(20_000)]), &[], FIRST);
    assert_eq!(top(&taken), [1, 3]);
    assert_eq!(border(&taken), r#"{"values":["70",null],"customer":"1"}"#);
    let later = build(&program, shop(&[None, Some(20_500), None]), &taken.held, LATER);
    assert_eq!(top(&later), [1, 2]);
    // With a rank at the border, who has none is below it.
    let taken = build(&program, shop(&[Some(20_500), None, Some(20_500)]), &[], FIRST);
    assert_eq!(top(&taken), [1, 3]);
    let later = build(&program, shop(&[None, None, Some(20_515)]), &taken.held, LATER);
    // 15 days later as long here as the last one was.
    assert_eq!(top(&later), [3]);
}

#[test]
fn who_leaves_the_population_leaves_the_top() {
    let program = club("cutoffs: monthly", "top_count(2, spend)");
    let first = [(50, 1, 1), (70, 1, 1), (90, 1, 1)];
    let later = [(70, 1, 1), (70, 0, 1), (90, 1, 1)];
    assert_eq!(held(&program, &first, &later), [vec![2, 3], vec![1, 3]]);
}

#[test]
fn a_top_in_which_nobody_was_stays_empty_until_the_next_tick() {
    let program = club("cutoffs: monthly", "top_percent(50, spend)");
    let first = [(50, 0, 1), (70, 0, 1)];
    let later = [(50, 1, 1), (70, 1, 1)];
    assert_eq!(held(&program, &first, &later), [[0; 0], [0; 0]]);
    let taken = build(&program, facts(&program, &first), &[], FIRST);
    assert_eq!((top(&taken), border(&taken)), (Vec::<usize>::new(), "nobody".to_owned()));
    let next = build(&program, facts(&program, &later), &taken.held, date(2026, 4, 1));
    assert_eq!(top(&next), [2]);
}

#[test]
fn values_are_held_with_their_faults() {
    let program = club(
        "cutoffs: monthly",
        "spend >= average(spend) && spend >= percentile(50, spend) && spend < total(spend)",
    );
    let taken = build(&program, facts(&program, &spending(&[10, 20, 60])), &[], FIRST);
    let later = build(&program, facts(&program, &spending(&[1000, 1, 1])), &taken.held, LATER);
    let values = |population: &Population| -> Vec<_> {
        population.cutoffs.iter().flatten().map(|taken| taken.value).collect()
    };
    assert_eq!(values(&taken), [Ok(30.into()), Ok(20.into()), Ok(90.into())]);
    assert_eq!(values(&later), values(&taken));

    let top = club("cutoffs: monthly", "makes_percent(80, spend)");
    let mut huge = facts(&top, &spending(&[0, 0]));
    let wide = crate::expr::column::Ints::Wide(vec![i128::MAX, i128::MAX]);
    huge.metrics[metric(&top, "spend")] =
        Some(Column::new(Data::Number { scale: 2, values: wide }));
    let taken = build(&top, huge, &[], FIRST);
    let later = build(&top, facts(&top, &spending(&[1, 2])), &taken.held, LATER);
    let of = |population: &Population| population.cutoffs[0].clone().expect("it is taken");
    assert_eq!(of(&taken).value, Err(Fault::Overflow));
    assert_eq!(of(&later), of(&taken));
}

#[test]
fn a_border_that_no_decimal_can_hold_is_taken_in_every_pass() {
    let program = club("cutoffs: monthly", "top_count(1, spend)");
    let mut huge = facts(&program, &spending(&[0, 0]));
    let wide = crate::expr::column::Ints::Wide(vec![i128::MAX, 1]);
    huge.metrics[metric(&program, "spend")] =
        Some(Column::new(Data::Number { scale: 2, values: wide }));
    let taken = build(&program, huge, &[], FIRST);
    assert_eq!((top(&taken), &taken.held[0]), (vec![1], &None));
    let later = build(&program, facts(&program, &spending(&[1, 2])), &taken.held, LATER);
    assert_eq!(top(&later), [2]);
}

/// The dates of passes, and when the cutoff in force was taken.
fn takings(cutoffs: &str, passes: &[Date]) -> Vec<Date> {
    let program = club(&format!("cutoffs: {cutoffs}"), "spend > average(spend)");
    let mut held = Vec::new();
    let pass = passes.iter().map(|&as_of| {
        let rows = spending(&[10, 20, i64::from(as_of.day())]);
        let population = build(&program, facts(&program, &rows), &held, as_of);
        held = population.held;
        population.cutoffs[0].as_ref().expect("it is taken").taken_on
    });
    pass.collect()
}

#[test]
fn taken_by_the_first_pass_of_a_tick() {
    let march = |day| date(2026, 3, day);
    let april = |day| date(2026, 4, day);
    // The pass of 1 April is late.
    let passes = [march(5), march(31), april(3), april(30), date(2026, 5, 1)];
    let taken = [march(5), march(5), april(3), april(3), date(2026, 5, 1)];
    assert_eq!(takings("monthly", &passes), taken);
    // Mondays are the 9th, 16th and 23rd.
    let passes = [march(5), march(8), march(9), march(15), march(18), march(22), march(23)];
    let taken = [march(5), march(5), march(9), march(9), march(18), march(18), march(23)];
    assert_eq!(takings("weekly", &passes), taken);
    // Ticks on the 5th, 15th and 25th, and on 4 April; a late pass moves none of them.
    let passes = [march(5), march(14), march(15), march(27), april(3), april(4)];
    let taken = [march(5), march(5), march(15), march(27), march(27), april(4)];
    assert_eq!(takings("10 days", &passes), taken);
    // Daily is every pass.
    assert_eq!(takings("daily", &passes), passes);
    // A value from a later date does not exist for an earlier pass.
    assert_eq!(takings("monthly", &[march(20), march(5)]), [march(20), march(5)]);
}

#[test]
fn a_month_that_lacks_the_day_of_the_first_taking_moves_no_tick() {
    let passes = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 30), date(2026, 3, 31)];
    let taken = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 31)];
    assert_eq!(takings("1 month", &passes), taken);
}

#[test]
fn a_second_pass_on_the_same_date_changes_nothing() {
    let program = club("cutoffs: monthly\n    ties: exclude", "top_count(2, spend)");
    let rows = [(50, 1, 1), (70, 1, 1), (70, 1, 1), (90, 1, 1)];
    let first = first_pass(&program, facts(&program, &rows), FIRST);
    let (standings, held) = (&first.after.standings, &first.population.held);
    let second = run(&program, facts(&program, &rows), standings, held, FIRST, 1);
    assert_eq!(tiers(&program, &second), ["member", "member", "member", "vip"]);
    assert_eq!(second.after.standings, first.after.standings);
    assert!(second.ladders.iter().all(|ladder| ladder.moves == Moves::default()));
    assert_eq!(&second.population.held, held);
    assert_eq!(second.population.cutoffs, first.population.cutoffs);
}

/// Tops and values of every kind, with ties decided in every way.
fn every_kind() -> Program {
    let ladder = |name: &str, ties: &str| {
        format!(
            "
  {name}:
    cutoffs: monthly
    ties: {ties}
    tiers:
      a: {{ enter: 'top_percent(30, spend)' }}
      b: {{ enter: 'top_count(4, spend - days_away)' }}
      c: {{ enter: 'makes_percent(50, spend)' }}
      d: {{ enter: 'spend > average(spend) + median(spend) + percentile(40, spend)' }}
      e: {{ enter: 'days_away > stddev(days_away) && spend * 10 > total(spend)' }}
      f: {{ enter: always }}"
        )
    };
    let shares = |name: &str, ties: &str| {
        format!(
            "
  {name}:
    cutoffs: 10 days
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
    program("  population: orders_made > 0 || days_away == 3", "", &rest)
}

proptest! {
    /// Holding right after taking gives what taking gave.
    #[test]
    fn holding_is_taking_where_nothing_changed(
        rows in proptest::collection::vec((-2..6i64, 0..3i64, 0..4i64, 0..10u8), 0..14),
        texts in any::<bool>(),
    ) {
        thread_local! { static PROGRAM: Program = every_kind(); }
        PROGRAM.with(|program| {
            let shop = || {
                let plain: Vec<Row> = rows.iter().map(|row| (row.0, row.1, row.2)).collect();
                let mut facts = facts(program, &plain);
                if texts {
                    let ids = (0..rows.len()).map(|slot| CustomerId::parse(&format!("c{slot:02}")));
                    facts.customers = ids.collect();
                }
                // One in ten has no spend, one a fault; of days away one in ten is unknown.
                let spend = facts.metrics[metric(program, "spend")].as_mut().expect("a column");
                spend.known = Some(rows.iter().map(|row| row.3 != 0).collect());
                spend.faults =
                    Some(rows.iter().map(|row| u8::from(row.3 == 1) * Fault::Script as u8).collect());
                let away = facts.metrics[metric(program, "days_away")].as_mut().expect("a column");
                away.known = Some(rows.iter().map(|row| row.3 != 2).collect());
                facts
            };
            let taken = build(program, shop(), &[], FIRST);
            let stored: Vec<Option<HeldCutoff>> = taken.held.iter().map(|held| {
                let border = held.as_ref()?.border.as_ref();
                let border = border.map(|it| Border::from_json(&it.to_json()).expect("it is one"));
                Some(HeldCutoff { border, ..held.clone()? })
            }).collect();
            for (cutoff, held) in program.cutoffs.iter().zip(&stored) {
                prop_assert_eq!(held.is_some(), cutoff.held_by.is_some(), "{}", cutoff.text);
            }
            let held = build(program, shop(), &stored, date(2026, 3, 14));
            prop_assert_eq!(&held.held, &taken.held);
            for (id, cutoff) in program.cutoffs.iter().enumerate() {
                let (taken, held) = (&taken.cutoffs[id], &held.cutoffs[id]);
                if cutoff.held_by.is_some() {
                    prop_assert_eq!(taken, held, "{}", cutoff.text);
                }
            }
            Ok(())
        })?;
    }
}

#[test]
fn the_property_sees_tops_and_values() {
    let program = every_kind();
    let population = build(&program, facts(&program, &spending(&[5, 4, 4, 1])), &[], FIRST);
    let held = || population.held.iter().flatten();
    assert!(held().filter(|held| held.border.is_some()).count() >= 18);
    assert!(held().any(|held| held.value == Ok(Decimal::new(35, 1))));
}
