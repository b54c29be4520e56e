//! What happened, from a state that is written meanwhile.

use std::io::{Read, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::ToSpan;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::desk::{AS_OF, Answer, CLUB, Desk, answers};
use crate::host::ServiceOptions;
use crate::pass::{PassOutcome, fixture, run};
use crate::store::{CustomerId, State};

/// Somebody who writes, as the conductor does.
pub(super) struct Writer {
    state: State,
    _directory: TempDir,
}

/// A desk over a state with one pass: everybody but `ä` has entered a tier, and all are regulars.
pub(super) fn open(set: impl FnOnce(&mut ServiceOptions)) -> (Desk, Writer) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("state.db");
    let answers = answers();
    let mut writer =
        Writer { state: State::open_or_create(&path).expect("a state"), _directory: directory };
    writer.pass(&[1500, 1000, 400, 999, 0], 0);
    let desk = Desk::over(path, &answers.generation, set);
    desk.board.publish(Arc::new(answers));
    (desk, writer)
}

impl Writer {
    /// A pass so many days later.
    fn pass(&mut self, spend: &[i64], days: i64) {
        let rules = fixture::rules("", "", CLUB);
        let rows: Vec<(i64, i64, i64)> = spend.iter().map(|spend| (*spend, 3, 1)).collect();
        let mut facts = fixture::facts(&rules.program, &rows);
        facts.customers = ["1", "2", "3", "a/b", "ä"].map(CustomerId::parse).to_vec();
        let as_of = AS_OF.saturating_add(days.days());
        let before = self.state.standings(&rules.program, &facts.customers).expect("standings");
        let outcome: PassOutcome = run(&rules.program, facts, &before, &[], as_of, 1);
        self.state.write_pass(&rules, &outcome).expect("written");
    }
}

fn seqs(json: &Json) -> Vec<i64> {
    let events = json["events"].as_array().expect("events");
    events.iter().map(|event| event["seq"].as_i64().expect("a number")).collect()
}

#[test]
fn events_go_on_after_the_last_one_without_gap_or_repeat() {
    let (desk, _writer) = open(|_| {});
    let all = desk.get("/v1/events").json();
    let count = seqs(&all).len() as i64;
    assert_eq!(seqs(&all), (1..=count).collect::<Vec<i64>>());
    // Four tiers and five regulars.
    assert_eq!((count, &all["next"]), (9, &json!(9)));
    let entered = all["events"].as_array().expect("events").iter();
    let entered = entered.filter(|event| event["event"] == "tier.entered" && event["to"] == "vip");
    let entered: Vec<&Json> = entered.map(|event| &event["customer"]).collect();
    assert_eq!(entered, ["1", "2"]);
    let mut after = json!(0);
    let mut read = Vec::new();
    for _ in 0..4 {
        let page = desk.get(&format!("/v1/events?limit=4&after={after}")).json();
        read.extend(seqs(&page));
        after = page["next"].clone();
    }
    assert_eq!(read, seqs(&all));
    assert_eq!(desk.get("/v1/events?after=9").json(), json!({ "events": [], "next": 9 }));
    assert_eq!(
        desk.get("/v1/events?after=-1").problem(400, "bad-query"),
        "`after` is the number of an event, not `-1`"
    );
    let wait = desk.get("/v1/events?wait=61").problem(400, "bad-query");
    assert_eq!(wait, "`wait` is a number from 0 to 60, not `61`");
}

#[test]
fn a_customer_has_a_history() {
    let (desk, mut writer) = open(|_| {});
    writer.pass(&[1500, 1000, 1000, 999, 0], 1);
    let history = desk.get("/v1/customers/3/history").json();
    let told: Vec<(&Json, &Json, &Json)> = history
        .as_array()
        .expect("events")
        .iter()
        .filter(|event| event["ladder"] == "club")
        .map(|event| (&event["as_of"], &event["event"], &event["to"]))
        .collect();
    let (entered, upgraded) = (json!("tier.entered"), json!("tier.upgraded"));
    let dates = (json!("2026-03-10"), json!("2026-03-11"));
    let tiers = (json!("gold"), json!("vip"));
    assert_eq!(told, [(&dates.0, &entered, &tiers.0), (&dates.1, &upgraded, &tiers.1)]);
    desk.get("/v1/customers/4711/history").problem(404, "unknown-customer");
}

#[test]
fn who_waits_hears_of_the_next_event_at_once() {
    let (desk, mut writer) = open(|_| {});
    let mut stream = desk.connect();
    let request =
        "GET /v1/events?after=9&wait=30 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    writer.pass(&[1500, 1000, 1000, 999, 0], 1);
    desk.board.set_last_event(10);
    let mut back = Vec::new();
    stream.read_to_end(&mut back).expect("answered");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let json = Answer::read(&back).json();
    assert_eq!(seqs(&json)[0], 10);
    assert_eq!(json["events"][0]["event"], "tier.upgraded");
}

#[test]
fn who_waits_in_vain_is_told_so_in_time() {
    let (desk, _writer) = open(|_| {});
    let began = Instant::now();
    let answer = desk.get("/v1/events?after=9&wait=1");
    assert_eq!(answer.json(), json!({ "events": [], "next": 9 }));
    let waited = began.elapsed();
    assert!((1000..10_000).contains(&waited.as_millis()), "{waited:?}");
}

#[test]
fn the_end_does_not_wait_for_those_who_wait() {
    for by_the_board in [false, true] {
        let (mut desk, _writer) = open(|_| {});
        let mut stream = desk.connect();
        let request = "GET /v1/events?after=9&wait=60 HTTP/1.1\r\nhost: localhost\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("sent");
        thread::sleep(Duration::from_millis(300));
        let began = Instant::now();
        match by_the_board {
            true => desk.board.stop(),
            false => desk.stop(Duration::from_secs(20)),
        }
        let mut head = [0; 12];
        stream.read_exact(&mut head).expect("answered");
        assert_eq!(&head, b"HTTP/1.1 200");
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}

#[test]
fn a_state_that_is_not_there_is_told_and_found_once_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("state.db");
    let answers = answers();
    let desk = Desk::over(path.clone(), &answers.generation, |_| {});
    desk.board.publish(Arc::new(answers));
    desk.get("/v1/events").problem(503, "state-unreadable");
    desk.get("/v1/customers/1/history").problem(503, "state-unreadable");
    let mut writer =
        Writer { state: State::open_or_create(&path).expect("a state"), _directory: directory };
    writer.pass(&[1500, 1000, 400, 999, 0], 0);
    assert_eq!(seqs(&desk.get("/v1/events").json()).len(), 9);
    assert_eq!(desk.get("/v1/customers/1/history").status, 200);
}

#[test]
fn many_readers_of_the_state_share_a_few_connections() {
    let (desk, _writer) = open(|_| {});
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(seqs(&desk.get("/v1/events?limit=3").json()), [1, 2, 3]);
                }
            });
        }
    });
}
