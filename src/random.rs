//! Random numbers that are the same everywhere.

/// The splitmix64 generator (Steele, Lea, Flood 2014).
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The numbers of something with a name: other names and other numbers of the same seed give
    /// numbers that have nothing to do with them.
    pub(crate) fn named(seed: u64, name: &[&str], number: u64) -> Self {
        // FNV-1a; no text contains the byte that ends one.
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        seed.to_le_bytes().into_iter().for_each(&mut add);
        for part in name {
            part.bytes().chain([0xFF]).for_each(&mut add);
        }
        number.to_le_bytes().into_iter().for_each(&mut add);
        // Hashes of near numbers are near; what comes of the first step is not.
        let mut random = Self::new(hash);
        random.state = random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        assert!(low <= high, "an empty range: {low} to {high}");
        low + (self.next() >> 1).cast_signed() % (high - low + 1)
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// True in `count` of 1000 cases.
    pub(crate) fn per_mille(&mut self, count: i64) -> bool {
        self.between(1, 1000) <= count
    }

    /// One of the items, each as likely as its weight is large.
    pub(crate) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> i64) -> &'a T {
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
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        self.weighted(items, |_| 1)
    }

    /// A factor in percent with a heavy tail: for most people near 100, for a few ten times
    /// as much. Each step upwards is a quarter more and is taken in `persistence` of 100 cases.
    pub(crate) fn heavy_tail(&mut self, persistence: i64) -> i64 {
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
    fn every_name_has_its_own_numbers() {
        let first = |seed, name: &[&str], number| Random::named(seed, name, number).next();
        let mut all = vec![first(1, &["a", "b"], 1), first(1, &["ab"], 1), first(1, &["a", ""], 1)];
        all.extend([first(1, &["a"], 1), first(2, &["a", "b"], 1), first(1, &["a", "b"], 2)]);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
        assert_eq!(first(1, &["a", "b"], 1), first(1, &["a", "b"], 1));
    }

    #[test]
    fn both_ends_of_a_range_are_reached_and_never_passed() {
        let mut random = Random::new(1);
        let drawn: Vec<i64> = (0..1000).map(|_| random.between(3, 5)).collect();
        assert_eq!(drawn.iter().min(), Some(&3));
        assert_eq!(drawn.iter().max(), Some(&5));
    }
}
