//! How often population values are taken.

use jiff::civil::Date;
use serde::Serialize;

use super::{Duration, ReviewRule, review_on};
use crate::program::MonthDay;

/// When the cutoffs of a ladder are taken anew, by the first pass on or after the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    /// On Mondays.
    Weekly,
    /// On the first of a month.
    Monthly,
    /// Every so long after the first time.
    Every(Duration),
}

impl Tick {
    /// The first tick after `as_of`; those of a duration are counted from `anchor`.
    pub fn next_after(self, anchor: Date, as_of: Date) -> Date {
        let rule = match self {
            Tick::Weekly => ReviewRule::Weekly,
            Tick::Monthly => ReviewRule::Monthly,
            Tick::Every(period) => ReviewRule::Every(period),
        };
        // Only rounding, which ticks have not, asks when the year begins.
        review_on(&rule, anchor, anchor, as_of, MonthDay { month: 1, day: 1 })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_next_tick_lies_after_the_day() {
        // 2 March 2026 is a Monday.
        let (monday, tuesday) = (date(2026, 3, 2), date(2026, 3, 3));
        assert_eq!(Tick::Weekly.next_after(monday, monday), date(2026, 3, 9));
        assert_eq!(Tick::Weekly.next_after(monday, tuesday), date(2026, 3, 9));
        assert_eq!(Tick::Monthly.next_after(monday, monday), date(2026, 4, 1));
        assert_eq!(Tick::Monthly.next_after(monday, date(2026, 4, 1)), date(2026, 5, 1));
    }

    #[test]
    fn the_ticks_of_a_duration_are_counted_from_the_first() {
        let every = |text: &str| Tick::Every(text.parse().expect(text));
        let first = date(2026, 1, 31);
        assert_eq!(every("10 days").next_after(first, first), date(2026, 2, 10));
        // A late pass does not move them.
        assert_eq!(every("10 days").next_after(first, date(2026, 2, 25)), date(2026, 3, 2));
        // A missing day is the last of its month and does not stick.
        assert_eq!(every("1 month").next_after(first, first), date(2026, 2, 28));
        assert_eq!(every("1 month").next_after(first, date(2026, 2, 28)), date(2026, 3, 31));
    }
}
