//! What is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use serde_json::json;

use super::desk::{Answer, CLUB, Desk, answers, answers_of};

#[test]
fn a_customer_has_a_standing_benefits_segments_and_alerts_of_one_generation() {
    let desk = Desk::open();
    let answer = desk.get("/v1/customers/2");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("tierkeeper-generation"), Some(desk.generation.as_str()));
    let json = answer.json();
    assert_eq!(json["customer"], "2");
    assert_eq!(json["as_of"], "2026-03-10");
    assert_eq!(json["generation"], desk.generation);
    // Ten months from the day on which vip was reached.
    let club = json!({
        "tier": "vip", "since": "2026-03-10", "review_on": "2027-01-10", "grace_until": null
    });
    assert_eq!(json["ladders"], json!({ "club": club }));
    assert_eq!(json["segments"], json!(["regulars"]));
    assert_eq!(json["alerts"], json!(["quiet"]));
    assert_eq!(json["benefits"][0]["value"], 20);
}

#[test]
fn an_explanation_is_of_the_generation_that_it_says() {
    let desk = Desk::open();
    let answer = desk.get("/v1/customers/3/explanation?locale=de");
    assert_eq!(answer.status, 200);
    let json = answer.json();
    assert_eq!(answer.header("tierkeeper-generation"), json["generation"].as_str());
    assert_eq!(json["ladders"]["club"]["tier"], "gold");
    assert_eq!(json["ladders"]["club"]["next"]["tier"], "vip");
}

#[test]
fn ids_are_decoded_once() {
    let desk = Desk::open();
    let who = |path: &str| {
        let answer = desk.get(path);
        (answer.status, answer.json()["customer"].as_str().map(str::to_owned))
    };
    assert_eq!(who("/v1/customers/a%2Fb"), (200, Some("a/b".to_owned())));
    assert_eq!(who("/v1/customers/a%2fb/explanation"), (200, Some("a/b".to_owned())));
    assert_eq!(who("/v1/customers/%C3%A4"), (200, Some("ä".to_owned())));
    assert_eq!(who("/v1/customers/a%252Fb"), (404, None));
    assert_eq!(who("/v1/customers/%31"), (200, Some("1".to_owned())));
}

#[test]
fn a_list_goes_on_after_its_last_customer() {
    let desk = Desk::open();
    let list = |path: &str| desk.get(path).json();
    let vips = "/v1/ladders/club/tiers/vip/customers";
    assert_eq!(list(vips), json!({ "customers": ["1", "2"], "next": null }));
    assert_eq!(list(&format!("{vips}?limit=1")), json!({ "customers": ["1"], "next": "1" }));
    let rest = json!({ "customers": ["2"], "next": null });
    assert_eq!(list(&format!("{vips}?limit=1&after=1")), rest);
    let regulars = "/v1/segments/regulars/customers";
    let first = json!({ "customers": ["1", "2", "a/b"], "next": "a/b" });
    assert_eq!(list(&format!("{regulars}?limit=3")), first);
    let rest = json!({ "customers": ["ä"], "next": null });
    assert_eq!(list(&format!("{regulars}?limit=3&after=a%2Fb")), rest);
}

#[test]
fn what_is_not_there_is_not_found() {
    let desk = Desk::open();
    let problem = |path: &str, name: &str| desk.get(path).problem(404, name);
    let customer = problem("/v1/customers/4711", "unknown-customer");
    assert_eq!(customer, "there is no customer `4711`");
    problem("/v1/customers/4711/explanation", "unknown-customer");
    let ladder = problem("/v1/ladders/clab/tiers/vip/customers", "unknown-ladder");
    assert_eq!(ladder, "there is no ladder `clab`; did you mean `club`?");
    let tier = problem("/v1/ladders/club/tiers/golt/customers", "unknown-tier");
    assert_eq!(tier, "there is no tier `golt`; did you mean `gold`?");
    let segment = problem("/v1/segments/regular/customers", "unknown-segment");
    assert_eq!(segment, "there is no segment `regular`; did you mean `regulars`?");
    let route = problem("/v1/state", "unknown-route");
    assert_eq!(route, "there is nothing at this path; did you mean `/v1/status`?");
    for path in ["/", "/v1", "/v1/customers/", "/v1/customers/1/", "//healthz", "/v1/segments/a"] {
        problem(path, "unknown-route");
    }
    let answer = desk.get("/v1/customers/4711");
    assert_eq!(answer.header("tierkeeper-generation"), Some(desk.generation.as_str()));
    assert_eq!(answer.json()["instance"], "/v1/customers/4711");
}

