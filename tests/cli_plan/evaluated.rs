//! A plan against really passing both packs, each from its own copy of the state. The comparison
//! here reads what `list` says, and shares nothing with that of `plan`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::shop::Shop;

const RULES: &str = r#"pack: many
version: 1.0.0
settings: { currency: EUR, timezone: UTC }
parameters:
  vip_spend: { type: money, default: 900 }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, channel: text }
metrics:
  spend: { sum: orders.amount, within: 6 months }
  order_count: { count: orders, within: 12 months }
  days_away: { days_since_last: orders }
  web_spend: { sum: orders.amount, within: 12 months, where: channel == "web" }
  since_change: { sum: orders.amount, within: tier club }
ladders:
  club:
    tiers:
      vip:
        enter: spend >= vip_spend
        keep: spend >= 600
        review: { fixed: 3 months }
        grace: 20 days
        landing: one_down
      gold:
        enter: spend >= 500
        review: { dynamic: monthly }
      silver:
        enter: order_count >= 3
        keep: days_away < 120
        review: { fixed: 2 months, from: entry }
      member:
        enter: days_away < 200
  shares:
    cutoffs: monthly
    rank_by: [spend, order_count]
    tiers:
      top: { share: 10 }
      middle: { share: 40 }
      rest: { share: rest }
segments:
  loyal: { when: "in_tier(club.vip) || since_change > 300" }
"#;

/// Changes: name, and what is replaced with what.
const CHANGES: [(&str, &[(&str, &str)]); 12] = [
    ("same", &[]),
    ("threshold", &[("default: 900", "default: 1100")]),
    ("softer", &[("keep: spend >= 600", "keep: spend >= 300"), ("spend >= 500", "spend >= 400")]),
    (
        "window",
        &[(
            "spend: { sum: orders.amount, within: 6 months",
            "spend: { sum: orders.amount, within: 3 months",
        )],
    ),
    (
        "filter",
        &[("channel == \"web\"", "channel == \"shop\""), ("spend >= 500", "web_spend >= 200")],
    ),
    ("review", &[("review: { fixed: 3 months }", "review: { dynamic: daily }")]),
    (
        "no_grace",
        &[("        grace: 20 days\n        landing: one_down\n", "        landing: earned\n")],
    ),
    (
        "renamed",
        &[
            ("      silver:\n", "      bronze:\n"),
            ("  club:\n    tiers:", "  club:\n    renamed: { silver: bronze }\n    tiers:"),
        ],
    ),
    (
        "removed",
        &[(
            "      silver:\n        enter: order_count >= 3\n        keep: days_away < 120\n        review: { fixed: 2 months, from: entry }\n",
            "",
        )],
    ),
    ("added", &[("      gold:\n", "      black:\n        enter: spend >= 700\n      gold:\n")]),
    (
        "standings",
        &[("enter: order_count >= 3", "enter: order_count >= 3 && !in_tier(club.member)")],
    ),
    (
        "review_now",
        &[
            ("keep: spend >= 600", "keep: spend >= 800"),
            ("  club:\n    tiers:", "  club:\n    on_change: review_now\n    tiers:"),
        ],
    ),
];

/// Sixty customers with orders over a year, always the same.
fn orders() -> String {
    let mut orders = String::from("customer_id,placed_at,amount,channel\n");
    let mut number: u64 = 42;
    let mut next = |below: u64| {
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % below
    };
    for customer in 1..=60 {
        for _ in 0..=next(6) {
            let (month, day) = (1 + next(12), 1 + next(28));
            let (amount, cents) = (20 + next(600), next(100));
            let channel = if next(2) == 0 { "web" } else { "shop" };
            let _ = writeln!(
                orders,
                "{customer},2025-{month:02}-{day:02},{amount}.{cents:02},{channel}"
            );
        }
    }
    orders
}

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(RULES.to_owned(), |rules, (from, to)| {
        let next = rules.replace(from, to);
        assert_ne!(next, rules, "{from}");
        next
    })
}

