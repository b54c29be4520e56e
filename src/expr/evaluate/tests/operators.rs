use std::sync::Arc;

use jiff::civil::date;
use rust_decimal::Decimal;

use super::super::dates::{days_until_next, years_since};
use super::sample::Sample;
use crate::expr::column::{Column, Data, Dictionary, Ints};
use crate::expr::{Fault, Type, Value, evaluate};
use crate::lifecycle::day_of;

fn number(text: &str) -> Result<Value, Fault> {
    Ok(Value::Number(Decimal::from_str_exact(text).expect(text)))
}

fn flag(flag: bool) -> Result<Value, Fault> {
    Ok(Value::Flag(flag))
}

const NULL: Result<Value, Fault> = Ok(Value::Null);

fn texts(list: &[&str]) -> Column {
    let mut dictionary = Dictionary::default();
    let codes = list.iter().map(|text| dictionary.intern(text)).collect();
    Column::new(Data::Text { codes, dictionary: Arc::new(dictionary) })
}

fn dates(list: &[(i16, i8, i8)]) -> Column {
    Column::new(Data::Date(list.iter().map(|(y, m, d)| day_of(date(*y, *m, *d))).collect()))
}

/// Three customers: one plain, one without values, one with a fault in `broken`.
fn sample() -> Sample {
    let second_unknown = || Some(vec![true, false, true]);
    Sample::new(
        3,
        vec![
            ("spend", Column::narrow(2, vec![100_050, 0, -250])),
            ("orders", Column::narrow(0, vec![7, 0, 2])),
            (
                "rate",
                Column { known: second_unknown(), ..Column::narrow(6, vec![333_333, 0, 500_000]) },
            ),
            ("huge", Column::narrow(0, vec![i64::MAX, i64::MIN, 1])),
            (
                "wide",
                Column::new(Data::Number {
                    scale: 6,
                    values: Ints::Wide(vec![10_000_000_000_000_000_000_000_000, -1, 0]),
                }),
            ),
            (
                "broken",
                Column {
                    faults: Some(vec![0, 0, Fault::Script as u8]),
                    ..Column::narrow(0, vec![1, 2, 0])
                },
            ),
            (
                "consent",
                Column {
                    known: second_unknown(),
                    ..Column::new(Data::Flag(vec![true, false, false]))
                },
            ),
            (
                "channel",
                Column { known: Some(vec![true, true, false]), ..texts(&["web", "partner", ""]) },
            ),
            ("city", texts(&["İzmir", "web", "van"])),
            (
                "joined",
                Column {
                    known: second_unknown(),
                    ..dates(&[(2024, 2, 29), (1970, 1, 1), (2026, 3, 21)])
                },
            ),
        ],
    )
}

#[track_caller]
fn gives(text: &str, expected: [Result<Value, Fault>; 3]) {
    assert_eq!(sample().values(text), expected, "{text}");
}

#[track_caller]
fn flags(text: &str, expected: [bool; 3]) {
    gives(text, expected.map(flag));
}

#[test]
fn arithmetic_is_exact_over_scales() {
    gives("spend + orders", [number("1007.5"), number("0"), number("-0.5")]);
    gives("spend * rate", [number("333.4996665"), NULL, number("-1.25")]);
    gives("7 / 2 + orders * 0", [number("3.5"), number("3.5"), number("3.5")]);
    gives("orders / 3", [number("2.333333"), number("0"), number("0.666667")]);
    gives("-spend", [number("-1000.5"), number("0"), number("2.5")]);
    gives("spend % 2", [number("0.5"), number("0"), number("-0.5")]);
    gives("spend * 0.8", [number("800.4"), number("0"), number("-2")]);
    flags("0.1 + 0.2 == 0.3", [true; 3]);
}

#[test]
fn quotients_round_half_to_even() {
    let halves = Sample::new(4, vec![("x", Column::narrow(6, vec![1, 3, -1, -3]))]);
    let expected = [number("0"), number("0.000002"), number("0"), number("-0.000002")];
    assert_eq!(halves.values("x / 2"), expected);
    assert_eq!(
        halves.values("x / -2"),
        [number("0"), number("-0.000002"), number("0"), number("0.000002")]
    );
}

