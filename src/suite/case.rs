//! A case of a pack's tests, read and resolved.

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use crate::expr::{LadderId, MetricId, SegmentId, SourceId, TierId, Value};
use crate::lifecycle::{Deed, Event};
use crate::pack::Literal;
use crate::program::Occasion;
use crate::source::{Loc, Span};
use crate::store::CustomerId;

/// Parameter values of a case, over those of the pack.
pub type Parameters = Vec<(Loc<String>, Literal)>;

/// Somebody's life, and what is expected of it. A case with `each:` is one of these per row.
#[derive(Debug, Clone)]
pub struct Case {
    /// With what the row of an `each:` sets.
    pub name: String,
    /// Of the name, or of the row.
    pub span: Span,
    /// Why it is not run.
    pub skip: Option<String>,
    /// An index into [`Suite::parameters`](super::Suite::parameters).
    pub parameters: usize,
    /// The case's own customer first.
    pub people: Vec<Person>,
    /// Values over the population that stand in for those of everybody.
    pub cutoffs: Vec<GivenCutoff>,
    /// In order of date.
    pub steps: Vec<Step>,
}

/// A customer of a case.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: CustomerId,
    /// By `AttributeId`.
    pub attributes: Vec<Value>,
    pub facts: Vec<Fact>,
    /// Metrics that are given outright.
    pub metrics: Vec<(MetricId, Value)>,
    /// What they hold before the first date.
    pub standings: Vec<Held>,
}

#[derive(Debug, Clone)]
pub struct Fact {
    pub source: SourceId,
    /// In the pack's zone.
    pub at: DateTime,
    /// By `ColumnId`.
    pub values: Vec<Value>,
}

/// A tier that somebody holds when a case begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub span: Span,
    pub ladder: LadderId,
    pub tier: TierId,
    /// Without one: the first date of the case.
    pub since: Option<Date>,
    /// Without one: as the tier's policy says.
    pub review_on: Option<Date>,
    pub grace_until: Option<Date>,
}

/// A cutoff and its value, in place of what the population gives.
#[derive(Debug, Clone)]
pub struct GivenCutoff {
    /// As the pack writes it; layout does not count.
    pub text: String,
    /// Where the pack writes it: in a mutant it may have another text.
    pub places: Vec<Span>,
    pub value: Decimal,
}

/// A date: what is done by hand, then a pass, then what is expected after it.
#[derive(Debug, Clone)]
pub struct Step {
    pub on: Date,
    pub span: Span,
    pub deeds: Vec<(LadderId, Deed)>,
    pub expected: Vec<Expectation>,
}

/// One thing that is expected of the case's own customer.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Of the expected value.
    pub span: Span,
    pub what: Expected,
}

#[derive(Debug, Clone)]
pub enum Expected {
    Tier(LadderId, Option<TierId>),
    /// The highest tier whose `enter` holds, held or not.
    Earned(LadderId, Option<TierId>),
    Since(LadderId, Option<Date>),
    ReviewOn(LadderId, Option<Date>),
    GraceUntil(LadderId, Option<Date>),
    /// Whether a hold is in force.
    Hold(LadderId, bool),
    /// An event of the ladder on this date; `None`: nothing happens.
    Happens(LadderId, Option<Event>),
    /// What decides the event: a metric, an attribute, or a criterion as written.
    Because(LadderId, String),
    Benefit(usize, ExpectedBenefit),
    /// When a benefit is given; `None`: all the time.
    Occasion(usize, Option<Occasion>),
    Segment(SegmentId, bool),
    NoSegment,
    Alert(usize, bool),
    NoAlert,
    /// An event in any ladder or in none, with what it is about where that is said.
    Event {
        event: Event,
        about: Option<String>,
        happens: bool,
    },
    NoEvent,
    Faults(u64),
    Metric(MetricId, Value),
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExpectedBenefit {
    /// Whatever its value.
    Given(bool),
    /// Percent, money or a factor.
    Amount(Decimal),
    ShippingAlways,
    ShippingOver(Decimal),
    /// What is left out may be anything.
    Credit {
        ceiling: Option<Decimal>,
        days: Option<i64>,
        guarantor: Option<bool>,
    },
    /// In any of its languages.
    Text(String),
}
