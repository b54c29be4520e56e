use std::cell::Cell;

use super::shop;
use crate::diagnostic::Diagnostic;
use crate::program::Program;
use crate::source::Sources;
use crate::suite::{RunOptions, Stopped, Suite, run_case};

pub(super) const PACK: &str = r#"pack: tiny
version: 1.0.0
settings: { currency: TRY, timezone: Europe/Istanbul }
parameters:
  vip_spend: { type: money, default: 1000 }
customers:
  table: customers
  id: id
  columns: { joined: date, channel: text, consent: flag }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns:
      quantity: count
      price: money
      amount: { type: money, expr: quantity * price }
      category: text
metrics:
  spend: { sum: orders.amount, within: 12 months }
  order_count: { count: orders, within: 12 months }
  days_away: { days_since_last: orders }
  half: { expr: spend / 2 }
ladders:
  club:
    tiers:
      vip:
        enter:
          - spend >= vip_spend
          - order_count >= 2
        keep: spend >= vip_spend * 0.8
        review: { fixed: 10 months }
        grace: 30 days
        landing: one_down
      gold: { enter: spend >= 400, review: { dynamic: monthly } }
      patron: { enter: never, keep: spend >= 100 }
      member: { enter: always }
  top:
    tiers:
      best: { enter: "top_percent(25, spend)" }
benefits:
  discount: { kind: percent_off, tiers: { vip: 20, gold: 10 }, ladder: club, when: consent }
  shipping: { kind: free_shipping, tiers: { vip: always, gold: { over: 500 } }, ladder: club }
  credit: { kind: credit, tiers: { vip: { ceiling: 5000, days: 90, guarantor: false } }, ladder: club }
  card: { kind: perk, category: gift, on: entry, tiers: { vip: { en: A card, tr: Kart } }, ladder: club }
segments:
  regulars: { when: order_count >= 3 }
alerts:
  quiet: { when: days_away > 30, every: 14 days, message: "away" }
"#;

fn suite(tests: &str) -> (Suite, Vec<Diagnostic>, Program, Sources) {
    shop::suite(PACK, tests)
}

/// `club.tier: vip, not gold`
fn played(tests: &str) -> Vec<String> {
    shop::played(PACK, tests).into_iter().map(|(_, words)| words).collect()
}

#[track_caller]
fn passes(tests: &str) {
    shop::passes(PACK, tests);
}

/// Messages with what they point at.
fn findings(tests: &str) -> Vec<String> {
    let (_, findings, _, texts) = suite(tests);
    let words = findings.iter().map(|finding| {
        let help = finding.help.as_deref().unwrap_or("");
        format!("`{}`: {}; {help}", texts.text(finding.span), finding.message)
    });
    words.collect()
}

pub(super) const LIFE: &str = r"
cases:
  - name: won, kept, graced, lost
    customer: { joined: 2024-01-05, consent: true }
    facts:
      orders:
        - { at: 2026-01-10, quantity: 1, price: 500, repeat: 3 every 1 month }
    timeline:
      - on: 2026-03-10
        expect:
          club: { tier: vip, earned: vip, since: 2026-03-10, review_on: 2027-01-10, grace_until: none,
                  event: tier.entered, because: [spend, order_count] }
          top: best
          benefits: { discount: 20, shipping: always, credit: { days: 90 }, card: { value: Kart, on: entry } }
          segments: [regulars]
          alerts: none
          events: [tier.entered club, segment.entered regulars]
          metrics: { spend: 1500, half: 750, days_away: 0 }
          faults: 0
      - on: 2027-02-10      # only March is within 12 months
        expect:
          club: { tier: vip, earned: gold, grace_until: 2027-03-12, event: grace.started, because: spend }
          alerts: [quiet]
          events: { alert.raised quiet: true, alert.raised: true, tier.left: false }
      - on: 2027-03-12
        expect:
          club: { tier: gold, event: tier.downgraded, since: 2027-03-12 }
          benefits: { discount: none, shipping: { over: 500 }, card: false }
";

#[test]
fn a_life_as_the_design_page_tells_it() {
    // Nothing was bought within 12 months of 12 March 2027, and still it lands one down.
    let passing = LIFE.replace("discount: none, ", "discount: 10, ");
    passes(&passing);
    assert_eq!(played(LIFE), ["benefits.discount: none, not 10"]);
}

