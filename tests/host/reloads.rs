//! Rules that change while the host runs.

use serde_json::json;

use crate::harness::{Shop, club, generation_of};

/// Spend of 1 to 100 hundreds.
fn spend() -> Vec<i64> {
    (1..=100).map(|hundreds| hundreds * 100).collect()
}

#[test]
fn a_changed_threshold_is_live_and_so_are_its_decisions() {
    let shop = Shop::new(&club(5000, 20), &spend());
    let host = shop.run();
    let before = host.get("/v1/customers/50");
    assert_eq!(before.json["ladders"]["club"]["tier"], "vip");
    assert_eq!(before.json["benefits"][0]["value"], 20);
    assert_eq!(before.generation, generation_of(&club(5000, 20), &shop.path("")));
    // One of 51 VIPs falls.
    shop.save(&club(5100, 21));
    let wanted = generation_of(&club(5100, 21), &shop.path(""));
    host.until("the change is live", || host.generation() == wanted);
    let after = host.get("/v1/customers/50");
    assert_eq!(after.json["ladders"]["club"]["tier"], "gold");
    assert_eq!(after.json["generation"], json!(wanted));
    assert_eq!(host.get("/v1/customers/51").json["benefits"][0]["value"], 21);
    host.until("the log says what changed", || host.log.text().contains("5000 → 5100"));
    let log = host.log.text();
    assert!(log.contains("0 would rise and 1 fall"), "{log}");
    assert!(host.stop().success());
    assert!(!shop.path("shop.tiers.db-wal").exists(), "one file is left");
    assert!(!shop.path("shop.tiers.db.lock").exists(), "no lock is left");
}

#[test]
fn a_broken_pack_never_replaces_a_good_one() {
    let shop = Shop::new(&club(5000, 20), &spend());
    let host = shop.run();
    let good = host.generation();
    let broken = club(5000, 20).replace("spend >= 5000 }", "spnd >= 5000 }");
    shop.save(&broken);
    host.until("the findings are served", || host.status()["last_attempt"]["ok"] == false);
    let status = host.status();
    assert_eq!(status["generation"], json!(good));
    let finding = &status["last_attempt"]["findings"][0];
    assert_eq!((&finding["code"], &finding["line"]), (&json!("unknown-name"), &json!(18)));
    assert_eq!(host.tier(50), "vip");
    assert!(host.log.text().contains("did you mean `spend`?"), "{}", host.log.text());
    // However many bad ones come between.
    shop.save("pack: [");
    shop.save(&club(5100, 20));
    let wanted = generation_of(&club(5100, 20), &shop.path(""));
    host.until("the next good one is live", || host.generation() == wanted);
    assert_eq!(host.status()["last_attempt"]["ok"], true);
}

#[test]
fn too_many_demotions_wait_for_a_person() {
    let shop = Shop::new(&club(5000, 20), &spend());
    let host = shop.run();
    let good = host.generation();
    // 20 of 51 VIPs.
    let harsh = club(7000, 20);
    let wanted = generation_of(&harsh, &shop.path(""));
    shop.save(&harsh);
    host.until("it waits", || host.status()["waiting"]["generation"] == json!(wanted));
    let status = host.status();
    assert_eq!(status["generation"], json!(good));
    assert_eq!(status["waiting"]["impact"]["ladders"]["club"]["demoted"], 20);
    assert_eq!(host.tier(50), "vip");
    let answer = host.post(&format!("/v1/generations/{wanted}/approve"), r#"{"by": "Ada"}"#);
    assert_eq!(answer.status, 200, "{}", answer.json);
    assert_eq!(answer.generation, wanted);
    assert_eq!(host.tier(50), "gold");
    assert_eq!(host.status()["waiting"], json!(null));
}

#[test]
fn what_was_rejected_does_not_come_back_by_itself() {
    let shop = Shop::new(&club(5000, 20), &spend());
    let host = shop.run();
    let good = host.generation();
    let harsh = generation_of(&club(7000, 20), &shop.path(""));
    shop.save(&club(7000, 20));
    host.until("it waits", || host.status()["waiting"]["generation"] == json!(harsh));
    assert_eq!(host.post(&format!("/v1/generations/{harsh}/reject"), "").status, 200);
    assert_eq!(host.status()["waiting"], json!(null));
    let answer = host.post("/v1/reload", "");
    assert_eq!(answer.json["outcome"], "rejected", "{}", answer.json);
    assert_eq!(host.generation(), good);
    assert!(host.stop().success());
    // A restart does not forget.
    let host = shop.run();
    host.until("the files are looked at", || host.log.text().contains("rejected before"));
    assert_eq!((host.generation(), host.tier(50)), (good, json!("vip")));
}

#[test]
fn a_restart_with_a_broken_pack_goes_on_with_the_last_good_one() {
    let shop = Shop::new(&club(5000, 20), &spend());
    let host = shop.run();
    let good = host.generation();
    assert!(host.stop().success());
    shop.save("pack: [");
    let host = shop.run();
    assert_eq!((host.generation(), host.tier(50)), (good, json!("vip")));
    let status = host.status();
    assert_eq!(status["from_state"], true);
    assert_eq!(status["last_attempt"]["ok"], false);
    shop.save(&club(5100, 20));
    let wanted = generation_of(&club(5100, 20), &shop.path(""));
    host.until("the mended one is live", || host.generation() == wanted);
    assert_eq!(host.status()["from_state"], false);
}

#[test]
fn a_first_start_with_a_broken_pack_says_what_is_wrong() {
    let shop = Shop::new("pack: club\nversion: 1\n", &spend());
    let (code, log) = shop.fails(&[]);
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("pack.yaml:2"), "{log}");
}
