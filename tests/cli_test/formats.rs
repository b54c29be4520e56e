//! The results for other programs: JSON, JUnit, annotations.

use serde_json::json;

use crate::pack::{Pack, RULES};
use crate::xml::{self, Element};

/// Names and reasons with every character that means something somewhere.
const SPECIAL: &str = r#"cases:
  - name: "a < b & \"c\" > 'd' ]]> 50%, x: y\tz\r\nnew \e \x01 \uFFFE نام 🎉"
    expect: { club: vip, segments: [regulars] }
  - name: skipped
    skip: "later & <so> \"100%\""
    expect: { club: vip }
  - name: passes
    expect: { club: member }
"#;

#[test]
fn json_has_its_keys() {
    let pack = Pack::new(SPECIAL);
    let page = pack.json(&[]);
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(
        keys(&page),
        ["ok", "passed", "failed", "skipped", "findings", "cases", "unused_snapshots", "limits"]
    );
    assert_eq!(
        page["cases"][2],
        json!({"name": "passes", "file": "tests/a.yaml", "line": 7, "status": "passed"})
    );
    assert_eq!(
        page["cases"][1],
        json!({
            "name": "skipped", "file": "tests/a.yaml", "line": 4, "status": "skipped",
            "reason": "later & <so> \"100%\""
        })
    );
    let failed = &page["cases"][0];
    assert_eq!(keys(failed), ["name", "file", "line", "status", "mismatches", "stopped"]);
    assert_eq!((&failed["line"], &failed["stopped"]), (&json!(2), &json!(null)));
    let mismatches = failed["mismatches"].as_array().unwrap();
    assert_eq!(mismatches.len(), 2);
    let [first, second] = [0, 1].map(|at| mismatches[at].clone());
    assert_eq!(
        first["criteria"][1],
        json!({
            "tier": "vip", "slot": "enter", "text": "order_count >= 2", "met": false,
            "measured": 0, "asked": 2, "gap": 2
        })
    );
    let mut first = first;
    first["criteria"] = json!([]);
    assert_eq!(
        first,
        json!({
            "on": "2026-01-01", "what": "club.tier", "expected": "vip", "found": "member",
            "line": 3, "column": 21, "criteria": []
        })
    );
    assert_eq!(
        second,
        json!({
            "on": "2026-01-01", "what": "segments.regulars", "expected": "in it",
            "found": "not in it", "line": 3, "column": 37, "criteria": []
        })
    );
}

#[test]
fn junit_is_xml_with_every_character() {
    let pack = Pack::new(SPECIAL);
    let run = pack.test(&["--format", "junit"]).ends(1);
    let suites = xml::parse(&run.out);
    let told = |element: &Element| {
        ["tests", "failures", "skipped", "errors"].map(|key| element.attributes[key].clone())
    };
    assert_eq!(
        (suites.name.as_str(), told(&suites)),
        ("testsuites", ["3", "1", "1", "0"].map(str::to_owned))
    );
    let suite = &suites.children[0];
    assert_eq!(suite.attributes["name"], "tests/a.yaml");
    assert_eq!(told(suite), ["3", "1", "1", "0"]);
    let [failed, skipped, passes] = &suite.children[..] else { panic!("{}", run.out) };
    assert_eq!(
        failed.attributes["name"],
        "a < b & \"c\" > 'd' ]]> 50%, x: y\tz?\nnew ? ? ? نام 🎉"
    );
    assert_eq!(failed.attributes["classname"], "tests.a");
    assert_eq!(
        (failed.attributes["file"].as_str(), failed.attributes["line"].as_str()),
        ("tests/a.yaml", "2")
    );
    assert_eq!(failed.children[0].name, "failure");
    assert_eq!(
        failed.children[0].attributes["message"],
        "club.tier on 2026-01-01: expected vip, found member (tests/a.yaml:3)"
    );
    assert_eq!(
        failed.children[0].text,
        "club.tier on 2026-01-01: expected vip, found member (tests/a.yaml:3)\n\
         segments.regulars on 2026-01-01: expected in it, found not in it (tests/a.yaml:3)\n"
    );
    assert_eq!(skipped.children[0].attributes["message"], "later & <so> \"100%\"");
    assert!(passes.children.is_empty());
}

#[test]
fn annotations_are_escaped() {
    let pack = Pack::new(SPECIAL);
    let run = pack.test(&["--format", "github"]).ends(1);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        lines,
        [
            "::error file=small/tests/a.yaml,line=3,col=21,title=a < b & \"c\" > 'd' ]]> 50%25%2C x%3A y\tz%0D%0Anew \
             \u{1b} \u{1} \u{fffe} نام 🎉::club.tier on 2026-01-01: expected vip, found member (tests/a.yaml:3)%0A\
             segments.regulars on 2026-01-01: expected in it, found not in it (tests/a.yaml:3)",
            "1 passed, 1 failed, 1 skipped",
        ]
    );
}

#[test]
fn findings_in_every_format() {
    let pack = Pack::new("cases:\n  - name: x\n    expect: { club: \"vip & <50%>\" }\n");
    let message = "there is no tier `vip & <50%>` in `club`";
    let help = "there is `vip`, `member`";
    let run = pack.test(&["--format", "github"]).ends(1);
    assert_eq!(
        run.out,
        "::error file=small/tests/a.yaml,line=3,col=21,title=unknown-name::there is no tier `vip & <50%25>` in `club`; \
         there is `vip`, `member`\n"
    );
    let run = pack.test(&["--format", "junit"]).ends(1);
    let suites = xml::parse(&run.out);
    assert_eq!(
        (suites.attributes["tests"].as_str(), suites.attributes["errors"].as_str()),
        ("1", "1")
    );
    let error = &suites.children[0].children[0].children[0];
    assert_eq!(
        (error.name.as_str(), error.text.as_str()),
        ("error", format!("tests/a.yaml:3:21: {message}; {help}\n").as_str())
    );
    let page = pack.json(&[]);
    assert_eq!(
        (&page["ok"], &page["passed"], &page["cases"]),
        (&json!(false), &json!(0), &json!([]))
    );
    assert_eq!(
        page["findings"],
        json!([{
            "code": "unknown-name", "severity": "error", "message": message, "help": help,
            "file": "tests/a.yaml", "line": 3, "column": 21, "end_line": 3, "end_column": 34
        }])
    );
}

#[test]
fn warnings_of_the_pack_are_no_failures() {
    let pack = Pack::new(crate::pack::PASSES);
    // Nothing uses it.
    pack.write("small/pack.yaml", RULES.replace("  way:", "  idle: { count: orders }\n  way:"));
    let run = pack.test(&[]).ends(0);
    assert!(!run.out.contains("warning"), "{}", run.out);
    assert_eq!(pack.json(&[])["findings"], json!([]));
}
