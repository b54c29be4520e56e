//! Dates, counted one by one.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::model::{Length, Round, Tick, Unit};

impl Length {
    /// `date` + k times this.
    pub fn after(self, date: Date, times: i64) -> Date {
        let Length(count, unit) = self;
        date.saturating_add(match unit {
            Unit::Days => (count * times).days(),
            Unit::Weeks => (count * times).weeks(),
            Unit::Months => (count * times).months(),
            Unit::Years => (count * times).years(),
        })
    }
}

impl Tick {
    /// The first tick after a date.
    pub fn after(self, date: Date) -> Date {
        days_from(tomorrow(date)).find(|day| self.falls_on(*day)).expect("a tick")
    }

    fn falls_on(self, day: Date) -> bool {
        match self {
            Tick::Daily => true,
            Tick::Weekly => day.weekday() == Weekday::Monday,
            Tick::Monthly => day.day() == 1,
        }
    }
}

impl Round {
    /// Whether such a part of the pack's year begins on a day.
    pub fn begins_on(self, day: Date, year_starts: (i8, i8)) -> bool {
        let (month, first) = year_starts;
        let months = match self {
            Round::Month => return day.day() == 1,
            Round::Quarter => 3,
            Round::HalfYear => 6,
            Round::Year => 12,
        };
        (day.month() - month).rem_euclid(months) == 0 && day.day() == first.min(day.days_in_month())
    }

    /// The first day, on or after a date, on which one begins.
    pub fn next_from(self, date: Date, year_starts: (i8, i8)) -> Date {
        days_from(date).find(|day| self.begins_on(*day, year_starts)).expect("a beginning")
    }

    /// The last day, up to a date, on which one began.
    pub fn last_up_to(self, date: Date, year_starts: (i8, i8)) -> Date {
        let back = std::iter::successors(Some(date), |day| day.yesterday().ok());
        back.into_iter().find(|day| self.begins_on(*day, year_starts)).expect("a beginning")
    }
}

pub fn tomorrow(date: Date) -> Date {
    date.tomorrow().expect("a day after it")
}

pub fn yesterday(date: Date) -> Date {
    date.yesterday().expect("a day before it")
}

/// `date` + days, which may be negative.
pub fn days_after(date: Date, days: i32) -> Date {
    date.saturating_add(days.days())
}

/// How many days a date lies after another.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).expect("both are dates").get_days())
}

fn days_from(date: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(date), |day| day.tomorrow().ok())
}
