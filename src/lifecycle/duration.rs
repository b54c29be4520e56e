use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// A whole number, from 1, of days, weeks, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Duration {
    pub count: u32,
    pub unit: DurationUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DurationUnit {
    Day,
    Week,
    Month,
    Year,
}

/// Why a text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    #[error("a duration is a whole number and `days`, `weeks`, `months` or `years`")]
    Malformed,
    #[error("the shortest duration is 1 day")]
    TooShort,
    #[error("the duration is longer than 1000 years")]
    TooLong,
}

impl Duration {
    pub fn days(count: u32) -> Self {
        Self { count, unit: DurationUnit::Day }
    }

    /// `date` + k times this, month ends clamped; `None` beyond the calendar.
    pub fn after(self, date: Date, times: i64) -> Option<Date> {
        self.shift(date, times)
    }

    /// `date` − this, month ends clamped; `None` beyond the calendar.
    pub fn before(self, date: Date) -> Option<Date> {
        self.shift(date, -1)
    }

    fn shift(self, date: Date, times: i64) -> Option<Date> {
        let amount = i64::from(self.count).checked_mul(times)?;
        let span = match self.unit {
            DurationUnit::Day => 0.days().try_days(amount),
            DurationUnit::Week => 0.days().try_weeks(amount),
            DurationUnit::Month => 0.days().try_months(amount),
            DurationUnit::Year => 0.days().try_years(amount),
        };
        date.checked_add(span.ok()?).ok()
    }

    /// Days it lasts at least; for comparing durations of different units.
    pub fn shortest_days(self) -> u32 {
        let days = match self.unit {
            DurationUnit::Day => 1,
            DurationUnit::Week => 7,
            DurationUnit::Month => 28,
            DurationUnit::Year => 365,
        };
        self.count.saturating_mul(days)
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split_ascii_whitespace();
        let (Some(count), Some(unit), None) = (words.next(), words.next(), words.next()) else {
            return Err(DurationError::Malformed);
        };
        let unit = match unit {
            "day" | "days" => DurationUnit::Day,
            "week" | "weeks" => DurationUnit::Week,
            "month" | "months" => DurationUnit::Month,
            "year" | "years" => DurationUnit::Year,
            _ => return Err(DurationError::Malformed),
        };
        if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
            // A negative or broken number of days is still meant as a duration.
            return match count.parse::<f64>() {
                Ok(number) if number < 1.0 => Err(DurationError::TooShort),
                _ => Err(DurationError::Malformed),
            };
        }
        let count: u32 = count.parse().map_err(|_| DurationError::TooLong)?;
        let duration = Self { count, unit };
        match duration.shortest_days() {
            0 => Err(DurationError::TooShort),
            days if days > 366_000 => Err(DurationError::TooLong),
            _ => Ok(duration),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            DurationUnit::Day => "day",
            DurationUnit::Week => "week",
            DurationUnit::Month => "month",
            DurationUnit::Year => "year",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}
