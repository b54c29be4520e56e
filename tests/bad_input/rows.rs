//! Rows that cannot be read, and values that no sum can hold.

use serde_json::json;

use super::{ROWS, TABLE, assert_says, pack_with, refused, shop_of, store};
use crate::shop::{AS_OF, PACK, Shop};

/// A customer with a sound order, and one more row of these SQL values.
fn shop_with_row(values: &str) -> Shop {
    shop_of(&format!("{TABLE} INSERT INTO orders VALUES (1, '2026-01-05', 12, 'web'), ({values})"))
}

/// SQL values of the second row, its column and value as the message names them.
const UNREADABLE: &[(&str, &str, &str)] = &[
    ("2, 'yesterday', 5, 'web'", "placed_at", "`yesterday`"),
    (
        "2, '2026-02-30', 5, 'web'",
        "placed_at",
        "`2026-02-30`, a day that the calendar does not have",
    ),
    ("2, '2026-01-05 25:00:00', 5, 'web'", "placed_at", "`2026-01-05 25:00:00`"),
    ("2, '05.01.2026', 5, 'web'", "placed_at", "`05.01.2026`"),
    ("2, '', 5, 'web'", "placed_at", "no date or time"),
    ("2, NULL, 5, 'web'", "placed_at", "NULL"),
    ("2, x'0001', 5, 'web'", "placed_at", "a blob of 2 bytes"),
    ("2, 1e999, 5, 'web'", "placed_at", "inf, no whole number"),
    ("2, 1000000000000000000, 5, 'web'", "placed_at", "beyond the year 9999"),
    ("2, '2026-01-05', 'twelve', 'web'", "amount", "`twelve`, no plain decimal number"),
    ("2, '2026-01-05', '12,50', 'web'", "amount", "`12,50`"),
    ("2, '2026-01-05', '1e3', 'web'", "amount", "`1e3`"),
    ("2, '2026-01-05', '', 'web'", "amount", "no plain decimal number"),
    ("2, '2026-01-05', 'NaN', 'web'", "amount", "`NaN`"),
    ("2, '2026-01-05', 1e999, 'web'", "amount", "inf, which is no number"),
    ("2, '2026-01-05', -1e999, 'web'", "amount", "-inf, which is no number"),
    ("2, '2026-01-05', x'3132', 'web'", "amount", "a blob of 2 bytes, which is no number"),
    ("1.5, '2026-01-05', 5, 'web'", "customer_id", "1.5"),
    ("1e999, '2026-01-05', 5, 'web'", "customer_id", "inf"),
    ("x'ff', '2026-01-05', 5, 'web'", "customer_id", "a blob"),
];

