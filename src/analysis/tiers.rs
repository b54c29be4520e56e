use crate::pack::{ParsedCondition, ParsedLadder};
use crate::program::Ladder;
use crate::source::Span;

/// Where a ladder's conditions stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct TierTexts<'a> {
    pub ladder: &'a Ladder,
    pub parsed: &'a ParsedLadder,
}

impl TierTexts<'_> {
    /// The place of a tier's `enter` or `share`.
    pub fn enter(&self, tier: usize) -> Span {
        let parsed = self.parsed.tiers.get(tier);
        let enter = parsed.and_then(|parsed| parsed.enter.as_ref().map(|enter| enter.span));
        let share = parsed.and_then(|parsed| parsed.share.as_ref().map(crate::pack::Literal::span));
        enter.or(share).unwrap_or(self.ladder.tiers[tier].span)
    }

    /// The place of a tier's `keep`.
    pub fn keep(&self, tier: usize) -> Span {
        let keep: Option<&ParsedCondition> =
            self.parsed.tiers.get(tier).and_then(|parsed| parsed.keep.as_ref());
        keep.map_or(self.ladder.tiers[tier].span, |keep| keep.span)
    }

    /// Whether the tiers are shares of the population.
    pub fn is_shares(&self) -> bool {
        self.parsed.tiers.iter().any(|tier| tier.share.is_some())
    }
}
