//! Civil dates and the days between them.

use jiff::civil::Date;

use super::masks::{Masks, View, ViewData};
use super::numbers::Side;
use crate::expr::column::{Data, DataRef, Ints};
use crate::expr::day::days_from_date;
use crate::expr::inputs::Evaluated;
use crate::expr::value::Value;

/// The dates of an outcome as days.
pub(super) fn days<'e>(view: &View<'e>) -> Side<'e, i32> {
    match view.data {
        ViewData::Rows(DataRef::Date(values)) => Side::Each(values.into()),
        ViewData::Constant(Value::Date(date)) => Side::One(days_from_date(*date)),
        _ => Side::One(0),
    }
}

/// A whole number for each date.
pub(super) fn map_days<'a>(
    dates: &Evaluated<'_>,
    rows: usize,
    f: impl Fn(i32) -> i64,
) -> Evaluated<'a> {
    let view = dates.view();
    if let Some(Value::Date(date)) = view.constant() {
        return Evaluated::Constant(Value::Number(f(days_from_date(*date)).into()));
    }
    let masks = Masks::of(&[view], rows);
    if view.is_void() {
        return masks.no_numbers(rows);
    }
    let values = Ints::Narrow(days(&view).map(f).into_rows(rows));
    Evaluated::Owned(masks.column(Data::Number { scale: 0, values }))
}

/// Days up to the next anniversary, 0 on the day. A 29 February has it on the 28th in common
/// years.
pub fn days_until_next(date: Date, as_of: Date) -> i64 {
    let this_year = anniversary(date, as_of.year());
    let next = if this_year >= as_of {
        this_year
    } else {
        anniversary(date, as_of.year().saturating_add(1))
    };
    i64::from(days_from_date(next)) - i64::from(days_from_date(as_of))
}

/// Completed years; negative up to a date that is still to come.
pub fn years_since(date: Date, as_of: Date) -> i64 {
    if date > as_of {
        return -years_since(as_of, date);
    }
    let years = i64::from(as_of.year()) - i64::from(date.year());
    years - i64::from(anniversary(date, as_of.year()) > as_of)
}

fn anniversary(date: Date, year: i16) -> Date {
    Date::new(year, date.month(), date.day())
        .or_else(|_| Date::new(year, date.month(), 28))
        .unwrap_or(Date::MAX)
}
