//! What a person has the host do.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::body;
use super::customers::part;
use super::json::{answer, said_by};
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use super::site::Site;
use crate::host::{Command, Decided, Refused};
use crate::store::Decision;

/// Characters in the name of a person.
const LONGEST_NAME: usize = 200;

/// Who decides, where they say so.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct By {
    by: Option<String>,
}

/// `POST /v1/reload`
pub(super) async fn reload(State(site): State<Arc<Site>>, uri: Uri) -> Result<Response, Problem> {
    Parameters::of(&uri, &[])?;
    let reloaded = site.command(|reply| Command::Reload(Some(reply))).await?;
    let json = json!({
        "generation": reloaded.generation,
        "outcome": reloaded.outcome.name(),
        "message": reloaded.message,
    });
    Ok(answer(&site.board.generation(), &json))
}

/// `POST /v1/generations/{id}/approve`
pub(super) async fn approve(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    decide(&site, id, &uri, &headers, body, Decision::Approved).await
}

/// `POST /v1/generations/{id}/reject`
pub(super) async fn reject(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    decide(&site, id, &uri, &headers, body, Decision::Rejected).await
}

async fn decide(
    site: &Site,
    id: Result<Path<String>, PathRejection>,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
    decision: Decision,
) -> Result<Response, Problem> {
    let generation = part(id)?;
    Parameters::of(uri, &[])?;
    let By { by } = body::json(&body::text(&site.options, headers, body).await?)?;
    let by = by.unwrap_or_else(|| "http".to_owned());
    let is_name = !by.trim().is_empty()
        && by.chars().count() <= LONGEST_NAME
        && !by.chars().any(char::is_control);
    if !is_name {
        let detail = format!("`by` is a name of at most {LONGEST_NAME} characters");
        return Err(Problem::new(Kind::BadBody, detail));
    }
    let answered =
        site.command(|reply| Command::Decide { generation, decision, by, reply }).await?;
    // What was decided may have changed what is live.
    let live = site.board.generation();
    Ok(match answered {
        Ok(Decided { generation, message }) => {
            answer(&live, &json!({ "generation": generation, "message": message }))
        }
        Err(refused) => said_by(&live, problem(&refused).into_response()),
    })
}

fn problem(refused: &Refused) -> Problem {
    let kind = match refused {
        Refused::NothingWaits => Kind::UnknownGeneration,
        Refused::Another { .. } => Kind::AnotherGeneration,
        Refused::TooShort(_) => Kind::BadRequest,
        Refused::Failed(_) => Kind::Failed,
    };
    Problem::new(kind, refused.to_string())
}
