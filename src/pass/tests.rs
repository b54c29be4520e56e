//! Passes over small shops, with outcomes by hand.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::fixture::*;
use super::*;
use crate::expr::column::{Column, Data, Ints};
use crate::expr::{Fault, Value};
use crate::lifecycle::{Event, Hold, Standing, TierCode};

const AS_OF: Date = date(2026, 6, 15);

const CLUB: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, keep: spend >= 800, review: { fixed: 10 months } }
      gold: { enter: spend >= 400, warn_over: 10 }
      member: { enter: orders_made > 0 }
";

fn numbers(program: &crate::program::Program, population: &Population, name: &str) -> Vec<String> {
    let id = metric(program, name);
    (0..population.len())
        .map(|slot| match population.metric(id, slot) {
            Ok(Value::Number(number)) => number.normalize().to_string(),
            Ok(other) => format!("{other:?}"),
            Err(fault) => fault.words().to_owned(),
        })
        .collect()
}

#[test]
fn a_first_pass_enters_everybody_where_they_belong() {
    let program = shop("", "", CLUB);
    let facts = facts(&program, &[(1200, 9, 1), (400, 2, 9), (399, 1, 9), (0, 0, 36500)]);
    let outcome = first_pass(&program, facts, AS_OF);
    assert_eq!(tiers(&program, &outcome), ["vip", "gold", "member", "-"]);
    let club = &outcome.ladders[0];
    assert_eq!((club.tiers.clone(), club.none), (vec![1, 1, 1], 1));
    assert_eq!(club.moves, Moves { entered: 3, ..Moves::default() });
    assert_eq!(club.changed, [0, 1, 2]);
    let vip = outcome.after.standings.get(0, 0);
    assert_eq!((vip.since, vip.review_on), (Some(AS_OF), Some(date(2027, 4, 15))));
    // Without a review of its own a tier is looked at every day.
    let gold = outcome.after.standings.get(0, 1);
    assert_eq!(gold.review_on, Some(date(2026, 6, 16)));
    // One of four is more than ten percent.
    assert_eq!(
        outcome.warnings,
        ["`club.gold` holds 25 % of the population (1 customer), more than 10 %"]
    );
}

#[test]
fn the_next_passes_move_by_the_table() {
    let program = shop("", "", CLUB);
    let first = first_pass(&program, spenders(&program, &[1200, 500, 500, 0]), AS_OF);
    // The same pass again changes nothing.
    let again = run(
        &program,
        spenders(&program, &[1200, 500, 500, 0]),
        &first.after.standings,
        &[],
        AS_OF,
        2,
    );
    assert_eq!(again.after.standings, first.after.standings);
    assert!(again.ladders[0].events.is_empty() && again.ladders[0].changed.is_empty());
    // The next day: the vip is safe, the golds are not.
    let day = date(2026, 6, 16);
    let second = run(
        &program,
        spenders(&program, &[100, 1000, 300, 0]),
        &first.after.standings,
        &[],
        day,
        1,
    );
    assert_eq!(tiers(&program, &second), ["vip", "vip", "member", "member"]);
    let events: Vec<_> = second.ladders[0].events.iter().map(|it| (it.slot, it.event)).collect();
    assert_eq!(events, [(1, Event::Upgraded), (2, Event::Downgraded)]);
    // At the vip's review 800 is enough to keep it, 799 is not.
    let due = date(2027, 4, 15);
    let third = run(
        &program,
        spenders(&program, &[800, 1000, 300, 0]),
        &second.after.standings,
        &[],
        due,
        1,
    );
    assert_eq!(tiers(&program, &third)[0], "vip");
    assert_eq!(third.ladders[0].moves.retained, 1);
    assert_eq!(third.after.standings.get(0, 0).review_on, Some(date(2028, 2, 15)));
    let lost = run(
        &program,
        spenders(&program, &[799, 1000, 300, 0]),
        &second.after.standings,
        &[],
        due,
        1,
    );
    assert_eq!(tiers(&program, &lost)[0], "gold");
}

