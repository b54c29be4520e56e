//! What every request goes through, and every answer.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::json::{GENERATION, said_by};
use super::problem::Problem;
use super::site::Site;

/// Writes problems, and says of every answer which generation it is of.
pub(super) async fn around(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let headers = std::mem::take(response.headers_mut());
        response = problem.response(&path);
        // What the problem says itself comes first.
        for (name, value) in &headers {
            if !response.headers().contains_key(name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
    }
    if !response.headers().contains_key(GENERATION) {
        response = said_by(&site.board.generation(), response);
    }
    let route = site.requests.route(route.as_ref().map(MatchedPath::as_str));
    let (status, seconds) = (response.status().as_u16(), began.elapsed().as_secs_f64());
    site.requests.count(route, status, seconds);
    // The route, not the path: a path may name a customer.
    tracing::debug!(%method, route, status, seconds, "answered");
    response
}
