//! Which path is answered by whom.

use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::around::around;
use super::problem::{Kind, Problem};
use super::site::Site;
use super::{commands, customers, decide, events, health, members};
use crate::diagnostic::did_you_mean;

/// A path and what answers there.
pub(super) struct Route {
    pub path: &'static str,
    answer: MethodRouter<Arc<Site>>,
}

/// All of them.
pub(super) fn routes() -> Vec<Route> {
    let route = |path, answer| Route { path, answer };
    vec![
        route("/healthz", get(health::alive)),
        route("/readyz", get(health::ready)),
        route("/v1/status", get(health::status)),
        route("/v1/customers/{id}", get(customers::customer)),
        route("/v1/customers/{id}/explanation", get(customers::explanation)),
        route("/v1/customers/{id}/history", get(events::history)),
        route("/v1/ladders/{ladder}/tiers/{tier}/customers", get(members::of_tier)),
        route("/v1/segments/{id}/customers", get(members::of_segment)),
        route("/v1/events", get(events::events)),
        route("/v1/decide", post(decide::decide)),
        route("/v1/reload", post(commands::reload)),
        route("/v1/generations/{id}/approve", post(commands::approve)),
        route("/v1/generations/{id}/reject", post(commands::reject)),
    ]
}

pub(super) fn router(site: &Arc<Site>) -> Router {
    let mut router = Router::new();
    for Route { path, answer } in routes() {
        router = router.route(path, answer);
    }
    router
        .method_not_allowed_fallback(wrong_method)
        .fallback(unknown)
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(from_fn_with_state(Arc::clone(site), around))
        .with_state(Arc::clone(site))
}

async fn unknown(uri: Uri) -> Problem {
    let path = uri.path();
    let known = routes();
    let known = known.iter().map(|route| route.path).filter(|path| !path.contains('{'));
    Problem::new(Kind::UnknownRoute, "there is nothing at this path")
        .hint(did_you_mean(path, known))
}

/// The header `allow` says which there are.
async fn wrong_method(method: axum::http::Method) -> Problem {
    Problem::new(Kind::WrongMethod, format!("`{method}` does nothing here"))
}

fn panicked() -> Response {
    tracing::error!("a request has met a fault of tierkeeper");
    Problem::new(Kind::Internal, "the request has met a fault of tierkeeper").into_response()
}
