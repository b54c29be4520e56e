//! Whether it runs, whether it answers, and what it says of itself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::json::answer;
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use super::site::Site;

/// `GET /healthz`: the service runs.
pub(super) async fn alive(State(site): State<Arc<Site>>) -> Response {
    answer(&site.board.generation(), &json!({ "ok": true }))
}

/// `GET /readyz`: there are answers, and will be.
pub(super) async fn ready(State(site): State<Arc<Site>>) -> Result<Response, Problem> {
    if site.board.is_stopping() {
        return Err(Problem::new(Kind::Stopping, "the host is about to end"));
    }
    let answers = site.answers()?;
    Ok(answer(&answers.generation, &json!({ "ok": true })))
}

/// `GET /v1/status`
pub(super) async fn status(State(site): State<Arc<Site>>, uri: Uri) -> Response {
    if let Err(problem) = Parameters::of(&uri, &[]) {
        return problem.into_response();
    }
    let status = site.board.status();
    answer(&status.generation, &status.to_json())
}
