//! What is changed inside of one expression.

use super::*;

/// A segment with this condition, on line 3.
fn of(condition: &str, operator: Operator) -> Vec<String> {
    shown(&format!("segments:\n  some:\n    when: {condition}\n"), operator)
}

#[test]
fn numbers_move_by_the_smallest_unit_and_by_a_tenth() {
    let thresholds = |condition| of(condition, Operator::Threshold);
    assert_eq!(
        thresholds("spend >= 1000"),
        [
            "3:11 spend >= 1000 → spend >= 1000.01",
            "3:11 spend >= 1000 → spend >= 999.99",
            "3:11 spend >= 1000 → spend >= 1100",
            "3:11 spend >= 1000 → spend >= 900",
        ]
    );
    // A tenth of six orders is one, which is the smallest unit.
    assert_eq!(
        thresholds("order_count >= 6"),
        ["3:11 order_count >= 6 → order_count >= 7", "3:11 order_count >= 6 → order_count >= 5"]
    );
    // The number on the left is the one that is asked.
    assert_eq!(
        thresholds("20 < days_away"),
        [
            "3:11 20 < days_away → 21 < days_away",
            "3:11 20 < days_away → 19 < days_away",
            "3:11 20 < days_away → 22 < days_away",
            "3:11 20 < days_away → 18 < days_away",
        ]
    );
    assert_eq!(
        thresholds("spend / order_count > 0.50").first().map(String::as_str),
        Some("3:11 spend / order_count > 0.50 → spend / order_count > 0.51")
    );
}

#[test]
fn parameters_and_expressions_are_changed_where_they_are_used() {
    let thresholds = |condition| of(condition, Operator::Threshold);
    assert_eq!(
        thresholds("spend >= vip_spend"),
        [
            "3:11 spend >= vip_spend → spend >= vip_spend + 0.01",
            "3:11 spend >= vip_spend → spend >= vip_spend - 0.01",
            "3:11 spend >= vip_spend → spend >= vip_spend * 1.1",
            "3:11 spend >= vip_spend → spend >= vip_spend * 0.9",
        ]
    );
    // What is whole moves by whole steps: a tenth of 30.
    assert_eq!(
        thresholds("order_count >= vip_orders"),
        [
            "3:11 order_count >= vip_orders → order_count >= vip_orders + 1",
            "3:11 order_count >= vip_orders → order_count >= vip_orders - 1",
            "3:11 order_count >= vip_orders → order_count >= vip_orders + 3",
            "3:11 order_count >= vip_orders → order_count >= vip_orders - 3",
        ]
    );
    assert_eq!(
        thresholds("spend < half + 10"),
        [
            "3:11 spend < half + 10 → spend < half + 10 + 0.01",
            "3:11 spend < half + 10 → spend < half + 10 - 0.01",
            "3:11 spend < half + 10 → spend < (half + 10) * 1.1",
            "3:11 spend < half + 10 → spend < (half + 10) * 0.9",
        ]
    );
    let all = mutations("segments:\n  some:\n    when: spend < vip_spend - 10\n");
    let program = program(&all, "spend < vip_spend - 10", "spend < (vip_spend - 10) * 1.1");
    let other = mutations("segments:\n  some:\n    when: spend < (vip_spend - 10) * 1.1\n");
    assert_eq!(program.generation(), other.original().generation());
}

#[test]
fn functions_ask_for_numbers_too() {
    let thresholds = |condition| of(condition, Operator::Threshold);
    assert_eq!(
        thresholds("top_percent(5, spend)"),
        [
            "3:11 top_percent(5, spend) → top_percent(6, spend)",
            "3:11 top_percent(5, spend) → top_percent(4, spend)",
        ]
    );
    assert_eq!(
        thresholds("top_percent(share, spend)"),
        [
            "3:11 top_percent(share, spend) → top_percent(share + 0.1, spend)",
            "3:11 top_percent(share, spend) → top_percent(share - 0.1, spend)",
            "3:11 top_percent(share, spend) → top_percent(share * 1.1, spend)",
            "3:11 top_percent(share, spend) → top_percent(share * 0.9, spend)",
        ]
    );
    assert_eq!(thresholds("top_count(100, spend)").len(), 4);
    assert_eq!(
        thresholds("spend > percentile(95, spend)"),
        [
            "3:11 spend > percentile(95, spend) → spend > percentile(95, spend) + 0.01",
            "3:11 spend > percentile(95, spend) → spend > percentile(95, spend) - 0.01",
            "3:11 spend > percentile(95, spend) → spend > percentile(95, spend) * 1.1",
            "3:11 spend > percentile(95, spend) → spend > percentile(95, spend) * 0.9",
            "3:19 percentile(95, spend) → percentile(96, spend)",
            "3:19 percentile(95, spend) → percentile(94, spend)",
            "3:19 percentile(95, spend) → percentile(105, spend)",
            "3:19 percentile(95, spend) → percentile(85, spend)",
        ]
    );
    assert_eq!(
        thresholds("between(order_count, 2, 5)"),
        [
            "3:11 between(order_count, 2, 5) → between(order_count, 3, 5)",
            "3:11 between(order_count, 2, 5) → between(order_count, 1, 5)",
            "3:11 between(order_count, 2, 5) → between(order_count, 2, 6)",
            "3:11 between(order_count, 2, 5) → between(order_count, 2, 4)",
        ]
    );
}

