//! `list`: its columns, its order, its filters.

use super::{evaluated, run_in};
use crate::shop::Shop;

/// Scores are 1 + ⌊share that is strictly worse × 5⌋ of three customers: 1, 2 or 4.
const CSV: &str = "\
customer,ladder,tier,since,review_on,grace_until,spend,order_count,days_away,rfm,rfm.r,rfm.f,rfm.m,pace,average_amount
1,club,vip,2026-03-21,2027-01-21,,1200.1,1,75,6,1,1,4,36500,1200.1
1,scores,low,2026-03-21,2026-03-22,,1200.1,1,75,6,1,1,4,36500,1200.1
2,club,gold,2026-03-21,2026-03-22,,0.3,2,28,7,2,4,1,20,0.15
2,scores,high,2026-03-21,2026-03-22,,0.3,2,28,7,2,4,1,20,0.15
\"Zoë, \"\"Z\"\"\",club,,,,,5,1,20,7,4,1,2,36500,5
\"Zoë, \"\"Z\"\"\",scores,high,2026-03-21,2026-03-22,,5,1,20,7,4,1,2,36500,5
";

#[test]
fn everybody_in_every_ladder_as_csv() {
    assert_eq!(evaluated().stdout(["list", "--format", "csv"]), CSV);
}

/// Customer and ladder of every row.
fn rows(shop: &Shop, filters: &[&str]) -> Vec<String> {
    let output = run_in(shop.path(), &[&["list", "--format", "json"], filters].concat());
    assert!(output.status.success(), "{filters:?}: {output:?}");
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let row = |row: &serde_json::Value| {
        format!("{}/{}", row["customer"].as_str().unwrap(), row["ladder"].as_str().unwrap())
    };
    list.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn filters_combine() {
    let shop = evaluated();
    let zoe = "Zoë, \"Z\"";
    let (zoe_club, zoe_scores) = (format!("{zoe}/club"), format!("{zoe}/scores"));
    assert_eq!(rows(&shop, &[]).len(), 6);
    assert_eq!(rows(&shop, &["--ladder", "scores"]), ["1/scores", "2/scores", &zoe_scores]);
    assert_eq!(rows(&shop, &["--tier", "high"]), ["2/scores", &zoe_scores]);
    assert_eq!(rows(&shop, &["--tier", "club.vip"]), ["1/club"]);
    assert_eq!(rows(&shop, &["--tier", "none"]), [zoe_club.as_str()]);
    assert_eq!(rows(&shop, &["--ladder", "club", "--tier", "none"]), [zoe_club.as_str()]);
    assert_eq!(rows(&shop, &["--segment", "twice"]), ["2/club", "2/scores"]);
    assert_eq!(rows(&shop, &["--segment", "twice", "--ladder", "club"]), ["2/club"]);
    assert_eq!(rows(&shop, &["--segment", "twice", "--tier", "club.vip"]), [""; 0]);
    assert_eq!(rows(&shop, &["--alert", "quiet"]), ["1/club", "1/scores"]);
    assert_eq!(rows(&shop, &["--alert", "quiet", "--tier", "vip"]), ["1/club"]);
    // The pack's own segment says how near is near: 100 %.
    assert_eq!(rows(&shop, &["--near", "club.vip"]), ["2/club", &zoe_club]);
    assert_eq!(rows(&shop, &["--near", "club.vip", "--segment", "twice"]), ["2/club"]);
    assert_eq!(rows(&shop, &["--tier", "high", "--limit", "1"]), ["2/scores"]);
    assert_eq!(rows(&shop, &["--limit", "0"]), [""; 0]);
    assert_eq!(rows(&shop, &["--limit", "99"]).len(), 6);
}

#[test]
fn names_that_are_not_there() {
    let shop = evaluated();
    let said = |filter, name| shop.stderr(2, ["list", filter, name]);
    assert!(said("--ladder", "clubb").contains("did you mean `club`?"));
    assert!(said("--tier", "club.vib").contains("did you mean `vip`?"));
    assert!(said("--segment", "thrice").contains("there is no segment `thrice`"));
    assert!(said("--near", "vipp").contains("did you mean `vip`?"));
    assert!(said("--alert", "x").contains("the pack has quiet, silent"));
    assert!(said("--limit", "many").contains("many"));
}

#[test]
fn the_json_of_a_row() {
    let list = evaluated().json(["list", "--format", "json"]);
    let row = &list[4];
    assert_eq!(
        super::keys(row),
        ["customer", "grace_until", "ladder", "metrics", "review_on", "since", "tier"]
    );
    assert_eq!(row["customer"], "Zoë, \"Z\"");
    assert!(row["tier"].is_null() && row["since"].is_null() && row["review_on"].is_null());
    assert_eq!(row["metrics"]["rfm.r"], 4);
}
