//! The twelve metrics of `benches/club` as one `GROUP BY`.

use std::path::Path;

use jiff::ToSpan;
use rusqlite::Connection;

use crate::generator::AS_OF;

/// How many metrics are plain numbers, in the order of the pack; the twelfth is a time.
pub const SUMMED: usize = 11;

/// Runs the query and takes all of its rows.
pub fn run(store: &Path) {
    let mut columns = vec![Vec::new(); SUMMED + 1];
    let mut last = Vec::new();
    each_row(store, |row| {
        for (place, column) in columns.iter_mut().enumerate() {
            column.push(row.get::<_, i64>(place)?);
        }
        last.push(row.get::<_, Option<String>>(SUMMED + 1)?);
        Ok(())
    });
    std::hint::black_box((columns, last));
}

/// How many customers there are, and the sum of each metric that is a number.
pub fn check_sums(store: &Path) -> Vec<i128> {
    let mut sums = vec![0; SUMMED + 1];
    each_row(store, |row| {
        sums[0] += 1;
        for (place, sum) in sums.iter_mut().enumerate().skip(1) {
            *sum += i128::from(row.get::<_, i64>(place)?);
        }
        Ok(())
    });
    sums
}

fn each_row(store: &Path, mut take: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>) {
    let store = Connection::open(store).expect("the store can be opened");
    store.execute_batch("PRAGMA mmap_size = 0x7fff0000").expect("a pragma");
    let mut statement = store.prepare(&sql()).expect("the query is valid");
    let mut rows = statement.query([]).expect("the query runs");
    while let Some(row) = rows.next().expect("a row") {
        take(row).expect("numbers");
    }
}

fn sql() -> String {
    let inside = |months: i64| {
        let first = AS_OF.saturating_sub(months.months()).saturating_add(1.day());
        format!("placed_at >= '{first}'")
    };
    let mut columns = vec!["customer_id".to_owned()];
    for months in [3, 6, 12] {
        columns.push(format!("count(CASE WHEN {} THEN 1 END)", inside(months)));
    }
    for column in ["amount", "cost"] {
        for months in [3, 6, 12] {
            columns.push(format!("sum(CASE WHEN {} THEN {column} ELSE 0 END)", inside(months)));
        }
    }
    for months in [6, 12] {
        columns.push(format!("coalesce(max(CASE WHEN {} THEN amount END), 0)", inside(months)));
    }
    columns.push(format!("max(CASE WHEN {} THEN placed_at END)", inside(12)));
    format!(
        "SELECT {} FROM orders WHERE placed_at < '{}' GROUP BY customer_id",
        columns.join(", "),
        AS_OF.saturating_add(1.day())
    )
}
