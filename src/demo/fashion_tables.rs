//! The fashion shop's tables: their columns, and how rows get into them.

use rusqlite::{Error, Transaction, params};

pub(super) const TABLES: [&str; 6] =
    ["customers", "orders", "returns", "tickets", "referrals", "reviews"];

pub(super) const SCHEMA: &str = "
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, joined TEXT NOT NULL, birthday TEXT,
    channel TEXT, consent INTEGER NOT NULL);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, placed_at TEXT NOT NULL,
    amount_cents INTEGER NOT NULL, cost_cents INTEGER NOT NULL, category TEXT NOT NULL,
    full_price INTEGER NOT NULL, quantity INTEGER NOT NULL);
CREATE TABLE returns (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    order_id INTEGER NOT NULL REFERENCES orders,
    returned_at TEXT NOT NULL, amount_cents INTEGER NOT NULL);
CREATE TABLE tickets (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    opened_at TEXT NOT NULL, kind TEXT NOT NULL, solved INTEGER NOT NULL);
CREATE TABLE referrals (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    made_at TEXT NOT NULL, ordered INTEGER NOT NULL);
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    written_at TEXT NOT NULL, stars INTEGER NOT NULL, shared INTEGER NOT NULL);
";

#[derive(Default)]
pub(super) struct Shop {
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<Order>,
    pub(super) returns: Vec<Return>,
    pub(super) tickets: Vec<Ticket>,
    pub(super) referrals: Vec<Referral>,
    pub(super) reviews: Vec<Review>,
}

pub(super) struct Customer {
    pub(super) name: String,
    pub(super) joined: String,
    pub(super) birthday: Option<String>,
    pub(super) channel: Option<&'static str>,
    pub(super) consent: bool,
}

pub(super) struct Order {
    pub(super) customer: Option<i64>,
    pub(super) placed_at: String,
    pub(super) amount_cents: i64,
    pub(super) cost_cents: i64,
    pub(super) category: &'static str,
    pub(super) full_price: bool,
    pub(super) quantity: i64,
    /// The day on which it comes back, and what is paid out.
    pub(super) comes_back: Option<(String, i64)>,
}

pub(super) struct Return {
    pub(super) customer: i64,
    pub(super) order: i64,
    pub(super) returned_at: String,
    pub(super) amount_cents: i64,
}

pub(super) struct Ticket {
    pub(super) customer: i64,
    pub(super) opened_at: String,
    pub(super) kind: &'static str,
    pub(super) solved: bool,
}

pub(super) struct Referral {
    pub(super) customer: i64,
    pub(super) made_at: String,
    pub(super) ordered: bool,
}

pub(super) struct Review {
    pub(super) customer: i64,
    pub(super) written_at: String,
    pub(super) stars: i64,
    pub(super) shared: bool,
}

impl Shop {
    /// Writes every row into the tables of [`SCHEMA`].
    pub(super) fn write(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let mut insert = transaction.prepare(
            "INSERT INTO customers (name, joined, birthday, channel, consent)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for row in &self.customers {
            insert.execute(params![
                row.name,
                row.joined,
                row.birthday,
                row.channel,
                row.consent
            ])?;
        }
        let mut insert = transaction.prepare(
            "INSERT INTO orders (customer_id, placed_at, amount_cents, cost_cents,
                 category, full_price, quantity)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for row in &self.orders {
            insert.execute(params![
                row.customer,
                row.placed_at,
                row.amount_cents,
                row.cost_cents,
                row.category,
                row.full_price,
                row.quantity
            ])?;
        }
        let mut insert = transaction.prepare(
            "INSERT INTO returns (customer_id, order_id, returned_at, amount_cents)
             VALUES (?1, ?2, ?3, ?4)",
        )?;
        for row in &self.returns {
            insert.execute(params![row.customer, row.order, row.returned_at, row.amount_cents])?;
        }
        let mut insert = transaction.prepare(
            "INSERT INTO tickets (customer_id, opened_at, kind, solved) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for row in &self.tickets {
            insert.execute(params![row.customer, row.opened_at, row.kind, row.solved])?;
        }
        let mut insert = transaction
            .prepare("INSERT INTO referrals (customer_id, made_at, ordered) VALUES (?1, ?2, ?3)")?;
        for row in &self.referrals {
            insert.execute(params![row.customer, row.made_at, row.ordered])?;
        }
        let mut insert = transaction.prepare(
            "INSERT INTO reviews (customer_id, written_at, stars, shared) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for row in &self.reviews {
            insert.execute(params![row.customer, row.written_at, row.stars, row.shared])?;
        }
        Ok(())
    }
}
