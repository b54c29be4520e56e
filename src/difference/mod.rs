//! What changed in the rules between two programs, in words.
//!
//! In: two programs with their texts and origins. Out: [`Change`]s, a line each, in the order of
//! a pack: settings, parameters, facts, metrics, scripts, ladders, benefits, segments, alerts,
//! titles. Layout, comments, the names of files and whether a number is written out or a
//! parameter's are no change. Never: IO, a customer, or the text of a file held against another.

mod alerts;
mod align;
mod benefits;
mod clause;
mod condition;
mod criterion;
mod facts;
mod ladders;
mod metrics;
mod parameters;
mod policies;
mod regroup;
mod scores;
mod scripts;
mod segments;
mod settings;
mod shares;
mod side;
#[cfg(test)]
mod tests;
mod tiers;
mod titles;
mod uses;
mod words;
mod written;

use std::fmt;

use crate::build::Rules;
use side::Side;

/// The kind of rule that changed, in the order in which changes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Settings,
    Parameters,
    Facts,
    Metrics,
    Scripts,
    Ladders,
    Benefits,
    Segments,
    Alerts,
    Titles,
}

/// One difference between two programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub part: Part,
    /// What changed, by the names of the pack: `club.vip enter`, `metric spend within`.
    pub place: String,
    /// How it changed: `spend 1000 → 1200`.
    pub words: String,
}

impl fmt::Display for Change {
    /// One line: `club.vip enter: spend 1000 → 1200`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.words)
    }
}

/// What changed from one program to another. Empty where both decide, give and say the same. The
/// value of a parameter is told once, with the places that read it, and not again in each.
pub fn changes(from: &Rules, to: &Rules) -> Vec<Change> {
    let mut told = compared(from, to);
    let apart = parameters::apart(from, to);
    if !apart.moved.is_empty() {
        let rest = compared(&apart.from, &apart.to);
        let is_in = |told: &[Change], place: &str| told.iter().any(|it| it.place == place);
        // What parameters alone change is told with them, the rest by what it was and is.
        told.retain(|it| !apart.has_user(&it.place) || is_in(&rest, &it.place));
        let more: Vec<Change> =
            rest.iter().filter(|it| !is_in(&told, &it.place)).cloned().collect();
        told.extend(more);
        told.extend(apart.changes());
    }
    told.extend(parameters::types(from, to));
    // Stable: within a part the order is that of the pack.
    told.sort_by_key(|change| change.part);
    told
}

/// Every difference by what it comes to, whether it stems from a parameter or not.
fn compared(from: &Rules, to: &Rules) -> Vec<Change> {
    let (from, to) = Side::both(from, to);
    let mut comparison = Comparison { from, to, told: Vec::new() };
    comparison.settings();
    comparison.facts();
    comparison.metrics();
    comparison.scripts();
    comparison.ladders();
    comparison.benefits();
    comparison.segments();
    comparison.alerts();
    comparison.titles();
    comparison.told
}

/// A comparison on its way.
struct Comparison<'r> {
    from: Side<'r>,
    to: Side<'r>,
    told: Vec<Change>,
}

impl Comparison<'_> {
    fn tell(&mut self, part: Part, place: impl Into<String>, words: impl Into<String>) {
        // Texts of a pack may go over several lines.
        let words = words.into().replace('\n', "\\n");
        self.told.push(Change { part, place: place.into(), words });
    }

    /// Tells where two texts for the same thing are not the same.
    fn tell_texts(&mut self, part: Part, place: &str, from: &str, to: &str) {
        if from != to {
            self.tell(part, place, format!("{from} → {to}"));
        }
    }
}

/// Pairs by a name: in the order of `to`, then what only `from` has, in its order.
fn paired<'a, T>(
    from: &'a [T],
    to: &'a [T],
    name: impl Fn(&T) -> &str,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let find = |list: &'a [T], wanted: &str| list.iter().find(|item| name(item) == wanted);
    let now = to.iter().map(|new| (find(from, name(new)), Some(new)));
    let gone = from.iter().filter(|old| find(to, name(old)).is_none());
    now.chain(gone.map(|old| (Some(old), None))).collect()
}