#[test]
fn parameters_say_what_they_can_be() {
    let desk = Desk::open();
    let problem = |query: &str| {
        desk.get(&format!("/v1/segments/regulars/customers?{query}")).problem(400, "bad-query")
    };
    let limit = "`limit` is a number from 1 to 10000";
    for value in ["0", "10001", "-1", "1.0", "ten", "", "99999999999999999999"] {
        assert_eq!(problem(&format!("limit={value}")), format!("{limit}, not `{value}`"));
    }
    assert_eq!(problem("limits=3"), "there is no parameter `limits` here; did you mean `limit`?");
    assert_eq!(problem("limit=3&limit=4"), "`limit` is there twice");
    // Nobody has it, and as a text it would come after all numbers.
    assert_eq!(problem("after="), "`after` is the id of a customer");
    let locale = desk.get("/v1/customers/1?lang=de").problem(400, "bad-query");
    assert_eq!(locale, "there is no parameter `lang` here; there is `locale`");
    assert_eq!(
        desk.get("/v1/status?verbose=1").problem(400, "bad-query"),
        "there is no parameter `verbose` here"
    );
}

#[test]
fn before_the_first_pass_it_runs_and_is_not_ready() {
    let desk = Desk::before_the_first_pass("sha256:rules", |_| {});
    assert_eq!(desk.get("/healthz").status, 200);
    let answer = desk.get("/readyz");
    assert_eq!(answer.problem(503, "not-ready"), "the first pass has not ended yet");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.header("tierkeeper-generation"), Some("sha256:rules"));
    desk.get("/v1/customers/1").problem(503, "not-ready");
    desk.get("/v1/segments/regulars/customers").problem(503, "not-ready");
    desk.post("/v1/decide", "{}").problem(503, "not-ready");
    assert_eq!(desk.get("/v1/status").json()["generation"], "sha256:rules");
    desk.board.publish(answers().into());
    assert_eq!(desk.get("/readyz").status, 200);
    desk.board.stop();
    desk.get("/readyz").problem(503, "stopping");
}

#[test]
fn a_head_is_that_of_the_answer_without_its_body() {
    let desk = Desk::open();
    let whole = desk.get("/v1/customers/1");
    let head: Answer = desk.ask("HEAD", "/v1/customers/1", &[], "");
    assert_eq!(head.status, 200);
    assert_eq!(head.body, b"");
    assert_eq!(head.header("content-length"), whole.header("content-length"));
    assert_eq!(head.header("tierkeeper-generation"), Some(desk.generation.as_str()));
    let head = desk.ask("HEAD", "/v1/customers/4711", &[], "");
    assert_eq!((head.status, head.body.len()), (404, 0));
}

#[test]
fn somebody_is_decided_of_whom_nothing_is_stored() {
    let desk = Desk::open();
    let answer =
        desk.post("/v1/decide", r#"{"metrics": {"spend": 400, "orders_made": 1, "days_away": 1}}"#);
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.json()["ladders"]["club"]["tier"], "gold");
    assert_eq!(answer.header("tierkeeper-generation"), Some(desk.generation.as_str()));
    let answer = desk.post("/v1/decide", "{\n  \"metrics\": {\"spent\": 400}}");
    let detail = answer.problem(400, "bad-body");
    assert!(detail.starts_with("line 2, column 15: "), "{detail}");
    let json = answer.json();
    assert_eq!((&json["line"], &json["column"]), (&json!(2), &json!(15)));
    assert_eq!(json["findings"][0]["line"], 2);
}

/// Under the second rules nobody is vip: `1` spent 1500.
#[test]
fn no_answer_mixes_two_generations() {
    let desk = Desk::open();
    let both = [answers(), answers_of(&CLUB.replace("spend >= 1000", "spend >= 2000"))];
    let both = both.map(Arc::new);
    assert_ne!(both[0].generation, both[1].generation);
    let done = AtomicBool::new(false);
    let mut seen = [0; 2];
    thread::scope(|scope| {
        scope.spawn(|| {
            // It ends too where the test has failed.
            let began = Instant::now();
            for turn in both.iter().cycle() {
                if done.load(Ordering::Relaxed) || began.elapsed().as_secs() > 60 {
                    break;
                }
                desk.board.publish(Arc::clone(turn));
                thread::yield_now();
            }
        });
        for round in 0..400 {
            let path = ["/v1/customers/1", "/v1/customers/1/explanation"][round % 2];
            let answer = desk.get(path);
            let said = answer.header("tierkeeper-generation").expect("said").to_owned();
            let json = answer.json();
            assert_eq!(json["generation"], said);
            let which = usize::from(said == both[1].generation);
            assert_eq!(json["ladders"]["club"]["tier"], ["vip", "gold"][which]);
            assert_eq!(json["benefits"][0]["value"], [20, 10][which]);
            seen[which] += 1;
            let answer = desk.get("/v1/ladders/club/tiers/vip/customers");
            let first = answer.header("tierkeeper-generation") == Some(&both[0].generation);
            let vips = if first { json!(["1", "2"]) } else { json!([]) };
            assert_eq!(answer.json()["customers"], vips);
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(seen.iter().all(|seen| *seen > 0), "both were asked: {seen:?}");
}
