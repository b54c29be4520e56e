//! Metrics that are given outright, worked out by hand.

use jiff::civil::{Date, date};

use super::{Population, StandingColumns};
use crate::expr::{LadderId, Value};
use crate::metrics::GiveError;
use crate::pass::fixture::{
    facts, first_pass, from_files, metric, nobody, population, program, spenders, tiers,
};
use crate::pass::{Trial, standing_columns};
use crate::program::Program;
use crate::store::{CustomerId, Facts, MemoryRow, MemoryStore, read_memory};

const AS_OF: Date = date(2026, 3, 5);

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn give(program: &Program, facts: &mut Facts, slot: usize, name: &str, value: Value) {
    facts.give(program, slot, metric(program, name), value).unwrap();
}

/// A metric of everybody, as text.
fn all(program: &Program, population: &Population, name: &str) -> Vec<String> {
    let id = metric(program, name);
    let value = |slot| match population.metric(id, slot) {
        Ok(Value::Number(number)) => number.normalize().to_string(),
        Ok(Value::Text(text)) => text.to_string(),
        other => format!("{other:?}"),
    };
    (0..population.len()).map(value).collect()
}

fn standings(program: &Program, customers: usize) -> StandingColumns {
    standing_columns(program, &nobody(program, customers), AS_OF)
}

#[test]
fn what_is_computed_from_a_given_metric_is_computed_from_what_is_given() {
    let program = program(
        "",
        "
  each: { expr: spend / orders_made }
  points: { score: [ { when: spend >= 100, add: spend }, { when: orders_made > 3, add: 5 } ] }
",
        "",
    );
    let mut facts = facts(&program, &[(100, 2, 1), (200, 4, 1), (50, 1, 1)]);
    give(&program, &mut facts, 1, "spend", number("999.99"));
    give(&program, &mut facts, 2, "each", number("7.25"));
    give(&program, &mut facts, 0, "points", number("-3"));
    let population = population(&program, facts, AS_OF);
    assert_eq!(all(&program, &population, "spend"), ["100", "999.99", "50"]);
    assert_eq!(all(&program, &population, "each"), ["50", "249.9975", "7.25"]);
    assert_eq!(all(&program, &population, "points"), ["-3", "1004.99", "0"]);
}

#[test]
fn a_given_value_is_no_fault_and_may_be_large() {
    let program = program("", "  each: { expr: spend * 1000000000000 * spend }", "");
    let mut facts = spenders(&program, &[90_000_000_000_000_000, 2]);
    give(&program, &mut facts, 0, "each", number("5"));
    give(&program, &mut facts, 1, "spend", number("500000000000000000000.05"));
    let population = population(&program, facts, AS_OF);
    let spend = all(&program, &population, "spend");
    assert_eq!(spend, ["90000000000000000", "500000000000000000000.05"]);
    assert_eq!(all(&program, &population, "each"), ["5", "Err(Overflow)"]);
}

#[test]
fn rfm_scores_are_over_what_is_given() {
    let metrics = "
  rfm: { rfm: { recency: days_away, frequency: orders_made, monetary: spend, bins: 2 } }
";
    let program = program("", metrics, "");
    let mut facts = facts(&program, &[(10, 1, 5), (20, 1, 5), (30, 1, 5), (40, 1, 5)]);
    let before = population(&program, facts.clone(), AS_OF);
    assert_eq!(all(&program, &before, "rfm.m"), ["1", "1", "2", "2"]);
    assert_eq!(all(&program, &before, "rfm"), ["3", "3", "4", "4"]);
    give(&program, &mut facts, 0, "spend", number("100"));
    give(&program, &mut facts, 1, "rfm.f", number("2"));
    give(&program, &mut facts, 2, "rfm", number("6"));
    let population = population(&program, facts, AS_OF);
    // Of 20, 30, 40 and 100 two are strictly worse than 40, three than 100.
    assert_eq!(all(&program, &population, "rfm.m"), ["2", "1", "1", "2"]);
    assert_eq!(all(&program, &population, "rfm.f"), ["1", "2", "1", "1"]);
    assert_eq!(all(&program, &population, "rfm"), ["4", "4", "6", "4"]);
}

