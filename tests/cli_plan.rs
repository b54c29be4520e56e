//! `plan` on a shop whose numbers can be worked out by hand.

#[path = "cli_plan/evaluated.rs"]
mod evaluated;
#[path = "cli_plan/revisions.rs"]
mod revisions;
#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;

use serde_json::{Value, json};
use shop::{AS_OF, PACK, Shop};

/// What the discount costs is told in both packs.
fn priced(pack: &str) -> String {
    pack.replace("title: Discount", "title: Discount\n    cost: spend * value / 100")
}

/// A pack that asks less for VIP, and calls people regulars from their first order.
fn other() -> String {
    priced(PACK)
        .replace("default: 1000", "default: 800")
        .replace("order_count >= 2", "order_count >= 1")
}

/// A shop with a pass in its state, and another pack in `rules/other`.
fn shop() -> Shop {
    let shop = Shop::evaluated();
    shop.write("rules/tiny/pack.yaml", priced(PACK));
    shop.write("rules/other/pack.yaml", other());
    shop
}

const PLAN: [&str; 5] = ["plan", "--against", "rules/other", "--as-of", AS_OF];

/// The arguments with more behind them.
fn with<const N: usize, const M: usize>(more: [&'static str; N]) -> [&'static str; M] {
    let all: Vec<&str> = PLAN.into_iter().chain(more).collect();
    all.try_into().expect("so many arguments")
}

#[test]
fn everybody_in_one_cell_as_json() {
    let shop = shop();
    let plan = shop.json(with::<2, 7>(["--format", "json"]));
    // Customer 1 spent 1200; 2 spent 812.40 and was gold; 3 and 4 are members.
    assert_eq!(
        plan["ladders"],
        json!({"club": {
            "matrix": {"vip": {"vip": 1}, "gold": {"vip": 1}, "member": {"member": 2}},
            "promoted": 1, "demoted": 0, "across": 0, "unchanged": 3
        }})
    );
    let generation = |pack: &'static str| {
        let arguments =
            ["evaluate", "--pack", pack, "--as-of", AS_OF, "--dry-run", "--format", "json"];
        let mut command = shop.run(arguments);
        let output = command.args(["--store", "shop.db"]).assert().success().get_output().clone();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["program"].clone()
    };
    assert_eq!(
        (&plan["from"], &plan["to"]),
        (&generation("rules/tiny"), &generation("rules/other"))
    );
    let mover = &plan["movers"][0];
    assert_eq!(
        (&mover["customer"], &mover["ladder"], &mover["from"], &mover["to"], &mover["direction"]),
        (&json!("2"), &json!("club"), &json!("gold"), &json!("vip"), &json!("promoted"))
    );
    assert_eq!(
        mover["because"][0],
        json!({
            "tier": "vip", "slot": "enter", "text": "spend >= vip_spend", "met": true,
            "measured": serde_json::from_str::<Value>("812.4").unwrap(), "asked": 800,
            "gap": serde_json::from_str::<Value>("-12.4").unwrap()
        })
    );
    assert_eq!((&plan["movers_total"], plan["movers"].as_array().unwrap().len()), (&json!(1), 1));
    assert_eq!(plan["segments"]["regulars"], json!({"before": 1, "after": 4}));
    assert_eq!(plan["segments"]["near_vip"], json!({"before": 1, "after": 0}));
    assert_eq!(plan["alerts"], json!({"gone_quiet": {"before": 2, "after": 2}}));
    // 20 % of 1200, 10 % of 812.40, 5 % of 100 and of 500.50; then 20 % of 812.40.
    let cost = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(plan["cost"], json!({"before": cost("351.265"), "after": cost("432.505")}));
    assert_eq!(
        plan["costs"]["discount"]["after"],
        json!({"customers": 4, "cost": cost("432.505")})
    );
    assert_eq!(
        plan["cutoffs"],
        json!([{"text": "top_percent(10, spend)", "ladder": "club", "before": 1200, "after": 1200}])
    );
    assert_eq!(plan["moves"]["after"]["club"]["upgraded"], 1);
    assert_eq!((&plan["as_of"], &plan["customers"]), (&json!(AS_OF), &json!(4)));
    let keys: Vec<&String> = plan.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "from",
            "to",
            "against",
            "reverse",
            "as_of",
            "review_all",
            "customers",
            "ladders",
            "movers_total",
            "movers",
            "moves",
            "cutoffs",
            "segments",
            "alerts",
            "cost",
            "costs",
            "faults",
            "limits",
            "rules"
        ]
    );
}

