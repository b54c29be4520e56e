//! What went wrong with a request, as RFC 9457 has it.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

/// Every kind of problem, with what its `type` ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    BadRequest,
    BadBody,
    BadQuery,
    NoToken,
    WrongToken,
    Forbidden,
    UnknownRoute,
    UnknownCustomer,
    UnknownLadder,
    UnknownTier,
    UnknownSegment,
    UnknownGeneration,
    WrongMethod,
    SlowBody,
    AnotherGeneration,
    TooLarge,
    TooMany,
    Internal,
    Failed,
    NotReady,
    Stopping,
    StateUnreadable,
    Timeout,
}

impl Kind {
    /// The name, the status and what it means in general.
    fn parts(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as Is;
        match self {
            Kind::BadRequest => ("bad-request", Is::BAD_REQUEST, "the request is malformed"),
            Kind::BadBody => ("bad-body", Is::BAD_REQUEST, "the body is not what is read here"),
            Kind::BadQuery => ("bad-query", Is::BAD_REQUEST, "a parameter cannot be read"),
            Kind::NoToken => ("no-token", Is::UNAUTHORIZED, "a token is needed"),
            Kind::WrongToken => ("wrong-token", Is::UNAUTHORIZED, "the token is not known"),
            Kind::Forbidden => ("forbidden", Is::FORBIDDEN, "this is not allowed"),
            Kind::UnknownRoute => ("unknown-route", Is::NOT_FOUND, "there is nothing here"),
            Kind::UnknownCustomer => ("unknown-customer", Is::NOT_FOUND, "no such customer"),
            Kind::UnknownLadder => ("unknown-ladder", Is::NOT_FOUND, "no such ladder"),
            Kind::UnknownTier => ("unknown-tier", Is::NOT_FOUND, "no such tier"),
            Kind::UnknownSegment => ("unknown-segment", Is::NOT_FOUND, "no such segment"),
            Kind::UnknownGeneration => {
                ("unknown-generation", Is::NOT_FOUND, "no such generation waits")
            }
            Kind::WrongMethod => {
                ("wrong-method", Is::METHOD_NOT_ALLOWED, "another method is needed")
            }
            Kind::SlowBody => ("slow-body", Is::REQUEST_TIMEOUT, "the body did not come in time"),
            Kind::AnotherGeneration => {
                ("another-generation", Is::CONFLICT, "another generation waits")
            }
            Kind::TooLarge => ("too-large", Is::PAYLOAD_TOO_LARGE, "the body is too large"),
            Kind::TooMany => ("too-many-requests", Is::TOO_MANY_REQUESTS, "too many requests"),
            Kind::Internal => ("internal", Is::INTERNAL_SERVER_ERROR, "a fault of tierkeeper"),
            Kind::Failed => ("failed", Is::INTERNAL_SERVER_ERROR, "it could not be done"),
            Kind::NotReady => ("not-ready", Is::SERVICE_UNAVAILABLE, "there are no answers yet"),
            Kind::Stopping => ("stopping", Is::SERVICE_UNAVAILABLE, "the host ends"),
            Kind::StateUnreadable => {
                ("state-unreadable", Is::SERVICE_UNAVAILABLE, "the state cannot be read")
            }
            Kind::Timeout => ("timeout", Is::GATEWAY_TIMEOUT, "it took too long"),
        }
    }
}

/// Made by handlers; the layer around them adds the path and writes it.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    kind: Kind,
    detail: String,
    /// Members besides those that every problem has.
    members: Vec<(&'static str, Json)>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), members: Vec::new(), headers: Vec::new() }
    }

    /// A panic, which the log has told.
    pub fn ours() -> Self {
        tracing::error!("a request has met a fault of tierkeeper");
        Self::new(Kind::Internal, "the request has met a fault of tierkeeper")
    }

    /// With a hint after the detail, where there is one.
    #[must_use]
    pub fn hint(mut self, hint: Option<String>) -> Self {
        if let Some(hint) = hint {
            self.detail = format!("{}; {hint}", self.detail);
        }
        self
    }

    #[must_use]
    pub fn member(mut self, name: &'static str, value: Json) -> Self {
        self.members.push((name, value));
        self
    }

    /// Says when to ask again, in whole seconds, at least one.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
            self.headers.push((RETRY_AFTER, value));
        }
        self
    }

    /// Says how to show a token.
    #[must_use]
    pub fn challenge(mut self, challenge: &'static str) -> Self {
        self.headers.push((WWW_AUTHENTICATE, HeaderValue::from_static(challenge)));
        self
    }

    /// As it is sent, for a request for this path.
    pub fn response(self, path: &str) -> Response {
        let (name, status, title) = self.kind.parts();
        let mut json = json!({
            "type": format!("urn:tierkeeper:problem:{name}"),
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail,
            "instance": path,
        });
        for (name, value) in self.members {
            json[name] = value;
        }
        let mut response = Response::new(Body::from(json.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(self.headers);
        response
    }
}

/// The status alone, and the problem for the layer around.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.parts().1.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
