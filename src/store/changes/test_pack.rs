//! A pack that reads everything that can and cannot be followed, and its store.

use crate::build::{Request, build};
use crate::pack::PackFiles;
use crate::program::Program;

pub(in crate::store) const PACK: &str = "
pack: followed
version: 1.0.0
settings: { currency: TRY, timezone: Europe/Istanbul }
customers: { table: customers, id: id, columns: { joined: date } }
sources:
  orders: { table: orders, customer: customer, at: at, columns: { amount: money } }
  returns: { table: returns, customer: customer, at: at, columns: { amount: money } }
  large: { query: SELECT * FROM orders WHERE amount > 9, customer: customer, at: at }
  seen: { table: seen, customer: customer, at: at }
  unread: { table: nowhere, customer: customer, at: at }
metrics:
  spend: { sum: orders.amount }
  back: { sum: returns.amount }
  large: { count: large }
  seen: { count: seen }
ladders:
  club: { tiers: { vip: { enter: [spend > 5, back < 5, large > 0, seen > 0] } } }
";

pub(in crate::store) const STORE: &str = "
    CREATE TABLE customers (id INTEGER PRIMARY KEY, joined TEXT);
    INSERT INTO customers VALUES (1, '2025-01-01'), (2, '2025-02-01');
    CREATE TABLE Orders (id INTEGER PRIMARY KEY, Customer, at TEXT, amount);
    INSERT INTO orders (customer, at, amount) VALUES (1, '2026-01-01', 10), (2, '2026-01-02', 3);
    CREATE TABLE returns (customer, at, amount, PRIMARY KEY (customer, at)) WITHOUT ROWID;
    CREATE TABLE seen (customer, at);
    CREATE INDEX seen_by ON seen (customer);";

pub(in crate::store) fn program(pack: &str) -> Program {
    let files = PackFiles::embedded([("pack.yaml", pack)]);
    let built = build(&Request { files: &files, project: None, set: &[], store: None }).unwrap();
    built.program.unwrap_or_else(|| panic!("{:?}", built.findings))
}
