//! `simulate` on a shop whose numbers can be worked out by hand.

#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;

use serde_json::{Value, json};
use shop::{PACK, Shop};

const MONTHS: [&str; 7] =
    ["simulate", "--from", "2026-01-31", "--to", "2026-04-30", "--every", "1 month"];

/// The arguments with more behind them.
fn with<const N: usize, const M: usize>(more: [&str; N]) -> [&str; M] {
    let all: Vec<&str> = MONTHS.into_iter().chain(more).collect();
    all.try_into().expect("so many arguments")
}

/// A shop, and beside its pack one that asks less for VIP and says what the discount costs.
fn two_packs() -> Shop {
    let shop = Shop::with_store();
    let other = PACK
        .replace("default: 1000", "default: 800")
        .replace("title: Discount", "title: Discount\n    cost: spend * value / 100");
    shop.write("rules/other/pack.yaml", other);
    shop
}

fn moves(entered: u64, downgraded: u64) -> Value {
    json!({
        "entered": entered, "upgraded": 0, "downgraded": downgraded, "retained": 0, "left": 0,
        "grace_started": 0, "grace_recovered": 0, "migrated": 0
    })
}

#[test]
fn each_step_as_json() {
    let shop = Shop::with_store();
    let simulated = shop.json(with::<2, 9>(["--format", "json"]));
    let club = |step: usize| simulated["steps"][step]["ladders"]["club"].clone();
    // Customer 1 spent 1200; 4 spent 500.50 eleven days ago.
    assert_eq!(
        club(0),
        json!({
            "tiers": {"vip": 1, "gold": 1, "member": 0}, "none": 0,
            "moves": moves(2, 0), "flapping": 0
        })
    );
    // Customer 2 comes, with 800.40.
    assert_eq!(club(1)["tiers"], json!({"vip": 1, "gold": 2, "member": 0}));
    assert_eq!(club(1)["moves"], moves(1, 0));
    // 3 comes with 100, and 4 has been away for 70 days.
    assert_eq!(club(2)["tiers"], json!({"vip": 1, "gold": 1, "member": 2}));
    assert_eq!(club(2)["moves"], moves(1, 1));
    assert_eq!(club(3)["moves"], moves(0, 0));
    let steps = simulated["steps"].as_array().unwrap();
    let dates: Vec<&Value> = steps.iter().map(|step| &step["as_of"]).collect();
    assert_eq!(dates, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
    let customers: Vec<&Value> = steps.iter().map(|step| &step["customers"]).collect();
    assert_eq!(customers, [2, 3, 4, 4]);
    assert_eq!((&steps[0]["cost"], &steps[0]["costs"]), (&Value::Null, &json!({})));
    let keys: Vec<&String> = simulated.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["from", "to", "every", "start", "program", "bad_rows", "steps"]);
    assert_eq!((&simulated["every"], &simulated["start"]), (&json!("1 month"), &json!("empty")));
    // The state is none of its business.
    assert!(!shop.path().join("shop.tiers.db").exists());
}

#[test]
fn two_packs_side_by_side() {
    let shop = two_packs();
    let against = ["--against", "rules/other", "--format", "json"];
    let simulated = shop.json(with::<4, 11>(against));
    let step = &simulated["against"]["steps"][2];
    assert_eq!(step["ladders"]["club"]["tiers"], json!({"vip": 2, "gold": 0, "member": 2}));
    // 20 % of 1200 and of 812.40, 5 % of 100 and of 500.50.
    assert_eq!(step["cost"].to_string(), "432.505");
    assert_eq!(step["costs"], json!({"discount": {"customers": 4, "cost": step["cost"]}}));
    assert_eq!(
        simulated["steps"][2]["ladders"]["club"]["tiers"],
        json!({"vip": 1, "gold": 1, "member": 2})
    );
    assert_ne!(simulated["program"], simulated["against"]["program"]);
}