#[test]
fn a_fault_keeps_the_tier_and_is_counted() {
    let program = shop(
        "",
        "",
        "
ladders:
  club:
    tiers:
      vip: { enter: spend / orders_made >= 100 }
      member: { enter: always }
",
    );
    let first = first_pass(&program, facts(&program, &[(1000, 2, 1), (50, 1, 1)]), AS_OF);
    assert_eq!(tiers(&program, &first), ["vip", "member"]);
    let day = date(2026, 6, 20);
    let broken = facts(&program, &[(0, 0, 1), (50, 1, 1)]);
    let second = run(&program, broken, &first.after.standings, &[], day, 2);
    assert_eq!(tiers(&program, &second), ["vip", "member"]);
    assert_eq!(second.decision_faults(), 1);
    let fault = FaultCount {
        place: FaultPlace::Ladder(0),
        fault: Fault::DivisionByZero,
        count: 1,
        example: 0,
    };
    assert_eq!(second.faults, [fault]);
    assert_eq!(second.ladders[0].events[0].event, Event::Fault);
    assert_eq!(second.ladders[0].earned[0], TierCode::NONE);
    assert_eq!(
        second.warnings,
        [
            "ladder `club` keeps their tier for 1 customer: a division by zero (customer `1`, for example)"
        ]
    );
}

#[test]
fn formulas_are_rounded_once_and_have_an_else() {
    let program = shop(
        "",
        "
  basket: { expr: spend / orders_made }
  third: { expr: spend * 2 / 3 / 3, else: 7 }
  ratio: { expr: orders_made / spend, else: 0.5 }
",
        "ladders: { club: { tiers: { member: { enter: basket + third + ratio > 0 } } } }",
    );
    let population = population(&program, facts(&program, &[(10, 3, 1), (0, 0, 1)]), AS_OF);
    assert_eq!(numbers(&program, &population, "basket"), ["3.333333", "0"]);
    // 20 / 3 = 6.666667, and that / 3 = 2.222222(3…): each quotient has six places.
    assert_eq!(numbers(&program, &population, "third"), ["2.222222", "0"]);
    assert_eq!(numbers(&program, &population, "ratio"), ["0.3", "0.5"]);
}

#[test]
fn scores_add_and_cap() {
    let program = shop(
        "",
        "
  points:
    score:
      - { when: spend > 0, add: spend / 10, cap: 50 }
      - { when: days_away < 30, add: 5 }
      - { when: orders_made > 3, add: -2 }
",
        "ladders: { club: { tiers: { member: { enter: points > 0 } } } }",
    );
    let rows = [(1000, 1, 90), (125, 4, 10), (0, 1, 29), (0, 0, 36500)];
    let population = population(&program, facts(&program, &rows), AS_OF);
    assert_eq!(numbers(&program, &population, "points"), ["50", "15.5", "5", "0"]);
}

#[test]
fn an_rfm_metric_is_the_sum_of_its_parts() {
    let program = shop(
        "  population: orders_made > 0\n",
        "  loyalty: { rfm: { recency: days_away, frequency: orders_made, monetary: spend, bins: 2 } }\n",
        "ladders: { club: { tiers: { member: { enter: loyalty >= 5 } } } }",
    );
    // Two who count, one who does not.
    let rows = [(100, 1, 10), (200, 1, 5), (900, 0, 36500)];
    let population = population(&program, facts(&program, &rows), AS_OF);
    assert_eq!(population.counts, [true, true, false]);
    assert_eq!(numbers(&program, &population, "loyalty.r"), ["1", "2", "1"]);
    assert_eq!(numbers(&program, &population, "loyalty.f"), ["1", "1", "1"]);
    assert_eq!(numbers(&program, &population, "loyalty.m"), ["1", "2", "2"]);
    assert_eq!(numbers(&program, &population, "loyalty"), ["3", "5", "4"]);
}

#[test]
fn tops_are_of_the_population_only() {
    let program = shop(
        "  population: orders_made > 0\n",
        "",
        "
ladders:
  club:
    tiers:
      vip: { enter: 'top_percent(25, spend)' }
      member: { enter: always }
",
    );
    let rows = [(10, 1, 1), (20, 1, 1), (30, 1, 1), (40, 1, 1), (99, 0, 1)];
    let outcome = first_pass(&program, facts(&program, &rows), AS_OF);
    // ⌈4 × 25 / 100⌉ = 1: the largest who counts.
    assert_eq!(tiers(&program, &outcome), ["member", "member", "member", "vip", "member"]);
    let taken = outcome.population.cutoff(0).expect("taken");
    assert_eq!((taken.value, taken.count), (Ok(40.into()), 1));
}

