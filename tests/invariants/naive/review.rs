//! When a tier is looked at again.

use jiff::civil::Date;

use super::Fault;
use crate::model::{From, Length, Period, Review, Unit};

/// What the review of one customer depends on.
pub struct Reviewed {
    pub joined: Option<Date>,
    pub visits: i64,
    pub year_starts: (i8, i8),
}

impl Reviewed {
    /// The first review after `as_of` of a period that starts on `start`.
    pub fn next(
        &self,
        review: &Review,
        start: Date,
        since: Date,
        as_of: Date,
    ) -> Result<Date, Fault> {
        match review {
            Review::Tick(tick) => Ok(tick.after(as_of)),
            Review::Every(period) => Ok(first_after(start, self.length(*period)?, as_of)),
            Review::Fixed { period, from, round } => {
                let base = match from {
                    From::Evaluation => start,
                    From::Entry => since,
                    From::Joined => self.joined.unwrap_or(start),
                    From::MonthDay(month, day) => jiff::civil::date(2000, *month, *day),
                };
                let date = first_after(base, self.length(*period)?, as_of);
                Ok(round.map_or(date, |round| round.next_from(date, self.year_starts)))
            }
        }
    }

    fn length(&self, period: Period) -> Result<Length, Fault> {
        match period {
            Period::Of(length) => Ok(length),
            Period::DaysPerVisit(_) if self.visits == 0 => Err(Fault),
            Period::DaysPerVisit(days) => Ok(Length(days * self.visits, Unit::Days)),
        }
    }
}

/// `base` + k × `length` for the smallest k ≥ 1 that lies after `as_of`.
pub fn first_after(base: Date, length: Length, as_of: Date) -> Date {
    (1..).map(|times| length.after(base, times)).find(|date| *date > as_of).expect("a date")
}
