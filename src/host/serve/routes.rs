//! Which path is answered by whom.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use super::access::{Access, one_host};
use super::around::around;
use super::problem::{Kind, Problem};
use super::site::Site;
use super::{commands, customers, decide, events, health, members, metrics, openapi};
use crate::diagnostic::did_you_mean;

/// A path and what answers there.
pub(super) struct Route {
    pub path: &'static str,
    access: Access,
    patience: Patience,
    answer: MethodRouter<Arc<Site>>,
}

/// How long an answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patience {
    Usual,
    /// A pass may have to be made.
    Command,
    /// And the time that somebody wants to wait.
    Wait,
}

/// All of them.
pub(super) fn routes() -> Vec<Route> {
    let route = |path, access, patience, answer| Route { path, access, patience, answer };
    let open = |path, answer| route(path, Access::Open, Patience::Usual, answer);
    let read = |path, answer| route(path, Access::Read, Patience::Usual, answer);
    let wait = |path, answer| route(path, Access::Read, Patience::Wait, answer);
    let command = |path, answer| route(path, Access::Command, Patience::Command, answer);
    vec![
        open("/healthz", get(health::alive)),
        open("/readyz", get(health::ready)),
        read("/metrics", get(metrics::metrics)),
        read("/openapi.json", get(openapi::document)),
        read("/v1/status", get(health::status)),
        read("/v1/customers/{id}", get(customers::customer)),
        read("/v1/customers/{id}/explanation", get(customers::explanation)),
        read("/v1/customers/{id}/history", get(events::history)),
        read("/v1/ladders/{ladder}/tiers/{tier}/customers", get(members::of_tier)),
        read("/v1/segments/{id}/customers", get(members::of_segment)),
        wait("/v1/events", get(events::events)),
        read("/v1/decide", post(decide::decide)),
        command("/v1/reload", post(commands::reload)),
        command("/v1/generations/{id}/approve", post(commands::approve)),
        command("/v1/generations/{id}/reject", post(commands::reject)),
    ]
}

pub(super) fn router(site: &Arc<Site>) -> Router {
    let mut router = Router::new().fallback(unknown);
    for Route { path, access, patience, answer } in routes() {
        let gate = Gate { site: Arc::clone(site), access, patience };
        let answer = answer.fallback(wrong_method);
        router = router.route(path, answer.layer(from_fn_with_state(Arc::new(gate), admit)));
    }
    router
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(from_fn_with_state(Arc::clone(site), around))
        .with_state(Arc::clone(site))
}

/// In front of a route.
struct Gate {
    site: Arc<Site>,
    access: Access,
    patience: Patience,
}

/// Lets in who may, for as long as it may take.
async fn admit(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let Gate { site, access, patience } = &*gate;
    let headers = request.headers();
    let admitted = one_host(request.version(), headers);
    if let Err(problem) = admitted.and_then(|()| site.doors.admit(*access, headers)) {
        return problem.into_response();
    }
    let options = &site.options;
    let (limit, detail) = match patience {
        Patience::Usual => (options.time_limit, "ask again, or for less"),
        Patience::Wait => (options.time_limit + events::LONGEST_WAIT, "ask again, or for less"),
        Patience::Command => {
            (options.command_limit, "the host goes on with it; `/v1/status` says what comes of it")
        }
    };
    match timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Kind::Timeout, detail).into_response(),
    }
}

async fn unknown(uri: Uri) -> Problem {
    let path = uri.path();
    let known = routes();
    let known = known.iter().map(|route| route.path).filter(|path| !path.contains('{'));
    Problem::new(Kind::UnknownRoute, "there is nothing at this path")
        .hint(did_you_mean(path, known))
}

/// The header `allow` says which there are.
async fn wrong_method(method: Method) -> Problem {
    Problem::new(Kind::WrongMethod, format!("`{method}` does nothing here"))
}

fn panicked() -> Response {
    Problem::ours().into_response()
}