#[test]
fn over_an_empty_population_every_top_is_false_and_every_value_0() {
    let program = shop(
        "  population: orders_made > 100\n",
        "",
        "
ladders:
  club:
    tiers:
      a: { enter: 'top_percent(50, spend)' }
      b: { enter: 'top_count(3, spend)' }
      c: { enter: 'makes_percent(80, spend)' }
      d: { enter: 'percentile(50, spend) + average(spend) + median(spend) + stddev(spend) + total(spend) != 0' }
      e: { enter: always }
",
    );
    for rows in [&[][..], &[(5, 1, 1), (6, 1, 1)][..]] {
        let outcome = first_pass(&program, facts(&program, rows), AS_OF);
        assert_eq!(tiers(&program, &outcome), vec!["e"; rows.len()]);
    }
}

#[test]
fn never_is_left_out_of_the_values_of_days() {
    let program = shop(
        "",
        "",
        "
ladders:
  club:
    tiers:
      vip: { enter: 'days_away < average(days_away) && percentile(100, days_away) > 1000' }
      member: { enter: always }
",
    );
    let rows = [(0, 1, 10), (0, 1, 20), (0, 0, 36500)];
    let outcome = first_pass(&program, facts(&program, &rows), AS_OF);
    assert_eq!(tiers(&program, &outcome), ["vip", "member", "member"]);
    let values: Vec<_> =
        outcome.population.cutoffs.iter().map(|taken| taken.as_ref().map(|it| it.value)).collect();
    assert_eq!(values, [Some(Ok(15.into())), Some(Ok(36500.into()))]);
}

#[test]
fn a_ladder_of_shares_ranks_by_several_measures() {
    let shares = |ties: &str| {
        shop(
            "",
            "",
            &format!(
                "
ladders:
  shares:
    rank_by: [orders_made, spend]
    ties: {ties}
    tiers:
      vip: {{ share: 20 }}
      gold: {{ share: 40 }}
      bronze: {{ share: rest }}
"
            ),
        )
    };
    let rows = [(50, 3, 1), (10, 9, 1), (50, 3, 1), (70, 3, 1), (0, 1, 1)];
    let of = |ties: &str| {
        let program = shares(ties);
        let outcome = first_pass(&program, facts(&program, &rows), AS_OF);
        tiers(&program, &outcome)
    };
    // k = 1 for vip, 3 for gold and above; customers 1 and 3 are equal at the border.
    assert_eq!(of("include"), ["gold", "vip", "gold", "gold", "bronze"]);
    assert_eq!(of("exclude"), ["bronze", "vip", "bronze", "gold", "bronze"]);
    assert_eq!(of("{ break_by: [days_away] }"), ["gold", "vip", "bronze", "gold", "bronze"]);
}

#[test]
fn review_periods_by_script_and_attribute() {
    let pack = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, review: { fixed: { expr: 'reviews::period(customer)' } } }
      gold: { enter: spend >= 400, review: { fixed: 12 months, from: joined } }
      member: { enter: always }
";
    let text = format!(
        "pack: shop
version: 1.0.0
title: Shop
requires: '>=0.1'
settings: {{ currency: EUR, timezone: UTC }}
sources:
  orders: {{ table: orders, customer: customer_id, at: placed_at, columns: {{ amount: money }} }}
customers: {{ table: customers, id: id, columns: {{ joined: date }} }}
metrics:
  spend: {{ sum: orders.amount }}
  orders_made: {{ count: orders }}
  days_away: {{ days_since_last: orders }}
{pack}"
    );
    let script = "fn period(customer) { if customer.orders_made == 0 { 1.5 } else if customer.orders_made > 5 { \"2 years\" } else { 30 } }";
    let program =
        from_files(vec![("pack.yaml", text), ("scripts/reviews.rhai", script.to_owned())]).program;
    let rows = [(1000, 9, 1), (1000, 1, 1), (1000, 0, 1), (400, 1, 1), (400, 1, 1)];
    let mut facts = facts(&program, &rows);
    let joined = Column {
        known: Some(vec![true, true, true, true, false]),
        // 2020-03-10
        ..Column::new(Data::Date(vec![18331; 5]))
    };
    facts.attributes[0] = Some(joined);
    let outcome = first_pass(&program, facts, AS_OF);
    let on: Vec<_> = (0..5).map(|slot| outcome.after.standings.get(0, slot).review_on).collect();
    assert_eq!(
        on,
        [
            Some(date(2028, 6, 15)),
            Some(date(2026, 7, 15)),
            // 1.5 days are no period: a fault, so nobody enters.
            None,
            Some(date(2027, 3, 10)),
            // Unknown: from the evaluation.
            Some(date(2027, 6, 15)),
        ]
    );
    assert_eq!(outcome.faults.len(), 1);
    assert_eq!(outcome.faults[0].fault, Fault::ScriptType);
}

