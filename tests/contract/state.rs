//! The state database as others find it, and a pass that is killed.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{clubs, evaluated};
use crate::shop::Shop;

fn state(shop: &Shop) -> Connection {
    Connection::open(shop.path().join("shop.tiers.db")).unwrap()
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn tables_are_strict_and_versioned() {
    let shop = evaluated();
    let state = state(&shop);
    let loose = "SELECT name FROM pragma_table_list
                 WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'";
    assert_eq!(texts(&state, loose), [""; 0]);
    let version: i64 = state.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert!(version >= 1);
    assert_eq!(texts(&state, "PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn events_are_a_view_for_other_programs() {
    let shop = evaluated();
    let state = state(&shop);
    let columns = "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('tk_event') ORDER BY cid)";
    assert_eq!(texts(&state, columns), ["seq,id,as_of,event,customer,ladder,from,to,because"]);
    let rows =
        "SELECT as_of || ' ' || event || ' ' || customer || ' ' || coalesce(ladder, '-') || ' '
                || coalesce(\"from\", '-') || ' ' || coalesce(\"to\", '-')
                FROM tk_event ORDER BY seq";
    assert_eq!(
        texts(&state, rows),
        [
            "2026-03-21 tier.entered 1 club - vip",
            "2026-03-21 tier.entered 2 club - gold",
            "2026-03-21 tier.entered 1 scores - low",
            "2026-03-21 tier.entered 2 scores - high",
            "2026-03-21 tier.entered Zoë, \"Z\" scores - high",
            "2026-03-21 segment.entered 2 - - twice",
            "2026-03-21 segment.entered 2 - - near_vip",
            "2026-03-21 near.entered 2 club gold vip",
            "2026-03-21 segment.entered Zoë, \"Z\" - - near_vip",
            "2026-03-21 near.entered Zoë, \"Z\" club - vip",
            "2026-03-21 alert.raised 1 - - quiet",
        ]
    );
    assert_eq!(texts(&state, "SELECT id FROM tk_event GROUP BY id HAVING count(*) > 1"), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_pass_that_is_killed_leaves_the_old_state_or_the_new_one() {
    let shop = clubs();
    let store = Connection::open(shop.path().join("shop.db")).unwrap();
    let customers = |from: i64, to: i64| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})
             INSERT INTO orders SELECT i, '2026-01-05', 2000, 'web' FROM n"
        )
    };
    store.execute_batch(&customers(100, 4099)).unwrap();
    let began = Instant::now();
    shop.run(["evaluate", "--as-of", "2026-03-01"]).assert().success();
    let whole = began.elapsed();
    // Twice 4000, both of customers 1 and 2, and one of Zoë.
    let mut stored = 8000 + 5;
    for (round, tenths) in (0..8).zip([3, 5, 6, 7, 8, 9, 10, 11]) {
        store.execute_batch(&customers(10_000 * (round + 1), 10_000 * (round + 1) + 3999)).unwrap();
        let date = format!("2026-03-{:02}", round + 2);
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("tierkeeper"))
            .current_dir(shop.path())
            .args(["evaluate", "--as-of", &date])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole.max(Duration::from_millis(20)) * tenths / 10);
        let _ = child.kill();
        child.wait().unwrap();
        // Reading brings it back to one file.
        shop.run(["list", "--limit", "1"]).assert().success();
        for left in ["-wal", "-shm", "-journal"] {
            assert!(!shop.path().join(format!("shop.tiers.db{left}")).exists(), "{left}");
        }
        let standings = "SELECT CAST(count(*) AS TEXT) FROM tk_standing";
        let count: usize = texts(&state(&shop), standings)[0].parse().unwrap();
        assert!(count == stored || count == stored + 8000, "{count} standings, {stored} before");
        shop.run(["evaluate", "--as-of", &date]).assert().success();
        stored += 8000;
        let state = state(&shop);
        assert_eq!(texts(&state, standings), [stored.to_string()]);
        assert_eq!(texts(&state, "PRAGMA integrity_check"), ["ok"]);
        let twice = "SELECT customer FROM tk_event WHERE event = 'tier.entered'
                     GROUP BY customer, ladder HAVING count(*) > 1";
        assert_eq!(texts(&state, twice), [""; 0]);
    }
}
