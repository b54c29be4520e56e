//! When a tier is looked at again (`docs/lifecycle.md` §2).

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Duration, DurationUnit, Round, Tick};
use crate::expr::days_from_date;
use crate::metrics::period_start;
use crate::program::{MonthDay, Period};

/// A tier's review with everything that is computed or looked up per customer filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewRule {
    Fixed { period: Duration, from: CountedFrom, round: Option<Round> },
    Tick(Tick),
    Every(Duration),
}

/// Where the periods of a fixed review are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedFrom {
    Evaluation,
    Entry,
    /// The customer's or the contract's date; an unknown one is [`CountedFrom::Evaluation`].
    Date(Date),
    EachYear(MonthDay),
}

impl ReviewRule {
    pub fn is_fixed(&self) -> bool {
        matches!(self, ReviewRule::Fixed { .. })
    }
}

/// The next review after `as_of` of a period that starts on `start`, in a tier held since
/// `since`. Beyond the calendar: its last date.
pub fn review_on(
    rule: &ReviewRule,
    start: Date,
    since: Date,
    as_of: Date,
    year_starts: MonthDay,
) -> Date {
    let next = match *rule {
        ReviewRule::Fixed { period, from, round } => {
            let base = match from {
                CountedFrom::Evaluation => start,
                CountedFrom::Entry => since,
                CountedFrom::Date(date) => date,
                CountedFrom::EachYear(day) => day.in_year(2000),
            };
            next_multiple(base, period, as_of).and_then(|date| match round {
                Some(round) => round_up(date, round, year_starts),
                None => Some(date),
            })
        }
        ReviewRule::Tick(tick) => Some(tick.after(as_of)),
        ReviewRule::Every(period) => next_multiple(start, period, as_of),
    };
    next.unwrap_or(Date::MAX)
}

/// `base` + k × `period` for the smallest k ≥ 1 that lies after `after`.
fn next_multiple(base: Date, period: Duration, after: Date) -> Option<Date> {
    let count = i64::from(period.count);
    // Never past the k that is looked for: clamped month ends only make dates earlier.
    let mut times = match period.unit {
        DurationUnit::Day => days(base, after) / count,
        DurationUnit::Week => days(base, after) / (7 * count),
        DurationUnit::Month => (months(after) - months(base) - 1) / count,
        DurationUnit::Year => (months(after) - months(base) - 1) / (12 * count),
    }
    .max(1);
    loop {
        let date = period.after(base, times)?;
        if date > after {
            return Some(date);
        }
        times += 1;
    }
}

fn days(from: Date, to: Date) -> i64 {
    i64::from(days_from_date(to)) - i64::from(days_from_date(from))
}

fn months(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month())
}

