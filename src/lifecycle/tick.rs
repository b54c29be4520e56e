//! Dates that come round for everybody alike: the ticks of `dynamic` reviews.

use jiff::civil::{Date, Weekday};
use serde::Serialize;

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
}
