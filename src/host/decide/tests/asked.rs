//! What a body asks, and what comes of it.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{AS_OF, answers, decided, ten, with_metrics};
use crate::pass::fixture;

#[test]
fn orders_win_a_tier() {
    let answers = ten();
    let body = json!({
        "as_of": "2026-03-10",
        "customer": {"joined": "2024-01-05", "consent": true},
        "facts": {"orders": [
            {"at": "2026-01-10 18:30", "amount": 500, "repeat": "3 every 1 month"},
            {"at": "2026-03-11", "amount": 70},
            {"at": "2025-03-10", "amount": 7},
        ]},
    });
    let answer = decided(&answers, &body);
    assert_eq!(answer["as_of"], "2026-03-10");
    assert_eq!(answer["generation"], answers.generation);
    assert_eq!(
        answer["ladders"],
        json!({
            "club": {
                "tier": "vip", "since": "2026-03-10", "review_on": "2027-01-10",
                "grace_until": null, "event": "tier.entered", "earned": "vip", "kept": null,
                "fault": null,
            },
            "top": {
                "tier": "best", "since": "2026-03-10", "review_on": "2026-03-11",
                "grace_until": null, "event": "tier.entered", "earned": "best", "kept": null,
                "fault": null,
            },
        })
    );
    assert_eq!(answer["metrics"], json!({"spend": 1500, "orders_made": 3, "days_away": 0}));
    assert_eq!(
        answer["benefits"],
        json!([{
            "id": "discount", "kind": "percent_off", "value": 20, "title": null,
            "why": "club.vip",
        }])
    );
    assert_eq!(answer["segments"], json!(["regulars"]));
    assert_eq!(answer["alerts"], json!([]));
    let explanation = &answer["explanation"];
    assert_eq!(explanation["customer"], Json::Null);
    assert_eq!(explanation["generation"], answers.generation);
    let criterion = &explanation["ladders"]["club"]["criteria"][0];
    assert_eq!(
        (&criterion["tier"], &criterion["measured"], &criterion["asked"], &criterion["met"]),
        (&json!("vip"), &json!(1500), &json!(1000), &json!(true))
    );
}

#[test]
fn whoever_says_nothing_is_new() {
    let answers = ten();
    let answer = decided(&answers, &json!({}));
    assert_eq!(answer["as_of"], "2026-03-10");
    assert_eq!(answer["ladders"]["club"]["tier"], "member");
    assert_eq!(answer["ladders"]["top"]["tier"], Json::Null);
    assert_eq!(answer["ladders"]["top"]["event"], Json::Null);
    assert_eq!(answer["benefits"], json!([]));
    assert_eq!(answer["alerts"], json!(["quiet"]));
    let nothing = json!({
        "as_of": null, "customer": null, "facts": null, "metrics": null, "standing": null,
    });
    assert_eq!(decided(&answers, &nothing), answer);
    assert_eq!(decided(&answers, &json!({"standing": {"club": null}})), answer);
}

/// The standing in club with that spend, where VIP is held since May and reviewed on a date.
fn vip_with(spend: i64, review_on: &str) -> Json {
    let body = json!({
        "metrics": {"spend": spend},
        "standing": {"club": {"tier": "vip", "since": "2025-05-10", "review_on": review_on}},
    });
    decided(&ten(), &body)["ladders"]["club"].clone()
}

#[test]
fn a_review_that_is_due_is_made() {
    let renewed = vip_with(850, "2026-03-10");
    assert_eq!(
        renewed,
        json!({
            "tier": "vip", "since": "2025-05-10", "review_on": "2027-01-10", "grace_until": null,
            "event": "tier.retained", "earned": "gold", "kept": true, "fault": null,
        })
    );
    let graced = vip_with(799, "2026-03-10");
    assert_eq!(
        graced,
        json!({
            "tier": "vip", "since": "2025-05-10", "review_on": "2026-03-10",
            "grace_until": "2026-04-09", "event": "grace.started", "earned": "gold", "kept": false,
            "fault": null,
        })
    );
    let safe = vip_with(799, "2026-03-11");
    assert_eq!(
        (&safe["tier"], &safe["event"], &safe["kept"], &safe["review_on"]),
        (&json!("vip"), &Json::Null, &json!(false), &json!("2026-03-11"))
    );
    assert_eq!(vip_with(1000, "2026-03-11")["kept"], true);
}

#[test]
fn a_grace_ends() {
    let body = json!({
        "as_of": "2026-04-09",
        "metrics": {"spend": 799},
        "standing": {"club": {
            "tier": "vip", "since": "2025-05-10", "review_on": "2026-03-10",
            "grace_until": "2026-04-09",
        }},
    });
    let club = &decided(&ten(), &body)["ladders"]["club"];
    assert_eq!(club["tier"], "gold");
    assert_eq!(club["event"], "tier.downgraded");
    assert_eq!(club["grace_until"], Json::Null);
    assert_eq!(club["review_on"], "2026-05-01");
}

#[test]
fn without_dates_a_tier_is_won_today() {
    let body = json!({"metrics": {"spend": 0}, "standing": {"club": "vip"}});
    let club = &decided(&ten(), &body)["ladders"]["club"];
    assert_eq!(
        (&club["tier"], &club["since"], &club["review_on"], &club["kept"]),
        (&json!("vip"), &json!("2026-03-10"), &json!("2027-01-10"), &json!(false))
    );
}

/// The best 20 % of ten are 1000 and 900; their average is 550.
#[test]
fn cutoffs_are_those_of_everybody() {
    let answers = ten();
    let top = |spend: &str| {
        let spend: Json = serde_json::from_str(spend).expect("a number");
        decided(&answers, &json!({"metrics": {"spend": spend}}))["ladders"]["top"]["tier"].clone()
    };
    for (spend, tier) in [
        ("100000", json!("best")),
        ("900", json!("best")),
        ("899.99", json!("above")),
        ("550.01", json!("above")),
        ("550", Json::Null),
    ] {
        assert_eq!(top(spend), tier, "{spend}");
    }
}

/// The one with the most orders is in, of equals the one with the smaller id.
#[test]
fn of_equals_whoever_comes_is_the_last() {
    let ladder = "
ladders:
  one:
    ties: { break_by: [orders_made] }
    tiers: { best: { enter: \"top_count(1, spend)\" } }
";
    let rules = Arc::new(fixture::rules("", "", ladder));
    let same: &[(&str, i64)] = &[("spend", 100), ("orders_made", 2)];
    let answers = answers(&rules, &with_metrics(&rules, &[same, same]), AS_OF);
    let tier = |orders: i64| {
        let body = json!({"metrics": {"spend": 100, "orders_made": orders}});
        decided(&answers, &body)["ladders"]["one"]["tier"].clone()
    };
    assert_eq!(tier(2), Json::Null);
    assert_eq!(tier(3), "best");
}
