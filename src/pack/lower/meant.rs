//! What people write for a key or a word of the language, and what they mean by it.

use crate::diagnostic::nearest;

/// Words of other systems and of plain language, and the pack language's own.
const LIKES: &[(&str, &[&str])] = &[
    ("average", &["avg"]),
    ("mean", &["avg"]),
    ("total", &["sum"]),
    ("maximum", &["max"]),
    ("minimum", &["min"]),
    ("formula", &["expr"]),
    ("expression", &["expr"]),
    ("filter", &["where"]),
    ("if", &["when", "where", "enter"]),
    ("condition", &["when", "where", "enter"]),
    ("window", &["within"]),
    ("period", &["within", "review"]),
    ("name", &["pack", "title"]),
    ("or", &["any"]),
    ("and", &["all"]),
    ("not", &["none"]),
    ("type", &["kind"]),
    ("value", &["default"]),
    ("level", &["tiers"]),
    ("levels", &["tiers"]),
    ("ranking", &["rank_by"]),
    ("datetime", &["date"]),
    ("timestamp", &["date"]),
    ("time", &["date"]),
    ("string", &["text"]),
    ("varchar", &["text"]),
    ("boolean", &["flag"]),
    ("bool", &["flag"]),
    ("integer", &["count"]),
    ("int", &["count"]),
    ("decimal", &["number"]),
    ("float", &["number"]),
    ("currency", &["money"]),
    ("amount", &["money"]),
    ("price", &["money"]),
    ("cents", &["minor"]),
    ("percentage", &["percent"]),
    ("percent", &["percent_off"]),
    ("discount", &["percent_off"]),
    ("gift", &["perk"]),
    ("shipping", &["free_shipping"]),
    ("present", &["gift"]),
    ("month", &["end of month", "monthly"]),
    ("quarter", &["end of quarter"]),
    ("year", &["end of year", "calendar year"]),
    ("immediately", &["at once"]),
    ("now", &["at once"]),
    ("this year", &["calendar year"]),
    ("current year", &["calendar year"]),
    ("last year", &["previous calendar year"]),
    ("this month", &["calendar month"]),
    ("last month", &["previous calendar month"]),
    ("this quarter", &["calendar quarter"]),
    ("last quarter", &["previous calendar quarter"]),
    ("all time", &["lifetime"]),
    ("ever", &["lifetime"]),
    ("always", &["lifetime"]),
];

/// The known word that is meant: the one with nearly the same letters, or with the same sense.
pub(super) fn meant(written: &str, known: &[&'static str]) -> Option<&'static str> {
    let lower = written.to_lowercase();
    // The sense first: `and` is `all`, though `any` has more of its letters.
    let like = LIKES.iter().find(|(word, _)| *word == lower);
    like.and_then(|(_, meanings)| meanings.iter().copied().find(|word| known.contains(word)))
        .or_else(|| nearest(written, known.iter().copied()))
}

/// Where a key belongs that stands in the wrong part of a pack.
pub(super) fn home(key: &str) -> Option<&'static str> {
    Some(match key {
        "enter" | "keep" | "share" => "it belongs into a tier, below `tiers:`",
        "rank_by" | "ties" | "cutoffs" => "it belongs into a ladder, beside `tiers:`",
        "currency" | "timezone" | "money_decimals" | "population" | "year_starts" => {
            "it belongs below `settings:`"
        }
        _ => return None,
    })
}
