use super::*;

#[test]
fn every_aggregate_of_a_few_rows() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (2, '2026-03-21 23:59:59', 10), (2, '2026-03-01', '0.125'), (2, '2025-03-22T10:00', 5.5),
         (2, '2026-03-01 00:00', 7), (2, '2026-03-01', NULL), (2, '2026-03-22', 1000),
         ('10', '2026-03-11', -3), ('a', '2026-03-20', NULL), (NULL, '2026-03-01', 1),
         ('', '2026-03-01', 1), (99, '2026-03-22', 1)"
    ));
    let mut metrics: Vec<RowMetric> = [
        Aggregate::Count,
        Aggregate::Sum(0),
        Aggregate::Min(0),
        Aggregate::Max(0),
        Aggregate::Average(0),
        Aggregate::First(0),
        Aggregate::Last(0),
        Aggregate::Distinct(0),
        Aggregate::DistinctDays,
        Aggregate::Percent,
        Aggregate::DaysSinceLast,
        Aggregate::DaysSinceFirst,
        Aggregate::DaysBetween,
    ]
    .map(all)
    .into();
    metrics[9].filter = above(0, 6);
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    assert_eq!(ids(&facts), ["2", "10", "a"]);
    // 0.125 rounds half to even at two decimals: 0.12.
    let expected: [[&str; 3]; 13] = [
        ["5", "1", "1"],
        ["22.62", "-3.00", "0.00"],
        ["0.12", "-3.00", "0.00"],
        ["10.00", "-3.00", "0.00"],
        ["5.655000", "-3.000000", "0.000000"],
        ["5.50", "-3.00", "0.00"],
        ["10.00", "-3.00", "0.00"],
        ["4", "1", "0"],
        ["3", "1", "1"],
        ["40.000000", "0.000000", "0.000000"],
        ["0", "10", "1"],
        ["364", "10", "1"],
        ["182.000000", "36500.000000", "36500.000000"],
    ];
    for (metric, expected) in expected.iter().enumerate() {
        assert_eq!(values(&facts, metric), expected, "metric {metric}");
    }
    assert_eq!(facts.skipped_rows, BTreeMap::from([("no customer".into(), 2)]));
    assert_eq!(facts.bad_rows, 0);
}

#[test]
fn equal_times_are_decided_by_value() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (1, '2026-03-01T10:00:00Z', 5), (1, '2026-03-01 13:00:00', 3), (1, 1772359200, 4)"
    ));
    let metrics = vec![all(Aggregate::First(0)), all(Aggregate::Last(0))];
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    assert_eq!(values(&facts, 0), ["3.00"]);
    assert_eq!(values(&facts, 1), ["5.00"]);
}

#[test]
fn windows_filters_and_ago() {
    let shop = shop(&format!(
        "{ORDERS} INSERT INTO orders (customer, at, amount) VALUES
         (1, '2025-03-21', 1), (1, '2025-03-22', 2), (1, '2025-12-31', 4), (1, '2026-01-01', 8),
         (1, '2026-03-16', 16), (1, '2026-03-15', 32), (2, '2026-02-28', 1), (2, '2026-03-01', 2)"
    ));
    let sum = |window, ago| RowMetric { window, ago, ..all(Aggregate::Sum(0)) };
    let metrics = vec![
        sum(Window::Trailing(months(12)), None),
        sum(Window::Calendar(Period::Year), None),
        sum(Window::Previous(Period::Year), None),
        sum(Window::Calendar(Period::Week), None),
        sum(Window::Lifetime, Some(months(12))),
        sum(Window::Tier(0), None),
        RowMetric { filter: above(0, 7), ..sum(Window::Trailing(months(12)), None) },
    ];
    let facts = shop.read(&program(vec![orders(AMOUNT)], metrics)).unwrap();
    let expected = [
        ["62.00", "3.00"],
        ["56.00", "3.00"],
        ["7.00", "0.00"],
        ["16.00", "0.00"],
        ["1.00", "0.00"],
        // Customer 2 has been in the tier since 1 March, 1 in none.
        ["63.00", "2.00"],
        ["56.00", "0.00"],
    ];
    for (metric, expected) in expected.iter().enumerate() {
        assert_eq!(values(&facts, metric), expected, "metric {metric}");
    }
}
