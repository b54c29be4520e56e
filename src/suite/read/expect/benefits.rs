//! What is expected of benefits: whether they are given, their values, and when.

use jiff::civil::Date;

use super::super::values::{Wanted, is_none};
use super::Reader;
use crate::expr::{NUMBER_SCALE, Type, Unit};
use crate::pack::lower::in_backticks;
use crate::pack::yaml::{Kind, Node};
use crate::program::{BenefitKind, MonthDay, Occasion};
use crate::source::Loc;
use crate::suite::case::{Expectation, Expected, ExpectedBenefit};

impl Reader<'_, '_> {
    pub(super) fn benefits(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        if is_none(node) {
            for id in 0..self.program.benefits.len() {
                let what = Expected::Benefit(id, ExpectedBenefit::Given(false));
                expected.push(Expectation { span: node.span, what });
            }
            return;
        }
        let Kind::Map(entries) = &node.kind else {
            for item in self.lower.items(node) {
                let Some(name) = self.lower.word(item, "a benefit") else { continue };
                let given = ExpectedBenefit::Given(true);
                expected.extend(
                    self.benefit_named(&name).map(|id| Expectation {
                        span: item.span,
                        what: Expected::Benefit(id, given),
                    }),
                );
            }
            return;
        };
        for entry in entries {
            let Some(id) = self.benefit_named(&entry.key) else { continue };
            if let Kind::Map(parts) = &entry.value.kind
                && parts.iter().any(|part| matches!(part.key.value.as_str(), "value" | "on"))
            {
                self.benefit_parts(id, &entry.value, expected);
                continue;
            }
            let benefit = self.benefit(self.program.benefits[id].kind, &entry.value);
            expected.extend(benefit.map(|benefit| Expectation {
                span: entry.value.span,
                what: Expected::Benefit(id, benefit),
            }));
        }
    }

    /// `{ value: A card, on: birthday }`
    fn benefit_parts(&mut self, id: usize, node: &Node, expected: &mut Vec<Expectation>) {
        let Some(fields) = self.lower.fields(node, "a benefit", &["value", "on"]) else { return };
        if let Some(node) = fields.get("value") {
            let benefit = self.benefit(self.program.benefits[id].kind, node);
            let what = benefit.map(|benefit| Expected::Benefit(id, benefit));
            expected.extend(what.map(|what| Expectation { span: node.span, what }));
        }
        if let Some(node) = fields.get("on") {
            let occasion = match is_none(node) {
                true => Some(None),
                false => self.occasion(node).map(Some),
            };
            let what = occasion.map(|occasion| Expected::Occasion(id, occasion));
            expected.extend(what.map(|what| Expectation { span: node.span, what }));
        }
    }

    fn occasion(&mut self, node: &Node) -> Option<Occasion> {
        let word = self.lower.word(node, "`on`")?;
        let named = Occasion::NAMED.iter().find(|(name, _)| *name == word.value);
        let occasion = named.map(|(_, occasion)| *occasion).or_else(|| {
            // Of a leap year, so that every day there is exists.
            let day = format!("2000-{}", word.value).parse::<Date>().ok()?;
            Some(Occasion::EachYear(MonthDay { month: day.month(), day: day.day() }))
        });
        if occasion.is_none() {
            let names = in_backticks(Occasion::NAMED.iter().map(|(name, _)| *name));
            let message = format!("`{}` is no occasion", word.value);
            self.invalid(word.span, message, format!("write {names}, or a day as in `03-21`"));
        }
        occasion
    }

    fn benefit_named(&mut self, name: &Loc<String>) -> Option<usize> {
        let benefits = &self.program.benefits;
        let found = benefits.iter().position(|benefit| benefit.name == name.value);
        if found.is_none() {
            let names = self.program.benefits.iter().map(|benefit| benefit.name.as_str());
            self.unknown("benefit", &name.value, name.span, names);
        }
        found
    }

    /// The value of a benefit, `true` or `false` for given or not, or `none`.
    fn benefit(&mut self, kind: BenefitKind, node: &Node) -> Option<ExpectedBenefit> {
        if is_none(node) {
            return Some(ExpectedBenefit::Given(false));
        }
        if let Kind::Scalar(scalar) = &node.kind {
            match scalar.text.text.trim() {
                "true" if !scalar.quoted => return Some(ExpectedBenefit::Given(true)),
                "false" if !scalar.quoted => return Some(ExpectedBenefit::Given(false)),
                _ => {}
            }
        }
        let number = |reader: &mut Self, node: &Node, unit: Unit, scale: u8| {
            reader.known(node, "the value", Wanted { ty: Type::Number, unit, scale })
        };
        match kind {
            BenefitKind::PercentOff | BenefitKind::Cashback => {
                number(self, node, Unit::Percent, NUMBER_SCALE).map(ExpectedBenefit::Amount)
            }
            BenefitKind::AmountOff | BenefitKind::PointsMultiplier => {
                number(self, node, Unit::Number, NUMBER_SCALE).map(ExpectedBenefit::Amount)
            }
            BenefitKind::FreeShipping => match &node.kind {
                Kind::Map(_) => {
                    let fields = self.lower.fields(node, "free shipping", &["over"])?;
                    let over = fields.get("over")?;
                    number(self, over, Unit::Money, NUMBER_SCALE).map(ExpectedBenefit::ShippingOver)
                }
                _ => {
                    let word = self.lower.choice(node, "free shipping", &[("always", ())])?;
                    let () = word.value;
                    Some(ExpectedBenefit::ShippingAlways)
                }
            },
            BenefitKind::Credit => {
                let known = ["ceiling", "days", "guarantor"];
                let fields = self.lower.fields(node, "credit", &known)?;
                let ceiling = match fields.get("ceiling") {
                    Some(node) => Some(number(self, node, Unit::Money, NUMBER_SCALE)?),
                    None => None,
                };
                let days = match fields.get("days") {
                    Some(node) => Some(self.whole(node, "`days`", 0..=u32::MAX)?),
                    None => None,
                };
                let guarantor = match fields.get("guarantor") {
                    Some(node) => {
                        let scalar = self.lower.scalar(node, "`guarantor`")?;
                        Some(self.flag(scalar, node.span, "`guarantor`")?)
                    }
                    None => None,
                };
                Some(ExpectedBenefit::Credit { ceiling, days: days.map(i64::from), guarantor })
            }
            BenefitKind::Perk => {
                let text = self.lower.text(node, "the value")?;
                Some(ExpectedBenefit::Text(text.text.trim().to_owned()))
            }
        }
    }
}
