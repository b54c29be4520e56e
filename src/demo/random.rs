//! Random numbers that are the same everywhere.

/// The splitmix64 generator (Steele, Lea, Flood 2014).
pub(super) struct Random {
    state: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        assert!(low <= high, "an empty range: {low} to {high}");
        low + (self.next() >> 1).cast_signed() % (high - low + 1)
    }

    /// True in `percent` of 100 cases.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// True in `count` of 1000 cases.
    pub(super) fn per_mille(&mut self, count: i64) -> bool {
        self.between(1, 1000) <= count
    }

    /// One of the items, each as likely as its weight is large.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> i64) -> &'a T {
        let total = items.iter().map(&weight).sum();
        let mut ticket = self.between(1, total);
        for item in items {
            ticket -= weight(item);
            if ticket <= 0 {
                return item;
            }
        }
        unreachable!("the ticket is at most the sum of the weights")
    }

    /// One of the items, all equally likely.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        self.weighted(items, |_| 1)
    }

    /// A factor in percent with a heavy tail: for most people near 100, for a few ten times
    /// as much. Each step upwards is a quarter more and is taken in `persistence` of 100 cases.
    pub(super) fn heavy_tail(&mut self, persistence: i64) -> i64 {
        const MOST: i64 = 1500;
        let mut factor = self.between(55, 125);
        while factor < MOST && self.chance(persistence) {
            factor += factor / 4;
        }
        factor
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_generator_gives_the_published_numbers() {
        // From the reference implementation with the seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn both_ends_of_a_range_are_reached_and_never_passed() {
        let mut random = Random::new(1);
        let drawn: Vec<i64> = (0..1000).map(|_| random.between(3, 5)).collect();
        assert_eq!(drawn.iter().min(), Some(&3));
        assert_eq!(drawn.iter().max(), Some(&5));
    }
}
