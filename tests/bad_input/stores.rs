//! Stores that are not there, not stores, in use, or broken.

use std::fs;

use super::{ROWS, TABLE, assert_says, findings, refused, shop_of, store};
use crate::shop::{AS_OF, Shop};

#[test]
fn a_missing_store() {
    let shop = Shop::new();
    assert_says(&refused(&shop), &["there is no store", "shop.db", "--store"]);
    assert!(!shop.path().join("shop.db").exists(), "a store was made");
    // A project may be checked before its store is there; a store that is asked for must be.
    assert_says(&shop.stderr(0, ["check"]), &["is not there; checked without it"]);
    assert_says(&shop.stderr(2, ["check", "--store", "none.db"]), &["none.db"]);
}

#[test]
fn an_empty_file_and_a_directory() {
    let shop = Shop::new();
    shop.write("shop.db", "");
    assert_says(&refused(&shop), &["shop.db` is empty", "import"]);
    assert_eq!(fs::metadata(shop.path().join("shop.db")).unwrap().len(), 0);

    let shop = Shop::new();
    fs::create_dir(shop.path().join("shop.db")).unwrap();
    assert_says(&refused(&shop), &["is a directory", "SQLite database file"]);
}

#[test]
fn a_store_that_somebody_else_locks() {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    let other = store(&shop);
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let said = refused(&shop);
    assert_says(&said, &["shop.db", "locked by another program", "try again"]);
    shop.run(["check"]).assert().code(2);
    other.execute_batch("ROLLBACK").unwrap();
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
}

#[test]
fn an_encrypted_store_and_a_file_of_text() {
    let shop = Shop::new();
    // What encryption leaves: bytes without any order.
    let mut seed = 1u64;
    let noise: Vec<u8> = (0..8192)
        .map(|_| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 56) as u8
        })
        .collect();
    for bytes in [noise, "customer,amount\n1,2\n".repeat(100).into_bytes()] {
        shop.write("shop.db", &bytes);
        assert_says(&refused(&shop), &["is not a SQLite database", "encrypted", "--store"]);
        assert_eq!(fs::read(shop.path().join("shop.db")).unwrap(), bytes);
    }
}

#[test]
fn a_corrupt_store() {
    let shop = shop_of(&format!(
        "{TABLE} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO orders SELECT i, '2026-01-05', 12, 'somewhere on the internet' FROM n"
    ));
    let path = shop.path().join("shop.db");
    let whole = fs::read(&path).unwrap();
    let mut garbage = whole.clone();
    garbage[3 * 4096..6 * 4096].fill(0xa5);
    // Garbage in pages; half of the file; less than its header.
    for broken in [&garbage[..], &whole[..whole.len() / 2 / 4096 * 4096], &whole[..50]] {
        fs::write(&path, broken).unwrap();
        let said = refused(&shop);
        assert_says(&said, &["shop.db", "corrupt", "backup"]);
        assert_eq!(fs::read(&path).unwrap(), broken);
    }
}

#[test]
fn tables_and_columns_that_are_not_there() {
    let shop = shop_of("CREATE TABLE oders (customer_id, placed_at, amount, channel)");
    assert_says(&refused(&shop), &["`orders`", "did you mean `oders`?"]);
    assert_eq!(
        findings(&shop),
        ["unknown-table pack.yaml:9:12 the store has no table `orders` (did you mean `oders`?)"]
    );

    let shop = shop_of("CREATE TABLE orders (customer, placed, amnt, channel)");
    assert_says(&refused(&shop), &["the table `orders`", "did you mean `"]);
    assert_eq!(
        findings(&shop),
        [
            "unknown-column pack.yaml:10:15 the table `orders` has no column `customer_id` (did you mean `customer`?)",
            "unknown-column pack.yaml:11:9 the table `orders` has no column `placed_at` (did you mean `placed`?)",
            "unknown-column pack.yaml:12:16 the table `orders` has no column `amount` (did you mean `amnt`?)",
        ]
    );
}

#[test]
fn a_store_without_customers() {
    let shop = shop_of(TABLE);
    let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
    assert_eq!(summary["customers"], 0);
    assert_eq!(summary["ladders"]["club"]["tiers"]["vip"], 0);
    assert_eq!(summary["segments"]["near_vip"], 0);
    assert_eq!(shop.stdout(["list", "--format", "csv"]).lines().count(), 1);
    assert_eq!(shop.json(["list", "--format", "json"]), serde_json::json!([]));
    assert_says(&shop.stderr(0, ["list"]), &["nobody"]);
    assert_says(&shop.stderr(2, ["explain", "1"]), &["no customer `1`", "no customers up to"]);
}

#[cfg(unix)]
#[test]
fn a_store_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let shop = shop_of(TABLE);
    let path = shop.path().join("shop.db");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        // The administrator may read everything: nothing to see.
        return;
    }
    assert_says(&refused(&shop), &["cannot be opened", "ermission denied"]);
}
