//! When full passes are made: `daily at 03:00`, `weekly on monday at 04:00`, `every 15 minutes`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Time, Weekday, time};

use crate::diagnostic::did_you_mean;

/// Local times, in the pack's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    Daily(Time),
    Weekly(Weekday, Time),
    /// Minutes, counted from midnight.
    Every(u16),
}

/// Why a text is no schedule, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScheduleError {
    pub message: String,
    pub help: String,
}

const EXAMPLES: &str =
    "write it like `daily at 03:00`, `weekly on monday at 04:00` or `every 15 minutes`";

const MINUTES_A_DAY: u16 = 24 * 60;

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

impl Schedule {
    /// Where nothing is said.
    pub const NIGHTLY: Schedule = Schedule::Daily(time(3, 0, 0, 0));
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        match words[..] {
            ["daily", "at", at] => Ok(Schedule::Daily(time_of_day(at)?)),
            ["weekly", "on", day, "at", at] => {
                Ok(Schedule::Weekly(weekday(day)?, time_of_day(at)?))
            }
            ["every", count, unit] => every(text, count, unit),
            ["every", unit @ ("minute" | "hour")] => every(text, "1", unit),
            ["every", "day", ..] => Err(error(text, "write it like `daily at 03:00`")),
            ["daily", ..] => Err(error(text, "say at which time, like `daily at 03:00`")),
            ["weekly", ..] => Err(error(
                text,
                "say on which day and at which time, like `weekly on monday at 04:00`",
            )),
            [first, ..] => {
                let near = did_you_mean(first, ["daily", "weekly", "every"]);
                Err(error(text, &near.unwrap_or_else(|| EXAMPLES.to_owned())))
            }
            [] => Err(error(text, EXAMPLES)),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Schedule::Daily(at) => write!(f, "daily at {}", at.strftime("%H:%M")),
            Schedule::Weekly(day, at) => {
                let name = DAYS.iter().find(|(_, known)| known == day).map_or("", |(name, _)| name);
                write!(f, "weekly on {name} at {}", at.strftime("%H:%M"))
            }
            Schedule::Every(1) => write!(f, "every minute"),
            Schedule::Every(60) => write!(f, "every hour"),
            Schedule::Every(minutes) if minutes % 60 == 0 => {
                write!(f, "every {} hours", minutes / 60)
            }
            Schedule::Every(minutes) => write!(f, "every {minutes} minutes"),
        }
    }
}

fn error(text: &str, help: &str) -> ScheduleError {
    ScheduleError { message: format!("`{text}` is no schedule"), help: help.to_owned() }
}

/// `03:00`
fn time_of_day(text: &str) -> Result<Time, ScheduleError> {
    let parsed = || {
        let (hour, minute) = text.split_once(':')?;
        let is_two = |part: &str| part.len() == 2 && part.bytes().all(|it| it.is_ascii_digit());
        if !is_two(hour) || !is_two(minute) {
            return None;
        }
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    };
    parsed().ok_or_else(|| ScheduleError {
        message: format!("`{text}` is no time of day"),
        help: "write hours and minutes from 00:00 to 23:59, like `03:00` or `15:30`".to_owned(),
    })
}

fn weekday(text: &str) -> Result<Weekday, ScheduleError> {
    let found = DAYS.iter().find(|(name, _)| *name == text);
    found.map(|(_, day)| *day).ok_or_else(|| ScheduleError {
        message: format!("`{text}` is no day of the week"),
        help: did_you_mean(text, DAYS.iter().map(|(name, _)| *name))
            .unwrap_or_else(|| "write its English name, like `monday`".to_owned()),
    })
}

fn every(text: &str, count: &str, unit: &str) -> Result<Schedule, ScheduleError> {
    let minutes = match unit {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        _ => {
            return Err(ScheduleError {
                message: format!("`{unit}` is no unit of a schedule"),
                help: "write minutes or hours, like `every 15 minutes`; for days: `daily at 03:00`"
                    .to_owned(),
            });
        }
    };
    let count: Option<u16> = count.parse().ok();
    let total = count.and_then(|count| count.checked_mul(minutes));
    match total.filter(|total| (1..=MINUTES_A_DAY).contains(total)) {
        Some(total) => Ok(Schedule::Every(total)),
        None => Err(error(text, "write a whole number of minutes or hours, at most a day")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_and_written() {
        for (text, schedule) in [
            ("daily at 03:00", Schedule::Daily(time(3, 0, 0, 0))),
            ("weekly on monday at 04:00", Schedule::Weekly(Weekday::Monday, time(4, 0, 0, 0))),
            ("every 15 minutes", Schedule::Every(15)),
            ("every 2 hours", Schedule::Every(120)),
            ("every hour", Schedule::Every(60)),
            ("every minute", Schedule::Every(1)),
        ] {
            assert_eq!(text.parse(), Ok(schedule));
            assert_eq!(schedule.to_string(), text);
        }
        assert_eq!("  Daily  at 23:59 ".parse(), Ok(Schedule::Daily(time(23, 59, 0, 0))));
    }

    #[test]
    fn typos_are_answered_with_what_to_write() {
        let help = |text: &str| text.parse::<Schedule>().expect_err(text).help;
        for text in ["daily at 25:00", "daily at 3pm", "daily at 3:00", "daily at 24:00"] {
            assert!(help(text).contains("`03:00`"), "{text}");
        }
        assert_eq!(help("dayly at 03:00"), "did you mean `daily`?");
        assert_eq!(help("weekly on mondy at 03:00"), "did you mean `monday`?");
        for text in ["daily", "every day", "every day at 03:00"] {
            assert!(help(text).contains("daily at 03:00"), "{text}");
        }
        for text in ["every 0 minutes", "every 1.5 hours", "every 25 hours", "every -1 minutes"] {
            assert!(help(text).contains("whole number"), "{text}");
        }
        assert!(help("every 3 days").contains("minutes or hours"));
        assert!(help("").contains("every 15 minutes"));
        assert!(help("0 3 * * *").contains("every 15 minutes"));
    }
}
