//! The body of a request, within its limits.

use std::error::Error;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::time::timeout;

use super::ServiceOptions;
use super::problem::{Kind, Problem};

/// All of it. It has half of the time that an answer has, so that there is an answer.
pub(super) async fn text(
    options: &ServiceOptions,
    headers: &HeaderMap,
    body: Body,
) -> Result<String, Problem> {
    let limit = options.body_limit;
    let too_large = || Problem::new(Kind::TooLarge, format!("a body has at most {limit} bytes"));
    // Who says so before sending need not send it.
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > limit)
    {
        return Err(too_large());
    }
    let time = options.time_limit / 2;
    let Ok(read) = timeout(time, to_bytes(body, limit)).await else {
        let detail = format!("a body has {} seconds to come", time.as_secs_f32());
        return Err(Problem::new(Kind::SlowBody, detail));
    };
    let bytes = read.map_err(|error| {
        match error.source().is_some_and(|source| source.is::<LengthLimitError>()) {
            true => too_large(),
            false => Problem::new(Kind::BadBody, "the body broke off"),
        }
    })?;
    String::from_utf8(bytes.into()).map_err(|error| {
        let before = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..before]).into_owned();
        let line = text.matches('\n').count() + 1;
        let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        at(line, column, "this is not UTF-8")
    })
}

/// JSON of a shape; what was sent need not be there.
pub(super) fn json<T: DeserializeOwned + Default>(text: &str) -> Result<T, Problem> {
    if text.trim().is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(text).map_err(|error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        at(error.line(), error.column(), error.to_string().trim_end_matches(&place))
    })
}

fn at(line: usize, column: usize, what: &str) -> Problem {
    Problem::new(Kind::BadBody, format!("line {line}, column {column}: {what}"))
        .member("line", json!(line))
        .member("column", json!(column))
}
