use jiff::civil::Date;

use crate::lifecycle::Duration;

/// Steps of a simulation at most: a year of days is 365, and 27 years are about this many.
pub const MOST_STEPS: usize = 10_000;

/// Why there is nothing to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DatesError {
    #[error("the last date, {to}, is before the first, {from}")]
    Backwards { from: Date, to: Date },
    #[error("a step every {every} from {from} to {to} makes more than {MOST_STEPS} steps")]
    TooMany { from: Date, to: Date, every: Duration },
}

/// The first date, and every so long after it up to the last. Each is counted from the first,
/// so that a short month does not shorten those after it: 31 January, 28 February, 31 March.
pub fn dates(from: Date, to: Date, every: Duration) -> Result<Vec<Date>, DatesError> {
    if to < from {
        return Err(DatesError::Backwards { from, to });
    }
    let all = (0..).map_while(|times| every.after(from, times)).take_while(|date| *date <= to);
    let dates: Vec<Date> = all.take(MOST_STEPS + 1).collect();
    if dates.len() > MOST_STEPS {
        return Err(DatesError::TooMany { from, to, every });
    }
    Ok(dates)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn every(text: &str) -> Duration {
        text.parse().expect("a duration")
    }

    #[test]
    fn the_ends_of_months_are_counted_from_the_first() {
        let found = dates(date(2024, 1, 31), date(2024, 5, 30), every("1 month"));
        let expected = [(1, 31), (2, 29), (3, 31), (4, 30)];
        assert_eq!(found, Ok(expected.map(|(month, day)| date(2024, month, day)).to_vec()));
    }

    #[test]
    fn the_last_date_counts_where_it_is_met() {
        let week = dates(date(2026, 3, 2), date(2026, 3, 16), every("1 week")).unwrap();
        assert_eq!(week, [2, 9, 16].map(|day| date(2026, 3, day)));
        let one = date(2026, 3, 2);
        assert_eq!(dates(one, one, every("1 year")), Ok(vec![one]));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let (from, to) = (date(2000, 1, 1), date(2026, 1, 1));
        assert_eq!(
            dates(to, from, every("1 day")),
            Err(DatesError::Backwards { from: to, to: from })
        );
        assert_eq!(dates(from, to, every("1 day")).map(|dates| dates.len()), Ok(9498));
        let to = date(2027, 5, 20);
        assert!(matches!(dates(from, to, every("1 day")), Err(DatesError::TooMany { .. })));
        // The calendar's end is one, too.
        let last = date(9999, 12, 31);
        assert_eq!(dates(last, last, every("1 day")), Ok(vec![last]));
    }
}
