//! Edits of the clothing shop's and the corner shop's rules as their owners make them.

use super::{Edit, Files, edited, embedded, rules, told};

#[track_caller]
fn each(files: &Files, cases: &[(&[Edit<'_>], &[&str])]) {
    let from = rules(files);
    let mut wrong = Vec::new();
    for (edits, expected) in cases {
        let lines = told(&from, &rules(&edited(files, edits)));
        if lines != *expected {
            wrong.push(format!("{edits:?}\n  expected {expected:#?}\n  told     {lines:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_clothing_shop() {
    each(
        &embedded("fashion-retail"),
        &[
            // VIP becomes harder to reach, and easier to keep.
            (
                &[("default: 25000", "default: 30000"), ("default: 80\n", "default: 70\n")],
                &[
                    "parameter vip_spend: 25000 → 30000 (used by club.vip enter, club.vip keep)",
                    "parameter keep_share: 80 % → 70 % (used by club.vip keep, club.gold keep)",
                ],
            ),
            // A season without parcels' cost.
            (
                &[(
                    "default: 500\n    min: 0\n    title: { en: Order value",
                    "default: 400\n    min: 0\n    title: { en: Order value",
                )],
                &[
                    "parameter free_shipping_over: 500 → 400 (used by benefit free_shipping for club.gold)",
                ],
            ),
            // The margin alone makes nobody VIP any more.
            (
                &[(
                    "          - any:
              - all:
                  - spend >= vip_spend
                  - order_count >= vip_orders
              - top_percent(vip_margin_share, margin)
        keep:",
                    "          - spend >= vip_spend
          - order_count >= vip_orders
        keep:",
                )],
                &[
                    "club.vip enter: top 3 % by margin is no longer enough (beside spend >= vip_spend and order_count >= vip_orders)",
                ],
            ),
            // Fixed periods for Gold too, counted from the entry.
            (
                &[(
                    "review: { dynamic: monthly }    # looked at",
                    "review: { fixed: 10 months, from: entry } #",
                )],
                &["club.gold review: dynamic monthly → fixed 10 months from entry"],
            ),
            // A tier between.
            (
                &[(
                    "      gold:
        title",
                    "      platinum:
        enter: spend >= 18000
        grace: 14 days
      gold:
        title",
                )],
                &[
                    "club.platinum: added above gold: enter spend >= 18000; review dynamic daily; grace 14 days",
                ],
            ),
            // The year counts from half a year, for the spend only.
            (
                &[(
                    "  spend:
    sum: orders.amount
    within: 12 months",
                    "  spend:
    sum: orders.amount
    within: 6 months",
                )],
                &["metric spend within: 12 months → 6 months"],
            ),
            // More for those whom nothing bothers.
            (
                &[
                    ("      - complaints == 0\n", ""),
                    ("returned_percent < 10\n", "returned_percent < 15\n"),
                    ("A tea box in the next parcel", "A box of chocolates"),
                ],
                &[
                    "benefit surprise for segment effortless: en `A tea box in the next parcel` → `A box of chocolates`",
                    "segment effortless: returned_percent 10 % → 15 %",
                    "segment effortless: no longer asks complaints == 0",
                ],
            ),
            // Longer trust for the loyal.
            (
                &[("return 300;", "return 330;")],
                &[
                    "script periods::review_days: line 8: return 300; → return 330; (used by club.vip review)",
                ],
            ),
            // Unhappy customers are called on.
            (
                &[
                    ("tickets >= 4", "tickets >= 3"),
                    ("      at_least: 2", "      at_least: 1"),
                    ("    every: 7 days\n", "    every: 3 days\n"),
                ],
                &[
                    "segment unhappy: at least 2 → any of: complaints >= 1, returned_percent > 40, tickets >= 3, trend < 50",
                    "segment unhappy: tickets 4 → 3",
                    "alert vip_complains every: 7 days → 3 days",
                ],
            ),
            // The vouchers, and what a script's limits are.
            (
                &[
                    ("birthday(spend, 3, voucher_least", "birthday(spend, 4, voucher_least"),
                    ("default: 1500", "default: 2000"),
                ],
                &[
                    "parameter voucher_most: 1500 → 2000 (used by benefit birthday_voucher for club.vip, benefit birthday_voucher for club.gold)",
                    "benefit birthday_voucher for club.vip: vouchers::birthday(spend, 3, voucher_least, voucher_most) → vouchers::birthday(spend, 4, voucher_least, voucher_most)",
                ],
            ),
            // A tier gets another name, wherever it is named.
            (
                &[
                    (
                        "      gold:\n        title: { en: Gold",
                        "      silver:\n        title: { en: Silver",
                    ),
                    ("    ties: include\n", "    ties: include\n    renamed: { gold: silver }\n"),
                    (
                        "tiers: { vip: 20, gold: 10, member: 5 }",
                        "tiers: { vip: 20, silver: 10, member: 5 }",
                    ),
                    ("gold: { over:", "silver: { over:"),
                    ("gold: { en: The online", "silver: { en: The online"),
                    ("      gold:\n        expr: stylist", "      silver:\n        expr: stylist"),
                    ("gold:   { en: A scented", "silver:   { en: A scented"),
                    (
                        "      gold:\n        expr: vouchers",
                        "      silver:\n        expr: vouchers",
                    ),
                    ("gold: { en: A welcome", "silver: { en: A welcome"),
                    ("gold: { en: One free", "silver: { en: One free"),
                ],
                &["club.silver: was called gold", "titles: 1 changed"],
            ),
        ],
    );
}

#[test]
fn the_corner_shop() {
    each(
        &embedded("corner-shop"),
        &[
            (
                &[("share: 5\n", "share: 4\n"), ("share: 30\n", "share: 31\n")],
                &["club.vip share: 5 % → 4 %", "club.silver share: 30 % → 31 %"],
            ),
            (
                &[("rank_by: [rfm, spend]", "rank_by: [lifetime_value]")],
                &["club rank_by: rfm, spend → lifetime_value"],
            ),
            (
                &[("default: 2\n", "default: 1\n")],
                &[
                    "parameter late_allowed: 2 → 1 (used by benefit credit when, alert late_payer when)",
                ],
            ),
            (
                &[("on: 03-21", "on: 03-20"), ("A box of sweets", "A box of baklava")],
                &[
                    "benefit nowruz on: 03-21 → 03-20",
                    "benefit nowruz for club.gold: en `A box of sweets` → `A box of baklava`",
                ],
            ),
            (
                &[(
                    "      - visits >= 6\n      - credit_percent > 50",
                    "      any:\n        - visits >= 6\n        - credit_percent > 50",
                )],
                &["segment often_on_account: all → any of: visits >= 6, credit_percent > 50"],
            ),
        ],
    );
}

#[test]
fn a_whole_revision_of_the_clothing_shop() {
    let files = embedded("fashion-retail");
    let edits: &[Edit<'_>] = &[
        ("default: 25000", "default: 30000"),
        (
            "          - returned_percent < vip_max_returned\n",
            "          - returned_percent < 25\n          - complaints < 3\n",
        ),
        (
            "            - spend >= gold_spend * keep_share / 100",
            "            - spend >= gold_spend * 0.7",
        ),
        ("    every: 14 days\n    action: [call", "    every: 21 days\n    action: [write"),
        ("    expr: margin - service_cost", "    expr: margin - service_cost * 1.2"),
        ("  population: order_count > 0   #", "  population: order_count > 1 && spend > 0   #"),
        ("member: 5 }", "member: 0 }"),
        ("when: makes_percent(80, margin)", "when: makes_percent(75, margin)"),
        ("- spend_last_quarter < monthly_spend", "- spend_last_quarter < monthly_spend * 2"),
        (
            "spend > average(spend) + 2 * stddev(spend)",
            "spend > average(spend) + 3 * stddev(spend)",
        ),
    ];
    each(
        &files,
        &[(
            edits,
            &[
                "population: order_count 0 → 1",
                "population: now also asks spend > 0",
                "parameter vip_spend: 25000 → 30000 (used by club.vip enter, club.vip keep)",
                "metric net_margin: margin - service_cost → margin - service_cost * 1.2",
                "club.vip enter: returned_percent 40 % → 25 %",
                "club.vip enter: spend 25000 → 30000",
                "club.vip enter: now also asks complaints < 3",
                "club.gold keep: spend 9600 → 8400",
                "benefit discount for club.member: 5 % → 0 %",
                "segment profit_makers: those who make 80 % → those who make 75 % by margin",
                "segment stand_out: spend > average(spend) + 2 * stddev(spend) → spend > average(spend) + 3 * stddev(spend)",
                "alert vip_absent every: 14 days → 21 days",
                "alert vip_absent action: `call`, `ask why`, `make an offer`, `follow up` → `write`, `ask why`, `make an offer`, `follow up`",
                "alert vip_buys_less when: spend_last_quarter < monthly_spend → spend_last_quarter < monthly_spend * 2",
            ],
        )],
    );
}
