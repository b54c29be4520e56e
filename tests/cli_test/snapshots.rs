//! Snapshots from the first time to a changed rule, and files that are broken.

use serde_json::json;

use crate::pack::{Pack, RULES};

const TESTS: &str = "snapshots:
  - name: made up
    population: { customers: 30, seed: 7 }
    as_of: 2026-11-22
  - name: ours
    csv: people.csv
    as_of: 2026-11-22
";

const PEOPLE: &str = "customer,spend,order_count,consent\n1,1200,3,true\n2,1100,1,\n3,900,2,\n";

const DIRECTORY: &str = "small/tests/snapshots";

fn pack() -> Pack {
    let pack = Pack::new(TESTS);
    pack.write("small/tests/people.csv", PEOPLE);
    pack
}

fn accepted() -> Pack {
    let pack = pack();
    pack.test(&["--accept"]).ends(0).says(&[
        "2 passed, 0 failed, 0 skipped",
        "accepted small/tests/snapshots/a__made_up.snap",
        "accepted small/tests/snapshots/a__ours.snap",
    ]);
    pack
}

/// VIP from 800 on: the third customer of the table rises.
fn cheaper(pack: &Pack) {
    pack.write("small/pack.yaml", RULES.replace("default: 1000", "default: 800"));
}

#[test]
fn from_nothing_to_a_pass() {
    let pack = pack();
    let new = "nothing is stored yet; `tierkeeper test --accept` takes it";
    pack.test(&[]).ends(1).says(&[
        "FAILED made up  tests/a.yaml:2",
        "FAILED ours  tests/a.yaml:5",
        new,
    ]);
    assert_eq!(pack.names(DIRECTORY), ["a__made_up.snap.new", "a__ours.snap.new"]);
    pack.test(&["--accept"]).ends(0);
    assert_eq!(pack.names(DIRECTORY), ["a__made_up.snap", "a__ours.snap"]);
    let stored = pack.read("small/tests/snapshots/a__ours.snap");
    assert!(stored.starts_with("---\nsource: tests/a.yaml\n"), "{stored}");
    for line in [
        "1  club  vip  entered  spend 1200.00 of 1000.00; order_count 3 of 2; spend 1200.00, less than 4000.00 is asked",
        "2  club  member  entered",
        "3  club  member  entered",
    ] {
        assert!(stored.lines().any(|it| it == line), "{line}\n{stored}");
    }
    pack.test(&[]).ends(0).says(&["2 passed, 0 failed"]);
    // Nothing changes, so nothing is taken.
    let again = pack.test(&["--accept"]).ends(0);
    assert!(!again.out.contains("accepted"), "{}", again.out);
    assert_eq!(pack.read("small/tests/snapshots/a__ours.snap"), stored);
}

#[test]
fn ci_looks_and_writes_nothing() {
    let pack = pack();
    let ci = |arguments: &[&str]| pack.test_at("", arguments, &[("CI", "1")]);
    ci(&["small"]).ends(1).says(&["nothing is stored yet"]);
    assert_eq!(pack.names(DIRECTORY), [""; 0]);
    ci(&["small", "--accept"]).ends(0);
    assert_eq!(pack.names(DIRECTORY), ["a__made_up.snap", "a__ours.snap"]);
    cheaper(&pack);
    let before = pack.read("small/tests/snapshots/a__ours.snap");
    ci(&["small"]).ends(1).says(&["club: vip 1 → 2, member 2 → 1"]);
    assert_eq!(pack.names(DIRECTORY), ["a__made_up.snap", "a__ours.snap"]);
    assert_eq!(pack.read("small/tests/snapshots/a__ours.snap"), before);
    // An empty variable is none.
    pack.test_at("", &["small"], &[("CI", "")]).ends(1);
    assert!(pack.names(DIRECTORY).contains(&"a__ours.snap.new".to_owned()));
}

#[test]
fn a_changed_rule_is_shown() {
    let pack = accepted();
    cheaper(&pack);
    pack.test(&["--run", "ours"]).ends(1).says(&[
        "FAILED ours  tests/a.yaml:5",
        " club: vip 1 → 2, member 2 → 1",
        " 1 customer in another tier, 1 with other reasons or dates",
        " -  vip: 1\n",
        " +  vip: 2\n",
        " -3  club  member  entered\n",
        " +3  club  vip  entered  spend 900.00 of 800.00; order_count 2 of 2; spend 900.00, less than 4000.00 is asked\n",
        "`tierkeeper test --review` walks through what changed, `--accept` takes it",
        "0 passed, 1 failed, 0 skipped",
    ]);
    let case = pack.json(&["--run", "ours"])["cases"][0].clone();
    assert_eq!(case["status"], "failed");
    assert!(case["difference"].as_str().unwrap().contains("+3  club  vip"), "{case}");
    // As it was: the rule is put back, and what waited is gone.
    pack.write("small/pack.yaml", RULES);
    pack.test(&[]).ends(0);
    assert_eq!(pack.names(DIRECTORY), ["a__made_up.snap", "a__ours.snap"]);
}

