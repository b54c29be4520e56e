//! Dates that come round for everybody alike: the ticks of `dynamic` reviews.

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::{Duration, ReviewRule, review_on};
use crate::program::MonthDay;

/// A tick that is the same for everybody. The next one follows from the date of a pass alone, so
/// a review by it is not stored day by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    Daily,
    /// Mondays.
    Weekly,
    /// The first day of the month.
    Monthly,
}

impl Tick {
    pub const ALL: [Tick; 3] = [Tick::Daily, Tick::Weekly, Tick::Monthly];

    /// The first tick after a date. Beyond the calendar: its last date.
    pub fn after(self, date: Date) -> Date {
        let next = match self {
            Tick::Daily => date.tomorrow(),
            Tick::Weekly => date.nth_weekday(1, Weekday::Monday),
            Tick::Monthly => date.last_of_month().tomorrow(),
        };
        next.unwrap_or(Date::MAX)
    }
}

/// When the cutoffs of a ladder are taken anew, by the first pass on or after the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CutoffCadence {
    /// Not daily: that is in every pass.
    Tick(Tick),
    /// Every so long after the first time.
    Every(Duration),
}

impl CutoffCadence {
    /// The first day after `as_of`; those of a duration are counted from `anchor`.
    pub fn next_after(self, anchor: Date, as_of: Date) -> Date {
        let rule = match self {
            CutoffCadence::Tick(tick) => return tick.after(as_of),
            CutoffCadence::Every(period) => ReviewRule::Every(period),
        };
        // Only rounding asks when the year begins.
        review_on(&rule, anchor, anchor, as_of, MonthDay { month: 1, day: 1 })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_next_tick_lies_after_the_date() {
        // 4 February 2026 is a Wednesday.
        let as_of = date(2026, 2, 4);
        assert_eq!(Tick::Daily.after(as_of), date(2026, 2, 5));
        assert_eq!(Tick::Weekly.after(as_of), date(2026, 2, 9));
        assert_eq!(Tick::Monthly.after(as_of), date(2026, 3, 1));
        assert_eq!(Tick::Weekly.after(date(2026, 2, 9)), date(2026, 2, 16));
        assert_eq!(Tick::Monthly.after(date(2026, 3, 1)), date(2026, 4, 1));
        assert_eq!(Tick::Daily.after(Date::MAX), Date::MAX);
    }
    #[test]
    fn a_duration_is_counted_from_the_first_time() {
        let every = |text: &str| CutoffCadence::Every(text.parse().expect(text));
        let first = date(2026, 1, 31);
        assert_eq!(every("10 days").next_after(first, first), date(2026, 2, 10));
        // A late pass does not move it.
        assert_eq!(every("10 days").next_after(first, date(2026, 2, 25)), date(2026, 3, 2));
        // A missing day is the last of its month and does not stick.
        assert_eq!(every("1 month").next_after(first, first), date(2026, 2, 28));
        assert_eq!(every("1 month").next_after(first, date(2026, 2, 28)), date(2026, 3, 31));
    }
}
