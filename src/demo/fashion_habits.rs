//! Who buys in the fashion shop, and what. The numbers are made up to look like a shop.

/// A kind of customer. Chances are percents unless the name says otherwise.
pub(super) struct Habit {
    /// How many of 1000 customers are like this.
    pub(super) of_1000: i64,
    /// Usual days between two orders; 0 for those who never order.
    pub(super) gap: i64,
    /// They order once and are not seen again.
    pub(super) once: bool,
    /// Prices they choose, against the usual price.
    pub(super) price_level: i64,
    pub(super) full_price: i64,
    pub(super) returns: i64,
    pub(super) complains: i64,
    pub(super) reviews: i64,
    pub(super) refers_per_mille: i64,
    pub(super) likes: &'static [(&'static str, i64)],
}

pub(super) const HABITS: [Habit; 8] = [
    // Love the shop, buy the new collection, tell their friends.
    Habit {
        of_1000: 60,
        gap: 24,
        once: false,
        price_level: 120,
        full_price: 86,
        returns: 4,
        complains: 1,
        reviews: 14,
        refers_per_mille: 45,
        likes: &[("coats", 2), ("bags", 2), ("dresses", 4), ("shoes", 2), ("knitwear", 2)],
    },
    // Come for one good coat or bag a season.
    Habit {
        of_1000: 70,
        gap: 85,
        once: false,
        price_level: 150,
        full_price: 75,
        returns: 8,
        complains: 2,
        reviews: 4,
        refers_per_mille: 10,
        likes: &[("coats", 4), ("bags", 4), ("shoes", 2)],
    },
    // Dress for work.
    Habit {
        of_1000: 230,
        gap: 46,
        once: false,
        price_level: 95,
        full_price: 60,
        returns: 10,
        complains: 2,
        reviews: 4,
        refers_per_mille: 6,
        likes: &[
            ("shirts", 5),
            ("jeans", 3),
            ("knitwear", 3),
            ("shoes", 2),
            ("dresses", 2),
            ("coats", 1),
        ],
    },
    // Wait for the sales.
    Habit {
        of_1000: 170,
        gap: 50,
        once: false,
        price_level: 90,
        full_price: 8,
        returns: 14,
        complains: 3,
        reviews: 3,
        refers_per_mille: 4,
        likes: &[("basics", 5), ("shirts", 3), ("jeans", 3), ("knitwear", 2), ("dresses", 2)],
    },
    // Order three sizes and send two back.
    Habit {
        of_1000: 40,
        gap: 26,
        once: false,
        price_level: 105,
        full_price: 45,
        returns: 58,
        complains: 9,
        reviews: 3,
        refers_per_mille: 2,
        likes: &[("dresses", 5), ("shoes", 4), ("jeans", 2)],
    },
    // Now and then.
    Habit {
        of_1000: 310,
        gap: 110,
        once: false,
        price_level: 90,
        full_price: 48,
        returns: 9,
        complains: 2,
        reviews: 2,
        refers_per_mille: 3,
        likes: &[
            ("basics", 3),
            ("shirts", 3),
            ("jeans", 2),
            ("shoes", 2),
            ("dresses", 2),
            ("bags", 1),
        ],
    },
    // A present, once.
    Habit {
        of_1000: 85,
        gap: 60,
        once: true,
        price_level: 100,
        full_price: 65,
        returns: 6,
        complains: 2,
        reviews: 1,
        refers_per_mille: 0,
        likes: &[("bags", 2), ("knitwear", 2), ("dresses", 1)],
    },
    // Signed up for the newsletter.
    Habit {
        of_1000: 35,
        gap: 0,
        once: false,
        price_level: 100,
        full_price: 0,
        returns: 0,
        complains: 0,
        reviews: 0,
        refers_per_mille: 0,
        likes: &[],
    },
];

/// What one piece costs, in lira, and what the shop pays for it in percent of that.
pub(super) struct Category {
    pub(super) name: &'static str,
    pub(super) cheapest: i64,
    pub(super) dearest: i64,
    pub(super) cost_percent: i64,
    pub(super) most_pieces: i64,
}

pub(super) const CATEGORIES: [Category; 8] = [
    category("coats", [2400, 5200], 38, 1),
    category("bags", [1200, 3600], 34, 1),
    category("dresses", [900, 2200], 45, 2),
    category("shoes", [1100, 2600], 52, 2),
    category("knitwear", [600, 1500], 48, 3),
    category("shirts", [450, 1100], 50, 3),
    category("jeans", [650, 1300], 54, 2),
    category("basics", [150, 450], 58, 5),
];

const fn category(
    name: &'static str,
    price: [i64; 2],
    cost_percent: i64,
    most_pieces: i64,
) -> Category {
    Category { name, cheapest: price[0], dearest: price[1], cost_percent, most_pieces }
}

/// The category of that name.
pub(super) fn category_named(name: &str) -> &'static Category {
    CATEGORIES
        .iter()
        .find(|category| category.name == name)
        .expect("habits name categories that exist")
}
