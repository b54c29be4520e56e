//! What stands after the `?`.

use std::ops::RangeInclusive;

use axum::extract::Query;
use axum::http::Uri;

use super::problem::{Kind, Problem};
use crate::diagnostic::did_you_mean;

/// Each at most once, and none that is not known.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub fn of(uri: &Uri, known: &[&str]) -> Result<Self, Problem> {
        let bad = |detail: String| Problem::new(Kind::BadQuery, detail);
        let Query(pairs): Query<Vec<(String, String)>> =
            Query::try_from_uri(uri).map_err(|error| bad(error.body_text()))?;
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let hint = did_you_mean(name, known.iter().copied()).or_else(|| {
                    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                    let known = known.join(", ");
                    (!known.is_empty()).then(|| format!("there is {known}"))
                });
                return Err(bad(format!("there is no parameter `{name}` here")).hint(hint));
            }
            if pairs[..at].iter().any(|(other, _)| other == name) {
                return Err(bad(format!("`{name}` is there twice")));
            }
        }
        Ok(Self(pairs))
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn number(
        &self,
        name: &str,
        usual: u32,
        range: RangeInclusive<u32>,
    ) -> Result<u32, Problem> {
        let Some(text) = self.text(name) else { return Ok(usual) };
        let (first, last) = (range.start(), range.end());
        let number = digits(text).and_then(|text| text.parse().ok());
        number.filter(|number| range.contains(number)).ok_or_else(|| {
            let detail = format!("`{name}` is a number from {first} to {last}, not `{text}`");
            Problem::new(Kind::BadQuery, detail)
        })
    }

    /// A number of an event; 0 is before the first one.
    pub fn sequence(&self, name: &str) -> Result<i64, Problem> {
        let Some(text) = self.text(name) else { return Ok(0) };
        digits(text).and_then(|text| text.parse().ok()).ok_or_else(|| {
            let detail = format!("`{name}` is the number of an event, not `{text}`");
            Problem::new(Kind::BadQuery, detail)
        })
    }
}

/// Without the signs that numbers may have elsewhere.
fn digits(text: &str) -> Option<&str> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
}
