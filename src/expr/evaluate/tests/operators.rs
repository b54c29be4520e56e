use jiff::civil::date;

use super::customers::{NULL, flag, flags, gives, number, sample};
use super::sample::Sample;
use crate::expr::column::Column;
use crate::expr::{Fault, Value};

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