#[test]
fn only_what_was_run_is_taken() {
    let pack = accepted();
    cheaper(&pack);
    pack.test(&[]).ends(1);
    let before = pack.read("small/tests/snapshots/a__made_up.snap");
    let run = pack.test(&["--accept", "--run", "ours"]).ends(0).says(&["accepted"]);
    assert!(!run.out.contains("made_up"), "{}", run.out);
    assert_eq!(pack.read("small/tests/snapshots/a__made_up.snap"), before);
    pack.test(&[]).ends(1).says(&["FAILED made up", "1 passed, 1 failed"]);
}

#[test]
fn accepting_does_not_hide_what_else_fails() {
    let pack = Pack::new(format!("{}{TESTS}", crate::pack::FAILS));
    pack.write("small/tests/people.csv", PEOPLE);
    pack.test(&["--accept"]).ends(1).says(&["FAILED no vip", "2 passed, 1 failed", "accepted"]);
    assert_eq!(pack.names(DIRECTORY), ["a__made_up.snap", "a__ours.snap"]);
    cheaper(&pack);
    // The first failure is enough: nothing was compared, so nothing is taken.
    let run = pack.test(&["--accept", "--fail-fast"]).ends(1);
    assert!(!run.out.contains("accepted"), "{}", run.out);
    pack.test(&["--accept", "--format", "json"]).ends(2).says(&["cannot be used with"]);
    pack.test(&["--review"]).ends(2).says(&["stdin is not a terminal", "--accept"]);
}

#[test]
fn unused_snapshots_are_told() {
    let pack = accepted();
    pack.write(
        "small/tests/snapshots/of_another__program.snap",
        "---\nsource: src/lib.rs\n---\nx\n",
    );
    pack.write("small/tests/a.yaml", TESTS.replace("name: ours", "name: other"));
    pack.test(&[])
        .ends(1)
        .says(&["no test names this snapshot; delete it: small/tests/snapshots/a__ours.snap"]);
    assert_eq!(pack.json(&[])["unused_snapshots"], json!(["small/tests/snapshots/a__ours.snap"]));
    pack.write("small/tests/b.yaml", crate::pack::PASSES);
    // One file alone cannot say what the others name.
    let one = pack.test_at("", &["small/tests/b.yaml"], &[]).ends(0);
    assert!(!one.out.contains("delete it"), "{}", one.out);
}

#[test]
fn broken_snapshots_are_of_the_environment() {
    let newer = |text: String| text.replace("tierkeeper: 1", "tierkeeper: 99");
    let stored = accepted().read("small/tests/snapshots/a__ours.snap");
    assert_ne!(newer(stored.clone()), stored);
    let broken: [(Vec<u8>, &str, &str); 4] = [
        (newer(stored).into_bytes(), "version", "tierkeeper"),
        (b"x\n".to_vec(), "line 1: a snapshot begins with a line of `---`", "take the file back"),
        (b"---\nsource: x\n".to_vec(), "a__ours.snap, line", "take the file back"),
        (
            b"---\nsource: x\xff\n---\n".to_vec(),
            "line 2: byte 0xFF is not UTF-8 text",
            "take the file back",
        ),
    ];
    for (text, message, help) in broken {
        let pack = accepted();
        pack.write("small/tests/snapshots/a__ours.snap", &text);
        pack.test(&[]).ends(2).says(&[
            "error: small/tests/snapshots/a__ours.snap",
            message,
            "help: ",
            help,
        ]);
        // Nobody's file is overwritten unseen.
        pack.test(&["--accept"]).ends(2);
        let left = std::fs::read(pack.path().join("small/tests/snapshots/a__ours.snap")).unwrap();
        assert_eq!(left, text);
    }
}

