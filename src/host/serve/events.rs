//! What happened, from the state.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use tokio::select;
use tokio::time::{Instant, sleep_until};

use super::connections::stopped;
use super::customers::{nobody, part};
use super::json::{answer, said_by};
use super::parameters::Parameters;
use super::problem::Problem;
use super::site::Site;
use crate::store::{CustomerId, FeedEvent, PastEvent};

const USUAL_PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 10_000;
/// How long somebody may wait for events.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// `GET /v1/customers/{id}/history`
pub(super) async fn history(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, Problem> {
    let id = part(id)?;
    Parameters::of(&uri, &[])?;
    let answers = site.answers()?;
    let customer = CustomerId::parse(&id);
    let is_known = answers.find(&customer).is_some();
    let events = site.past.read(move |state| {
        let events = state.history(&customer)?;
        Ok(events.iter().map(PastEvent::to_json).collect::<Vec<Json>>())
    });
    let events = events.await?;
    // Somebody who has left the store still has a history.
    if events.is_empty() && !is_known {
        return Ok(said_by(&answers.generation, nobody(&id).into_response()));
    }
    Ok(answer(&answers.generation, &Json::Array(events)))
}

/// `GET /v1/events`
pub(super) async fn events(State(site): State<Arc<Site>>, uri: Uri) -> Result<Response, Problem> {
    let parameters = Parameters::of(&uri, &["after", "limit", "wait"])?;
    let after = parameters.sequence("after")?;
    let limit = parameters.number("limit", USUAL_PAGE, 1..=LARGEST_PAGE)?;
    let wait = parameters.number("wait", 0, 0..=LONGEST_WAIT.as_secs() as u32)?;
    let until = Instant::now() + Duration::from_secs(wait.into());
    // Looked at before reading, so that what is written meanwhile is not missed.
    let mut news = site.board.last_event();
    let mut stopping = site.stopping();
    loop {
        news.mark_unchanged();
        let (events, last) = page(&site, after, limit as usize).await?;
        let ends = Instant::now() >= until || site.board.is_stopping() || *stopping.borrow();
        if last.is_some() || ends {
            let json = json!({ "events": events, "next": last.unwrap_or(after) });
            return Ok(answer(&site.board.generation(), &json));
        }
        select! {
            // The board is there as long as the site.
            _ = news.changed() => {}
            () = sleep_until(until) => {}
            () = stopped(&mut stopping) => {}
        }
    }
}

/// Events, and the number of the last one.
async fn page(site: &Site, after: i64, limit: usize) -> Result<(Json, Option<i64>), Problem> {
    let events = site.past.read(move |state| {
        let events = state.events_after(after, limit)?;
        let last = events.last().map(|event| event.seq);
        Ok((events.iter().map(FeedEvent::to_json).collect(), last))
    });
    events.await
}
