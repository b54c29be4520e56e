//! The program: a checked pack with its parameters and bindings, ready to run.
//!
//! In: what `check` lowers. Out: an immutable value that says everything a pass needs, and its
//! hash, the generation. Never: IO, or anything that changes after it is built.

mod generation;
mod text;

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

pub use text::LocalText;

use crate::expr::{
    AttributeId, Condition, CutoffId, Expr, LadderId, MetricId, SegmentId, SourceId, TierId, Type,
    Unit, Value,
};
use crate::lifecycle::{Duration, Landing, Review, Upgrade};
use crate::script::Scripts;
use crate::source::Span;

/// Everything a pass needs to know about the rules.
#[derive(Debug, Clone, Serialize)]
pub struct Program {
    pub name: String,
    pub version: semver::Version,
    pub title: LocalText,
    pub settings: Settings,
    pub parameters: Vec<Parameter>,
    pub customers: Option<Customers>,
    /// Customers' attributes, in the order of their declaration. Empty without a table.
    pub attributes: Vec<Attribute>,
    pub sources: Vec<Source>,
    /// In the order of declaration, each `rfm` followed by its three parts; metrics made by
    /// `previous()` come last and are hidden.
    pub metrics: Vec<Metric>,
    pub cutoffs: Vec<Cutoff>,
    /// What to compute after the rows are read, each after what it needs.
    pub order: Vec<Step>,
    pub ladders: Vec<Ladder>,
    pub benefits: Vec<Benefit>,
    pub segments: Vec<Segment>,
    pub alerts: Vec<Alert>,
    pub scripts: Arc<Scripts>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// ISO 4217.
    pub currency: String,
    pub money_decimals: u8,
    /// An IANA name.
    pub timezone: String,
    /// Month and day on which the pack's year begins.
    pub year_starts: MonthDay,
    /// Who counts for relative thresholds.
    pub population: Condition<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MonthDay {
    pub month: i8,
    pub day: i8,
}

#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    pub name: String,
    pub kind: ParameterKind,
    pub value: ParameterValue,
    pub title: LocalText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    Number,
    Money,
    Percent,
    Count,
    Duration,
    Date,
    Text,
    Flag,
    List,
}

/// A parameter's value in effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum ParameterValue {
    Value(Value),
    Duration(Duration),
}

#[derive(Debug, Clone, Serialize)]
pub struct Customers {
    pub table: String,
    pub id: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Attribute {
    pub name: String,
    /// The column's own name in the table.
    pub column: ColumnSource,
    pub kind: ColumnKind,
    /// Whether anything reads it; others are not loaded.
    pub used: bool,
}

/// The types that a column can be declared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    Money,
    Number,
    Count,
    Text,
    Flag,
    Date,
}

impl ColumnKind {
    pub fn ty(self) -> Type {
        match self {
            ColumnKind::Money | ColumnKind::Number | ColumnKind::Count => Type::Number,
            ColumnKind::Text => Type::Text,
            ColumnKind::Flag => Type::Flag,
            ColumnKind::Date => Type::Date,
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            ColumnKind::Money => Unit::Money,
            ColumnKind::Count => Unit::Count,
            _ => Unit::Number,
        }
    }