#[test]
fn populations_that_cannot_be_read() {
    let said = |population: &str, words: &[&str]| {
        let pack = pack();
        pack.write("outside.csv", PEOPLE);
        pack.write("small/tests/bad.csv", "customer,spend\n1,\"1,200\"\n1,2\n\n3,2,1\n");
        pack.write("small/tests/latin.csv", b"customer,channel\n1,caf\xe9\n");
        pack.write(
            "small/tests/a.yaml",
            format!("snapshots:\n  - name: x\n    {population}\n    as_of: 2026-11-22\n"),
        );
        let run = pack.test(&[]).ends(1).says(&["FAILED x  tests/a.yaml:2"]).says(words);
        assert!(run.err.is_empty(), "{}", run.err);
        assert_eq!(pack.names(DIRECTORY), [""; 0]);
        pack.test(&["--accept"]).ends(1);
    };
    said(
        "csv: bad.csv",
        &[
            "small/tests/bad.csv:2:3: `1,200` is no plain decimal number; write it as in `-1250.5`",
            "small/tests/bad.csv:3:1: the customer `1` stands here a second time; a customer has one line",
            "small/tests/bad.csv:5:1: 3 cells where the heading has 2; put text with a comma into quotation marks",
        ],
    );
    said("csv: latin.csv", &["small/tests/latin.csv", "UTF-8"]);
    for outside in ["csv: ../../outside.csv", "store: ../../outside.csv", "store: /etc/passwd"] {
        said(outside, &["is not in the pack: put the file beside the tests"]);
    }
    said(
        "csv: nowhere.csv",
        &["cannot read small/tests/nowhere.csv", "write its way from the tests"],
    );
    said("csv: ../tests", &["cannot read small/tests/../tests"]);
    said("store: people.csv", &["is not a SQLite database; `csv:` reads a table of people"]);
}

#[test]
fn a_store_beside_the_tests() {
    let pack = pack();
    pack.write(
        "small/tests/a.yaml",
        "snapshots:\n  - name: stored\n    store: people.db\n    as_of: 2026-11-22\n",
    );
    let path = pack.path().join("small/tests/people.db");
    let store = rusqlite::Connection::open(&path).unwrap();
    store
        .execute_batch(
            "CREATE TABLE customers (id, joined, channel, consent, points, ratio, debt);
             CREATE TABLE orders (who, day, quantity, price);
             INSERT INTO customers (id) VALUES (1), (2);
             INSERT INTO orders VALUES (1, '2026-11-01', 1, 600), (1, '2026-11-22', 1, 600), (2, '2026-11-23', 2, 600);",
        )
        .unwrap();
    drop(store);
    let before = std::fs::read(&path).unwrap();
    pack.test(&["--accept"]).ends(0);
    let stored = pack.read("small/tests/snapshots/a__stored.snap");
    for line in ["1  club  vip", "2  club  member  entered"] {
        assert!(stored.lines().any(|it| it.starts_with(line)), "{line}\n{stored}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn what_cannot_be_meant_is_a_finding() {
    let found = |lines: &str| {
        let pack = Pack::new(format!("snapshots:\n  - name: x\n{lines}"));
        pack.test(&[]).ends(1);
        let page = pack.json(&[]);
        let all = page["findings"].as_array().unwrap().iter().map(|it| {
            format!(
                "{}:{} {} | {}",
                it["line"],
                it["column"],
                it["message"].as_str().unwrap(),
                it["help"].as_str().unwrap()
            )
        });
        all.collect::<Vec<_>>()
    };
    assert_eq!(
        found("    population: { customers: 5 }\n"),
        [
            "2:11 the snapshot has no `as_of` | add `as_of: 2026-11-22`, the date for which it is decided"
        ]
    );
    assert_eq!(
        found("    as_of: 2026-01-01\n"),
        [
            "2:11 the snapshot has no population | add `population: { customers: 500, seed: 7 }`, `store:` or `csv:`"
        ]
    );
    assert_eq!(
        found("    as_of: 2026-01-01\n    csv: a.csv\n    store: a.db\n"),
        ["4:5 a snapshot has one population | make two snapshots of it"]
    );
    assert_eq!(
        found("    as_of: 2026-01-01\n    population: { customers: 0 }\n    sample: 2000000\n"),
        [
            "4:30 `customers` is at least 1 | write a whole number from 1 to 1000000",
            "5:13 `sample` is at most 1000000 | write a whole number from 1 to 1000000",
        ]
    );
    assert_eq!(
        found(
            "    as_of: 2026-02-30\n    population: { customers: 1, sed: 1 }\n    parameters: { vip_spend: 5 }\n"
        ),
        [
            "3:12 `2026-02-30` is no date: February 2026 has 28 days | did you mean `2026-02-28`?",
            "4:33 a population has no key `sed` | did you mean `seed`?",
        ]
    );
}
