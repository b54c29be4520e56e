//! `evaluate`, `list` and `explain` on a shop whose numbers can be worked out by hand.

#[path = "cli_pass/explained.rs"]
mod explained;
#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;

use serde_json::{Value, json};
use shop::{AS_OF, Shop};

#[test]
fn evaluate_counts_and_moves() {
    let shop = Shop::with_store();
    let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
    // Customer 1 spent 1200 and is VIP; 2 (812.40) bought 11 days ago, 4 (500.50) 60 days ago.
    assert_eq!(
        summary["ladders"]["club"],
        json!({
            "tiers": {"vip": 1, "gold": 1, "member": 2},
            "none": 0,
            "moves": {
                "entered": 4, "upgraded": 0, "downgraded": 0, "retained": 0, "left": 0,
                "grace_started": 0, "grace_recovered": 0, "migrated": 0
            }
        })
    );
    assert_eq!(summary["as_of"], AS_OF);
    assert_eq!(summary["customers"], 4);
    assert_eq!(summary["skipped_rows"], json!({"no customer": 1}));
    assert_eq!(summary["segments"], json!({"near_vip": 1, "regulars": 1}));
    assert_eq!(summary["alerts"], json!({"gone_quiet": 2}));
    assert_eq!(summary.get("seconds"), None);
    let keys: Vec<&String> = summary.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "as_of",
            "program",
            "customers",
            "skipped_rows",
            "bad_rows",
            "faults",
            "ladders",
            "segments",
            "alerts",
            "warnings"
        ]
    );
}

#[test]
fn evaluate_for_people() {
    let shop = Shop::with_store();
    insta::assert_snapshot!(shop.stdout(["evaluate", "--as-of", AS_OF]));
    let again = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json", "--timings"]);
    assert_eq!(again["ladders"]["club"]["moves"]["entered"], 0);
    assert!(again["seconds"]["read"].is_number());
}

#[test]
fn a_dry_run_writes_nothing() {
    let shop = Shop::with_store();
    shop.run(["evaluate", "--as-of", AS_OF, "--dry-run"]).assert().success();
    assert!(!shop.path().join("shop.tiers.db").exists());
    let said = shop.stderr(2, ["list"]);
    assert!(said.contains("nobody was evaluated yet"), "{said}");
}

#[test]
fn the_state_is_one_file_and_time_goes_forward() {
    let shop = Shop::evaluated();
    let mut files: Vec<String> = std::fs::read_dir(shop.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".db"))
        .collect();
    files.sort();
    assert_eq!(files, ["shop.db", "shop.tiers.db"]);
    let said = shop.stderr(2, ["evaluate", "--as-of", "2026-03-20"]);
    assert!(said.contains("2026-03-20"), "{said}");
}

#[test]
fn a_row_that_cannot_be_read_stops_the_pass() {
    let shop = Shop::with_store();
    let store = rusqlite::Connection::open(shop.path().join("shop.db")).unwrap();
    store.execute("INSERT INTO orders VALUES (9, 'yesterday', 5, 'web')", []).unwrap();
    drop(store);
    let said = shop.stderr(2, ["evaluate", "--as-of", AS_OF]);
    assert!(said.contains("placed_at") && said.contains("yesterday"), "{said}");
    assert!(!shop.path().join("shop.tiers.db").exists());
    let arguments = ["evaluate", "--as-of", AS_OF, "--skip-bad-rows", "--format", "json"];
    assert_eq!(shop.json(arguments)["bad_rows"], 1);
}

#[test]
fn list_as_csv() {
    let shop = Shop::evaluated();
    assert_eq!(
        shop.stdout(["list", "--format", "csv"]),
        "customer,ladder,tier,since,review_on,grace_until,spend,order_count,days_away\n\
         1,club,vip,2026-03-21,2027-01-21,,1200,1,75\n\
         2,club,gold,2026-03-21,2026-03-22,,812.4,2,11\n\
         3,club,member,2026-03-21,2026-03-22,,100,1,3\n\
         4,club,member,2026-03-21,2026-03-22,,500.5,1,60\n"
    );
}

