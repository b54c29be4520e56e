//! SQL in a pack: it reads, once, and does nothing else.

use std::fs;

use super::{assert_says, findings, pack_with, refused, shop_with_pack};
use crate::shop::Shop;

fn shop_with_query(sql: &str) -> Shop {
    shop_with_pack(pack_with("table: orders", &format!("query: >-\n      {sql}")))
}

/// What a query tries, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    ("DELETE FROM orders", "changes rows (`DELETE`)"),
    ("INSERT INTO orders VALUES (1, 2, 3, 4) RETURNING *", "changes rows (`INSERT`)"),
    ("UPDATE orders SET amount = 0", "changes rows (`UPDATE`)"),
    ("DROP TABLE orders", "changes tables (`DROP`)"),
    ("CREATE TEMP TABLE t AS SELECT * FROM orders", "changes tables (`CREATE`)"),
    ("ATTACH 'other.db' AS other", "reaches for another database"),
    ("PRAGMA journal_mode = wal", "asks for settings of the database"),
    ("VACUUM INTO 'copy.db'", "returns no columns"),
    ("SELECT load_extension('x') AS customer_id", "load_extension"),
    ("SELECT writefile('x', 'y') AS customer_id", "writefile"),
    ("SELECT * FROM orders; DROP TABLE orders", "has a second statement"),
    ("SELECT * FROM orders; SELECT * FROM orders", "has a second statement"),
    ("SELECT * FROM orders WHERE customer_id = :id", "placeholder"),
    ("SELEC * FROM orders", "near \"SELEC\": syntax error"),
    ("SELECT * FROM oders", "no such table: oders; did you mean `orders`?"),
    ("SELECT amout FROM orders", "no such column: amout"),
];

#[test]
fn a_query_that_does_more_than_read_is_refused() {
    for (sql, words) in REFUSED {
        let shop = shop_with_query(sql);
        let before = fs::read(shop.path().join("shop.db")).unwrap();
        let found = findings(&shop);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_says(&found[0], &["query-rejected pack.yaml:10:7", "source `orders`", words]);
        let words = words.split("; did you mean").next().unwrap_or_default();
        assert_says(&refused(&shop), &["the query of source `orders`", words]);
        assert!(fs::read(shop.path().join("shop.db")).unwrap() == before, "{sql}");
        for made in ["other.db", "copy.db", "x"] {
            assert!(!shop.path().join(made).exists(), "{sql} made {made}");
        }
    }
}

#[test]
fn a_query_without_the_columns() {
    let shop =
        shop_with_query("SELECT customer_id, placed_at AS placed, amount, channel FROM orders");
    let found = findings(&shop);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_says(
        &found[0],
        &["unknown-column pack.yaml:12:9", "`placed_at`", "did you mean `placed`?"],
    );
    assert_says(&refused(&shop), &["`placed_at`", "its query"]);
}

#[test]
fn a_query_that_makes_a_huge_value() {
    let sql = "SELECT customer_id, placed_at, zeroblob(100000000) AS amount, channel FROM orders";
    assert_says(
        &refused(&shop_with_query(sql)),
        &["the query of source `orders` failed", "too big"],
    );
}
