//! `tierkeeper track` and `untrack`.

#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;

use rusqlite::Connection;
use serde_json::{Value, json};
use shop::Shop;

fn connect(shop: &Shop) -> Connection {
    Connection::open(shop.path().join("shop.db")).unwrap()
}

/// The tables and triggers of the store.
fn schema(shop: &Shop) -> Vec<String> {
    let store = connect(shop);
    let sql = "SELECT type || ' ' || name FROM sqlite_schema WHERE name LIKE 'tierkeeper\\_touched%' ESCAPE '\\' ORDER BY 1";
    let mut statement = store.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

const TRIGGERS: [&str; 5] = [
    "tierkeeper_touched_orders_insert",
    "tierkeeper_touched_orders_update",
    "tierkeeper_touched_orders_delete",
    "tierkeeper_touched_orders_replace_insert",
    "tierkeeper_touched_orders_replace_update",
];

#[test]
fn what_is_installed_is_said_and_noted_and_removed_again() {
    let shop = Shop::with_store();
    let path = shop.path().join("shop.db");
    let said = |command: &str| {
        shop.stdout([command, "orders"]).replace(&path.display().to_string(), "shop.db")
    };
    assert_eq!(
        said("track"),
        "orders is tracked now. In shop.db, for the table orders:
  made the table tierkeeper_touched
  made the trigger tierkeeper_touched_orders_insert
  made the trigger tierkeeper_touched_orders_update
  made the trigger tierkeeper_touched_orders_delete
  made the trigger tierkeeper_touched_orders_replace_insert
  made the trigger tierkeeper_touched_orders_replace_update
"
    );
    assert_eq!(schema(&shop).len(), 6);
    assert_eq!(said("track"), "orders was tracked already: nothing was changed in shop.db\n");
    connect(&shop)
        .execute_batch("UPDATE orders SET amount = 1 WHERE customer_id = 4; DELETE FROM orders WHERE customer_id = 3")
        .unwrap();
    let noted: String = connect(&shop)
        .query_row(
            "SELECT group_concat(source || ' ' || customer) FROM tierkeeper_touched",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(noted, "orders 4,orders 3");
    // Everything else works as before.
    shop.run(["evaluate", "--as-of", shop::AS_OF]).assert().success();
    assert_eq!(
        said("untrack"),
        "orders is not tracked any more. In shop.db:
  removed the trigger tierkeeper_touched_orders_insert
  removed the trigger tierkeeper_touched_orders_update
  removed the trigger tierkeeper_touched_orders_delete
  removed the trigger tierkeeper_touched_orders_replace_insert
  removed the trigger tierkeeper_touched_orders_replace_update
  removed the table tierkeeper_touched
"
    );
    assert_eq!(schema(&shop), Vec::<String>::new());
    assert_eq!(said("untrack"), "orders was not tracked: nothing was changed in shop.db\n");
}

#[test]
fn other_programs_get_the_same_as_json() {
    let shop = Shop::with_store();
    let tracked = |made: Value, made_table: bool| {
        json!({
            "source": "orders",
            "table": "orders",
            "tracked": true,
            "touched": { "table": "tierkeeper_touched", "made": made_table },
            "triggers": TRIGGERS,
            "made": made,
            "unnoticed": [],
        })
    };
    let track = || shop.json(["track", "orders", "--format", "json"]);
    assert_eq!(track(), tracked(json!(TRIGGERS), true));
    assert_eq!(track(), tracked(json!([]), false));
    assert_eq!(
        shop.json(["untrack", "orders", "--format", "json"]),
        json!({ "source": "orders", "tracked": false, "touched_removed": true, "removed": TRIGGERS })
    );
}

#[test]
fn what_cannot_be_tracked_is_refused() {
    let shop = Shop::with_store();
    let said = shop.stderr(2, ["track", "order"]);
    assert!(said.contains("the pack has no source `order`; did you mean `orders`?"), "{said}");
    let said = shop.stderr(2, ["untrack", "oders"]);
    assert!(said.contains("the pack has no source `oders`; did you mean `orders`?"), "{said}");
    let said = shop.stderr(2, ["track", "orders", "--store", "none.db"]);
    assert!(said.contains("there is no store `none.db`"), "{said}");
    assert!(!shop.path().join("none.db").exists());
    let query = shop::PACK.replace("    table: orders", "    query: SELECT * FROM orders");
    shop.write("rules/tiny/pack.yaml", query);
    let said = shop.stderr(2, ["track", "orders"]);
    assert!(said.contains("source `orders` is a query, which cannot be tracked"), "{said}");
    shop.write("rules/tiny/pack.yaml", shop::PACK);
    let writer = connect(&shop);
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = shop.stderr(2, ["track", "orders"]);
    assert!(said.contains("is locked by another program"), "{said}");
    drop(writer);
    assert_eq!(schema(&shop), Vec::<String>::new());
}

#[test]
fn a_replaced_row_that_would_not_be_noticed_is_told() {
    let shop = Shop::with_store();
    connect(&shop)
        .execute_batch("CREATE UNIQUE INDEX web_orders ON orders (placed_at) WHERE channel = 'web'")
        .unwrap();
    let said = shop.stdout(["track", "orders"]);
    let note = "note: a row that `REPLACE` deletes by the unique index web_orders is not noticed\n";
    assert!(said.ends_with(note), "{said}");
}

#[test]
fn a_broken_pack_does_not_keep_triggers_in_the_store() {
    let shop = Shop::with_store();
    shop.run(["track", "orders"]).assert().success();
    shop.write("rules/tiny/pack.yaml", "pack: [");
    shop.run(["untrack", "orders"]).assert().success();
    assert_eq!(schema(&shop), Vec::<String>::new());
}
