//! Benefits that get worse as the tier rises.

use rust_decimal::Decimal;

use super::linear::Linear;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::{Expr, Node, Type, Value, decimal};
use crate::program::{Benefit, BenefitValue, Program, TierBenefit};

/// A part of a value that is worse than in a lower tier.
struct Worse<'b> {
    /// The higher tier's value.
    place: &'b Expr,
    better_place: Option<&'b Expr>,
    /// How both read: the higher tier's, then the lower tier's.
    words: (String, String),
}

/// Reports values of a tier that are worse than a lower tier's. Values that are computed for
/// each customer are not compared.
pub(super) fn report(program: &Program, findings: &mut Diagnostics) {
    for benefit in &program.benefits {
        for (id, ladder) in program.ladders.iter().enumerate() {
            let mut tiers: Vec<&TierBenefit> =
                benefit.tiers.iter().filter(|tier| tier.ladder == id).collect();
            tiers.sort_by_key(|tier| tier.tier);
            for (index, higher) in tiers.iter().enumerate() {
                let found = tiers[index + 1..].iter().find_map(|lower| {
                    let worse = worse(&higher.value, &lower.value);
                    (!worse.is_empty()).then_some((lower.tier, worse))
                });
                let Some((lower, worse)) = found else { continue };
                let (higher, lower) = (&ladder.tiers[higher.tier].name, &ladder.tiers[lower].name);
                for worse in worse {
                    findings.push(finding(benefit, higher, lower, &worse));
                }
            }
        }
    }
}

fn finding(benefit: &Benefit, higher: &str, lower: &str, worse: &Worse<'_>) -> Diagnostic {
    let (own, other) = &worse.words;
    let message = format!(
        "`{}` is worse in `{higher}` than in `{lower}`, which is lower: {own}, not {other}",
        benefit.name
    );
    let finding = Diagnostic::new(Code::WorseBenefit, worse.place.span, message)
        .help("a higher tier brings at least as much: swap the values, or mend the wrong one");
    match worse.better_place {
        Some(place) => finding.related(place.span, format!("what `{lower}` gets")),
        None => finding,
    }
}

/// Where the first value is worse than the second.
fn worse<'b>(own: &'b BenefitValue, other: &'b BenefitValue) -> Vec<Worse<'b>> {
    let number = |own: &'b Expr, other: &'b Expr, words: &str, more: bool| {
        let (a, b) = (constant(own)?, constant(other)?);
        (if more { a < b } else { a > b }).then(|| Worse {
            place: own,
            better_place: Some(other),
            words: (
                format!("{words}{}", decimal::plain(a)),
                format!("{words}{}", decimal::plain(b)),
            ),
        })
    };
    match (own, other) {
        (BenefitValue::Amount(own), BenefitValue::Amount(other)) => {
            number(own, other, "", true).into_iter().collect()
        }
        (BenefitValue::ShippingOver(own), BenefitValue::ShippingOver(other)) => {
            number(own, other, "over ", false).into_iter().collect()
        }
        (BenefitValue::ShippingOver(own), BenefitValue::ShippingAlways) => {
            let from =
                constant(own).map_or_else(String::new, |n| format!("over {}", decimal::plain(n)));
            let from = if from.is_empty() { "sometimes".to_owned() } else { from };
            vec![Worse { place: own, better_place: None, words: (from, "always".to_owned()) }]
        }
        (
            BenefitValue::Credit { ceiling, days, guarantor },
            BenefitValue::Credit {
                ceiling: other_ceiling,
                days: other_days,
                guarantor: other_guarantor,
            },
        ) => {
            let asked = (flag(guarantor) == Some(true) && flag(other_guarantor) == Some(false))
                .then(|| Worse {
                    place: guarantor,
                    better_place: Some(other_guarantor),
                    words: ("with a guarantor".to_owned(), "without one".to_owned()),
                });
            [
                number(ceiling, other_ceiling, "a ceiling of ", true),
                number(days, other_days, "days: ", true),
                asked,
            ]
            .into_iter()
            .flatten()
            .collect()
        }
        _ => Vec::new(),
    }
}

fn constant(expr: &Expr) -> Option<Decimal> {
    (expr.ty == Type::Number).then(|| Linear::of(expr).constant()).flatten()
}

fn flag(expr: &Expr) -> Option<bool> {
    match expr.node {
        Node::Literal(Value::Flag(value)) | Node::Parameter(_, Value::Flag(value)) => Some(value),
        _ => None,
    }
}