#[test]
fn every_kind_of_expectation_can_fail() {
    let wrong = [
        ("tier: vip, earned", "tier: gold, earned", "club.tier: gold, not vip"),
        ("earned: vip", "earned: none", "club.earned: none, not vip"),
        ("since: 2026-03-10", "since: 2026-03-11", "club.since: 2026-03-11, not 2026-03-10"),
        ("review_on: 2027-01-10", "review_on: none", "club.review_on: none, not 2027-01-10"),
        ("grace_until: 2027-03-12", "grace_until: none", "club.grace_until: none, not 2027-03-12"),
        ("event: tier.entered", "event: none", "club.event: none, not tier.entered"),
        (
            "because: spend",
            "because: order_count >= 2",
            "club.because: order_count >= 2, not spend >= vip_spend * 0.8",
        ),
        ("top: best", "top: none", "top.tier: none, not best"),
        ("discount: 20", "discount: 20.5", "benefits.discount: 20.5, not 20"),
        ("shipping: always", "shipping: { over: 1 }", "benefits.shipping: over 1, not always"),
        (
            "{ days: 90 }",
            "{ ceiling: 1, days: 90 }",
            "benefits.credit: ceiling 1, days 90, not ceiling 5000, days 90, guarantor false",
        ),
        ("value: Kart", "value: Karte", "benefits.card: Karte, not A card"),
        ("on: entry", "on: birthday", "benefits.card.on: birthday, not entry"),
        ("on: entry", "on: 03-21", "benefits.card.on: 03-21, not entry"),
        ("segments: [regulars]", "segments: none", "segments: none, not regulars"),
        (
            "segments: [regulars]",
            "segments: { regulars: false }",
            "segments.regulars: not in it, not in it",
        ),
        ("alerts: none", "alerts: [quiet]", "alerts.quiet: on, not not on"),
        ("alerts: [quiet]", "alerts: none", "alerts: none, not quiet"),
        (
            "[tier.entered club,",
            "[tier.entered regulars,",
            "events: tier.entered regulars, not tier.entered club, tier.entered top, segment.entered regulars",
        ),
        (
            "tier.left: false",
            "alert.raised: false",
            "events: not alert.raised, not grace.started club, segment.left regulars, alert.raised quiet",
        ),
        ("half: 750", "half: 751", "metrics.half: 751, not 750"),
        ("faults: 0", "faults: 1", "faults: 1, not 0"),
    ];
    let passing = LIFE.replace("discount: none, ", "discount: 10, ");
    for (from, to, expected) in wrong {
        assert!(passing.contains(from), "{from}");
        let played = played(
            &passing
                .replacen(from, to, 1)
                .replace("alert.raised: true, alert.raised", "alert.raised"),
        );
        assert_eq!(played, [expected], "{from} → {to}");
    }
}

#[test]
fn rows_metrics_and_cutoffs() {
    passes(
        r#"
cases:
  - name: thresholds
    metrics: { spend: "{spend}", order_count: 6 }
    cutoffs: { "top_percent(25,spend)": 5000 }
    each:
      - { spend: 399.99, expect: { club: member, top: none } }
      - { spend: 400, expect: { club: gold } }
      - { spend: 999.99, expect: { club: gold, metrics: { half: 499.995 } } }
      - { spend: 1000.00, expect: { club: vip } }
      - { spend: 5000, expect: { top: best } }
  - name: among others
    metrics: { spend: 100 }
    others:
      - { times: 2, metrics: { spend: 50 } }
      - metrics: { spend: "{other}" }
    each:
      - { other: 99, expect: { top: best } }
      - { other: 100, expect: { top: best } }
      - { other: 101, expect: { top: none } }
"#,
    );
}

#[test]
fn standings_and_what_is_done_by_hand() {
    passes(
        r"
cases:
  - name: invited
    timeline:
      - { on: 2026-02-01, hold: { tier: club.patron, until: 2026-06-01 }, expect: { club: { tier: patron, hold: true, event: hold.started } } }
      - { on: 2026-04-01, expect: { club: { tier: patron, hold: true, event: none } } }
      - { on: 2026-06-01, expect: { club: { tier: member, hold: false, event: [hold.ended, tier.downgraded] } } }
  - name: released
    timeline:
      - { on: 2026-02-01, hold: club.vip }
      - { on: 2026-03-01, release: club, expect: { club: { tier: vip, hold: false, event: [hold.ended, grace.started] } } }
  - name: who holds a tier
    standing: { club: { tier: vip, since: 2025-01-01, review_on: 2026-02-01 } }
    timeline:
      - { on: 2026-01-31, expect: { club: { tier: vip, since: 2025-01-01, event: none } } }
      - { on: 2026-02-01, expect: { club: { tier: vip, event: grace.started } } }
  - name: who holds one by its policy
    standing: { club: { tier: vip, since: 2026-01-01 } }
    as_of: 2026-02-01
    expect: { club: { tier: vip, review_on: 2026-11-01 } }
  - name: who is in a grace
    standing: { club: { tier: vip, since: 2025-01-01, review_on: 2025-11-01, grace_until: 2026-02-01 } }
    timeline:
      - { on: 2026-01-31, expect: { club: vip } }
      - { on: 2026-02-01, expect: { club: gold } }
",
    );
}

