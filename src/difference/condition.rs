//! One condition against another: what is asked more, less or otherwise.

use super::align::{align, direct_likeness};
use super::clause::{Clause, Group, Joined};
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

pub(super) struct Aligner<'a, 'r> {
    from: &'a Side<'r>,
    to: &'a Side<'r>,
    rows: Option<SourceId>,
    pub(super) told: Vec<String>,
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

fn is_group(clause: &Clause<'_>, joined: Joined) -> bool {
    matches!(clause, Clause::Group(group) if group.joined == joined)
}

fn alone<'r>(clause: &Clause<'r>, joined: Joined) -> Group<'r> {
    Group { joined, of: vec![clause.clone()] }
}
