//! A neighbourhood shop with 800 customers, in rials, for the pack `corner-shop`.

use std::path::Path;

use rusqlite::{Error, Transaction, params};

use super::{
    corner_habits::{HABITS, Habit},
    database::{self, ShopSummary},
    names,
    timeline::{LAST_DAY, Stay, birthday, buying_days, date_of, time_on},
};
use crate::random::Random;

const CUSTOMERS: i64 = 800;
const SEED: u64 = 0xC0_54E2;
/// The books go back eighteen months: to 2025-05-22.
const FIRST_DAY: i64 = 365;

const GRIEVANCES: [&str; 4] = ["price", "freshness", "waiting", "the scales"];

const TABLES: [&str; 4] = ["customers", "purchases", "complaints", "introductions"];

const SCHEMA: &str = "
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, joined TEXT NOT NULL, birthday TEXT);
CREATE TABLE purchases (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    bought_at TEXT NOT NULL, amount_rials INTEGER NOT NULL,
    on_credit INTEGER NOT NULL, paid_late INTEGER NOT NULL);
CREATE TABLE complaints (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    said_at TEXT NOT NULL, about TEXT NOT NULL);
CREATE TABLE introductions (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    came_at TEXT NOT NULL);
";

/// Makes the corner shop's store in a new file.
///
/// # Errors
/// The file exists already or cannot be written.
pub fn make_corner_shop(path: &Path) -> Result<ShopSummary, Error> {
    let shop = Shop::imagine();
    database::create(path, &TABLES, |transaction| {
        transaction.execute_batch(SCHEMA)?;
        shop.write(transaction)
    })
}

#[derive(Default)]
struct Shop {
    customers: Vec<Customer>,
    purchases: Vec<Purchase>,
    complaints: Vec<Complaint>,
    introductions: Vec<Introduction>,
}

struct Customer {
    name: String,
    joined: String,
    birthday: Option<String>,
}

struct Purchase {
    customer: i64,
    bought_at: String,
    amount_rials: i64,
    on_credit: bool,
    paid_late: bool,
}

struct Complaint {
    customer: i64,
    said_at: String,
    about: &'static str,
}

struct Introduction {
    customer: i64,
    came_at: String,
}

impl Shop {
    fn imagine() -> Self {
        let mut random = Random::new(SEED);
        let mut shop = Self::default();
        for customer in 1..=CUSTOMERS {
            shop.add_customer(customer, &mut random);
        }
        shop.put_in_order();
        shop
    }

    fn add_customer(&mut self, customer: i64, random: &mut Random) {
        let habit = random.weighted(&HABITS, |habit| habit.of_100);
        let joined = if random.chance(70) {
            FIRST_DAY - random.between(1, 3000)
        } else {
            random.between(FIRST_DAY, LAST_DAY - 7)
        };
        self.customers.push(Customer {
            name: names::persian(random),
            joined: date_of(joined).to_string(),
            birthday: birthday(60, random),
        });
        let basket = habit.basket * random.heavy_tail(15) / 100;
        let gap = habit.gap * random.between(70, 140) / 100;
        for day in buying_days(&stay(joined, random), gap, random) {
            self.purchases.push(purchase(customer, day, habit, basket, random));
            if random.per_mille(4) {
                self.complaints.push(Complaint {
                    customer,
                    said_at: time_on(day, random),
                    about: random.pick::<&str>(&GRIEVANCES),
                });
            }
            if random.per_mille(5) {
                self.introductions.push(Introduction { customer, came_at: time_on(day, random) });
            }
        }
    }

    /// Rows stand in a shop's books in the order in which they happened.
    fn put_in_order(&mut self) {
        self.purchases.sort_by(|a, b| (&a.bought_at, a.customer).cmp(&(&b.bought_at, b.customer)));
        self.complaints.sort_by(|a, b| (&a.said_at, a.customer).cmp(&(&b.said_at, b.customer)));
        self.introductions.sort_by(|a, b| (&a.came_at, a.customer).cmp(&(&b.came_at, b.customer)));
    }

    fn write(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let mut insert = transaction
            .prepare("INSERT INTO customers (name, joined, birthday) VALUES (?1, ?2, ?3)")?;
        for row in &self.customers {
            insert.execute(params![row.name, row.joined, row.birthday])?;
        }
        let mut insert = transaction.prepare(
            "INSERT INTO purchases (customer_id, bought_at, amount_rials, on_credit, paid_late)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for row in &self.purchases {
            insert.execute(params![
                row.customer,
                row.bought_at,
                row.amount_rials,
                row.on_credit,
                row.paid_late
            ])?;
        }
        let mut insert = transaction
            .prepare("INSERT INTO complaints (customer_id, said_at, about) VALUES (?1, ?2, ?3)")?;
        for row in &self.complaints {
            insert.execute(params![row.customer, row.said_at, row.about])?;
        }
        let mut insert = transaction
            .prepare("INSERT INTO introductions (customer_id, came_at) VALUES (?1, ?2)")?;
        for row in &self.introductions {
            insert.execute(params![row.customer, row.came_at])?;
        }
        Ok(())
    }
}

/// Most still come. Some moved away long ago, and a few regulars stopped just now: those are
/// the ones an alert is for.
fn stay(joined: i64, random: &mut Random) -> Stay {
    const LEFT: i64 = 14;
    const JUST_STOPPED: i64 = 5;
    let from = joined.max(FIRST_DAY);
    let to = if random.chance(LEFT) {
        random.between(from, LAST_DAY)
    } else if random.chance(JUST_STOPPED) {
        (LAST_DAY - random.between(15, 45)).max(from)
    } else {
        LAST_DAY
    };
    Stay { from, to, fades: to }
}

/// One visit. Before Nowruz everybody buys twice as much.
fn purchase(customer: i64, day: i64, habit: &Habit, basket: i64, random: &mut Random) -> Purchase {
    let date = date_of(day);
    let before_nowruz = date.month() == 3 && (7..=20).contains(&date.day());
    let season = if before_nowruz { 2 } else { 1 };
    let thousands = basket * season * random.between(40, 180) / 100;
    let on_credit = random.chance(habit.on_credit);
    Purchase {
        customer,
        bought_at: time_on(day, random),
        amount_rials: thousands.max(20) * 1000,
        on_credit,
        paid_late: on_credit && random.chance(habit.pays_late),
    }
}
