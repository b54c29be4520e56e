//! How customers are treated: benefits, segments, alerts.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::{LocalText, MonthDay};
use crate::expr::{Condition, Expr, LadderId, SegmentId, TierId};
use crate::lifecycle::Duration;
use crate::source::Span;

#[derive(Debug, Clone, Serialize)]
pub struct Benefit {
    pub name: String,
    pub kind: BenefitKind,
    pub title: LocalText,
    /// In the order of the file. Without `ladder:` a name means that tier of every ladder.
    pub tiers: Vec<TierBenefit>,
    pub segments: Vec<SegmentBenefit>,
    /// Whether the segments stand before the tiers in the file: of equals the first counts.
    pub segments_first: bool,
    pub when: Condition<Expr>,
    /// What it costs a year for one customer; may read `Input::BenefitValue`.
    pub cost: Option<Expr>,
    pub occasion: Option<Occasion>,
    pub category: Option<String>,
}

/// What a tier brings.
#[derive(Debug, Clone, Serialize)]
pub struct TierBenefit {
    pub ladder: LadderId,
    pub tier: TierId,
    pub value: BenefitValue,
    /// The tier's name beside the value.
    #[serde(skip)]
    pub span: Span,
}

/// What a segment brings.
#[derive(Debug, Clone)]
pub struct SegmentBenefit {
    pub segment: SegmentId,
    pub value: BenefitValue,
    /// The segment's name beside the value.
    pub span: Span,
}

impl Serialize for SegmentBenefit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Its place is no part of a program's identity.
        (self.segment, &self.value).serialize(serializer)
    }
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

impl Occasion {
    /// Those that have a name in a pack; others are a month and a day.
    pub const NAMED: &'static [(&'static str, Occasion)] = &[
        ("birthday", Occasion::Birthday),
        ("anniversary", Occasion::Anniversary),
        ("entry", Occasion::Entry),
        ("renewal", Occasion::Renewal),
    ];
}

#[derive(Debug, Clone, Serialize)]
pub struct Segment {
    pub name: String,
    pub title: LocalText,
    pub rule: SegmentRule,
    #[serde(skip)]
    pub span: Span,
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
