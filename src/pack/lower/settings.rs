use super::sections::Merged;
use super::{Fields, Lower};
use crate::pack::names;
use crate::pack::yaml::Node;
use crate::pack::{Manifest, ParsedSettings};
use crate::program::MonthDay;
use crate::source::Loc;

/// The largest number of decimals that a currency is given.
const MOST_MONEY_DECIMALS: u8 = 6;

pub(super) fn manifest(merged: &Merged<'_>, manifest: &mut Manifest, lower: &mut Lower<'_>) {
    if let Some(node) = merged.single("pack") {
        manifest.name = lower.word(node, "the pack's name");
        if let Some(name) = &manifest.name
            && !names::is_pack_name(&name.value)
        {
            let help = names::valid_form(&name.value).map(|form| form.replace('_', "-"));
            lower.findings.push(
                crate::diagnostic::Diagnostic::new(
                    crate::diagnostic::Code::InvalidName,
                    name.span,
                    format!("`{}` is no name of a pack: a to z, 0 to 9 and `-`", name.value),
                )
                .maybe_help(help.map(|form| format!("write `{form}`, and the words in `title:`"))),
            );
        }
    }
    if let Some(word) = merged.single("version").and_then(|node| lower.word(node, "the version")) {
        match word.value.parse() {
            Ok(version) => manifest.version = Some(Loc::new(version, word.span)),
            Err(_) => lower.invalid_value(
                word.span,
                format!("`{}` is no version", word.value),
                Some("write three numbers, as in `1.2.0`".to_owned()),
            ),
        }
    }
    if let Some(word) = merged.single("requires").and_then(|node| lower.word(node, "`requires`")) {
        match word.value.parse() {
            Ok(versions) => manifest.requires = Some(Loc::new(versions, word.span)),
            Err(_) => lower.invalid_value(
                word.span,
                format!("`{}` does not say which versions of tierkeeper can run it", word.value),
                Some("write it as in `\">=0.1\"`".to_owned()),
            ),
        }
    }
    manifest.title = lower.title(merged.single("title"), "the title");
}

pub(super) fn settings(fields: &Fields<'_>, lower: &mut Lower<'_>) -> ParsedSettings {
    let known = ["currency", "money_decimals", "timezone", "year_starts", "population"];
    lower.known_keys(&mut fields.clone(), "`settings`", &known);
    let mut word = |key: &str| fields.get(key).and_then(|node| lower.word(node, key));
    let currency = word("currency");
    let timezone = word("timezone");
    ParsedSettings {
        currency,
        timezone,
        money_decimals: fields.get("money_decimals").and_then(|node| decimals(node, lower)),
        year_starts: fields.get("year_starts").and_then(|node| year_start(node, lower)),
        population: lower.maybe_condition(fields.get("population")),
    }
}

fn decimals(node: &Node, lower: &mut Lower<'_>) -> Option<Loc<u8>> {
    let word = lower.word(node, "`money_decimals`")?;
    let decimals = word.value.parse().ok().filter(|decimals| *decimals <= MOST_MONEY_DECIMALS);
    if decimals.is_none() {
        let message = format!("`money_decimals` is a whole number from 0 to {MOST_MONEY_DECIMALS}");
        lower.invalid_value(word.span, message, None);
    }
    decimals.map(|decimals| Loc::new(decimals, word.span))
}

fn year_start(node: &Node, lower: &mut Lower<'_>) -> Option<Loc<MonthDay>> {
    let word = lower.word(node, "`year_starts`")?;
    let day = month_day(&word.value);
    if day.is_none() {
        lower.invalid_value(
            word.span,
            format!("`{}` is no month and day", word.value),
            Some(day_help(&word.value)),
        );
    }
    day.map(|day| Loc::new(day, word.span))
}

/// How a day of the year is written: `21.03`, `3/21` or a whole date turned round.
pub fn day_help(written: &str) -> String {
    let parts: Vec<&str> = written.split(['-', '.', '/']).filter(|part| !part.is_empty()).collect();
    let numbers: Option<Vec<i8>> = parts.iter().map(|part| part.parse().ok()).collect();
    let meant = match (numbers.as_deref(), &parts[..]) {
        (Some([first, second]), _) if written.contains('-') || *second > 12 => {
            Some((*first, *second))
        }
        (Some([day, month]), _) => Some((*month, *day)),
        (None, [year, month, day]) if year.len() == 4 => month.parse().ok().zip(day.parse().ok()),
        _ => None,
    };
    match meant.filter(|(month, day)| jiff::civil::Date::new(2000, *month, *day).is_ok()) {
        Some((month, day)) => format!("write month and day: `{month:02}-{day:02}`"),
        None => "write a month and a day that it has, as in `03-21`".to_owned(),
    }
}

/// `MM-DD`, a day that some year has.
pub(super) fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-')?;
    let is_two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !is_two(month) || !is_two(day) {
        return None;
    }
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2000 is a leap year.
    jiff::civil::Date::new(2000, month, day).ok()?;
    Some(MonthDay { month, day })
}
