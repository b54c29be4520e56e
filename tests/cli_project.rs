//! `check`, `init`, `demo`, `explain-code`, `completions`, and how commands end.

#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;

use serde_json::json;
use shop::{PACK, Shop, tierkeeper};

#[test]
fn check_without_findings() {
    let shop = Shop::with_store();
    insta::assert_snapshot!(shop.stdout(["check"]));
    let found = shop.json(["check", "--format", "json"]);
    assert_eq!(found, json!({"ok": true, "findings": []}));
}

#[test]
fn check_with_a_typo() {
    let shop = Shop::with_store();
    shop.write("rules/tiny/pack.yaml", PACK.replace("- spend >= 400", "- spent >= 400"));
    let output = shop.run(["check"]).assert().code(1).get_output().clone();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
    let output = shop.run(["check", "--format", "json"]).assert().code(1).get_output().clone();
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = &found["findings"][0];
    assert_eq!((&finding["code"], &finding["file"]), (&json!("unknown-name"), &json!("pack.yaml")));
    assert_eq!(finding["help"], "did you mean `spend`?");
    // Nothing runs with such rules.
    shop.run(["evaluate", "--as-of", "2026-03-21"]).assert().code(1);
}

#[test]
fn check_looks_into_the_store() {
    let shop = Shop::with_store();
    shop.write(
        "tierkeeper.yaml",
        "store: shop.db\npack: rules/tiny\nsources: { orders: { table: oders } }\n",
    );
    let output = shop.run(["check", "--format", "json"]).assert().code(1).get_output().clone();
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["findings"][0]["code"], "unknown-table");
    assert_eq!(shop.stderr(2, ["check", "--store", "missing.db"]).lines().count(), 1);
}

#[test]
fn warnings_count_when_asked() {
    let shop = Shop::with_store();
    shop.write("rules/tiny/pack.yaml", PACK.replace("order_count >= 2", "spend >= 2"));
    shop.run(["check"]).assert().success();
    shop.run(["check", "--deny-warnings"]).assert().code(1);
}

#[test]
fn init_makes_a_project_that_checks() {
    let shop = Shop::new();
    shop.run(["init", "new", "--from", "corner-shop"]).assert().success();
    tierkeeper().current_dir(shop.path().join("new")).arg("check").assert().success();
    let said = shop.stderr(2, ["init", "new", "--from", "corner-shop"]);
    assert!(said.contains("is there already"), "{said}");
    let said = shop.stderr(2, ["init", "other", "--from", "corner-shp"]);
    assert!(said.contains("did you mean `corner-shop`?"), "{said}");
    shop.run(["init", "copy", "--from", "rules/tiny"]).assert().success();
    insta::assert_snapshot!(shop.read("copy/tierkeeper.yaml"));
}

#[test]
fn demo_runs_twice_and_respects_what_is_there() {
    let shop = Shop::new();
    let first = shop.stdout(["demo", "d"]);
    for word in ["Fashion retail VIP club", "Gold", "short", "Try next:"] {
        assert!(first.contains(word), "{word} in\n{first}");
    }
    assert!(shop.stdout(["demo", "d"]).contains("nobody moved"));
    assert!(shop.stderr(2, ["demo", "rules"]).contains("holds something else"));
}

#[test]
fn every_code_has_a_page() {
    let shop = Shop::new();
    insta::assert_snapshot!(shop.stdout(["explain-code", "thousands-comma"]));
    let page = shop.json(["explain-code", "unknown-name", "--format", "json"]);
    assert_eq!(page["severity"], "error");
    let said = shop.stderr(2, ["explain-code", "unknwon-name"]);
    assert!(said.contains("did you mean `unknown-name`?"), "{said}");
    assert!(shop.stdout(["explain-code"]).lines().count() > 50);
}

#[test]
fn completions_for_shells() {
    let shop = Shop::new();
    assert!(shop.stdout(["completions", "bash"]).contains("tierkeeper"));
    assert!(shop.stdout(["completions", "fish"]).contains("explain-code"));
    shop.run(["completions", "basic"]).assert().code(2);
}

#[test]
fn every_command_has_help_with_examples() {
    let shop = Shop::new();
    let commands = [
        "demo",
        "init",
        "check",
        "import",
        "evaluate",
        "list",
        "explain",
        "explain-code",
        "completions",
    ];
    for command in commands {
        let help = shop.stdout([command, "--help"]);
        assert!(help.contains("Examples:\n  tierkeeper "), "{command}");
    }
    shop.run([]).assert().code(2);
    shop.run(["frobnicate"]).assert().code(2);
}

#[test]
fn a_command_needs_its_pack_and_store() {
    let shop = Shop::new();
    let nowhere = tempfile::tempdir().unwrap();
    let output = tierkeeper().current_dir(nowhere.path()).arg("check").assert().code(2);
    let said = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(said.contains("which pack?"), "{said}");
    assert!(shop.stderr(2, ["check", "--pack", "nowhere"]).contains("nowhere"));
    assert!(shop.stderr(2, ["evaluate", "--pack", "rules/tiny"]).contains("which store?"));
    assert!(shop.stderr(2, ["evaluate", "--as-of", "2026-02-30"]).contains("2026-03-21"));
}