#[test]
fn dates_move_by_a_day() {
    let thresholds = |condition| of(condition, Operator::Threshold);
    assert_eq!(
        thresholds("joined < date(\"2024-03-01\")"),
        [
            "3:11 joined < date(\"2024-03-01\") → joined < date(\"2024-03-02\")",
            "3:11 joined < date(\"2024-03-01\") → joined < date(\"2024-02-29\")",
        ]
    );
    assert_eq!(
        thresholds("joined < opened"),
        [
            "3:11 joined < opened → joined < date(\"2020-03-02\")",
            "3:11 joined < opened → joined < date(\"2020-02-29\")",
        ]
    );
    assert!(thresholds("joined < as_of").is_empty());
    assert!(thresholds("channel == \"app\"").is_empty());
}

#[test]
fn comparisons_become_their_neighbours() {
    for (from, to) in
        [(">=", ">"), (">", ">="), ("<=", "<"), ("<", "<="), ("==", "!="), ("!=", "==")]
    {
        let (before, after) = (format!("spend {from} 10"), format!("spend {to} 10"));
        assert_eq!(of(&before, Operator::Comparison), [format!("3:11 {before} → {after}")]);
    }
    assert_eq!(
        of("if consent { spend > 1 } else { half < 2 }", Operator::Comparison),
        ["3:24 spend > 1 → spend >= 1", "3:43 half < 2 → half <= 2"]
    );
}

#[test]
fn parts_of_a_chain_are_dropped_and_joined_otherwise() {
    let chain = "spend > 1 && (half > 2 || consent) && order_count > 3";
    assert_eq!(
        of(chain, Operator::Criterion),
        [
            format!("3:11 {chain} → (dropped)"),
            format!("3:11 {chain} → (half > 2 || consent) && order_count > 3"),
            format!("3:11 {chain} → spend > 1 && order_count > 3"),
            format!("3:11 {chain} → spend > 1 && (half > 2 || consent)"),
            "3:24 (half > 2 || consent) → (consent)".to_owned(),
            "3:24 (half > 2 || consent) → (half > 2)".to_owned(),
        ]
    );
    assert_eq!(
        of(chain, Operator::AllAny),
        [
            format!("3:11 {chain} → spend > 1 || (half > 2 || consent) || order_count > 3"),
            "3:24 (half > 2 || consent) → (half > 2 && consent)".to_owned(),
        ]
    );
    // `&&` binds tighter: its parts stay together.
    let mixed = "consent || spend > 1 && half > 2";
    assert_eq!(
        of(mixed, Operator::AllAny),
        [
            format!("3:11 {mixed} → consent && spend > 1 && half > 2"),
            "3:22 spend > 1 && half > 2 → spend > 1 || half > 2".to_owned(),
        ]
    );
}

#[test]
fn negations_are_taken_away() {
    let criteria = |condition| of(condition, Operator::Criterion);
    assert_eq!(criteria("\"!consent\""), ["3:11 !consent → (dropped)", "3:12 !consent → consent"]);
    assert_eq!(
        criteria("channel !in [\"app\"]")[1..],
        ["3:11 channel !in [\"app\"] → channel in [\"app\"]"]
    );
    assert_eq!(criteria("'!(spend > 1)'")[1..], ["3:12 !(spend > 1) → (spend > 1)"]);
}

#[test]
fn places_hold_in_every_kind_of_yaml() {
    let text = "segments:
  folded:
    when: >
      spend
        >= 10
  quoted:
    when: \"channel == \\\"\\u00e9t\\u00e9\\\" && spend >= 20\"
";
    let found = shown(text, Operator::Comparison);
    let lines: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        lines,
        [
            "4:7 spend >= 10 → spend > 10",
            "7:12 channel == \"été\" → channel != \"été\"",
            "7:44 spend >= 20 → spend > 20",
        ]
    );
}
