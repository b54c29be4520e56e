use super::*;

/// Every aggregate and window over random rows gives the same for any order of rows, any
/// number of threads, and with a customers table.
#[test]
fn the_order_of_rows_and_the_number_of_threads_do_not_matter() {
    let rows = random_rows();
    let mut shuffled = rows.clone();
    shuffled.sort_by_key(|row| row.len() * 7919 % 31 + row.as_bytes()[row.len() / 2] as usize);
    let aggregates = [
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
        Aggregate::First(1),
        Aggregate::Last(1),
        Aggregate::Distinct(1),
    ];
    let windows = [
        Window::Lifetime,
        Window::Trailing(months(6)),
        Window::Calendar(Period::Quarter),
        Window::Previous(Period::Month),
        Window::Tier(0),
    ];
    let metrics = aggregates.into_iter().flat_map(|aggregate| {
        windows.map(|window| RowMetric {
            window,
            filter: if window == Window::Lifetime { Condition::Always } else { above(0, 50) },
            ..all(aggregate)
        })
    });
    let source = orders(&[("amount", ColumnKind::Money), ("channel", ColumnKind::Text)]);
    let program = program(vec![source], metrics.collect());
    let fill = |rows: &[String]| {
        let mut sql = String::from("CREATE TABLE orders (customer, at, amount, channel); BEGIN;");
        for chunk in rows.chunks(500) {
            sql += &format!("INSERT INTO orders VALUES {};", chunk.join(","));
        }
        sql += "COMMIT; CREATE TABLE customers AS SELECT DISTINCT customer AS id FROM orders;";
        shop(&sql)
    };
    let (ordered, shuffled) = (fill(&rows), fill(&shuffled));
    let expected = ordered.read_with(&program, false, 1).unwrap();
    let of_table = with_customers(program.clone(), &[]);
    for (shop, threads) in [(&ordered, 3), (&shuffled, 1), (&shuffled, 3)] {
        for program in [&program, &of_table] {
            let facts = shop.read_with(program, false, threads).unwrap();
            assert_eq!(facts.customers, expected.customers);
            for metric in 0..program.metrics.len() {
                assert_eq!(values(&facts, metric), values(&expected, metric), "metric {metric}");
            }
        }
    }
}

/// More than several ranges of rows, so that threads share them.
fn random_rows() -> Vec<String> {
    let mut state = 42_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % below
    };
    (0..120_000)
        .map(|_| {
            let customer = match random(10) {
                0 => format!("'c{}'", random(50)),
                _ => random(200).to_string(),
            };
            let (day, hour) = (1 + random(28), random(24));
            let at = format!("'202{}-{:02}-{day:02} {hour:02}:00'", 4 + random(2), 1 + random(12));
            let amount = match random(20) {
                0 => "NULL".to_owned(),
                1 => "'90000000000000000'".to_owned(),
                _ => format!("{}.{:02}", random(200), random(100)),
            };
            format!("({customer}, {at}, {amount}, 'channel {}')", random(7))
        })
        .collect()
}
