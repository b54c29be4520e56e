use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Mover;
use crate::expr::TierId;

/// See [`Plan::sample`](super::Plan::sample).
pub(super) fn of(movers: &[Mover], count: usize) -> Vec<&Mover> {
    if count >= movers.len() {
        return movers.iter().collect();
    }
    let mut kinds: BTreeMap<(usize, Option<TierId>, Option<TierId>), Vec<usize>> = BTreeMap::new();
    for (place, mover) in movers.iter().enumerate() {
        kinds.entry((mover.ladder, mover.from, mover.to)).or_default().push(place);
    }
    let mut kinds: Vec<Vec<usize>> = kinds.into_values().collect();
    kinds.sort_by_key(|places| Reverse(places.len()));
    let mut shares = vec![0; kinds.len()];
    let mut left = count;
    while left > 0 {
        for (share, places) in shares.iter_mut().zip(&kinds) {
            if *share < places.len() && left > 0 {
                *share += 1;
                left -= 1;
            }
        }
    }
    let chosen = kinds.iter().zip(shares).flat_map(|(places, share)| {
        (0..share).map(move |number| places[number * places.len() / share])
    });
    let mut chosen: Vec<usize> = chosen.collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|place| &movers[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Way;
    use super::*;

    fn mover(slot: u32, to: Option<TierId>) -> Mover {
        let way = Way::Demoted;
        Mover { ladder: 0, from: Some(0), to, way, from_slot: Some(slot), to_slot: Some(slot) }
    }

    #[test]
    fn every_kind_of_move_has_its_turn() {
        // Nine fall to gold, two to member, one out of the ladder.
        let kinds = [(9, Some(1)), (2, Some(2)), (1, None)];
        let all = kinds.iter().flat_map(|(count, to)| vec![*to; *count]);
        let movers: Vec<Mover> = all.zip(0..).map(|(to, slot)| mover(slot, to)).collect();
        let slots = |count: usize| -> Vec<u32> {
            of(&movers, count).iter().filter_map(|mover| mover.from_slot).collect()
        };
        assert_eq!(slots(0), [] as [u32; 0]);
        assert_eq!(slots(1), [0]);
        assert_eq!(slots(3), [0, 9, 11]);
        assert_eq!(slots(5), [0, 4, 9, 10, 11]);
        // The small kinds are used up: the rest is of the large one.
        assert_eq!(slots(6), [0, 3, 6, 9, 10, 11]);
        assert_eq!(slots(12), (0..12).collect::<Vec<_>>());
        assert_eq!(slots(99).len(), 12);
    }
}
