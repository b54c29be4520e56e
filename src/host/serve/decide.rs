//! `POST /v1/decide`: what somebody would get of whom nothing is stored.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::body;
use super::json::{answer, said_by};
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use super::site::Site;
use crate::host::DecideFault;

pub(super) async fn decide(
    State(site): State<Arc<Site>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let parameters = Parameters::of(&uri, &["locale"])?;
    let body = body::text(&site.options, &headers, body).await?;
    let answers = site.answers()?;
    let decided = site.places.run(move || {
        let decided = crate::host::decide(&answers, &body, parameters.text("locale"));
        match decided {
            Ok(json) => answer(&answers.generation, &json),
            Err(fault) => said_by(&answers.generation, problem(&fault).into_response()),
        }
    });
    decided.await
}

fn problem(fault: &DecideFault) -> Problem {
    let mut problem = Problem::new(Kind::BadBody, fault.to_string());
    if let Some(first) = fault.findings.first() {
        problem = problem.member("line", json!(first.line)).member("column", json!(first.column));
    }
    problem.member("findings", fault.to_json())
}