#[test]
fn segments_alerts_and_near() {
    let program = shop(
        "",
        "",
        "
ladders:
  club:
    tiers:
      vip:
        enter:
          all:
            - any:
                - spend >= 1000
                - 'top_count(1, orders_made)'
            - days_away < 100
      member: { enter: always }
segments:
  loyal: { when: orders_made >= 5 }
  quiet_vips: { when: 'in_tier(club.vip) && !in_segment(loyal)' }
  near_vip: { near: club.vip, short_by: 20 }
alerts:
  vip_absent: { for: club.vip, when: days_away > 14, every: 14 days, message: 'Where are they?' }
",
    );
    let rows = [(1000, 1, 20), (800, 1, 120), (799, 7, 10), (800, 1, 121), (0, 9, 1), (0, 10, 1)];
    let outcome = first_pass(&program, facts(&program, &rows), AS_OF);
    assert_eq!(tiers(&program, &outcome), ["vip", "member", "member", "member", "member", "vip"]);
    let members = |segment: usize| outcome.after.segments[segment].holds.clone();
    assert_eq!(members(0), [false, false, true, false, true, true]);
    assert_eq!(members(1), [true, false, false, false, false, false]);
    // Exactly 20 % short of the money and 20 % over the days; 9 of the 10 orders that the top
    // has. 799 and 7 of 10 are too little, 121 days too many.
    assert_eq!(members(2), [false, true, false, false, true, false]);
    assert_eq!(outcome.alerts[0].members.holds, [true, false, false, false, false, false]);
    assert_eq!(outcome.alerts[0].raised.count, 1);
    let later =
        run(&program, facts(&program, &rows), &outcome.after.standings, &[], date(2026, 6, 16), 1);
    assert_eq!((later.alerts[0].members.count, later.alerts[0].raised.count), (1, 0));
}

#[test]
fn benefits_take_the_better_value_and_cost_money() {
    let program = shop(
        "",
        "",
        "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000 }
      member: { enter: always }
segments:
  friends: { when: orders_made >= 5 }
benefits:
  discount:
    kind: percent_off
    tiers: { vip: 20, member: 5 }
    segments: { friends: 10 }
    when: days_away < 400
    cost: spend * value / 100
  free_shipping: { kind: free_shipping, tiers: { vip: always, member: { over: 500 } } }
  gift: { kind: perk, category: gift, tiers: { vip: Box }, segments: { friends: Tea } }
",
    );
    let rows = [(1000, 5, 1), (100, 5, 1), (100, 1, 1), (100, 1, 500)];
    let outcome = first_pass(&program, facts(&program, &rows), AS_OF);
    let given = |slot| {
        benefits(&program, &outcome.population, &outcome.after, slot)
            .into_iter()
            .map(|given| (given.id, given.value, given.why))
            .collect::<Vec<_>>()
    };
    let text = |text: &str| GivenValue::Text(crate::program::LocalText::plain(text));
    assert_eq!(
        given(0),
        [
            ("discount", GivenValue::Amount(20.into()), Why::Tier(0, 0)),
            ("free_shipping", GivenValue::ShippingAlways, Why::Tier(0, 0)),
            ("gift", text("Box"), Why::Tier(0, 0)),
        ]
    );
    assert_eq!(
        given(1),
        [
            ("discount", GivenValue::Amount(10.into()), Why::Segment(0)),
            ("free_shipping", GivenValue::ShippingOver(500.into()), Why::Tier(0, 1)),
            ("gift", text("Tea"), Why::Segment(0)),
        ]
    );
    assert_eq!(given(3).len(), 1);
    // 20 % of 1000, 10 % and 5 % of 100.
    assert_eq!(outcome.costs, [BenefitCost { benefit: 0, customers: 3, cost: Ok(215.into()) }]);
}