/// The first day, on or after `date`, of a period of the pack's year.
fn round_up(date: Date, round: Round, year_starts: MonthDay) -> Option<Date> {
    let (period, months) = match round {
        Round::Month => (Period::Month, 1),
        Round::Quarter => (Period::Quarter, 3),
        Round::HalfYear => (Period::HalfYear, 6),
        Round::Year => (Period::Year, 12),
    };
    let start = period_start(period, date, year_starts);
    if start == date {
        return Some(date);
    }
    // The next period starts in that month, on a day that its length may clamp.
    let next = start.first_of_month().checked_add(months.months()).ok()?;
    Some(period_start(period, next.last_of_month(), year_starts))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const JANUARY: MonthDay = MonthDay { month: 1, day: 1 };
    const NOWRUZ: MonthDay = MonthDay { month: 3, day: 21 };

    fn duration(text: &str) -> Duration {
        text.parse().expect("a duration")
    }

    fn fixed(period: &str, from: CountedFrom, round: Option<Round>) -> ReviewRule {
        ReviewRule::Fixed { period: duration(period), from, round }
    }

    #[test]
    fn fixed_from_the_evaluation() {
        let rule = fixed("10 months", CountedFrom::Evaluation, None);
        let start = date(2026, 1, 15);
        assert_eq!(review_on(&rule, start, start, start, JANUARY), date(2026, 11, 15));
        // Renewed by a late pass: the calendar does not move.
        let due = date(2026, 11, 15);
        assert_eq!(review_on(&rule, due, start, date(2026, 12, 1), JANUARY), date(2027, 9, 15));
        // So late that a whole period was missed: the smallest k after the as-of date.
        assert_eq!(review_on(&rule, due, start, date(2027, 9, 15), JANUARY), date(2028, 7, 15));
    }

    #[test]
    fn a_missing_day_is_the_last_of_its_month_and_does_not_stick() {
        let rule = fixed("1 month", CountedFrom::Evaluation, None);
        let start = date(2026, 1, 31);
        assert_eq!(review_on(&rule, start, start, start, JANUARY), date(2026, 2, 28));
        assert_eq!(review_on(&rule, start, start, date(2026, 2, 28), JANUARY), date(2026, 3, 31));
        let leap = date(2024, 2, 29);
        let yearly = fixed("1 year", CountedFrom::Evaluation, None);
        assert_eq!(review_on(&yearly, leap, leap, leap, JANUARY), date(2025, 2, 28));
        assert_eq!(review_on(&yearly, leap, leap, date(2027, 6, 1), JANUARY), date(2028, 2, 29));
    }

    #[test]
    fn fixed_from_entry_a_date_and_each_year() {
        let (start, since) = (date(2026, 5, 1), date(2024, 3, 10));
        let entry = fixed("12 months", CountedFrom::Entry, None);
        assert_eq!(review_on(&entry, start, since, date(2026, 5, 1), JANUARY), date(2027, 3, 10));
        let contract = fixed("1 year", CountedFrom::Date(date(2030, 1, 1)), None);
        assert_eq!(review_on(&contract, start, since, start, JANUARY), date(2031, 1, 1));
        let april = fixed("1 year", CountedFrom::EachYear(MonthDay { month: 4, day: 1 }), None);
        assert_eq!(review_on(&april, start, since, date(2026, 4, 1), JANUARY), date(2027, 4, 1));
        assert_eq!(review_on(&april, start, since, date(2026, 3, 31), JANUARY), date(2026, 4, 1));
    }

    #[test]
    fn rounding_up_to_the_packs_periods() {
        let start = date(2026, 5, 10);
        let rule = |round| fixed("12 months", CountedFrom::Evaluation, Some(round));
        let on = |round, year| review_on(&rule(round), start, start, start, year);
        assert_eq!(on(Round::Month, JANUARY), date(2027, 6, 1));
        assert_eq!(on(Round::Quarter, JANUARY), date(2027, 7, 1));
        assert_eq!(on(Round::HalfYear, JANUARY), date(2027, 7, 1));
        // Status to the end of next year.
        assert_eq!(on(Round::Year, JANUARY), date(2028, 1, 1));
        assert_eq!(on(Round::Year, NOWRUZ), date(2028, 3, 21));
        assert_eq!(on(Round::Quarter, NOWRUZ), date(2027, 6, 21));
        // Unless it is one already.
        let first = date(2026, 7, 1);
        assert_eq!(
            review_on(&rule(Round::Quarter), first, first, first, JANUARY),
            date(2027, 7, 1)
        );
    }

    #[test]
    fn every_so_many_days() {
        let (start, as_of) = (date(2026, 1, 1), date(2026, 2, 4));
        let ten = ReviewRule::Every(duration("10 days"));
        assert_eq!(review_on(&ten, start, start, as_of, JANUARY), date(2026, 2, 10));
        assert_eq!(review_on(&ten, start, start, date(2026, 2, 10), JANUARY), date(2026, 2, 20));
    }

    #[test]
    fn beyond_the_calendar() {
        let rule = fixed("900 years", CountedFrom::Evaluation, None);
        let start = date(9500, 1, 1);
        assert_eq!(review_on(&rule, start, start, start, JANUARY), Date::MAX);
        let daily = ReviewRule::Tick(Tick::Daily);
        assert_eq!(review_on(&daily, start, start, Date::MAX, JANUARY), Date::MAX);
    }
}
