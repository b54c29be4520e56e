use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::types::ValueRef;

use super::time_text::{NO_TIME, day_of, fraction, time_of_day, written_offset};
use super::unreadable::Unreadable;
use crate::program::AtUnit;

const SECONDS_A_DAY: i64 = 86_400;
const MICROS_A_SECOND: i64 = 1_000_000;

const NULL: Unreadable = Unreadable("which is no time");
const BLOB: Unreadable = Unreadable("which is no time");
const NOT_WHOLE: Unreadable = Unreadable("no whole number of seconds or milliseconds");
const OUT_OF_RANGE: Unreadable =
    Unreadable("beyond the year 9999 (are these milliseconds? then write `at_unit: ms`)");

/// When something was, in the civil time of the pack's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Since 1970-01-01.
    pub(super) day: i32,
    /// Since 1970-01-01 00:00.
    pub(super) micros: i64,
}

/// Reads times. It remembers what the last one needed: rows are mostly in the order of time.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    zone: TimeZone,
    unit: AtUnit,
    /// Spans of time with one offset, the last used first.
    offsets: Vec<OffsetSpan>,
    last_date: [u8; 10],
    last_day: i32,
}

/// Unix seconds from `from` up to but without `until`.
#[derive(Debug, Clone, Copy)]
struct OffsetSpan {
    from: i64,
    until: i64,
    /// Seconds east of Greenwich.
    offset: i64,
}

impl Clock {
    pub(super) fn new(zone: TimeZone, unit: AtUnit) -> Self {
        Self { zone, unit, offsets: Vec::new(), last_date: *b"1970-01-01", last_day: 0 }
    }

    #[inline]
    pub(super) fn read(&mut self, value: ValueRef<'_>) -> Result<Moment, Unreadable> {
        match value {
            ValueRef::Text(text) => self.text(text),
            ValueRef::Integer(number) => self.unix(number),
            ValueRef::Real(number) => match whole(number) {
                Some(number) => self.unix(number),
                None => Err(NOT_WHOLE),
            },
            ValueRef::Null => Err(NULL),
            ValueRef::Blob(_) => Err(BLOB),
        }
    }

    fn unix(&mut self, number: i64) -> Result<Moment, Unreadable> {
        match self.unit {
            AtUnit::Seconds => self.instant(number, 0),
            AtUnit::Milliseconds => {
                self.instant(number.div_euclid(1000), number.rem_euclid(1000) * 1000)
            }
        }
    }

    fn instant(&mut self, seconds: i64, micros: i64) -> Result<Moment, Unreadable> {
        let local = seconds + self.offset(seconds)?;
        Ok(Moment {
            day: local.div_euclid(SECONDS_A_DAY) as i32,
            micros: local * MICROS_A_SECOND + micros,
        })
    }

    #[inline]
    fn offset(&mut self, seconds: i64) -> Result<i64, Unreadable> {
        let spans = &mut self.offsets;
        match spans.iter().position(|span| span.from <= seconds && seconds < span.until) {
            Some(0) => {}
            Some(place) => spans.swap(0, place),
            None => {
                let span = offset_span(&self.zone, seconds)?;
                self.offsets.insert(0, span);
            }
        }
        Ok(self.offsets[0].offset)
    }

    /// `YYYY-MM-DD`, then perhaps `T` or a space, `HH:MM`, seconds, a fraction, and `Z` or an
    /// offset.
    #[inline]
    fn text(&mut self, text: &[u8]) -> Result<Moment, Unreadable> {
        let Some((date, rest)) = text.split_first_chunk::<10>() else {
            return Err(NO_TIME);
        };
        if *date != self.last_date {
            self.last_day = day_of(date)?;
            self.last_date = *date;
        }
        let day = self.last_day;
        let midnight = i64::from(day) * SECONDS_A_DAY;
        let (seconds, rest) = match rest {
            [] => return Ok(Moment { day, micros: midnight * MICROS_A_SECOND }),
            [b'T' | b' ', time @ ..] => time_of_day(time)?,
            _ => return Err(NO_TIME),
        };
        if rest.is_empty() {
            return Ok(Moment { day, micros: (midnight + seconds) * MICROS_A_SECOND });
        }
        let (micros, rest) = fraction(rest)?;
        if rest.is_empty() {
            let micros = (midnight + seconds) * MICROS_A_SECOND + micros;
            return Ok(Moment { day, micros });
        }
        self.instant(midnight + seconds - written_offset(rest)?, micros)
    }
}

/// The integer that a REAL is.
pub(super) fn whole(number: f64) -> Option<i64> {
    // 2^63 is the first beyond; below 2^53 every integer has its REAL.
    let fits = number.fract() == 0.0 && (-(2_f64.powi(63))..2_f64.powi(63)).contains(&number);
    fits.then_some(number as i64)
}

