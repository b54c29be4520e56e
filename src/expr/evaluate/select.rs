use std::sync::Arc;

use super::dates::days;
use super::masks::{Masks, View, ViewData};
use super::numbers::{Numbers, Pair, Side, align, from_decimals};
use super::text::{TextBuilder, Texts};
use crate::expr::column::DataRef;
use crate::expr::column::{Data, Ints};
use crate::expr::inputs::{Evaluated, Truth};
use crate::expr::value::{Type, Value};

/// Row by row `a` where the condition holds, `b` where not, the condition's fault where it
/// has one.
pub(super) fn select<'a>(
    condition: &Truth,
    a: &Evaluated<'_>,
    b: &Evaluated<'_>,
    ty: Type,
    rows: usize,
) -> Evaluated<'a> {
    let (a, b) = (a.view(), b.view());
    let holds = &condition.holds;
    let masks = chosen_masks(condition, &a, &b, rows);
    let data = match ty {
        Type::Number => match align(&Numbers::of(&a), &Numbers::of(&b)) {
            Pair::Narrow(scale, a, b) => {
                let values = Ints::Narrow(pick(holds, &a, &b));
                Data::Number { scale: scale as u8, values }
            }
            Pair::Wide(scale, a, b) => {
                let values = Ints::Wide(pick(holds, &a, &b));
                Data::Number { scale: scale as u8, values }
            }
            Pair::Exact(a, b) => return from_decimals(pick(holds, &a, &b), masks),
        },
        Type::Date => Data::Date(pick(holds, &days(&a), &days(&b))),
        Type::Text => texts(holds, &masks, Texts::of(&a), Texts::of(&b)),
        // Lists are taken apart before anything chooses between them.
        Type::Flag | Type::List => Data::Flag(pick(holds, &flag_side(&a), &flag_side(&b))),
    };
    Evaluated::Owned(masks.column(data))
}

fn pick<T: Copy>(holds: &[bool], a: &Side<'_, T>, b: &Side<'_, T>) -> Vec<T> {
    let choose = |(row, holds): (usize, &bool)| if *holds { a.get(row) } else { b.get(row) };
    holds.iter().enumerate().map(choose).collect()
}

fn flag_side<'e>(view: &View<'e>) -> Side<'e, bool> {
    match view.data {
        ViewData::Rows(DataRef::Flag(flags)) => Side::Each(flags.into()),
        ViewData::Constant(value) => Side::One(*value == Value::Flag(true)),
        _ => Side::One(false),
    }
}

fn texts(holds: &[bool], masks: &Masks, a: Texts<'_>, b: Texts<'_>) -> Data {
    if let (Texts::Each(a, dictionary), Texts::Each(b, other)) = (a, b)
        && Arc::ptr_eq(dictionary, other)
    {
        let codes = pick(holds, &Side::Each(a.into()), &Side::Each(b.into()));
        return Data::Text { codes, dictionary: dictionary.clone() };
    }
    let mut texts = TextBuilder::default();
    for (row, holds) in holds.iter().enumerate() {
        let side = if *holds { a } else { b };
        texts.push(if masks.has_value(row) { side.get(row) } else { "" });
    }
    texts.finish()
}

fn chosen_masks(condition: &Truth, a: &View<'_>, b: &View<'_>, rows: usize) -> Masks {
    let (a, b) = (Masks::of(&[*a], rows), Masks::of(&[*b], rows));
    let mut masks = Masks::default();
    if a.known.is_some() || b.known.is_some() {
        let is_known = |masks: &Masks, row: usize| masks.known.as_ref().is_none_or(|k| k[row]);
        let side = |row: usize| if condition.holds[row] { &a } else { &b };
        masks.known = Some((0..rows).map(|row| is_known(side(row), row)).collect());
    }
    if a.faults.is_some() || b.faults.is_some() || condition.faults.is_some() {
        let fault = |faults: &Option<Vec<u8>>, row: usize| faults.as_ref().map_or(0, |f| f[row]);
        let chosen = |row: usize| match fault(&condition.faults, row) {
            0 if condition.holds[row] => fault(&a.faults, row),
            0 => fault(&b.faults, row),
            own => own,
        };
        masks.faults = Some((0..rows).map(chosen).collect());
    }
    masks
}
