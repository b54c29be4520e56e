//! Ladders and tiers.

use rust_decimal::Decimal;
use serde::Serialize;

use super::LocalText;
use crate::expr::{Condition, Expr, TierId};
use crate::lifecycle::{CutoffCadence, Duration, Landing, OnChange, Review, Upgrade};
use crate::source::Span;

#[derive(Debug, Clone, Serialize)]
pub struct Ladder {
    pub name: String,
    pub title: LocalText,
    /// Highest first.
    pub tiers: Vec<Tier>,
    /// How often population values in its criteria are taken; `None`: in every pass.
    pub cutoffs: Option<CutoffCadence>,
    /// Names that its tiers had before.
    pub renamed: Vec<(String, TierId)>,
    pub on_change: OnChange,
    /// How long before a fixed review that would fail its holders are told.
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
