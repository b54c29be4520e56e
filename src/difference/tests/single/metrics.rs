//! Metrics, and the scripts behind them.

use super::each;

#[test]
fn metrics() {
    each(&[
        (
            &[("seen: { count: visits }", "seen: { distinct: visits.at }")],
            &["metric seen: count visits → distinct visits.at"],
        ),
        (
            &[("seen: { count: visits }", "seen: { count: visits, within: tier club }")],
            &["metric seen within: lifetime → tier club"],
        ),
        (
            &[(
                "spend: { sum: orders.amount, within: 12 months }",
                "spend: { sum: orders.amount, within: 6 months }",
            )],
            &["metric spend within: 12 months → 6 months"],
        ),
        (
            &[(
                "spend: { sum: orders.amount, within: 12 months }",
                "spend: { sum: orders.price, within: 12 months }",
            )],
            &["metric spend: sum orders.amount → sum orders.price"],
        ),
        (&[("ago: 12 months", "ago: 1 year")], &["metric spend_before ago: 12 months → 1 year"]),
        (
            &[("previous calendar year", "calendar year")],
            &["metric back within: previous calendar year → calendar year"],
        ),
        (&[("price > 0", "price > 5")], &["metric liked where: price 0 → 5"]),
        (&[("price > 0", "price >= 0")], &["metric liked where: price > 0 → price >= 0"]),
        (
            &[(" where: category in wanted && price > 0,", "")],
            &["metric liked where: category in wanted and price > 0 → none"],
        ),
        (
            &[("spend * 100 / spend_before, else: 100", "spend * 100 / spend_before, else: 50")],
            &["metric trend else: 100 → 50"],
        ),
        (
            &[("expr: spend * 100 / spend_before", "expr: (spend - 1) * 100 / spend_before")],
            &["metric trend: spend * 100 / spend_before → (spend - 1) * 100 / spend_before"],
        ),
        (&[(", unit: percent", "")], &["metric trend unit: percent → number"]),
        (
            &[("cap: 50", "cap: 60")],
            &[
                "metric points score for spend > 10: add order_count * 2, at most 50 → add order_count * 2, at most 60",
            ],
        ),
        (
            &[("add: 20", "add: 25")],
            &["metric points score for channel == \"app\": add 20 → add 25"],
        ),
        (
            &[("{ when: spend > 10,", "{ when: spend > 12,")],
            &["metric points score (add order_count * 2, at most 50): spend 10 → 12"],
        ),
        (
            &[("      - { when: channel == \"app\", add: 20 }\n", "")],
            &["metric points score for channel == \"app\": removed (add 20)"],
        ),
        (
            &[(
                "      - { when: channel",
                "      - { when: seen > 3, add: 5 }\n      - { when: channel",
            )],
            &["metric points score for seen > 3: added (add 5)"],
        ),
        (&[("bins: 5", "bins: 4")], &["metric rfm bins: 5 → 4"]),
        (&[("monetary: spend,", "monetary: liked,")], &["metric rfm monetary: spend → liked"]),
        (
            &[("  seen: {", "  heard: { days_since_first: orders }\n  seen: {")],
            &["metric heard: added: days_since_first orders"],
        ),
        (
            &[("away: { days_since_last: orders }", "away: { expr: seen + 1, unit: days }")],
            &["metric away: days_since_last orders → seen + 1"],
        ),
    ]);
}

#[test]
fn scripts() {
    each(&[
        (
            &[("customer.order_count > 5 {", "customer.order_count > 6 {")],
            &[
                "script lengths::period: line 6: if customer.order_count > 5 { → if customer.order_count > 6 { (used by club.vip review)",
            ],
        ),
        (
            &[("{ 90 }", "{ 91 }")],
            &[
                "script help::longest: line 2: fn longest(customer) { if customer.away > 5 { 90 } else { 60 * customer.trust } } → fn longest(customer) { if customer.away > 5 { 91 } else { 60 * customer.trust } } (used by club.vip review)",
            ],
        ),
        (
            &[("    least\n", "    let days = least;\n    days * 2\n")],
            &["script lengths::period: changed in lines 9–10 (used by club.vip review)"],
        ),
        (
            &[("LONGEST = 300", "LONGEST = 301")],
            &[
                "script lengths constants: line 3: const LONGEST = 300; → const LONGEST = 301; (used by club.vip review)",
            ],
        ),
        (
            &[("// In days.", "// In whole days."), ("    least\n", "        least // at least\n")],
            &[],
        ),
    ]);
}
