//! State databases that are not ours, too new, in use, broken, or have no room left.

use std::fs;

use rusqlite::Connection;

use super::{ROWS, TABLE, assert_says, shop_of};
use crate::shop::{AS_OF, Shop};

fn evaluated() -> Shop {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    shop
}

/// The three commands that read it all say this; the file stays as it is.
#[track_caller]
fn all_refuse(shop: &Shop, words: &[&str]) {
    let path = shop.path().join("shop.tiers.db");
    let before = fs::read(&path).unwrap();
    assert_says(&shop.stderr(2, ["evaluate", "--as-of", "2026-03-22"]), words);
    assert_says(&shop.stderr(2, ["list"]), words);
    assert_says(&shop.stderr(2, ["explain", "1"]), words);
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn one_from_a_newer_version() {
    let shop = evaluated();
    let state = Connection::open(shop.path().join("shop.tiers.db")).unwrap();
    state.pragma_update(None, "user_version", 99).unwrap();
    drop(state);
    all_refuse(&shop, &["has version 99", "newer tierkeeper", "update tierkeeper"]);
}

#[test]
fn one_that_is_something_else() {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    let run = |state| shop.stderr(2, ["evaluate", "--as-of", AS_OF, "--state", state]);
    let before = fs::read(shop.path().join("shop.db")).unwrap();
    assert_says(&run("shop.db"), &["not a state database", "another program", "--state"]);
    assert!(fs::read(shop.path().join("shop.db")).unwrap() == before);
    assert_says(&run("tierkeeper.yaml"), &["not a state database", "not a SQLite database"]);
    assert_says(&shop.read("tierkeeper.yaml"), &["pack: rules/tiny"]);
    assert_says(&run("rules"), &["is a directory"]);
    assert_says(&run("nowhere/x.db"), &["there is no directory `nowhere`"]);
}

#[test]
fn one_that_is_locked() {
    let shop = evaluated();
    let other = Connection::open(shop.path().join("shop.tiers.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let said = shop.stderr(2, ["evaluate", "--as-of", "2026-03-22"]);
    assert_says(&said, &["shop.tiers.db", "locked by another program", "try again"]);
}

#[test]
fn one_that_is_corrupt() {
    let shop = evaluated();
    let path = shop.path().join("shop.tiers.db");
    let whole = fs::read(&path).unwrap();
    let mut garbage = whole.clone();
    garbage[4096..].fill(0xa5);
    for broken in [garbage, whole[..whole.len() / 2 / 4096 * 4096].to_vec()] {
        fs::write(&path, broken).unwrap();
        all_refuse(&shop, &["shop.tiers.db", "corrupt", "backup"]);
    }
}

#[test]
fn one_without_room() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    let said = shop.stderr(2, ["evaluate", "--as-of", AS_OF, "--state", "/dev/full"]);
    assert_says(&said, &["no space is left", "as it was before the pass"]);
}

/// A file system of a quarter of a mebibyte, where this user may mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_in_the_middle() {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    let disk = shop.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(&disk)
        .stderr(std::process::Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        // Seen only where tests may mount.
        return;
    }
    let first = shop.run(["evaluate", "--as-of", AS_OF, "--state", "disk/s.db"]).output().unwrap();
    super::store(&shop)
        .execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO orders SELECT i, '2026-01-05', 12, 'web' FROM n",
        )
        .unwrap();
    let second =
        shop.run(["evaluate", "--as-of", "2026-03-22", "--state", "disk/s.db"]).output().unwrap();
    let standings = shop.run(["list", "--format", "csv", "--state", "disk/s.db"]).output().unwrap();
    let left: Vec<_> = fs::read_dir(&disk).unwrap().map(|file| file.unwrap().file_name()).collect();
    let unmounted = std::process::Command::new("umount").arg(&disk).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    assert_eq!(second.status.code(), Some(2), "{second:?}");
    assert_says(&String::from_utf8_lossy(&second.stderr), &["no space is left", "as it was"]);
    let standings = String::from_utf8(standings.stdout).unwrap();
    assert_says(&standings, &["\n1,club,vip,2026-03-21,", "\n2,club,gold,2026-03-21,"]);
    assert_eq!(left, ["s.db"]);
}

#[test]
fn two_passes_at_once() {
    let shop = shop_of(&format!(
        "{TABLE} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO orders SELECT i, '2026-01-05', 12, 'web' FROM n"
    ));
    let program = assert_cmd::cargo::cargo_bin("tierkeeper");
    let begin = || {
        std::process::Command::new(&program)
            .current_dir(shop.path())
            .args(["evaluate", "--as-of", AS_OF])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let passes = [begin(), begin(), begin()];
    let ended = passes.map(|pass| pass.wait_with_output().unwrap());
    let done = ended.iter().filter(|output| output.status.code() == Some(0)).count();
    assert!(done >= 1, "{ended:?}");
    for output in ended.iter().filter(|output| output.status.code() != Some(0)) {
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("run it again") || said.contains("try again"), "{said}");
    }
    let state = Connection::open(shop.path().join("shop.tiers.db")).unwrap();
    let count = |sql: &str| state.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let entered = "FROM tk_event WHERE event = 'tier.entered'";
    assert_eq!(count(&format!("SELECT count(*) {entered}")), 20_000);
    assert_eq!(count(&format!("SELECT count(DISTINCT customer) {entered}")), 20_000);
}
