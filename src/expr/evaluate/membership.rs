//! `in`: an item of a list, or a part of a text. NULL is in nothing.

use super::compare::compare;
use super::logic::{choose, truth};
use super::masks::{Masks, View, ViewData};
use super::{Active, evaluate, text};
use crate::expr::column::DataRef;
use crate::expr::inputs::{Evaluated, Inputs};
use crate::expr::syntax::CompareOp;
use crate::expr::tree::{Expr, Node};
use crate::expr::value::{Type, Value};

/// Lists up to this length are looked through, longer ones searched.
const SHORT_LIST: usize = 8;

pub(super) fn contains<'a>(
    needle: &Expr,
    haystack: &Expr,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
) -> Evaluated<'a> {
    let found = evaluate(needle, inputs, active);
    search(&found, haystack, inputs, active)
}

fn search<'a>(
    needle: &Evaluated<'_>,
    haystack: &Expr,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
) -> Evaluated<'a> {
    let rows = inputs.len();
    match &haystack.node {
        Node::List(items) if !items.iter().all(is_constant) => {
            let items: Vec<Evaluated<'a>> =
                items.iter().map(|item| evaluate(item, inputs, active)).collect();
            in_outcomes(needle, &items, rows)
        }
        Node::If(condition, then, otherwise) if haystack.ty == Type::List => {
            // The needle is read before the haystack: its faults come first.
            let chosen = choose(
                condition,
                inputs,
                active,
                |inputs, active, which| {
                    search(needle, if which { then } else { otherwise }, inputs, active)
                },
                Type::Flag,
            );
            with_faults_of(needle, chosen, rows)
        }
        _ => match evaluate(haystack, inputs, active) {
            Evaluated::Constant(Value::List(items)) => in_values(&needle.view(), &items, rows),
            whole => in_text(&needle.view(), &whole.view(), rows),
        },
    }
}

fn is_constant(item: &Expr) -> bool {
    matches!(item.node, Node::Literal(_) | Node::Parameter(..))
}

fn with_faults_of<'a>(needle: &Evaluated<'_>, found: Evaluated<'a>, rows: usize) -> Evaluated<'a> {
    let view = needle.view();
    if view.fault.is_none() && view.faults.is_none() {
        return found;
    }
    let masks = Masks::of(&[view, found.view()], rows);
    let holds = truth(found, rows).holds;
    Evaluated::Owned(Masks { known: None, ..masks }.decided(holds))
}

/// Equal to any of several outcomes; every one of them is needed.
fn in_outcomes<'a>(needle: &Evaluated<'_>, items: &[Evaluated<'_>], rows: usize) -> Evaluated<'a> {
    let mut any = vec![false; rows];
    let mut views = vec![needle.view()];
    for item in items {
        let equal = truth(compare(CompareOp::Equal, needle, item, rows), rows);
        any.iter_mut().zip(&equal.holds).for_each(|(any, equal)| *any |= equal);
        views.push(item.view());
    }
    let faults = Masks::of(&views, rows).faults;
    Evaluated::Owned(Masks { known: None, faults }.decided(any))
}

fn in_text<'a>(part: &View<'_>, whole: &View<'_>, rows: usize) -> Evaluated<'a> {
    if let (Some(part), Some(whole)) = (part.constant(), whole.constant()) {
        let found = match (part, whole) {
            (Value::Text(part), Value::Text(whole)) => whole.contains(part.as_ref()),
            _ => false,
        };
        return Evaluated::Constant(Value::Flag(found));
    }
    let found = text::contains(part, whole, rows);
    Evaluated::Owned(Masks::of(&[*part, *whole], rows).decided(found))
}

fn in_values<'a>(needle: &View<'_>, items: &[Value], rows: usize) -> Evaluated<'a> {
    if let Some(value) = needle.constant() {
        let found = *value != Value::Null && items.contains(value);
        return Evaluated::Constant(Value::Flag(found));
    }
    let masks = Masks::of(&[*needle], rows);
    let found = match needle.data {
        ViewData::Rows(DataRef::Text { codes, dictionary }) => {
            let wanted = items.iter().filter_map(|item| match item {
                Value::Text(text) => dictionary.code(text),
                _ => None,
            });
            members(codes, wanted.collect())
        }
        ViewData::Rows(DataRef::Date(days)) => {
            let wanted = items.iter().filter_map(|item| match item {
                Value::Date(date) => Some(crate::expr::days_from_date(*date)),
                _ => None,
            });
            members(days, wanted.collect())
        }
        ViewData::Constant(_) => vec![false; rows],
        ViewData::Rows(_) | ViewData::Decimals(_) => any_equal(needle, items, rows),
    };
    Evaluated::Owned(masks.decided(found))
}

fn members<T: Copy + Ord>(values: &[T], mut wanted: Vec<T>) -> Vec<bool> {
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() <= SHORT_LIST {
        return values.iter().map(|value| wanted.contains(value)).collect();
    }
    values.iter().map(|value| wanted.binary_search(value).is_ok()).collect()
}

/// Numbers and flags: one comparison per item.
fn any_equal(needle: &View<'_>, items: &[Value], rows: usize) -> Vec<bool> {
    let mut any = vec![false; rows];
    for item in items.iter().filter(|item| **item != Value::Null) {
        let item = Evaluated::Constant(item.clone());
        let equal = super::compare::rows_compare(CompareOp::Equal, needle, &item.view(), rows);
        any.iter_mut().zip(equal).for_each(|(any, equal)| *any |= equal);
    }
    any
}
