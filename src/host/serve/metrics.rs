//! `GET /metrics`: numbers for Prometheus.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::host_metrics::HostMetrics;
use super::problem::{Kind, Problem};
use super::routes::routes;
use super::site::Site;
use crate::host::Board;

/// What a request is counted under where no route is meant.
const NO_ROUTE: &str = "none";

/// What was asked, and how long it took.
#[derive(Debug)]
pub(super) struct Requests {
    answered: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram, fn() -> Histogram>,
    registry: Registry,
    routes: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    route: &'static str,
}

/// From a quarter of a millisecond to a minute.
fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 4.0, 10))
}

impl Requests {
    /// Together with what the board tells.
    pub fn new(board: &Arc<Board>) -> Self {
        let answered = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let mut registry = Registry::with_prefix("tierkeeper");
        registry.register("http_requests", "Requests answered", answered.clone());
        registry.register("http_request_seconds", "Seconds until the answer", seconds.clone());
        registry.register_collector(Box::new(HostMetrics::of(Arc::clone(board))));
        let routes = routes().iter().map(|route| route.path).collect();
        Self { answered, seconds, registry, routes }
    }

    /// The name that a route is counted under.
    pub fn route(&self, path: Option<&str>) -> &'static str {
        let known = self.routes.iter().find(|known| Some(**known) == path);
        known.copied().unwrap_or(NO_ROUTE)
    }

    pub fn count(&self, route: &'static str, status: u16, seconds: f64) {
        self.answered.get_or_create(&Answered { route, status }).inc();
        self.seconds.get_or_create(&Asked { route }).observe(seconds);
    }
}

pub(super) async fn metrics(State(site): State<Arc<Site>>) -> Result<Response, Problem> {
    let mut page = String::new();
    text::encode(&mut page, &site.requests.registry)
        .map_err(|_| Problem::new(Kind::Internal, "the numbers cannot be written"))?;
    let mut response = Response::new(Body::from(page));
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}