#[test]
fn a_value_that_overflows_is_a_fault_of_its_customer() {
    let program = shop(
        "",
        "  huge: { expr: spend * spend * spend }\n",
        "ladders: { club: { tiers: { vip: { enter: huge > 10 }, member: { enter: always } } } }",
    );
    let mut facts = spenders(&program, &[3, 0]);
    let spend = metric(&program, "spend");
    let values = Ints::Wide(vec![1 << 80, 0]);
    facts.metrics[spend] = Some(Column::new(Data::Number { scale: 2, values }));
    let outcome = first_pass(&program, facts, AS_OF);
    assert_eq!(tiers(&program, &outcome), ["-", "member"]);
    assert_eq!(outcome.decision_faults(), 1);
    let places: Vec<_> = outcome.faults.iter().map(|it| (it.place, it.fault)).collect();
    let huge = FaultPlace::Metric(metric(&program, "huge"));
    assert_eq!(places, [(huge, Fault::Overflow), (FaultPlace::Ladder(0), Fault::Overflow)]);
}

#[test]
fn nothing_is_asked_below_a_floor() {
    // Nobody has an order: whatever divides by them is a fault.
    let program = shop(
        "",
        "",
        "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000 }
      gold: { enter: spend / orders_made >= 10, keep: spend / orders_made >= 8 }
      member: { enter: spend / orders_made >= 1 }
",
    );
    let mut standings = nobody(&program, 3);
    let club = &mut standings.ladders[0];
    let gold = TierCode::new(Some(1));
    let held = Standing { tier: Some(1), since: Some(AS_OF), ..Standing::default() };
    let hold = |tier| Some(Hold { tier: Some(tier), pins: false, until: None });
    club.set(0, gold, &Standing { hold: hold(1), ..held }, None);
    club.set(1, gold, &Standing { hold: hold(2), ..held }, None);
    club.set(2, gold, &held, None);
    let rows = [(10, 0, 1), (10, 0, 1), (10, 0, 1)];
    let outcome = run(&program, facts(&program, &rows), &standings, &[], AS_OF, 1);
    let events: Vec<(u32, Event)> =
        outcome.ladders[0].events.iter().map(|moved| (moved.slot, moved.event)).collect();
    // Gold is asked of who has a floor at member.
    assert_eq!(events, [(1, Event::Fault), (2, Event::Fault)]);
}

#[test]
fn a_hold_ends_on_its_day_even_where_the_next_period_is_a_fault() {
    let program = shop(
        "",
        "",
        "ladders: { club: { tiers: { vip: { enter: always, review: { fixed: { expr: days_away } } } } } }",
    );
    let mut standings = nobody(&program, 1);
    let club = &mut standings.ladders[0];
    let hold = Hold { tier: Some(0), pins: true, until: Some(AS_OF) };
    let pinned = Standing {
        tier: Some(0),
        since: Some(date(2026, 1, 1)),
        review_on: Some(AS_OF),
        hold: Some(hold),
        ..Standing::default()
    };
    club.set(0, TierCode::new(Some(0)), &pinned, None);
    // No days away: a period of no days.
    let outcome = run(&program, facts(&program, &[(10, 1, 0)]), &standings, &[], AS_OF, 1);
    let events: Vec<Event> = outcome.ladders[0].events.iter().map(|moved| moved.event).collect();
    assert_eq!(events, [Event::HoldEnded, Event::Fault]);
    let expected = Standing { hold: None, ..pinned };
    assert_eq!(outcome.after.standings.get(0, 0), expected);
}

const RELATIVE: &str = "
ladders:
  club:
    ties: TIES
    tiers:
      vip: { enter: 'top_percent(10, spend)' }
      gold: { enter: 'makes_percent(60, spend)' }
      silver: { enter: 'spend > median(spend) || loyalty >= 11' }
      bronze: { enter: 'spend + stddev(spend) >= percentile(30, spend)' }
";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// Nobody's tier depends on which customers come before them.
    #[test]
    fn the_order_of_customers_does_not_matter(
        rows in prop::collection::vec((0_i64..6, 0_i64..4, 0_i64..5), 0..40),
        seed in any::<u64>(),
        ties in prop::sample::select(vec!["include", "exclude"]),
    ) {
        let program = shop(
            "  population: orders_made > 0\n",
            "  loyalty: { rfm: { recency: days_away, frequency: orders_made, monetary: spend, bins: 5 } }\n",
            &RELATIVE.replace("TIES", ties),
        );
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|row| (*row as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
        let shuffled: Vec<_> = order.iter().map(|row| rows[*row]).collect();
        let here = tiers(&program, &first_pass(&program, facts(&program, &rows), AS_OF));
        let there = tiers(&program, &first_pass(&program, facts(&program, &shuffled), AS_OF));
        for (slot, row) in order.into_iter().enumerate() {
            prop_assert_eq!(&here[row], &there[slot]);
        }
    }
}
