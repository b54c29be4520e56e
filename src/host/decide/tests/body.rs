//! What is wrong with a body is told, all of it, with its place.

use serde_json::{Value as Json, json};

use super::{decided, findings, ten};
use crate::host::{Finding, decide};

#[track_caller]
fn told(body: &str, wanted: &[&str]) {
    assert_eq!(findings(&ten(), body), wanted, "{body}");
}

#[test]
fn names_that_the_pack_does_not_have() {
    told(
        r#"{"facts": {"order": []}}"#,
        &["1:12-1:19 unknown-name: there is no source `order`; did you mean `orders`?"],
    );
    told(
        "{\"facts\": {\"orders\": [\n  {\"at\": \"2026-01-10\", \"amont\": 5}\n]}}",
        &["2:24-2:31 unknown-name: there is no column `amont` in `orders`; did you mean `amount`?"],
    );
    told(
        r#"{"metrics": {"spent": 5}, "customer": {"conset": true}, "standing": {"clup": "vip"}}"#,
        &[
            "1:14-1:21 unknown-name: there is no metric `spent`; did you mean `spend`?",
            "1:40-1:48 unknown-name: there is no attribute of customers `conset`; did you mean `consent`?",
            "1:70-1:76 unknown-name: there is no ladder `clup`; did you mean `club`?",
        ],
    );
    told(
        r#"{"standing": {"club": "vp", "top": {"tier": "best", "form": 1}}}"#,
        &[
            "1:23-1:27 unknown-name: there is no tier `vp` in `club`; did you mean `vip`?",
            "1:53-1:59 unknown-key: a standing has no key `form`; it can have `tier`, `since`, `review_on`, `grace_until`",
        ],
    );
}

#[test]
fn keys_that_belong_elsewhere() {
    let below = |part: &str, key: &str| {
        format!(
            "nothing here is called `{key}`; write it below `{part}`: `{{\"{part}\": {{\"{key}\": …}}}}`"
        )
    };
    told(
        r#"{"metric": {}, "orders": [], "spend": 5, "joined": "x", "club": "vip", "id": 5}"#,
        &[
            "1:2-1:10 unknown-key: nothing here is called `metric`; did you mean `metrics`?",
            &format!("1:16-1:24 unknown-key: {}", below("facts", "orders")),
            &format!("1:30-1:37 unknown-key: {}", below("metrics", "spend")),
            &format!("1:42-1:50 unknown-key: {}", below("customer", "joined")),
            &format!("1:57-1:63 unknown-key: {}", below("standing", "club")),
            "1:72-1:76 unknown-key: nothing here is called `id`; there is `as_of`, `customer`, `facts`, `metrics`, `standing`",
        ],
    );
}

