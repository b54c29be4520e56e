//! The demo stores: the same rows everywhere, and a shop one would believe in.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, types::ValueRef};

use super::{ShopSummary, make_corner_shop, make_fashion_shop};

type Maker = fn(&Path) -> Result<ShopSummary, rusqlite::Error>;

struct Store {
    connection: Connection,
    summary: ShopSummary,
    _folder: tempfile::TempDir,
}

fn store(make: Maker) -> Store {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.db");
    let summary = make(&path).expect("a store");
    let connection =
        Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("opens");
    Store { connection, summary, _folder: folder }
}

impl Store {
    fn number(&self, query: &str) -> i64 {
        self.connection.query_row(query, [], |row| row.get(0)).expect("a number")
    }

    /// FNV-1a over every value of every row of every table, in order.
    fn fingerprint(&self) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut feed = |bytes: &[u8]| {
            for byte in bytes {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        for (table, _) in &self.summary.tables {
            feed(table.as_bytes());
            let query = format!("SELECT * FROM {table} ORDER BY id");
            let mut statement = self.connection.prepare(&query).expect("a query");
            let columns = statement.column_count();
            let mut rows = statement.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                for column in 0..columns {
                    match row.get_ref(column).expect("a value") {
                        ValueRef::Null => feed(b"-"),
                        ValueRef::Integer(number) => feed(&number.to_le_bytes()),
                        ValueRef::Text(text) => feed(text),
                        other => {
                            panic!("{table} has a value that is no number and no text: {other:?}")
                        }
                    }
                    feed(b"|");
                }
            }
        }
        hash
    }
}

#[test]
fn the_fashion_shop_has_the_same_rows_everywhere() {
    let store = store(make_fashion_shop);
    assert_eq!(
        store.summary.tables,
        [
            ("customers", 3000),
            ("orders", 33_265),
            ("returns", 4672),
            ("tickets", 3422),
            ("referrals", 535),
            ("reviews", 2123)
        ]
    );
    assert_eq!(store.number("SELECT sum(amount_cents) FROM orders"), 5_650_000_860);
    assert_eq!(store.number("SELECT sum(cost_cents) FROM orders"), 3_143_901_375);
    assert_eq!(store.fingerprint(), 0x6456_57dc_c111_8644);
}

#[test]
fn the_corner_shop_has_the_same_rows_everywhere() {
    let store = store(make_corner_shop);
    assert_eq!(
        store.summary.tables,
        [("customers", 800), ("purchases", 35_028), ("complaints", 135), ("introductions", 157)]
    );
    assert_eq!(store.number("SELECT sum(amount_rials) FROM purchases"), 21_240_884_000);
    assert_eq!(store.fingerprint(), 0xdc5a_1a40_a74a_4059);
}

#[test]
fn facts_lie_between_joining_and_the_day_before_the_evaluation() {
    let facts = [
        ("orders", "placed_at"),
        ("returns", "returned_at"),
        ("tickets", "opened_at"),
        ("referrals", "made_at"),
        ("reviews", "written_at"),
    ];
    let store = store(make_fashion_shop);
    for (table, at) in facts {
        let strays = store.number(&format!(
            "SELECT count(*) FROM {table} AS fact JOIN customers ON customers.id = customer_id
             WHERE date({at}) < joined OR date({at}) > '2026-11-21' OR date({at}) IS NULL"
        ));
        assert_eq!(strays, 0, "{table}");
    }
}

#[test]
fn nobody_returns_more_than_they_bought_or_before_they_bought_it() {
    let store = store(make_fashion_shop);
    let wrong = store.number(
        "SELECT count(*) FROM returns JOIN orders ON orders.id = order_id
         WHERE returns.customer_id <> orders.customer_id OR returned_at <= placed_at
            OR returns.amount_cents > orders.amount_cents",
    );
    assert_eq!(wrong, 0);
}

#[test]
fn spending_has_a_heavy_tail_and_some_customers_have_stopped_coming() {
    let store = store(make_fashion_shop);
    let yearly = "SELECT sum(amount_cents) AS spend FROM orders
        WHERE customer_id IS NOT NULL AND date(placed_at) > '2025-11-22' GROUP BY customer_id";
    let total = store.number(&format!("SELECT sum(spend) FROM ({yearly})"));
    let best = store.number(&format!(
        "SELECT sum(spend) FROM (SELECT spend FROM ({yearly}) ORDER BY spend DESC LIMIT 300)"
    ));
    assert!(
        (30..60).contains(&(best * 100 / total)),
        "the best tenth of 3000 buys {best} of {total}"
    );
    let stopped = store.number(
        "SELECT count(*) FROM (SELECT max(date(placed_at)) AS last FROM orders
         WHERE customer_id IS NOT NULL GROUP BY customer_id) WHERE last < '2026-05-22'",
    );
    assert!((200..900).contains(&stopped), "{stopped} have stopped coming");
}

#[test]
fn a_file_that_exists_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.db");
    std::fs::write(&path, "precious").expect("written");
    for make in [make_fashion_shop as Maker, make_corner_shop] {
        let error = make(&path).expect_err("refused");
        assert!(error.to_string().contains("shop.db"), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&path).expect("read"), "precious");
}
