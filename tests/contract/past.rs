//! What was decided in the past, decided once more: `history` and `explain --as-of`.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::{keys, shop::Shop};

/// Spend counts for three months; VIP is safe for two, then there is a month to catch up.
const PACK: &str = r#"pack: past
version: 1.0.0
settings: { currency: EUR, timezone: UTC }
parameters: { vip_spend: { type: money, default: 1000 } }
sources: { orders: { table: orders, customer: customer_id, at: placed_at, columns: { amount: money } } }
metrics: { spend: { sum: orders.amount, within: 3 months } }
ladders:
  club:
    tiers:
      vip:
        enter: spend >= vip_spend
        keep: spend >= 800
        review: { fixed: 2 months }
        grace: 1 month
        landing: one_down
      gold: { enter: spend >= 400, review: { dynamic: monthly } }
      member: { enter: always }
"#;

/// 1 enters vip on 10 January and is renewed on 10 March; 2 is a member.
fn shop() -> Shop {
    let shop = Shop::new();
    shop.write("rules/tiny/pack.yaml", PACK);
    change(
        &shop,
        "CREATE TABLE orders (customer_id, placed_at, amount);
         INSERT INTO orders VALUES (1, '2026-01-05', 1100), (1, '2026-03-01', 50), (2, '2026-01-01', 10)",
    );
    for date in ["2026-01-10", "2026-03-10", "2026-04-10"] {
        shop.run(["evaluate", "--as-of", date]).assert().success();
    }
    shop
}

