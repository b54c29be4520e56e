//! Which part of one group belongs to which of another.

use super::clause::{Clause, Criterion, Group};

/// Parts of two groups side by side.
type Pairs<'a, 'r> = Vec<(&'a Clause<'r>, &'a Clause<'r>)>;

/// How many parts of two groups are about the same.
pub(super) fn direct_likeness(old: &Group<'_>, new: &Group<'_>) -> usize {
    align(old, new).0.len()
}

/// Pairs of parts that are about the same, in the order of `new`; the rest of `old`; the rest of
/// `new`.
pub(super) fn align<'a, 'r>(
    old: &'a Group<'r>,
    new: &'a Group<'r>,
) -> (Pairs<'a, 'r>, Vec<&'a Clause<'r>>, Vec<&'a Clause<'r>>) {
    let mut free: Vec<&Clause<'r>> = old.of.iter().collect();
    let mut found: Vec<Option<&Clause<'r>>> = vec![None; new.of.len()];
    // The surest first: the same measure and operator; the same measure; what asks the same.
    let alike: [fn(&Criterion<'_>, &Criterion<'_>) -> bool; 3] = [
        |a, b| {
            a.subject == b.subject
                && a.sides.direction == b.sides.direction
                && a.leaf.negated == b.leaf.negated
        },
        |a, b| a.subject == b.subject,
        |a, b| a.asks_like(b),
    ];
    for (found, part) in found.iter_mut().zip(&new.of) {
        *found = take(&mut free, |candidate| candidate.exact() == part.exact());
    }
    for alike in alike {
        for (found, part) in found.iter_mut().zip(&new.of) {
            let Clause::Criterion(part) = part else { continue };
            if found.is_none() {
                *found = take(
                    &mut free,
                    |candidate| matches!(candidate, Clause::Criterion(candidate) if alike(candidate, part)),
                );
            }
        }
    }
    // Then what shares most.
    loop {
        let mut best = (0, 0, 0);
        for (at, part) in new.of.iter().enumerate().filter(|(at, _)| found[*at].is_none()) {
            for (candidate, other) in free.iter().enumerate() {
                let likeness = other.likeness(part);
                if likeness > best.0 {
                    best = (likeness, at, candidate);
                }
            }
        }
        if best.0 == 0 {
            break;
        }
        found[best.1] = Some(free.remove(best.2));
    }
    let come = new.of.iter().zip(&found).filter(|(_, found)| found.is_none());
    let come = come.map(|(part, _)| part).collect();
    let pairs = found.iter().zip(&new.of).filter_map(|(old, new)| Some(((*old)?, new))).collect();
    (pairs, free, come)
}

fn take<'a, 'r>(
    free: &mut Vec<&'a Clause<'r>>,
    fits: impl Fn(&Clause<'r>) -> bool,
) -> Option<&'a Clause<'r>> {
    let at = free.iter().position(|candidate| fits(candidate))?;
    Some(free.remove(at))
}
