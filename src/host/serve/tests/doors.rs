//! Who may do what.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};

use super::desk::{Answer, Desk, READ, WRITE};
use crate::host::{Board, ServeError, Service, ServiceOptions, Status, Token};

fn with(desk: &Desk, method: &str, path: &str, token: &str) -> Answer {
    desk.ask(method, path, &[&format!("authorization: Bearer {token}")], "")
}

#[test]
fn reading_needs_a_token_and_commands_the_other_one() {
    let desk = Desk::with_tokens();
    assert_eq!(with(&desk, "GET", "/v1/customers/1", READ).status, 200);
    assert_eq!(with(&desk, "GET", "/v1/customers/1", WRITE).status, 200);
    assert_eq!(with(&desk, "POST", "/v1/reload", WRITE).status, 200);
    let refused = with(&desk, "POST", "/v1/reload", READ);
    assert_eq!(
        refused.problem(403, "forbidden"),
        "this token is for reading; commands need the other one"
    );
    for (method, path) in [
        ("GET", "/v1/customers/1"),
        ("GET", "/v1/status"),
        ("GET", "/v1/events"),
        ("POST", "/v1/decide"),
        ("POST", "/v1/reload"),
        ("POST", "/v1/generations/sha256:new/approve"),
        ("POST", "/v1/generations/sha256:new/reject"),
    ] {
        let without = desk.ask(method, path, &[], "");
        let detail = "write the header `authorization: Bearer TOKEN`";
        assert_eq!(without.problem(401, "no-token"), detail, "{path}");
        assert_eq!(without.header("www-authenticate"), Some("Bearer realm=\"tierkeeper\""));
        let wrong = with(&desk, method, path, "a-token-for-nothing");
        wrong.problem(401, "wrong-token");
        assert!(wrong.header("www-authenticate").is_some_and(|it| it.contains("invalid_token")));
    }
}

#[test]
fn whoever_looks_whether_it_runs_needs_no_token() {
    let desk = Desk::with_tokens();
    assert_eq!(desk.get("/healthz").status, 200);
    assert_eq!(desk.get("/readyz").status, 200);
}

#[test]
fn a_token_is_shown_once_and_as_bearer() {
    let desk = Desk::with_tokens();
    let status = |headers: &[&str]| desk.ask("GET", "/v1/status", headers, "").status;
    let shown = format!("authorization: Bearer {READ}");
    assert_eq!(status(&[&shown]), 200);
    assert_eq!(status(&[&format!("AUTHORIZATION: bearer  {READ} ")]), 200);
    assert_eq!(status(&[&shown, &shown]), 401);
    assert_eq!(status(&[&format!("authorization: Basic {READ}")]), 401);
    assert_eq!(status(&[&format!("authorization: {READ}")]), 401);
    assert_eq!(status(&["authorization: Bearer "]), 401);
    assert_eq!(status(&["authorization: B"]), 401);
    assert_eq!(status(&[&format!("authorization: Bearer {READ}x")]), 401);
}

#[test]
fn with_a_token_for_reading_alone_nobody_sends_commands() {
    let desk = Desk::with(|options| options.read_token = Some(Token::new(READ).expect("a token")));
    assert_eq!(with(&desk, "GET", "/v1/status", READ).status, 200);
    for answer in [with(&desk, "POST", "/v1/reload", READ), desk.post("/v1/reload", "")] {
        assert_eq!(
            answer.problem(403, "forbidden"),
            "commands are not taken: the service was started without a token for them"
        );
    }
}

#[test]
fn with_a_token_for_commands_alone_everybody_here_reads() {
    let desk =
        Desk::with(|options| options.write_token = Some(Token::new(WRITE).expect("a token")));
    assert_eq!(desk.get("/v1/status").status, 200);
    desk.post("/v1/reload", "").problem(401, "no-token");
    assert_eq!(with(&desk, "POST", "/v1/reload", WRITE).status, 200);
}

#[test]
fn web_pages_are_not_answered_without_a_token() {
    let desk = Desk::open();
    let page = ["origin: https://example.org"];
    desk.ask("GET", "/v1/customers/1", &page, "").problem(403, "forbidden");
    desk.ask("POST", "/v1/reload", &page, "").problem(403, "forbidden");
    let named = |host: &str| {
        let request =
            format!("GET /v1/status HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        Answer::read(&desk.raw(request.as_bytes())).status
    };
    for here in ["localhost", "LOCALHOST:7878", "127.0.0.1", "127.0.0.1:80", "[::1]:7878"] {
        assert_eq!(named(here), 200, "{here}");
    }
    for elsewhere in ["example.org", "example.org:7878", "localhost.example.org", "a b", ""] {
        assert_eq!(named(elsewhere), 403, "{elsewhere}");
    }
    // Who has a token has shown that they are meant.
    let desk = Desk::with_tokens();
    let headers = ["origin: https://example.org", &format!("authorization: Bearer {READ}")];
    assert_eq!(desk.ask("GET", "/v1/status", &headers, "").status, 200);
}

#[test]
fn a_rate_is_kept_for_each_token() {
    let desk = Desk::with(|options| {
        options.read_token = Some(Token::new(READ).expect("a token"));
        options.write_token = Some(Token::new(WRITE).expect("a token"));
        options.rate_per_second = Some(1);
    });
    assert_eq!(with(&desk, "GET", "/v1/status", READ).status, 200);
    let refused = with(&desk, "GET", "/v1/status", READ);
    assert_eq!(refused.problem(429, "too-many-requests"), "ask less often");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(with(&desk, "GET", "/v1/status", WRITE).status, 200);
    for _ in 0..3 {
        assert_eq!(desk.get("/healthz").status, 200);
    }
}

#[test]
fn an_address_for_others_needs_two_tokens() {
    let listen: SocketAddr = "0.0.0.0:0".parse().expect("an address");
    let start = |read: Option<&str>, write: Option<&str>| {
        let mut options = ServiceOptions::at(listen);
        let token = |text: &str| Token::new(text).expect("a token");
        (options.read_token, options.write_token) = (read.map(token), write.map(token));
        let board = Arc::new(Board::new("/nowhere".into(), Status::default()));
        Service::start(options, board, mpsc::channel().0)
    };
    for (read, write) in [(None, None), (Some(READ), None), (None, Some(WRITE))] {
        let error = start(read, write).expect_err("refused");
        assert_eq!(
            error.to_string(),
            "`0.0.0.0:0` can be reached from other machines: give a token for reading and another \
             one for commands, or listen on `127.0.0.1:0`"
        );
    }
    assert!(matches!(start(Some(READ), Some(READ)), Err(ServeError::SameTokens)));
    assert!(start(Some(READ), Some(WRITE)).is_ok());
}