fn change(shop: &Shop, sql: &str) {
    Connection::open(shop.path().join("shop.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn every_transition_with_what_it_rests_on() {
    let history = shop().json(["history", "1", "--format", "json"]);
    let events = history.as_array().unwrap();
    let shape = |event: &Value| {
        let text = |key: &str| event[key].as_str().unwrap_or("-").to_owned();
        ["as_of", "event", "from", "to", "review_on", "grace_until"].map(text).join(" ")
    };
    assert_eq!(
        events.iter().map(shape).collect::<Vec<_>>(),
        [
            "2026-01-10 tier.entered - vip 2026-03-10 -",
            "2026-03-10 tier.retained vip vip 2026-05-10 -",
        ]
    );
    assert_eq!(
        keys(&events[0]),
        [
            "as_of",
            "because",
            "by",
            "event",
            "from",
            "grace_until",
            "hold",
            "ladder",
            "program",
            "reason",
            "review_on",
            "to"
        ]
    );
    assert_eq!(
        events[0]["because"],
        json!([{"tier": "vip", "slot": "enter", "text": "spend >= vip_spend", "met": true,
            "measured": 1100, "asked": 1000, "gap": -100}])
    );
    assert!(events[0]["program"].as_str().unwrap().starts_with("sha256:"));
    // Whoever earns the tier keeps it by what it asks of those who enter.
    assert_eq!(events[1]["because"][0]["slot"], "enter");
    assert_eq!((&events[1]["by"], &events[1]["reason"]), (&Value::Null, &Value::Null));
}

#[test]
fn somebody_to_whom_nothing_happened_and_somebody_unknown() {
    let shop = Shop::new();
    shop.write("rules/tiny/pack.yaml", PACK.replace("      member: { enter: always }\n", ""));
    change(
        &shop,
        "CREATE TABLE orders (customer_id, placed_at, amount);
         INSERT INTO orders VALUES (1, '2026-01-05', 1)",
    );
    shop.run(["evaluate", "--as-of", "2026-01-10"]).assert().success();
    assert_eq!(shop.json(["history", "1", "--format", "json"]), json!([]));
    assert!(shop.stderr(2, ["history", "7"]).contains("there is no customer `7`"));
    assert!(shop.stderr(2, ["history", "1", "--ladder", "clb"]).contains("did you mean `club`?"));
}

#[test]
fn a_decision_of_the_past_comes_out_again() {
    let shop = shop();
    let page = shop.json(["explain", "1", "--as-of", "2026-01-10", "--format", "json"]);
    assert_eq!((&page["reproduced"], &page["changed"]), (&json!(true), &json!([])));
    let club = &page["ladders"]["club"];
    assert_eq!((&club["tier"], &club["review_on"]), (&json!("vip"), &json!("2026-03-10")));
    assert_eq!(club["criteria"][0]["measured"], 1100);
    // Between two passes the earlier one is meant.
    let page = shop.json(["explain", "1", "--as-of", "2026-04-09", "--format", "json"]);
    assert_eq!((&page["as_of"], &page["reproduced"]), (&json!("2026-03-10"), &json!(true)));
    let before = shop.stderr(2, ["explain", "1", "--as-of", "2026-01-09"]);
    assert!(before.contains("nobody was evaluated by 2026-01-09"), "{before}");
}

#[test]
fn the_rules_of_that_day_decide() {
    let shop = shop();
    shop.write("rules/tiny/pack.yaml", PACK.replace("default: 1000", "default: 5000"));
    shop.run(["evaluate", "--as-of", "2026-04-20"]).assert().success();
    let asked = |date: &str| {
        let page = shop.json(["explain", "1", "--as-of", date, "--format", "json"]);
        assert_eq!(page["reproduced"], true, "{date}");
        page["ladders"]["club"]["criteria"][0]["asked"].clone()
    };
    assert_eq!((asked("2026-04-10"), asked("2026-04-20")), (json!(1000), json!(5000)));
}

#[test]
fn facts_that_changed_since_are_named() {
    let shop = shop();
    change(&shop, "UPDATE orders SET amount = 1050 WHERE amount = 1100");
    let page = shop.json(["explain", "1", "--as-of", "2026-01-10", "--format", "json"]);
    assert_eq!(page["reproduced"], false);
    assert_eq!(
        page["changed"],
        json!([{"ladder": "club", "text": "spend >= vip_spend", "then": 1100, "now": 1050}])
    );
    let words = shop.stdout(["explain", "1", "--as-of", "2026-01-10"]);
    assert!(words.contains("spend was 1100.00, and is 1050.00 now"), "{words}");
    // Of a pass to which nothing that happened is known: what would have happened.
    change(&shop, "UPDATE orders SET amount = 500 WHERE amount = 1050");
    let page = shop.json(["explain", "1", "--as-of", "2026-01-10", "--format", "json"]);
    assert_eq!(page["reproduced"], false);
    let page = shop.json(["explain", "2", "--as-of", "2026-01-10", "--format", "json"]);
    assert_eq!(page["reproduced"], true, "the other customer's facts are as they were");
    change(&shop, "INSERT INTO orders VALUES (2, '2026-03-02', 400)");
    let page = shop.json(["explain", "2", "--as-of", "2026-03-10", "--format", "json"]);
    assert_eq!(page["changed"], json!([{"ladder": "club", "then": [], "now": ["tier.upgraded"]}]));
}

#[test]
fn what_was_done_by_hand_on_that_day_is_not_the_rules() {
    let shop = shop();
    let hold =
        ["hold", "2", "--tier", "club.gold", "--until", "2026-05-01", "--reason", "a friend"];
    shop.run(hold).env("TIERKEEPER_AS_OF", "2026-04-10").assert().success();
    shop.run(["evaluate", "--as-of", "2026-05-01"]).assert().success();
    for date in ["2026-04-10", "2026-05-01"] {
        let page = shop.json(["explain", "2", "--as-of", date, "--format", "json"]);
        assert_eq!(page["reproduced"], true, "{date}: {page}");
    }
    let history = shop.json(["history", "2", "--format", "json"]);
    let events: Vec<_> =
        history.as_array().unwrap().iter().map(|it| it["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["tier.entered", "hold.started", "hold.ended", "tier.downgraded"]);
    assert_eq!(history[1]["reason"], "a friend");
    assert_eq!(history[1]["hold"], json!({"tier": "gold", "until": "2026-05-01", "floor": false}));
}

#[test]
fn a_release_on_the_day_of_a_pass_is_by_hand_without_a_name_too() {
    let shop = shop();
    let hold =
        ["hold", "2", "--tier", "club.gold", "--until", "2026-12-01", "--reason", "a friend"];
    shop.run(hold).env("TIERKEEPER_AS_OF", "2026-04-10").assert().success();
    shop.run(["release", "2"]).env("TIERKEEPER_AS_OF", "2026-05-01").assert().success();
    shop.run(["evaluate", "--as-of", "2026-05-01"]).assert().success();
    let page = shop.json(["explain", "2", "--as-of", "2026-05-01", "--format", "json"]);
    assert_eq!(page["reproduced"], true, "{page}");
}
