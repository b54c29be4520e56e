//! Ladders: tiers, shares and policies.

use rust_decimal::Decimal;

use super::checker::Checker;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{Condition, Expr, LadderId, TierId, Unit};
use crate::lifecycle::{Cadence, Landing, OnChange, Review, Tick, Upgrade};
use crate::pack::{Literal, ParsedLadder, ParsedPolicy, ParsedTier};
use crate::program::{Ladder, Tier};
use crate::source::Loc;

/// What tests and results call it where somebody has no tier.
const NO_TIER: &str = "none";

impl Checker<'_> {
    pub fn lower_ladders(&mut self) -> Vec<Ladder> {
        let pack = self.pack;
        self.cutoff_cadences = pack
            .ladders
            .iter()
            .map(|parsed| parsed.cutoffs.as_ref().and_then(|cutoffs| self.cutoff_cadence(cutoffs)))
            .collect();
        pack.ladders.iter().enumerate().map(|(id, parsed)| self.lower_ladder(id, parsed)).collect()
    }

    fn lower_ladder(&mut self, id: LadderId, parsed: &ParsedLadder) -> Ladder {
        let shares = parsed.tiers.iter().any(|tier| tier.share.is_some());
        let ranks = self.rank_measures(&parsed.rank_by, self.holding(id));
        if shares && parsed.rank_by.is_empty() {
            self.report(
                Diagnostic::new(
                    Code::MissingKey,
                    parsed.name.span,
                    format!("the ladder `{}` has shares, but no `rank_by`", parsed.name.value),
                )
                .help("add `rank_by: [spend]`: what the customers are ranked by"),
            );
        }
        let conditions = parsed.tiers.iter().any(|tier| tier.enter.is_some());
        if !shares
            && conditions
            && let Some(first) = parsed.rank_by.first()
        {
            let message = "`rank_by` belongs to a ladder of shares";
            let help = "leave `rank_by` out, or give every tier a `share`";
            self.report(Diagnostic::new(Code::NotAllowedHere, first.whole(), message).help(help));
        }
        let mut sum = Decimal::ZERO;
        let mut tiers = Vec::with_capacity(parsed.tiers.len());
        for (tier_id, tier) in parsed.tiers.iter().enumerate() {
            if tier.name.value == NO_TIER {
                let message = format!("`{NO_TIER}` already means no tier, so it cannot be one");
                let help = "choose another name; people's words go into `title:`";
                self.report(Diagnostic::new(Code::InvalidName, tier.name.span, message).help(help));
            }
            let enter = if shares {
                self.share(id, parsed, tier_id, &ranks, &mut sum)
            } else {
                match &tier.enter {
                    Some(enter) => self.condition(enter, Scope::criterion(id, self.holding(id))),
                    // Reading the pack has told that it is missing.
                    None => Condition::Never,
                }
            };
            tiers.push(self.lower_tier(id, parsed, tier, enter));
        }
        Ladder {
            name: parsed.name.value.clone(),
            title: parsed.title.plain(),
            tiers,
            cutoffs: self.cutoff_cadences[id],
            renamed: self.renamed(id, &parsed.renamed),
            on_change: parsed.on_change.as_ref().map_or(OnChange::Keep, |change| change.value),
            warn: parsed.warn.as_ref().and_then(|warn| self.duration(warn)),
        }
    }

    /// Tiers by the names that they had before.
    fn renamed(
        &mut self,
        ladder: LadderId,
        renamed: &[(Loc<String>, Loc<String>)],
    ) -> Vec<(String, TierId)> {
        let names = self.ladder_tiers[ladder].clone();
        let tier = |name: &str| names.iter().position(|tier| tier == name);
        let mut lowered = Vec::with_capacity(renamed.len());
        for (old, new) in renamed {
            let (still, now) = (tier(&old.value), tier(&new.value));
            if still.is_some() {
                let message =
                    format!("`{}` is a tier of this ladder, so it is no old name", old.value);
                let help = match now {
                    Some(_) => "take this line away, or the tier".to_owned(),
                    None => format!("the old name stands first: `{}: {}`", new.value, old.value),
                };
                self.report(Diagnostic::new(Code::InvalidValue, old.span, message).help(help));
            } else if let Some(now) = now {
                lowered.push((old.value.clone(), now));
            } else {
                let help = did_you_mean(&new.value, names.iter().map(String::as_str))
                    .or_else(|| super::written::has(&names));
                let message = format!("there is no tier `{}` in this ladder", new.value);
                self.report(Diagnostic::new(Code::UnknownName, new.span, message).maybe_help(help));
            }
        }
        lowered
    }

    fn share(
        &mut self,
        ladder: LadderId,
        parsed: &ParsedLadder,
        tier_id: usize,
        ranks: &[Expr],
        sum: &mut Decimal,
    ) -> Condition<Expr> {
        let tier = &parsed.tiers[tier_id];
        let Some(share) = &tier.share else {
            self.report(
                Diagnostic::new(
                    Code::MixedTiers,
                    tier.name.span,
                    format!("`{}` has no `share`, but other tiers here do", tier.name.value),
                )
                .help("give every tier of a ladder of shares a `share`, the last one `rest`"),
            );
            return Condition::Never;
        };
        if let Some(enter) = &tier.enter {
            let message = "a tier has a `share` or an `enter`, not both";
            self.error(Code::MixedTiers, enter.span, message);
        }
        let rest = matches!(share, Literal::Scalar { text, .. } if text.text.trim() == "rest");
        let percent = if rest {
            if tier_id + 1 != parsed.tiers.len() {
                let message = "`rest` is for the last tier: it takes everybody who is left";
                let help = "write a number here, and `rest` at the last tier";
                self.report(Diagnostic::new(Code::RestNotLast, share.span(), message).help(help));
                return Condition::Never;
            }
            Decimal::ONE_HUNDRED
        } else {
            let Some(percent) = self.percent(share) else { return Condition::Never };
            if percent.is_zero() {
                self.report(
                    Diagnostic::new(
                        Code::InvalidPercent,
                        share.span(),
                        "a share of 0 % holds nobody",
                    )
                    .help("write a number above 0, or take the tier away"),
                );
            }
            *sum += percent;
            if *sum > Decimal::ONE_HUNDRED {
                let message = format!("the shares down to here add up to {sum} %");
                self.report(
                    Diagnostic::new(Code::ShareSum, share.span(), message)
                        .help("shares add up to 100 at most; the last one may be `rest`"),
                );
                return Condition::Never;
            }
            *sum
        };
        match self.share_top(ladder, percent, ranks, share.span()) {
            Some(top) => Condition::Expr(top),
            None => Condition::Never,
        }
    }

    fn lower_tier(
        &mut self,
        ladder: LadderId,
        parsed: &ParsedLadder,
        tier: &ParsedTier,
        enter: Condition<Expr>,
    ) -> Tier {
        let scope = Scope::criterion(ladder, self.holding(ladder));
        let keep = tier.keep.as_ref().map(|keep| self.condition(keep, scope));
        let either = |own: &ParsedPolicy| own.review.is_some();
        let review = if either(&tier.policy) { &tier.policy } else { &parsed.defaults };
        let review = match &review.review {
            Some(review) => self.review(ladder, &review.value),
            None => None,
        };
        let upgrade = tier.policy.upgrade.as_ref().or(parsed.defaults.upgrade.as_ref());
        let grace = tier.policy.grace.as_ref().or(parsed.defaults.grace.as_ref());
        let grace = grace.filter(|grace| !says_none(grace)).and_then(|grace| self.duration(grace));
        let landing = tier.policy.landing.as_ref().or(parsed.defaults.landing.as_ref());
        let landing = landing.map_or(Landing::Earned, |landing| self.landing(ladder, landing));
        let warn_over = tier.warn_over.as_ref().and_then(|percent| self.percent(percent));
        Tier {
            name: tier.name.value.clone(),
            title: tier.title.plain(),
            enter,
            keep,
            review: review.unwrap_or(Review::Dynamic(Cadence::Tick(Tick::Daily))),
            upgrade: upgrade.map_or(Upgrade::AtOnce, |upgrade| upgrade.value),
            grace,
            landing,
            warn_over,
            span: tier.name.span,
        }
    }

    fn landing(&mut self, ladder: LadderId, parsed: &Loc<String>) -> Landing {
        match parsed.value.as_str() {
            "one_down" => return Landing::OneDown,
            "earned" => return Landing::Earned,
            _ => {}
        }
        let tiers = &self.ladder_tiers[ladder];
        if let Some(tier) = tiers.iter().position(|name| *name == parsed.value) {
            return Landing::Tier(tier);
        }
        let names = tiers.iter().map(String::as_str).chain(["one_down", "earned"]);
        let help = did_you_mean(&parsed.value, names)
            .unwrap_or_else(|| "write `one_down`, `earned` or a tier of this ladder".to_owned());
        self.report(
            Diagnostic::new(
                Code::UnknownName,
                parsed.span,
                format!("`{}` is no landing and no tier here", parsed.value),
            )
            .help(help),
        );
        Landing::Earned
    }

    /// Percent a customer may be short of, for `near`.
    pub fn short_by(&mut self, literal: Option<&Literal>) -> Option<Decimal> {
        let literal = literal?;
        let percent = self.constant_number(literal, Unit::Percent)?;
        self.percent_in_range(percent, literal.span())
    }
}

/// `grace: none` on a tier takes back the ladder's default.
fn says_none(literal: &Literal) -> bool {
    matches!(literal, Literal::Scalar { text, .. } if text.text.trim() == "none")
}
