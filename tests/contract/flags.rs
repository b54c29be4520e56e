//! Flags, the project file, and the date.

use std::fs;

use serde_json::Value;

use super::{clubs, evaluated, run_in};
use crate::shop::AS_OF;

fn json(output: &std::process::Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn commands_on_a_pack_take_the_same_flags() {
    let shop = clubs();
    for command in ["check", "evaluate", "list", "explain", "import"] {
        let help = shop.stdout([command, "--help"]);
        let flags = [
            "--pack <DIR>",
            "--store <FILE>",
            "--state <FILE>",
            "--config <FILE>",
            "--set <NAME=VALUE>",
            "--locale <LANG>",
            "--as-of <DATE>",
            "TIERKEEPER_AS_OF",
            "--format",
            "--color",
        ];
        for flag in flags {
            assert!(help.contains(flag), "{command} has no {flag}");
        }
    }
    let own = [
        ("check", vec!["--deny-warnings"]),
        ("import", vec!["--into", "--column", "--date-format", "--again"]),
        ("evaluate", vec!["--skip-bad-rows", "--dry-run", "--timings"]),
        ("list", vec!["--ladder", "--tier", "--segment", "--near", "--alert", "--limit"]),
        ("init", vec!["--from"]),
    ];
    for (command, flags) in own {
        let help = shop.stdout([command, "--help"]);
        assert!(flags.iter().all(|flag| help.contains(flag)), "{command}: {flags:?}");
    }
}

#[test]
fn the_project_file_is_looked_for_upwards_and_its_paths_are_relative_to_it() {
    let shop = clubs();
    let deep = shop.path().join("rules/tiny/tests");
    fs::create_dir(&deep).unwrap();
    let arguments = ["evaluate", "--as-of", AS_OF, "--format", "json"];
    assert_eq!(json(&run_in(&deep, &arguments))["customers"], 3);
    assert!(shop.path().join("shop.tiers.db").exists());

    // From elsewhere it is named; what a flag names is relative to where the command runs.
    let elsewhere = tempfile::tempdir().unwrap();
    let config = shop.path().join("tierkeeper.yaml");
    let arguments =
        [&arguments[..], &["--config", config.to_str().unwrap(), "--state", "own.db"]].concat();
    assert_eq!(json(&run_in(elsewhere.path(), &arguments))["customers"], 3);
    assert!(elsewhere.path().join("own.db").exists());
}

#[test]
fn a_named_pack_ends_the_search_for_a_project() {
    let shop = clubs();
    shop.write(
        "tierkeeper.yaml",
        "store: shop.db\npack: rules/tiny\nparameters: { vip_spend: 1 }\n",
    );
    let said = shop.stderr(2, ["evaluate", "--pack", "rules/tiny", "--as-of", AS_OF]);
    assert!(said.contains("which store?"), "{said}");
    let vips = |arguments: &[&str]| {
        let arguments =
            [&["evaluate", "--as-of", AS_OF, "--dry-run", "--format", "json"], arguments].concat();
        json(&run_in(shop.path(), &arguments))["ladders"]["club"]["tiers"]["vip"].clone()
    };
    let pack = ["--pack", "rules/tiny", "--store", "shop.db"];
    assert_eq!(vips(&pack), 1);
    assert_eq!(vips(&[&pack[..], &["--config", "tierkeeper.yaml"]].concat()), 2);
    assert_eq!(vips(&[]), 2);
    // Flags override the project.
    assert_eq!(vips(&["--set", "vip_spend=0.30"]), 3);
    assert_eq!(vips(&["--set", "vip_spend=0.30", "--set", "vip_spend=2000"]), 0);
}

#[test]
fn a_project_names_its_state_and_its_tables() {
    let shop = clubs();
    let store = rusqlite::Connection::open(shop.path().join("shop.db")).unwrap();
    store
        .execute_batch(
            "ALTER TABLE orders RENAME TO sales; ALTER TABLE sales RENAME placed_at TO sold",
        )
        .unwrap();
    shop.run(["check"]).assert().code(1);
    shop.write(
        "tierkeeper.yaml",
        "store: shop.db\nstate: kept.db\npack: rules/tiny\nsources: { orders: { table: sales, at: sold } }\n",
    );
    shop.run(["check"]).assert().success();
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    assert!(shop.path().join("kept.db").exists() && !shop.path().join("shop.tiers.db").exists());
    shop.run(["list"]).assert().success();
}

#[test]
fn the_date_comes_from_the_flag_the_environment_or_the_clock() {
    let shop = clubs();
    let date = |zone: &str, set: Option<&str>, flag: &[&str]| {
        let pack = super::CLUBS.replace("Europe/Berlin", zone);
        shop.write("rules/tiny/pack.yaml", pack);
        let mut command = shop.run(["evaluate", "--dry-run", "--format", "json"]);
        command.args(flag);
        if let Some(set) = set {
            command.env("TIERKEEPER_AS_OF", set);
        }
        json(&command.output().unwrap())["as_of"].as_str().unwrap().to_owned()
    };
    assert_eq!(date("Europe/Berlin", Some("2026-02-01"), &[]), "2026-02-01");
    assert_eq!(date("Europe/Berlin", Some("2026-02-01"), &["--as-of", "2026-02-02"]), "2026-02-02");
    for zone in ["Pacific/Kiritimati", "Pacific/Niue"] {
        let today = || {
            let zone = jiff::tz::TimeZone::get(zone).unwrap();
            jiff::Timestamp::now().to_zoned(zone).date().to_string()
        };
        let before = today();
        let found = date(zone, None, &[]);
        assert!(found == before || found == today(), "{zone}: {found}");
    }
}

#[test]
fn lists_are_as_of_the_last_pass_unless_another_date_is_named() {
    let shop = evaluated();
    let away = |arguments: &[&str]| {
        let list = json(&run_in(shop.path(), &[&["list", "--format", "json"], arguments].concat()));
        list[0]["metrics"]["days_away"].clone()
    };
    assert_eq!(away(&[]), 75);
    assert_eq!(away(&["--as-of", "2026-03-31"]), 85);
    let page = shop.json(["explain", "1", "--as-of", "2026-03-31", "--format", "json"]);
    assert_eq!((&page["as_of"], &page["metrics"]["days_away"]), (&"2026-03-31".into(), &85.into()));
    // Standings are the stored ones.
    assert_eq!(page["ladders"]["club"]["since"], AS_OF);
}
