//! Small steps away from a benefit: what each tier and segment gets of it, to whom and when.

use super::draft::{DROPPED, Draft};
use super::expression::{self, Use};
use super::known::Known;
use super::mutant::{Found, Part};
use super::{Operator, condition, flow, literal, step};
use crate::expr::{Unit, Value};
use crate::pack::{ExprText, Literal, ParsedBenefit, ParsedBenefitValue};
use crate::program::{BenefitKind, ParameterValue};
use crate::source::{Loc, Span};

/// What is put before a text to make it another.
const ANOTHER: &str = "(changed) ";
/// The variant of a value that is taken away.
const AWAY: u32 = 9;

/// Names of tiers or segments, and what they get.
type Table = Vec<(Loc<String>, ParsedBenefitValue)>;

pub(super) fn of(id: usize, benefit: &ParsedBenefit, known: &Known<'_>, found: &mut Found) {
    let name = &benefit.name.value;
    let place = |key: &str| format!("`{key}` of benefit `{name}`");
    let part = |new: ParsedBenefit| Part::Benefit(id, Box::new(new));
    let Some(kind) = benefit.kind.as_ref().map(|kind| kind.value) else { return };
    found.add(&place("tiers"), table(&benefit.tiers, kind, known), |tiers| {
        part(ParsedBenefit { tiers, ..benefit.clone() })
    });
    found.add(&place("segments"), table(&benefit.segments, kind, known), |segments| {
        part(ParsedBenefit { segments, ..benefit.clone() })
    });
    found.add(&place("when"), condition::of(benefit.when.as_ref(), known), |when| {
        part(ParsedBenefit { when, ..benefit.clone() })
    });
    let on = benefit.on.iter().map(|on| Draft {
        operator: Operator::Benefit,
        variant: 0,
        span: on.span,
        before: format!("on: {}", on.value),
        after: DROPPED.to_owned(),
        new: None,
    });
    found.add(&place("on"), on.collect(), |on| part(ParsedBenefit { on, ..benefit.clone() }));
}

fn table(table: &Table, kind: BenefitKind, known: &Known<'_>) -> Vec<Draft<Table>> {
    let mut drafts = Vec::new();
    for (index, (name, value)) in table.iter().enumerate() {
        let line = |written: &str| format!("{}: {written}", name.value);
        for draft in values(value, kind, known) {
            drafts.push(draft.shown_as(line).map(|new| {
                let mut table = table.clone();
                table[index].1 = new;
                table
            }));
        }
        let mut without = table.clone();
        without.remove(index);
        let away = Draft {
            operator: Operator::Benefit,
            variant: AWAY,
            span: name.span.to(place(value)),
            before: written(value, known),
            after: DROPPED.to_owned(),
            new: without,
        };
        drafts.push(away.shown_as(line));
    }
    drafts
}

fn written(value: &ParsedBenefitValue, known: &Known<'_>) -> String {
    match value {
        ParsedBenefitValue::Literal(literal) => literal::written(literal, known),
        _ => flow::one_line(known.texts.text(place(value))),
    }
}

fn place(value: &ParsedBenefitValue) -> Span {
    match value {
        ParsedBenefitValue::Literal(literal) => literal.span(),
        ParsedBenefitValue::Over { span, .. }
        | ParsedBenefitValue::Credit { span, .. }
        | ParsedBenefitValue::Text { span, .. } => *span,
    }
}

fn values(
    value: &ParsedBenefitValue,
    kind: BenefitKind,
    known: &Known<'_>,
) -> Vec<Draft<ParsedBenefitValue>> {
    match value {
        ParsedBenefitValue::Literal(literal) => literals(literal, kind, known),
        ParsedBenefitValue::Over { over, span } => {
            let drafts = amounts(over, Unit::Money, 0, known).into_iter();
            let over = |over| ParsedBenefitValue::Over { over, span: *span };
            drafts.map(|draft| in_braces(draft, "over").map(over)).collect()
        }
        ParsedBenefitValue::Credit { ceiling, days, guarantor, span } => {
            let with = |ceiling, days, guarantor| ParsedBenefitValue::Credit {
                ceiling,
                days,
                guarantor,
                span: *span,
            };
            let more = |literal: &Option<Literal>, unit, variant| {
                let literal = literal.as_ref();
                literal.map_or_else(Vec::new, |literal| amounts(literal, unit, variant, known))
            };
            let mut drafts = Vec::new();
            for draft in more(ceiling, Unit::Money, 0) {
                let new = |new| with(Some(new), days.clone(), guarantor.clone());
                drafts.push(in_braces(draft, "ceiling").map(new));
            }
            for draft in more(days, Unit::Count, 1) {
                let new = |new| with(ceiling.clone(), Some(new), guarantor.clone());
                drafts.push(in_braces(draft, "days").map(new));
            }
            for draft in guarantor.iter().filter_map(|guarantor| flipped(guarantor, known)) {
                let new = |new| with(ceiling.clone(), days.clone(), Some(new));
                drafts.push(in_braces(draft, "guarantor").map(new));
            }
            drafts
        }
        ParsedBenefitValue::Text { text, span } => {
            let mut new = text.clone();
            for (_, text) in &mut new.texts {
                *text = with_text(text);
            }
            let first = |text: &crate::pack::ParsedText| {
                text.texts.first().map_or_else(String::new, |(_, text)| flow::one_line(&text.text))
            };
            vec![Draft {
                operator: Operator::Benefit,
                variant: 0,
                span: *span,
                before: first(text),
                after: first(&new),
                new: ParsedBenefitValue::Text { text: new, span: *span },
            }]
        }
    }
}

