//! Groups that came apart or together: the same parts, with other brackets around them.

use super::clause::{Clause, Group, Joined};
use super::condition::Aligner;

impl<'r> Aligner<'_, 'r> {
    /// Tells of groups whose parts all stand by themselves now, and the other way around. What
    /// is left of both.
    pub(super) fn regrouped(&mut self, old: &Group<'r>, new: &Group<'r>) -> (Group<'r>, Group<'r>) {
        let (mut old, mut new) = (old.clone(), new.clone());
        while let Some(inner) = dissolved(&mut old, &mut new) {
            self.tell_joined(inner.joined, new.joined, &inner);
        }
        while let Some(inner) = dissolved(&mut new, &mut old) {
            self.tell_joined(old.joined, inner.joined, &inner);
        }
        gather(&old, &mut new);
        gather(&new, &mut old);
        (old, new)
    }

    pub(super) fn tell_joined(&mut self, was: Joined, is: Joined, group: &Group<'r>) {
        let parts: Vec<String> = group.of.iter().map(Clause::text).collect();
        self.told.push(format!("{} → {} of: {}", was.words(), is.words(), parts.join(", ")));
    }
}

/// Takes a group out of one group, and its parts out of another that has them all by themselves.
fn dissolved<'r>(whole: &mut Group<'r>, apart: &mut Group<'r>) -> Option<Group<'r>> {
    let has = |group: &Group<'r>, part: &Clause<'r>| {
        group.of.iter().any(|other| other.exact() == part.exact())
    };
    let at = whole.of.iter().position(|part| match part {
        Clause::Group(inner) => inner.of.iter().all(|part| has(apart, part) && !has(whole, part)),
        _ => false,
    })?;
    let Clause::Group(inner) = whole.of.remove(at) else { return None };
    for part in &inner.of {
        if let Some(at) = apart.of.iter().position(|other| other.exact() == part.exact()) {
            apart.of.remove(at);
        }
    }
    Some(inner)
}

/// Puts parts back together that stand together as one alternative of a group in `model`: the
/// alternative has become the only one, and its brackets are gone.
fn gather<'r>(model: &Group<'r>, parts: &mut Group<'r>) {
    for inner in &model.of {
        let Clause::Group(group) = inner else { continue };
        let is_there =
            |part: &Clause<'r>| matches!(part, Clause::Group(_)) && part.likeness(inner) > 0;
        if group.joined == parts.joined || parts.of.iter().any(is_there) {
            continue;
        }
        let free = |part: &Clause<'r>| !model.of.iter().any(|own| own.exact() == part.exact());
        let found = group.of.iter().find_map(|branch| match branch {
            Clause::Group(branch) if branch.joined == parts.joined => {
                let mut places = Vec::new();
                for wanted in &branch.of {
                    let at = parts.of.iter().enumerate().position(|(at, part)| {
                        !places.contains(&at) && free(part) && is_about(part, wanted)
                    })?;
                    places.push(at);
                }
                Some(places)
            }
            _ => None,
        });
        if let Some(mut places) = found {
            let of = places.iter().map(|at| parts.of[*at].clone()).collect();
            places.sort_unstable();
            for at in places.iter().rev() {
                parts.of.remove(*at);
            }
            let gathered = Group { joined: parts.joined, of };
            parts.of.insert(places[0], Clause::Group(gathered));
        }
    }
}

/// Whether two parts are the same, or measure the same.
fn is_about(part: &Clause<'_>, other: &Clause<'_>) -> bool {
    match (part, other) {
        (Clause::Criterion(part), Clause::Criterion(other)) => part.subject == other.subject,
        _ => part.exact() == other.exact(),
    }
}
