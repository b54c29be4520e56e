//! The parts of a time in ISO 8601 text.

use super::unreadable::Unreadable;
use crate::expr::days_from_date;

pub(super) const NO_TIME: Unreadable =
    Unreadable("no date or time (`2026-03-21` or `2026-03-21 17:05:00`)");
pub(super) const NO_SUCH_DAY: Unreadable = Unreadable("a day that the calendar does not have");
pub(super) const NO_SUCH_TIME: Unreadable = Unreadable("a time that a day does not have");

fn two(digits: &[u8]) -> Option<i64> {
    match digits {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i64::from((a - b'0') * 10 + (b - b'0'))),
        _ => None,
    }
}

pub(super) fn day_of(date: &[u8; 10]) -> Result<i32, Unreadable> {
    if date[4] != b'-' || date[7] != b'-' {
        return Err(NO_TIME);
    }
    let parts = (two(&date[..2]), two(&date[2..4]), two(&date[5..7]), two(&date[8..]));
    let (Some(century), Some(year), Some(month), Some(day)) = parts else {
        return Err(NO_TIME);
    };
    let date = jiff::civil::Date::new((century * 100 + year) as i16, month as i8, day as i8);
    Ok(days_from_date(date.map_err(|_| NO_SUCH_DAY)?))
}

/// Seconds since midnight of `HH:MM` or `HH:MM:SS`, and what follows.
pub(super) fn time_of_day(time: &[u8]) -> Result<(i64, &[u8]), Unreadable> {
    let [h1, h2, b':', m1, m2, rest @ ..] = time else {
        return Err(NO_TIME);
    };
    let (hours, minutes) = (two(&[*h1, *h2]).ok_or(NO_TIME)?, two(&[*m1, *m2]).ok_or(NO_TIME)?);
    let (seconds, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (two(&[*s1, *s2]).ok_or(NO_TIME)?, rest),
        [b':', ..] => return Err(NO_TIME),
        rest => (0, rest),
    };
    // ISO 8601 knows the leap second; it belongs to the minute that it ends.
    if hours > 23 || minutes > 59 || seconds > 60 {
        return Err(NO_SUCH_TIME);
    }
    Ok((hours * 3600 + minutes * 60 + seconds.min(59), rest))
}

/// Microseconds of `.123`, and what follows. Finer digits are left out.
pub(super) fn fraction(text: &[u8]) -> Result<(i64, &[u8]), Unreadable> {
    let [b'.' | b',', rest @ ..] = text else {
        return Ok((0, text));
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return Err(NO_TIME);
    }
    let micros = (0..6).fold(0, |micros, place| {
        let digit = if place < digits { rest[place] - b'0' } else { 0 };
        micros * 10 + i64::from(digit)
    });
    Ok((micros, &rest[digits..]))
}

/// Seconds east of Greenwich of `Z`, `+03:00`, `+0300` or `+03`.
pub(super) fn written_offset(text: &[u8]) -> Result<i64, Unreadable> {
    let (sign, digits) = match text {
        [b'Z' | b'z'] => return Ok(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return Err(NO_TIME),
    };
    let (hours, minutes) = match digits {
        [h1, h2] => (two(&[*h1, *h2]), Some(0)),
        [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (two(&[*h1, *h2]), two(&[*m1, *m2])),
        _ => return Err(NO_TIME),
    };
    let (hours, minutes) = (hours.ok_or(NO_TIME)?, minutes.ok_or(NO_TIME)?);
    if hours > 23 || minutes > 59 {
        return Err(NO_SUCH_TIME);
    }
    Ok(sign * (hours * 3600 + minutes * 60))
}
