//! How far a number, a date or a duration is moved.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::expr::Unit;
use crate::lifecycle::{Duration, DurationUnit};

/// Variants of a moved number.
pub(super) const UP: u32 = 0;
pub(super) const DOWN: u32 = 1;
pub(super) const TENTH_UP: u32 = 2;
pub(super) const TENTH_DOWN: u32 = 3;

/// The smallest step of what is counted: a minor unit of money, one of what is whole, and for other
/// numbers one of the last decimal place that is written.
pub(super) fn smallest(unit: Unit, places: u32, money_decimals: u8) -> Decimal {
    match unit {
        Unit::Money => Decimal::new(1, u32::from(money_decimals)),
        Unit::Count | Unit::Days => Decimal::ONE,
        Unit::Percent | Unit::Number => Decimal::new(1, places),
    }
}

/// A tenth of a value, in whole steps; `None` where that is no more than one step.
pub(super) fn tenth(value: Decimal, smallest: Decimal) -> Option<Decimal> {
    let tenth = value.abs().checked_mul(Decimal::new(1, 1))?;
    let away = RoundingStrategy::MidpointAwayFromZero;
    let tenth = tenth.round_dp_with_strategy(smallest.scale(), away).normalize();
    (tenth > smallest).then_some(tenth)
}

/// A number moved by one step and by a tenth, with the variants.
pub(super) fn moved(value: Decimal, smallest: Decimal) -> Vec<(u32, Decimal)> {
    let mut steps = vec![(UP, value.checked_add(smallest)), (DOWN, value.checked_sub(smallest))];
    if let Some(tenth) = tenth(value, smallest) {
        steps.push((TENTH_UP, value.checked_add(tenth)));
        steps.push((TENTH_DOWN, value.checked_sub(tenth)));
    }
    let normal = |(variant, value): (u32, Option<Decimal>)| Some((variant, value?.normalize()));
    steps.into_iter().filter_map(normal).collect()
}

/// Decimal places of a number as it is written.
pub(super) fn places(written: &str) -> u32 {
    let decimals = written.split_once('.').map_or("", |(_, decimals)| decimals);
    decimals.bytes().take_while(u8::is_ascii_digit).count() as u32
}

/// One unit less; the last of a unit becomes the most of a smaller one that is less for sure.
pub(super) fn shorter(duration: Duration) -> Option<Duration> {
    let of = |count, unit| Some(Duration { count, unit });
    match (duration.count, duration.unit) {
        (1, DurationUnit::Year) => of(11, DurationUnit::Month),
        (1, DurationUnit::Month) => of(27, DurationUnit::Day),
        (1, DurationUnit::Week) => of(6, DurationUnit::Day),
        (1, DurationUnit::Day) => None,
        (count, unit) => of(count - 1, unit),
    }
}

pub(super) fn longer(duration: Duration) -> Duration {
    Duration { count: duration.count.saturating_add(1), ..duration }
}

/// A day more, where the unit is a number of days.
pub(super) fn day_longer(duration: Duration) -> Duration {
    longer(in_days(duration))
}

/// A day less, where the unit is a number of days.
pub(super) fn day_shorter(duration: Duration) -> Option<Duration> {
    shorter(in_days(duration))
}

fn in_days(duration: Duration) -> Duration {
    match duration.unit {
        DurationUnit::Week => Duration::days(duration.count.saturating_mul(7)),
        DurationUnit::Day | DurationUnit::Month | DurationUnit::Year => duration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    fn all(value: &str, smallest: &str) -> Vec<String> {
        let moved = moved(number(value), number(smallest));
        moved.iter().map(|(_, value)| value.to_string()).collect()
    }

    #[test]
    fn numbers_move_by_a_step_and_by_a_tenth() {
        assert_eq!(all("1000", "0.01"), ["1000.01", "999.99", "1100", "900"]);
        assert_eq!(all("0.5", "0.1"), ["0.6", "0.4"]);
        // A tenth of 15 is 1.5, so 2; of 14 it is 1, which is a step.
        assert_eq!(all("15", "1"), ["16", "14", "17", "13"]);
        assert_eq!(all("14", "1"), ["15", "13"]);
        assert_eq!(all("0", "1"), ["1", "-1"]);
        assert_eq!(all("-20", "1"), ["-19", "-21", "-18", "-22"]);
    }

    #[test]
    fn the_smallest_step_is_of_what_is_counted() {
        let step = |unit, written| smallest(unit, places(written), 2).to_string();
        assert_eq!(step(Unit::Money, "1000"), "0.01");
        assert_eq!(step(Unit::Count, "6"), "1");
        assert_eq!(step(Unit::Days, "30.5"), "1");
        assert_eq!(step(Unit::Percent, "12.50"), "0.01");
        assert_eq!(step(Unit::Number, "3"), "1");
    }

    #[test]
    fn durations_become_shorter_and_longer() {
        let duration = |text: &str| text.parse::<Duration>().expect("a duration");
        let shown = |duration: Option<Duration>| duration.map(|it| it.to_string());
        for (from, to) in [
            ("12 months", Some("11 months")),
            ("1 year", Some("11 months")),
            ("1 month", Some("27 days")),
            ("1 week", Some("6 days")),
            ("2 days", Some("1 day")),
            ("1 day", None),
        ] {
            assert_eq!(shown(shorter(duration(from))).as_deref(), to);
        }
        assert_eq!(longer(duration("1 year")).to_string(), "2 years");
        assert_eq!(day_longer(duration("2 weeks")).to_string(), "15 days");
        assert_eq!(shown(day_shorter(duration("1 week"))).as_deref(), Some("6 days"));
        assert_eq!(day_longer(duration("3 months")).to_string(), "4 months");
    }
}
