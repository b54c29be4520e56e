//! The functions that scripts share with expressions, with the same meaning.

use jiff::civil::Date;
use rhai::{Dynamic, Engine, INT};
use rust_decimal::Decimal;

use super::numbers::{self, Failure, failure};
use super::operators::{date, words};
use crate::expr::{dates, days_from_date, decimal};

pub(super) fn register(engine: &mut Engine, as_of: Date) {
    register_extremes(engine);
    engine.register_fn("abs", |x: Dynamic| on_number("abs", &x, |x| x.abs()));
    engine.register_fn("floor", |x: Dynamic| on_number("floor", &x, decimal::floor));
    engine.register_fn("ceil", |x: Dynamic| on_number("ceil", &x, decimal::ceil));
    engine.register_fn("round", |x: Dynamic| on_number("round", &x, |x| decimal::round(x, 0)));
    engine.register_fn("round", round);
    engine.register_fn("between", between);
    engine.register_fn("is_known", |x: Dynamic| !x.is_unit());
    engine.register_fn("to_int", |x: Dynamic| on_number("to_int", &x, |x| x.trunc()));
    register_dates(engine, as_of);
}

fn register_extremes(engine: &mut Engine) {
    type D = Dynamic;
    engine.register_fn("min", |a: D, b: D| extreme("min", &[a, b]));
    engine.register_fn("max", |a: D, b: D| extreme("max", &[a, b]));
    engine.register_fn("min", |a: D, b: D, c: D| extreme("min", &[a, b, c]));
    engine.register_fn("max", |a: D, b: D, c: D| extreme("max", &[a, b, c]));
    engine.register_fn("min", |a: D, b: D, c: D, d: D| extreme("min", &[a, b, c, d]));
    engine.register_fn("max", |a: D, b: D, c: D, d: D| extreme("max", &[a, b, c, d]));
    engine.register_fn("min", |a: D, b: D, c: D, d: D, e: D| extreme("min", &[a, b, c, d, e]));
    engine.register_fn("max", |a: D, b: D, c: D, d: D, e: D| extreme("max", &[a, b, c, d, e]));
    engine.register_fn("min", |a: D, b: D, c: D, d: D, e: D, f: D| {
        extreme("min", &[a, b, c, d, e, f])
    });
    engine.register_fn("max", |a: D, b: D, c: D, d: D, e: D, f: D| {
        extreme("max", &[a, b, c, d, e, f])
    });
}

fn register_dates(engine: &mut Engine, as_of: Date) {
    engine.register_type_with_name::<Date>("date");
    engine.register_fn("date", |text: &str| {
        text.parse::<Date>().map_err(|_| failure(format!("`{text}` is not a date")))
    });
    engine.register_fn("__as_of", move || as_of);
    engine.register_fn("days_since", move |x: Dynamic| {
        on_date("days_since", &x, |date| days_between(date, as_of))
    });
    engine.register_fn("days_until", move |x: Dynamic| {
        on_date("days_until", &x, |date| days_between(as_of, date))
    });
    engine.register_fn("days_until_next", move |x: Dynamic| {
        on_date("days_until_next", &x, |date| dates::days_until_next(date, as_of))
    });
    engine.register_fn("years_since", move |x: Dynamic| {
        on_date("years_since", &x, |date| dates::years_since(date, as_of))
    });
    for (name, part) in [
        ("year", (|date| date.year().into()) as fn(Date) -> INT),
        ("month", |date| date.month().into()),
        ("day", |date| date.day().into()),
    ] {
        engine.register_fn(name, move |date: Date| part(date));
        engine.register_get(name, move |date: &mut Date| part(*date));
    }
    engine.register_fn("to_string", |date: Date| date.to_string());
    engine.register_fn("to_debug", |date: Date| date.to_string());
}

fn on_number(
    name: &str,
    value: &Dynamic,
    function: impl Fn(Decimal) -> Decimal,
) -> Result<Dynamic, Failure> {
    if value.is_unit() {
        return Ok(Dynamic::UNIT);
    }
    match numbers::to_decimal(value) {
        Some(number) => Ok(numbers::from_decimal(function(number))),
        None => Err(failure(format!("`{name}` needs a number, not {}", words(value)))),
    }
}

fn on_date(
    name: &str,
    value: &Dynamic,
    function: impl Fn(Date) -> INT,
) -> Result<Dynamic, Failure> {
    if value.is_unit() {
        return Ok(Dynamic::UNIT);
    }
    match date(value) {
        Some(date) => Ok(function(date).into()),
        None => Err(failure(format!("`{name}` needs a date, not {}", words(value)))),
    }
}

fn extreme(name: &str, values: &[Dynamic]) -> Result<Dynamic, Failure> {
    if values.iter().any(Dynamic::is_unit) {
        return Ok(Dynamic::UNIT);
    }
    let smallest = name == "min";
    if let Some(numbers) = values.iter().map(numbers::to_decimal).collect::<Option<Vec<_>>>() {
        let found = if smallest { numbers.into_iter().min() } else { numbers.into_iter().max() };
        return Ok(found.map_or(Dynamic::UNIT, numbers::from_decimal));
    }
    if let Some(dates) = values.iter().map(date).collect::<Option<Vec<_>>>() {
        let found = if smallest { dates.into_iter().min() } else { dates.into_iter().max() };
        return Ok(found.map_or(Dynamic::UNIT, Dynamic::from));
    }
    Err(failure(format!("`{name}` needs numbers, or dates")))
}

/// Half to even, to 0 digits and more.
fn round(value: Dynamic, digits: INT) -> Result<Dynamic, Failure> {
    let digits = u32::try_from(digits)
        .map_err(|_| failure("`round` needs a number of digits that is not negative"))?;
    on_number("round", &value, |number| decimal::round(number, digits))
}

/// Both ends count.
fn between(value: Dynamic, low: Dynamic, high: Dynamic) -> Result<Dynamic, Failure> {
    let all = [&value, &low, &high];
    if all.iter().any(|value| value.is_unit()) {
        return Ok(Dynamic::UNIT);
    }
    if let [Some(value), Some(low), Some(high)] = all.map(numbers::to_decimal) {
        return Ok((low <= value && value <= high).into());
    }
    if let [Some(value), Some(low), Some(high)] = all.map(date) {
        return Ok((low <= value && value <= high).into());
    }
    Err(failure("`between` needs three numbers, or three dates"))
}

/// Whole days from one date to another; negative where `to` is earlier.
fn days_between(from: Date, to: Date) -> INT {
    INT::from(days_from_date(to)) - INT::from(days_from_date(from))
}
