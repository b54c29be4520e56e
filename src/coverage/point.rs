//! What can be covered, by its place in the structure of a program: the same part of the same pack
//! has the same point, whatever the values of parameters.

use crate::expr::{LadderId, MetricId, SegmentId, TierId};
use crate::program::Program;

/// A part of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Tier(LadderId, TierId),
    Segment(SegmentId),
    /// An index into the program's alerts.
    Alert(usize),
    /// An index into the program's benefits.
    Benefit(usize),
    Score(MetricId),
    /// An index into the scripts' modules.
    Script(usize),
}

/// A condition of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    Enter,
    Keep,
    When,
    /// A line of a score, from 0.
    Line(usize),
}

/// A comparison: which condition, and which one of it in the order in which they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Comparison {
    pub slot: Slot,
    pub index: usize,
}

/// A number that a comparison asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Border {
    Only,
    /// The lower and the upper one of `between`.
    Low,
    High,
}

/// Where a measured value lies beside what is asked: at it, or at most the smallest unit away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Below,
    At,
    Above,
}

/// What becomes of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stay {
    Entered,
    /// Held before a pass and after it.
    Held,
    Warned,
    Graced,
    Left,
}

/// What gives a benefit: an index into its tiers or segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Giver {
    Tier(usize),
    Segment(usize),
}

/// Something about a part that a customer can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The comparison as it is written came out so.
    Criterion(Comparison, bool),
    Threshold(Comparison, Border, Side),
    Stay(Stay),
    /// In a segment of those near a tier, or not.
    Near(bool),
    Given(Giver),
    /// Not given for its `when`.
    Withheld(Giver),
    /// A line of a script, from 1.
    Line(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub part: Part,
    pub aspect: Aspect,
}

/// The kinds of points, in the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Criteria,
    Thresholds,
    Tiers,
    Segments,
    Benefits,
    Scripts,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::Criteria,
        Kind::Thresholds,
        Kind::Tiers,
        Kind::Segments,
        Kind::Benefits,
        Kind::Scripts,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Criteria => "criteria",
            Kind::Thresholds => "thresholds",
            Kind::Tiers => "tiers",
            Kind::Segments => "segments",
            Kind::Benefits => "benefits",
            Kind::Scripts => "scripts",
        }
    }
}

impl Aspect {
    pub fn kind(self) -> Kind {
        match self {
            Aspect::Criterion(..) => Kind::Criteria,
            Aspect::Threshold(..) => Kind::Thresholds,
            Aspect::Stay(_) => Kind::Tiers,
            Aspect::Near(_) => Kind::Segments,
            Aspect::Given(_) | Aspect::Withheld(_) => Kind::Benefits,
            Aspect::Line(_) => Kind::Scripts,
        }
    }
}

impl Part {
    /// What it is: `tier`, `segment` and so on.
    pub fn sort(self) -> &'static str {
        match self {
            Part::Tier(..) => "tier",
            Part::Segment(_) => "segment",
            Part::Alert(_) => "alert",
            Part::Benefit(_) => "benefit",
            Part::Score(_) => "score",
            Part::Script(_) => "script",
        }
    }

    /// As expressions name it: `club.vip`, `advocates`.
    pub fn name(self, program: &Program) -> String {
        match self {
            Part::Tier(ladder, tier) => {
                let ladder = &program.ladders[ladder];
                format!("{}.{}", ladder.name, ladder.tiers[tier].name)
            }
            Part::Segment(segment) => program.segments[segment].name.clone(),
            Part::Alert(alert) => program.alerts[alert].name.clone(),
            Part::Benefit(benefit) => program.benefits[benefit].name.clone(),
            Part::Score(metric) => program.metrics[metric].name.clone(),
            Part::Script(module) => program.scripts.modules[module].name.clone(),
        }
    }
}
