//! What people write for a number, a duration or a date, and what to write instead.

use jiff::civil::Date;

use super::literal::decimal;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::expr::{Unit, digit, number_with_commas, without_currency};
use crate::lifecycle::{Duration, DurationError};
use crate::source::Span;

/// The finding for a text that is no number, in the words that expressions use too.
pub(crate) fn no_number(written: &str, span: Span, unit: Unit) -> Diagnostic {
    let (code, message, help) = number_words(written, unit);
    Diagnostic::new(code, span, message).help(help)
}

fn number_words(written: &str, unit: Unit) -> (Code, String, String) {
    let ascii: String = written.chars().map(ascii_digit).collect();
    if let Some(number) = ascii.trim_end().strip_suffix(['%', '٪', '％']).map(str::trim_end)
        && let Some(number) = plain(number)
    {
        let message = "a number has no percent sign".to_owned();
        return (Code::PercentSign, message, format!("percents are 0 to 100: write `{number}`"));
    }
    if ascii != written
        && let Some(number) = plain(&ascii)
    {
        let message = format!("`{written}` has digits of another script");
        return (Code::ForeignDigits, message, format!("write `{number}`"));
    }
    if let Some(number) = number_with_commas(written) {
        let message = "a number has no comma".to_owned();
        return (Code::ThousandsComma, message, format!("write `{number}`"));
    }
    if let Some(amount) = without_currency(&ascii)
        && let Some(number) = plain(amount)
    {
        let message = format!("`{written}`: a number stands alone, without a currency");
        return (Code::InvalidValue, message, format!("write `{number}`"));
    }
    let message = match written {
        "" => "a number is missing".to_owned(),
        _ => format!("`{written}` is no number"),
    };
    if let Some(number) = plain(&ascii) {
        return (Code::InvalidValue, message, format!("write `{number}`"));
    }
    let help = match unit {
        Unit::Percent => "write a number from 0 to 100",
        Unit::Count => "write a whole number",
        _ => "write the digits alone, as in `1000` or `99.90`",
    };
    (Code::InvalidValue, message, help.to_owned())
}

/// What to write for a number that stands in quotation marks.
pub(crate) fn without_quotes(written: &str, unit: Unit) -> String {
    let written = written.trim();
    match decimal(written) {
        Some(_) => format!("write `{written}` without quotation marks"),
        None => number_words(written, unit).2,
    }
}

/// A number written with separators, as digits and a point; one that is plain already too.
fn plain(written: &str) -> Option<String> {
    if decimal(written).is_some() {
        return Some(written.to_owned());
    }
    if let Some(number) = number_with_commas(written) {
        return Some(number);
    }
    let western = written.replace('\u{66b}', ".").replace('\u{66c}', "");
    let joined = western.replace(['_', ' ', '\'', '\u{a0}', '\u{202f}'], "");
    if decimal(&joined).is_some() {
        return Some(joined);
    }
    let (digits, times) = match joined.to_lowercase().chars().next_back()? {
        'k' => (&joined[..joined.len() - 1], 1_000),
        'm' => (&joined[..joined.len() - 1], 1_000_000),
        _ => return None,
    };
    let number = decimal(digits)?.checked_mul(times.into())?;
    Some(number.normalize().to_string())
}