#[test]
fn a_row_that_cannot_be_read_is_named() {
    for (values, column, value) in UNREADABLE {
        let shop = shop_with_row(values);
        let said = refused(&shop);
        let column = format!("column `{column}`");
        assert_says(&said, &["row 2 of source `orders`", &column, value, "--skip-bad-rows"]);
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_row_that_cannot_be_read_is_skipped_when_asked() {
    for (values, column, _) in UNREADABLE {
        let shop = shop_with_row(values);
        let arguments = ["evaluate", "--as-of", AS_OF, "--skip-bad-rows", "--format", "json"];
        let summary = shop.json(arguments);
        assert_eq!(
            (&summary["bad_rows"], &summary["customers"]),
            (&json!(1), &json!(1)),
            "{values}"
        );
        let why = summary["warnings"][0].as_str().expect("a reason");
        assert_says(why, &["source `orders`", column, ": 1"]);
        let page = shop.stdout(["evaluate", "--as-of", AS_OF, "--skip-bad-rows"]);
        assert_says(&page, &["unreadable rows skipped", "row 2"]);
    }
}

#[test]
fn sqlite_stores_nan_as_null() {
    let shop = shop_of(TABLE);
    let nan = "INSERT INTO orders VALUES (1, '2026-01-05', ?1, 'web'), (1, '2026-01-06', 7, NULL)";
    store(&shop).execute(nan, [f64::NAN]).unwrap();
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    let list = shop.json(["list", "--format", "json"]);
    assert_eq!(list[0]["metrics"]["spend"], 7);
    assert_eq!(list[0]["metrics"]["order_count"], 2);
}

#[test]
fn null_and_empty_customers_are_counted_and_blobs_in_text_refused() {
    let shop = shop_with_row("NULL, '2026-01-05', 5, 'web'), ('', '2026-01-05', 5, 'web'");
    let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
    assert_eq!(summary["skipped_rows"], json!({"no customer": 2}));

    // A blob in a column that a metric reads.
    let shop = shop_with_row("2, '2026-01-05', 5, x'fffe'");
    shop.write(
        "rules/tiny/pack.yaml",
        pack_with("  days_away:", "  channels: { distinct: orders.channel }\n  days_away:"),
    );
    assert_says(&refused(&shop), &["column `channel`", "a blob of 2 bytes", "no text"]);
}

#[test]
fn orders_of_customers_who_are_not_in_the_table_are_counted() {
    let shop = shop_of(&format!(
        "{TABLE}{ROWS} CREATE TABLE people (id, channel);
         INSERT INTO people VALUES (1, 'web'), (3, NULL), (9, 'shop');
         INSERT INTO orders VALUES (77, '2027-01-01', 5, 'later')"
    ));
    let customers = "customers: { table: people, id: id }\nsources:";
    shop.write("rules/tiny/pack.yaml", pack_with("sources:", customers));
    let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
    assert_eq!(summary["customers"], 3);
    // Customer 2 twice, 4 once; the order after the as-of date does not exist yet.
    assert_eq!(summary["skipped_rows"], json!({"unknown customer": 3}));
}

#[test]
fn an_amount_that_overflows_is_a_fault_of_its_customer() {
    for amount in
        ["'79228162514264337593543950336'", "1e300", "'-99999999999999999999999999999999'"]
    {
        let shop = shop_with_row(&format!("2, '2026-01-05', {amount}, 'web'"));
        let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
        assert_eq!(summary["faults"], 1, "{amount}");
        assert_eq!(summary["ladders"]["club"]["none"], 1, "{amount}");
        assert_eq!(summary["ladders"]["club"]["moves"]["entered"], 1, "{amount}");
        let warnings = summary["warnings"].to_string();
        assert_says(&warnings, &["too large", "customer `2`", "`spend`", "`club`"]);
        let list = shop.json(["list", "--format", "json"]);
        assert_eq!(list[1]["metrics"]["spend"], serde_json::Value::Null);
        assert_says(&shop.stdout(["explain", "2"]), &["no answer: a number too large"]);
    }
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let rows = ["(2, '2026-01-05', 9223372036854775807, 'web')"; 10].join(",");
    let shop = shop_of(&format!("{TABLE} INSERT INTO orders VALUES {rows}"));
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    assert_says(&shop.stdout(["list", "--format", "csv"]), &["92233720368547758070"]);
    assert_says(&shop.stdout(["list", "--format", "json"]), &[r#""spend":92233720368547758070"#]);
}

#[test]
fn a_customer_with_a_million_rows() {
    let shop = shop_of(&format!(
        "{TABLE} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
         INSERT INTO orders SELECT 1, date('2026-01-01', (i % 60) || ' days'), 0.01, 'c' || (i % 7) FROM n"
    ));
    let metrics =
        "  channels: { distinct: orders.channel }\n  active: { distinct: orders.at }\n  days_away:";
    shop.write("rules/tiny/pack.yaml", PACK.replace("  days_away:", metrics));
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    assert_eq!(
        shop.json(["list", "--format", "json"])[0]["metrics"],
        json!({"spend": 10000, "order_count": 1_000_000, "channels": 7, "active": 60, "days_away": 20})
    );
}

#[test]
fn lists_say_that_rows_did_not_count() {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    store(&shop).execute("INSERT INTO orders VALUES (1, 'zzz', 1, 'w')", []).unwrap();
    assert_says(&shop.stderr(0, ["list"]), &["1 row of the store cannot be read"]);
    assert_says(&shop.stderr(0, ["explain", "1"]), &["1 row of the store cannot be read"]);
}