#[test]
fn numbers_grow_beyond_64_bits_and_overflow_only_beyond_96() {
    gives("huge + 1", [number("9223372036854775808"), number("-9223372036854775807"), number("2")]);
    gives("huge - 1", [number("9223372036854775806"), number("-9223372036854775809"), number("0")]);
    gives("-huge", [number("-9223372036854775807"), number("9223372036854775808"), number("-1")]);
    gives("abs(huge)", [number("9223372036854775807"), number("9223372036854775808"), number("1")]);
    gives("huge * huge", [Err(Fault::Overflow), Err(Fault::Overflow), number("1")]);
    gives(
        "huge * 1000000000",
        [
            number("9223372036854775807000000000"),
            number("-9223372036854775808000000000"),
            number("1000000000"),
        ],
    );
    gives("wide * 1000", [number("10000000000000000000000"), number("-0.001"), number("0")]);
    gives("wide * 100000000000", [Err(Fault::Overflow), number("-100000"), number("0")]);
    gives("huge % -1", [number("0"), number("0"), number("0")]);
    gives(
        "huge / -1",
        [number("-9223372036854775807"), number("9223372036854775808"), number("-1")],
    );
    // One row with 28 places beside one with 29 digits: no fixed-point column holds both.
    gives(
        "if orders == 7 { 79228162514264337593543950335 } else { 0.0000000000000000000000000001 } * 1",
        [
            number("79228162514264337593543950335"),
            number("0.0000000000000000000000000001"),
            number("0.0000000000000000000000000001"),
        ],
    );
}

#[test]
fn division_by_zero_is_a_fault_of_its_row_only() {
    gives("1 / orders", [number("0.142857"), Err(Fault::DivisionByZero), number("0.5")]);
    gives("5 % orders", [number("5"), Err(Fault::DivisionByZero), number("1")]);
    gives("rate / 0", [Err(Fault::DivisionByZero), NULL, Err(Fault::DivisionByZero)]);
    gives(
        "wide / 0",
        [Err(Fault::DivisionByZero), Err(Fault::DivisionByZero), Err(Fault::DivisionByZero)],
    );
    gives(
        "1 / 0",
        [Err(Fault::DivisionByZero), Err(Fault::DivisionByZero), Err(Fault::DivisionByZero)],
    );
}

#[test]
fn comparisons_are_exact_and_false_for_null() {
    flags("spend >= 1000.5", [true, false, false]);
    flags("spend > 1000.499", [true, false, false]);
    flags("spend >= 1000.501", [false, false, false]);
    flags("spend < -2.4999", [false, false, true]);
    flags("spend > -2.5001", [true, true, true]);
    flags("spend == 1000.5001", [false, false, false]);
    flags("spend != 1000.5001", [true, true, true]);
    flags("1000.5 == spend", [true, false, false]);
    flags("0 < spend", [true, false, false]);
    flags("spend < 100000000000000000000000000", [true, true, true]);
    flags("huge > -100000000000000000000", [true, true, true]);
    flags("rate < 1", [true, false, true]);
    flags("rate != 1", [true, false, true]);
    flags("!(rate < 1)", [false, true, false]);
    flags("orders > rate", [true, false, true]);
    flags("huge > wide", [false, false, true]);
    flags("spend > cutoff", [true, false, false]);
    flags("unknown == unknown", [false; 3]);
    flags("rate == unknown", [false; 3]);
    gives("broken > 0", [flag(true), flag(true), Err(Fault::Script)]);
    gives("spend > overflowed", [Err(Fault::Overflow), Err(Fault::Overflow), Err(Fault::Overflow)]);
}

