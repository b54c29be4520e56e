use super::clause::Clause;
use super::criterion::pair;
use super::side::Side;
use super::written::Constants;
use super::{Comparison, Part};
use crate::explain::plain_number;
use crate::program::ScoreLine;

impl<'r> Comparison<'r> {
    /// The order of a scorecard's lines means nothing.
    pub(super) fn score(&mut self, place: &str, old: &'r [ScoreLine], new: &'r [ScoreLine]) {
        let [mut gone, mut come] = [(&self.from, old), (&self.to, new)].map(|(side, lines)| {
            lines.iter().map(|line| Scored::of(side, line)).collect::<Vec<_>>()
        });
        take_pairs(&mut gone, &mut come, |a, b| a.when == b.when && a.points == b.points);
        for (was, is) in take_pairs(&mut gone, &mut come, |a, b| a.when == b.when) {
            let words = pair((&was.text, &is.text), (&was.points, &is.points));
            self.tell(Part::Metrics, format!("{place} score for {}", is.shown), words);
        }
        for (was, is) in take_pairs(&mut gone, &mut come, |a, b| a.points == b.points) {
            let place = format!("{place} score ({})", is.text);
            self.condition(Part::Metrics, &place, (&was.line.when, &is.line.when), None);
        }
        for was in gone {
            let place = format!("{place} score for {}", was.shown);
            self.tell(Part::Metrics, place, format!("removed ({})", was.text));
        }
        for is in come {
            let place = format!("{place} score for {}", is.shown);
            self.tell(Part::Metrics, place, format!("added ({})", is.text));
        }
    }
}

/// A line of a scorecard.
pub(super) struct Scored<'r> {
    line: &'r ScoreLine,
    /// When it counts: exactly, and as people read it.
    when: String,
    pub shown: String,
    /// What it adds: exactly, and as people read it.
    points: String,
    pub text: String,
}

impl<'r> Scored<'r> {
    pub fn of(side: &Side<'r>, line: &'r ScoreLine) -> Self {
        let clause = Clause::of(side, &line.when, None);
        let points = |constants| {
            let cap = line.cap.map(|cap| format!(", at most {}", plain_number(cap)));
            let add = side.expr(&line.add, None, constants);
            format!("add {add}{}", cap.unwrap_or_default())
        };
        Scored {
            line,
            when: clause.exact(),
            shown: clause.text(),
            points: points(Constants::Valued),
            text: points(Constants::Named),
        }
    }
}

/// Takes out pairs that fit, in the order of the second list.
fn take_pairs<T>(
    gone: &mut Vec<T>,
    come: &mut Vec<T>,
    fit: impl Fn(&T, &T) -> bool,
) -> Vec<(T, T)> {
    let mut pairs = Vec::new();
    let mut rest = Vec::new();
    for new in come.drain(..) {
        match gone.iter().position(|old| fit(old, &new)) {
            Some(at) => pairs.push((gone.remove(at), new)),
            None => rest.push(new),
        }
    }
    *come = rest;
    pairs
}