fn half() -> Program {
    let ladder = "
ladders:
  club:
    tiers:
      vip: { enter: 'top_percent(50, spend)' }
      gold: { enter: orders_made >= 5 }
      member: { enter: always }
";
    program("", "", ladder)
}

#[test]
fn a_pass_decides_with_what_is_given() {
    let program = half();
    let plain = spenders(&program, &[40, 30, 20, 10]);
    let outcome = first_pass(&program, plain.clone(), AS_OF);
    assert_eq!(tiers(&program, &outcome), ["vip", "vip", "member", "member"]);
    let mut given = plain;
    give(&program, &mut given, 3, "spend", number("100"));
    give(&program, &mut given, 1, "orders_made", number("5"));
    let outcome = first_pass(&program, given, AS_OF);
    assert_eq!(tiers(&program, &outcome), ["vip", "gold", "member", "vip"]);
}

#[test]
fn of_two_values_the_later_one_counts() {
    let program = half();
    let mut facts = spenders(&program, &[1]);
    give(&program, &mut facts, 0, "spend", number("5"));
    give(&program, &mut facts, 0, "spend", number("6.50"));
    assert_eq!(all(&program, &population(&program, facts, AS_OF), "spend"), ["6.5"]);
}

/// What a customer earns with another value of a metric.
fn tried(program: &Program, facts: Facts, slot: usize, name: &str, value: i128) -> String {
    let standings = standings(program, facts.customers.len());
    let population = population(program, facts, AS_OF);
    const LADDER: LadderId = 0;
    let place = (LADDER, slot);
    let trial = Trial::new(program, &population, &standings, place, metric(program, name), None);
    let earned = trial.decide(value).unwrap().earned.unwrap();
    program.ladders[LADDER].tiers[earned].name.clone()
}

#[test]
fn a_trial_supposes_another_value_than_the_given_one_and_keeps_the_others() {
    let program = half();
    let mut facts = spenders(&program, &[40, 30, 20, 10]);
    give(&program, &mut facts, 3, "spend", number("100"));
    give(&program, &mut facts, 2, "spend", number("90"));
    // Alone: orders are asked of nobody else.
    give(&program, &mut facts, 0, "orders_made", number("5"));
    assert_eq!(tried(&program, facts.clone(), 0, "orders_made", 4), "member");
    assert_eq!(tried(&program, facts.clone(), 0, "orders_made", 6), "gold");
    // Anew: 3 and 2 have the most as long as nobody has more than 90.
    assert_eq!(tried(&program, facts.clone(), 1, "spend", 89_99), "member");
    assert_eq!(tried(&program, facts.clone(), 1, "spend", 90_01), "vip");
    assert_eq!(tried(&program, facts.clone(), 3, "spend", 39_99), "member");
    assert_eq!(tried(&program, facts, 3, "spend", 40_01), "vip");
}

#[test]
fn a_trial_of_one_metric_keeps_what_is_given_of_another_that_follows_from_it() {
    let program = program(
        "",
        "  twice: { expr: spend * 2 }",
        "
ladders:
  club:
    tiers:
      vip: { enter: [ twice >= 100, spend >= 10 ] }
      member: { enter: always }
",
    );
    let mut facts = spenders(&program, &[5, 5]);
    give(&program, &mut facts, 1, "twice", number("100"));
    assert_eq!(tried(&program, facts.clone(), 1, "spend", 10_00), "vip");
    assert_eq!(tried(&program, facts, 0, "spend", 10_00), "member");
}

const KINDS: &str = "
pack: kinds
version: 1.0.0
settings: { currency: EUR, timezone: UTC }
customers: { table: customers, id: id, columns: { way: text, last_day: date, has_paid: flag } }
sources:
  orders: { table: orders, customer: who, at: at, columns: { amount: money } }
