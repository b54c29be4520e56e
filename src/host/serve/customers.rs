//! One customer.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::Value as Json;

use super::json::{answer, said_by};
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use super::site::Site;
use crate::host::Answers;
use crate::store::CustomerId;

/// `GET /v1/customers/{id}`
pub(super) async fn customer(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, Problem> {
    one(&site, id, &uri, Answers::customer)
}

/// `GET /v1/customers/{id}/explanation`
pub(super) async fn explanation(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, Problem> {
    one(&site, id, &uri, Answers::explanation)
}

fn one(
    site: &Site,
    id: Result<Path<String>, PathRejection>,
    uri: &Uri,
    tell: impl FnOnce(&Answers, &CustomerId, Option<&str>) -> Option<Json>,
) -> Result<Response, Problem> {
    let id = part(id)?;
    let parameters = Parameters::of(uri, &["locale"])?;
    let answers = site.answers()?;
    Ok(match tell(&answers, &CustomerId::parse(&id), parameters.text("locale")) {
        Some(json) => answer(&answers.generation, &json),
        None => said_by(&answers.generation, nobody(&id).into_response()),
    })
}

pub(super) fn nobody(id: &str) -> Problem {
    Problem::new(Kind::UnknownCustomer, format!("there is no customer `{id}`"))
}

/// The parts of a path that a route leaves open.
pub(super) fn part<T>(parts: Result<Path<T>, PathRejection>) -> Result<T, Problem> {
    match parts {
        Ok(Path(parts)) => Ok(parts),
        Err(_) => Err(Problem::new(Kind::BadRequest, "the path is not UTF-8")),
    }
}
