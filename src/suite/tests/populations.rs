//! Values over the population of a case, held, given, and with ties.

use super::shop;

const HEAD: &str = "pack: many
version: 1.0.0
sources:
  orders: { table: orders, customer: who, at: day, columns: { amount: money } }
metrics:
  spend: { sum: orders.amount, within: 12 months }
  orders_made: { count: orders, within: 12 months }
";

#[track_caller]
fn passes(rules: &str, cases: &str) {
    let settings = "settings: { currency: EUR, timezone: UTC }";
    shop::passes(&format!("{HEAD}{settings}\n{rules}"), cases);
}

#[test]
fn cutoffs_are_held_until_their_tick() {
    let rules = |cutoffs: &str| {
        format!(
            "ladders:
  club: {{ cutoffs: {cutoffs}, tiers: {{ top: {{ enter: spend > average(spend) }} }} }}
"
        )
    };
    // 150 and 100 make 125; from the 20th on it is 150 and 1000.
    let cases = |on_the_25th: &str| {
        format!(
            "cases:
  - name: the others buy more
    facts: {{ orders: [ {{ at: 2026-01-05, amount: 150 }} ] }}
    others:
      - facts: {{ orders: [ {{ at: 2026-01-05, amount: 100 }}, {{ at: 2026-01-20, amount: 900 }} ] }}
    timeline:
      - {{ on: 2026-01-10, expect: {{ club: top }} }}
      - {{ on: 2026-01-25, expect: {{ club: {on_the_25th} }} }}
      - {{ on: 2026-02-01, expect: {{ club: none }} }}
"
        )
    };
    passes(&rules("monthly"), &cases("top"));
    passes(&rules("14 days"), &cases("none"));
    passes(
        "ladders:\n  club: { tiers: { top: { enter: spend > average(spend) } } }\n",
        &cases("none"),
    );
}

#[test]
fn a_given_border_is_in_whatever_ties_say() {
    for ties in ["include", "exclude", "{ break_by: [orders_made] }"] {
        let rules = format!(
            "ladders:
  club: {{ ties: {ties}, tiers: {{ top: {{ enter: \"top_percent(10, spend)\" }} }} }}
"
        );
        passes(
            &rules,
            r#"cases:
  - name: border
    metrics: { spend: "{spend}", orders_made: "{orders}" }
    cutoffs: { "top_percent(10, spend)": 500 }
    others: [ { times: 3, metrics: { spend: 500, orders_made: 5 } } ]
    each:
      - { spend: 499.99, orders: 9, expect: { club: none } }
      - { spend: 500, orders: 0, expect: { club: top } }
      - { spend: 500.01, orders: 0, expect: { club: top } }
"#,
        );
    }
}

#[test]
fn ties_among_the_people_of_a_case() {
    // Of four the top 25 % is one: k = 1.
    let cases = |equal: &str, more_orders: &str| {
        format!(
            r#"cases:
  - name: among equals
    metrics: {{ spend: 500, orders_made: "{{orders}}" }}
    others: [ {{ metrics: {{ spend: 500, orders_made: 5 }} }}, {{ times: 2, metrics: {{ spend: 1 }} }} ]
    each:
      - {{ orders: 4, expect: {{ club: {equal} }} }}
      - {{ orders: 6, expect: {{ club: {more_orders} }} }}
"#
        )
    };
    let rules = |ties: &str| {
        format!(
            "ladders:
  club: {{ ties: {ties}, tiers: {{ top: {{ enter: \"top_percent(25, spend)\" }} }} }}
"
        )
    };
    passes(&rules("include"), &cases("top", "top"));
    passes(&rules("exclude"), &cases("none", "none"));
    passes(&rules("{ break_by: [orders_made] }"), &cases("none", "top"));
    // The smaller id is first: the case's own customer.
    passes(&rules("{ break_by: [spend] }"), &cases("top", "top"));
}

#[test]
fn ids_count_as_numbers() {
    passes(
        "ladders:
  club: { ties: { break_by: [spend] }, tiers: { top: { enter: \"top_count(11, spend)\" } } }
",
        "cases:
  - name: eleven and one
    others: [ { times: 11 } ]
    expect: { club: top }
",
    );
}

#[test]
fn values_that_are_given_are_used_everywhere() {
    passes(
        "ladders:
  club: { cutoffs: monthly, tiers: { top: { enter: spend > median(spend) } } }
segments:
  rich: { when: spend > median(spend) * 2 }
",
        r#"cases:
  - name: a given median stays
    facts: { orders: [ { at: 2026-01-01, amount: 200 }, { at: 2026-02-10, amount: 1 } ] }
    cutoffs: { "median( spend )": 100 }
    timeline:
      - { on: 2026-01-10, expect: { club: top, segments: none } }
      - { on: 2026-02-10, expect: { club: top, segments: [rich] } }
"#,
    );
}

#[test]
fn who_counts_for_the_population() {
    let rules = "settings: { currency: EUR, timezone: UTC, population: orders_made > 0 }
ladders:
  club: { tiers: { top: { enter: \"top_percent(50, spend)\" } } }
";
    shop::passes(
        &format!("{HEAD}{rules}"),
        r#"cases:
  - name: those without orders do not count
    facts: { orders: [ { at: 2026-01-01, amount: "{amount}" } ] }
    others:
      - { facts: { orders: [ { at: 2026-01-01, amount: 50 } ] } }
      - { times: 20 }
    as_of: 2026-01-02
    each:
      - { amount: 49.99, expect: { club: none } }
      - { amount: 50.01, expect: { club: top } }
  - name: who is outside is in no top
    metrics: { spend: 1000 }
    cutoffs: { "top_percent(50, spend)": 10 }
    expect: { club: none }
"#,
    );
}

#[test]
fn shares_of_the_population() {
    let rules = "ladders:
  shares:
    rank_by: [spend]
    tiers: { vip: { share: 10 }, gold: { share: 20 }, rest: { share: rest } }
";
    // Of ten: one is VIP, two more are gold.
    passes(
        rules,
        r#"cases:
  - name: among nine
    metrics: { spend: "{spend}" }
    others:
      - metrics: { spend: 90 }
      - metrics: { spend: 80 }
      - metrics: { spend: 70 }
      - { times: 6, metrics: { spend: 10 } }
    each:
      - { spend: 91, expect: { shares: vip } }
      - { spend: 89, expect: { shares: gold } }
      - { spend: 80, expect: { shares: gold } }
      - { spend: 79, expect: { shares: gold } }
      - { spend: 69, expect: { shares: rest } }
"#,
    );
}
