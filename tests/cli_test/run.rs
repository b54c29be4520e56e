//! What is run, from where, and how it ends.

use serde_json::json;

use crate::pack::{FAILS, PASSES, Pack, RULES};

#[test]
fn exit_codes() {
    Pack::new(PASSES)
        .test(&[])
        .ends(0)
        .says(&["tests/a.yaml  1 passed", "1 passed, 0 failed, 0 skipped"]);
    Pack::new(FAILS).test(&[]).ends(1).says(&[
        "FAILED no vip  tests/a.yaml:2",
        "2026-01-01  club.tier  expected vip  found member  tests/a.yaml:3",
        "vip enter  no   spend        0.00 of 1000.00: 1000.00 short",
        "0 passed, 1 failed, 0 skipped",
    ]);
    let pack = Pack::new(PASSES);
    pack.write("small/pack.yaml", RULES.replace("spend >= vip_spend", "spent >= vip_spend"));
    pack.test(&[]).ends(1).says(&["unknown-name", "pack.yaml:35:13", "did you mean `spend`?"]);
    let pack = Pack::new("cases: []\n");
    pack.test(&[]).ends(2).says(&["the test files have neither cases nor snapshots"]);
    pack.test_at("", &["nowhere"], &[]).ends(2).says(&["there is nothing at nowhere"]);
    pack.write("other/note.txt", "");
    pack.test_at("", &["other"], &[]).ends(2).says(&[
        "other is neither a pack nor a test file of one",
        "help: a pack has a `pack.yaml`",
    ]);
    std::fs::remove_dir_all(pack.path().join("small/tests")).unwrap();
    pack.test(&[]).ends(2).says(&["`small` has no tests"]);
    pack.test_at("", &["small/tests/a.yaml"], &[]).ends(2).says(&["there is nothing at"]);
}

#[test]
fn a_test_file_with_another_ending_is_told() {
    let pack = Pack::new(PASSES);
    pack.write("small/tests/b.yml", FAILS);
    pack.test(&[])
        .ends(2)
        .says(&["b.yml` is not read, because its name does not end in `.yaml`: rename it"]);
}

#[test]
fn from_wherever_somebody_is() {
    let pack = Pack::new(PASSES);
    pack.write("small/tests/b.yaml", FAILS.replace("vip }", "member }"));
    pack.write("small/tests/c/d.yaml", "");
    let absolute = pack.path().join("small/tests/a.yaml");
    let places = [
        ("", "small", 2),
        ("", "./small/", 2),
        ("", "small/tests", 2),
        ("", "small/tests/a.yaml", 1),
        ("", "small/../small/tests/./b.yaml", 1),
        ("", absolute.to_str().unwrap(), 1),
        ("small", ".", 2),
        ("small", "tests", 2),
        ("small", "tests/b.yaml", 1),
        ("small/tests", ".", 2),
        ("small/tests", "..", 2),
        ("small/tests", "a.yaml", 1),
        ("small/tests", "./b.yaml", 1),
        ("small/tests/c", "..", 2),
        ("small/tests/c", "../a.yaml", 1),
    ];
    for (from, path, cases) in places {
        let run = pack.test_at(from, &[path], &[]);
        assert!(run.code == 0, "{from}, {path}: {}{}", run.out, run.err);
        run.says(&[&format!("{cases} passed, 0 failed, 0 skipped")]);
    }
    pack.test_at("small/tests/c", &["d.yaml"], &[]).ends(2);
    pack.test_at("", &["small/pack.yaml"], &[]).ends(2).says(&["neither a pack nor a test file"]);
}

#[cfg(unix)]
#[test]
fn a_test_file_that_lies_outside_is_refused() {
    let pack = Pack::new(PASSES);
    pack.write("outside.yaml", PASSES);
    let link = pack.path().join("small/tests/b.yaml");
    std::os::unix::fs::symlink(pack.path().join("outside.yaml"), link).unwrap();
    pack.test(&[]).ends(2).says(&["b.yaml` is no test file of the pack"]);
}

