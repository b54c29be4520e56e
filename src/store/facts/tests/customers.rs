use super::*;

#[test]
fn customers_are_those_of_the_table() {
    let shop = shop(&format!(
        "CREATE TABLE customers (id, joined, channel, consent);
         INSERT INTO customers VALUES ('b', '2024-02-29', 'web', 1), (10.0, NULL, NULL, 0),
         ('9', '2026-03-22', 'shop', NULL), (NULL, NULL, NULL, NULL);
         {ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (9, '2026-03-01', 1), ('b', '2026-02-28', 2), ('b', '2026-02-27', 4), (8, '2026-01-01', 8),
         (8, '2027-01-01', 8), (8, '2026-01-01', 'unread')"
    ));
    let attributes = [
        ("joined", ColumnKind::Date),
        ("channel", ColumnKind::Text),
        ("consent", ColumnKind::Flag),
    ];
    let year = RowMetric { window: Window::MembershipYear(0), ..all(Aggregate::Sum(0)) };
    let metrics = vec![all(Aggregate::Sum(0)), year];
    let facts =
        shop.read(&with_customers(program(vec![orders(AMOUNT)], metrics), &attributes)).unwrap();
    assert_eq!(ids(&facts), ["9", "10", "b"]);
    assert_eq!(values(&facts, 0), ["1.00", "0.00", "6.00"]);
    // 9 joins later, of 10 it is not known; b's year began on 28 February.
    assert_eq!(values(&facts, 1), ["0.00", "0.00", "2.00"]);
    let attribute = |id: usize| shown(facts.attributes[id].as_ref().unwrap());
    assert_eq!(attribute(0), ["2026-03-22", "NULL", "2024-02-29"]);
    assert_eq!(attribute(1), ["shop", "NULL", "web"]);
    assert_eq!(attribute(2), ["NULL", "false", "true"]);
    let skipped = [("customer without id", 1), ("unknown customer", 2)];
    assert_eq!(facts.skipped_rows, skipped.map(|(why, rows)| (why.to_owned(), rows)).into());
    assert_eq!(facts.slot(&CustomerId::parse("b")), Some(2));
    assert_eq!(facts.slot(&CustomerId::parse("8")), None);
}

#[test]
fn a_customer_twice_in_the_table_is_a_bad_row() {
    let shop = shop(&format!(
        "CREATE TABLE customers (id); INSERT INTO customers VALUES (1), ('1'); {ORDERS}"
    ));
    let program = with_customers(program(vec![orders(&[])], vec![all(Aggregate::Count)]), &[]);
    assert!(shop.error(&program).contains("a customer that the table has already"));
    let facts = shop.read_with(&program, true, 2).unwrap();
    assert_eq!((ids(&facts), facts.bad_rows), (vec!["1".into()], 1));
}