#[test]
fn the_state_and_the_store_stay_as_they_are() {
    let shop = shop();
    let bytes = |name: &str| std::fs::read(shop.path().join(name)).unwrap();
    let before = (bytes("shop.tiers.db"), bytes("shop.db"));
    shop.stdout(with::<1, 6>(["--review-all"]));
    assert!((bytes("shop.tiers.db"), bytes("shop.db")) == before);
    let files = std::fs::read_dir(shop.path()).unwrap();
    let names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!names.iter().any(|name| name.ends_with("-wal") || name.ends_with("-journal")));
}

#[test]
fn for_people() {
    let shop = shop();
    let limits = ["--max-demoted", "2%", "--max-cost-rise", "5%"];
    let told = shop.run(with::<4, 9>(limits)).assert().code(1).get_output().clone();
    insta::assert_snapshot!("for_people", String::from_utf8(told.stdout).unwrap());
    insta::assert_snapshot!("in_turkish", shop.stdout(with::<2, 7>(["--locale", "tr"])));
    let back = shop.stdout(with::<1, 6>(["--reverse"]));
    insta::assert_snapshot!("reverse", back);
}

#[test]
fn for_a_pull_request() {
    let shop = shop();
    let limits = ["--max-demoted", "2%", "--max-cost-rise", "5%", "--format", "markdown"];
    let told = shop.run(with::<6, 11>(limits)).assert().code(1).get_output().clone();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.lines().count() <= 10, "{told}");
    insta::assert_snapshot!("for_a_pull_request", told);
}

#[test]
fn everybody_who_moves_as_csv() {
    let shop = shop();
    assert_eq!(
        shop.stdout(with::<2, 7>(["--format", "csv"])),
        "customer,ladder,from,to,direction,because\n\
         2,club,gold,vip,promoted,Spend 812.40 of 800.00\n"
    );
    shop.write(
        "rules/other/pack.yaml",
        PACK.replace("      member:\n        enter: always\n", "").replace(", member: 5", ""),
    );
    assert_eq!(
        shop.stdout(with::<2, 7>(["--format", "csv"])),
        "customer,ladder,from,to,direction,because\n\
         3,club,member,,demoted,there is no such tier any more\n\
         4,club,member,,demoted,there is no such tier any more\n"
    );
    let sampled = shop.stdout(with::<4, 9>(["--format", "csv", "--sample", "1"]));
    assert_eq!(sampled.lines().count(), 2);
    let json = shop.json(with::<4, 9>(["--format", "json", "--sample", "1"]));
    assert_eq!((json["movers"].as_array().unwrap().len(), &json["movers_total"]), (1, &json!(2)));
    let json = shop.json(with::<2, 7>(["--format", "json"]));
    assert_eq!(json["movers"][0]["because"], json!([]));
    assert_eq!(json["movers"][0]["note"], "there is no such tier any more");
    assert_eq!(json["ladders"]["club"]["matrix"]["member"], json!({"none": 2}));
}

#[test]
fn one_page_that_loads_and_runs_nothing() {
    let shop = shop();
    let store = rusqlite::Connection::open(shop.path().join("shop.db")).unwrap();
    let hostile = "INSERT INTO orders (customer_id, placed_at, amount, channel)
                   VALUES ('<b>&\"x\"', '2026-03-01', 900, 'web')";
    store.execute(hostile, []).unwrap();
    drop(store);
    let page = shop.stdout(with::<4, 9>(["--format", "html", "--max-demoted", "0"]));
    assert!(page.starts_with("<!doctype html>"));
    for nothing in ["<script", "http://", "https://", "src=", "@import", "<b>"] {
        assert!(!page.contains(nothing), "{nothing}");
    }
    for something in [
        "&lt;b&gt;&amp;&quot;x&quot;",
        "role=\"img\" aria-labelledby=\"flow0 words0\"",
        "<title id=\"flow0\">Flow between the tiers of The club</title>",
        "<title>gold → VIP: 2</title>",
        "prefers-color-scheme: dark",
        "within the limit",
    ] {
        assert!(page.contains(something), "{something} in {page}");
    }
    let markdown = shop.stdout(with::<2, 7>(["--format", "markdown"]));
    assert!(markdown.contains("&lt;b&gt;&amp;\"x\""), "{markdown}");
}