#[test]
fn texts_compare_by_bytes() {
    flags("channel == \"web\"", [true, false, false]);
    flags("channel != \"web\"", [false, true, false]);
    flags("channel == \"unheard of\"", [false; 3]);
    flags("channel != \"unheard of\"", [true, true, false]);
    flags("channel < \"s\"", [false, true, false]);
    flags("city > \"z\"", [true, false, false]);
    flags("channel == city", [false, false, false]);
    flags("channel in [\"partner\", \"shop\"]", [false, true, false]);
    flags("channel !in [\"partner\", \"shop\"]", [true, false, true]);
    flags("\"we\" in city", [false, true, false]);
    flags("channel in \"web, shop\"", [true, false, false]);
    flags("channel in [city, \"partner\"]", [false, true, false]);
    let joined = sample().values("channel + \"-\" + city");
    assert_eq!(joined, [Ok(Value::text("web-İzmir")), Ok(Value::text("partner-web")), NULL]);
}

#[test]
fn numbers_and_dates_are_in_lists() {
    flags("orders in [2, 7.0]", [true, false, true]);
    flags("spend in [1000.5001, -2.5]", [false, false, true]);
    flags("rate in [0, 0.5]", [false, false, true]);
    flags("orders in []", [false; 3]);
    flags("joined in [date(\"2024-02-29\")]", [true, false, false]);
    gives("broken in [1]", [flag(true), flag(false), Err(Fault::Script)]);
}

#[test]
fn logic_takes_only_what_it_needs() {
    flags("orders > 0 && 10 / orders > 2", [false, false, true]);
    flags("orders == 0 || 10 / orders > 2", [false, true, true]);
    gives("10 / orders > 2 || orders == 0", [flag(false), Err(Fault::DivisionByZero), flag(true)]);
    gives("true && broken == 1", [flag(true), flag(false), Err(Fault::Script)]);
    flags("false && broken == 1", [false; 3]);
    gives("consent", [flag(true), NULL, flag(false)]);
    flags("!consent", [false, true, true]);
    flags("consent || false", [true, false, false]);
    flags("true && consent", [true, false, false]);
    gives("!(broken == 1)", [flag(false), flag(true), Err(Fault::Script)]);
}

#[test]
fn if_takes_one_branch_per_row() {
    gives(
        "if orders > 0 { 10 / orders } else { -1 }",
        [number("1.428571"), number("-1"), number("5")],
    );
    gives("if consent { 1 } else { spend }", [number("1"), number("0"), number("-2.5")]);
    gives(
        "if broken == 1 { rate } else { 2 }",
        [number("0.333333"), number("2"), Err(Fault::Script)],
    );
    gives(
        "if orders > 2 { city } else { \"few\" }",
        [Ok(Value::text("İzmir")), Ok(Value::text("few")), Ok(Value::text("few"))],
    );
    gives(
        "if orders > 2 { joined } else { as_of }",
        [
            Ok(Value::Date(date(2024, 2, 29))),
            Ok(Value::Date(date(2026, 3, 21))),
            Ok(Value::Date(date(2026, 3, 21))),
        ],
    );
    gives("if false { 1 / 0 } else { 3 }", [number("3"), number("3"), number("3")]);
    flags("orders in if consent { [7] } else { [2, 0] }", [true, true, true]);
}

#[test]
fn functions_of_null_are_null() {
    gives("min(spend, orders, 5)", [number("5"), number("0"), number("-2.5")]);
    gives("max(spend, rate)", [number("1000.5"), NULL, number("0.5")]);
    gives(
        "max(joined, date(\"2025-01-01\"))",
        [Ok(Value::Date(date(2025, 1, 1))), NULL, Ok(Value::Date(date(2026, 3, 21)))],
    );
    gives("abs(spend)", [number("1000.5"), number("0"), number("2.5")]);
    gives("round(spend, 0)", [number("1000"), number("0"), number("-2")]);
    gives("round(rate, 2)", [number("0.33"), NULL, number("0.5")]);
    gives("floor(spend)", [number("1000"), number("0"), number("-3")]);
    gives("ceil(spend)", [number("1001"), number("0"), number("-2")]);
    gives("between(spend, -2.5, 1000.5)", [flag(true), flag(true), flag(true)]);
    gives("between(rate, 0.4, orders)", [flag(false), NULL, flag(true)]);
    gives("between(joined, date(\"2024-02-29\"), as_of)", [flag(true), NULL, flag(true)]);
    gives("is_known(rate)", [flag(true), flag(false), flag(true)]);
    gives("is_known(rate + 1)", [flag(true), flag(false), flag(true)]);
    gives("is_known(broken)", [flag(true), flag(true), Err(Fault::Script)]);
    gives("round(2.5, 0)", [number("2"), number("2"), number("2")]);
    gives("min(3, 2)", [number("2"), number("2"), number("2")]);
}

