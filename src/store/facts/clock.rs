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

/// When something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The civil date in the pack's zone, since 1970-01-01.
    pub(super) day: i32,
    /// The instant, since 1970-01-01 00:00 UTC: of the hour that clocks show twice, the second
    /// is the later one.
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
            micros: seconds * MICROS_A_SECOND + micros,
        })
    }

    /// The instant, in microseconds, of a civil time of the zone, in seconds.
    #[inline]
    fn since_epoch(&mut self, local: i64) -> i64 {
        let sure = |span: &OffsetSpan| {
            let seconds = local - span.offset;
            span.from + SECONDS_A_DAY <= seconds && seconds < span.until - SECONDS_A_DAY
        };
        if !self.offsets.first().is_some_and(sure) {
            // Brings the span there to the front; beyond the calendar it stays as it is.
            let _ = self.offset(local);
        }
        let seconds = match self.offsets.first() {
            Some(span) if sure(span) => local - span.offset,
            _ => near_transition(&self.zone, local).unwrap_or(local),
        };
        seconds * MICROS_A_SECOND
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
            [] => return Ok(Moment { day, micros: self.since_epoch(midnight) }),
            [b'T' | b' ', time @ ..] => time_of_day(time)?,
            _ => return Err(NO_TIME),
        };
        if rest.is_empty() {
            return Ok(Moment { day, micros: self.since_epoch(midnight + seconds) });
        }
        let (micros, rest) = fraction(rest)?;
        if rest.is_empty() {
            let micros = self.since_epoch(midnight + seconds) + micros;
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

/// Unix seconds of a civil time on a day when the clocks may change: the first of two, and of
/// none the one as far behind the change.
fn near_transition(zone: &TimeZone, local: i64) -> Option<i64> {
    let civil = Timestamp::from_second(local).ok()?.to_zoned(TimeZone::UTC).datetime();
    let instant = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    Some(instant.as_second())
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
        let offset = if zone == "Europe/Istanbul" { 3 * 3_600_000_000 } else { 0 };
        let midnight = i64::from(moment.day) * 86_400_000_000;
        Ok((civil(moment.day), moment.micros + offset - midnight))
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
            clock.read(ValueRef::Integer(seconds)).unwrap();
            (seconds + clock.offset(seconds).unwrap()).rem_euclid(86_400)
        };
        assert_eq!(time(edge - 1), 2 * 3600 - 1);
        assert_eq!(time(edge), 3 * 3600);
        assert_eq!(time(edge - 1), 2 * 3600 - 1);
        assert_eq!(time(edge + 86_400), 3 * 3600);
    }

    #[test]
    fn the_hour_that_clocks_show_twice_is_in_the_order_of_time() {
        // 2025-10-26 01:00 UTC: Berlin goes back from 03:00 to 02:00.
        let mut clock = clock("Europe/Berlin", AtUnit::Seconds);
        let mut micros = |text: &str| clock.read(ValueRef::Text(text.as_bytes())).unwrap().micros;
        let order = [
            "2025-10-24 12:00",
            "2025-10-26 01:59:59",
            "2025-10-26T00:30:00Z",
            "2025-10-26 02:45",
            "2025-10-26T01:10:00Z",
            "2025-10-26 03:00",
            "2025-10-26T02:00:01Z",
            "2025-12-01",
            "2026-03-29 01:59",
            "2026-03-29T03:00:00+02:00",
        ];
        let times: Vec<i64> = order.iter().map(|text| micros(text)).collect();
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
        assert_eq!(micros("2025-10-26 03:00"), micros("2025-10-26T02:00:00Z"));
        assert_eq!(micros("2026-07-01 12:00"), micros("2026-07-01T10:00:00Z"));
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
