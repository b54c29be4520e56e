//! The functions that scripts share with expressions, with the same meaning.

use jiff::civil::Date;
use rhai::{Dynamic, Engine, INT};
use rust_decimal::Decimal;

use super::library::Library;
use super::numbers::{self, Failure, failure};
use super::operators::{date, words};
use crate::expr::{dates, days_from_date, decimal};

/// What is the same on every date.
pub(super) fn register(library: &mut Library) {
    register_extremes(library);
    library.register_fn("abs", |x: Dynamic| on_number("abs", &x, |x| x.abs()));
    library.register_fn("floor", |x: Dynamic| on_number("floor", &x, decimal::floor));
    library.register_fn("ceil", |x: Dynamic| on_number("ceil", &x, decimal::ceil));
    library.register_fn("round", |x: Dynamic| on_number("round", &x, |x| decimal::round(x, 0)));
    library.register_fn("round", round);
    library.register_fn("between", between);
    library.register_fn("is_known", |x: Dynamic| !x.is_unit());
    library.register_fn("to_int", |x: Dynamic| on_number("to_int", &x, |x| x.trunc()));
    register_dates(library);
}

fn register_extremes(library: &mut Library) {
    type D = Dynamic;
    library.register_fn("min", |a: D, b: D| extreme("min", &[a, b]));
    library.register_fn("max", |a: D, b: D| extreme("max", &[a, b]));
    library.register_fn("min", |a: D, b: D, c: D| extreme("min", &[a, b, c]));
    library.register_fn("max", |a: D, b: D, c: D| extreme("max", &[a, b, c]));
    library.register_fn("min", |a: D, b: D, c: D, d: D| extreme("min", &[a, b, c, d]));
    library.register_fn("max", |a: D, b: D, c: D, d: D| extreme("max", &[a, b, c, d]));
    library.register_fn("min", |a: D, b: D, c: D, d: D, e: D| extreme("min", &[a, b, c, d, e]));
    library.register_fn("max", |a: D, b: D, c: D, d: D, e: D| extreme("max", &[a, b, c, d, e]));
    library.register_fn("min", |a: D, b: D, c: D, d: D, e: D, f: D| {
        extreme("min", &[a, b, c, d, e, f])
    });
    library.register_fn("max", |a: D, b: D, c: D, d: D, e: D, f: D| {
        extreme("max", &[a, b, c, d, e, f])
    });
}

fn register_dates(library: &mut Library) {
    library.register_type_with_name::<Date>("date");
    library.register_fn("date", |text: &str| {
        text.parse::<Date>().map_err(|_| failure(format!("`{text}` is not a date")))
    });
    for (name, part) in [
        ("year", (|date| date.year().into()) as fn(Date) -> INT),
        ("month", |date| date.month().into()),
        ("day", |date| date.day().into()),
    ] {
        library.register_fn(name, move |date: Date| part(date));
        library.register_get(name, move |date: &mut Date| part(*date));
    }
    library.register_fn("to_string", |date: Date| date.to_string());
    library.register_fn("to_debug", |date: Date| date.to_string());
}

/// What depends on the date of the pass.
pub(super) fn register_as_of(engine: &mut Engine, as_of: Date) {
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
