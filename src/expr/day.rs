//! Dates as columns hold them: whole days since 1970-01-01.

use jiff::civil::Date;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i32 = 719_468;
const DAYS_PER_ERA: i32 = 146_097;

/// Days from 1970-01-01 to the date (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
pub fn days_from_date(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
        - EPOCH
}

/// The date of a day; days outside of the calendar become its first or last date.
pub fn date_from_days(day: i32) -> Date {
    let Some(day) = day.checked_add(EPOCH) else { return Date::MAX };
    let era = day.div_euclid(DAYS_PER_ERA);
    let day_of_era = day.rem_euclid(DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    let Ok(year) = i16::try_from(year) else {
        return if year < 0 { Date::MIN } else { Date::MAX };
    };
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    Date::new(year, month as i8, day as i8).unwrap_or(if year < 0 { Date::MIN } else { Date::MAX })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(days_from_date(date(1970, 1, 1)), 0);
        assert_eq!(days_from_date(date(2000, 3, 1)), 11_017);
        assert_eq!(days_from_date(date(1969, 12, 31)), -1);
        assert_eq!(date_from_days(11_016), date(2000, 2, 29));
    }

    #[test]
    fn every_day_of_the_calendar_comes_back() {
        let (first, last) = (days_from_date(Date::MIN), days_from_date(Date::MAX));
        for day in (first..=last).step_by(37).chain([first, last]) {
            assert_eq!(days_from_date(date_from_days(day)), day);
        }
        assert_eq!(date_from_days(i32::MAX), Date::MAX);
        assert_eq!(date_from_days(last + 1), Date::MAX);
        assert_eq!(date_from_days(first - 1), Date::MIN);
    }
}
