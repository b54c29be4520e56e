//! What `explain` says beyond the criteria: single changes that are enough, and when cutoffs were
//! taken. The numbers are worked out by hand.

use serde_json::{Value, json};

use crate::shop::Shop;

/// A club whose average is held for a month.
const PACK: &str = r#"pack: tiny
version: 1.0.0
title: { en: Tiny club, tr: Küçük kulüp }
settings: { currency: TRY, timezone: Europe/Istanbul }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, channel: text }
metrics:
  spend: { sum: orders.amount, within: 12 months, title: { en: Spend, tr: Harcama } }
  order_count: { count: orders, within: 12 months, title: { en: Orders, tr: Sipariş } }
  days_away: { days_since_last: orders }
ladders:
  club:
    title: { en: The club, tr: Kulüp }
    cutoffs: monthly
    tiers:
      vip:
        title: { en: VIP, tr: Seçkin }
        enter:
          - any:
              - spend > 1000
              - order_count >= 5
              - all: [spend >= 900, days_away < 10]
          - order_count >= 2
      gold:
        enter: spend >= average(spend)
"#;

/// Two ladders that look at spend on dates of their own.
const REVIEWS: &str = r#"pack: tiny
version: 1.0.0
title: { en: Tiny club, tr: Küçük kulüp }
settings: { currency: TRY, timezone: Europe/Istanbul }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, channel: text }
metrics:
  spend: { sum: orders.amount, within: 12 months, title: { en: Spend, tr: Harcama } }
ladders:
  club:
    title: { en: The club, tr: Kulüp }
    tiers:
      vip:
        title: { en: VIP, tr: Seçkin }
        enter: spend >= 1000
        review: { fixed: 10 months }
        grace: 30 days
      gold:
        title: { en: Gold, tr: Altın }
        enter: spend >= 400
        review: { fixed: 11 months }
      member:
        title: { en: Member, tr: Üye }
        enter: always
  card:
    title: Card
    tiers:
      silver:
        title: { en: Silver, tr: Gümüş }
        enter: spend >= 400
        review: { fixed: 6 months }
"#;

/// Four orders of 2026, of three customers: 800.40 and 112.00, 1200, and 100.
fn evaluated(pack: &str, date: &str) -> Shop {
    let shop = Shop::new();
    shop.write("rules/tiny/pack.yaml", pack);
    let orders = "customer_id,placed_at,amount,channel
1,2026-01-05,1200.00,web
2,2026-02-01,800.40,web
2,2026-02-10,112.00,shop
3,2026-02-18,100,web
";
    shop.write("orders.csv", orders);
    shop.run(["import", "orders.csv", "--into", "orders"]).assert().success();
    shop.run(["evaluate", "--as-of", date]).assert().success();
    shop
}

fn club(shop: &Shop, customer: &str) -> Value {
    shop.json(["explain", customer, "--format", "json"])["ladders"]["club"].clone()
}

#[test]
fn each_of_several_changes_is_enough() {
    let shop = evaluated(PACK, "2026-03-02");
    // 912.40 of more than 1000; 2 orders of 5; 20 days since the last, with 900 spent already.
    assert_eq!(
        club(&shop, "2")["next"]["changes"],
        json!([
            {"metric": "spend", "now": 912.4, "to": 1000.01, "by": 87.61},
            {"metric": "order_count", "now": 2, "to": 5, "by": 3},
            {"metric": "days_away", "now": 20, "to": 9, "by": -11},
        ])
    );
    // One order is one too few for everything but five of them.
    assert_eq!(
        club(&shop, "1")["next"]["changes"],
        json!([{"metric": "order_count", "now": 1, "to": 2, "by": 1}])
    );
    insta::assert_snapshot!("any_one_is_enough", shop.stdout(["explain", "2"]));
    insta::assert_snapshot!(
        "any_one_is_enough_in_turkish",
        shop.stdout(["explain", "2", "--locale", "tr"])
    );
}

