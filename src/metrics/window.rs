use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::program::{MonthDay, Period, Window};

/// Civil dates from the first to the last, both included. `first > last`: none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    pub last: Date,
}

impl Days {
    pub fn contains(self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }
}

/// The dates a window covers as of a date: `None` for those that differ by customer
/// (`MembershipYear`, see [`last_anniversary`], and `Tier`).
pub fn days_of(window: Window, as_of: Date, year_starts: MonthDay) -> Option<Days> {
    let until_as_of = |first| Days { first, last: as_of };
    Some(match window {
        Window::Lifetime => until_as_of(Date::MIN),
        Window::Trailing(duration) => {
            until_as_of(duration.before(as_of).map_or(Date::MIN, next_day))
        }
        Window::Calendar(period) => until_as_of(period_start(period, as_of, year_starts)),
        Window::Previous(period) => {
            let Ok(last) = period_start(period, as_of, year_starts).yesterday() else {
                return Some(Days { first: Date::MAX, last: Date::MIN });
            };
            Days { first: period_start(period, last, year_starts), last }
        }
        Window::MembershipYear(_) | Window::Tier(_) => return None,
    })
}

/// The first day of the period of which the date is part. Weeks start on Monday and months on
/// the 1st; quarters, half-years and years follow the day on which the pack's year starts.
pub fn period_start(period: Period, date: Date, year_starts: MonthDay) -> Date {
    let months = match period {
        Period::Week => {
            let back = date.weekday().since(Weekday::Monday);
            return date.checked_sub(i32::from(back).days()).unwrap_or(Date::MIN);
        }
        Period::Month => return date.first_of_month(),
        Period::Quarter => 3,
        Period::HalfYear => 6,
        Period::Year => 12,
    };
    let year = year_start(date, year_starts);
    // From the last part of the year backwards; each is counted from the year's first day, so
    // that a clamped month end does not shorten the ones after it.
    (0..12 / months)
        .rev()
        .map(|part| part_start(year, part * months, year_starts))
        .find(|start| *start <= date)
        .unwrap_or(year)
}

/// The last day, up to the date, on which the pack's year started.
fn year_start(date: Date, year_starts: MonthDay) -> Date {
    let this = year_starts.in_year(date.year());
    if this <= date {
        return this;
    }
    match date.year().checked_sub(1) {
        Some(year) if year >= Date::MIN.year() => year_starts.in_year(year),
        _ => Date::MIN,
    }
}

/// The pack's year's first day, moved by months; the day of the month is clamped.
fn part_start(year: Date, months: i32, year_starts: MonthDay) -> Date {
    let Ok(month) = year.first_of_month().checked_add(months.months()) else {
        return Date::MAX;
    };
    MonthDay { month: month.month(), day: year_starts.day }.in_year(month.year())
}

/// The last anniversary of a date up to another; the date itself is one. `None` before it.
/// 29 February is remembered on the 28th where there is no 29th.
pub fn last_anniversary(joined: Date, as_of: Date) -> Option<Date> {
    if joined > as_of {
        return None;
    }
    let day = MonthDay { month: joined.month(), day: joined.day() };
    let this = day.in_year(as_of.year());
    Some(if this <= as_of { this } else { day.in_year(as_of.year() - 1) })
}

fn next_day(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}
