//! `plan --against git:…`.

use std::process::Command;

use serde_json::{Value, json};

use crate::shop::{AS_OF, PACK, Shop};
use crate::{other, priced};

fn git(shop: &Shop, arguments: &[&str]) {
    let identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
    let signing = ["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"];
    let mut command = Command::new("git");
    command.current_dir(shop.path()).args(identity).args(signing).args(arguments);
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"].iter().for_each(|name| {
        command.env_remove(name);
    });
    let output = command.output().expect("git is there");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// The old rules are committed on `main`, the new ones are in the working tree.
fn shop() -> Shop {
    let shop = Shop::evaluated();
    shop.write("rules/tiny/pack.yaml", priced(PACK));
    git(&shop, &["init", "--quiet", "--initial-branch=main"]);
    git(&shop, &["add", "rules"]);
    git(&shop, &["commit", "--quiet", "--message", "rules"]);
    shop.write("rules/tiny/pack.yaml", other());
    shop
}

#[test]
fn the_way_of_a_pull_request() {
    let shop = shop();
    let plan = |arguments: &[&str]| -> Value {
        let mut command = shop.run(["plan", "--against", "git:main", "--as-of", AS_OF]);
        let output = command.args(["--format", "json"]).args(arguments).assert().success();
        serde_json::from_slice(&output.get_output().stdout).unwrap()
    };
    // From the working tree to what is committed, and the way back.
    assert_eq!(plan(&[])["ladders"]["club"]["matrix"]["vip"], json!({"vip": 1, "gold": 1}));
    let merged = plan(&["--reverse"]);
    assert_eq!(merged["ladders"]["club"]["matrix"]["gold"], json!({"vip": 1}));
    assert_eq!((&merged["reverse"], &merged["against"]), (&json!(true), &json!("git:main")));
    let there = shop.run(["plan", "--against", "git:main", "--as-of", AS_OF]).assert().success();
    let said = String::from_utf8(there.get_output().stderr.clone()).unwrap();
    assert!(said.contains("`--reverse` shows the way"), "{said}");
    let mut back = shop.run(["plan", "--against", "git:main", "--as-of", AS_OF, "--reverse"]);
    let said = String::from_utf8(back.assert().success().get_output().stderr.clone()).unwrap();
    assert_eq!(said, "");
}

#[test]
fn at_another_place() {
    let shop = shop();
    git(&shop, &["mv", "rules/tiny", "club"]);
    shop.write("tierkeeper.yaml", "store: shop.db\npack: club\n");
    let arguments =
        ["plan", "--against", "git:main:rules/tiny", "--as-of", AS_OF, "--format", "json"];
    assert_eq!(shop.json(arguments)["ladders"]["club"]["demoted"], 1);
    let said = shop.stderr(2, ["plan", "--against", "git:main", "--as-of", AS_OF]);
    assert!(said.contains("there is no pack at `club` in the revision `main`"), "{said}");
    assert!(said.contains("git:REV:path/to/pack"), "{said}");
}

#[test]
fn in_a_hook_of_git() {
    let shop = shop();
    let mut command =
        shop.run(["plan", "--against", "git:HEAD", "--as-of", AS_OF, "--format", "csv"]);
    command.env("GIT_DIR", ".git").env("GIT_INDEX_FILE", ".git/index").assert().success();
}

#[test]
fn what_cannot_be_read() {
    let shop = shop();
    let said = shop.stderr(2, ["plan", "--against", "git:nowhere", "--as-of", AS_OF]);
    assert!(said.contains("there is no revision `nowhere`"), "{said}");
    let said = shop.stderr(2, ["plan", "--against", "git:^main", "--as-of", AS_OF]);
    assert!(said.contains("there is no revision `^main`"), "{said}");
    let mut command = shop.run(["plan", "--against", "git:main", "--as-of", AS_OF]);
    let output = command.env("PATH", "").assert().code(2).get_output().clone();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("the program `git` cannot be run"), "{said}");
    let outside = Shop::evaluated();
    let mut command = outside.run(["plan", "--against", "git:main", "--as-of", AS_OF]);
    // Should the temporary directory lie in a repository, this one does not see it.
    command.env("GIT_CEILING_DIRECTORIES", outside.path().parent().unwrap());
    let output = command.assert().code(2).get_output().clone();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is in no git repository"), "{said}");
}
