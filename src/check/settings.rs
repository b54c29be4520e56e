//! `settings` and the manifest: currency, time zone, the year, the version that is needed.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::expr::Condition;
use crate::pack::ParsedPack;
use crate::program::{MonthDay, Settings};

/// The decimals of a currency that ISO 4217 gives none for (gold, test codes), and of a pack
/// that names no currency.
const USUAL_DECIMALS: u8 = 2;

/// The settings in effect, with defaults for what is not written or cannot be used.
pub(super) fn lower(pack: &ParsedPack, findings: &mut Diagnostics) -> Settings {
    let parsed = &pack.settings;
    if let Some(requires) = &pack.manifest.requires {
        let own = semver::Version::parse(env!("CARGO_PKG_VERSION")).expect("our own version");
        if !requires.value.matches(&own) {
            findings.push(
                Diagnostic::new(
                    Code::VersionTooOld,
                    requires.span,
                    format!("the pack needs tierkeeper {}; this is {own}", requires.value),
                )
                .help("install another version, or ask who wrote the pack"),
            );
        }
    }
    let mut decimals = USUAL_DECIMALS;
    let currency = parsed.currency.as_ref().map_or_else(String::new, |currency| {
        match iso_currency::Currency::from_code(&currency.value) {
            Some(known) => {
                decimals = known.exponent().map_or(USUAL_DECIMALS, |exponent| exponent as u8);
            }
            None => {
                let upper = currency.value.to_uppercase();
                let help = if let Some(code) = code_of(&currency.value) {
                    Some(format!("write `{code}`"))
                } else if iso_currency::Currency::from_code(&upper).is_some() {
                    Some(format!("write `{upper}`"))
                } else {
                    Some("write the three letters of ISO 4217, as in `EUR`".to_owned())
                };
                findings.push(
                    Diagnostic::new(
                        Code::UnknownCurrency,
                        currency.span,
                        format!("`{}` is no currency of ISO 4217", currency.value),
                    )
                    .maybe_help(help),
                );
            }
        }
        currency.value.clone()
    });
    if let Some(declared) = &parsed.money_decimals {
        decimals = declared.value;
    }
    let timezone = parsed.timezone.as_ref().map_or_else(
        || "UTC".to_owned(),
        |timezone| {
            if jiff::tz::db().get(&timezone.value).is_err() {
                let names: Vec<String> =
                    jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
                let help = zone_meant(&timezone.value, &names)
                    .unwrap_or_else(|| "write an IANA name, as in `Europe/Istanbul`".to_owned());
                findings.push(
                    Diagnostic::new(
                        Code::UnknownTimezone,
                        timezone.span,
                        format!("`{}` is no time zone", timezone.value),
                    )
                    .help(help),
                );
            }
            timezone.value.clone()
        },
    );
    Settings {
        currency,
        money_decimals: decimals,
        timezone,
        year_starts: parsed
            .year_starts
            .as_ref()
            .map_or(MonthDay { month: 1, day: 1 }, |starts| starts.value),
        population: Condition::Always,
    }
}

/// The code of a currency that is written with its sign or its usual name.
fn code_of(written: &str) -> Option<&'static str> {
    Some(match written.to_lowercase().as_str() {
        "₺" | "tl" | "lira" | "ytl" => "TRY",
        "€" | "euro" | "euros" => "EUR",
        "$" | "dollar" | "dollars" | "us$" => "USD",
        "£" | "pound" | "pounds" => "GBP",
        "฿" | "baht" => "THB",
        "﷼" | "rial" | "toman" => "IRR",
        _ => return None,
    })
}

/// The time zone that is meant: nearly the same name, or the city alone.
fn zone_meant(written: &str, names: &[String]) -> Option<String> {
    // An offset is near to other offsets, none of which is meant.
    if written.contains(['+', '-']) && !written.contains('/') {
        return None;
    }
    let city = written.to_lowercase().replace(' ', "_");
    // `Asia/Istanbul` is an older name of `Europe/Istanbul`.
    let of_city = names
        .iter()
        .rev()
        .find(|name| name.rsplit_once('/').is_some_and(|(_, last)| last.to_lowercase() == city))
        .map(|name| format!("did you mean `{name}`?"));
    of_city.or_else(|| did_you_mean(written, names.iter().map(String::as_str)))
}
