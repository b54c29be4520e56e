//! When a schedule's next moment is.

use jiff::civil::{Date, DateTime, Time, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::pack::Schedule;

/// The first moment after one. A local time that a day does not have is taken when the clocks have
/// moved on; one that it has twice, the first time.
pub fn next_after(schedule: Schedule, after: Timestamp, zone: &TimeZone) -> Timestamp {
    let mut date = after.to_zoned(zone.clone()).date();
    loop {
        let moments = moments(schedule, date).filter_map(|local| moment(local, zone));
        if let Some(next) = moments.filter(|moment| *moment > after).min() {
            return next;
        }
        match date.tomorrow() {
            Ok(next) => date = next,
            // The end of the calendar.
            Err(_) => return Timestamp::MAX,
        }
    }
}

/// The local times of a date.
fn moments(schedule: Schedule, date: Date) -> Box<dyn Iterator<Item = DateTime>> {
    match schedule {
        Schedule::Daily(at) => Box::new(std::iter::once(date.to_datetime(at))),
        Schedule::Weekly(day, at) => {
            Box::new((date.weekday() == day).then(|| date.to_datetime(at)).into_iter())
        }
        Schedule::Every(minutes) => {
            let midnight = date.to_datetime(time(0, 0, 0, 0));
            let end = date.to_datetime(Time::MAX);
            let step = i64::from(minutes);
            let each = (0..).map_while(move |count: i64| {
                midnight.checked_add((count * step).minutes()).ok().filter(|at| *at <= end)
            });
            Box::new(each)
        }
    }
}

fn moment(local: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn next(schedule: &str, zone: &str, after: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let next = next_after(schedule.parse().unwrap(), after.parse().unwrap(), &zone);
        next.to_string()
    }

    #[test]
    fn the_next_moment_is_after_this_one() {
        let daily = "daily at 03:00";
        assert_eq!(next(daily, "UTC", "2026-03-21T02:59:59Z"), "2026-03-21T03:00:00Z");
        assert_eq!(next(daily, "UTC", "2026-03-21T03:00:00Z"), "2026-03-22T03:00:00Z");
        // Istanbul is three hours ahead, Tehran three and a half.
        assert_eq!(next(daily, "Europe/Istanbul", "2026-03-21T00:00:00Z"), "2026-03-22T00:00:00Z");
        assert_eq!(next(daily, "Asia/Tehran", "2026-03-20T23:00:00Z"), "2026-03-20T23:30:00Z");
        // 2026-03-21 is a Saturday.
        let weekly = "weekly on monday at 04:00";
        assert_eq!(next(weekly, "UTC", "2026-03-21T12:00:00Z"), "2026-03-23T04:00:00Z");
        assert_eq!(next(weekly, "UTC", "2026-03-23T04:00:00Z"), "2026-03-30T04:00:00Z");
        let often = "every 15 minutes";
        assert_eq!(next(often, "UTC", "2026-03-21T12:00:00Z"), "2026-03-21T12:15:00Z");
        assert_eq!(next(often, "Asia/Tehran", "2026-03-21T20:29:00Z"), "2026-03-21T20:30:00Z");
        // Seven hours do not divide a day: counted from each midnight.
        assert_eq!(next("every 7 hours", "UTC", "2026-03-21T21:00:00Z"), "2026-03-22T00:00:00Z");
    }

    #[test]
    fn clocks_that_are_put_forward_and_back() {
        // New York has no 02:30 on 2026-03-08: at 02:00 (07:00Z) it becomes 03:00.
        let at = "daily at 02:30";
        let zone = "America/New_York";
        assert_eq!(next(at, zone, "2026-03-08T06:00:00Z"), "2026-03-08T07:30:00Z");
        // It has 01:30 twice on 2026-11-01: 05:30Z and 06:30Z. Once is enough.
        let at = "daily at 01:30";
        assert_eq!(next(at, zone, "2026-11-01T05:00:00Z"), "2026-11-01T05:30:00Z");
        assert_eq!(next(at, zone, "2026-11-01T05:30:00Z"), "2026-11-02T06:30:00Z");
        // Lord Howe moves by half an hour: on 2026-10-04 there is no 02:15, at 02:00 (15:30Z of
        // the day before) it becomes 02:30.
        let zone = "Australia/Lord_Howe";
        let at = "daily at 02:15";
        assert_eq!(next(at, zone, "2026-10-03T15:00:00Z"), "2026-10-03T15:45:00Z");
    }
}