#[test]
fn a_cutoff_that_is_held_says_when_it_was_taken() {
    let shop = evaluated(PACK, "2026-03-02");
    // (1200 + 912.40 + 100) / 3
    let gold = |page: &Value| page["criteria"][5].clone();
    let taken = json!({
        "tier": "gold", "slot": "enter", "text": "spend >= average(spend)", "met": false,
        "measured": 100, "asked": 737.466667, "gap": 637.466667, "taken_on": "2026-03-02"
    });
    assert_eq!(gold(&club(&shop, "3")), taken);
    // Another order moves nothing before April.
    shop.write("more.csv", "customer_id,placed_at,amount,channel\n1,2026-03-10,900,web\n");
    shop.run(["import", "more.csv", "--into", "orders"]).assert().success();
    shop.run(["evaluate", "--as-of", "2026-03-21"]).assert().success();
    assert_eq!(gold(&club(&shop, "3")), taken);
    // To the average that is held, not to one that moves with the customer.
    assert_eq!(
        club(&shop, "3")["next"]["changes"],
        json!([{"metric": "spend", "now": 100, "to": 737.47, "by": 637.47}])
    );
    insta::assert_snapshot!(shop.stdout(["explain", "3"]));
}

/// What comes next in the club.
fn next_change(shop: &Shop, customer: &str) -> Value {
    club(shop, customer)["next_change"].clone()
}

#[test]
fn what_comes_next_if_nothing_more_is_bought() {
    let shop = evaluated(REVIEWS, "2026-03-21");
    // On 21 January the year begins on 22 January 2026: the 1200 of 5 January are out of it.
    assert_eq!(
        next_change(&shop, "1"),
        json!({
            "on": "2027-01-21", "event": "grace.started", "to": "vip",
            "review_on": "2027-01-21", "grace_until": "2027-02-20"
        })
    );
    // On 21 February 2027 neither the 800.40 of 1 February nor the 112 of the tenth count.
    assert_eq!(
        next_change(&shop, "2"),
        json!({
            "on": "2027-02-21", "event": "tier.downgraded", "to": "member",
            "review_on": "2027-02-22", "grace_until": null
        })
    );
    // A member is looked at every day.
    assert_eq!(
        next_change(&shop, "3"),
        json!({
            "on": "2026-03-22", "event": null, "to": "member",
            "review_on": "2026-03-23", "grace_until": null
        })
    );
    let card = |customer| {
        shop.json(["explain", customer, "--format", "json"])["ladders"]["card"]["next_change"]
            .clone()
    };
    // Half a year later everything still counts.
    assert_eq!(
        card("2"),
        json!({
            "on": "2026-09-21", "event": "tier.retained", "to": "silver",
            "review_on": "2027-03-21", "grace_until": null
        })
    );
    assert_eq!(card("3"), Value::Null);
    insta::assert_snapshot!("what_comes_next", shop.stdout(["explain", "2"]));
    insta::assert_snapshot!(
        "what_comes_next_in_turkish",
        shop.stdout(["explain", "1", "--locale", "tr"])
    );
    // It is what a pass of that date does.
    shop.run(["evaluate", "--as-of", "2026-09-21"]).assert().success();
    let now = shop.json(["explain", "2", "--format", "json"])["ladders"]["card"].clone();
    assert_eq!((&now["tier"], &now["review_on"]), (&json!("silver"), &json!("2027-03-21")));
}

#[test]
fn what_comes_next_in_a_grace() {
    let shop = evaluated(REVIEWS, "2026-03-21");
    shop.run(["evaluate", "--as-of", "2027-01-25"]).assert().success();
    // The review was due on the 21st, and the grace began on the 25th.
    assert_eq!(
        next_change(&shop, "1"),
        json!({
            "on": "2027-02-24", "event": "tier.downgraded", "to": "member",
            "review_on": "2027-02-25", "grace_until": null
        })
    );
    // An order after the date that is asked about does not count.
    let date = ["explain", "1", "--as-of", "2027-01-26", "--format", "json"];
    let before = shop.json(date);
    shop.write("more.csv", "customer_id,placed_at,amount,channel\n1,2027-01-27,5000,web\n");
    shop.run(["import", "more.csv", "--into", "orders"]).assert().success();
    assert_eq!(shop.json(date), before);
    assert_eq!(before["ladders"]["club"]["next_change"]["event"], "tier.downgraded");
}

#[test]
fn what_comes_next_when_a_hold_ends() {
    let shop = evaluated(REVIEWS, "2026-03-21");
    shop.run([
        "hold",
        "3",
        "--tier",
        "club.vip",
        "--until",
        "2026-06-01",
        "--reason",
        "a partner",
        "--as-of",
        "2026-03-22",
    ])
    .assert()
    .success();
    // It is reviewed on the day on which the hold ends; 100 of 1000 begin a grace.
    assert_eq!(
        next_change(&shop, "3"),
        json!({
            "on": "2026-06-01", "event": "grace.started", "to": "vip",
            "review_on": "2026-06-01", "grace_until": "2026-07-01"
        })
    );
}
