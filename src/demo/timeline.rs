//! The days of the demo shops: whole numbers, 0 is the first day on which anybody bought.

use jiff::{
    ToSpan,
    civil::{Date, date},
};

use crate::random::Random;

/// The first day of the fashion shop's facts.
const FIRST: Date = date(2024, 5, 22);

/// The last day with facts, in both shops: 2026-11-21, two and a half years after the first.
pub(super) const LAST_DAY: i64 = 913;

/// The civil date of a day; days before 0 are before the first fact.
pub(super) fn date_of(day: i64) -> Date {
    FIRST.checked_add(day.days()).expect("demo days are within a few decades of the first one")
}

/// A time on that day at which shops are open, as `YYYY-MM-DD HH:MM:SS`.
pub(super) fn time_on(day: i64, random: &mut Random) -> String {
    const OPENS: i64 = 9;
    const CLOSES: i64 = 21;
    let (hour, minute, second) =
        (random.between(OPENS, CLOSES), random.between(0, 59), random.between(0, 59));
    format!("{} {hour:02}:{minute:02}:{second:02}", date_of(day))
}

/// A birthday of an adult, or nothing: `known` of 100 have told us.
pub(super) fn birthday(known: i64, random: &mut Random) -> Option<String> {
    const YEAR: i64 = 365;
    let day = -random.between(18 * YEAR, 75 * YEAR);
    random.chance(known).then(|| date_of(day).to_string())
}

/// The span of days in which a customer buys.
pub(super) struct Stay {
    pub(super) from: i64,
    pub(super) to: i64,
    /// From this day on they come three times more rarely.
    pub(super) fades: i64,
}

/// The days on which somebody buys who comes about every `gap` days.
pub(super) fn buying_days(stay: &Stay, gap: i64, random: &mut Random) -> Vec<i64> {
    let gap = gap.max(1);
    let mut days = Vec::new();
    let mut day = stay.from + random.between(0, gap);
    while day <= stay.to {
        days.push(day);
        let usual = random.between((gap / 3).max(1), (gap * 5 / 3).max(1));
        day += if day >= stay.fades { usual * 3 } else { usual };
    }
    days
}

#[cfg(test)]
mod tests {
    use super::{LAST_DAY, Random, Stay, buying_days, date_of};
    use crate::demo::DEMO_AS_OF;

    #[test]
    fn the_last_fact_is_on_the_day_before_the_evaluation() {
        assert_eq!(date_of(LAST_DAY).to_string(), "2026-11-21");
        assert_eq!(date_of(LAST_DAY + 1).to_string(), DEMO_AS_OF);
    }

    #[test]
    fn nobody_buys_outside_of_their_stay() {
        let stay = Stay { from: 10, to: 90, fades: 50 };
        let days = buying_days(&stay, 7, &mut Random::new(7));
        assert!(days.len() > 5);
        assert!(days.iter().all(|day| (10..=90).contains(day)));
        assert!(days.is_sorted());
    }
}
