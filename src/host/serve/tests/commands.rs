//! What a person has the host do.

use std::time::{Duration, Instant};

use serde_json::json;

use super::desk::Desk;

#[test]
fn a_reload_says_what_came_of_it() {
    let desk = Desk::open();
    let answer = desk.post("/v1/reload", "");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "generation": desk.generation, "outcome": "unchanged", "message": "nothing has changed"
        })
    );
    assert_eq!(answer.header("tierkeeper-generation"), Some(desk.generation.as_str()));
}

#[test]
fn a_person_decides_and_may_say_who_they_are() {
    let desk = Desk::open();
    for what in ["approve", "reject"] {
        let path = format!("/v1/generations/sha256:new/{what}");
        let decided = |body: &str| desk.post(&path, body).json();
        let by = |name: &str| json!({ "generation": "sha256:new", "message": format!("decided by {name}") });
        assert_eq!(decided(""), by("http"));
        assert_eq!(decided("{}"), by("http"));
        assert_eq!(decided(r#"{"by": "anna"}"#), by("anna"));
    }
}

#[test]
fn a_refusal_says_why() {
    let desk = Desk::open();
    let refused = |generation: &str, status, name| {
        desk.post(&format!("/v1/generations/{generation}/approve"), "").problem(status, name)
    };
    assert_eq!(
        refused("sha256:old", 409, "another-generation"),
        "`sha256:old` is not waiting; `sha256:new` is"
    );
    assert_eq!(refused("sha256:nothing", 404, "unknown-generation"), "no generation is waiting");
    assert_eq!(refused("sha", 400, "bad-request"), "write at least 8 characters of the generation");
    assert_eq!(refused("sha256:broken", 500, "failed"), "the state is read-only");
    assert_eq!(refused("sha256:gone", 503, "stopping"), "the host is about to end");
}

#[test]
fn a_command_that_takes_too_long_is_told_so() {
    let desk = Desk::with(|options| options.command_limit = Duration::from_millis(200));
    let began = Instant::now();
    let answer = desk.post("/v1/generations/sha256:hang/approve", "");
    assert_eq!(
        answer.problem(504, "timeout"),
        "the host goes on with it; `/v1/status` says what comes of it"
    );
    assert!(began.elapsed() >= Duration::from_millis(200));
    assert_eq!(desk.get("/healthz").status, 200);
}

#[test]
fn a_name_is_a_short_text() {
    let desk = Desk::open();
    let problem =
        |body: &str| desk.post("/v1/generations/sha256:new/approve", body).problem(400, "bad-body");
    assert_eq!(problem(r#"{"by": " "}"#), "`by` is a name of at most 200 characters");
    let long = format!(r#"{{"by": "{}"}}"#, "x".repeat(201));
    assert_eq!(problem(&long), "`by` is a name of at most 200 characters");
    // A second line in a log would not be ours.
    let two_lines = problem(r#"{"by": "anna\nrejected"}"#);
    assert_eq!(two_lines, "`by` is a name of at most 200 characters");
    let unknown = problem("{\n \"who\": 1}");
    assert!(unknown.starts_with("line 2, column 6: unknown field `who`"), "{unknown}");
    let broken = problem("{\"by\": \"anna\"");
    assert_eq!(broken, "line 1, column 13: EOF while parsing an object");
    let kind = problem("[1");
    assert!(kind.starts_with("line 1, column 2: "), "{kind}");
}
