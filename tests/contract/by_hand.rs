//! What is done by hand: all of it or nothing, with a reason, never before the last pass.

use std::fs;

use serde_json::json;

use super::{clubs, evaluated, keys, shop::Shop};

fn state(shop: &Shop) -> Vec<u8> {
    fs::read(shop.path().join("shop.tiers.db")).unwrap()
}

#[test]
fn a_file_with_one_bad_line_changes_nothing() {
    let shop = evaluated();
    let before = state(&shop);
    shop.write(
        "today.csv",
        "customer,ladder,tier,since,review_on\n\
         7,club,gold,2026-01-01,\n\
         2,clbu,gold,2026-01-01,\n\
         2,club,glod,2026-01-01,\n\
         \"Zoë, \"\"Z\"\"\",club,gold,2026-02-30,\n\
         \"Zoë, \"\"Z\"\"\",club,gold,2026-04-01,\n\
         1,club,gold,2026-01-01,\n",
    );
    let said = shop.stderr(2, ["adopt", "today.csv", "--as-of", "2026-03-21"]);
    for line in [
        "today.csv:2: there is no customer `7`",
        "today.csv:3: there is no ladder `clbu`; did you mean `club`?",
        "today.csv:4: there is no tier `glod` in `club`; did you mean `gold`?",
        "today.csv:5: `2026-02-30` is no date",
        "today.csv:6: `since` 2026-04-01 lies after 2026-03-21",
        "today.csv:7: customer `1` holds `vip` already",
    ] {
        assert!(said.contains(line), "`{line}` is not in\n{said}");
    }
    assert!(state(&shop) == before);
    shop.write("vips.csv", "customer,tier,until\n2,club.vip,2026-06-01\n2,club.vip,2026-07-01\n");
    let hold = ["hold", "--from", "vips.csv", "--reason", "x", "--as-of", "2026-03-21"];
    let said = shop.stderr(2, hold);
    assert!(said.contains("vips.csv:3: the same customer and ladder as in line 2"), "{said}");
    shop.write("vips.csv", "customer,tier,until\n2,club.vip,2026-06-01\n1,club.vip,2026-01-01\n");
    assert!(shop.stderr(2, hold).contains("vips.csv:3: a hold until 2026-01-01 would be over"));
    assert!(state(&shop) == before);
}

#[test]
fn a_try_writes_nothing() {
    let shop = evaluated();
    let before = state(&shop);
    shop.write("today.csv", "customer,ladder,tier,since\n1,club,gold,2026-01-01\n");
    for command in [
        vec!["adopt", "today.csv", "--replace"],
        vec!["hold", "2", "--tier", "club.vip", "--reason", "x"],
        vec!["extend", "--until", "2027-06-01", "--reason", "x"],
    ] {
        let mut run = shop.run([]);
        run.args(&command).args(["--dry-run", "--as-of", "2026-03-21"]).assert().success();
        assert!(state(&shop) == before, "{command:?}");
    }
    // Without a state none is made.
    let shop = clubs();
    shop.write("today.csv", "customer,ladder,tier,since\n1,club,glod,2026-01-01\n");
    shop.stderr(2, ["adopt", "today.csv"]);
    assert!(!shop.path().join("shop.tiers.db").exists());
}

#[test]
fn the_shape_of_a_hold_and_its_release() {
    let shop = evaluated();
    let held = shop.json([
        "hold",
        "2",
        "--tier",
        "club.vip",
        "--until",
        "2026-06-01",
        "--reason",
        "a friend",
        "--by",
        "Ayse",
        "--as-of",
        "2026-03-22",
        "--format",
        "json",
    ]);
    assert_eq!(keys(&held), ["as_of", "changes", "customers"]);
    assert_eq!(
        held["changes"],
        json!([{"customer": "2", "ladder": "club", "event": "hold.started", "from": "gold",
            "to": "vip", "since": "2026-03-22", "review_on": "2026-06-01", "grace_until": null,
            "until": "2026-06-01", "by": "Ayse", "reason": "a friend"}])
    );
    let hold = &shop.json(["explain", "2", "--format", "json"])["ladders"]["club"]["hold"];
    assert_eq!(*hold, json!({"tier": "vip", "until": "2026-06-01", "floor": false}));
    // Not before what was done last.
    let early = ["release", "2", "--as-of", "2026-03-21"];
    assert!(shop.stderr(2, early).contains("passes go forward in time"));
    let early = ["evaluate", "--as-of", "2026-03-21"];
    shop.stderr(2, early);
    let released = shop.json(["release", "2", "--as-of", "2026-03-25", "--format", "json"]);
    assert_eq!(released["changes"][0]["event"], "hold.ended");
    assert_eq!(released["changes"][0]["review_on"], "2026-03-25");
    assert!(shop.stderr(2, ["release", "2"]).contains("customer `2` has no hold"));
    shop.run(["evaluate", "--as-of", "2026-03-25"]).assert().success();
    let history = shop.json(["history", "2", "--ladder", "club", "--format", "json"]);
    let last = history.as_array().unwrap().last().unwrap();
    assert_eq!((&last["event"], &last["to"]), (&json!("tier.downgraded"), &json!("gold")));
}

#[test]
fn a_hold_comes_before_the_first_pass() {
    let shop = clubs();
    let hold =
        ["hold", "2", "--tier", "club.vip", "--floor", "--reason", "x", "--as-of", "2026-03-21"];
    shop.run(hold).assert().success();
    let summary = shop.json(["evaluate", "--as-of", "2026-03-21", "--format", "json"]);
    assert_eq!(summary["ladders"]["club"]["tiers"], json!({"vip": 2, "gold": 0}));
    // 10 months from the hold.
    let list = shop.stdout(["list", "--ladder", "club", "--format", "csv"]);
    assert!(list.contains("2,club,vip,2026-03-21,2027-01-21,,"), "{list}");
}

#[test]
fn adopted_tiers_keep_their_dates() {
    let shop = clubs();
    shop.write(
        "today.csv",
        "customer,ladder,tier,since,review_on\n1,club,vip,2025-08-01,2026-09-09\n2,club,vip,2025-08-01,\n",
    );
    let taken = shop.json(["adopt", "today.csv", "--as-of", "2026-03-21", "--format", "json"]);
    assert_eq!(
        taken,
        json!({"as_of": "2026-03-21", "customers": 2,
            "ladders": {"club": {"tiers": {"vip": 2, "gold": 0}}, "scores": {"tiers": {"high": 0, "low": 0}}}})
    );
    shop.run(["evaluate", "--as-of", "2026-03-21"]).assert().success();
    let list = shop.stdout(["list", "--ladder", "club", "--format", "csv"]);
    // As promised; and ten months from 1 August 2025, and again.
    assert!(list.contains("1,club,vip,2025-08-01,2026-09-09,,"), "{list}");
    assert!(list.contains("2,club,vip,2025-08-01,2026-06-01,,"), "{list}");
    let extended = shop.json([
        "extend",
        "--ladder",
        "club",
        "--tier",
        "vip",
        "--until",
        "2026-08-01",
        "--reason",
        "closed",
        "--as-of",
        "2026-03-22",
        "--format",
        "json",
    ]);
    assert_eq!(
        extended,
        json!({"as_of": "2026-03-22", "until": "2026-08-01", "customers": 1, "unchanged": 1})
    );
}