/// The ASCII digit for a digit of a script that the packs' readers use.
fn ascii_digit(c: char) -> char {
    digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// Units of time in the languages of the packs' readers, and letters that stand for them.
const TIME_WORDS: &[(&str, &str)] = &[
    ("d", "days"),
    ("w", "weeks"),
    ("m", "months"),
    ("y", "years"),
    ("mo", "months"),
    ("gün", "days"),
    ("gun", "days"),
    ("hafta", "weeks"),
    ("ay", "months"),
    ("yıl", "years"),
    ("yil", "years"),
    ("sene", "years"),
    ("tag", "days"),
    ("tage", "days"),
    ("woche", "weeks"),
    ("wochen", "weeks"),
    ("monat", "months"),
    ("monate", "months"),
    ("jahr", "years"),
    ("jahre", "years"),
    ("روز", "days"),
    ("هفته", "weeks"),
    ("ماه", "months"),
    ("سال", "years"),
    ("วัน", "days"),
    ("สัปดาห์", "weeks"),
    ("เดือน", "months"),
    ("ปี", "years"),
    ("quarter", "quarters"),
    ("quarters", "quarters"),
];

/// What to write instead of a text that is no duration.
pub(crate) fn duration_help(written: &str) -> String {
    if matches!(written.parse::<Duration>(), Err(DurationError::TooLong)) {
        return "write a shorter one, as in `12 months`".to_owned();
    }
    let fallback = "write a whole number and a unit, as in `12 months`".to_owned();
    let ascii: String = written.chars().map(ascii_digit).collect();
    let ascii = ascii.strip_prefix("last ").unwrap_or(&ascii).trim();
    if matches!(ascii, "no" | "none" | "never" | "false") {
        return "leave the line out".to_owned();
    }
    let split = ascii.find(|c: char| !c.is_ascii_digit()).unwrap_or(ascii.len());
    let (count, unit) = ascii.split_at(split);
    let unit = unit.trim().to_lowercase();
    if count.is_empty() && nearest(&unit, ["day", "week", "month", "year"]).is_some() {
        return format!("write how many: `1 {unit}`");
    }
    let Ok(number) = count.parse::<u32>() else { return fallback };
    if number == 0 {
        return fallback;
    }
    if unit.is_empty() {
        return format!(
            "say what it counts: `{number} days`, `{number} weeks` or `{number} months`"
        );
    }
    let known = TIME_WORDS.iter().find(|(word, _)| *word == unit).map(|(_, unit)| *unit);
    match known.or_else(|| nearest(&unit, ["days", "weeks", "months", "years"])) {
        Some("quarters") => format!("write `{} months`", u64::from(number) * 3),
        Some(unit) if number == 1 => format!("did you mean `1 {}`?", unit.trim_end_matches('s')),
        Some(unit) => format!("did you mean `{number} {unit}`?"),
        None => fallback,
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Message and help for a text that is no date.
pub(crate) fn no_date(text: &str) -> (String, String) {
    let ascii: String = text.chars().map(ascii_digit).collect();
    let numbers: Vec<&str> = ascii.split(['-', '.', '/']).map(str::trim).collect();
    let parsed: Option<Vec<i16>> = numbers.iter().map(|part| part.parse().ok()).collect();
    let (year, month, day) = match parsed.as_deref() {
        Some([year, month, day]) if numbers[0].len() == 4 => (*year, *month, *day),
        // Day first, as nearly everywhere; what cannot be a month is the day.
        Some([month, day, year]) if numbers[2].len() == 4 && *day > 12 => (*year, *month, *day),
        Some([day, month, year]) if numbers[2].len() == 4 => (*year, *month, *day),
        _ => {
            let help = "write year, month and day, as in `2026-03-21`".to_owned();
            return (format!("`{text}` is no date"), help);
        }
    };
    let form = format!("{year:04}-{month:02}-{day:02}");
    let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index));
    let date = Date::new(year, month.try_into().unwrap_or(0), day.try_into().unwrap_or(0));
    match (date, name) {
        (Ok(_), _) => (format!("`{text}` is not how a date is written"), format!("write `{form}`")),
        (Err(_), None) => (
            format!("`{text}` is no date: there is no month {month}"),
            "months are 01 to 12".into(),
        ),
        (Err(_), Some(name)) => {
            let last = Date::new(year, month as i8, 1).map_or(28, Date::days_in_month);
            let message = format!("`{text}` is no date: {name} {year} has {last} days");
            (message, format!("did you mean `{year:04}-{month:02}-{last:02}`?"))
        }
    }
}

/// "it has `vip`, `gold`", where the names are few enough to be read.
pub(super) fn has(names: &[String]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    (1..=12).contains(&names.len()).then(|| format!("it has {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(written: &str) -> (Code, String) {
        let (code, _, help) = number_words(written, Unit::Money);
        (code, help)
    }

    #[test]
    fn numbers_get_the_form_that_is_read() {
        for (written, code, help) in [
            ("1,000", Code::ThousandsComma, "write `1000`"),
            ("2,5", Code::ThousandsComma, "write `2.5`"),
            ("1.000,50", Code::ThousandsComma, "write `1000.50`"),
            ("20%", Code::PercentSign, "percents are 0 to 100: write `20`"),
            ("۲۰٪", Code::PercentSign, "percents are 0 to 100: write `20`"),
            ("۱۰۰۰", Code::ForeignDigits, "write `1000`"),
            ("๑,๐๐๐", Code::ForeignDigits, "write `1000`"),
            ("₺1000", Code::InvalidValue, "write `1000`"),
            ("1.000,50 TL", Code::InvalidValue, "write `1000.50`"),
            ("1 000", Code::InvalidValue, "write `1000`"),
            ("1.5k", Code::InvalidValue, "write `1500`"),
        ] {
            assert_eq!(number(written), (code, help.to_owned()), "{written}");
        }
    }

    #[test]
    fn durations_get_their_unit() {
        assert_eq!(duration_help("12 ay"), "did you mean `12 months`?");
        assert_eq!(duration_help("1 Monat"), "did you mean `1 month`?");
        assert_eq!(duration_help("๑๒ เดือน"), "did you mean `12 months`?");
        assert_eq!(duration_help("30"), "say what it counts: `30 days`, `30 weeks` or `30 months`");
        assert_eq!(duration_help("last 12 months"), "did you mean `12 months`?");
        assert_eq!(duration_help("2 quarters"), "write `6 months`");
    }

    #[test]
    fn dates_are_turned_round() {
        assert_eq!(no_date("21.03.2026").1, "write `2026-03-21`");
        assert_eq!(no_date("03/21/2026").1, "write `2026-03-21`");
        assert_eq!(no_date("2026-3-1").1, "write `2026-03-01`");
        assert_eq!(no_date("2026-02-30").0, "`2026-02-30` is no date: February 2026 has 28 days");
        assert_eq!(no_date("2026-13-01").1, "months are 01 to 12");
        assert_eq!(no_date("soon").1, "write year, month and day, as in `2026-03-21`");
    }
}
