//! The state database as others find it.

use rusqlite::Connection;

use super::evaluated;
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
