//! Ladders: tiers, shares and policies.

use rust_decimal::Decimal;

use super::checker::Checker;
use super::literal::is_name;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{Condition, Expr, LadderId, Unit};
use crate::lifecycle::{Cadence, Landing, Review, ReviewFrom, Span as Length, Tick, Upgrade};
use crate::pack::{Literal, ParsedLadder, ParsedPolicy, ParsedReview, ParsedTier};
use crate::program::{Ladder, MonthDay, Tier};
use crate::source::Loc;

impl Checker<'_> {
    pub fn lower_ladders(&mut self) -> Vec<Ladder> {
        let pack = self.pack;
        pack.ladders.iter().enumerate().map(|(id, parsed)| self.lower_ladder(id, parsed)).collect()
    }

    fn lower_ladder(&mut self, id: LadderId, parsed: &ParsedLadder) -> Ladder {
        let shares = parsed.tiers.iter().any(|tier| tier.share.is_some());
        let ranks = self.rank_measures(&parsed.rank_by);
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
            let enter = if shares {
                self.share(id, parsed, tier_id, &ranks, &mut sum)
            } else {
                match &tier.enter {
                    Some(enter) => self.condition(enter, Scope::criterion(id)),
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
            renamed: Vec::new(),
            warn: None,
        }
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
        let keep = tier.keep.as_ref().map(|keep| self.condition(keep, Scope::criterion(ladder)));
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

    fn review(&mut self, ladder: LadderId, parsed: &ParsedReview) -> Option<Review> {
        match parsed {
            ParsedReview::Fixed { period, from, round } => {
                let period = self.length(ladder, period)?;
                let from = match from {
                    Some(from) => self.review_from(from)?,
                    None => ReviewFrom::Evaluation,
                };
                Some(Review::Fixed { period, from, round: round.as_ref().map(|r| r.value) })
            }
            ParsedReview::Dynamic(cadence) => {
                if let Literal::Scalar { text, .. } = cadence {
                    match text.text.trim() {
                        "daily" => return Some(Review::Dynamic(Cadence::Tick(Tick::Daily))),
                        "weekly" => return Some(Review::Dynamic(Cadence::Tick(Tick::Weekly))),
                        "monthly" => return Some(Review::Dynamic(Cadence::Tick(Tick::Monthly))),
                        written if !written.contains(' ') && is_name(written) => {
                            let cadences = ["daily", "weekly", "monthly"];
                            let parameter = self.names.contains_key(written);
                            if let (false, Some(help)) =
                                (parameter, did_you_mean(written, cadences))
                            {
                                let message = format!("`{written}` is no cadence");
                                self.report(
                                    Diagnostic::new(Code::InvalidValue, text.whole(), message)
                                        .help(help),
                                );
                                return None;
                            }
                        }
                        _ => {}
                    }
                }
                self.length(ladder, cadence).map(|every| Review::Dynamic(Cadence::Every(every)))
            }
        }
    }

    /// A duration, a parameter, or `{expr: …}` that gives whole days or duration text.
    fn length(&mut self, ladder: LadderId, literal: &Literal) -> Option<Length> {
        let Literal::Expr { text, .. } = literal else {
            return self.duration(literal).map(Length::Fixed);
        };
        // A script may give either; its number is read as its digits.
        let ast = crate::expr::parse(text, &mut self.findings)?;
        let want = Some(crate::expr::Type::Text);
        let expr = self.typed_expr(&ast, Scope::criterion(ladder), want)?;
        if !matches!(expr.ty, crate::expr::Type::Number | crate::expr::Type::Text) {
            let message = format!("a period is whole days or text; this is {}", expr.ty.words());
            self.error(Code::WrongType, expr.span, message);
            return None;
        }
        if let crate::expr::Node::Literal(crate::expr::Value::Number(days)) = &expr.node
            && *days < Decimal::ONE
        {
            let message = format!("`{days}` days is under a day");
            self.report(
                Diagnostic::new(Code::PeriodTooShort, expr.span, message)
                    .help("write at least `1 day`"),
            );
            return None;
        }
        Some(Length::Computed(expr))
    }

    fn review_from(&mut self, from: &Loc<String>) -> Option<ReviewFrom> {
        match from.value.as_str() {
            "evaluation" => return Some(ReviewFrom::Evaluation),
            "entry" => return Some(ReviewFrom::Entry),
            _ => {}
        }
        if let Some(day) = month_day(&from.value) {
            return Some(ReviewFrom::EachYear(day));
        }
        let attributes = || self.attributes.iter().map(|attribute| attribute.name.as_str());
        if attributes().any(|name| name == from.value) {
            return self.date_attribute(&from.value, from.span).map(ReviewFrom::Attribute);
        }
        let help = did_you_mean(&from.value, attributes().chain(["evaluation", "entry"]));
        self.report(
            Diagnostic::new(
                Code::InvalidValue,
                from.span,
                format!("a period cannot start from `{}`", from.value),
            )
            .help(help.unwrap_or_else(|| {
                if from.value.starts_with(|c: char| c.is_ascii_digit()) {
                    return crate::pack::day_help(&from.value);
                }
                "write `evaluation`, `entry`, a date attribute of the customers, or a day as \
                 `01-01`"
                    .to_owned()
            })),
        );
        None
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

/// `MM-DD`; 29 February is a day of leap years.
pub(super) fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-')?;
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2000 is a leap year.
    jiff::civil::Date::new(2000, month, day).ok()?;
    Some(MonthDay { month, day })
}
