//! What commands write, and what they never touch.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::{clubs, evaluated};
use crate::shop::{AS_OF, Shop};

/// Every file of the shop: bytes and the time of the last change.
fn files(directory: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            let changed = entry.metadata().unwrap().modified().unwrap();
            let name = entry.path().display().to_string();
            found.insert(name, (fs::read(entry.path()).unwrap(), changed));
        }
    }
    found
}

#[track_caller]
fn touches_nothing(shop: &Shop, arguments: &[&str]) {
    let before = files(shop.path());
    let _ = super::run_in(shop.path(), arguments);
    assert!(files(shop.path()) == before, "{arguments:?} changed a file");
}

#[test]
fn only_a_pass_makes_a_state() {
    let shop = clubs();
    for arguments in [
        &["check"][..],
        &["list"],
        &["explain", "1"],
        &["evaluate", "--as-of", AS_OF, "--dry-run"],
        &["explain-code"],
        &["completions", "zsh"],
    ] {
        touches_nothing(&shop, arguments);
    }
    let before = files(shop.path());
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    let mut after = files(shop.path());
    let state = after.remove(&shop.path().join("shop.tiers.db").display().to_string());
    assert!(state.is_some());
    assert!(after == before, "a pass wrote more than its state");
}

#[test]
fn reading_and_the_same_pass_again_leave_every_byte() {
    let shop = evaluated();
    for arguments in [
        &["evaluate", "--as-of", AS_OF][..],
        &["evaluate", "--as-of", "2026-05-01", "--dry-run"],
        &["list", "--format", "csv"],
        &["list", "--near", "club.vip"],
        &["explain", "1"],
        &["check"],
    ] {
        touches_nothing(&shop, arguments);
    }
    let again = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
    for ladder in ["club", "scores"] {
        let moves = again["ladders"][ladder]["moves"].as_object().unwrap();
        assert!(moves.values().all(|count| count == 0), "{moves:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_store_that_nobody_may_write_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for journal in ["delete", "wal"] {
        let shop = clubs();
        let folder = shop.path().join("data");
        fs::create_dir(&folder).unwrap();
        let store = folder.join("shop.db");
        fs::rename(shop.path().join("shop.db"), &store).unwrap();
        let connection = rusqlite::Connection::open(&store).unwrap();
        connection.pragma_update(None, "journal_mode", journal).unwrap();
        connection.execute("UPDATE orders SET channel = 'x'", []).unwrap();
        drop(connection);
        mode(&store, 0o444);
        mode(&folder, 0o555);
        let before = files(&folder);
        let run = shop
            .run(["evaluate", "--as-of", AS_OF, "--store", "data/shop.db", "--state", "s.db"])
            .output();
        let after = files(&folder);
        mode(&folder, 0o755);
        assert_eq!(run.unwrap().status.code(), Some(0), "{journal}");
        assert!(before == after, "{journal}");
        assert_eq!(after.len(), 1, "{journal}");
    }
}

#[test]
fn a_store_in_use_by_a_writer_is_read_with_what_is_committed() {
    let shop = clubs();
    let writer = rusqlite::Connection::open(shop.path().join("shop.db")).unwrap();
    writer.pragma_update(None, "journal_mode", "wal").unwrap();
    writer.execute("INSERT INTO orders VALUES (8, '2026-01-01', 1, NULL)", []).unwrap();
    writer.execute_batch("BEGIN; INSERT INTO orders VALUES (9, '2026-01-01', 1, NULL)").unwrap();
    let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
    assert_eq!(summary["customers"], 4);
}
