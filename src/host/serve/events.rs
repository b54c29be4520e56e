//! What happened, from the state.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;

use super::customers::part;
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use super::site::Site;

const USUAL_PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 10_000;
/// How long somebody may wait for events.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// `GET /v1/customers/{id}/history`
pub(super) async fn history(
    State(_site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, Problem> {
    part(id)?;
    Parameters::of(&uri, &[])?;
    Err(Problem::new(Kind::StateUnreadable, "histories cannot be read yet"))
}

/// `GET /v1/events`
pub(super) async fn events(State(_site): State<Arc<Site>>, uri: Uri) -> Result<Response, Problem> {
    let parameters = Parameters::of(&uri, &["after", "limit", "wait"])?;
    parameters.sequence("after")?;
    parameters.number("limit", USUAL_PAGE, 1..=LARGEST_PAGE)?;
    parameters.number("wait", 0, 0..=LONGEST_WAIT.as_secs() as u32)?;
    Err(Problem::new(Kind::StateUnreadable, "events cannot be read yet"))
}
