//! One condition against another: what is asked more, less or otherwise.

use super::clause::{Clause, Criterion, Group, Joined};
use super::criterion;
use super::side::Side;
use crate::expr::{Condition, Expr, SourceId};

/// What changed from one condition to another; empty where both ask the same in the same order.
/// `rows`: the sources whose rows they read, if they do.
pub(super) fn changed<'r>(
    (from, old): (&Side<'r>, &'r Condition<Expr>),
    (to, new): (&Side<'r>, &'r Condition<Expr>),
    rows: Option<(SourceId, SourceId)>,
) -> Vec<String> {
    let old = Clause::of(from, old, rows.map(|(source, _)| source));
    let new = Clause::of(to, new, rows.map(|(_, source)| source));
    let mut aligner = Aligner { from, to, rows: rows.map(|(_, source)| source), told: Vec::new() };
    aligner.clauses(&old, &new, 0);
    if aligner.told.is_empty() && old.exact() != new.exact() {
        // A division or a script may only be safe behind another criterion.
        let words = format!("the same in another order, now {}", new.text());
        aligner.told.push(words);
    }
    aligner.told
}

/// Parts of two groups side by side.
type Pairs<'a, 'r> = Vec<(&'a Clause<'r>, &'a Clause<'r>)>;

struct Aligner<'a, 'r> {
    from: &'a Side<'r>,
    to: &'a Side<'r>,
    rows: Option<SourceId>,
    told: Vec<String>,
}

impl<'r> Aligner<'_, 'r> {
    /// `depth`: of how many groups they are part.
    fn clauses(&mut self, old: &Clause<'r>, new: &Clause<'r>, depth: usize) {
        if old.exact() == new.exact() {
            return;
        }
        match (old, new) {
            (Clause::Criterion(a), Clause::Criterion(b))
                if a.subject == b.subject || a.asks_like(b) =>
            {
                let words = criterion::changed((self.from, a), (self.to, b), self.rows);
                self.told.push(words);
            }
            (Clause::Group(a), Clause::Group(b)) if a.joined == b.joined => {
                self.groups(a, b, depth);
            }
            (Clause::Group(a), Clause::Group(b)) => {
                let level = direct_likeness(a, b);
                let within = |group: &Group<'r>, whole: &Clause<'r>, joined: Joined| {
                    let alike = group.of.iter().filter(|part| is_group(part, joined));
                    alike.map(|part| part.likeness(whole)).max().unwrap_or(0)
                };
                // The one may have become a part of the other.
                let inner = within(b, old, a.joined);
                let outer = within(a, new, b.joined);
                if inner > level && inner >= outer {
                    self.groups(&alone(old, b.joined), b, depth);
                } else if outer > level {
                    self.groups(a, &alone(new, a.joined), depth);
                } else if level > 0 {
                    self.tell_joined(a.joined, b.joined, b);
                    self.parts(a, b, depth);
                } else {
                    self.otherwise(old, new);
                }
            }
            (Clause::Criterion(_), Clause::Group(group)) if old.likeness(new) > 0 => {
                self.groups(&alone(old, group.joined), group, depth);
            }
            (Clause::Group(group), Clause::Criterion(_)) if old.likeness(new) > 0 => {
                self.groups(group, &alone(new, group.joined), depth);
            }
            _ => self.otherwise(old, new),
        }
    }

    fn otherwise(&mut self, old: &Clause<'r>, new: &Clause<'r>) {
        let (mut was, mut is) = (old.text(), new.text());
        if was == is {
            (was, is) = (old.exact(), new.exact());
        }
        self.told.push(format!("was: {was} / is: {is}"));
    }

    /// Groups that are joined alike.
    fn groups(&mut self, old: &Group<'r>, new: &Group<'r>, depth: usize) {
        let (pairs, ..) = align(old, new);
        if pairs.is_empty() {
            let [old, new] = [old, new].map(|group| Clause::Group(group.clone()));
            self.otherwise(&old, &new);
            return;
        }
        self.parts(old, new, depth);
    }

    fn parts(&mut self, old: &Group<'r>, new: &Group<'r>, depth: usize) {
        let (old, new) = &self.regrouped(old, new);
        let (pairs, gone, come) = align(old, new);
        for (old, new) in &pairs {
            self.clauses(old, new, depth + 1);
        }
        // Inside of other groups a neighbour says where.
        let beside = match pairs.first() {
            Some((_, neighbour)) if depth > 0 => format!(" (beside {})", neighbour.text()),
            _ => String::new(),
        };
        for part in gone {
            let part = part.text();
            self.told.push(match new.joined {
                Joined::All => format!("no longer asks {part}{beside}"),
                Joined::AtLeast(1) => format!("{part} is no longer enough{beside}"),
                Joined::AtLeast(_) => format!("{part} no longer counts{beside}"),
            });
        }
        for part in come {
            let part = part.text();
            self.told.push(match new.joined {
                Joined::All => format!("now also asks {part}{beside}"),
                Joined::AtLeast(1) => format!("{part} is now enough too{beside}"),
                Joined::AtLeast(_) => format!("{part} now counts too{beside}"),
            });
        }
    }
}

impl<'r> Aligner<'_, 'r> {
    /// Tells of groups whose parts all stand by themselves now, and the other way around. What
    /// is left of both.
    fn regrouped(&mut self, old: &Group<'r>, new: &Group<'r>) -> (Group<'r>, Group<'r>) {
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

    fn tell_joined(&mut self, was: Joined, is: Joined, group: &Group<'r>) {
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

fn is_group(clause: &Clause<'_>, joined: Joined) -> bool {
    matches!(clause, Clause::Group(group) if group.joined == joined)
}

fn alone<'r>(clause: &Clause<'r>, joined: Joined) -> Group<'r> {
    Group { joined, of: vec![clause.clone()] }
}

/// How many parts of two groups are about the same.
fn direct_likeness(old: &Group<'_>, new: &Group<'_>) -> usize {
    align(old, new).0.len()
}

/// Pairs of parts that are about the same, in the order of `new`; the rest of `old`; the rest of
/// `new`.
fn align<'a, 'r>(
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
