//! Numbers for Prometheus.

use jiff::Timestamp;
use serde_json::json;

use super::desk::{AS_OF, Desk};
use crate::host::{Attempt, Counts, LastPass, PassKind, StageSeconds, Status};

#[test]
fn the_host_and_its_requests_are_told_in_numbers() {
    let desk = Desk::open();
    let at = |text: &str| text.parse::<Timestamp>().expect("a time");
    desk.board.set_status(Status {
        generation: desk.generation.clone(),
        last_attempt: Some(Attempt {
            ok: false,
            at: at("2026-03-10T12:00:00Z"),
            generation: None,
            findings: vec![json!({}), json!({})],
            error: None,
        }),
        last_pass: Some(LastPass {
            kind: PassKind::Touched,
            as_of: AS_OF,
            at: at("1970-01-01T00:16:40.5Z"),
            generation: desk.generation.clone(),
            customers: 5,
            events: 7,
            seconds: StageSeconds { read: 0.5, decide: 0.25, write: 1.5 },
        }),
        counts: Counts {
            reloads_ok: 3,
            reloads_failed: 4,
            last_reload_ok: Some(at("1970-01-01T00:00:10Z")),
            full_passes: 2,
            touched_passes: 9,
            failed_passes: 1,
            full_seconds: StageSeconds { read: 8.0, decide: 2.0, write: 4.0 },
            touched_seconds: StageSeconds { read: 1.0, decide: 0.5, write: 2.5 },
            faults: 6,
            queue: 8,
        },
        ..Status::default()
    });
    desk.get("/v1/customers/1");
    desk.get("/v1/customers/2");
    desk.get("/v1/customers/4711");
    desk.get("/v1/customers-of-somebody");
    let answer = desk.get("/metrics");
    assert_eq!(
        answer.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    let page = String::from_utf8(answer.body).expect("text");
    let generation = format!("tierkeeper_generation_info{{generation=\"{}\"}} 1", desk.generation);
    for line in [
        generation.as_str(),
        "tierkeeper_customers{ladder=\"club\",tier=\"vip\"} 2",
        "tierkeeper_customers{ladder=\"club\",tier=\"gold\"} 2",
        "tierkeeper_customers{ladder=\"club\",tier=\"none\"} 1",
        "tierkeeper_segment_customers{segment=\"regulars\"} 4",
        "tierkeeper_rules_from_state 0",
        "tierkeeper_waiting 0",
        "tierkeeper_last_reload_ok 0",
        "tierkeeper_findings 2",
        "tierkeeper_last_good_reload_timestamp_seconds 10.0",
        "tierkeeper_reloads_total{outcome=\"ok\"} 3",
        "tierkeeper_reloads_total{outcome=\"failed\"} 4",
        "tierkeeper_passes_total{kind=\"full\"} 2",
        "tierkeeper_passes_total{kind=\"touched\"} 9",
        "tierkeeper_passes_total{kind=\"failed\"} 1",
        "tierkeeper_last_pass_timestamp_seconds 1000.5",
        "tierkeeper_last_pass_seconds{kind=\"touched\",stage=\"read\"} 0.5",
        "tierkeeper_last_pass_seconds{kind=\"touched\",stage=\"decide\"} 0.25",
        "tierkeeper_last_pass_seconds{kind=\"touched\",stage=\"write\"} 1.5",
        "tierkeeper_pass_seconds_total{kind=\"full\",stage=\"read\"} 8.0",
        "tierkeeper_pass_seconds_total{kind=\"touched\",stage=\"write\"} 2.5",
        "tierkeeper_faults 6",
        "tierkeeper_queue 8",
        "tierkeeper_troubled 0",
        "tierkeeper_http_requests_total{route=\"/v1/customers/{id}\",status=\"200\"} 2",
        "tierkeeper_http_requests_total{route=\"/v1/customers/{id}\",status=\"404\"} 1",
        "tierkeeper_http_requests_total{route=\"none\",status=\"404\"} 1",
        "tierkeeper_http_request_seconds_count{route=\"/v1/customers/{id}\"} 3",
    ] {
        assert!(page.lines().any(|it| it == line), "{line} in\n{page}");
    }
    assert!(page.ends_with("# EOF\n"));
    assert!(!page.contains("4711"), "no customer is told");
}

#[test]
fn before_the_first_pass_there_are_numbers_too() {
    let desk = Desk::before_the_first_pass("sha256:rules", |_| {});
    let page = String::from_utf8(desk.get("/metrics").body).expect("text");
    assert!(page.contains("tierkeeper_generation_info{generation=\"sha256:rules\"} 1"), "{page}");
    assert!(!page.contains("tierkeeper_customers{"));
}
