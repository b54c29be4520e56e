use super::*;

#[test]
fn windows_are_shorter_or_the_period_before() {
    let text = "metrics:
  a: { sum: orders.amount, within: patience, ago: 1 year }
  b: { count: orders, within: calendar quarter }
  c: { count: orders, within: previous calendar year }
  d: { count: orders, within: membership year }
  e: { count: orders, within: lifetime }
  f: { count: orders, within: 1 day }
";
    assert_eq!(
        shown(text, Operator::Window),
        [
            "2:36 within: patience → within: 1 week",
            "2:51 ago: 1 year → ago: 11 months",
            "2:51 ago: 1 year → (dropped)",
            "3:31 within: calendar quarter → within: previous calendar quarter",
            "4:31 within: previous calendar year → within: calendar year",
            "5:31 within: membership year → within: previous membership year",
        ]
    );
}

#[test]
fn formulas_compute_otherwise() {
    let text = "metrics:\n  a: { expr: spend * 2 - half / 4 % 3 }\n";
    assert_eq!(
        shown(text, Operator::Formula),
        [
            "2:14 spend * 2 → spend / 2",
            "2:14 spend * 2 - half / 4 % 3 → spend * 2 + half / 4 % 3",
            "2:26 half / 4 → half * 4",
        ]
    );
    // Joining texts is no arithmetic.
    let text = "metrics:\n  a: { expr: name + \"!\" }\n";
    assert!(shown(text, Operator::Formula).is_empty());
}

#[test]
fn lines_of_a_score_add_more_and_have_no_cap() {
    let text = "metrics:
  points:
    score:
      - { when: spend > 10, add: 5, cap: 20 }
      - { add: order_count * 10 }
";
    assert_eq!(
        shown(text, Operator::Score),
        [
            "4:34 add: 5 → add: 6",
            "4:42 cap: 20 → (dropped)",
            "5:16 add: order_count * 10 → add: order_count * 10 + 1",
        ]
    );
    assert_eq!(shown(text, Operator::Comparison), ["4:17 spend > 10 → spend >= 10"]);
}

#[test]
fn an_rfm_metric_has_fewer_bins() {
    let text = "metrics:
  a: { rfm: { recency: days_away, frequency: order_count, monetary: spend, bins: 4 } }
  b: { rfm: { recency: days_away, frequency: order_count, monetary: spend } }
";
    assert_eq!(shown(text, Operator::Score), ["2:82 bins: 4 → bins: 3", "3:8 bins: 5 → bins: 4"]);
}

#[test]
fn rows_are_chosen_otherwise() {
    let text =
        "metrics:\n  coats: { count: orders, where: category == \"coats\" && amount > 10 }\n";
    assert_eq!(
        shown(text, Operator::Threshold),
        [
            "2:57 amount > 10 → amount > 10.01",
            "2:57 amount > 10 → amount > 9.99",
            "2:57 amount > 10 → amount > 11",
            "2:57 amount > 10 → amount > 9",
        ]
    );
    assert_eq!(shown(text, Operator::Criterion).len(), 3);
}

#[test]
fn computed_columns_compute_and_compare_otherwise() {
    let text = "
pack: shop
version: 1.0.0
title: Shop
requires: '>=0.1'
settings: { currency: EUR, timezone: UTC }
customers:
  table: customers
  id: id
  columns: { age: count, adult: { type: flag, expr: age >= 18 } }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, cost: money, profit: { type: money, expr: amount - cost } }
metrics: { worth: { sum: orders.profit } }
segments: { rich: { when: adult && worth >= 5 } }
ladders: { club: { tiers: { member: { enter: always } } } }
";
    let files = PackFiles::embedded([("pack.yaml", text)]);
    let all = Mutations::new(Bound::read(&files, None, &[])).expect("a program");
    let found: Vec<String> = all.mutants().iter().take(6).map(Mutant::description).collect();
    assert_eq!(
        found,
        [
            "`expr` of attribute `adult`: `age >= 18` became `age >= 19`",
            "`expr` of attribute `adult`: `age >= 18` became `age >= 17`",
            "`expr` of attribute `adult`: `age >= 18` became `age >= 20`",
            "`expr` of attribute `adult`: `age >= 18` became `age >= 16`",
            "`expr` of attribute `adult`: `age >= 18` became `age > 18`",
            "`expr` of column `orders.profit`: `amount - cost` became `amount + cost`",
        ]
    );
    for mutant in &all.mutants()[..6] {
        let program = all.program(mutant).expect("a program");
        assert_ne!(program.generation(), all.original().generation());
    }
}
