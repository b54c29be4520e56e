//! Ladders and tiers.

use rust_decimal::Decimal;
use serde::Serialize;

use super::LocalText;
use crate::expr::{Condition, Expr, TierId};
use crate::lifecycle::{Duration, Landing, Review, Upgrade};
use crate::source::Span;

#[derive(Debug, Clone, Serialize)]
pub struct Ladder {
    pub name: String,
    pub title: LocalText,
    /// Highest first.
    pub tiers: Vec<Tier>,
    /// Names that tiers had before.
    pub renamed: Vec<(String, TierId)>,
    /// So long before a fixed review that would fail, `tier.expiring` tells.
    pub warn: Option<Duration>,
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