#[test]
fn dates_are_counted_in_civil_days() {
    gives("days_since(joined)", [number("751"), NULL, number("0")]);
    gives("days_until(joined)", [number("-751"), NULL, number("0")]);
    // The anniversary of 29 February is 28 February 2027, 344 days after 21 March 2026.
    gives("days_until_next(joined)", [number("344"), NULL, number("0")]);
    gives("years_since(joined)", [number("2"), NULL, number("0")]);
    flags("joined < as_of", [true, false, false]);
    flags("joined == date(\"2026-03-21\")", [false, false, true]);
    flags("as_of >= joined", [true, false, true]);
}

#[test]
fn anniversaries_of_leap_days() {
    let leap = date(2024, 2, 29);
    assert_eq!(days_until_next(leap, date(2025, 2, 28)), 0);
    assert_eq!(days_until_next(leap, date(2025, 3, 1)), 364);
    assert_eq!(days_until_next(leap, date(2027, 3, 1)), 365);
    assert_eq!(days_until_next(leap, date(2028, 2, 28)), 1);
    assert_eq!(days_until_next(leap, date(2028, 2, 29)), 0);
    assert_eq!(years_since(leap, date(2025, 2, 27)), 0);
    assert_eq!(years_since(leap, date(2025, 2, 28)), 1);
    assert_eq!(years_since(leap, date(2028, 2, 28)), 3);
    assert_eq!(years_since(date(2027, 6, 1), date(2026, 3, 21)), -1);
    assert_eq!(years_since(date(2026, 6, 1), date(2026, 3, 21)), 0);
}

#[test]
fn scripts_run_for_active_rows_only() {
    let sample = sample();
    assert_eq!(sample.values("s::echo(rate)"), [number("0.333333"), NULL, number("0.5")]);
    assert_eq!(sample.values("s::wrong(1)"), vec![Err(Fault::ScriptType); 3]);
    assert_eq!(
        sample.values("s::fails(customer)"),
        [Err(Fault::Script), Ok(Value::text("row 1")), Ok(Value::text("row 2"))]
    );
    assert_eq!(sample.values("s::echo(broken)")[2], Err(Fault::Script));
    sample.calls.borrow_mut().clear();
    let expr = sample.expr("orders > 5 && s::odd() || s::echo(1) == 1");
    evaluate(&expr, &sample, Some(&[true, true, false]));
    assert_eq!(*sample.calls.borrow(), [(1, 0), (0, 0), (0, 1)]);
}

#[test]
fn columns_rescale_half_to_even() {
    let column = |text: &str| {
        let sample = sample();
        let expr = sample.expr(text);
        evaluate(&expr, &sample, None).into_scaled(3, 1)
    };
    let values = |list: &[i64]| Column::narrow(1, list.to_vec());
    assert_eq!(column("spend + 0.05"), values(&[10_006, 0, -24]));
    assert_eq!(column("orders"), values(&[70, 0, 20]));
    assert_eq!(column("2.25"), values(&[22, 22, 22]));
    assert_eq!(Column::narrow(2, vec![5, 15, -25]).rescale_to(1), values(&[0, 2, -2]));
    assert_eq!(Column::narrow(2, vec![5]).rescale_to(2), Column::narrow(2, vec![5]));
    let constant = evaluate(&sample().expr("\"a\""), &sample(), None).into_column(2, Type::Text);
    assert_eq!(constant.value(1), Ok(Value::text("a")));
}
