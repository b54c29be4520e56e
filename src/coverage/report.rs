//! How much of a program's points was seen, and which were not.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::point::{Kind, Part, Point};
use super::{Coverage, points, words};
use crate::program::Program;
use crate::source::{FileId, Position, Sources, Span};

/// How many points there are, and how many of them were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub covered: u64,
    pub points: u64,
}

/// The points of one part of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartTally {
    pub part: Part,
    /// `club.vip`, `advocates`.
    pub name: String,
    pub tally: Tally,
}

/// A point that was not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    pub point: Point,
    /// Relative to the pack's root.
    pub file: String,
    pub place: Position,
    /// The part, as in [`PartTally::name`].
    pub part: String,
    /// What was not seen.
    pub message: String,
    /// What a test has to show for it.
    pub help: String,
}

/// A point of a file, and how often it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub point: Point,
    /// From 1.
    pub line: usize,
    pub count: u64,
}

/// What the tests of a pack have shown of its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub total: Tally,
    /// Kinds that the pack has points of.
    pub kinds: Vec<(Kind, Tally)>,
    /// Parts with points: tiers, segments, alerts, benefits, scores, scripts.
    pub parts: Vec<PartTally>,
    /// By file, line and column.
    pub uncovered: Vec<Uncovered>,
    /// By file in the order of names, each with its points in the order of lines.
    pub(super) files: Vec<(String, Vec<Seen>)>,
}

impl Tally {
    fn add(&mut self, covered: bool) {
        self.points += 1;
        self.covered += u64::from(covered);
    }

    /// Percent with one decimal, rounded down: 100.0 is everything. Of no points all are covered.
    pub fn percent(self) -> Decimal {
        match self.points {
            0 => Decimal::new(1000, 1),
            points => Decimal::new((self.covered * 1000 / points) as i64, 1),
        }
    }

    /// Whether at least so many percent are covered, exactly.
    pub fn reaches(self, percent: Decimal) -> bool {
        Decimal::from(self.covered) * Decimal::ONE_HUNDRED >= percent * Decimal::from(self.points)
    }
}

impl Coverage {
    /// What was seen of a program's points. The numbers in it are those of the program: of a pack
    /// with its own parameter values, say.
    pub fn report(&self, program: &Program, texts: &Sources) -> Report {
        let mut total = Tally::default();
        let mut kinds: BTreeMap<Kind, Tally> = BTreeMap::new();
        let mut parts: BTreeMap<Part, Tally> = BTreeMap::new();
        let mut files: BTreeMap<FileId, Vec<Seen>> = BTreeMap::new();
        let mut missing: Vec<(Span, Point)> = Vec::new();
        for (point, span) in points(program, texts) {
            let count = self.count(point);
            total.add(count > 0);
            kinds.entry(point.aspect.kind()).or_default().add(count > 0);
            parts.entry(point.part).or_default().add(count > 0);
            let line = texts.position(span).line;
            files.entry(span.file).or_default().push(Seen { point, line, count });
            if count == 0 {
                missing.push((span, point));
            }
        }
        let name = |file: FileId| texts.file(file).name.clone();
        let uncovered = missing.into_iter().map(|(span, point)| {
            let (message, help) = words::unseen(program, texts, point);
            let (file, place) = (name(span.file), texts.position(span));
            Uncovered { point, file, place, part: point.part.name(program), message, help }
        });
        let mut uncovered: Vec<Uncovered> = uncovered.collect();
        uncovered.sort_by(|a, b| {
            let key = |it: &Uncovered| (it.place.line, it.place.column, it.point);
            a.file.cmp(&b.file).then_with(|| key(a).cmp(&key(b)))
        });
        let mut files: Vec<(String, Vec<Seen>)> =
            files.into_iter().map(|(file, seen)| (name(file), seen)).collect();
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        files.iter_mut().for_each(|(_, seen)| seen.sort_by_key(|it| (it.line, it.point)));
        let parts = parts.into_iter().map(|(part, tally)| {
            let name = part.name(program);
            PartTally { part, name, tally }
        });
        Report {
            total,
            kinds: kinds.into_iter().collect(),
            parts: parts.collect(),
            uncovered,
            files,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_rounded_down() {
        let percent = |covered, points| Tally { covered, points }.percent().to_string();
        assert_eq!(percent(0, 0), "100.0");
        assert_eq!(percent(2499, 2500), "99.9");
        assert_eq!(percent(2, 3), "66.6");
        assert_eq!(percent(7, 7), "100.0");
        assert_eq!(percent(0, 7), "0.0");
    }

    #[test]
    fn a_gate_is_exact() {
        let tally = Tally { covered: 2, points: 3 };
        let reaches = |percent: &str| tally.reaches(percent.parse().expect("a number"));
        // 66.666…, of which 66.6 is shown.
        assert!(reaches("66.66"));
        assert!(!reaches("66.67"));
        assert!(Tally::default().reaches(Decimal::ONE_HUNDRED));
    }
}
