use super::*;

#[test]
fn computed_columns_are_rounded_and_may_fault() {
    let shop = shop(
        "CREATE TABLE orders (customer, at, quantity, price); INSERT INTO orders VALUES
         (1, '2026-03-01', 3, 0.335), (1, '2026-03-01', NULL, 1),
         (2, '2026-03-01', 1000000000, '79000000000000000000000'), (3, '2026-03-01', 1, 1)",
    );
    let mut source = orders(&[
        ("quantity", ColumnKind::Count),
        ("price", ColumnKind::Number),
        ("amount", ColumnKind::Money),
    ]);
    let input = |column| Box::new(expr(Node::Input(Input::Column(column)), Type::Number));
    let product = Node::Arithmetic(crate::expr::ArithmeticOp::Multiply, input(0), input(1));
    source.columns[2].column = ColumnSource::Computed(expr(product, Type::Number));
    let metrics = vec![all(Aggregate::Sum(2)), all(Aggregate::Count)];
    let facts = shop.read(&program(vec![source], metrics)).unwrap();
    // 1.005 rounds half to even.
    assert_eq!(values(&facts, 0), ["1.00", "Overflow", "1.00"]);
    assert_eq!(values(&facts, 1), ["2", "1", "1"]);
}

#[test]
fn large_numbers_are_exact_or_a_fault_of_that_customer() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (1, '2026-01-01', 92233720368547758), (1, '2026-01-02', 92233720368547758),
         (1, '2026-01-03', '-0.01'),
         (2, '2026-01-01', '700000000000000000000000000'), (2, '2026-01-02', 1),
         (3, '2026-01-01', '50000000000000000000000000000'),
         (3, '2026-01-02', '50000000000000000000000000000'),
         (4, '2026-01-01', 1e30), (4, '2026-01-01', 5), (5, '2026-01-01', 5)"
    ));
    let aggregates = [
        Aggregate::Sum(0),
        Aggregate::Max(0),
        Aggregate::Min(0),
        Aggregate::Last(0),
        Aggregate::Average(0),
        Aggregate::Distinct(0),
        Aggregate::Count,
    ];
    let metrics = aggregates.map(all).to_vec();
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    let big = "700000000000000000000000000.00";
    let bigger = "50000000000000000000000000000";
    let expected = [
        ["184467440737095515.99", "700000000000000000000000001.00", "Overflow", "Overflow", "5.00"],
        ["92233720368547758.00", big, bigger, "Overflow", "5.00"],
        ["-0.01", "1.00", bigger, "Overflow", "5.00"],
        ["-0.01", "1.00", bigger, "Overflow", "5.00"],
    ];
    for (metric, expected) in expected.iter().enumerate() {
        assert_eq!(values(&facts, metric), expected, "metric {metric}");
    }
    assert_eq!(values(&facts, 4)[0], "61489146912365171.996667");
    assert_eq!(values(&facts, 5), ["2", "2", "1", "Overflow", "1"]);
    assert_eq!(values(&facts, 6), ["3", "2", "2", "2", "1"]);
    assert_eq!(facts.metrics[0].as_ref().unwrap().fault(3), Some(Fault::Overflow));
}

#[test]
fn texts_and_dates_have_extremes_too() {
    let shop = shop(
        "CREATE TABLE orders (customer, at, channel, due); INSERT INTO orders VALUES
         (1, '2026-01-01', 'web', '2026-05-01'), (1, '2026-01-02', 'app', NULL),
         (1, '2026-01-02', 'shop', '2026-04-01'), (2, '2026-01-01', NULL, NULL)",
    );
    let source = orders(&[("channel", ColumnKind::Text), ("due", ColumnKind::Date)]);
    let aggregates = [
        Aggregate::First(0),
        Aggregate::Last(0),
        Aggregate::Min(0),
        Aggregate::Max(1),
        Aggregate::Distinct(0),
    ];
    let facts = shop.read(&program(vec![source], aggregates.map(all).to_vec())).unwrap();
    assert_eq!(values(&facts, 0), ["web", "NULL"]);
    assert_eq!(values(&facts, 1), ["shop", "NULL"]);
    assert_eq!(values(&facts, 2), ["app", "NULL"]);
    assert_eq!(values(&facts, 3), ["2026-05-01", "NULL"]);
    assert_eq!(values(&facts, 4), ["3", "0"]);
}
