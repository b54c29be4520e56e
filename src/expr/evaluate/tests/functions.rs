use jiff::civil::date;

use super::super::dates::{days_until_next, years_since};
use super::customers::{NULL, flag, flags, gives, number, sample};
use crate::expr::column::Column;
use crate::expr::{Fault, Type, Value, evaluate};

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
