//! Answers as they are sent.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde_json::Value as Json;

use super::site::generation_header;

/// The generation that made an answer.
pub(super) const GENERATION: &str = "tierkeeper-generation";

/// An answer of a generation.
pub(super) fn answer(generation: &str, json: &Json) -> Response {
    let mut response = Response::new(Body::from(json.to_string()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(generation) = generation_header(generation) {
        headers.insert(GENERATION, generation);
    }
    response
}

/// The same answer or problem, said by a generation.
pub(super) fn said_by(generation: &str, mut response: Response) -> Response {
    if let Some(generation) = generation_header(generation) {
        response.headers_mut().insert(GENERATION, generation);
    }
    response
}
