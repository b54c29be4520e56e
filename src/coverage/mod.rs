//! What the tests of a pack have shown of its rules: criteria true and false, values on both sides
//! of each threshold and at it, tiers won and lost, benefits given and withheld, lines of scripts
//! that ran.
//!
//! In: a program, the passes of its tests, and which customers they are about. Out: a [`Report`]:
//! how much was seen of each part, and what was not, each with its place and what to try; as JSON
//! and for lcov, too. Never: IO, or a decision.

mod conditions;
mod grid;
mod json;
mod lcov;
mod observe;
mod point;
mod points;
mod report;
#[cfg(test)]
mod tests;
mod threshold;
mod words;

use std::collections::BTreeMap;

pub use point::{Aspect, Border, Comparison, Giver, Kind, Part, Point, Side, Slot, Stay};
pub use points::points;
pub use report::{PartTally, Report, Tally, Uncovered};

use crate::script::LineCounts;

/// How often each point was seen. Of the same pack with other parameter values the points are the
/// same, so all of its tests count together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    counts: BTreeMap<Point, u64>,
}

impl Coverage {
    /// Adds what was seen elsewhere.
    pub fn merge(&mut self, other: &Coverage) {
        for (point, count) in &other.counts {
            *self.counts.entry(*point).or_insert(0) += count;
        }
    }

    /// Adds the lines that ran of a program's scripts ([`crate::program::Program::counted`]): once,
    /// after all of its passes.
    pub fn observe_lines(&mut self, lines: &LineCounts) {
        for (line, count) in lines.lines().into_iter().filter(|(_, count)| *count > 0) {
            let point = Point { part: Part::Script(line.module), aspect: Aspect::Line(line.line) };
            *self.counts.entry(point).or_insert(0) += count;
        }
    }

    /// How often a point was seen.
    pub fn count(&self, point: Point) -> u64 {
        self.counts.get(&point).copied().unwrap_or(0)
    }
}
