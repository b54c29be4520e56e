//! Civil dates and the days between them.

use jiff::civil::Date;

use super::masks::{Masks, View, ViewData};
use super::numbers::Side;
use crate::expr::column::{Data, DataRef, Ints};
use crate::expr::inputs::Evaluated;
use crate::expr::value::Value;

/// Days from 0000-03-01 to 1970-01-01, and in 400 and 4 years and one.
const EPOCH: i32 = 719_468;
const CYCLE: i32 = 146_097;

/// Days since 1970-01-01.
pub fn days_from_date(date: Date) -> i32 {
    // Years begin in March, so that the leap day is their last.
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let year_of_cycle = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    year.div_euclid(400) * CYCLE + day_of_cycle - EPOCH
}

/// The date of a day since 1970-01-01; days beyond the calendar are its first or last date.
pub fn date_from_days(days: i32) -> Date {
    let days = i64::from(days) + i64::from(EPOCH);
    let cycle = i64::from(CYCLE);
    let day = days.rem_euclid(cycle);
    let year_of_cycle = (day - day / 1_460 + day / 36_524 - day / (cycle - 1)) / 365;
    let day_of_year = day - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_cycle + days.div_euclid(cycle) * 400 + i64::from(month <= 2);
    let out_of_range = if year < 0 { Date::MIN } else { Date::MAX };
    match i16::try_from(year) {
        Ok(year) => Date::new(year, month as i8, day as i8).unwrap_or(out_of_range),
        Err(_) => out_of_range,
    }
}

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