#[test]
fn what_has_a_title_is_told_by_it() {
    let shop = shop();
    let titled = |pack: String| pack.replace("regulars: { ", "regulars: { title: Regulars, ");
    assert_ne!(titled(other()), other());
    shop.write("rules/other/pack.yaml", titled(other()));
    let markdown = shop.stdout(with::<2, 7>(["--format", "markdown"]));
    assert!(markdown.contains("Regulars 1 → 4"), "{markdown}");
    // Machines keep to the name.
    let plan = shop.json(with::<2, 7>(["--format", "json"]));
    assert_eq!(plan["segments"]["regulars"], json!({"before": 1, "after": 4}));
}

#[test]
fn movers_of_several_ladders_say_which() {
    let shop = shop();
    let second = "ladders:\n  second:\n    title: Second\n    tiers: { any: { enter: always } }\n";
    shop.write("rules/other/pack.yaml", other().replace("ladders:\n", second));
    let told = shop.stdout(PLAN);
    assert!(told.contains("1  Second    no tier → any"), "{told}");
    assert!(told.contains("2  The club  gold → VIP"), "{told}");
}

#[test]
fn another_version_of_the_same_rules() {
    let shop = shop();
    shop.write("rules/other/pack.yaml", priced(PACK).replace("version: 1.0.0", "version: 1.0.1"));
    let told = shop.stdout(PLAN);
    assert!(told.contains("1.0.1") && told.contains("the rules are the same"), "{told}");
}

#[test]
fn the_same_pack_moves_nobody() {
    let shop = shop();
    let plan = shop.json(["plan", "--against", "rules/tiny", "--as-of", AS_OF, "--format", "json"]);
    assert_eq!((&plan["movers"], &plan["from"]), (&json!([]), &plan["to"]));
    assert_eq!(plan["ladders"]["club"]["unchanged"], 4);
    let told = shop.stdout(["plan", "--against", "rules/tiny", "--as-of", AS_OF]);
    assert!(told.contains("the rules are the same") && told.contains("nobody moves"), "{told}");
    let comment =
        shop.stdout(["plan", "--against", "rules/tiny", "--as-of", AS_OF, "--format", "markdown"]);
    assert!(comment.contains("the rules are the same"), "{comment}");
}

#[test]
fn a_promised_period_is_kept_unless_everybody_is_reviewed() {
    let shop = shop();
    // 1200 is not enough to keep VIP any more, and nobody is in a top.
    let strict = priced(PACK).replace("keep: spend >= 500", "keep: spend >= 5000");
    let strict = strict
        .replace("default: 1000", "default: 4000")
        .replace("            - top_percent(10, spend)\n", "");
    shop.write("rules/other/pack.yaml", strict);
    let moved = |arguments: &[&str]| {
        let mut command = shop.run(PLAN);
        let output = command.args(["--format", "json"]).args(arguments).output().unwrap();
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        (plan["ladders"]["club"]["demoted"].as_u64().unwrap(), output.status.code())
    };
    assert_eq!(moved(&["--max-demoted", "0"]), (0, Some(0)));
    assert_eq!(moved(&["--review-all", "--max-demoted", "1"]), (1, Some(0)));
    assert_eq!(moved(&["--review-all", "--max-demoted", "0"]), (1, Some(1)));
    // The only VIP, though one of four who hold a tier.
    assert_eq!(moved(&["--review-all", "--max-demoted", "100%"]), (1, Some(0)));
    assert_eq!(moved(&["--review-all", "--max-demoted", "99.9%"]), (1, Some(1)));
}

