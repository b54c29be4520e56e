use std::cmp::Ordering;

use crate::store::CustomerId;

/// Everybody in either of two sorted lists, in order, with their slots in both.
pub(super) fn joined<'a>(
    from: &'a [CustomerId],
    to: &'a [CustomerId],
) -> impl Iterator<Item = (Option<usize>, Option<usize>)> + 'a {
    let (mut here, mut there) = (0, 0);
    std::iter::from_fn(move || {
        let order = match (from.get(here), to.get(there)) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.cmp(b),
        };
        let pair = (order.is_le().then_some(here), order.is_ge().then_some(there));
        here += usize::from(order.is_le());
        there += usize::from(order.is_ge());
        Some(pair)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_comes_once() {
        let ids = |ids: &[&str]| ids.iter().map(|id| CustomerId::parse(id)).collect::<Vec<_>>();
        let (a, b) = (ids(&["1", "3", "9", "b"]), ids(&["2", "3", "a", "b", "c"]));
        let pairs: Vec<_> = joined(&a, &b).collect();
        assert_eq!(
            pairs,
            [
                (Some(0), None),
                (None, Some(0)),
                (Some(1), Some(1)),
                (Some(2), None),
                (None, Some(2)),
                (Some(3), Some(3)),
                (None, Some(4)),
            ]
        );
    }
}
