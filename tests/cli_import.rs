//! `tierkeeper import`.

#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;

use rusqlite::Connection;
use serde_json::json;
use shop::Shop;

fn rows(shop: &Shop, sql: &str) -> Vec<String> {
    let store = Connection::open(shop.path().join("shop.db")).unwrap();
    let mut statement = store.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn types_come_from_the_pack() {
    let shop = Shop::with_store();
    assert_eq!(
        rows(&shop, "SELECT name || ' ' || type FROM pragma_table_info('orders')"),
        ["customer_id INTEGER", "placed_at TEXT", "amount REAL", "channel TEXT"]
    );
    assert_eq!(
        rows(&shop, "SELECT typeof(customer_id) || ' ' || amount FROM orders WHERE amount < 100"),
        ["integer 12.0", "null 75.0"]
    );
}

#[test]
fn every_rejected_row_is_kept_and_accounted_for() {
    let shop = Shop::new();
    shop.write(
        "more.csv",
        "customer_id,placed_at,amount,channel\n5,2026-02-30,10,web\n5,2026-02-01,\"1,000\",web\n\
         5,2026-02-01,10\n5,2026-02-01,11,\"two\nlines\"\n6,2026-02-01,12,web\n",
    );
    let report = shop.json(["import", "more.csv", "--into", "orders", "--format", "json"]);
    assert_eq!((&report["rows"], &report["rejected"]), (&json!(2), &json!(3)));
    assert_eq!(report["rejected_file"], "more.rejected.csv");
    assert_eq!(
        shop.read("more.rejected.csv"),
        "line,reason,customer_id,placed_at,amount,channel\n\
         2,`placed_at` is not an ISO 8601 date like 2026-03-21 (other dates: --date-format): \
         `2026-02-30`,5,2026-02-30,10,web\n\
         3,\"`amount` is not a number (digits, a point, no thousands separators): `1,000`\",5,\
         2026-02-01,\"1,000\",web\n\
         4,3 cells where the header has 4,5,2026-02-01,10\n"
    );
    assert_eq!(rows(&shop, "SELECT channel FROM orders ORDER BY amount"), ["two\nlines", "web"]);
}

#[test]
fn the_same_file_goes_in_once() {
    let shop = Shop::with_store();
    let said = shop.stderr(2, ["import", "orders.csv", "--into", "orders"]);
    assert!(said.contains("was imported into `orders` before (6 rows"), "{said}");
    assert_eq!(rows(&shop, "SELECT count(*) || '' FROM orders"), ["6"]);
    shop.run(["import", "orders.csv", "--into", "orders", "--again"]).assert().success();
    assert_eq!(rows(&shop, "SELECT count(*) || '' FROM orders"), ["12"]);
}

#[test]
fn columns_are_renamed_and_dates_read() {
    let shop = Shop::new();
    shop.write("sales.csv", "\u{feff}Client,When,amount,channel\r\n7,1/2/2026 8:26,3.50,web\r\n");
    shop.run([
        "import",
        "sales.csv",
        "--into",
        "orders",
        "--column",
        "customer_id=Client",
        "--column",
        "placed_at=When",
        "--date-format",
        "%m/%d/%Y %H:%M",
    ])
    .assert()
    .success();
    assert_eq!(
        rows(&shop, "SELECT placed_at FROM orders WHERE customer_id = 7"),
        ["2026-01-02 08:26:00"]
    );
    let said = shop.stderr(2, ["import", "sales.csv", "--into", "orders", "--column", "x=Cleint"]);
    assert!(said.contains("no column `Cleint`; did you mean `Client`?"), "{said}");
}

#[test]
fn an_existing_table_wants_its_own_columns() {
    let shop = Shop::with_store();
    shop.write("more.csv", "customer_id,placed_at,amuont\n7,2026-01-02,3.50\n");
    let said = shop.stderr(2, ["import", "more.csv", "--into", "orders"]);
    assert!(said.contains("has no column `amuont`; did you mean `amount`?"), "{said}");
}

#[test]
fn without_a_pack_nothing_is_lost() {
    let shop = Shop::new();
    shop.write("codes.csv", "code,id,price,note\n007,17850.0,2.55,\n12,,3,a\nA1,13047.0,0.10,b\n");
    std::fs::remove_file(shop.path().join("tierkeeper.yaml")).unwrap();
    shop.run(["import", "codes.csv", "--into", "codes", "--store", "shop.db"]).assert().success();
    assert_eq!(
        rows(
            &shop,
            "SELECT code || ' ' || coalesce(id, 'none') || ' ' || price || ' ' || coalesce(note, 'none') FROM codes"
        ),
        ["007 17850 2.55 none", "12 none 3.0 a", "A1 13047 0.1 b"]
    );
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let shop = Shop::new();
    shop.write("latin.csv", b"customer_id,placed_at,amount,channel\n1,2026-01-01,5,caf\xE9\n");
    let said = shop.stderr(2, ["import", "latin.csv", "--into", "orders"]);
    assert!(said.contains("latin.csv, line 2: byte 0xE9 is not UTF-8 text"), "{said}");
    assert!(!shop.path().join("shop.db").exists());
    shop.write("utf16.csv", b"\xFF\xFEa\0");
    assert!(shop.stderr(2, ["import", "utf16.csv", "--into", "orders"]).contains("UTF-16"));
    shop.write("empty.csv", "");
    assert!(shop.stderr(2, ["import", "empty.csv", "--into", "orders"]).contains("is empty"));
    shop.write("semi.csv", "a;b\n1;2\n");
    assert!(
        shop.stderr(2, ["import", "semi.csv", "--into", "orders"]).contains("separated by ';'")
    );
    shop.write("shop.db", "this is not a database, but text that is long enough to be looked at");
    let said = shop.stderr(2, ["import", "orders.csv", "--into", "orders"]);
    assert!(said.contains("not an SQLite database"), "{said}");
    assert!(shop.stderr(2, ["import", "nothing.csv", "--into", "orders"]).contains("nothing.csv"));
}
