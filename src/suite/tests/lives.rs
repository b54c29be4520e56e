//! Lives that were worked out by hand from the pages on the language and the lifecycle.

use super::shop;

const HEAD: &str = "pack: lives
version: 1.0.0
settings: { currency: EUR, timezone: UTC }
customers: { table: customers, id: id, columns: { joined: date, birthday: date } }
sources:
  orders: { table: orders, customer: who, at: day, columns: { amount: money } }
";

#[track_caller]
fn passes(rules: &str, cases: &str) {
    shop::passes(&format!("{HEAD}{rules}"), cases);
}

#[test]
fn what_a_calendar_year_was_worth_counts_after_it() {
    // The year's sum falls to 0 on 1 January; what is kept is asked of the year before.
    passes(
        "metrics:
  spend: { sum: orders.amount, within: calendar year }
ladders:
  club:
    tiers:
      vip:
        enter: spend >= 100
        keep: previous(spend) >= 100
        review: { fixed: 12 months, from: 01-01 }
",
        "cases:
  - name: a year
    facts: { orders: [ { at: 2026-12-01, amount: 150 } ] }
    timeline:
      - on: 2026-12-15
        expect: { club: { tier: vip, review_on: 2027-01-01, event: tier.entered } }
      - on: 2027-01-01
        expect:
          club: { tier: vip, review_on: 2028-01-01, event: tier.retained, because: previous(spend) >= 100 }
          metrics: { spend: 0, previous(spend): 150 }
      - on: 2027-12-31
        expect: { club: { tier: vip, event: none } }
      - on: 2028-01-01
        expect: { club: { tier: none, event: tier.left, since: none } }
  - name: the year before is given
    standing: { club: { tier: vip, since: 2026-12-15, review_on: 2027-01-01 } }
    metrics: { previous(spend): \"{before}\" }
    as_of: 2027-01-01
    each:
      - { before: 99.99, expect: { club: none } }
      - { before: 100, expect: { club: vip } }
",
    );
}

#[test]
fn points_count_anew_in_every_tier() {
    let rules = "metrics:
  points: { sum: orders.amount, within: tier club }
ladders:
  club:
    tiers:
      gold: { enter: points >= 100, keep: always }
      silver: { enter: always }
";
    passes(
        rules,
        "cases:
  - name: from the day of the tier
    facts:
      orders:
        - { at: 2025-12-20, amount: 60 }
        - { at: 2026-01-10, amount: 60 }
        - { at: 2026-01-20, amount: 40 }
    timeline:
      - { on: 2026-01-01, expect: { club: { tier: silver, since: 2026-01-01 }, metrics: { points: 60 } } }
      - { on: 2026-01-15, expect: { club: silver, metrics: { points: 60 } } }
      - { on: 2026-01-20, expect: { club: { tier: gold, event: tier.upgraded }, metrics: { points: 100 } } }
      - { on: 2026-01-25, expect: { club: gold, metrics: { points: 40 } } }
  - name: from the day of the standing with which it begins
    standing: { club: { tier: silver, since: 2026-01-11 } }
    facts:
      orders: [ { at: 2026-01-10, amount: 500 }, { at: 2026-01-12, amount: 99 } ]
    as_of: 2026-01-15
    expect: { club: { tier: silver, since: 2026-01-11 }, metrics: { points: 99 } }
  - name: from the day of a hold
    standing: { club: { tier: silver, since: 2026-01-01 } }
    facts:
      orders: [ { at: 2026-01-10, amount: 50 }, { at: 2026-02-03, amount: 7 } ]
    timeline:
      - { on: 2026-01-15, expect: { metrics: { points: 50 } } }
      - { on: 2026-02-01, hold: { tier: club.gold, until: 2026-02-10 }, expect: { club: { tier: gold, hold: true } } }
      - { on: 2026-02-05, expect: { metrics: { points: 7 } } }
",
    );
}

#[test]
fn days_that_a_tier_is_held_and_was_left() {
    passes(
        "metrics: { spend: { sum: orders.amount, within: 30 days } }
ladders:
  club: { tiers: { vip: { enter: spend >= 100 } } }
  back: { tiers: { again: { enter: \"between(days_since_held(club.vip), 1, 10)\" } } }
alerts:
  a_month: { for: club.vip, when: days_held(club.vip) >= 20, message: a month }
",
        "cases:
  - name: held and left
    facts: { orders: [ { at: 2026-01-01, amount: 100 } ] }
    timeline:
      - { on: 2026-01-01, expect: { club: vip, back: none, alerts: none } }
      - { on: 2026-01-20, expect: { alerts: { a_month: false } } }
      - { on: 2026-01-21, expect: { alerts: [a_month], events: [alert.raised a_month] } }
      - { on: 2026-01-30, expect: { club: { tier: vip, event: none } } }
      # 30 days back is 2 January. Criteria read standings as they were before the pass: still held.
      - { on: 2026-01-31, expect: { club: { tier: none, event: tier.left }, back: none, alerts: none } }
      - { on: 2026-02-01, expect: { back: { tier: again, event: tier.entered } } }
      - { on: 2026-02-10, expect: { back: again } }
      - { on: 2026-02-11, expect: { back: { tier: none, event: tier.left } } }
",
    );
}

#[test]
fn a_grace_is_left_both_ways() {
    let rules = "metrics: { spend: { sum: orders.amount, within: 12 months } }
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, keep: spend >= 800, review: { fixed: 10 months }, grace: 30 days, landing: earned }
      gold: { enter: spend >= 400, review: { dynamic: monthly } }
";
    passes(
        rules,
        "cases:
  - name: recovered
    standing: { club: { tier: vip, since: 2025-03-01, review_on: 2026-01-01 } }
    facts: { orders: [ { at: 2025-12-01, amount: 500 }, { at: 2026-01-20, amount: 300 } ] }
    timeline:
      - { on: 2025-12-31, expect: { club: { tier: vip, event: none } } }
      - { on: 2026-01-05, expect: { club: { grace_until: 2026-02-04, review_on: 2026-01-01, event: grace.started, because: spend } } }
      # The next period counts from the review that was due.
      - { on: 2026-01-20, expect: { club: { tier: vip, since: 2025-03-01, grace_until: none, review_on: 2026-11-01, event: grace.recovered, because: spend >= 800 } } }
  - name: in a grace from the beginning
    standing: { club: { tier: vip, since: 2025-03-01, review_on: 2026-01-01, grace_until: 2026-01-31 } }
    metrics: { spend: \"{spend}\" }
    as_of: \"{on}\"
    each:
      - { on: 2026-01-30, spend: 799.99, expect: { club: { tier: vip, event: none, grace_until: 2026-01-31 } } }
      - { on: 2026-01-30, spend: 800, expect: { club: { tier: vip, event: grace.recovered, review_on: 2026-11-01 } } }
      - { on: 2026-01-31, spend: 799.99, expect: { club: { tier: gold, event: tier.downgraded, since: 2026-01-31, review_on: 2026-02-01 } } }
      - { on: 2026-01-31, spend: 399.99, expect: { club: { tier: none, event: tier.left, review_on: none } } }
      - { on: 2026-01-31, spend: 1000, expect: { club: { tier: vip, event: grace.recovered } } }
",
    );
}

#[test]
fn holds_and_floors() {
    let rules = "metrics: { spend: { sum: orders.amount } }
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, review: { fixed: 3 months } }
      gold: { enter: spend >= 400, review: { fixed: 3 months }, upgrade: at review }
      member: { enter: always, review: { fixed: 3 months } }
";
    passes(
        rules,
        "cases:
  - name: a pin outlasts everything
    metrics: { spend: 2000 }
    timeline:
      - { on: 2026-01-01, hold: { tier: club.gold, until: 2026-03-01 }, expect: { club: { tier: gold, earned: vip, event: hold.started, review_on: 2026-03-01 } } }
      - { on: 2026-02-28, expect: { club: { tier: gold, event: none } } }
      - { on: 2026-03-01, expect: { club: { tier: vip, hold: false, event: [hold.ended, tier.upgraded], review_on: 2026-06-01 } } }
  - name: a floor is no ceiling
    metrics: { spend: \"{spend}\" }
    timeline:
      - { on: 2026-01-01, hold: { tier: club.gold, floor: true }, expect: { club: \"{tier}\" } }
    each:
      - { spend: 0, tier: gold }
      - { spend: 1000, tier: vip }
  - name: a floor that is released
    timeline:
      - { on: 2026-01-01, hold: { tier: club.gold, floor: true }, expect: { club: { tier: gold, hold: true, review_on: 2026-04-01 } } }
      - { on: 2026-02-01, release: club, expect: { club: { tier: gold, hold: false, event: hold.ended } } }
      - { on: 2026-04-01, expect: { club: { tier: member, event: tier.downgraded } } }
",
    );
}

#[test]
fn segments_alerts_and_benefits_are_those_after_the_pass() {
    let rules = "metrics:
  orders_made: { count: orders, within: 60 days }
  days_away: { days_since_last: orders }
ladders:
  club: { tiers: { vip: { enter: orders_made >= 2 }, member: { enter: always } } }
segments:
  regulars: { when: orders_made >= 2 }
  near_vip: { near: club.vip, short_by: 50 }
alerts:
  quiet: { when: days_away > 10, every: 14 days, message: away }
benefits:
  tea: { kind: perk, category: gift, tiers: { vip: Tea }, when: in_segment(regulars) }
  thanks: { kind: perk, category: gift, segments: { regulars: Thanks } }
";
    passes(
        rules,
        "cases:
  - name: an order, and another
    facts: { orders: [ { at: 2026-01-01, amount: 1 }, { at: 2026-01-05, amount: 1 } ] }
    timeline:
      - on: 2026-01-01
        expect:
          club: member
          segments: { near_vip: true, regulars: false }
          benefits: none
          alerts: none
          events: { segment.entered near_vip: true, segment.entered regulars: false }
      - on: 2026-01-05
        expect:
          club: vip
          segments: [regulars]
          events: [segment.entered regulars, segment.left near_vip, tier.upgraded club]
          benefits: { tea: Tea, thanks: Thanks }
      - { on: 2026-01-15, expect: { alerts: none, events: none } }
      - { on: 2026-01-16, expect: { alerts: [quiet], events: [alert.raised quiet] } }
      - { on: 2026-01-29, expect: { alerts: [quiet], events: none } }
      - { on: 2026-01-30, expect: { alerts: [quiet], events: [alert.raised quiet] } }
      - { on: 2026-02-10, expect: { alerts: [quiet], events: none } }
      - on: 2026-03-02      # 60 days back is 2 January: the first order is out
        expect: { club: member, segments: [near_vip], benefits: none, events: [segment.left regulars, tier.downgraded] }
",
    );
}

#[test]
fn attributes_and_birthdays() {
    passes(
        "metrics: { spend: { sum: orders.amount, within: membership year } }
ladders:
  club: { tiers: { vip: { enter: spend >= 100, keep: always } } }
segments:
  soon: { when: days_until_next(birthday) <= 7 }
  known: { when: is_known(birthday) }
",
        "cases:
  - name: a birthday comes near
    customer: { joined: 2024-03-15, birthday: 1990-01-03 }
    facts: { orders: [ { at: 2026-03-14, amount: 60 }, { at: 2026-03-15, amount: 40 }, { at: 2026-03-16, amount: 60 } ] }
    timeline:
      - { on: 2025-12-26, expect: { segments: { soon: false } } }
      - { on: 2025-12-27, expect: { segments: [soon, known] } }
      - { on: 2026-01-03, expect: { segments: [soon] } }
      - { on: 2026-01-04, expect: { segments: { soon: false } } }
      - { on: 2026-03-14, expect: { metrics: { spend: 60 } } }
      # The membership year begins on the day of joining.
      - { on: 2026-03-15, expect: { metrics: { spend: 40 }, club: none } }
      - { on: 2026-03-16, expect: { metrics: { spend: 100 }, club: vip } }
  - name: nobody knows the birthday
    as_of: 2026-01-03
    expect: { segments: none }
",
    );
}