fn offset_span(zone: &TimeZone, seconds: i64) -> Result<OffsetSpan, Unreadable> {
    let at = Timestamp::from_second(seconds).map_err(|_| OUT_OF_RANGE)?;
    // `preceding` leaves out a transition at the very instant.
    let after = Timestamp::from_second(seconds + 1).map_err(|_| OUT_OF_RANGE)?;
    let from = zone.preceding(after).next().map(|transition| transition.timestamp().as_second());
    let until = zone.following(at).next().map(|transition| transition.timestamp().as_second());
    Ok(OffsetSpan {
        // Without a transition: to the ends of what a time stamp can be.
        from: from.unwrap_or(Timestamp::MIN.as_second()),
        until: until.unwrap_or(Timestamp::MAX.as_second()),
        offset: i64::from(zone.to_offset(at).seconds()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::time_text::{NO_SUCH_DAY, NO_SUCH_TIME};
    use super::*;
    use crate::expr::date_from_days;

    fn clock(zone: &str, unit: AtUnit) -> Clock {
        Clock::new(TimeZone::get(zone).unwrap(), unit)
    }

    fn text(zone: &str, text: &str) -> Result<(String, i64), Unreadable> {
        let moment = clock(zone, AtUnit::Seconds).read(ValueRef::Text(text.as_bytes()))?;
        Ok((civil(moment.day), moment.micros - i64::from(moment.day) * 86_400_000_000))
    }

    fn civil(day: i32) -> String {
        date_from_days(day).to_string()
    }

    #[test]
    fn text_without_an_offset_is_in_the_packs_zone() {
        let read = |t| text("Europe/Istanbul", t).unwrap();
        assert_eq!(read("2026-03-21"), ("2026-03-21".into(), 0));
        assert_eq!(read("2026-03-21T17:05"), ("2026-03-21".into(), 61_500_000_000));
        assert_eq!(read("2026-03-21 23:59:59"), ("2026-03-21".into(), 86_399_000_000));
        assert_eq!(read("2026-03-21 00:00:00.1234567"), ("2026-03-21".into(), 123_456));
        assert_eq!(read("2024-02-29 00:00:60"), ("2024-02-29".into(), 59_000_000));
    }

    #[test]
    fn text_with_an_offset_is_moved_to_the_packs_zone() {
        // Istanbul is three hours east.
        let read = |t| text("Europe/Istanbul", t).unwrap();
        assert_eq!(read("2026-03-21T22:30:00Z"), ("2026-03-22".into(), 5_400_000_000));
        assert_eq!(read("2026-03-21T22:30:00+03:00"), ("2026-03-21".into(), 81_000_000_000));
        assert_eq!(read("2026-03-21 00:30+0300"), ("2026-03-21".into(), 1_800_000_000));
        assert_eq!(read("2026-01-01T00:00:00.5-05"), ("2026-01-01".into(), 28_800_500_000));
    }

    #[test]
    fn unix_time_follows_the_zones_summer_time() {
        // 2026-03-29 01:00 UTC: Berlin goes from +1 to +2.
        let edge = 1_774_746_000;
        let mut clock = clock("Europe/Berlin", AtUnit::Seconds);
        let mut time = |seconds| {
            let moment = clock.read(ValueRef::Integer(seconds)).unwrap();
            (moment.micros / 1_000_000).rem_euclid(86_400)
        };
        assert_eq!(time(edge - 1), 2 * 3600 - 1);
        assert_eq!(time(edge), 3 * 3600);
        assert_eq!(time(edge - 1), 2 * 3600 - 1);
        assert_eq!(time(edge + 86_400), 3 * 3600);
    }

    #[test]
    fn milliseconds_and_whole_reals_are_read() {
        let mut clock = clock("UTC", AtUnit::Milliseconds);
        let expected = Moment { day: -1, micros: -1_000 };
        assert_eq!(clock.read(ValueRef::Integer(-1)), Ok(expected));
        assert_eq!(clock.read(ValueRef::Real(-1.0)), Ok(expected));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text_ in [
            "",
            "2026",
            "2026-3-21",
            "21.03.2026",
            "2026/03/21",
            "2026-03-21x",
            "2026-03-21 ",
            "2026-03-21T",
            "2026-03-21 7:00",
            "2026-03-21 07:00:",
            "2026-03-21 07:00:00.",
            "2026-03-21 07:00 +",
            "2026-03-21 07:00:00+3",
            "1774051200",
            "２０２６-03-21",
        ] {
            assert_eq!(text("UTC", text_), Err(NO_TIME), "{text_}");
        }
        for text_ in ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00"] {
            assert_eq!(text("UTC", text_), Err(NO_SUCH_DAY), "{text_}");
        }
        for text_ in ["2026-01-01 24:00", "2026-01-01 10:60", "2026-01-01T10:00:61"] {
            assert_eq!(text("UTC", text_), Err(NO_SUCH_TIME), "{text_}");
        }
        let mut clock = clock("UTC", AtUnit::Seconds);
        assert_eq!(clock.read(ValueRef::Null), Err(NULL));
        assert_eq!(clock.read(ValueRef::Blob(b"2026-03-21")), Err(BLOB));
        assert_eq!(clock.read(ValueRef::Real(0.5)), Err(NOT_WHOLE));
        assert_eq!(clock.read(ValueRef::Real(f64::INFINITY)), Err(NOT_WHOLE));
        assert_eq!(clock.read(ValueRef::Integer(1_774_051_200_000)), Err(OUT_OF_RANGE));
        assert_eq!(clock.read(ValueRef::Integer(i64::MAX)), Err(OUT_OF_RANGE));
        assert_eq!(clock.read(ValueRef::Integer(i64::MIN)), Err(OUT_OF_RANGE));
    }
}
