//! Facts for a program out of those of another, against a reading.

use super::together::{PACK, SCRIPT, STORE, apart, nobody_listed, rules, told};
use super::*;
use crate::lifecycle::Standings;
use crate::metrics::population::Population;
use crate::pass::standing_columns;

/// The pack without the window that asks the state.
fn pack() -> String {
    let pack = PACK.replace("  in_tier: { count: orders, within: tier club }\n", "");
    pack.replace(" + in_tier", "")
}

/// One with a formula, another attribute and a share.
fn with_formula() -> String {
    let metrics = "metrics:\n  profit: { expr: spend - margin }\n";
    pack()
        .replace("metrics:\n", metrics)
        .replace("away > 0", "away > 0\n          - top_percent(50, profit)")
}

fn change(pack: &str, from: &str, to: &str) -> Program {
    assert!(pack.contains(from), "{from}");
    rules(&pack.replace(from, to), SCRIPT)
}

/// Facts as a pass leaves them.
fn after_a_pass(program: &Program, facts: Facts) -> Facts {
    let Program { ladders, alerts, .. } = program;
    let standings = Standings::empty(facts.customers.len(), ladders.len(), alerts.len());
    let columns = standing_columns(program, &standings, AS_OF);
    Population::build(program, facts, &columns, &[], AS_OF, 1).facts
}

#[track_caller]
fn in_common(shop: &Shop, from: &Program, to: &Program, skip: bool) -> bool {
    let facts = after_a_pass(from, apart(shop, from, skip).unwrap());
    let Some(common) = facts_in_common(from, &facts, to) else { return false };
    assert_eq!(told(&common), told(&apart(shop, to, skip).unwrap()));
    true
}

#[test]
fn what_reads_the_same_is_not_read_again() {
    let shop = shop(STORE);
    let from = rules(&with_formula(), SCRIPT);
    let same = [
        rules(&with_formula(), SCRIPT),
        change(&with_formula(), ">= 100", ">= 5"),
        change(&with_formula(), "spend - margin", "spend + margin * 2"),
        change(&with_formula(), "top_percent(50", "top_percent(10"),
        change(&with_formula(), "last_bought != first_bought", "last_bought == first_bought"),
        change(
            &with_formula(),
            "  profit: { expr: spend - margin }\n",
            "  profit: { expr: spend }\n",
        ),
        // The first reads more of the same sources.
        change(&with_formula(), "          - channel == \"web\"\n", ""),
        change(
            &with_formula(),
            "      margin: {",
            "      more: { type: money, column: amount }\n      margin: {",
        ),
    ];
    for (place, to) in same.iter().enumerate() {
        assert!(in_common(&shop, &from, to, true), "{place}");
    }
    let nobody = rules(&nobody_listed(&with_formula()), SCRIPT);
    let other = change(&nobody_listed(&with_formula()), ">= 100", ">= 5");
    assert!(in_common(&shop, &nobody, &other, true));
}

#[test]
fn what_reads_something_else_has_to_be_read() {
    let shop = shop(STORE);
    let from = rules(&pack(), SCRIPT);
    let others = [
        change(&pack(), "within: 12 months", "within: 3 months"),
        change(&pack(), "  away:", "  more: { max: orders.amount }\n  away:"),
        change(&pack(), "timezone: Europe/Istanbul", "timezone: UTC"),
        change(&pack(), "currency: TRY", "currency: TRY, money_decimals: 0"),
        change(&pack(), "currency: TRY", "currency: TRY, year_starts: 03-21"),
        change(&pack(), "default: 8", "default: 50"),
        change(&pack(), "expr: amount - cost", "expr: amount * 2 - cost"),
        change(&pack(), "channel: text", "channel: { type: text, column: city }"),
        change(&pack(), "table: orders", "table: sales"),
        change(
            &pack(),
            "joined: date",
            "joined: { type: date, expr: \"date(\\\"2025-05-05\\\")\" }",
        ),
        rules(&pack(), "fn good(amount, least) { amount > least * 3 }"),
        rules(PACK, SCRIPT),
        rules(&nobody_listed(&pack()), SCRIPT),
    ];
    for (place, to) in others.iter().enumerate() {
        assert!(!in_common(&shop, &from, to, true), "{place}");
        // The other way round those that read only more have it.
        assert_eq!(in_common(&shop, to, &from, true), [1, 11].contains(&place), "{place}");
    }
    // An attribute that the first does not read is not there.
    let less = change(&pack(), "\n          - channel == \"web\"", "");
    assert!(!in_common(&shop, &less, &from, true));
    let within_tier = rules(PACK, SCRIPT);
    assert!(!in_common(&shop, &within_tier, &change(PACK, ">= 100", ">= 5"), true));
}

#[test]
fn rows_that_were_left_out_are_the_same_or_counted_anew() {
    // Of returns some are nobody's; of orders one cannot be read where the quantity is.
    let bad = "INSERT INTO orders (customer, at, amount, cost, category, quantity) VALUES
               (2, '2026-03-03', 30, 5, 'bags', 'three');";
    let shop = shop(&format!("{STORE}{bad}"));
    let many = pack().replace("  away:", "  many: { count: orders, where: quantity > 1 }\n  away:");
    let from = rules(&many, SCRIPT);
    assert_eq!(apart(&shop, &from, true).unwrap().bad_rows, 1);
    // The same columns are read.
    assert!(in_common(&shop, &from, &change(&many, ">= 100", ">= 5"), true));
    // Who does not read the column has no such row.
    assert!(!in_common(&shop, &from, &rules(&pack(), SCRIPT), true));
    // A source that is not read leaves out no rows.
    let returned = "  returned: { sum: returns.amount }\n  away:";
    let with_returns = change(&pack(), "  away:", returned);
    assert!(!in_common(&shop, &with_returns, &rules(&pack(), SCRIPT), true));
    assert!(in_common(&shop, &with_returns, &with_returns, true));
}
