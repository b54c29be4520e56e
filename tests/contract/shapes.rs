//! `evaluate --format json` and `check --format json`.

use serde_json::{Value, json};

use super::{clubs, keys};
use crate::shop::AS_OF;

#[test]
fn the_summary_of_a_pass() {
    let shop = clubs();
    let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
    let mut expected = summary.clone();
    let program = summary["program"].as_str().unwrap();
    assert!(program.starts_with("sha256:") && program.len() == 7 + 64, "{program}");
    expected["program"] = json!("sha256:…");
    let moves = |entered: u64| {
        json!({"entered": entered, "upgraded": 0, "downgraded": 0, "retained": 0, "left": 0,
            "grace_started": 0, "grace_recovered": 0, "migrated": 0})
    };
    assert_eq!(
        expected,
        json!({
            "as_of": AS_OF,
            "program": "sha256:…",
            "customers": 3,
            "skipped_rows": {"no customer": 1},
            "bad_rows": 0,
            "faults": 0,
            "ladders": {
                "club": {"tiers": {"vip": 1, "gold": 1}, "none": 1, "moves": moves(2)},
                "scores": {"tiers": {"high": 2, "low": 1}, "none": 0, "moves": moves(3)},
            },
            "segments": {"twice": 1, "nobody_here": 0, "near_vip": 2},
            "alerts": {"quiet": 1, "silent": 0},
            "warnings": [],
        })
    );
    // The order of tiers is that of the pack.
    let tiers = summary["ladders"]["club"]["tiers"].as_object().unwrap();
    assert_eq!(tiers.keys().collect::<Vec<_>>(), ["vip", "gold"]);

    let timed = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json", "--timings"]);
    assert_eq!(keys(&timed["seconds"]), ["decide", "read", "write"]);
    assert!(timed["seconds"].as_object().unwrap().values().all(Value::is_number));
    assert_eq!(timed["program"], summary["program"]);
}

#[test]
fn a_generation_is_of_the_rules_and_not_of_their_layout() {
    let shop = clubs();
    let generation = |shop: &crate::shop::Shop, set: &str| {
        let arguments =
            ["evaluate", "--as-of", AS_OF, "--dry-run", "--format", "json", "--set", set];
        shop.json(arguments)["program"].clone()
    };
    let first = generation(&shop, "vip_spend=1000");
    let commented = format!(
        "# rules\n\n{}# the end\n",
        super::CLUBS.replace("enter: always", "enter:   always")
    );
    shop.write("rules/tiny/pack.yaml", commented);
    assert_eq!(generation(&shop, "vip_spend=1000.00"), first);
    assert_ne!(generation(&shop, "vip_spend=1001"), first);
}

#[test]
fn findings() {
    let shop = clubs();
    let none = shop.json(["check", "--format", "json"]);
    // `average_amount` and `pace` are there for the list only.
    let codes = |found: &Value| -> Vec<String> {
        let findings = found["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(none["ok"], true);
    assert_eq!(codes(&none), ["unused-metric", "unused-metric"]);
    let output = shop.run(["check", "--format", "json", "--deny-warnings"]).assert().code(1);
    let denied: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    assert_eq!(denied["ok"], false);

    let typo = "# é\nladders:\n  other:\n    tiers:\n      a: { enter: spent >= 3 }\n";
    shop.write("rules/tiny/more.yaml", typo);
    let output = shop.run(["check", "--format", "json"]).assert().code(1);
    let found: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    assert_eq!(keys(&found), ["findings", "ok"]);
    assert_eq!(found["ok"], false);
    let errors: Vec<&Value> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .collect();
    assert_eq!(
        errors,
        [&json!({
            "code": "unknown-name", "severity": "error",
            "message": "there is no metric, attribute or parameter `spent`",
            "help": "did you mean `spend`?",
            "file": "more.yaml", "line": 5, "column": 19, "end_line": 5, "end_column": 24,
        })]
    );
}
