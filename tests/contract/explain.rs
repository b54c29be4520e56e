//! `explain --format json`.

use serde_json::{Value, json};

use super::{evaluated, keys};

fn criterion(tier: &str, slot: &str, text: &str, met: bool, numbers: [Value; 3]) -> Value {
    let [measured, asked, gap] = numbers;
    json!({"tier": tier, "slot": slot, "text": text, "met": met, "measured": measured,
        "asked": asked, "gap": gap})
}

#[test]
fn the_shape_of_a_page() {
    let page = evaluated().json(["explain", "2", "--format", "json"]);
    assert_eq!(
        keys(&page),
        ["alerts", "as_of", "benefits", "customer", "ladders", "metrics", "segments"]
    );
    assert_eq!((&page["customer"], &page["as_of"]), (&json!("2"), &json!("2026-03-21")));
    let club = &page["ladders"]["club"];
    assert_eq!(
        keys(club),
        ["criteria", "grace_until", "hold", "next", "next_change", "review_on", "since", "tier"]
    );
    assert_eq!(club["tier"], "gold");
    // 0.30 of 1000 and of 500 are short; 2 orders are just what gold asks.
    assert_eq!(
        club["criteria"],
        json!([
            criterion(
                "vip",
                "enter",
                "spend >= vip_spend",
                false,
                [json!(0.3), json!(1000), json!(999.7)]
            ),
            criterion("vip", "keep", "spend >= 500", false, [json!(0.3), json!(500), json!(499.7)]),
            criterion("gold", "enter", "order_count >= 2", true, [json!(2), json!(2), json!(0)]),
        ])
    );
    assert_eq!(
        club["next"],
        json!({
            "tier": "vip",
            "needs": [{"metric": "spend", "now": 0.3, "asked": 1000, "gap": 999.7}],
            "changes": [{"metric": "spend", "now": 0.3, "to": 1000, "by": 999.7}],
        })
    );
    // Gold is looked at every day, and asks for nothing that tomorrow takes away.
    assert_eq!(
        club["next_change"],
        json!({
            "on": "2026-03-22", "event": null, "to": "gold",
            "review_on": "2026-03-23", "grace_until": null
        })
    );
    assert_eq!(page["segments"], json!(["twice", "near_vip"]));
    assert_eq!((&page["alerts"], &page["benefits"]), (&json!([]), &json!([])));
    assert_eq!(
        page["metrics"],
        json!({"spend": 0.3, "order_count": 2, "days_away": 28, "rfm": 7, "rfm.r": 2, "rfm.f": 4,
            "rfm.m": 1, "pace": 20, "average_amount": 0.15})
    );
}

#[test]
fn somebody_without_a_tier_and_somebody_at_the_top() {
    let shop = evaluated();
    let page = shop.json(["explain", "Zoë, \"Z\"", "--format", "json"]);
    let club = &page["ladders"]["club"];
    for empty in ["tier", "since", "review_on", "grace_until", "hold", "next_change"] {
        assert!(club[empty].is_null(), "{empty}");
    }
    // Gold is the next one up: one order more.
    assert_eq!(
        club["next"],
        json!({
            "tier": "gold",
            "needs": [{"metric": "order_count", "now": 1, "asked": 2, "gap": 1}],
            "changes": [{"metric": "order_count", "now": 1, "to": 2, "by": 1}],
        })
    );
    let top = shop.json(["explain", "1", "--format", "json"]);
    assert!(top["ladders"]["club"]["next"].is_null());
    assert_eq!(top["ladders"]["club"]["criteria"][0]["gap"], json!(-200.1));
    assert_eq!(top["alerts"], json!(["quiet"]));
}

#[test]
fn customers_are_found_by_their_ids_as_they_are_written() {
    let shop = evaluated();
    for unknown in ["3", "01", "+1", "1.0", " 1", "", "zoë"] {
        let said = shop.stderr(2, ["explain", unknown]);
        assert!(said.contains(&format!("there is no customer `{unknown}`")), "{said}");
    }
    assert!(shop.stderr(2, ["explain", "-5"]).contains("there is no customer `-5`"));
}
