//! The document against the answers.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::desk::{AS_OF, Answer, Desk, READ, WRITE, with_tokens};
use super::past;
use crate::host::serve::openapi::DOCUMENT;
use crate::host::serve::routes::routes;
use crate::host::{Attempt, LastPass, PassKind, StageSeconds, Status, Waiting};

fn document() -> Json {
    serde_json::from_str(DOCUMENT).expect("JSON")
}

/// Where a reference within the document leads.
fn follow<'a>(document: &'a Json, it: &'a Json) -> &'a Json {
    match it["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).expect(reference),
        None => it,
    }
}

/// An answer has the status, the kind of content and the shape that the document says, and its
/// generation.
#[track_caller]
fn fits(document: &Json, method: &str, path: &str, answer: &Answer) {
    let operation = &document["paths"][path][method.to_ascii_lowercase()];
    let responses = &operation["responses"];
    let status = answer.status.to_string();
    assert!(answer.status != 200 || responses[&status].is_object(), "{method} {path} {status}");
    let response = responses.get(&status).unwrap_or(&responses["default"]);
    let response = follow(document, response);
    let kind = answer.header("content-type").expect("a kind of content");
    let schema = &response["content"][kind]["schema"];
    assert!(schema.is_object(), "{method} {path} {status}: no schema for {kind}");
    assert!(answer.header("tierkeeper-generation").is_some(), "{method} {path} {status}");
    let body = match kind.ends_with("json") {
        true => answer.json(),
        false => String::from_utf8(answer.body.clone()).expect("text").into(),
    };
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a schema that can be read");
    let errors: Vec<String> = validator
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{method} {path} {status}: {errors:#?}\n{body:#}");
}

/// A status in which everything has been heard of.
fn full_status(generation: &str) -> Status {
    let at: Timestamp = "2026-03-10T12:00:00.25Z".parse().expect("a time");
    let finding = json!({
        "code": "unknown-name", "severity": "error", "message": "nothing is named `spnd`",
        "help": "did you mean `spend`?", "file": "tiers.yaml",
        "line": 7, "column": 11, "end_line": 7, "end_column": 16
    });
    Status {
        generation: generation.to_owned(),
        loaded_at: Some(at),
        files: [("pack.yaml".to_owned(), "sha256:1".to_owned())].into(),
        from_state: false,
        last_attempt: Some(Attempt {
            ok: false,
            at,
            generation: None,
            findings: vec![finding],
            error: None,
        }),
        waiting: Some(Waiting {
            generation: "sha256:new".to_owned(),
            since: at,
            impact: json!({ "ladders": {} }),
            reasons: vec!["too many".to_owned()],
        }),
        last_pass: Some(LastPass {
            kind: PassKind::Full,
            as_of: AS_OF,
            at,
            generation: generation.to_owned(),
            customers: 5,
            events: 4,
            seconds: StageSeconds { read: 0.1, decide: 0.2, write: 0.3 },
        }),
        next_pass: Some(at),
        schedule: "daily at 03:00".to_owned(),
        following: vec![json!({ "source": "orders" })],
        trouble: Some("the disk is full".to_owned()),
        ..Status::default()
    }
}

/// Every operation: method, path of the document, a path that is answered and its body, and one
/// that is not.
const OPERATIONS: &[(&str, &str, &str, &str, &str, u16)] = &[
    ("GET", "/healthz", "/healthz", "", "", 0),
    ("GET", "/readyz", "/readyz", "", "", 0),
    ("GET", "/metrics", "/metrics", "", "", 0),
    ("GET", "/openapi.json", "/openapi.json", "", "", 0),
    ("GET", "/v1/status", "/v1/status", "", "/v1/status?x=1", 400),
    ("GET", "/v1/customers/{id}", "/v1/customers/2", "", "/v1/customers/9", 404),
    (
        "GET",
        "/v1/customers/{id}/explanation",
        "/v1/customers/3/explanation",
        "",
        "/v1/customers/9/explanation",
        404,
    ),
    (
        "GET",
        "/v1/ladders/{ladder}/tiers/{tier}/customers",
        "/v1/ladders/club/tiers/vip/customers?limit=1",
        "",
        "/v1/ladders/club/tiers/vap/customers",
        404,
    ),
    (
        "GET",
        "/v1/segments/{id}/customers",
        "/v1/segments/regulars/customers",
        "",
        "/v1/segments/regulars/customers?limit=0",
        400,
    ),
    (
        "GET",
        "/v1/customers/{id}/history",
        "/v1/customers/3/history",
        "",
        "/v1/customers/9/history",
        404,
    ),
    ("GET", "/v1/events", "/v1/events?limit=9", "", "/v1/events?limit=-1", 400),
    (
        "POST",
        "/v1/decide",
        "/v1/decide",
        r#"{"metrics": {"spend": 950, "orders_made": 3, "days_away": 40}}"#,
        "/v1/decide?lang=de",
        400,
    ),
    ("POST", "/v1/reload", "/v1/reload", "", "/v1/reload?now=1", 400),
    (
        "POST",
        "/v1/generations/{id}/approve",
        "/v1/generations/sha256:new/approve",
        r#"{"by": "anna"}"#,
        "/v1/generations/sha256:old/approve",
        409,
    ),
    (
        "POST",
        "/v1/generations/{id}/reject",
        "/v1/generations/sha256:new/reject",
        "",
        "/v1/generations/sha256:nothing/reject",
        404,
    ),
];

#[test]
fn answers_and_problems_have_the_shapes_of_the_document() {
    let document = document();
    let (desk, _writer) = past::open(with_tokens);
    desk.board.set_status(full_status(&desk.generation));
    let token = format!("authorization: Bearer {WRITE}");
    let reading = format!("authorization: Bearer {READ}");
    for &(method, path, good, body, bad, status) in OPERATIONS {
        let answer = desk.ask(method, good, &[&token], body);
        assert_eq!(answer.status, 200, "{good}: {}", String::from_utf8_lossy(&answer.body));
        fits(&document, method, path, &answer);
        if status != 0 {
            let answer = desk.ask(method, bad, &[&token], "");
            assert_eq!(answer.status, status, "{bad}");
            fits(&document, method, path, &answer);
        }
        // Without a token, and commands with that for reading.
        let needs = &document["paths"][path][method.to_ascii_lowercase()]["security"];
        let needs: Vec<&str> = needs
            .as_array()
            .expect("said")
            .iter()
            .flat_map(|one| one.as_object().expect("schemes").keys().map(String::as_str))
            .collect();
        let without = desk.ask(method, good, &[], body);
        let read = desk.ask(method, good, &[&reading], body);
        let expected = match needs.as_slice() {
            [] => (200, 200),
            ["write"] => (401, 403),
            _ => (401, 200),
        };
        assert_eq!((without.status, read.status), expected, "{path}");
        fits(&document, method, path, &without);
        fits(&document, method, path, &read);
    }
    let answer = desk.ask("POST", "/v1/decide", &[&token], r#"{"metrics": {"spent": 1}}"#);
    assert!(answer.json()["findings"].is_array());
    fits(&document, "POST", "/v1/decide", &answer);
    let early = Desk::before_the_first_pass("sha256:rules", |_| {});
    for (method, path, ask) in [
        ("GET", "/readyz", "/readyz"),
        ("GET", "/v1/status", "/v1/status"),
        ("GET", "/v1/customers/{id}", "/v1/customers/1"),
    ] {
        fits(&document, method, path, &early.ask(method, ask, &[], ""));
    }
}

#[test]
fn the_document_has_the_routes_of_the_service_and_no_others() {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let said: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").keys();
            methods.map(|method| (path.clone(), method.to_ascii_uppercase()))
        })
        .collect();
    let desk = Desk::open();
    let answered: BTreeSet<(String, String)> = routes()
        .iter()
        .flat_map(|route| {
            let path = route.path.replace(['{', '}'], "");
            let refused = desk.ask("BREW", &path, &[], "");
            let allowed = refused.header("allow").expect("what is allowed").to_owned();
            let methods: Vec<String> = allowed.split(',').map(str::to_owned).collect();
            methods.into_iter().map(|method| (route.path.to_owned(), method))
        })
        .filter(|(_, method)| method != "HEAD")
        .collect();
    assert_eq!(said, answered);
    let tried: BTreeSet<(String, String)> =
        OPERATIONS.iter().map(|it| (it.1.to_owned(), it.0.to_owned())).collect();
    let untried: Vec<_> = said.difference(&tried).collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn everything_that_the_document_refers_to_is_there_and_used() {
    let document = document();
    let mut referred = BTreeSet::new();
    fn walk(it: &Json, referred: &mut BTreeSet<String>) {
        match it {
            Json::Object(members) => {
                referred.extend(members.get("$ref").and_then(Json::as_str).map(str::to_owned));
                members.values().for_each(|it| walk(it, referred));
            }
            Json::Array(items) => items.iter().for_each(|it| walk(it, referred)),
            _ => {}
        }
    }
    walk(&document, &mut referred);
    let there: BTreeSet<String> = ["schemas", "responses", "headers"]
        .into_iter()
        .flat_map(|room| {
            let names = document["components"][room].as_object().expect("components").keys();
            names.map(move |name| format!("#/components/{room}/{name}"))
        })
        .collect();
    assert_eq!(referred, there);
}
