use std::path::PathBuf;

use rusqlite::Connection;

use super::triggers::KEPT;
use super::*;
use crate::program::Program;
use crate::store::changes::test_pack::{PACK, STORE, program};

struct Shop {
    _folder: tempfile::TempDir,
    path: PathBuf,
    program: Program,
    connection: Connection,
}

fn shop(pack: &str, store: &str) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(store).unwrap();
    Shop { _folder: folder, path, program: program(pack), connection }
}

impl Shop {
    fn track(&self, source: &str) -> Result<Tracking, TrackingError> {
        track(&self.program, source, &self.path)
    }

    fn untrack(&self, source: &str) -> Result<Untracking, TrackingError> {
        untrack(Some(&self.program), source, &self.path)
    }

    fn schema(&self) -> Vec<String> {
        let sql = "SELECT coalesce(sql, name) FROM sqlite_schema WHERE name <> 'sqlite_sequence' ORDER BY name";
        let mut schema = self.connection.prepare(sql).unwrap();
        schema.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// What SQL has the triggers note.
    fn noted(&self, sql: &str) -> String {
        self.connection.execute_batch("DELETE FROM tierkeeper_touched").unwrap();
        self.connection.execute_batch(sql).unwrap();
        let sql = "SELECT coalesce(group_concat(DISTINCT source || ' ' || customer), '')
                   FROM (SELECT * FROM tierkeeper_touched ORDER BY source, customer)";
        self.connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn tracking_is_installed_once_and_removed_without_a_trace() {
    let shop = shop(PACK, STORE);
    let before = shop.schema();
    let tracking = shop.track("orders").unwrap();
    assert_eq!((tracking.table.as_str(), tracking.touched_made), ("Orders", true));
    assert_eq!(tracking.triggers.len(), 5);
    assert_eq!(tracking.made, tracking.triggers);
    let once = shop.schema();
    let again = shop.track("orders").unwrap();
    assert_eq!((again.touched_made, again.made), (false, Vec::new()));
    assert_eq!(again.triggers, tracking.triggers);
    assert_eq!(shop.schema(), once);
    shop.track("customers").unwrap();
    let removed = shop.untrack("orders").unwrap();
    assert_eq!((removed.removed, removed.touched_removed), (tracking.triggers, false));
    assert!(shop.untrack("customers").unwrap().touched_removed);
    assert_eq!(shop.schema(), before);
    let nothing = Untracking { removed: Vec::new(), touched_removed: false };
    assert_eq!(shop.untrack("orders").unwrap(), nothing);
}

#[test]
fn triggers_that_are_out_of_date_are_made_anew() {
    let shop = shop(PACK, STORE);
    shop.track("orders").unwrap();
    shop.connection
        .execute_batch(
            "DROP TRIGGER tierkeeper_touched_orders_delete;
                        CREATE UNIQUE INDEX u ON orders (at);",
        )
        .unwrap();
    let made = shop.track("orders").unwrap().made;
    assert_eq!(
        made,
        ["delete", "replace_insert", "replace_update"]
            .map(|it| format!("tierkeeper_touched_orders_{it}"))
    );
}

#[test]
fn what_cannot_be_tracked_is_refused_in_words() {
    let shop = shop(
        &PACK.replace("table: seen", "table: view"),
        &format!("{STORE} CREATE VIEW view AS SELECT customer, at FROM orders"),
    );
    let before = shop.schema();
    for (source, words) in [
        ("order", "the pack has no source `order`; did you mean `orders`?"),
        ("customer", "the pack has no source `customer`; did you mean `customers`?"),
        (
            "large",
            "source `large` is a query, which cannot be tracked; only tables can: track a source that reads a table of the query",
        ),
        ("seen", "`view`, which `seen` reads, is a view, which cannot be tracked; only tables can"),
        ("unread", "tracking `unread` needs the table `nowhere`, which the store does not have"),
    ] {
        assert_eq!(shop.track(source).unwrap_err().to_string(), words);
    }
    assert!(shop.untrack("order").unwrap_err().to_string().contains("did you mean `orders`?"));
    assert_eq!(shop.schema(), before);
    shop.connection.execute_batch("CREATE TABLE tierkeeper_touched (a)").unwrap();
    assert!(matches!(shop.track("orders"), Err(TrackingError::Taken)));
}

#[test]
fn a_source_that_the_pack_lost_can_be_untracked() {
    let mut shop = shop(PACK, STORE);
    shop.track("orders").unwrap();
    let renamed =
        PACK.replace("  orders: {", "  sales: {").replace("orders.amount", "sales.amount");
    shop.program = program(&renamed);
    assert_eq!(shop.untrack("orders").unwrap().removed.len(), 5);
    // Without a pack too.
    assert_eq!(untrack(None, "orders", &shop.path).unwrap().removed, Vec::<String>::new());
}

#[test]
fn every_way_to_change_a_row_is_noted() {
    let shop = shop(PACK, STORE);
    shop.track("orders").unwrap();
    shop.track("returns").unwrap();
    for recursive in ["off", "on"] {
        shop.connection.pragma_update(None, "recursive_triggers", recursive).unwrap();
        shop.connection
            .execute_batch(
                "DELETE FROM orders; DELETE FROM returns;
                            INSERT INTO orders VALUES (1, 1, 'a', 1), (2, 2, 'b', 1);
                            INSERT INTO returns VALUES (1, 'a', 1);",
            )
            .unwrap();
        for (sql, noted) in [
            ("INSERT INTO orders VALUES (3, '3', 'c', 1)", "orders 3"),
            ("INSERT INTO orders DEFAULT VALUES", ""),
            ("INSERT OR IGNORE INTO orders VALUES (3, 3, 'c', 1)", "orders 3"),
            // Somebody else's order goes.
            ("INSERT OR REPLACE INTO orders VALUES (1, 7, 'a', 1)", "orders 1,orders 7"),
            ("REPLACE INTO orders (rowid, customer) VALUES (1, 8)", "orders 7,orders 8"),
            ("UPDATE OR REPLACE orders SET id = 1 WHERE id = 2", "orders 2,orders 8"),
            ("UPDATE orders SET amount = 2 WHERE id = 1", "orders 2"),
            (
                "INSERT INTO orders VALUES (1, 5, 'a', 1) ON CONFLICT (id) DO UPDATE SET amount = 4",
                "orders 2",
            ),
            ("UPDATE orders SET customer = 'B' WHERE id = 1", "orders 2,orders B"),
            ("UPDATE orders SET customer = 'b' WHERE id = 1", "orders B,orders b"),
            ("DELETE FROM orders WHERE id = 1", "orders b"),
            ("INSERT OR REPLACE INTO returns VALUES (1, 'a', 9)", "returns 1"),
            ("UPDATE returns SET customer = 4", "returns 1,returns 4"),
            ("DELETE FROM returns", "returns 4"),
        ] {
            assert_eq!(shop.noted(sql), noted, "{recursive}: {sql}");
        }
    }
}

#[test]
fn rows_that_another_key_replaces_and_cascades_are_noted() {
    let store = format!(
        "{STORE} PRAGMA foreign_keys = on; DROP TABLE seen;
         CREATE TABLE \"odd \"\" 'name\" (
             customer TEXT COLLATE NOCASE REFERENCES people ON DELETE CASCADE,
             at TEXT, code TEXT UNIQUE, a, b, of REFERENCES \"odd \"\" 'name\" (code) ON DELETE CASCADE);
         CREATE UNIQUE INDEX ab ON \"odd \"\" 'name\" (a COLLATE NOCASE, b);
         CREATE UNIQUE INDEX partly ON \"odd \"\" 'name\" (a) WHERE b > 5;
         CREATE UNIQUE INDEX lowered ON \"odd \"\" 'name\" (lower(code));
         CREATE TABLE people (name TEXT COLLATE NOCASE PRIMARY KEY);
         INSERT INTO people VALUES ('Ann'), ('bob'), ('cem');"
    );
    let shop = shop(&PACK.replace("table: seen", "table: \"odd \\\" 'name\""), &store);
    let tracking = shop.track("seen").unwrap();
    assert_eq!(tracking.unnoticed, ["lowered", "partly"]);
    let into = "INTO \"odd \"\" 'name\" (customer, at, code, a, b, of) VALUES";
    for (sql, noted) in [
        (format!("INSERT {into} ('Ann', '', 'x', 'k', 1, NULL)"), "seen Ann"),
        (format!("INSERT OR REPLACE {into} ('bob', '', 'x', 'l', 1, NULL)"), "seen Ann,seen bob"),
        (format!("INSERT OR REPLACE {into} ('cem', '', 'y', 'L', 1, NULL)"), "seen bob,seen cem"),
        (format!("INSERT {into} ('Ann', '', 'z', 'm', 1, 'y')"), "seen Ann"),
        // Who is the same to the column is another customer.
        (
            "UPDATE \"odd \"\" 'name\" SET customer = 'ANN' WHERE code = 'z'".into(),
            "seen ANN,seen Ann",
        ),
        ("DELETE FROM people WHERE name = 'cem'".into(), "seen ANN,seen cem"),
        ("DELETE FROM \"odd \"\" 'name\"".into(), ""),
    ] {
        assert_eq!(shop.noted(&sql), noted, "{sql}");
    }
}

#[test]
fn a_client_sees_its_own_numbers() {
    let shop = shop(PACK, STORE);
    shop.track("orders").unwrap();
    let client = Connection::open(&shop.path).unwrap();
    client.pragma_update(None, "trusted_schema", false).unwrap();
    let insert = "INSERT OR REPLACE INTO orders VALUES (77, 3, 'c', 1)";
    assert_eq!(client.execute(insert, []).unwrap(), 1);
    assert_eq!(client.last_insert_rowid(), 77);
    assert_eq!(client.execute("UPDATE orders SET customer = 9 WHERE id < 3", []).unwrap(), 2);
    assert_eq!(client.last_insert_rowid(), 77);
    let returned: i64 = client
        .query_row("INSERT INTO orders (customer) VALUES (4) RETURNING id", [], |row| row.get(0))
        .unwrap();
    assert_eq!(returned, 78);
    assert_eq!(client.execute("DELETE FROM orders", []).unwrap(), 4);
}

#[test]
fn only_the_last_entries_are_kept() {
    let shop = shop(PACK, STORE);
    shop.track("seen").unwrap();
    let rows = KEPT + 10;
    shop.connection
        .execute_batch(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
             INSERT INTO seen SELECT i, '2026-01-01' FROM n; INSERT INTO orders (customer) VALUES (1)"
        ))
        .unwrap();
    let sql = "SELECT min(seq), max(seq), min(customer) FROM tierkeeper_touched";
    let kept =
        shop.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    assert_eq!(kept, Ok((11_i64, rows, 11_i64)));
}

#[test]
fn a_write_that_is_rolled_back_notes_nothing() {
    let shop = shop(PACK, STORE);
    shop.track("orders").unwrap();
    let sql = "BEGIN; INSERT INTO orders (customer) VALUES (5); ROLLBACK;";
    assert_eq!(shop.noted(sql), "");
}
