//! Benefits: what tiers and segments bring, and what it costs.

use super::checker::{Checker, Meaning};
use super::reviews::month_day;
use super::scope::{Scope, Standings};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{Condition, Expr, LadderId, Node, TierId, Type, Unit, Value};
use crate::pack::{Literal, ParsedBenefit, ParsedBenefitValue};
use crate::program::{
    Benefit, BenefitKind, BenefitValue, LocalText, Occasion, SegmentBenefit, TierBenefit,
};
use crate::source::{Loc, Span};

impl Checker<'_> {
    pub fn lower_benefits(&mut self) -> Vec<Benefit> {
        let pack = self.pack;
        pack.benefits.iter().filter_map(|parsed| self.lower_benefit(parsed)).collect()
    }

    fn lower_benefit(&mut self, parsed: &ParsedBenefit) -> Option<Benefit> {
        let kind = parsed.kind.as_ref()?.value;
        let tiers = self.benefit_tiers(parsed, kind);
        let segments = self.benefit_segments(parsed, kind);
        let segments_first = match (parsed.tiers.first(), parsed.segments.first()) {
            (Some((tier, _)), Some((segment, _))) => segment.span.start < tier.span.start,
            _ => false,
        };
        let when = match &parsed.when {
            Some(when) => self.condition(when, Scope::TREATMENT),
            None => Condition::Always,
        };
        let cost = parsed.cost.as_ref().and_then(|text| {
            let value = value_unit(kind);
            let standings = Standings::After;
            let scope = Scope::Customer { ladder: None, held_by: None, standings, value };
            let cost = self.expression(text, scope, Some(Type::Number))?;
            self.warn_if_not_yearly(&cost);
            Some(cost)
        });
        let occasion = parsed.on.as_ref().and_then(|on| self.occasion(on));
        let category = self.category(parsed, kind);
        Some(Benefit {
            name: parsed.name.value.clone(),
            kind,
            title: parsed.title.plain(),
            tiers,
            segments,
            segments_first,
            when,
            cost,
            occasion,
            category,
        })
    }

    /// The tiers that a benefit names: of its `ladder:`, or else of every ladder that has one of
    /// the name.
    fn benefit_tiers(&mut self, parsed: &ParsedBenefit, kind: BenefitKind) -> Vec<TierBenefit> {
        let ladders: Vec<LadderId> = match &parsed.ladder {
            Some(name) => match self.ladder_named(&name.value, name.span) {
                Some(ladder) => vec![ladder],
                None => return Vec::new(),
            },
            None => (0..self.ladder_tiers.len()).collect(),
        };
        let mut tiers = Vec::new();
        for (name, value) in &parsed.tiers {
            let found: Vec<(LadderId, TierId)> = ladders
                .iter()
                .filter_map(|&ladder| {
                    let names = &self.ladder_tiers[ladder];
                    Some((ladder, names.iter().position(|tier| *tier == name.value)?))
                })
                .collect();
            if found.is_empty() {
                self.unknown_tier(name, &ladders);
                continue;
            }
            let Some(value) = self.benefit_value(kind, value) else { continue };
            tiers.extend(found.into_iter().map(|(ladder, tier)| TierBenefit {
                ladder,
                tier,
                value: value.clone(),
                span: name.span,
            }));
        }
        tiers
    }

    fn unknown_tier(&mut self, name: &Loc<String>, ladders: &[LadderId]) {
        let names: Vec<String> =
            ladders.iter().flat_map(|&ladder| self.ladder_tiers[ladder].iter().cloned()).collect();
        let help = did_you_mean(&name.value, names.iter().map(String::as_str))
            .or_else(|| super::written::has(&names));
        let message = match ladders {
            [] => "the pack has no ladder, so no tiers".to_owned(),
            [ladder] => {
                let ladder = &self.pack.ladders[*ladder].name.value;
                format!("the ladder `{ladder}` has no tier `{}`", name.value)
            }
            _ => format!("no ladder has a tier `{}`", name.value),
        };
        self.report(Diagnostic::new(Code::UnknownName, name.span, message).maybe_help(help));
    }

    fn benefit_segments(
        &mut self,
        parsed: &ParsedBenefit,
        kind: BenefitKind,
    ) -> Vec<SegmentBenefit> {
        let _pack = self.pack;
        let mut segments = Vec::new();
        for (name, value) in &parsed.segments {
            let Some(segment) = self.segment_named(&name.value, name.span) else { continue };
            if let Some(value) = self.benefit_value(kind, value) {
                segments.push(SegmentBenefit { segment, value, span: name.span });
            }
        }
        segments
    }

    fn benefit_value(
        &mut self,
        kind: BenefitKind,
        parsed: &ParsedBenefitValue,
    ) -> Option<BenefitValue> {
        let unit = value_unit(kind);
        match (kind, parsed) {
            (
                BenefitKind::FreeShipping,
                ParsedBenefitValue::Literal(Literal::Scalar { text, .. }),
            ) if text.text.trim() == "always" => Some(BenefitValue::ShippingAlways),
            (BenefitKind::FreeShipping, ParsedBenefitValue::Over { over, .. }) => {
                self.amount(over, Unit::Money).map(BenefitValue::ShippingOver)
            }
            (
                BenefitKind::FreeShipping,
                ParsedBenefitValue::Literal(literal @ Literal::Expr { .. }),
            ) => self.amount(literal, Unit::Money).map(BenefitValue::ShippingOver),
            (BenefitKind::Credit, ParsedBenefitValue::Credit { ceiling, days, guarantor, .. }) => {
                self.credit(ceiling.as_ref(), days.as_ref(), guarantor.as_ref())
            }
            (BenefitKind::Perk, ParsedBenefitValue::Text { text, .. }) => {
                Some(BenefitValue::Text(text.plain()))
            }
            (BenefitKind::Perk, ParsedBenefitValue::Literal(Literal::Scalar { text, .. })) => {
                let parameter = match self.names.get(&text.text) {
                    Some((Meaning::Parameter(_), _)) => self.parameter_named(&text.text),
                    _ => None,
                };
                Some(BenefitValue::Text(match parameter {
                    Some((_, crate::program::ParameterValue::Value(Value::Text(value)))) => {
                        LocalText::plain(&*value)
                    }
                    _ => LocalText::plain(&text.text),
                }))
            }
            (BenefitKind::Perk, ParsedBenefitValue::Literal(Literal::Expr { text, .. })) => self
                .expression(text, Scope::TREATMENT, Some(Type::Text))
                .map(BenefitValue::TextFrom),
            (
                BenefitKind::PercentOff
                | BenefitKind::Cashback
                | BenefitKind::AmountOff
                | BenefitKind::PointsMultiplier,
                ParsedBenefitValue::Literal(literal),
            ) => self.amount(literal, unit.unwrap_or(Unit::Number)).map(BenefitValue::Amount),
            _ => {
                let span = match parsed {
                    ParsedBenefitValue::Literal(literal) => literal.span(),
                    ParsedBenefitValue::Over { span, .. }
                    | ParsedBenefitValue::Credit { span, .. }
                    | ParsedBenefitValue::Text { span, .. } => *span,
                };
                let form = match kind {
                    BenefitKind::PercentOff | BenefitKind::Cashback => "a percent, as in `20`",
                    BenefitKind::AmountOff => "an amount of money, as in `50`",
                    BenefitKind::PointsMultiplier => "a number, as in `1.5`",
                    BenefitKind::FreeShipping => "`always`, or `{ over: 500 }`",
                    BenefitKind::Credit => "`{ ceiling: 20000, days: 30, guarantor: true }`",
                    BenefitKind::Perk => "text",
                };
                self.report(
                    Diagnostic::new(
                        Code::InvalidValue,
                        span,
                        format!("this is no value of a `{}` benefit", kind.name()),
                    )
                    .help(format!("write {form}")),
                );
                None
            }
        }
    }

    /// A literal, a parameter, or `{expr: …}`: typed and of the unit.
    fn amount(&mut self, literal: &Literal, unit: Unit) -> Option<Expr> {
        let expr = match literal {
            Literal::Expr { text, .. } => {
                self.expression(text, Scope::TREATMENT, Some(Type::Number))?
            }
            _ => self.number(literal, unit)?,
        };
        if let (Unit::Percent, Node::Literal(Value::Number(number))) = (unit, &expr.node) {
            self.percent_in_range(*number, expr.span)?;
        }
        if !super::units::fit(expr.unit, unit) {
            let written = self.texts.text(expr.span);
            let message =
                format!("`{written}` counts {}; {} is wanted here", expr.unit.name(), unit.name());
            let help = format!("write {} here, or a metric that counts it", unit.name());
            self.report(Diagnostic::new(Code::UnitMismatch, expr.span, message).help(help));
        }
        Some(expr)
    }

    fn credit(
        &mut self,
        ceiling: Option<&Literal>,
        days: Option<&Literal>,
        guarantor: Option<&Literal>,
    ) -> Option<BenefitValue> {
        let (ceiling, days, guarantor) = (ceiling?, days?, guarantor?);
        let ceiling = self.amount(ceiling, Unit::Money);
        let days = self.amount(days, Unit::Count);
        let guarantor = self.flag(guarantor);
        Some(BenefitValue::Credit { ceiling: ceiling?, days: days?, guarantor: guarantor? })
    }

    /// `true`, `false`, a flag parameter or `{expr: …}`.
    fn flag(&mut self, literal: &Literal) -> Option<Expr> {
        match literal {
            Literal::Expr { text, .. } => self.expression(text, Scope::TREATMENT, Some(Type::Flag)),
            Literal::Scalar { text, quoted: false } => {
                self.expression(text, Scope::TREATMENT, Some(Type::Flag))
            }
            _ => {
                let message = "`true` or `false` is wanted here";
                self.error(Code::InvalidValue, literal.span(), message);
                None
            }
        }
    }

    fn occasion(&mut self, on: &Loc<String>) -> Option<Occasion> {
        match on.value.as_str() {
            "birthday" => {
                self.date_attribute("birthday", on.span)?;
                return Some(Occasion::Birthday);
            }
            "anniversary" => {
                self.date_attribute("joined", on.span)?;
                return Some(Occasion::Anniversary);
            }
            "entry" => return Some(Occasion::Entry),
            "renewal" => return Some(Occasion::Renewal),
            _ => {}
        }
        // The reader has told of anything but a day.
        month_day(&on.value).map(Occasion::EachYear)
    }

    fn category(&mut self, parsed: &ParsedBenefit, kind: BenefitKind) -> Option<String> {
        match (&parsed.category, kind) {
            // The reader has told of one that is missing or unknown.
            (Some(category), BenefitKind::Perk) => Some(category.value.clone()),
            (Some(category), _) => {
                let message = format!("only perks have a category, not `{}`", kind.name());
                self.error(Code::NotAllowedHere, category.span, message);
                None
            }
            (None, _) => None,
        }
    }

    fn warn_if_not_yearly(&mut self, cost: &Expr) {
        let mut found: Vec<(String, Span)> = Vec::new();
        cost.visit(&mut |expr| {
            if let Node::Input(crate::expr::Input::Metric(id)) = expr.node
                && let super::checker::Draft::Done(metric) = &self.drafts[id]
                && !metric.yearly
            {
                found.push((metric.name.clone(), expr.span));
            }
        });
        for (name, span) in found {
            self.report(
                Diagnostic::new(
                    Code::CostNotYearly,
                    span,
                    format!("`{name}` is not what a year brings, and a cost is for a year"),
                )
                .help("use a metric `within: 12 months`"),
            );
        }
    }
}

/// What a benefit's value counts; `None` where it is not a number.
fn value_unit(kind: BenefitKind) -> Option<Unit> {
    match kind {
        BenefitKind::PercentOff | BenefitKind::Cashback => Some(Unit::Percent),
        BenefitKind::AmountOff | BenefitKind::FreeShipping | BenefitKind::Credit => {
            Some(Unit::Money)
        }
        BenefitKind::PointsMultiplier => Some(Unit::Number),
        BenefitKind::Perk => None,
    }
}