#[test]
fn a_case_that_takes_too_long_is_stopped() {
    let (suite, _, program, texts) = suite(LIFE);
    let asked = Cell::new(0);
    let mut options = RunOptions {
        is_over: &|| {
            asked.set(asked.get() + 1);
            asked.get() == 2
        },
        coverage: None,
        first_only: false,
    };
    let result = run_case(&suite.cases[0], &program, &texts, &mut options);
    assert_eq!(result.stopped, Some(Stopped::TooLateFor(jiff::civil::date(2027, 2, 10))));
    assert!(!result.passed());
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let cases = (0..60).map(|number| {
        let tier = if number % 7 < 5 { "member" } else { "vip" };
        format!("  - {{ name: case {number}, expect: {{ club: {tier} }} }}\n")
    });
    let (suite, _, program, texts) = suite(&format!("cases:\n{}", cases.collect::<String>()));
    let results = |threads, fail_fast| {
        let played = shop::play(&suite, program.clone(), &texts, threads, fail_fast);
        played.iter().map(|it| (it.case, it.result.passed())).collect::<Vec<_>>()
    };
    let alone = results(1, false);
    assert_eq!(alone.len(), 60);
    for threads in [2, 3, 16, 100, 0] {
        assert_eq!(results(threads, false), alone);
        // Up to the first that fails.
        assert_eq!(results(threads, true), alone[..6]);
    }
}

#[test]
fn what_is_wrong_is_told_at_once_with_its_place() {
    let found = findings(
        r#"
cases:
  - name: typos
    custmer: { joined: 2026-01-01 }
    customer: { joined: 2026-02-30, chanel: web, consent: maybe }
    facts:
      order: []
      orders:
        - { at: 2026-01-10, quantity: 1.5, price: 1,000 }
        - { quantity: 1 }
        - { at: 2026-01-10, amount: 5 }
        - { at: 2026-01-10, repeat: often }
    metrics: { spnd: 1, spend: "12" }
    cutoffs: { "top_percent(5, spend)": 1 }
    parameters: { vip_spnd: 1 }
    as_of: 2026-03-01
    expect:
      club: { teir: vip, tier: vipp, because: [days_away], event: tier.entred }
      clubb: vip
      benefits: { discout: 1, discount: many }
      segments: [regular]
      alerts: {}
"#,
    );
    assert_eq!(
        found,
        [
            "`custmer`: a case has no key `custmer`; did you mean `customer`?",
            "`2026-02-30`: `2026-02-30` is no date: February 2026 has 28 days; did you mean `2026-02-28`?",
            "`chanel`: there is no attribute of customers `chanel`; did you mean `channel`?",
            "`maybe`: `maybe` is neither true nor false; `consent` is a flag: write `true` or `false`",
            "`order`: there is no source `order`; did you mean `orders`?",
            "`1.5`: `quantity` is a whole number, not `1.5`; write `2`",
            "`1,000`: a number has no comma; write `1000`",
            "`{`: a fact of `orders` has no `at`; add `at: 2026-01-10`, the day on which it happened",
            "`amount`: `amount` is computed from other columns; give those instead",
            "`often`: `often` does not say how often; write it like `3`, or `3 every 1 month`",
            "`spnd`: there is no metric `spnd`; did you mean `spend`?",
            r#"`"12"`: `spend` is a number; write `12` without quotation marks"#,
            r#"`"top_percent(5, spend)"`: there is no value over the population `top_percent(5, spend)`; did you mean `top_percent(25, spend)`?"#,
            "`vip_spnd`: there is no parameter `vip_spnd`; did you mean `vip_spend`?",
            "`teir`: what is expected of `club` has no key `teir`; did you mean `tier`?",
            "`vipp`: there is no tier `vipp` in `club`; did you mean `vip`?",
            "`days_away`: there is no criterion `days_away` in `club`; there is `order_count`, `order_count >= 2`, `spend`, `spend >= 100`, `spend >= 400`, `spend >= vip_spend`, `spend >= vip_spend * 0.8`",
            "`tier.entred`: there is no event `tier.entred`; did you mean `tier.entered`?",
            "`clubb`: `expect` has no key `clubb`; did you mean `club`?",
            "`discout`: there is no benefit `discout`; did you mean `discount`?",
            "`many`: `many` is no number; write a number from 0 to 100",
            "`regular`: there is no segment `regular`; did you mean `regulars`?",
            "`alerts`: `alerts` expects nothing; say what is expected, or leave it out",
        ]
    );
}

#[test]
fn a_case_that_expects_nothing_is_an_error() {
    let found = findings("cases:\n  - name: nothing\n    metrics: { spend: 1 }\n");
    assert_eq!(
        found,
        ["`nothing`: the case has no expectation; add `expect:` with what should come of it"]
    );
    let found = findings("cases:\n  - name: nothing\n    expect: {}\n");
    assert_eq!(found.len(), 1, "{found:?}");
    let found = findings("cases:\n  - name: nothing\n    expect: { club: {} }\n");
    assert_eq!(found, ["`club`: `club` expects nothing; say what is expected, or leave it out"]);
}
