//! A shop's orders, always the same for the same size: heavy-tailed customers, three years,
//! in the order of time, with the index that shops have.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use rusqlite::{Connection, params};

/// The last day with orders, and the as-of date of the benchmarks.
pub const AS_OF: Date = Date::constant(2026, 3, 21);

const YEARS: i64 = 3;

#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub customers: u64,
    pub orders: u64,
}

pub const QUICK: Size = Size { customers: 100_000, orders: 2_000_000 };
pub const FULL: Size = Size { customers: 1_000_000, orders: 20_000_000 };

/// How `placed_at` is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    Text,
    UnixSeconds,
}

/// Writes a store with the table `orders`, unless it is there already.
pub fn make(path: &Path, size: Size, times: Times) -> rusqlite::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let unfinished = path.with_extension("unfinished");
    let _ = std::fs::remove_file(&unfinished);
    let mut store = Connection::open(&unfinished)?;
    store.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;",
    )?;
    let declared = if times == Times::Text { "TEXT" } else { "INTEGER" };
    let transaction = store.transaction()?;
    transaction.execute_batch(&format!(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL,
         placed_at {declared} NOT NULL, amount INTEGER NOT NULL, cost INTEGER NOT NULL)"
    ))?;
    insert(&transaction, size, times)?;
    transaction
        .execute_batch("CREATE INDEX orders_by_customer ON orders (customer_id, placed_at)")?;
    transaction.commit()?;
    drop(store);
    std::fs::rename(&unfinished, path).map_err(|_| rusqlite::Error::InvalidPath(unfinished))
}

fn insert(store: &Connection, size: Size, times: Times) -> rusqlite::Result<()> {
    let mut insert = store.prepare("INSERT INTO orders VALUES (NULL, ?1, ?2, ?3, ?4)")?;
    let end = AS_OF.to_datetime(Time::MAX);
    let begin = end.saturating_sub(YEARS.years());
    let zone = jiff::tz::TimeZone::UTC;
    let seconds = |time: DateTime| zone.to_timestamp(time).map_or(0, |time| time.as_second());
    let (first, last) = (seconds(begin), seconds(end));
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut text = Text::default();
    for order in 0..size.orders {
        let second =
            first + ((last - first) as u128 * u128::from(order) / u128::from(size.orders)) as i64;
        // Few buy much: the cube of an even number between 0 and 1, spread over all ids.
        let rank = (random.even().powi(3) * size.customers as f64) as u64;
        let customer = 1 + (rank.wrapping_mul(2_654_435_761)) % size.customers;
        let amount = (500.0 * (1.0 / (1.0 - random.even())).powf(0.8)) as i64 + 99;
        let cost = (amount as f64 * (0.4 + 0.3 * random.even())) as i64;
        match times {
            Times::Text => {
                insert.execute(params![customer as i64, text.of(second), amount, cost])?
            }
            Times::UnixSeconds => insert.execute(params![customer as i64, second, amount, cost])?,
        };
    }
    Ok(())
}

/// Xorshift, after Marsaglia 2003.
struct Random(u64);

impl Random {
    /// Evenly from 0 up to but without 1.
    fn even(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Writes times; the date is made once a day.
#[derive(Default)]
struct Text {
    day: i64,
    date: String,
    text: String,
}

impl Text {
    fn of(&mut self, second: i64) -> &str {
        use std::fmt::Write;
        let (day, second) = (second.div_euclid(86_400), second.rem_euclid(86_400));
        if day != self.day {
            self.day = day;
            self.date = Date::constant(1970, 1, 1).saturating_add(day.days()).to_string();
        }
        self.text.clear();
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(self.text, "{} {hour:02}:{minute:02}:{second:02}", self.date)
            .expect("writing to a string");
        &self.text
    }
}
