use super::*;

#[test]
fn a_row_that_cannot_be_read_stops_the_pass_or_is_skipped() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (id, customer, at, amount) VALUES
         (1, 1, '2026-01-01', 1), (7, 1, '2026-02-30', 1), (8, 1, '2026-01-01', 'twelve'),
         (9, 5, '2026-01-01', 9e999), (10, 1, '2026-01-01', x'00'), (11, 1, NULL, 1),
         (12, 1, '2026-01-01', 0.0), (13, 1, '2030-01-01', 'later')"
    ));
    let program = program(vec![orders(AMOUNT)], vec![all(Aggregate::Sum(0))]);
    assert_eq!(
        shop.error(&program),
        "cannot read row 7 of source `orders`: column `at` is `2026-02-30`, \
         a day that the calendar does not have; `--skip-bad-rows` skips such rows and counts them"
    );
    for threads in [1, 2] {
        let facts = shop.read_with(&program, true, threads).unwrap();
        assert_eq!(facts.bad_rows, 5);
        assert_eq!(facts.bad_row_reasons.values().sum::<u64>(), 5);
        assert_eq!(facts.bad_row_examples.len(), 5);
        assert!(facts.bad_row_examples[1].contains("row 8: column `amount` is `twelve`"));
        // Customer 5 is known from an unreadable row only.
        assert_eq!((ids(&facts), values(&facts, 0)), (vec!["1".into()], vec!["1.00".into()]));
    }
}

#[test]
fn queries_views_and_tables_without_row_numbers_are_read() {
    let shop = shop(
        "CREATE TABLE sales (Buyer, day, PRIMARY KEY (Buyer, day)) WITHOUT ROWID;
         INSERT INTO sales VALUES (1, '2026-01-01'), (1, '2026-01-02'), (2, '2026-01-01');
         CREATE VIEW orders AS SELECT Buyer AS customer, day AS at FROM sales;",
    );
    let count = || vec![all(Aggregate::Count)];
    let table = Source {
        from: Relation::Table("SALES".into()),
        customer: "buyer".into(),
        at: "day".into(),
        ..orders(&[])
    };
    for source in [
        orders(&[]),
        table,
        query("SELECT day AS At, Buyer AS customer FROM sales -- all of them"),
        query("WITH s AS (SELECT * FROM sales) SELECT buyer customer, day at FROM s;"),
    ] {
        let facts = shop.read(&program(vec![source], count())).unwrap();
        assert_eq!(values(&facts, 0), ["2", "1"]);
    }
}

#[test]
fn what_a_store_lacks_is_named_with_what_is_near() {
    let shop =
        shop("CREATE TABLE order_lines (customer_id, at); CREATE TABLE orders (customer, att)");
    let mut source = orders(&[]);
    let error = |source: &Source| shop.error(&program(vec![source.clone()], Vec::new()));
    assert_eq!(
        error(&source),
        "source `orders` needs the column `at`, which the table `orders` does not have; \
         did you mean `att`?"
    );
    source.from = Relation::Table("order_line".into());
    assert_eq!(
        error(&source),
        "source `orders` needs the table `order_line`, which the store does not have; \
         did you mean `order_lines`?"
    );
    source.from = Relation::Query("SELECT customer FROM orders".into());
    assert!(error(&source).contains("the column `at`, which its query does not have"));
    source.from = Relation::Query("DELETE FROM orders".into());
    assert!(error(&source).contains("it must be one `SELECT` that only reads"));
    source.from = Relation::Query("SELECT customer, at FROM nowhere".into());
    assert!(error(&source).contains("no such table: nowhere"));
}

#[test]
fn a_query_that_fails_on_the_way_is_told() {
    let shop = shop("CREATE TABLE t (a); INSERT INTO t VALUES (1), (-9223372036854775808)");
    let source = query("SELECT abs(a) AS customer, '2026-01-01' AS at FROM t");
    let error = shop.error(&program(vec![source], Vec::new()));
    assert!(error.contains("the query of source `orders` failed: integer overflow"), "{error}");
}

#[test]
fn a_query_that_never_ends_is_stopped() {
    let mut shop = shop("CREATE TABLE t (a)");
    shop.query_time_limit = std::time::Duration::from_millis(100);
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    for sql in [
        format!("{endless} SELECT max(i) AS customer, '2026-01-01' AS at FROM n"),
        // One row after the other, of one customer and of ever new ones.
        format!("{endless} SELECT 1 AS customer, '2026-01-01' AS at FROM n"),
        format!("{endless} SELECT i AS customer, '2026-01-01' AS at FROM n"),
        format!("{endless} SELECT NULL AS customer, '2027-01-01' AS at FROM n"),
    ] {
        let error = shop.error(&program(vec![query(&sql)], vec![all(Aggregate::Count)]));
        assert_eq!(
            error,
            "the query of source `orders` had not ended after 0.1 seconds and was stopped; \
             ask for less in it, or store its result in a table"
        );
    }
}

#[test]
fn reading_leaves_the_store_as_it_was() {
    for journal in ["delete", "wal"] {
        let shop = shop(&format!(
            "PRAGMA journal_mode = {journal}; {ORDERS}
             INSERT INTO orders (customer, at, amount) VALUES (1, '2026-01-01', 1)"
        ));
        let folder = shop.store.parent().unwrap();
        let names = || std::fs::read_dir(folder).unwrap().count();
        let look = || {
            let changed = std::fs::metadata(&shop.store).unwrap().modified().unwrap();
            (std::fs::read(&shop.store).unwrap(), changed, names())
        };
        let before = look();
        let query = query("SELECT customer, at FROM orders");
        for source in [orders(&[]), query] {
            shop.read(&program(vec![source], vec![all(Aggregate::Count)])).unwrap();
        }
        assert!(before == look(), "{journal}");
        assert_eq!(names(), 1, "{journal}");
    }
}

#[test]
fn a_corrupt_store_is_told() {
    let shop = shop(&format!(
        "{ORDERS} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO orders SELECT i, i, '2026-01-01', i FROM n"
    ));
    let mut bytes = std::fs::read(&shop.store).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xA5);
    std::fs::write(&shop.store, bytes).unwrap();
    let program = program(vec![orders(AMOUNT)], vec![all(Aggregate::Count)]);
    assert!(matches!(shop.read(&program), Err(StoreError::Corrupt { .. })));
}
