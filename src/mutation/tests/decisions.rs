//! Mutants are real: each operator changes what somebody gets.

use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Connection;

use super::*;
use crate::lifecycle::Standings;
use crate::pass::{self, GivenValue};
use crate::program::Program;
use crate::store::{Facts, ReadOptions, read_facts};

const SHOP: &str = "
CREATE TABLE customers (id INTEGER, joined TEXT, consent INTEGER, channel TEXT, name TEXT);
CREATE TABLE orders (customer_id INTEGER, placed_at TEXT, amount TEXT, category TEXT);
INSERT INTO customers VALUES (1, '2024-01-05', 1, 'app', 'Ada');
";

/// Orders of the one customer: dates and amounts.
type Orders<'a> = &'a [(&'a str, &'a str)];

/// What the customer is and gets after a pass on each of the dates.
fn decided(program: &Program, orders: Orders<'_>, dates: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("shop.db");
    let connection = Connection::open(&store).expect("a store");
    connection.execute_batch(SHOP).expect("tables");
    for order in orders {
        let row = "INSERT INTO orders VALUES (1, ?1, ?2, 'coats')";
        connection.execute(row, [order.0, order.1]).expect("an order");
    }
    let mut standings = Standings::empty(1, program.ladders.len(), program.alerts.len());
    let mut after = Vec::new();
    for date in dates {
        let as_of: Date = date.parse().expect("a date");
        let options = ReadOptions {
            skip_bad_rows: false,
            threads: 1,
            query_time_limit: crate::store::QUERY_TIME_LIMIT,
            tier_since: &|_, _| None,
            progress: &|_, _| {},
            stop: Arc::default(),
        };
        let facts: Facts = read_facts(program, &store, as_of, &options).expect("facts");
        let outcome = pass::run(program, facts, &standings, &[], as_of, 1);
        after.push(said(program, &outcome));
        standings = outcome.after.standings;
    }
    after
}

/// Tier, review, grace, benefits, segments, and alerts that are raised.
fn said(program: &Program, outcome: &pass::PassOutcome) -> String {
    let standing = outcome.after.standings.get(0, 0);
    let ladder = &program.ladders[0];
    let mut words =
        vec![standing.tier.map_or("-".to_owned(), |tier| ladder.tiers[tier].name.clone())];
    words.extend(standing.review_on.map(|date| format!("review {date}")));
    words.extend(standing.grace_until.map(|date| format!("grace {date}")));
    for given in pass::benefits(program, &outcome.population, &outcome.after, 0) {
        let value = match given.value {
            GivenValue::Amount(amount) => amount.normalize().to_string(),
            other => format!("{other:?}"),
        };
        words.push(format!("{} {value}", given.id));
    }
    for (segment, members) in program.segments.iter().zip(&outcome.after.segments) {
        words.extend(members.holds[0].then(|| segment.name.clone()));
    }
    for (alert, about) in program.alerts.iter().zip(&outcome.alerts) {
        words.extend(about.raised.holds[0].then(|| format!("{}!", alert.name)));
    }
    words.join(", ")
}

struct Case<'a> {
    operator: Operator,
    rules: &'a str,
    orders: Orders<'a>,
    dates: &'a [&'a str],
    /// Before, after, and what comes of it on the last date.
    mutants: &'a [(&'a str, &'a str, &'a str)],
    /// What comes of the pack as it is on the last date.
    original: &'a str,
}

const SPEND: &str =
    "ladders: { club: { tiers: { vip: { enter: spend >= 1000, review: { dynamic: monthly } } } } }";
const BOTH: &str = "
ladders:
  club:
    tiers:
      vip:
        enter: [spend >= 1000, order_count >= 2]
        review: { dynamic: monthly }
";
const FALLING: &str = "
metrics: { lately: { sum: orders.amount, within: 1 month } }
ladders:
  club:
    tiers:
      vip: { enter: lately >= 1000, grace: 30 days, landing: one_down, review: { dynamic: monthly } }
      gold: { enter: lately >= 500, review: { dynamic: monthly } }
      member: { enter: always, review: { dynamic: monthly } }