#[test]
fn a_row_for_each_step_pack_and_tier() {
    let shop = two_packs();
    let rows = shop.stdout(with::<4, 11>(["--against", "rules/other", "--format", "csv"]));
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(
        rows[0],
        "as_of,pack,ladder,tier,customers,entered,upgraded,downgraded,left,flapping,cost"
    );
    assert_eq!(rows.len(), 1 + 4 * 2 * 4);
    assert_eq!(
        rows[17..25],
        [
            "2026-03-31,current,club,vip,1,0,0,0,0,0,",
            "2026-03-31,current,club,gold,1,0,0,0,0,0,",
            "2026-03-31,current,club,member,2,1,0,1,0,0,",
            "2026-03-31,current,club,,0,0,0,0,0,0,",
            "2026-03-31,against,club,vip,2,0,0,0,0,0,432.505",
            "2026-03-31,against,club,gold,0,0,0,0,0,0,432.505",
            "2026-03-31,against,club,member,2,1,0,1,0,0,432.505",
            "2026-03-31,against,club,,0,0,0,0,0,0,432.505",
        ]
    );
}

#[test]
fn for_people() {
    let shop = two_packs();
    insta::assert_snapshot!("one_pack", shop.stdout(MONTHS));
    let both = shop.stdout(with::<2, 9>(["--against", "rules/other"]));
    insta::assert_snapshot!("two_packs", both);
    let same = shop.stdout(with::<2, 9>(["--against", "rules/tiny"]));
    assert!(same.contains("against: the same tiers and moves on 2026-04-30"), "{same}");
}

#[test]
fn from_the_stored_standings() {
    let shop = Shop::evaluated();
    let state = std::fs::read(shop.path().join("shop.tiers.db")).unwrap();
    let stored = |from: &'static str| {
        [
            "simulate",
            "--from",
            from,
            "--to",
            "2026-04-30",
            "--every",
            "1 month",
            "--start",
            "stored",
        ]
    };
    let said = shop.stderr(2, stored("2026-03-20"));
    assert!(said.contains("the stored standings are those of 2026-03-21"), "{said}");
    assert!(said.contains("--start empty"), "{said}");
    let from: Vec<&str> = stored("2026-03-21").into_iter().chain(["--format", "json"]).collect();
    let from: [&str; 11] = from.try_into().unwrap();
    let first = &shop.json(from)["steps"][0]["ladders"]["club"];
    // The pass of that date is stored already: nobody moves.
    assert_eq!(first["moves"], moves(0, 0));
    assert_eq!(first["tiers"], json!({"vip": 1, "gold": 1, "member": 2}));
    assert_eq!(std::fs::read(shop.path().join("shop.tiers.db")).unwrap(), state);
}

#[test]
fn what_cannot_be_simulated_is_told_with_help() {
    let shop = Shop::with_store();
    let said = |arguments: [&str; 7]| shop.stderr(2, arguments);
    let simulate = |from, to, every| ["simulate", "--from", from, "--to", to, "--every", every];
    let backwards = said(simulate("2026-04-30", "2026-01-31", "1 month"));
    assert!(backwards.contains("2026-01-31, is before the first, 2026-04-30"), "{backwards}");
    assert!(backwards.contains("help: exchange"), "{backwards}");
    let many = said(simulate("1990-01-01", "2026-01-31", "1 day"));
    assert!(many.contains("more than 10000 steps"), "{many}");
    let typo = said(simulate("2026-01-01", "2026-01-31", "1 mnth"));
    assert!(typo.contains("write it like `1 month`"), "{typo}");
    let typo = said(simulate("2026-02-30", "2026-03-31", "1 week"));
    assert!(typo.contains("write a date that exists"), "{typo}");
    let nothing = shop.stderr(2, with::<2, 9>(["--start", "stored"]));
    assert!(nothing.contains("nobody was evaluated yet"), "{nothing}");
    let nowhere = shop.stderr(2, with::<2, 9>(["--against", "rules/nowhere"]));
    assert!(nowhere.contains("rules/nowhere"), "{nowhere}");
}

#[test]
fn rows_that_cannot_be_read() {
    let shop = Shop::with_store();
    let store = rusqlite::Connection::open(shop.path().join("shop.db")).unwrap();
    let insert = "INSERT INTO orders VALUES (9, '2026-03-02', 'much', 'web')";
    store.execute(insert, []).unwrap();
    drop(store);
    let said = shop.stderr(2, MONTHS);
    assert!(said.contains("column `amount` is `much`"), "{said}");
    let simulated = shop.json(with::<3, 10>(["--skip-bad-rows", "--format", "json"]));
    assert_eq!(simulated["bad_rows"], 1);
    // Before its day the row is not looked at.
    let early = ["simulate", "--from", "2026-01-31", "--to", "2026-03-01", "--every", "1 month"];
    shop.run(early).assert().success();
}
