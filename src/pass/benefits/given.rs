//! The benefits of one customer.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::expr::{Expr, Fault, Inputs, LadderId, SegmentId, TierId, Value, evaluate, holds};
use crate::metrics::population::Population;
use crate::pass::After;
use crate::program::{
    Benefit, BenefitKind, BenefitValue, LocalText, Occasion, Program, SegmentBenefit, TierBenefit,
};

/// A benefit that a customer gets.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenBenefit<'a> {
    pub id: &'a str,
    pub kind: BenefitKind,
    pub value: GivenValue,
    pub title: &'a LocalText,
    pub why: Why,
    /// When it is given; `None`: all the time.
    pub occasion: Option<Occasion>,
}

/// What a benefit gives, after its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenValue {
    /// Percent, money or a factor.
    Amount(Decimal),
    ShippingAlways,
    /// For orders over so much money.
    ShippingOver(Decimal),
    Credit {
        ceiling: Decimal,
        days: i64,
        guarantor: bool,
    },
    Text(LocalText),
}

/// What gives a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Tier(LadderId, TierId),
    Segment(SegmentId),
}

/// The benefits of a customer, in the order of the pack. One whose value or condition is a fault
/// is absent. Where a tier and segments give the same one, the better value counts; of equals
/// and of perks the first in the order of the file.
pub fn benefits<'a>(
    program: &'a Program,
    population: &Population,
    after: &After,
    slot: usize,
) -> Vec<GivenBenefit<'a>> {
    population.with_customer(program, &after.columns, slot, |customer| {
        let given = program.benefits.iter().filter_map(|benefit| {
            let (value, why) = best(benefit, customer, after, slot)?;
            let id = benefit.name.as_str();
            Some(GivenBenefit {
                id,
                kind: benefit.kind,
                value,
                title: &benefit.title,
                why,
                occasion: benefit.occasion,
            })
        });
        given.collect()
    })
}

fn best(
    benefit: &Benefit,
    customer: &dyn Inputs,
    after: &After,
    slot: usize,
) -> Option<(GivenValue, Why)> {
    let tiers = benefit.tiers.iter().filter_map(|TierBenefit { ladder, tier, value, .. }| {
        let held = after.standings.ladders[*ladder].tier[slot].tier();
        (held == Some(*tier)).then_some((value, Why::Tier(*ladder, *tier)))
    });
    let segments =
        benefit.segments.iter().filter_map(|SegmentBenefit { segment, value, .. }| {
            after.segments[*segment].holds[slot].then_some((value, Why::Segment(*segment)))
        });
    let candidates: Vec<_> = match benefit.segments_first {
        true => segments.chain(tiers).collect(),
        false => tiers.chain(segments).collect(),
    };
    if candidates.is_empty() {
        return None;
    }
    if !holds(&benefit.when, customer, None).holds[0] {
        return None;
    }
    candidates
        .into_iter()
        .filter_map(|(value, why)| Some((of(value, customer).ok()?, why)))
        .reduce(|best, next| if next.0.is_better(&best.0) { next } else { best })
}

impl GivenValue {
    /// Whether this is strictly better for the customer than another value of the same benefit.
    fn is_better(&self, other: &GivenValue) -> bool {
        use GivenValue::{Amount, Credit, ShippingAlways, ShippingOver};
        match (self, other) {
            (Amount(own), Amount(other)) => own > other,
            (ShippingAlways, ShippingOver(_)) => true,
            (ShippingOver(own), ShippingOver(other)) => own < other,
            (
                Credit { ceiling, days, guarantor },
                Credit { ceiling: other_ceiling, days: other_days, guarantor: other_guarantor },
            ) => (ceiling, days, !guarantor) > (other_ceiling, other_days, !other_guarantor),
            _ => false,
        }
    }
}

fn of(value: &BenefitValue, customer: &dyn Inputs) -> Result<GivenValue, Fault> {
    let value_of = |expr: &Expr| evaluate(expr, customer, None).value(0);
    let number = |expr: &Expr| value_of(expr)?.as_number().ok_or(Fault::ScriptType);
    Ok(match value {
        BenefitValue::Amount(expr) => GivenValue::Amount(number(expr)?),
        BenefitValue::ShippingAlways => GivenValue::ShippingAlways,
        BenefitValue::ShippingOver(expr) => GivenValue::ShippingOver(number(expr)?),
        BenefitValue::Credit { ceiling, days, guarantor } => GivenValue::Credit {
            ceiling: number(ceiling)?,
            days: whole(number(days)?)?,
            guarantor: match value_of(guarantor)? {
                Value::Flag(guarantor) => guarantor,
                _ => return Err(Fault::ScriptType),
            },
        },
        BenefitValue::Text(text) => GivenValue::Text(text.clone()),
        BenefitValue::TextFrom(expr) => match value_of(expr)? {
            Value::Text(text) => GivenValue::Text(LocalText::plain(&*text)),
            _ => return Err(Fault::ScriptType),
        },
    })
}

fn whole(number: Decimal) -> Result<i64, Fault> {
    let whole = number.fract().is_zero().then(|| number.to_i64()).flatten();
    whole.ok_or(Fault::ScriptType)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_values() {
        let amount = |number: i64| GivenValue::Amount(number.into());
        assert!(amount(20).is_better(&amount(10)));
        assert!(!amount(10).is_better(&amount(10)));
        let over = |number: i64| GivenValue::ShippingOver(number.into());
        assert!(GivenValue::ShippingAlways.is_better(&over(0)));
        assert!(over(300).is_better(&over(500)));
        assert!(!over(0).is_better(&GivenValue::ShippingAlways));
        let credit = |ceiling: i64, days, guarantor| GivenValue::Credit {
            ceiling: ceiling.into(),
            days,
            guarantor,
        };
        assert!(credit(500, 30, true).is_better(&credit(400, 90, false)));
        assert!(credit(500, 60, true).is_better(&credit(500, 30, false)));
        assert!(credit(500, 30, false).is_better(&credit(500, 30, true)));
        let perk = |text: &str| GivenValue::Text(LocalText::plain(text));
        assert!(!perk("Gift box").is_better(&perk("Card")));
    }
}
