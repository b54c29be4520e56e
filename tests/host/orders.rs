//! Facts that come in while the host runs.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Shop, club};

#[test]
fn a_new_order_is_decided_alone() {
    let shop = Shop::new(&club(5000, 20), &[4990, 150, 20]);
    let host = shop.run();
    assert_eq!((host.tier(1), host.tier(3)), (json!("gold"), json!(null)));
    shop.order(1, 10);
    host.until("the order counts", || host.tier(1) == "vip");
    let pass = &host.status()["last_pass"];
    assert_eq!((&pass["kind"], &pass["customers"]), (&json!("touched"), &json!(1)));
    // Somebody new, and somebody who was touched before.
    shop.order(77, 100);
    shop.order(1, 5);
    host.until("the new one is there", || host.tier(77) == "gold");
    let answer = host.get("/v1/customers/1/explanation").json;
    assert_eq!(answer["metrics"]["spend"], 5005);
    let vips = host.get("/v1/ladders/club/tiers/vip/customers").json;
    assert_eq!(vips["customers"], json!(["1"]));
    let golds = host.get("/v1/ladders/club/tiers/gold/customers").json;
    assert_eq!(golds["customers"], json!(["2", "77"]));
    assert_eq!(host.get("/v1/segments/big/customers").json["customers"], json!(["1"]));
    // The feed has each event once, in order.
    let feed = host.get("/v1/events?after=0").json;
    let events = feed["events"].as_array().expect("events");
    let seqs: Vec<i64> = events.iter().filter_map(|event| event["seq"].as_i64()).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
    let of_one: Vec<_> = events.iter().filter(|it| it["customer"] == "1").collect();
    let kinds: Vec<_> = of_one.iter().map(|it| it["event"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["tier.entered", "tier.upgraded", "segment.entered"]);
    let history = host.get("/v1/customers/1/history").json;
    assert_eq!(history[1]["event"], "tier.upgraded");
    assert!(host.stop().success());
    // A full pass finds nothing to add.
    let output = shop.command(&["evaluate", "--as-of", "2026-03-21", "--format", "json"]).output();
    let summary: serde_json::Value =
        serde_json::from_slice(&output.expect("it runs").stdout).expect("a summary");
    assert_eq!(summary["ladders"]["club"]["tiers"], json!({"vip": 1, "gold": 2}));
    assert_eq!(summary["ladders"]["club"]["moves"]["upgraded"], 0);
}

#[test]
fn what_is_done_by_hand_meanwhile_counts_at_once() {
    let shop = Shop::new(&club(5000, 20), &[200, 150]);
    let host = shop.run();
    let hold = [
        "hold",
        "2",
        "--tier",
        "club.vip",
        "--until",
        "2026-12-31",
        "--reason",
        "a friend",
        "--as-of",
        "2026-03-21",
    ];
    let held = shop.command(&hold).output().expect("it runs");
    assert!(held.status.success(), "{}", String::from_utf8_lossy(&held.stderr));
    host.until("the hold is seen", || host.tier(2) == "vip");
    let history = host.get("/v1/customers/2/history").json;
    let kinds: Vec<_> = history.as_array().expect("events").iter().map(|it| &it["event"]).collect();
    assert!(kinds.contains(&&json!("hold.started")), "{history}");
    assert!(host.stop().success());
}

#[test]
fn one_program_decides_at_a_time() {
    let shop = Shop::new(&club(5000, 20), &[200]);
    let host = shop.run();
    let (code, log) = shop.fails(&["--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(2), "{log}");
    assert!(
        log.contains(&format!("in use by `tierkeeper run` (process {}", host.process())),
        "{log}"
    );
    let output = shop.command(&["evaluate", "--as-of", "2026-03-21"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("in use by `tierkeeper run`") && said.contains("by itself"), "{said}");
    let output = shop.command(&["evaluate", "--dry-run", "--as-of", "2026-03-21"]).output();
    assert!(output.expect("it runs").status.success(), "looking is free");
    assert!(host.stop().success());
}

#[test]
fn a_store_that_goes_away_takes_no_answers_with_it() {
    let shop = Shop::new(&club(5000, 20), &[4990, 150]);
    let host = shop.run();
    for suffix in ["", "-wal", "-shm"] {
        let _ =
            fs::rename(shop.path(&format!("shop.db{suffix}")), shop.path(&format!("away{suffix}")));
    }
    host.until("the trouble is told", || host.status()["trouble"] != json!(null));
    assert_eq!((host.tier(1), host.status_of("/healthz")), (json!("gold"), 200));
    for suffix in ["", "-wal", "-shm"] {
        let _ =
            fs::rename(shop.path(&format!("away{suffix}")), shop.path(&format!("shop.db{suffix}")));
    }
    shop.order(1, 10);
    host.until("it goes on by itself", || host.tier(1) == "vip");
    host.until("the trouble is over", || host.status()["trouble"] == json!(null));
    assert!(host.stop().success());
}

#[test]
fn changed_rows_count_where_they_are_tracked() {
    let shop = Shop::new(&club(5000, 20), &[6000, 150]);
    let tracked = shop.command(&["track", "orders"]).output().expect("it runs");
    assert!(tracked.status.success(), "{}", String::from_utf8_lossy(&tracked.stderr));
    let host = shop.run();
    assert_eq!(host.status()["following"][0]["how"], "tracked");
    shop.store()
        .execute("UPDATE orders SET amount = '5500' WHERE customer_id = 2", [])
        .expect("updated");
    host.until("the change counts", || host.tier(2) == "vip");
    shop.store().execute("DELETE FROM orders WHERE customer_id = 2", []).expect("deleted");
    host.until("nobody is left", || host.status_of("/v1/customers/2") == 404);
    assert!(host.stop().success());
}

#[test]
fn a_signal_ends_it_soon_and_another_looks_at_the_files() {
    let shop = Shop::new(&club(5000, 20), &[6000]);
    let host = shop.run();
    host.signal("-HUP");
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(host.status_of("/healthz"), 200);
    assert!(host.stop().success());
}