";

const CASES: &[Case<'_>] = &[
    Case {
        operator: Operator::Threshold,
        rules: SPEND,
        orders: &[("2026-01-05", "1000.00")],
        dates: &["2026-01-10"],
        original: "vip, review 2026-02-01",
        mutants: &[("spend >= 1000", "spend >= 1000.01", "-"), ("spend >= 1000", "spend >= 1100", "-")],
    },
    Case {
        operator: Operator::Threshold,
        rules: SPEND,
        orders: &[("2026-01-05", "999.99")],
        dates: &["2026-01-10"],
        original: "-",
        mutants: &[
            ("spend >= 1000", "spend >= 999.99", "vip, review 2026-02-01"),
            ("spend >= 1000", "spend >= 900", "vip, review 2026-02-01"),
        ],
    },
    Case {
        operator: Operator::Comparison,
        rules: SPEND,
        orders: &[("2026-01-05", "1000.00")],
        dates: &["2026-01-10"],
        original: "vip, review 2026-02-01",
        mutants: &[("spend >= 1000", "spend > 1000", "-")],
    },
    Case {
        operator: Operator::Criterion,
        rules: BOTH,
        orders: &[("2026-01-05", "1000.00")],
        dates: &["2026-01-10"],
        original: "-",
        mutants: &[
            ("order_count >= 2", "(dropped)", "vip, review 2026-02-01"),
            ("spend >= 1000", "(dropped)", "-"),
        ],
    },
    Case {
        operator: Operator::AllAny,
        rules: BOTH,
        orders: &[("2026-01-05", "1000.00")],
        dates: &["2026-01-10"],
        original: "-",
        mutants: &[(
            "all: [spend >= 1000, order_count >= 2]",
            "any: [spend >= 1000, order_count >= 2]",
            "vip, review 2026-02-01",
        )],
    },
    // One order is ten and a half months ago.
    Case {
        operator: Operator::Window,
        rules: "
metrics: { yearly: { sum: orders.amount, within: 1 year } }
ladders: { club: { tiers: { vip: { enter: yearly >= 1000, review: { dynamic: monthly } } } } }",
        orders: &[("2025-01-25", "1000.00")],
        dates: &["2026-01-10"],
        original: "vip, review 2026-02-01",
        mutants: &[("within: 1 year", "within: 11 months", "-")],
    },
    // Nothing within a month any more: on 1 March the grace begins, on 1 April it is over.
    Case {
        operator: Operator::Landing,
        rules: FALLING,
        orders: &[("2026-01-05", "1000.00")],
        dates: &["2026-01-10", "2026-03-01", "2026-04-01"],
        original: "gold, review 2026-05-01",
        mutants: &[("landing: one_down", "landing: earned", "member, review 2026-05-01")],
    },
    Case {
        operator: Operator::Grace,
        rules: FALLING,
        orders: &[("2026-01-05", "1000.00")],
        dates: &["2026-01-10", "2026-03-01"],
        original: "vip, review 2026-02-01, grace 2026-03-31",
        mutants: &[
            ("grace: 30 days", "grace: none", "gold, review 2026-04-01"),
            ("grace: 30 days", "grace: 31 days", "vip, review 2026-02-01, grace 2026-04-01"),
            ("grace: 30 days", "grace: 29 days", "vip, review 2026-02-01, grace 2026-03-30"),
        ],
    },
    // 2000-01-01 + 32 · 10 months is 2026-09-01, and the quarter ends before 2026-10-01. From the
    // evaluation it is 2026-11-10, so 2027-01-01.
    Case {
        operator: Operator::Review,
        rules: "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, review: { fixed: 10 months, from: 01-01, round: end of quarter } }",
        orders: &[("2026-01-05", "1000.00")],
        dates: &["2026-01-10"],
        original: "vip, review 2026-10-01",
        mutants: &[
            ("fixed: 10 months", "dynamic: daily", "vip, review 2026-01-11"),
            ("from: 01-01", "(dropped)", "vip, review 2027-01-01"),
            ("round: end of quarter", "(dropped)", "vip, review 2026-09-01"),
        ],
    },
    Case {
        operator: Operator::Upgrade,
        rules: "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, upgrade: at review, review: { dynamic: monthly } }
      gold: { enter: spend >= 500, review: { dynamic: monthly } }",
        orders: &[("2026-01-05", "500.00"), ("2026-01-15", "500.00")],
        dates: &["2026-01-10", "2026-01-20"],
        original: "gold, review 2026-02-01",
        mutants: &[("upgrade: at review", "upgrade: at once", "vip, review 2026-02-01")],
    },
    Case {
        operator: Operator::Alert,
        rules: "
ladders: { club: { tiers: { vip: { enter: never } } } }
alerts: { absent: { when: days_away >= 3, every: 1 week, message: gone } }",
        orders: &[("2026-01-05", "10.00")],
        dates: &["2026-01-10", "2026-01-17"],
        original: "-, absent!",
        mutants: &[("every: 1 week", "every: 8 days", "-")],
    },
    Case {
        operator: Operator::Benefit,
        rules: "
ladders: { club: { tiers: { vip: { enter: always, review: { dynamic: monthly } } } } }
benefits: { discount: { kind: percent_off, title: Discount, tiers: { vip: 20 } } }",
        orders: &[],
        dates: &["2026-01-10"],
        original: "vip, review 2026-02-01, discount 20",
        mutants: &[
            ("vip: 20", "vip: 21", "vip, review 2026-02-01, discount 21"),
            ("vip: 20", "(dropped)", "vip, review 2026-02-01"),
        ],
    },
    // Two orders of 500: 500 each.
    Case {
        operator: Operator::Formula,
        rules: "
metrics: { basket: { expr: spend / order_count } }
ladders: { club: { tiers: { vip: { enter: basket >= 600, review: { dynamic: monthly } } } } }",
        orders: &[("2026-01-05", "500.00"), ("2026-01-06", "500.00")],
        dates: &["2026-01-10"],
        original: "-",
        mutants: &[("spend / order_count", "spend * order_count", "vip, review 2026-02-01")],
    },
    // Ten points for each of two orders, at most 15, and 5 for the consent.
    Case {
        operator: Operator::Score,
        rules: "
metrics:
  points:
    score:
      - { add: order_count * 10, cap: 15 }
      - { when: consent, add: 5 }
segments: { good: { when: points >= 21 } }
ladders: { club: { tiers: { vip: { enter: never } } } }",
        orders: &[("2026-01-05", "500.00"), ("2026-01-06", "500.00")],
        dates: &["2026-01-10"],
        original: "-",
        mutants: &[("add: 5", "add: 6", "-, good"), ("cap: 15", "(dropped)", "-, good")],
    },
];

#[test]
fn each_operator_changes_a_decision() {
    for case in CASES {
        let all = mutations(case.rules);
        let last = |program: &Program| decided(program, case.orders, case.dates).pop();
        let name = case.operator.name();
        assert_eq!(last(all.original()).as_deref(), Some(case.original), "{name}");
        for (before, after, outcome) in case.mutants {
            let made = all.mutants().iter().find(|it| it.before == *before && it.after == *after);
            assert_eq!(made.map(|it| it.operator), Some(case.operator), "{before} → {after}");
            let mutant = program(&all, before, after);
            assert_eq!(last(&mutant).as_deref(), Some(*outcome), "{before} → {after}");
        }
        let differs = case.mutants.iter().any(|(_, _, outcome)| *outcome != case.original);
        assert!(differs, "{name}: no mutant changes anything");
    }
    for operator in Operator::ALL {
        assert!(CASES.iter().any(|case| case.operator == *operator), "{}", operator.name());
    }
}