#[test]
fn the_project_names_the_pack_and_nothing_else() {
    let tests = "cases:
  - name: the limit of the pack
    metrics: { spend: \"{spend}\", order_count: 2 }
    each:
      - { spend: 999.99, expect: { club: member } }
      - { spend: 1000, expect: { club: vip } }
  - name: a limit of its own
    parameters: { vip_spend: 1000 }
    metrics: { spend: 1000, order_count: 2 }
    expect: { club: vip }
";
    let pack = Pack::new(tests);
    pack.test_at("", &[], &[]).ends(2).says(&["there is no `tierkeeper.yaml`"]);
    pack.write(
        "tierkeeper.yaml",
        "pack: small\nstore: nowhere.db\nparameters: { vip_spend: 2000 }\n",
    );
    pack.test_at("", &[], &[]).ends(0).says(&["3 passed"]);
    // Places are said from there.
    pack.test_at("", &["--set", "vip_spend=2000", "--format", "github"], &[])
        .ends(1)
        .says(&["::error file=small/tests/a.yaml,line=6,"]);
    pack.test_at("small/tests", &[], &[]).ends(0);
    pack.test_at("", &["--pack", "small"], &[]).ends(0);
    pack.test_at("", &["small", "--pack", "small"], &[]).ends(2).says(&["cannot be used with"]);
    // `--set` counts, and a case's own parameters over it.
    pack.test_at("", &["--set", "vip_spend=2000"], &[]).ends(1).says(&["2 passed, 1 failed"]);
    // No date but those of the cases.
    pack.test_at("", &[], &[("TIERKEEPER_AS_OF", "1999-01-01")]).ends(0);
}

#[test]
fn some_of_the_cases() {
    let tests = format!(
        "{PASSES}  - name: Later
    skip: the rule comes in May
    expect: {{ club: vip }}
  - name: wrong
    expect: {{ club: vip }}
  - name: wrong too
    expect: {{ club: vip }}
"
    );
    let pack = Pack::new(tests);
    pack.write("small/tests/b.yaml", PASSES);
    let counts = |arguments: &[&str]| {
        let page = pack.json(arguments);
        let names: Vec<String> = page["cases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|case| {
                format!("{} {}", case["status"].as_str().unwrap(), case["name"].as_str().unwrap())
            })
            .collect();
        assert_eq!(page["ok"], page["failed"] == 0);
        ([&page["passed"], &page["failed"], &page["skipped"]].map(|it| it.as_u64().unwrap()), names)
    };
    assert_eq!(counts(&[]).0, [2, 2, 1]);
    assert_eq!(counts(&["--run", "b.yaml"]), ([1, 0, 0], vec!["passed a member".to_owned()]));
    assert_eq!(counts(&["--run", "LATER"]), ([0, 0, 1], vec!["skipped Later".to_owned()]));
    assert_eq!(counts(&["--run", "too"]).0, [0, 1, 0]);
    // Whatever is played at the same time: those before the first failure, and that.
    let (sum, names) = counts(&["--fail-fast"]);
    assert_eq!(sum, [1, 1, 1]);
    assert_eq!(names, ["passed a member", "skipped Later", "failed wrong"]);
    pack.test(&["--run", "later"]).ends(0).says(&["skipped: Later (the rule comes in May)"]);
    pack.test(&["--run", "nobody"]).ends(2).says(&[
        "no case or snapshot has `nobody` in its file or name",
        "help: without `--run` all are run",
    ]);
}

#[test]
fn a_case_has_its_time() {
    // A hundred thousand facts on two hundred dates take longer than a second anywhere.
    let mut tests = String::from(
        "cases:
  - name: slow
    facts: { orders: [ { at: 2020-01-01, quantity: 1, price: 1, repeat: 100000 } ] }
    timeline:
",
    );
    for day in 0..600 {
        let (month, day) = (day / 28, day % 28 + 1);
        let (year, month) = (2021 + month / 12, month % 12 + 1);
        tests +=
            &format!("      - {{ on: {year}-{month:02}-{day:02}, expect: {{ club: member }} }}\n");
    }
    let pack = Pack::new(tests);
    pack.test(&["--timeout", "1"]).ends(1).says(&[
        "FAILED slow  tests/a.yaml:2",
        "it stopped: the time was over before 202",
        "`--timeout SECONDS` gives it more",
    ]);
    pack.test(&["--timeout", "0"]).ends(2);
    let stopped = pack.json(&["--timeout", "1"])["cases"][0]["stopped"].clone();
    assert!(stopped.as_str().unwrap().starts_with("the time was over"), "{stopped}");
}

#[test]
fn the_order_of_cases_and_files_does_not_matter() {
    let cases: Vec<String> = (0..40)
        .map(|number| {
            let tier = if number % 3 == 0 { "vip" } else { "member" };
            format!(
                "  - name: case {number:02}\n    metrics: {{ spend: {}, order_count: {} }}\n    expect: {{ club: {tier}, metrics: {{ order_count: 2 }} }}\n",
                900 + number * 10,
                number % 4
            )
        })
        .collect();
    let results = |order: &dyn Fn(usize) -> usize| {
        let text: String = (0..40).map(|at| cases[order(at)].as_str()).collect();
        let pack = Pack::new(format!("cases:\n{text}"));
        let page = pack.json(&[]);
        let mut all: Vec<String> = page["cases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|case| {
                let mut case = case.clone();
                case["line"] = json!(null);
                for mismatch in case["mismatches"].as_array_mut().into_iter().flatten() {
                    mismatch["line"] = json!(null);
                }
                case.to_string()
            })
            .collect();
        all.sort();
        (pack.test(&[]).out, all)
    };
    let (page, forwards) = results(&|at| at);
    assert!(forwards.iter().any(|case| case.contains("mismatches")));
    assert!(forwards.iter().any(|case| case.contains("passed")));
    assert_eq!(results(&|at| at).0, page);
    assert_eq!(results(&|at| 39 - at).1, forwards);
    assert_eq!(results(&|at| at * 7 % 40).1, forwards);
}

#[test]
fn every_row_has_its_own_parameters() {
    let tests = r#"cases:
  - name: values
    parameters: { vip_spend: "{limit}" }
    metrics: { spend: 1500, order_count: 2 }
    each:
      - { limit: 1500, expect: { club: vip } }
      - { limit: 1500.01, expect: { club: member } }
      - { limit: 1000, expect: { club: vip } }
  - name: parts of values
    parameters: { period: "{months} months", vip_spend: "1{hundreds}00" }
    facts: { orders: [ { at: 2026-01-15, quantity: 1, price: 600, repeat: 2 every 1 month } ] }
    as_of: 2026-02-28
    each:
      - { months: 1, hundreds: 0, expect: { metrics: { spend: 600 } } }
      - { months: 2, hundreds: 1, expect: { club: vip, metrics: { spend: 1200 } } }
      - { months: 2, hundreds: 3, expect: { club: member, metrics: { spend: 1200 } } }
  - name: items of lists
    parameters: { ways: ["{way}", phone] }
    customer: { channel: web }
    each:
      - { way: shop, expect: { segments: { known: false } } }
      - { way: web, expect: { segments: [known] } }
"#;
    Pack::new(tests).test(&[]).ends(0).says(&["8 passed, 0 failed"]);
}
