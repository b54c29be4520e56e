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
/// (membership years, see [`last_anniversary`] and [`membership_year_before`], and `Tier`).
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
        Window::MembershipYear(_) | Window::PreviousMembershipYear(_) | Window::Tier(_) => {
            return None;
        }
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

/// The membership year before the one of which a date is part: from an anniversary to the day
/// before the next. `None` in the first year.
pub fn membership_year_before(joined: Date, as_of: Date) -> Option<Days> {
    let last = last_anniversary(joined, as_of)?.yesterday().ok()?;
    Some(Days { first: last_anniversary(joined, last)?, last })
}

fn next_day(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::{Duration, DurationUnit};
    use jiff::civil::date;

    const JANUARY: MonthDay = MonthDay { month: 1, day: 1 };
    const NOWRUZ: MonthDay = MonthDay { month: 3, day: 21 };

    fn days(window: Window, as_of: Date, year_starts: MonthDay) -> (Date, Date) {
        let days = days_of(window, as_of, year_starts).unwrap();
        (days.first, days.last)
    }

    fn trailing(count: u32, unit: DurationUnit, as_of: Date) -> Date {
        let (first, last) = days(Window::Trailing(Duration { count, unit }), as_of, JANUARY);
        assert_eq!(last, as_of);
        first
    }

    #[test]
    fn a_trailing_window_begins_the_day_after() {
        use DurationUnit::*;
        let as_of = date(2026, 3, 21);
        assert_eq!(trailing(12, Month, as_of), date(2025, 3, 22));
        assert_eq!(trailing(1, Day, as_of), as_of);
        assert_eq!(trailing(2, Week, as_of), date(2026, 3, 8));
        assert_eq!(trailing(1, Year, date(2024, 2, 29)), date(2023, 3, 1));
        // 31 March − 1 month = 28 February, and the window begins the day after.
        assert_eq!(trailing(1, Month, date(2026, 3, 31)), date(2026, 3, 1));
        assert_eq!(trailing(1, Month, date(2024, 3, 30)), date(2024, 3, 1));
        assert_eq!(trailing(1000, Year, date(-9900, 1, 1)), Date::MIN);
    }

    #[test]
    fn calendar_periods_end_with_the_day() {
        let cases = [
            (Period::Week, date(2026, 3, 16)),
            (Period::Month, date(2026, 3, 1)),
            (Period::Quarter, date(2026, 1, 1)),
            (Period::HalfYear, date(2026, 1, 1)),
            (Period::Year, date(2026, 1, 1)),
        ];
        for (period, first) in cases {
            let as_of = date(2026, 3, 21);
            assert_eq!(days(Window::Calendar(period), as_of, JANUARY), (first, as_of));
        }
        let monday = date(2026, 3, 16);
        assert_eq!(days(Window::Calendar(Period::Week), monday, JANUARY), (monday, monday));
        let sunday = date(2026, 3, 22);
        assert_eq!(days(Window::Calendar(Period::Week), sunday, JANUARY), (monday, sunday));
    }

    #[test]
    fn previous_periods_are_whole() {
        let cases = [
            (Period::Week, date(2026, 3, 9), date(2026, 3, 15)),
            (Period::Month, date(2026, 2, 1), date(2026, 2, 28)),
            (Period::Quarter, date(2025, 10, 1), date(2025, 12, 31)),
            (Period::HalfYear, date(2025, 7, 1), date(2025, 12, 31)),
            (Period::Year, date(2025, 1, 1), date(2025, 12, 31)),
        ];
        for (period, first, last) in cases {
            let previous = days(Window::Previous(period), date(2026, 3, 21), JANUARY);
            assert_eq!(previous, (first, last), "{period:?}");
        }
        let leap = days(Window::Previous(Period::Month), date(2024, 3, 31), JANUARY);
        assert_eq!(leap, (date(2024, 2, 1), date(2024, 2, 29)));
    }

    #[test]
    fn years_and_their_parts_follow_the_packs_year() {
        let start = |period, as_of| days(Window::Calendar(period), as_of, NOWRUZ).0;
        assert_eq!(start(Period::Year, date(2026, 3, 20)), date(2025, 3, 21));
        assert_eq!(start(Period::Year, date(2026, 3, 21)), date(2026, 3, 21));
        assert_eq!(start(Period::Quarter, date(2026, 3, 20)), date(2025, 12, 21));
        assert_eq!(start(Period::Quarter, date(2026, 6, 20)), date(2026, 3, 21));
        assert_eq!(start(Period::Quarter, date(2026, 9, 21)), date(2026, 9, 21));
        assert_eq!(start(Period::HalfYear, date(2026, 2, 1)), date(2025, 9, 21));
        assert_eq!(start(Period::Month, date(2026, 3, 20)), date(2026, 3, 1));
        assert_eq!(
            days(Window::Previous(Period::Year), date(2026, 3, 21), NOWRUZ),
            (date(2025, 3, 21), date(2026, 3, 20))
        );
    }

    #[test]
    fn the_ends_of_months_are_clamped() {
        let last_of_november = MonthDay { month: 11, day: 30 };
        let start = |as_of| period_start(Period::Quarter, as_of, last_of_november);
        assert_eq!(start(date(2026, 2, 27)), date(2025, 11, 30));
        assert_eq!(start(date(2026, 2, 28)), date(2026, 2, 28));
        assert_eq!(start(date(2026, 5, 29)), date(2026, 2, 28));
        assert_eq!(start(date(2026, 5, 30)), date(2026, 5, 30));
        assert_eq!(start(date(2024, 2, 28)), date(2023, 11, 30));
        assert_eq!(start(date(2024, 2, 29)), date(2024, 2, 29));
        let leap_day = MonthDay { month: 2, day: 29 };
        assert_eq!(period_start(Period::Year, date(2025, 2, 28), leap_day), date(2025, 2, 28));
        assert_eq!(period_start(Period::Year, date(2024, 2, 28), leap_day), date(2023, 2, 28));
    }

    #[test]
    fn windows_by_customer_have_no_days_for_all() {
        assert_eq!(days_of(Window::MembershipYear(0), date(2026, 1, 1), JANUARY), None);
        assert_eq!(days_of(Window::Tier(0), date(2026, 1, 1), JANUARY), None);
        let lifetime = days(Window::Lifetime, date(2026, 1, 1), JANUARY);
        assert_eq!(lifetime, (Date::MIN, date(2026, 1, 1)));
    }

    #[test]
    fn the_membership_year_before_ends_with_the_day_before_the_anniversary() {
        let before = |joined, as_of| {
            membership_year_before(joined, as_of).map(|days| (days.first, days.last))
        };
        let joined = date(2024, 5, 10);
        assert_eq!(before(joined, date(2025, 5, 9)), None);
        let first = Some((joined, date(2025, 5, 9)));
        assert_eq!(before(joined, date(2025, 5, 10)), first);
        assert_eq!(before(joined, date(2026, 5, 9)), first);
        assert_eq!(before(joined, date(2026, 5, 10)), Some((date(2025, 5, 10), date(2026, 5, 9))));
        // 29 February is remembered on the 28th: the year that began there ends on the 27th.
        let leap = date(2024, 2, 29);
        assert_eq!(before(leap, date(2025, 2, 28)), Some((leap, date(2025, 2, 27))));
        assert_eq!(before(leap, date(2028, 2, 29)), Some((date(2027, 2, 28), date(2028, 2, 28))));
        assert_eq!(before(date(2030, 1, 1), date(2026, 1, 1)), None);
    }

    #[test]
    fn anniversaries_count_from_the_day_itself() {
        let last = |joined, as_of| last_anniversary(joined, as_of);
        assert_eq!(last(date(2026, 3, 22), date(2026, 3, 21)), None);
        assert_eq!(last(date(2026, 3, 21), date(2026, 3, 21)), Some(date(2026, 3, 21)));
        assert_eq!(last(date(2020, 3, 22), date(2026, 3, 21)), Some(date(2025, 3, 22)));
        assert_eq!(last(date(2020, 2, 29), date(2026, 2, 28)), Some(date(2026, 2, 28)));
        assert_eq!(last(date(2020, 2, 29), date(2024, 2, 28)), Some(date(2023, 2, 28)));
        assert_eq!(last(date(2020, 2, 29), date(2024, 2, 29)), Some(date(2024, 2, 29)));
    }
}