#[test]
fn the_gate_for_costs() {
    let shop = shop();
    let code = |limit: &'static str| {
        let mut command = shop.run(PLAN);
        command.args(["--max-cost-rise", limit, "--format", "json"]).output().unwrap().status.code()
    };
    // From 351.265 to 432.505: by 81.24, 23.127838… %.
    assert_eq!(["81.24", "81.239999", "23.2%", "23.1%"].map(code), [0, 1, 0, 1].map(Some));
    shop.write("rules/tiny/pack.yaml", PACK);
    assert_eq!(["432.505", "432.5", "100000%"].map(code), [0, 1, 1].map(Some));
    let plan = shop.run(PLAN).args(["--max-cost-rise", "1%", "--format", "json"]).output().unwrap();
    let plan: Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(plan["cost"]["before"], Value::Null);
    let limit = &plan["limits"][0];
    assert_eq!(
        (&limit["limit"], &limit["at_most"], &limit["over"]),
        (&json!("max-cost-rise"), &json!("1%"), &json!(true))
    );
    assert_eq!(limit["found"]["percent"], Value::Null);
    for format in ["human", "markdown", "html", "csv"] {
        let output =
            shop.run(PLAN).args(["--max-cost-rise", "1%", "--format", format]).output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8(told).unwrap();
        assert!(
            told.contains("max-cost-rise 1%: 432.50 more (from nothing), over the limit"),
            "{format}: {told}"
        );
    }
}

#[test]
fn without_a_state_everybody_begins() {
    let shop = Shop::with_store();
    shop.write("rules/other/pack.yaml", other());
    let output =
        shop.run(with::<2, 7>(["--format", "json"])).assert().success().get_output().clone();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("there is no state at"), "{said}");
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["moves"]["before"]["club"]["entered"], 4);
    assert_eq!(plan["ladders"]["club"]["promoted"], 1);
    assert!(!shop.path().join("shop.tiers.db").exists());
}

#[test]
fn parameters_are_those_of_both_packs() {
    let shop = shop();
    let plan = shop.json(with::<4, 9>(["--set", "vip_spend=500", "--format", "json"]));
    assert_eq!(plan["movers"], json!([]));
    assert_eq!(plan["segments"]["regulars"], json!({"before": 1, "after": 4}));
}

#[test]
fn what_cannot_be_planned() {
    let shop = shop();
    let said = |code: i32, arguments: &[&str]| {
        let mut command = shop.run(["plan", "--as-of", AS_OF]);
        let output = command.args(arguments).assert().code(code).get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    };
    let told = said(2, &["--against", "main"]);
    assert!(told.contains("there is no pack at `main`"), "{told}");
    assert!(told.contains("or a revision like `git:main`"), "{told}");
    let told = said(2, &["--against", "rules/other", "--max-demoted", "-1"]);
    assert!(told.contains("a limit is not below zero"), "{told}");
    assert!(said(2, &[]).contains("--against"));
    for garbage in ["two", "1,5%", "-3", "1.5", "%"] {
        let told = said(2, &["--against", "rules/other", &format!("--max-demoted={garbage}")]);
        assert!(
            told.contains("write a percent like `2%`") || told.contains("not below zero"),
            "{told}"
        );
    }
    let told = said(2, &["--against", "rules/other", "--max-cost-rise", "ten"]);
    assert!(told.contains("write a percent like `10%`, or an amount of money"), "{told}");
    let told = said(2, &["--against", "git:-x"]);
    assert!(told.contains("does not begin with `-`"), "{told}");
    // A day before the last pass.
    let mut command = shop.run(["plan", "--against", "rules/other", "--as-of", "2026-03-20"]);
    let told = command.assert().code(2).get_output().clone();
    assert!(String::from_utf8(told.stderr).unwrap().contains("2026-03-21"));
    // Findings of the other pack are told, and whose they are.
    shop.write("rules/other/pack.yaml", PACK.replace("spend >= vip_spend", "spent >= vip_spend"));
    let told = said(1, &["--against", "rules/other"]);
    assert!(told.contains("did you mean `spend`?"), "{told}");
    assert!(told.contains("these are findings of `rules/other`"), "{told}");
}

#[test]
fn bad_rows_are_skipped_where_that_is_asked() {
    let shop = shop();
    shop.write("more.csv", "customer_id,placed_at,amount,channel\n9,2026-03-01,5,web\n");
    shop.run(["import", "more.csv", "--into", "orders"]).assert().success();
    let store = rusqlite::Connection::open(shop.path().join("shop.db")).unwrap();
    store.execute("UPDATE orders SET amount = 'a lot' WHERE customer_id = 9", []).unwrap();
    drop(store);
    let told = shop.stderr(2, PLAN);
    assert!(told.contains("--skip-bad-rows"), "{told}");
    let output = shop.run(with::<3, 8>(["--skip-bad-rows", "--format", "json"])).assert().success();
    let told = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(told.contains("1 row of the store cannot be read"), "{told}");
}