#[test]
fn list_filters() {
    let shop = Shop::evaluated();
    let customers = |arguments: [&str; 5]| -> Vec<String> {
        let list = shop.json(arguments);
        let rows = list.as_array().unwrap();
        rows.iter().map(|row| row["customer"].as_str().unwrap().to_owned()).collect()
    };
    let by = |filter, value| customers(["list", filter, value, "--format", "json"]);
    assert_eq!(by("--tier", "member"), ["3", "4"]);
    assert_eq!(by("--tier", "club.vip"), ["1"]);
    assert_eq!(by("--tier", "none"), [""; 0]);
    assert_eq!(by("--ladder", "club").len(), 4);
    assert_eq!(by("--segment", "near_vip"), ["2"]);
    assert_eq!(by("--near", "club.vip"), ["2"]);
    assert_eq!(by("--alert", "gone_quiet"), ["1", "4"]);
    assert_eq!(by("--limit", "2"), ["1", "2"]);
    assert!(shop.stderr(2, ["list", "--tier", "golt"]).contains("did you mean `gold`?"));
    assert!(shop.stderr(2, ["list", "--segment", "x"]).contains("the pack has near_vip, regulars"));
    insta::assert_snapshot!(shop.stdout(["list"]));
}

#[test]
fn explain_in_json() {
    let shop = Shop::evaluated();
    let page = shop.json(["explain", "2", "--format", "json"]);
    assert_eq!(page["customer"], "2");
    let club = &page["ladders"]["club"];
    assert_eq!(club["tier"], "gold");
    assert_eq!(club["hold"], Value::Null);
    assert_eq!(
        club["criteria"][0],
        json!({
            "tier": "vip", "slot": "enter", "text": "spend >= vip_spend", "met": false,
            "measured": 812.4, "asked": 1000, "gap": 187.6
        })
    );
    assert_eq!(
        club["criteria"][1],
        json!({
            "tier": "vip", "slot": "enter", "text": "top_percent(10, spend)", "met": false,
            "measured": 812.4, "asked": 1200, "gap": 387.6, "taken_on": AS_OF
        })
    );
    assert_eq!(club["criteria"][2]["slot"], "keep");
    assert_eq!(
        club["criteria"][4],
        json!({
            "tier": "gold", "slot": "enter", "text": "days_away < 60", "met": true,
            "measured": 11, "asked": 60, "gap": -49
        })
    );
    // Of the two ways into VIP the nearer one.
    assert_eq!(
        club["next"],
        json!({
            "tier": "vip",
            "needs": [{"metric": "spend", "now": 812.4, "asked": 1000, "gap": 187.6}],
            "changes": [{"metric": "spend", "now": 812.4, "to": 1000, "by": 187.6}]
        })
    );
    assert_eq!(page["metrics"], json!({"spend": 812.4, "order_count": 2, "days_away": 11}));
    assert_eq!(
        page["benefits"],
        json!([{
            "id": "discount", "kind": "percent_off", "value": 10, "title": "Discount",
            "why": "club.gold"
        }])
    );
    assert_eq!(
        (&page["segments"], &page["alerts"]),
        (&json!(["near_vip", "regulars"]), &json!([]))
    );
    assert_eq!(
        shop.json(["explain", "1", "--format", "json"])["ladders"]["club"]["next"],
        Value::Null
    );
}

#[test]
fn explain_for_people() {
    let shop = Shop::evaluated();
    insta::assert_snapshot!(shop.stdout(["explain", "2"]));
    insta::assert_snapshot!("explain_in_turkish", shop.stdout(["explain", "4", "--locale", "tr"]));
    assert!(shop.stdout(["explain", "2", "--color", "always"]).contains("\u{1b}["));
    let said = shop.stderr(2, ["explain", "nobody"]);
    assert!(said.contains("there is no customer `nobody`"), "{said}");
}

#[test]
fn a_parameter_from_the_command_line() {
    let shop = Shop::with_store();
    let arguments =
        ["evaluate", "--as-of", AS_OF, "--set", "vip_spend=800", "--format", "json", "--dry-run"];
    assert_eq!(shop.json(arguments)["ladders"]["club"]["tiers"]["vip"], 2);
    let arguments = ["evaluate", "--as-of", AS_OF, "--set", "vip_spent=800"];
    assert!(shop.stderr(1, arguments).contains("did you mean `vip_spend`?"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_success() {
    let shop = Shop::evaluated();
    let program = assert_cmd::cargo::cargo_bin("tierkeeper");
    let mut child = std::process::Command::new(program)
        .current_dir(shop.path())
        .args(["explain-code"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody reads: the pipe is closed before anything is written.
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
