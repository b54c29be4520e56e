//! A clothing shop with 3 000 customers, for the pack `fashion-retail`.

use std::path::Path;

use rusqlite::Error;

use super::{
    database::{self, ShopSummary},
    fashion_habits::{HABITS, Habit, category_named},
    fashion_tables::{Customer, Order, Referral, Return, Review, SCHEMA, Shop, TABLES, Ticket},
    names,
    timeline::{LAST_DAY, Stay, birthday, buying_days, date_of, time_on},
};
use crate::random::Random;

const CUSTOMERS: i64 = 3000;
const SEED: u64 = 0x0FA5_4104;
/// Orders at the till by people who are not in the club: no customer is known.
const GUEST_ORDERS: i64 = 350;

/// Makes the fashion shop's store in a new file.
///
/// # Errors
/// The file exists already or cannot be written.
pub fn make_fashion_shop(path: &Path) -> Result<ShopSummary, Error> {
    let shop = Shop::imagine();
    database::create(path, &TABLES, |transaction| {
        transaction.execute_batch(SCHEMA)?;
        shop.write(transaction)
    })
}

/// Somebody at the till.
struct Buyer {
    /// Nothing for a guest.
    id: Option<i64>,
    habit: &'static Habit,
    /// What they choose to pay, in percent of the usual price.
    wallet: i64,
    /// How many times more than others they review and recommend.
    talks: i64,
}

impl Shop {
    fn imagine() -> Self {
        let mut random = Random::new(SEED);
        let mut shop = Self::default();
        for customer in 1..=CUSTOMERS {
            shop.add_customer(customer, &mut random);
        }
        for _ in 0..GUEST_ORDERS {
            let guest = Buyer {
                id: None,
                habit: random
                    .weighted(&HABITS, |habit| if habit.gap > 0 { habit.of_1000 } else { 0 }),
                wallet: 100,
                talks: 0,
            };
            let day = random.between(0, LAST_DAY);
            shop.orders.push(order(&guest, day, &mut random));
        }
        shop.put_in_order();
        shop
    }

    fn add_customer(&mut self, customer: i64, random: &mut Random) {
        let habit = random.weighted(&HABITS, |habit| habit.of_1000);
        let joined = joined(random);
        let stay = stay(joined, random);
        self.customers.push(Customer {
            name: names::turkish(random),
            joined: date_of(joined).to_string(),
            birthday: birthday(78, random),
            channel: channel(random),
            consent: random.chance(71),
        });
        if habit.gap == 0 {
            return;
        }
        let buyer = Buyer {
            id: Some(customer),
            habit,
            wallet: random.heavy_tail(18) * habit.price_level / 100,
            talks: if random.chance(5) { 6 } else { 1 },
        };
        let gap = habit.gap * random.between(60, 140) / 100;
        let mut days = buying_days(&stay, gap, random);
        if habit.once {
            days.truncate(1);
        }
        for day in days {
            let order = order(&buyer, day, random);
            self.talk_about(customer, day, &buyer, &order, random);
            self.orders.push(order);
        }
    }

    /// What an order leads to besides money: questions, complaints, reviews, friends.
    fn talk_about(
        &mut self,
        customer: i64,
        day: i64,
        buyer: &Buyer,
        order: &Order,
        random: &mut Random,
    ) {
        let habit = buyer.habit;
        let later = (day + random.between(1, 12)).min(LAST_DAY);
        let kind = if random.chance(habit.complains) {
            Some("complaint")
        } else if order.comes_back.is_some() && random.chance(30) {
            Some("exchange")
        } else if random.chance(4) {
            Some("question")
        } else {
            None
        };
        if let Some(kind) = kind {
            self.tickets.push(Ticket {
                customer,
                opened_at: time_on(later, random),
                kind,
                solved: random.chance(85),
            });
        }
        if random.chance(habit.reviews * buyer.talks) {
            let worst = if kind == Some("complaint") { 1 } else { 3 };
            self.reviews.push(Review {
                customer,
                written_at: time_on(later, random),
                stars: random.between(worst, worst + 2),
                shared: random.chance(35),
            });
        }
        if random.per_mille(habit.refers_per_mille * buyer.talks) {
            self.referrals.push(Referral {
                customer,
                made_at: time_on(later, random),
                ordered: random.chance(60),
            });
        }
    }

