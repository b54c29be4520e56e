//! Who buys in the corner shop. The numbers are made up to look like a neighbourhood.

/// A kind of customer. Chances are percents.
pub(super) struct Habit {
    /// How many of 100 customers are like this.
    pub(super) of_100: i64,
    /// Usual days between two visits.
    pub(super) gap: i64,
    /// What they spend at a visit, in thousands of rials.
    pub(super) basket: i64,
    pub(super) on_credit: i64,
    pub(super) pays_late: i64,
}

pub(super) const HABITS: [Habit; 5] = [
    // Bread, milk and a chat, every other day.
    habit(9, 3, 450, [25, 1]),
    // The week's shopping.
    habit(27, 8, 700, [20, 2]),
    // Always on account, and not always in time.
    habit(8, 10, 600, [85, 12]),
    // Once a month.
    habit(38, 30, 500, [5, 3]),
    // When the other shop is closed.
    habit(18, 75, 300, [0, 0]),
];

const fn habit(of_100: i64, gap: i64, basket: i64, credit: [i64; 2]) -> Habit {
    Habit { of_100, gap, basket, on_credit: credit[0], pays_late: credit[1] }
}