metrics:
  channel: { expr: way }
  due: { expr: last_day }
  paid: { expr: has_paid }
  year: { sum: orders.amount, within: calendar year }
  change: { expr: year - previous(year) }
ladders:
  club:
    tiers:
      vip: { enter: [ channel == 'web', due > date('2026-01-01'), paid ] }
      gold: { enter: change > 10 }
      member: { enter: always }
";

fn kinds() -> (Program, Facts) {
    let program = from_files(vec![("pack.yaml", KINDS.replace('\'', "\""))]).program;
    let row = |customer: i64, amount: &str| MemoryRow {
        customer: CustomerId::Int(customer),
        at: date(2026, 1, 1).at(9, 0, 0, 0),
        values: vec![number(amount)],
    };
    let known = vec![Value::text("shop"), Value::Date(AS_OF), Value::Flag(false)];
    let customers = (1..=3).map(|id| {
        let values = if id < 3 { known.clone() } else { Vec::new() };
        (CustomerId::Int(id), values)
    });
    let customers = customers.collect();
    let memory = MemoryStore { customers, sources: vec![vec![row(1, "20"), row(2, "20")]] };
    let facts = read_memory(&program, &memory, AS_OF, &|_, _| None).unwrap();
    (program, facts)
}

#[test]
fn texts_dates_flags_and_metrics_of_the_period_before_are_given() {
    let (program, mut facts) = kinds();
    let outcome = first_pass(&program, facts.clone(), AS_OF);
    assert_eq!(tiers(&program, &outcome), ["gold", "gold", "member"]);
    give(&program, &mut facts, 0, "previous(year)", number("10"));
    give(&program, &mut facts, 2, "channel", Value::text("web"));
    give(&program, &mut facts, 2, "due", Value::Date(date(2026, 1, 2)));
    give(&program, &mut facts, 2, "paid", Value::Flag(true));
    give(&program, &mut facts, 1, "channel", Value::Null);
    let outcome = first_pass(&program, facts, AS_OF);
    assert_eq!(tiers(&program, &outcome), ["member", "gold", "vip"]);
    let population = &outcome.population;
    assert_eq!(all(&program, population, "channel"), ["shop", "Ok(Null)", "web"]);
    assert_eq!(all(&program, population, "change"), ["10", "20", "0"]);
}

#[test]
fn what_a_metric_cannot_be_is_refused() {
    let (program, mut facts) = kinds();
    let mut refused = |name: &str, value: Value| {
        facts.give(&program, 0, metric(&program, name), value).unwrap_err().to_string()
    };
    let cases = [
        ("year", number("1.005"), "the metric `year` has 2 decimals, and `1.005` has more"),
        ("year", Value::text("ten"), "the metric `year` is a number, and `ten` is text"),
        ("year", Value::Null, "the metric `year` always has a value"),
        ("channel", number("7.50"), "the metric `channel` is text, and `7.5` is a number"),
        ("due", Value::Flag(true), "the metric `due` is a date, and `true` is true or false"),
        (
            "paid",
            Value::Date(AS_OF),
            "the metric `paid` is true or false, and `2026-03-05` is a date",
        ),
    ];
    for (name, value, words) in cases {
        assert_eq!(refused(name, value), words);
    }
    let whole = half();
    let given = facts.give(&whole, 0, metric(&whole, "orders_made"), number("2.5"));
    let words = "the metric `orders_made` has no decimals, and `2.5` has more";
    assert_eq!(given.unwrap_err().to_string(), words);
    assert!(matches!(
        facts.give(&program, 0, metric(&program, "change"), number("0.0000001")),
        Err(GiveError::TooManyDecimals { places: 6, .. })
    ));
    // Zeros at the end are no decimals.
    assert!(facts.give(&program, 0, metric(&program, "year"), number("1.50000")).is_ok());
}