type Tiers = BTreeMap<(String, String), String>;

/// Who is in which tier after a pass of a pack, from a copy of the state.
fn passed(shop: &Shop, pack: &str, as_of: &str) -> Tiers {
    fs::copy(shop.path().join("shop.tiers.db"), shop.path().join("copy.db")).unwrap();
    let pack = format!("rules/{pack}");
    let run = |command: &str, more: &[&str]| {
        let common = ["--pack", &pack, "--store", "shop.db", "--state", "copy.db"];
        let mut run = shop.run([command]);
        let output = run.args(common).args(more).assert().success().get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    };
    run("evaluate", &["--as-of", as_of]);
    let listed = run("list", &["--format", "csv"]);
    let rows = listed.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.map(|row| {
        let tier = if row[2].is_empty() { "none" } else { row[2] };
        ((row[1].to_owned(), row[0].to_owned()), tier.to_owned())
    })
    .collect()
}

/// By ladder, row and column how many.
type Cells = BTreeMap<(String, String, String), u64>;

fn cells(from: &Tiers, to: &Tiers) -> Cells {
    let mut cells = Cells::new();
    let everybody: std::collections::BTreeSet<_> = from.keys().chain(to.keys()).collect();
    for place in everybody {
        let tier = |tiers: &Tiers| tiers.get(place).cloned().unwrap_or_else(|| "none".to_owned());
        *cells.entry((place.0.clone(), tier(from), tier(to))).or_default() += 1;
    }
    cells
}

fn planned(shop: &Shop, pack: &str, against: &str, as_of: &str) -> Cells {
    let (pack, against) = (format!("rules/{pack}"), format!("rules/{against}"));
    let mut command = shop.run(["plan", "--format", "json", "--store", "shop.db"]);
    command.args(["--pack", &pack, "--against", &against, "--as-of", as_of]);
    let output = command.assert().success().get_output().clone();
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut cells = Cells::new();
    for (ladder, of) in plan["ladders"].as_object().unwrap() {
        for (row, columns) in of["matrix"].as_object().unwrap() {
            for (column, count) in columns.as_object().unwrap() {
                let place = (ladder.clone(), row.clone(), column.clone());
                cells.insert(place, count.as_u64().unwrap());
            }
        }
    }
    cells
}

#[test]
fn a_plan_is_what_both_passes_would_give() {
    let shop = Shop::new();
    shop.write("orders.csv", orders());
    for (name, changes) in CHANGES {
        shop.write(&format!("rules/{name}/pack.yaml"), changed(changes));
    }
    shop.write("tierkeeper.yaml", "store: shop.db\npack: rules/same\n");
    shop.run(["import", "orders.csv", "--into", "orders"]).assert().success();
    for date in ["2025-06-30", "2025-08-15", "2025-10-01"] {
        shop.run(["evaluate", "--as-of", date]).assert().success();
    }
    let mut movers = 0;
    // The day of the last pass, a day in its month, and one far enough for reviews and graces.
    for as_of in ["2025-10-01", "2025-10-20", "2025-12-31"] {
        let passes: Vec<Tiers> =
            CHANGES.iter().map(|(name, _)| passed(&shop, name, as_of)).collect();
        for (place, (name, _)) in CHANGES.iter().enumerate() {
            let expected = cells(&passes[0], &passes[place]);
            assert_eq!(planned(&shop, "same", name, as_of), expected, "{name} as of {as_of}");
            movers +=
                expected.iter().filter(|((_, a, b), _)| a != b).map(|(_, it)| it).sum::<u64>();
        }
        // Pairs in which both are other packs.
        for pair in [(3, 8), (7, 9), (11, 2), (9, 5)] {
            let (from, to) = (CHANGES[pair.0].0, CHANGES[pair.1].0);
            let expected = cells(&passes[pair.0], &passes[pair.1]);
            assert_eq!(planned(&shop, from, to, as_of), expected, "{from} to {to} as of {as_of}");
        }
    }
    assert!(movers > 100, "the changes move somebody: {movers}");
}
