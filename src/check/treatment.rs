//! How customers are treated: benefits, segments and alerts.

use super::checker::{Checker, Meaning};
use super::ladders::month_day;
use super::scope::{Scope, Standings};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{Condition, Expr, LadderId, Node, SegmentId, Type, Unit, Value};
use crate::pack::{
    Literal, ParsedAlert, ParsedBenefit, ParsedBenefitValue, ParsedSegment, ParsedText,
};
use crate::program::{
    Alert, Benefit, BenefitKind, BenefitValue, LocalText, Occasion, Segment, SegmentRule,
    placeholders,
};
use crate::source::{Loc, Span};

const CATEGORIES: [&str; 10] = [
    "gift",
    "access",
    "early_access",
    "service",
    "draw",
    "donation",
    "upgrade",
    "voucher",
    "event",
    "other",
];

impl Checker<'_> {
    pub fn lower_segments(&mut self) -> Vec<Segment> {
        let pack = self.pack;
        pack.segments.iter().map(|parsed| self.lower_segment(parsed)).collect()
    }

    fn lower_segment(&mut self, parsed: &ParsedSegment) -> Segment {
        let rule = match (&parsed.when, &parsed.near) {
            (Some(when), None) => SegmentRule::When(self.condition(when, Scope::TREATMENT)),
            (None, Some(near)) => {
                let tier = self.tier_reference(&near.value, near.span);
                let short_by = self.short_by(parsed.short_by.as_ref());
                match (tier, short_by) {
                    (Some((ladder, tier)), Some(short_by)) => {
                        SegmentRule::Near { ladder, tier, short_by }
                    }
                    _ => SegmentRule::When(Condition::Never),
                }
            }
            // Reading the pack has told what is missing or too much.
            _ => SegmentRule::When(Condition::Never),
        };
        Segment { name: parsed.name.value.clone(), title: parsed.title.plain(), rule }
    }

    pub fn lower_alerts(&mut self) -> Vec<Alert> {
        let pack = self.pack;
        pack.alerts.iter().map(|parsed| self.lower_alert(parsed)).collect()
    }

    fn lower_alert(&mut self, parsed: &ParsedAlert) -> Alert {
        let holders =
            parsed.holders.as_ref().and_then(|tier| self.tier_reference(&tier.value, tier.span));
        let when = match &parsed.when {
            Some(when) => self.condition(when, Scope::TREATMENT),
            None => Condition::Never,
        };
        let every = parsed.every.as_ref().and_then(|every| self.duration(every));
        self.placeholders(&parsed.message);
        for action in &parsed.action {
            self.placeholders(action);
        }
        Alert {
            name: parsed.name.value.clone(),
            title: parsed.title.plain(),
            holders,
            when,
            action: parsed.action.iter().map(ParsedText::plain).collect(),
            every,
            message: parsed.message.plain(),
        }
    }

    /// Every `{name}` of a message must be the customer's id or something that has a value.
    fn placeholders(&mut self, message: &ParsedText) {
        for (_, text) in &message.texts {
            for (start, name) in placeholders(&text.text) {
                if name == "customer" || name == "as_of" {
                    continue;
                }
                let span = text.span(start, start + name.len());
                if self.names.contains_key(name) {
                    self.look_up(name, span, Scope::TREATMENT);
                    continue;
                }
                // Without such an attribute it is the customer's id.
                if name == "name" {
                    continue;
                }
                let candidates = self.candidates(Scope::TREATMENT);
                let help = did_you_mean(name, candidates.iter().map(String::as_str));
                self.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        span,
                        format!("there is no metric, attribute or parameter `{name}`"),
                    )
                    .maybe_help(help),
                );
            }
        }
    }

    pub fn lower_benefits(&mut self) -> Vec<Benefit> {
        let pack = self.pack;
        pack.benefits.iter().filter_map(|parsed| self.lower_benefit(parsed)).collect()
    }

    fn lower_benefit(&mut self, parsed: &ParsedBenefit) -> Option<Benefit> {
        let kind = parsed.kind.as_ref()?.value;
        let ladder = self.benefit_ladder(parsed);
        let tiers = self.benefit_tiers(parsed, kind, ladder);
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
            let scope = Scope::Customer { ladder: None, standings: Standings::After, value };
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
            ladder,
            tiers,
            segments,
            segments_first,
            when,
            cost,
            occasion,
            category,
        })
    }

    /// The ladder whose tiers a benefit names: the one it says, or the only one.
    fn benefit_ladder(&mut self, parsed: &ParsedBenefit) -> Option<LadderId> {
        if let Some(name) = &parsed.ladder {
            let found = self.ladder_id(&name.value);
            if found.is_none() {
                let names = self.pack.ladders.iter().map(|ladder| ladder.name.value.as_str());
                let help = did_you_mean(&name.value, names);
                self.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        name.span,
                        format!("there is no ladder `{}`", name.value),
                    )
                    .maybe_help(help),
                );
            }
            return found;
        }
        if parsed.tiers.is_empty() {
            return None;
        }
        match self.pack.ladders.len() {
            1 => Some(0),
            0 => {
                let message = "the pack has no ladder, so no tiers";
                self.error(Code::UnknownName, parsed.tiers[0].0.span, message);
                None
            }
            _ => {
                self.report(
                    Diagnostic::new(
                        Code::MissingKey,
                        parsed.name.span,
                        "the pack has several ladders: say whose tiers these are",
                    )
                    .help(format!("add `ladder: {}`", self.pack.ladders[0].name.value)),
                );
                None
            }
        }
    }

    fn benefit_tiers(
        &mut self,
        parsed: &ParsedBenefit,
        kind: BenefitKind,
        ladder: Option<LadderId>,
    ) -> Vec<(usize, BenefitValue)> {
        let Some(ladder) = ladder else { return Vec::new() };
        let mut tiers = Vec::new();
        for (name, value) in &parsed.tiers {
            let names = &self.ladder_tiers[ladder];
            let Some(tier) = names.iter().position(|tier| *tier == name.value) else {
                let help = did_you_mean(&name.value, names.iter().map(String::as_str))
                    .or_else(|| super::written::has(names));
                let ladder = &self.pack.ladders[ladder].name.value;
                let message = format!("the ladder `{ladder}` has no tier `{}`", name.value);
                self.report(
                    Diagnostic::new(Code::UnknownName, name.span, message).maybe_help(help),
                );
                continue;
            };
            if let Some(value) = self.benefit_value(kind, value) {
                tiers.push((tier, value));
            }
        }
        tiers
    }

    fn benefit_segments(
        &mut self,
        parsed: &ParsedBenefit,
        kind: BenefitKind,
    ) -> Vec<(SegmentId, BenefitValue)> {
        let pack = self.pack;
        let mut segments = Vec::new();
        for (name, value) in &parsed.segments {
            let found = pack.segments.iter().position(|segment| segment.name.value == name.value);
            let Some(segment) = found else {
                let names = pack.segments.iter().map(|segment| segment.name.value.as_str());
                let help = did_you_mean(&name.value, names);
                let message = format!("there is no segment `{}`", name.value);
                self.report(
                    Diagnostic::new(Code::UnknownName, name.span, message).maybe_help(help),
                );
                continue;
            };
            if let Some(value) = self.benefit_value(kind, value) {
                segments.push((segment, value));
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
        if let Some(day) = month_day(&on.value) {
            return Some(Occasion::EachYear(day));
        }
        let help = did_you_mean(&on.value, ["birthday", "anniversary", "entry", "renewal"])
            .unwrap_or_else(|| {
                "write `birthday`, `anniversary`, `entry`, `renewal`, or a day as `03-21`"
                    .to_owned()
            });
        let message = format!("`{}` is no occasion", on.value);
        self.report(Diagnostic::new(Code::InvalidValue, on.span, message).help(help));
        None
    }

    fn category(&mut self, parsed: &ParsedBenefit, kind: BenefitKind) -> Option<String> {
        match (&parsed.category, kind) {
            (Some(category), BenefitKind::Perk) => {
                if !CATEGORIES.contains(&category.value.as_str()) {
                    let help = did_you_mean(&category.value, CATEGORIES)
                        .unwrap_or_else(|| format!("write one of {}", CATEGORIES.join(", ")));
                    let message = format!("`{}` is no category of perks", category.value);
                    self.report(
                        Diagnostic::new(Code::InvalidValue, category.span, message).help(help),
                    );
                }
                Some(category.value.clone())
            }
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
