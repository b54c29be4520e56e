//! The packs of `rules/` at a till.

use jiff::civil::{Date, date};
use serde_json::{Value as Json, json};

use super::{answers, decided, pack, with_metrics};
use crate::host::{Answers, decide};

const AS_OF: Date = date(2026, 11, 22);

/// A hundred who have bought once, with a margin of 100, 200, … 10 000.
fn fashion() -> Answers {
    let rules = pack("fashion-retail");
    let people: Vec<[(&str, i64); 2]> =
        (1..=100).map(|n| [("order_count", 1), ("margin", n * 100)]).collect();
    let people: Vec<&[(&str, i64)]> = people.iter().map(|it| &it[..]).collect();
    answers(&rules, &with_metrics(&rules, &people), AS_OF)
}

/// The best 3 % begin at 9800, the best 25 % at 7600.
#[test]
fn one_large_order_in_a_fashion_shop() {
    let answers = fashion();
    let after = |amount: &str| {
        let amount: Json = serde_json::from_str(amount).expect("a number");
        let order = json!({"at": "2026-11-22", "amount": amount, "cost": 100, "quantity": 1});
        decided(&answers, &json!({"facts": {"orders": [order]}}))
    };
    let vip = after("9900");
    // New customers are safe for 180 days.
    assert_eq!(
        vip["ladders"]["club"],
        json!({
            "tier": "vip", "since": "2026-11-22", "review_on": "2027-05-21", "grace_until": null,
            "event": "tier.entered", "earned": "vip", "kept": null, "fault": null,
        })
    );
    let given = |answer: &Json, id: &str| {
        let benefits = answer["benefits"].as_array().expect("a list");
        benefits.iter().find(|it| it["id"] == id).map(|it| it["value"].clone())
    };
    assert_eq!(given(&vip, "discount"), Some(json!(20)));
    assert_eq!(given(&vip, "free_shipping"), Some(json!("always")));
    let gold = after("9899.99");
    assert_eq!(gold["ladders"]["club"]["tier"], "gold");
    assert_eq!(gold["ladders"]["club"]["review_on"], "2026-12-01");
    assert_eq!(given(&gold, "free_shipping"), Some(json!({"over": 500})));
    assert_eq!(after("7700")["ladders"]["club"]["tier"], "gold");
    assert_eq!(after("7699.99")["ladders"]["club"]["tier"], "member");
}

#[test]
fn words_are_in_the_language_that_is_asked_for() {
    let body = json!({"standing": {"club": "vip"}}).to_string();
    let title = |locale: Option<&str>| {
        let answer = decide(&fashion(), &body, locale).expect("an answer");
        answer["benefits"][0]["title"].clone()
    };
    assert_eq!(title(None), "Member discount");
    assert_eq!(title(Some("tr")), "Üye indirimi");
}

/// A hundred with the same points and a spend of 1000, 2000, … 100 000: the best 5 begin at 96 000,
/// the best 20 at 81 000, the best 50 at 51 000.
#[test]
fn shares_of_a_neighbourhood() {
    let rules = pack("corner-shop");
    let people: Vec<[(&str, i64); 3]> =
        (1..=100).map(|n| [("visits", 1), ("rfm", 10), ("spend", n * 1000)]).collect();
    let people: Vec<&[(&str, i64)]> = people.iter().map(|it| &it[..]).collect();
    let answers = answers(&rules, &with_metrics(&rules, &people), AS_OF);
    let club =
        |metrics: Json| decided(&answers, &json!({"metrics": metrics}))["ladders"]["club"].clone();
    for (spend, tier) in [
        (96_000, "vip"),
        (95_999, "gold"),
        (81_000, "gold"),
        (80_999, "silver"),
        (51_000, "silver"),
        (50_999, "bronze"),
        (0, "bronze"),
    ] {
        let club = club(json!({"visits": 1, "rfm": 10, "spend": spend}));
        assert_eq!(club["tier"], tier, "{spend}");
    }
    let vip = club(json!({"visits": 1, "rfm": 11, "spend": 1}));
    assert_eq!((&vip["tier"], &vip["review_on"]), (&json!("vip"), &json!("2027-02-22")));
    // Who has not come in does not count.
    assert_eq!(club(json!({"visits": 0, "rfm": 15, "spend": 96_000}))["tier"], Json::Null);
}
