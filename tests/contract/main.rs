//! The command line as its page promises it: flags, files, exit codes, and the shapes of what
//! other programs read.

mod by_hand;
mod exit_codes;
mod explain;
mod files;
mod flags;
mod list;
mod past;
mod shapes;
#[allow(dead_code, reason = "each test file uses a part of it")]
#[path = "../shop/mod.rs"]
mod shop;
mod state;

use rusqlite::Connection;
use serde_json::Value;
use shop::{AS_OF, Shop, tierkeeper};

/// Two ladders, an `rfm`, a "never", an expression, and customers whose ids are integers and text.
const CLUBS: &str = r#"pack: clubs
version: 2.0.0
title: Clubs
settings: { currency: EUR, timezone: Europe/Berlin }
parameters:
  vip_spend: { type: money, default: 1000 }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, channel: text }
metrics:
  spend: { sum: orders.amount }
  order_count: { count: orders }
  days_away: { days_since_last: orders }
  rfm: { rfm: { recency: days_away, frequency: order_count, monetary: spend } }
  pace: { days_between: orders }
  average_amount: { avg: orders.amount }
ladders:
  club:
    tiers:
      vip: { enter: spend >= vip_spend, keep: spend >= 500, review: { fixed: 10 months } }
      gold: { enter: order_count >= 2 }
  scores:
    tiers:
      high: { enter: rfm >= 7 }
      low: { enter: always }
segments:
  twice: { when: order_count >= 2 }
  nobody_here: { when: order_count > 100 }
  near_vip: { near: club.vip, short_by: 100 }
alerts:
  quiet: { when: days_away > 30, message: Call them }
  silent: { when: days_away > 900, message: Write to them }
"#;

/// Spend 1200.10, 0.30 and 5; last seen 75, 28 and 20 days before the as-of date.
const ORDERS: &str = r#"CREATE TABLE orders (customer_id, placed_at, amount, channel);
INSERT INTO orders VALUES
    (1, '2026-01-05', 1200.10, 'web'), (2, '2026-02-01', '0.10', 'web'), (2, '2026-02-21', '0.20', NULL),
    ('Zoë, "Z"', '2026-03-01', 5, 'shop'), (NULL, '2026-01-01', 1, NULL), ('', '2027-01-01', 1, NULL)"#;

/// The clubs, not evaluated yet.
fn clubs() -> Shop {
    let shop = Shop::new();
    shop.write("rules/tiny/pack.yaml", CLUBS);
    Connection::open(shop.path().join("shop.db")).unwrap().execute_batch(ORDERS).unwrap();
    shop
}

fn evaluated() -> Shop {
    let shop = clubs();
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    shop
}

/// The names of an object's entries, sorted.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> =
        value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// Runs somewhere, without a help from where the test runs.
fn run_in(directory: &std::path::Path, arguments: &[&str]) -> std::process::Output {
    tierkeeper().current_dir(directory).args(arguments).output().unwrap()
}