fn literals(
    literal: &Literal,
    kind: BenefitKind,
    known: &Known<'_>,
) -> Vec<Draft<ParsedBenefitValue>> {
    let into = ParsedBenefitValue::Literal;
    let unit = match kind {
        BenefitKind::PercentOff | BenefitKind::Cashback => Unit::Percent,
        BenefitKind::AmountOff | BenefitKind::Credit => Unit::Money,
        BenefitKind::PointsMultiplier => Unit::Number,
        BenefitKind::FreeShipping => {
            let always =
                matches!(literal, Literal::Scalar { text, .. } if text.text.trim() == "always");
            if !always {
                let drafts = amounts(literal, Unit::Money, 0, known).into_iter();
                return drafts.map(|draft| draft.map(into)).collect();
            }
            let span = literal.span();
            let draft = literal::draft(Operator::Benefit, 0, literal, "1", known);
            let mut draft = draft.map(|over| ParsedBenefitValue::Over { over, span });
            draft.after = "{ over: 1 }".to_owned();
            return vec![draft];
        }
        BenefitKind::Perk => {
            return texts(literal, known).into_iter().map(|draft| draft.map(into)).collect();
        }
    };
    amounts(literal, unit, 0, known).into_iter().map(|draft| draft.map(into)).collect()
}

/// A number, one step more; and what its expression compares, where it comes from one.
fn amounts(literal: &Literal, unit: Unit, variant: u32, known: &Known<'_>) -> Vec<Draft<Literal>> {
    if let Literal::Expr { text, span } = literal {
        let step = step::smallest(unit, 0, known.money_decimals());
        let more = expression::with_more(text, &format!("+ {step}"));
        return computed(text, *span, more, variant, known);
    }
    let number = literal::number(literal, unit, known);
    let draft = number.and_then(|(value, smallest)| {
        let more = value.checked_add(smallest)?.normalize().to_string();
        Some(literal::draft(Operator::Benefit, variant, literal, &more, known))
    });
    draft.into_iter().collect()
}

/// A perk's text, or the text that an expression gives, made another one.
fn texts(literal: &Literal, known: &Known<'_>) -> Vec<Draft<Literal>> {
    match literal {
        Literal::Expr { text, span } => {
            // What a script gives is known to be text only behind another text.
            let other = expression::behind_text(text, ANOTHER);
            computed(text, *span, other, 0, known)
        }
        Literal::Scalar { text, .. } => {
            let new = match known.parameter(&text.text) {
                Some(ParameterValue::Value(Value::Text(value))) => {
                    text.edited(&[(0..text.text.len(), format!("{ANOTHER}{value}"))])
                }
                _ => with_text(text),
            };
            vec![Draft {
                operator: Operator::Benefit,
                variant: 0,
                span: text.whole(),
                before: flow::one_line(&text.text),
                after: flow::one_line(&new.text),
                new: Literal::Scalar { text: new, quoted: true },
            }]
        }
        Literal::List { .. } => Vec::new(),
    }
}

/// An expression with `more`, and with what it compares changed.
fn computed(
    text: &ExprText,
    span: Span,
    more: Option<ExprText>,
    variant: u32,
    known: &Known<'_>,
) -> Vec<Draft<Literal>> {
    let more = more.map(|new| Draft {
        operator: Operator::Benefit,
        variant,
        span: text.whole(),
        before: flow::one_line(&text.text),
        after: flow::one_line(&new.text),
        new,
    });
    let compared = expression::of(text, known, Use::Criterion);
    let drafts = more.into_iter().chain(compared);
    drafts.map(|draft| draft.map(|text| Literal::Expr { text, span })).collect()
}

fn flipped(guarantor: &Literal, known: &Known<'_>) -> Option<Draft<Literal>> {
    let draft = |new| literal::draft(Operator::Benefit, 2, guarantor, new, known);
    match guarantor {
        Literal::Scalar { text, quoted: false } => {
            let value = match known.parameter(text.text.trim()) {
                Some(ParameterValue::Value(Value::Flag(flag))) => *flag,
                Some(_) => return None,
                None => text.text.trim().parse().ok()?,
            };
            Some(draft(if value { "false" } else { "true" }))
        }
        Literal::Scalar { .. } | Literal::List { .. } | Literal::Expr { .. } => None,
    }
}

fn with_text(text: &ExprText) -> ExprText {
    text.edited(&[(0..0, ANOTHER.to_owned())])
}

fn in_braces<T>(draft: Draft<T>, key: &str) -> Draft<T> {
    draft.shown_as(|written| format!("{{ {key}: {written} }}"))
}
