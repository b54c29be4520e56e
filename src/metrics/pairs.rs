/// Pairs are sorted and made unique when so many have come together.
const FIRST_COMPACTION: usize = 1 << 21;

/// Pairs of a customer and a value, each counted once, exactly and in any order of arrival.
#[derive(Debug, Clone)]
pub(super) struct Pairs<T> {
    pairs: Vec<T>,
    compact_at: usize,
}

/// A pair in the form that it is kept in; the order is by slot first.
pub(super) trait Pair: Copy + Ord {
    type Value: Copy;
    fn new(slot: u32, value: Self::Value) -> Self;
    fn slot(self) -> u32;
    fn value(self) -> Self::Value;
}

/// Days and codes of texts: 8 bytes a pair.
impl Pair for u64 {
    type Value = u32;

    fn new(slot: u32, value: u32) -> u64 {
        u64::from(slot) << 32 | u64::from(value)
    }

    fn slot(self) -> u32 {
        (self >> 32) as u32
    }

    fn value(self) -> u32 {
        self as u32
    }
}

/// Numbers.
impl<V: Copy + Ord> Pair for (u32, V) {
    type Value = V;

    fn new(slot: u32, value: V) -> Self {
        (slot, value)
    }

    fn slot(self) -> u32 {
        self.0
    }

    fn value(self) -> V {
        self.1
    }
}

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self { pairs: Vec::new(), compact_at: FIRST_COMPACTION }
    }
}

impl<T: Pair> Pairs<T> {
    pub(super) fn push(&mut self, slot: u32, value: T::Value) {
        if self.pairs.len() >= self.compact_at {
            self.compact();
            // Mostly different: sorting them again soon would gain nothing.
            self.compact_at = FIRST_COMPACTION.max(self.pairs.len() * 2);
        }
        self.pairs.push(T::new(slot, value));
    }

    fn compact(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
    }

    /// Takes over another's pairs with their slots and values translated.
    pub(super) fn absorb(
        &mut self,
        other: Self,
        slot: impl Fn(u32) -> u32,
        value: impl Fn(T::Value) -> T::Value,
    ) {
        for pair in other.pairs {
            self.push(slot(pair.slot()), value(pair.value()));
        }
    }

    /// The different values of each customer that has one, ascending.
    pub(super) fn into_groups(mut self, mut each: impl FnMut(u32, &[T])) {
        self.compact();
        for group in self.pairs.chunk_by(|a, b| a.slot() == b.slot()) {
            each(group[0].slot(), group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_counts_once_per_customer() {
        let mut pairs = Pairs::<u64>::default();
        for (slot, value) in [(1, 7), (0, 7), (1, 7), (1, 3), (0, 7)] {
            pairs.push(slot, value);
        }
        let mut other = Pairs::<u64>::default();
        other.push(5, 70);
        pairs.absorb(other, |slot| slot - 4, |value| value / 10);
        let mut groups = Vec::new();
        pairs.into_groups(|slot, group| groups.push((slot, group.len())));
        assert_eq!(groups, [(0, 1), (1, 2)]);
    }

    #[test]
    fn many_pairs_are_made_unique_on_the_way() {
        let mut pairs = Pairs::<(u32, i64)>::default();
        for n in 0..3 * FIRST_COMPACTION {
            pairs.push(0, (n % 10) as i64);
        }
        assert!(pairs.pairs.len() <= FIRST_COMPACTION);
        pairs.into_groups(|_, group| assert_eq!(group.len(), 10));
    }
}
