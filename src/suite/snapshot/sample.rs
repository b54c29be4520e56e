use sha2::{Digest, Sha256};

use crate::store::CustomerId;

/// The slots of a sample of so many customers, in order: those whose ids have the smallest hashes.
/// A customer who comes or goes changes one place of the sample at most.
pub(super) fn sample(customers: &[CustomerId], size: usize) -> Vec<usize> {
    let mut hashed: Vec<([u8; 32], usize)> = customers
        .iter()
        .enumerate()
        .map(|(slot, id)| (Sha256::digest(id.to_string()).into(), slot))
        .collect();
    hashed.sort_unstable();
    hashed.truncate(size);
    let mut slots: Vec<usize> = hashed.into_iter().map(|(_, slot)| slot).collect();
    slots.sort_unstable();
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: impl IntoIterator<Item = i64>) -> Vec<CustomerId> {
        numbers.into_iter().map(CustomerId::Int).collect()
    }

    fn sampled(customers: &[CustomerId], size: usize) -> Vec<String> {
        sample(customers, size).into_iter().map(|slot| customers[slot].to_string()).collect()
    }

    /// From `printf 1 | sha256sum` and so on: 6b86…, d473…, 4e07…, 4b22…, ef2d….
    #[test]
    fn takes_the_smallest_hashes_in_the_order_of_ids() {
        assert_eq!(sampled(&ids(1..=5), 2), ["3", "4"]);
        assert_eq!(sampled(&ids(1..=5), 3), ["1", "3", "4"]);
        assert_eq!(sampled(&ids(1..=5), 9), ["1", "2", "3", "4", "5"]);
        assert!(sampled(&ids(1..=5), 0).is_empty());
    }

    #[test]
    fn others_who_come_change_little() {
        let before = sampled(&ids(1..=500), 50);
        let after = sampled(&ids(1..=510), 50);
        assert_eq!((before.len(), after.len()), (50, 50));
        let gone = before.iter().filter(|id| !after.contains(id));
        let came: Vec<i64> = after
            .iter()
            .filter(|id| !before.contains(id))
            .map(|id| id.parse().expect("a number"))
            .collect();
        assert_eq!(gone.count(), came.len());
        assert!(came.iter().all(|id| *id > 500), "nobody else moved in: {came:?}");
    }
}
