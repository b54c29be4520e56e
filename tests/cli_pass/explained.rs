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

/// Four orders of 2026, of three customers: 800.40 and 12.00, 1200, and 100.
fn evaluated(date: &str) -> Shop {
    let shop = Shop::new();
    shop.write("rules/tiny/pack.yaml", PACK);
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
    let shop = evaluated("2026-03-02");
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
    let shop = evaluated("2026-03-02");
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
