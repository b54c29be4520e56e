//! What people do wrong, what is broken, and what means harm: each gets a message that says what,
//! where and what to do, the right exit code, and loses nothing.

mod dates;
mod output;
mod packs;
mod parameters;
mod projects;
mod queries;
mod rows;
mod scripts;
#[allow(dead_code, reason = "each test file uses a part of it")]
#[path = "../shop/mod.rs"]
mod shop;
mod state;
mod stores;

use rusqlite::Connection;
use shop::{AS_OF, PACK, Shop};

/// The table that the pack of the tests reads, without a type for any column.
const TABLE: &str = "CREATE TABLE orders (customer_id, placed_at, amount, channel);";

/// Five orders of four customers.
const ROWS: &str = "INSERT INTO orders VALUES
    (1, '2026-01-05 10:00:00', '1200.00', 'web'), (2, '2026-02-01 09:00:00', '800.40', 'web'),
    (2, '2026-03-10 09:00:00', '12.00', 'shop'), (3, '2026-03-18', '100', 'web'),
    (4, '2026-01-20', '500.5', 'shop');";

/// A shop whose store is what this SQL makes.
fn shop_of(sql: &str) -> Shop {
    let shop = Shop::new();
    store(&shop).execute_batch(sql).expect("SQL");
    shop
}

/// A shop with orders and these rules.
fn shop_with_pack(pack: impl AsRef<[u8]>) -> Shop {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    shop.write("rules/tiny/pack.yaml", pack);
    shop
}

fn store(shop: &Shop) -> Connection {
    Connection::open(shop.path().join("shop.db")).expect("a store")
}

/// The pack with one part replaced, which must be there.
fn pack_with(from: &str, to: &str) -> String {
    assert!(PACK.contains(from), "{from}");
    PACK.replace(from, to)
}

/// What `evaluate` says when it cannot; no state is left behind.
fn refused(shop: &Shop) -> String {
    let said = shop.stderr(2, ["evaluate", "--as-of", AS_OF]);
    assert!(!shop.path().join("shop.tiers.db").exists(), "a state was made");
    assert!(!said.contains("panicked") && !said.contains("Error {"), "{said}");
    said
}

/// The findings of `check`: each as `code line:column message (help)`.
fn findings(shop: &Shop) -> Vec<String> {
    let output = shop.run(["check", "--format", "json"]).output().expect("runs");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings: Vec<String> = json["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            format!(
                "{} {}:{}:{} {} ({})",
                finding["code"].as_str().expect("a code"),
                finding["file"].as_str().expect("a file"),
                finding["line"],
                finding["column"],
                finding["message"].as_str().expect("a message"),
                finding["help"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    let errors = json["ok"] == false;
    assert_eq!(output.status.code(), Some(i32::from(errors)), "{findings:?}");
    findings
}

#[track_caller]
fn assert_says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "`{word}` is not in:\n{said}");
    }
}