    /// Rows stand in a shop's tables in the order in which they happened.
    fn put_in_order(&mut self) {
        self.orders.sort_by(|a, b| (&a.placed_at, a.customer).cmp(&(&b.placed_at, b.customer)));
        for (id, order) in (1_i64..).zip(&self.orders) {
            if let (Some(customer), Some((returned_at, amount_cents))) =
                (order.customer, &order.comes_back)
            {
                self.returns.push(Return {
                    customer,
                    order: id,
                    returned_at: returned_at.clone(),
                    amount_cents: *amount_cents,
                });
            }
        }
        self.returns.sort_by(|a, b| (&a.returned_at, a.order).cmp(&(&b.returned_at, b.order)));
        self.tickets.sort_by(|a, b| (&a.opened_at, a.customer).cmp(&(&b.opened_at, b.customer)));
        self.referrals.sort_by(|a, b| (&a.made_at, a.customer).cmp(&(&b.made_at, b.customer)));
        self.reviews.sort_by(|a, b| (&a.written_at, a.customer).cmp(&(&b.written_at, b.customer)));
    }
}

/// Nearly half were customers before the first fact, some for eleven years.
fn joined(random: &mut Random) -> i64 {
    if random.chance(46) { -random.between(1, 4000) } else { random.between(0, LAST_DAY - 3) }
}

/// Most are still customers; some have stopped, some are about to.
fn stay(joined: i64, random: &mut Random) -> Stay {
    const STOPPED: i64 = 17;
    const FADING: i64 = 7;
    let from = joined.max(0);
    let mut stay = Stay { from, to: LAST_DAY, fades: LAST_DAY };
    if random.chance(STOPPED) {
        stay.to = random.between(from, LAST_DAY);
    } else if random.chance(FADING) {
        stay.fades = LAST_DAY - random.between(60, 200);
    }
    stay
}

fn channel(random: &mut Random) -> Option<&'static str> {
    const CHANNELS: [(Option<&str>, i64); 5] = [
        (Some("store"), 42),
        (Some("web"), 30),
        (Some("app"), 19),
        (Some("partner"), 6),
        (None, 3),
    ];
    random.weighted(&CHANNELS, |(_, weight)| *weight).0
}

/// One order: some pieces of one category.
fn order(buyer: &Buyer, day: i64, random: &mut Random) -> Order {
    let habit = buyer.habit;
    let category = category_named(random.weighted(habit.likes, |(_, weight)| *weight).0);
    let full_price = random.chance(full_price_chance(day, habit.full_price));
    let list_price = random.between(category.cheapest, category.dearest) * buyer.wallet / 100;
    let paid = if full_price { 100 } else { random.between(50, 85) };
    let price_cents = price_tag(list_price * paid / 100);
    let cost_cents = list_price * category.cost_percent;
    let quantity = random.between(1, category.most_pieces);
    let back_on = day + random.between(2, 21);
    let pieces_back = random.between(1, quantity);
    let comes_back = (random.chance(habit.returns) && back_on <= LAST_DAY)
        .then(|| (time_on(back_on, random), price_cents * pieces_back));
    Order {
        customer: buyer.id,
        placed_at: time_on(day, random),
        amount_cents: price_cents * quantity,
        cost_cents: cost_cents * quantity,
        category: category.name,
        full_price,
        quantity,
        comes_back,
    }
}

/// In the sale months much less is bought at full price.
fn full_price_chance(day: i64, usual: i64) -> i64 {
    let date = date_of(day);
    let sale = matches!(date.month(), 1 | 2 | 7 | 8) || (date.month() == 11 && date.day() >= 20);
    if sale { usual * 2 / 3 } else { usual }
}

/// A price in lira as it stands on the tag, in kuruş: 1 299.90.
fn price_tag(lira: i64) -> i64 {
    (lira / 10 * 1000 - 10).max(990)
}