#[test]
fn values_of_another_kind() {
    let answers = ten();
    for (body, wanted) in [
        (r#"{"metrics": {"spend": "500"}}"#, "1:23-1:28 invalid-value: `spend` is a number;"),
        (r#"{"metrics": {"spend": 1e3}}"#, "1:23-1:26 "),
        (r#"{"metrics": {"spend": 0.001}}"#, "1:23-1:28 invalid-value: `0.001` has more decimals"),
        (
            r#"{"metrics": {"spend": null}}"#,
            "1:23-1:27 invalid-value: the metric `spend` always has",
        ),
        (
            r#"{"metrics": {"orders_made": 1.5}}"#,
            "1:29-1:32 invalid-value: `orders_made` is a whole",
        ),
        (r#"{"customer": {"consent": "yes"}}"#, "1:26-1:31 invalid-value: `yes` is neither true"),
        (r#"{"customer": {"joined": "2026-02-30"}}"#, "1:25-1:37 "),
        (r#"{"customer": {"joined": 20260230}}"#, "1:25-1:33 "),
        (
            r#"{"customer": {"joined": []}}"#,
            "1:25-1:27 wrong-shape: `joined` is a single value, not a list;",
        ),
        (r#"{"as_of": "today"}"#, "1:11-1:18 "),
        (r#"{"as_of": {}}"#, "1:11-1:13 wrong-shape: `as_of` is a single value"),
        (
            r#"{"facts": {"orders": [{"amount": 5}]}}"#,
            "1:23-1:24 missing-key: a fact of `orders` has no `at`;",
        ),
        (r#"{"facts": {"orders": [{"at": "2026-01-10T10:00:00Z"}]}}"#, "1:30-1:52 "),
        (
            r#"{"standing": {"club": {"since": "2026-01-01"}}}"#,
            "1:15-1:21 missing-key: the standing has no `tier`;",
        ),
        (
            r#"{"standing": {"club": {"tier": "vip", "since": "2026-03-11"}}}"#,
            "1:23-1:61 invalid-value: `since` 2026-03-11 lies after 2026-03-10, the date that is asked about;",
        ),
        (r#"{"metrics": {"spend": 99999999999999999999999999999}}"#, "1:23-1:52 "),
    ] {
        let told = findings(&answers, body);
        assert_eq!(told.len(), 1, "{body}: {told:?}");
        assert!(told[0].starts_with(wanted), "{body}: {told:?}");
        assert!(!told[0].ends_with("; "), "no help: {told:?}");
    }
}

#[test]
fn shapes_of_another_kind() {
    for (body, wanted) in [
        (
            "[]",
            "1:1-1:3 wrong-shape: what is asked is an object, not a list; write it as in `{\"metrics\": {…}}`",
        ),
        (
            "5",
            "1:1-1:2 wrong-shape: what is asked is an object, not a single value; write it as in `{\"metrics\": {…}}`",
        ),
        (
            "null",
            "1:1-1:5 wrong-shape: what is asked is an object, not nothing; write it as in `{\"metrics\": {…}}`",
        ),
        (
            r#"{"metrics": [5]}"#,
            "1:13-1:16 wrong-shape: `metrics` is an object, not a list; write it as in `{\"spend\": 1500}`",
        ),
        (
            r#"{"standing": "vip"}"#,
            "1:14-1:19 wrong-shape: `standing` is an object, not a text; write it as in `{\"club\": \"vip\"}`",
        ),
        (
            r#"{"facts": []}"#,
            "1:11-1:13 wrong-shape: `facts` is an object, not a list; write it as in `{\"orders\": [{\"at\": \"2026-01-10\"}]}`",
        ),
        (
            r#"{"facts": {"orders": {"at": "2026-01-10"}}}"#,
            "1:22-1:42 wrong-shape: `orders` is a list of rows, not an object; write it as in `[{\"at\": \"2026-01-10\"}]`",
        ),
        (
            r#"{"facts": {"orders": [5]}}"#,
            "1:23-1:24 wrong-shape: a row of `orders` is an object, not a single value; write it as in `{\"at\": \"2026-01-10\"}`",
        ),
    ] {
        told(body, &[wanted]);
    }
}

#[test]
fn what_is_no_json() {
    told(
        "",
        &["1:1-1:1 yaml-syntax: the JSON ends too early; close what is open: `\"`, `]` or `}`"],
    );
    told(
        "{\"metrics\": {\"spend\": 5,}}",
        &["1:25-1:26 yaml-syntax: this is no JSON: trailing comma; remove the comma"],
    );
    // YAML is not enough.
    told(
        "metrics: { spend: 5 }",
        &[
            "1:1-1:2 yaml-syntax: this is no JSON: expected value; write a number, `true`, `false`, `null`, a text in double quotes, a list or an object",
        ],
    );
    told(
        r#"{"metrics": {"spend": 5}, "metrics": {}}"#,
        &["1:27-1:36 duplicate-key: the key `metrics` stands here twice; keep one of them"],
    );
    let deep = format!("{{\"metrics\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    told(&deep, &["1:44-1:45 yaml-limit: the JSON is nested too deep; write it flatter"]);
}

#[test]
fn rows_have_an_end() {
    let answers = ten();
    let rows = |count: usize| {
        let row = json!({"at": "2026-01-10", "amount": 1});
        json!({"facts": {"orders": vec![row; count]}})
    };
    assert_eq!(decided(&answers, &rows(10_000))["metrics"]["orders_made"], 10_000);
    let most = "invalid-value: one customer has at most 10000 facts";
    assert_eq!(
        findings(&answers, &rows(10_001).to_string()),
        [format!("1:11-1:19 {most}; send the newest of them")]
    );
    let repeated = |times: &str| {
        json!({"facts": {"orders": [{"at": "2026-01-10", "repeat": times}]}}).to_string()
    };
    assert_eq!(
        findings(&answers, &repeated("10001")),
        [format!("1:21-1:57 {most}; repeat it less often")]
    );
    assert!(decide(&answers, &repeated("10000"), None).is_ok());
}

#[test]
fn findings_have_an_end() {
    let answers = ten();
    let rows: Vec<Json> = (0..9000).map(|_| json!({"amont": 1})).collect();
    let body = json!({"facts": {"orders": rows}}).to_string();
    let fault = decide(&answers, &body, None).expect_err("a fault");
    assert_eq!((fault.findings.len(), fault.more), (50, 8950));
    let shown = fault.to_json();
    assert_eq!(shown.as_array().map(Vec::len), Some(50));
    assert_eq!(
        shown[0],
        json!({
            "code": "missing-key", "severity": "error", "message": "a fact of `orders` has no `at`",
            "help": "add `at: 2026-01-10`, the day on which it happened", "file": "body",
            "line": 1, "column": 21, "end_line": 1, "end_column": 22,
        })
    );
    assert_eq!(
        fault.to_string(),
        "line 1, column 21: a fact of `orders` has no `at` (and 8999 more)"
    );
}

#[test]
fn long_names_cost_nothing() {
    let name = "spend".repeat(200_000);
    let told = findings(&ten(), &json!({"metrics": {(name.as_str()): 1}}).to_string());
    assert!(told[0].ends_with("; there is `spend`, `orders_made`, `days_away`"));
}

/// Whatever is sent: an answer or findings with places, and never a panic.
#[test]
fn whatever_is_sent() {
    const WHOLE: &str = r#"{"as_of": "2026-03-10", "customer": {"joined": "2024-02-29", "consent": true},
 "facts": {"orders": [{"at": "2026-01-10 18:30", "amount": 500.25, "repeat": "3 every 1 month"}]},
 "metrics": {"days_away": 4}, "standing": {"club": {"tier": "vip", "since": "2025-05-10", "review_on": "2026-03-01", "grace_until": "2026-04-01"}, "top": null}}"#;
    const PARTS: [&str; 10] = [
        "",
        "null",
        "[]",
        "{\"a\": 1}",
        "-1",
        "\"\"",
        "\"9999-12-31\"",
        "\"-9999-01-01\"",
        "99999999999999999999999999999999999999999",
        "\"\\ud83d\\ude00\"",
    ];
    let answers = ten();
    assert!(decide(&answers, WHOLE, None).is_ok());
    let is_end = |c: char| "{}[]:,\" \n".contains(c);
    let places: Vec<usize> = WHOLE.match_indices(is_end).map(|(at, _)| at).collect();
    let (mut good, mut bad) = (0, 0);
    let mut look = |body: &str| match decide(&answers, body, Some("tr")) {
        Ok(answer) => {
            assert!(answer["ladders"]["club"].is_object());
            good += 1;
        }
        Err(fault) => {
            assert!(!fault.findings.is_empty(), "{body}");
            let helps = |it: &Finding| it.help.is_some() || it.message.ends_with(" is empty");
            assert!(fault.findings.iter().all(helps), "{fault:#?}");
            bad += 1;
        }
    };
    for (index, start) in places.iter().enumerate() {
        look(&WHOLE[..*start]);
        for end in places[index..].iter().take(4) {
            for part in PARTS {
                look(&format!("{}{part}{}", &WHOLE[..*start], &WHOLE[*end..]));
                look(&format!("{}{part}{}", &WHOLE[..=*start], &WHOLE[*end..]));
            }
        }
    }
    assert!(good > 30 && bad > 1000, "{good} answers, {bad} faults");
}