    /// Decimal places of a numeric column; 0 for the others.
    pub fn scale(self, money_decimals: u8) -> u8 {
        match self {
            ColumnKind::Money => money_decimals,
            ColumnKind::Number => crate::expr::NUMBER_SCALE,
            _ => 0,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub enum ColumnSource {
    /// A column of the table or query; `minor`: in the currency's minor unit (cents).
    Stored { name: String, minor: bool },
    /// From the other columns of the same row (their `ColumnId` or, for customers, `AttributeId`).
    Computed(Expr),
}

#[derive(Debug, Clone, Serialize)]
pub struct Source {
    pub name: String,
    pub from: Relation,
    pub customer: String,
    pub at: String,
    pub at_unit: AtUnit,
    pub columns: Vec<SourceColumn>,
}

#[derive(Debug, Clone, Serialize)]
pub enum Relation {
    Table(String),
    Query(String),
}

/// The unit of whole-number time stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AtUnit {
    Seconds,
    Milliseconds,
}

#[derive(Debug, Clone, Serialize)]
pub struct SourceColumn {
    pub name: String,
    pub column: ColumnSource,
    pub kind: ColumnKind,
    /// Whether a metric (or a used computed column) reads it; others are not read.
    pub used: bool,
}

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
    Sum(crate::expr::ColumnId),
    Min(crate::expr::ColumnId),
    Max(crate::expr::ColumnId),
    Average(crate::expr::ColumnId),
    First(crate::expr::ColumnId),
    Last(crate::expr::ColumnId),
    Distinct(crate::expr::ColumnId),
    /// `distinct: SOURCE.at`
    DistinctDays,
    Percent,
    DaysSinceLast,
    DaysSinceFirst,
    DaysBetween,
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

/// A value or border over the population, taken once a pass.
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

#[derive(Debug, Clone, Serialize)]
pub struct Ladder {
    pub name: String,
    pub title: LocalText,
    /// Highest first.
    pub tiers: Vec<Tier>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Tier {
    pub name: String,
    pub title: LocalText,
    pub enter: Condition<Expr>,
    /// `None`: the same as `enter`.
    pub keep: Option<Condition<Expr>>,
    pub review: Review,
    pub upgrade: Upgrade,
    pub grace: Option<Duration>,
    pub landing: Landing,
    /// Percent of the population above which the summary warns.
    pub warn_over: Option<Decimal>,
    #[serde(skip)]
    pub span: Span,
}

#[derive(Debug, Clone, Serialize)]
pub struct Benefit {
    pub name: String,
    pub kind: BenefitKind,
    pub title: LocalText,
    pub ladder: Option<LadderId>,
    /// By tier of `ladder`.
    pub tiers: Vec<(TierId, BenefitValue)>,
    pub segments: Vec<(SegmentId, BenefitValue)>,
    pub when: Condition<Expr>,
    /// What it costs a year for one customer; may read `Input::BenefitValue`.
    pub cost: Option<Expr>,
    pub occasion: Option<Occasion>,
    pub category: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BenefitKind {
    PercentOff,
    Cashback,
    AmountOff,
    PointsMultiplier,
    FreeShipping,
    Credit,
    Perk,
}

impl BenefitKind {
    pub const ALL: &'static [BenefitKind] = &[
        BenefitKind::PercentOff,
        BenefitKind::Cashback,
        BenefitKind::AmountOff,
        BenefitKind::PointsMultiplier,
        BenefitKind::FreeShipping,
        BenefitKind::Credit,
        BenefitKind::Perk,
    ];

    pub fn name(self) -> &'static str {
        match self {
            BenefitKind::PercentOff => "percent_off",
            BenefitKind::Cashback => "cashback",
            BenefitKind::AmountOff => "amount_off",
            BenefitKind::PointsMultiplier => "points_multiplier",
            BenefitKind::FreeShipping => "free_shipping",
            BenefitKind::Credit => "credit",
            BenefitKind::Perk => "perk",
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub enum BenefitValue {
    /// Percent, money or a number, after the kind.
    Amount(Expr),
    ShippingAlways,
    ShippingOver(Expr),
    Credit {
        ceiling: Expr,
        days: Expr,
        guarantor: Expr,
    },
    Text(LocalText),
    /// A perk's text from an expression.
    TextFrom(Expr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Occasion {
    Birthday,
    Anniversary,
    Entry,
    Renewal,
    EachYear(MonthDay),
}

#[derive(Debug, Clone, Serialize)]
pub struct Segment {
    pub name: String,
    pub title: LocalText,
    pub rule: SegmentRule,
}

#[derive(Debug, Clone, Serialize)]
pub enum SegmentRule {
    When(Condition<Expr>),
    /// Does not hold the tier, and is at most this percent short of every number it asks for.
    Near {
        ladder: LadderId,
        tier: TierId,
        short_by: Decimal,
    },
}

#[derive(Debug, Clone, Serialize)]
pub struct Alert {
    pub name: String,
    pub title: LocalText,
    /// Only for holders of this tier.
    pub holders: Option<(LadderId, TierId)>,
    pub when: Condition<Expr>,
    pub action: Vec<LocalText>,
    pub every: Option<Duration>,
    pub message: LocalText,
}

/// The pack's year, shifted to begin on `year_starts`.
impl MonthDay {
    /// This day in the given year; 29 February becomes the 28th where there is none.
    pub fn in_year(self, year: i16) -> Date {
        Date::new(year, self.month, self.day)
            .unwrap_or_else(|_| Date::new(year, self.month, 1).expect("a month").last_of_month())
    }
}
