//! How good the tests are: coverage and mutants, with their limits.

use serde_json::{Value, json};

use crate::pack::{FAILS, Pack};
use crate::xml;

/// A pack whose tests can be looked over: one tier from 100 on.
const RULES: &str = "pack: tiny
version: 1.0.0
settings: { currency: EUR, timezone: UTC }
sources: { orders: { table: orders, customer: who, at: day, columns: { amount: money } } }
metrics: { spend: { sum: orders.amount } }
ladders: { club: { tiers: { vip: { enter: spend >= 100 } } } }
";

const SOME: &str = "cases:
  - { name: a lot, metrics: { spend: 500 }, expect: { club: vip } }
";

/// Just below, at, just above; entered, held, left.
const ALL: &str = "cases:
  - name: the limit
    metrics: { spend: \"{spend}\" }
    each:
      - { spend: 99.99, expect: { club: none } }
      - { spend: 100, expect: { club: vip } }
      - { spend: 100.01, expect: { club: vip } }
  - name: held and lost
    facts: { orders: [ { at: 2026-01-01, amount: 100 }, { at: 2026-01-03, amount: -1 } ] }
    timeline:
      - { on: 2026-01-01, expect: { club: { tier: vip, review_on: 2026-01-02 } } }
      - { on: 2026-01-02, expect: { club: vip } }
      - { on: 2026-01-03, expect: { club: { tier: none, event: tier.left } } }
";

fn pack(tests: &str) -> Pack {
    let pack = Pack::new(tests);
    pack.write("small/pack.yaml", RULES);
    pack
}

fn keys(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}

#[test]
fn coverage_and_its_limit() {
    let some = pack(SOME);
    some.test(&["--coverage"]).ends(0).says(&[
        "Not covered",
        "small/pack.yaml:6:43  `spend >= 100` in club.vip enter was never just below 100: try `spend: 99.99`",
        "1 passed, 0 failed",
    ]);
    some.test(&["--min-coverage", "50"])
        .ends(1)
        .says(&["% of the rules are covered, less than 50 %"]);
    some.test(&["--min-coverage", "0"]).ends(0);
    let all = pack(ALL);
    all.test(&["--min-coverage", "100"]).ends(0).says(&["100.0 %"]);
    for wrong in ["101", "-", "many", ""] {
        all.test(&["--min-coverage", wrong]).ends(2).says(&["0 to 100"]);
    }
}

#[test]
fn coverage_as_json() {
    let pack = pack(SOME);
    let page = pack.json(&["--min-coverage", "50"]);
    assert_eq!(page["ok"], false);
    let coverage = &page["coverage"];
    assert_eq!(keys(coverage), ["covered", "points", "percent", "kinds", "parts", "uncovered"]);
    assert_eq!(page["limits"], json!(["25.0 % of the rules are covered, less than 50 %"]));
    // Of two sides, three places about the number, and entered, held, left: true, entered.
    assert_eq!(coverage["kinds"]["criteria"], json!({"covered": 1, "points": 2, "percent": 50}));
    assert_eq!(coverage["kinds"]["thresholds"]["covered"], 0);
    assert_eq!(keys(&coverage["parts"][0]), ["part", "name", "covered", "points", "percent"]);
    let uncovered = coverage["uncovered"].as_array().unwrap();
    assert_eq!(
        coverage["covered"].as_u64().unwrap() + uncovered.len() as u64,
        coverage["points"].as_u64().unwrap()
    );
    let below = uncovered.iter().find(|it| it["message"].as_str().unwrap().contains("just below"));
    assert_eq!(
        below.unwrap(),
        &json!({
            "kind": "thresholds", "part": "club.vip",
            "message": "`spend >= 100` in club.vip enter was never just below 100",
            "help": "try `spend: 99.99`",
            "file": "pack.yaml", "line": 6, "column": 43, "end_line": 6, "end_column": 55
        })
    );
}

#[test]
fn coverage_for_other_tools() {
    let pack = pack(SOME);
    pack.test(&["--lcov", "rules.lcov"]).ends(0);
    let lcov = pack.read("rules.lcov");
    assert!(lcov.contains("SF:small/pack.yaml\n") && lcov.ends_with("end_of_record\n"), "{lcov}");
    pack.test(&["--lcov", "nowhere/rules.lcov"]).ends(2).says(&["cannot write nowhere/rules.lcov"]);
    let run = pack.test(&["--min-coverage", "99", "--format", "github"]).ends(1);
    assert!(
        run.out.contains("::notice file=small/pack.yaml,line=6,col=43,title=not covered::"),
        "{}",
        run.out
    );
    assert!(run.out.contains("::error title=under the limit::"), "{}", run.out);
    let run = pack.test(&["--min-coverage", "99", "--format", "junit"]).ends(1);
    let suites = xml::parse(&run.out);
    assert_eq!(
        (suites.attributes["tests"].as_str(), suites.attributes["failures"].as_str()),
        ("2", "1")
    );
    let limit = &suites.children[1].children[0].children[0];
    assert!(limit.name == "failure" && limit.text.ends_with("less than 99 %"), "{limit:?}");
}

#[test]
fn mutants_and_their_limit() {
    let some = pack(SOME);
    let run = some.test(&["--mutate"]).ends(0).says(&[
        "Mutants",
        "no case notices: pack.yaml:6: `enter` of tier `club.vip`: `spend >= 100` became `spend > 100`",
        "mutants are noticed",
    ]);
    assert_eq!(run.out.matches("mutants are noticed").count(), 1, "{}", run.out);
    let run = some.test(&["--min-killed", "90"]).ends(1).says(&["less than 90 %"]);
    assert_eq!(run.out.matches("mutants are noticed").count(), 1, "{}", run.out);
    some.test(&["--min-killed", "0"]).ends(0);
    let all = pack(ALL);
    let page = all.json(&["--mutate"]);
    let survivors = page["mutants"]["survivors"].as_array().unwrap();
    assert!(
        !survivors.iter().any(|it| it["operator"] == "threshold" || it["operator"] == "comparison"),
        "{survivors:?}"
    );
}

#[test]
fn mutants_as_json() {
    let pack = pack(SOME);
    let page = pack.json(&["--min-killed", "100"]);
    assert_eq!(page["ok"], false);
    assert_eq!(page["failed"], 0);
    let mutants = &page["mutants"];
    assert_eq!(keys(mutants), ["played", "killed", "not_viable", "same", "survivors"]);
    let survivors = mutants["survivors"].as_array().unwrap();
    let count = |key: &str| mutants[key].as_u64().unwrap();
    assert_eq!(count("killed") + survivors.len() as u64, count("played"));
    let neighbour = survivors.iter().find(|it| it["operator"] == "comparison").unwrap();
    assert_eq!(
        neighbour,
        &json!({
            "file": "pack.yaml", "line": 6, "column": 43, "operator": "comparison",
            "place": "`enter` of tier `club.vip`", "before": "spend >= 100", "after": "spend > 100"
        })
    );
    assert_eq!(page["limits"].as_array().unwrap().len(), 1);
}

#[test]
fn where_cases_fail_no_mutant_is_tried() {
    let pack = pack(
        &FAILS.replace("vip }", "none }").replace("expect", "metrics: { spend: 100 }\n    expect"),
    );
    let words = "cases fail on the pack as it is, so no mutant was tried";
    for arguments in [["--mutate"].as_slice(), &["--min-killed", "1"]] {
        let run = pack.test(arguments).ends(1).says(&[words]);
        assert_eq!(run.out.matches(words).count(), 1, "{}", run.out);
        let page = pack.json(arguments);
        assert_eq!((&page["mutants"], &page["limits"]), (&json!(null), &json!([words])));
    }
}
