//! Metrics and the values over the population.

use rust_decimal::Decimal;
use serde::Serialize;

use super::LocalText;
use crate::expr::{
    AttributeId, ColumnId, Condition, CutoffId, Expr, LadderId, MetricId, SourceId, Type, Unit,
};
use crate::lifecycle::Duration;
use crate::source::Span;

#[derive(Debug, Clone, Serialize)]
pub struct Metric {
    pub name: String,
    pub title: LocalText,
    pub kind: MetricKind,
    pub ty: Type,
    pub unit: Unit,
    /// Decimal places of a number; 0 otherwise.
    pub scale: u8,
    /// Whether it covers a year or can be read as yearly (for benefit costs).
    pub yearly: bool,
    /// Made for `previous()`; not shown.
    pub hidden: bool,
    #[serde(skip)]
    pub span: Span,
}

impl Metric {
    /// Whether it is one of the three scores of an `rfm` metric.
    pub fn is_part(&self) -> bool {
        matches!(self.kind, MetricKind::RfmPart { .. })
    }
}

#[derive(Debug, Clone, Serialize)]
pub enum MetricKind {
    /// From the rows of one source.
    Rows(RowMetric),
    Formula {
        expr: Expr,
        otherwise: Decimal,
    },
    Score(Vec<ScoreLine>),
    Rfm {
        recency: MetricId,
        frequency: MetricId,
        monetary: MetricId,
        bins: u32,
    },
    /// One of the three scores of an `rfm` metric: 0 recency, 1 frequency, 2 monetary.
    RfmPart {
        of: MetricId,
        part: u8,
    },
}

#[derive(Debug, Clone, Serialize)]
pub struct RowMetric {
    pub source: SourceId,
    pub aggregate: Aggregate,
    /// `Condition::Always` without a `where`.
    pub filter: Condition<Expr>,
    pub window: Window,
    pub ago: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Aggregate {
    Count,
    Sum(ColumnId),
    Min(ColumnId),
    Max(ColumnId),
    Average(ColumnId),
    First(ColumnId),
    Last(ColumnId),
    Distinct(ColumnId),
    /// `distinct: SOURCE.at`
    DistinctDays,
    Percent,
    DaysSinceLast,
    DaysSinceFirst,
    DaysBetween,
}

impl Aggregate {
    /// The column whose values it takes; `None` where it takes rows.
    pub fn column(self) -> Option<ColumnId> {
        match self {
            Aggregate::Sum(column)
            | Aggregate::Min(column)
            | Aggregate::Max(column)
            | Aggregate::Average(column)
            | Aggregate::First(column)
            | Aggregate::Last(column)
            | Aggregate::Distinct(column) => Some(column),
            Aggregate::Count
            | Aggregate::DistinctDays
            | Aggregate::Percent
            | Aggregate::DaysSinceLast
            | Aggregate::DaysSinceFirst
            | Aggregate::DaysBetween => None,
        }
    }

    /// Its key in a pack.
    pub fn name(self) -> &'static str {
        match self {
            Aggregate::Count => "count",
            Aggregate::Sum(_) => "sum",
            Aggregate::Min(_) => "min",
            Aggregate::Max(_) => "max",
            Aggregate::Average(_) => "avg",
            Aggregate::First(_) => "first",
            Aggregate::Last(_) => "last",
            Aggregate::Distinct(_) | Aggregate::DistinctDays => "distinct",
            Aggregate::Percent => "percent",
            Aggregate::DaysSinceLast => "days_since_last",
            Aggregate::DaysSinceFirst => "days_since_first",
            Aggregate::DaysBetween => "days_between",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Window {
    Lifetime,
    Trailing(Duration),
    /// The calendar period of which the day is part, up to the day.
    Calendar(Period),
    /// The whole calendar period before it.
    Previous(Period),
    /// Since the last anniversary of the attribute (`joined`).
    MembershipYear(AttributeId),
    /// The whole membership year before it.
    PreviousMembershipYear(AttributeId),
    /// Since the last change of tier in the ladder.
    Tier(LadderId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,
}

#[derive(Debug, Clone, Serialize)]
pub struct ScoreLine {
    pub when: Condition<Expr>,
    pub add: Expr,
    pub cap: Option<Decimal>,
}

/// A value or border over the population, taken in a pass.
#[derive(Debug, Clone, Serialize)]
pub struct Cutoff {
    pub kind: CutoffKind,
    /// What is measured. For ladders of shares and `break_by` the first of `then`.
    pub measure: Expr,
    pub ties: Ties,
    /// As written, for explanations and messages; layout is not part of a program's identity.
    #[serde(skip)]
    pub text: String,
    /// The ladder whose `ties` apply; `None` outside of ladders.
    pub ladder: Option<LadderId>,
    /// The ladder whose `cutoffs:` say for how long it is held; `None`: taken in every pass.
    pub held_by: Option<LadderId>,
    #[serde(skip)]
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum CutoffKind {
    /// k = ⌈N × percent / 100⌉.
    TopPercent(Decimal),
    TopCount(u64),
    MakesPercent(Decimal),
    Percentile(Decimal),
    Average,
    Median,
    Total,
    StdDev,
}

impl CutoffKind {
    /// Whether it splits the population (`Input::Top`) rather than giving a value.
    pub fn is_top(&self) -> bool {
        matches!(
            self,
            CutoffKind::TopPercent(_) | CutoffKind::TopCount(_) | CutoffKind::MakesPercent(_)
        )
    }

    /// Whether everybody with a measure is in it, so that it has no border to hold: `share: rest`
    /// takes who comes between two ticks too.
    pub fn is_everybody(&self) -> bool {
        matches!(self, CutoffKind::TopPercent(percent) if *percent == Decimal::ONE_HUNDRED)
    }
}

/// Who is in a top when several have the value at its border. `then` and `BreakBy` hold what
/// ranks after the measure, larger first.
#[derive(Debug, Clone, Serialize)]
pub enum Ties {
    /// Everybody equal to the k-th.
    Include { then: Vec<Expr> },
    /// Nobody equal to the (k+1)-th.
    Exclude { then: Vec<Expr> },
    /// Exactly k: after these the smaller customer id.
    BreakBy(Vec<Expr>),
}

/// A step of the second stage, after the rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Step {
    Metric(MetricId),
    Cutoff(CutoffId),
}
