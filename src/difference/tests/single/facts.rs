//! Settings, and where the facts are.

use super::each;

#[test]
fn settings() {
    each(&[
        (&[("currency: EUR", "currency: USD")], &["currency: EUR → USD"]),
        (&[("money_decimals: 2", "money_decimals: 3")], &["money decimals: 2 → 3"]),
        (&[("Europe/Istanbul", "Asia/Tehran")], &["timezone: Europe/Istanbul → Asia/Tehran"]),
        (&[("year_starts: 01-01", "year_starts: 03-21")], &["year starts: 01-01 → 03-21"]),
        (
            &[("population: order_count > 0", "population: order_count > 1")],
            &["population: order_count 0 → 1"],
        ),
        (
            &[("  population: order_count > 0\n", "")],
            &["population: was: order_count > 0 / is: always"],
        ),
    ]);
}

#[test]
fn facts() {
    each(&[
        (&[("table: customers", "table: people")], &["customers table: customers → people"]),
        (&[("  id: id", "  id: number")], &["customers id: id → number"]),
        (
            &[("column: grade", "column: rank")],
            &["customers level: number from grade → number from rank"],
        ),
        (
            &[("channel: text", "channel: { type: text, column: via }")],
            &["customers channel: text → text from via"],
        ),
        (&[("    name: text\n", "")], &["customers name: removed"]),
        (
            &[("    name: text\n", "    name: text\n    phone: text\n")],
            &["customers phone: added: text"],
        ),
        (&[("table: orders", "table: sales")], &["source orders table: orders → sales"]),
        (
            &[("SELECT * FROM returned", "SELECT * FROM given_back")],
            &["source returns query: SELECT * FROM returned → SELECT * FROM given_back"],
        ),
        (&[("SELECT * FROM returned", "SELECT  *  FROM returned")], &[]),
        (
            &[("query: SELECT * FROM returned", "table: returned")],
            &["source returns table: query SELECT * FROM returned → table returned"],
        ),
        (&[("customer: who", "customer: whose")], &["source visits customer: who → whose"]),
        (&[("at: placed_at", "at: paid_at")], &["source orders at: placed_at → paid_at"]),
        (&[(", at_unit: ms", "")], &["source returns at unit: milliseconds → seconds"]),
        (
            &[("column: cost_cents, unit: minor", "column: cost_cents")],
            &["source orders cost: money from cost_cents in minor units → money from cost_cents"],
        ),
        (
            &[("expr: price - cost", "expr: price - 2 * cost")],
            &["source orders amount: money = price - cost → money = price - 2 * cost"],
        ),
        (
            &[("      category: text\n", "      category: text\n      note: text\n")],
            &["source orders note: added: text"],
        ),
        (
            &[("  visits: {", "  calls: { table: calls, customer: who, at: day }\n  visits: {")],
            &["source calls: added: from calls"],
        ),
    ]);
}
