//! What is changed in a tree of conditions.

use super::*;

const NESTED: &str = "segments:
  some:
    when:
      - consent
      - any:
          - spend > 1
          - half > 2
          - all: [order_count > 3]
        at_least: 2
      - none:
          - days_away > 4
";

#[test]
fn entries_are_dropped_one_by_one() {
    assert_eq!(
        shown(NESTED, Operator::Criterion),
        [
            "4:9 consent → (dropped)",
            "6:13 spend > 1 → (dropped)",
            "6:13 any: [spend > 1, half > 2, all: [order_count > 3]], at_least: 2 → (dropped)",
            "7:13 half > 2 → (dropped)",
            "8:19 order_count > 3 → (dropped)",
            "8:19 all: [order_count > 3] → (dropped)",
            "11:13 days_away > 4 → (dropped)",
            "11:13 none: [days_away > 4] → (dropped)",
        ]
    );
    // What is left: of all nothing more is asked, of any and none it cannot hold.
    let same = |before: &str, condition: &str| {
        let mutant = program(&mutations(NESTED), before, "(dropped)");
        let written = mutations(&format!("segments:\n  some:\n    when:\n{condition}"));
        assert_eq!(mutant.generation(), written.original().generation(), "{before}");
    };
    same(
        "consent",
        "      - always
      - any: [spend > 1, half > 2, { all: [order_count > 3] }]
        at_least: 2
      - none: [days_away > 4]
",
    );
    same(
        "half > 2",
        "      - consent
      - any: [spend > 1, never, { all: [order_count > 3] }]
        at_least: 2
      - none: [days_away > 4]
",
    );
    same(
        "days_away > 4",
        "      - consent
      - any: [spend > 1, half > 2, { all: [order_count > 3] }]
        at_least: 2
      - none: [never]
",
    );
    same(
        "none: [days_away > 4]",
        "      - consent
      - any: [spend > 1, half > 2, { all: [order_count > 3] }]
        at_least: 2
      - always
",
    );
}

#[test]
fn groups_ask_for_more_and_for_less() {
    let found = shown(NESTED, Operator::AllAny);
    let inner = "[consent, any: [spend > 1, half > 2, all: [order_count > 3]], at_least: 2, none: [days_away > 4";
    // Cut after a hundred characters.
    assert_eq!(
        found,
        [
            &format!("4:9 all: {inner}… → any: {inner}…"),
            "6:13 at_least: 2 → at_least: 3",
            "6:13 at_least: 2 → at_least: 1",
        ]
    );
    let any = "segments:\n  some:\n    when: { any: [consent, spend > 1] }\n";
    assert_eq!(
        shown(any, Operator::AllAny),
        ["3:19 any: [consent, spend > 1] → all: [consent, spend > 1]"]
    );
}

#[test]
fn a_single_condition_is_dropped_as_a_whole() {
    let population = "settings:\n  population: order_count > 0\n";
    assert_eq!(shown(population, Operator::Criterion), ["2:15 order_count > 0 → (dropped)"]);
    let nothing = "ladders: { club: { tiers: { a: { enter: never }, b: { enter: always } } } }";
    assert!(shown(nothing, Operator::Criterion).is_empty());
}
