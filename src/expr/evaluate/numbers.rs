//! Numbers side by side: two operands brought to one scale, in the narrowest integers that
//! hold them.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::masks::{Masks, View, ViewData};
use crate::expr::column::{Data, DataRef, Ints};
use crate::expr::decimal;
use crate::expr::inputs::{Decimals, Evaluated};
use crate::expr::value::Value;

/// Places with which every 64-bit whole number is certainly a decimal, and 10^places fits.
pub(super) const NARROW_SCALE: u32 = 18;

/// One value for all rows, or one per row.
#[derive(Debug, Clone)]
pub(super) enum Side<'e, T: Copy> {
    One(T),
    Each(Cow<'e, [T]>),
}

#[derive(Debug, Clone)]
pub(super) enum Numbers<'e> {
    Narrow(u32, Side<'e, i64>),
    Wide(u32, Side<'e, i128>),
    Exact(Side<'e, Decimal>),
}

/// Two operands of one scale.
#[derive(Debug)]
pub(super) enum Pair<'e> {
    Narrow(u32, Side<'e, i64>, Side<'e, i64>),
    Wide(u32, Side<'e, i128>, Side<'e, i128>),
    Exact(Side<'e, Decimal>, Side<'e, Decimal>),
}

impl<'e, T: Copy> Side<'e, T> {
    pub fn get(&self, row: usize) -> T {
        match self {
            Side::One(value) => *value,
            Side::Each(values) => values[row],
        }
    }

    pub fn map<R: Copy>(&self, f: impl Fn(T) -> R) -> Side<'e, R> {
        match self {
            Side::One(value) => Side::One(f(*value)),
            Side::Each(values) => Side::Each(values.iter().map(|value| f(*value)).collect()),
        }
    }

    /// `None` as soon as one value has none.
    pub fn try_map<R: Copy>(&self, f: impl Fn(T) -> Option<R>) -> Option<Side<'e, R>> {
        Some(match self {
            Side::One(value) => Side::One(f(*value)?),
            Side::Each(values) => {
                Side::Each(values.iter().map(|value| f(*value)).collect::<Option<Vec<R>>>()?.into())
            }
        })
    }

    pub fn into_rows(self, rows: usize) -> Vec<T> {
        match self {
            Side::One(value) => vec![value; rows],
            Side::Each(values) => values.into_owned(),
        }
    }
}

/// A function of both sides, row by row.
pub(super) fn zip<A: Copy, B: Copy, R: Clone>(
    a: &Side<'_, A>,
    b: &Side<'_, B>,
    rows: usize,
    f: impl Fn(A, B) -> R,
) -> Vec<R> {
    match (a, b) {
        (Side::Each(a), Side::Each(b)) => a.iter().zip(b.iter()).map(|(a, b)| f(*a, *b)).collect(),
        (Side::Each(a), Side::One(b)) => a.iter().map(|a| f(*a, *b)).collect(),
        (Side::One(a), Side::Each(b)) => b.iter().map(|b| f(*a, *b)).collect(),
        (Side::One(a), Side::One(b)) => vec![f(*a, *b); rows],
    }
}

impl<'e> Numbers<'e> {
    /// The numbers of an outcome; what is no number counts as 0 and is masked by its kin.
    pub fn of(view: &View<'e>) -> Numbers<'e> {
        match view.data {
            ViewData::Constant(Value::Number(number)) => Numbers::one(*number),
            ViewData::Rows(DataRef::Narrow { scale, values }) => {
                Numbers::Narrow(scale.into(), Side::Each(values.into()))
            }
            ViewData::Rows(DataRef::Wide { scale, values }) => {
                Numbers::Wide(scale.into(), Side::Each(values.into()))
            }
            ViewData::Decimals(values) => Numbers::Exact(Side::Each(values.into())),
            _ => Numbers::Narrow(0, Side::One(0)),
        }
    }

    pub fn one(number: Decimal) -> Numbers<'e> {
        let number = number.normalize();
        match i64::try_from(number.mantissa()) {
            Ok(mantissa) if number.scale() <= NARROW_SCALE => {
                Numbers::Narrow(number.scale(), Side::One(mantissa))
            }
            _ => Numbers::Wide(number.scale(), Side::One(number.mantissa())),
        }
    }

    pub fn widened(&self) -> Option<(u32, Side<'e, i128>)> {
        match self {
            Numbers::Narrow(scale, side) => Some((*scale, side.map(i128::from))),
            Numbers::Wide(scale, side) => Some((*scale, side.clone())),
            Numbers::Exact(_) => None,
        }
    }

    /// As decimals. Columns hold representable numbers only.
    pub fn exact(&self) -> Side<'e, Decimal> {
        match self {
            Numbers::Narrow(scale, side) => side.map(|value| number(value.into(), *scale)),
            Numbers::Wide(scale, side) => side.map(|value| number(value, *scale)),
            Numbers::Exact(side) => side.clone(),
        }
    }
}

fn number(mantissa: i128, scale: u32) -> Decimal {
    decimal::representable(mantissa, scale).unwrap_or_default()
}

/// Brings two operands to one scale.
pub(super) fn align<'e>(a: &Numbers<'e>, b: &Numbers<'e>) -> Pair<'e> {
    if let (Numbers::Narrow(a_scale, a), Numbers::Narrow(b_scale, b)) = (a, b) {
        let scale = *a_scale.max(b_scale);
        if let (Some(a), Some(b)) = (raise(a, *a_scale, scale), raise(b, *b_scale, scale)) {
            return Pair::Narrow(scale, a, b);
        }
    }
    if let (Some((a_scale, a)), Some((b_scale, b))) = (a.widened(), b.widened()) {
        let scale = a_scale.max(b_scale);
        if let (Some(a), Some(b)) = (raise_wide(&a, a_scale, scale), raise_wide(&b, b_scale, scale))
        {
            return Pair::Wide(scale, a, b);
        }
    }
    Pair::Exact(a.exact(), b.exact())
}

fn raise<'e>(side: &Side<'e, i64>, from: u32, to: u32) -> Option<Side<'e, i64>> {
    if from == to {
        return Some(side.clone());
    }
    let factor = 10i64.checked_pow(to - from)?;
    side.try_map(|value| value.checked_mul(factor))
}

fn raise_wide<'e>(side: &Side<'e, i128>, from: u32, to: u32) -> Option<Side<'e, i128>> {
    if from == to {
        return Some(side.clone());
    }
    let factor = 10i128.checked_pow(to - from)?;
    side.try_map(|value| value.checked_mul(factor))
}

/// Decimals as the narrowest column that holds them all.
pub(super) fn from_decimals<'a>(values: Vec<Decimal>, masks: Masks) -> Evaluated<'a> {
    let values: Vec<Decimal> = values.iter().map(Decimal::normalize).collect();
    let scale = values.iter().map(Decimal::scale).max().unwrap_or(0);
    let raised: Option<Vec<i128>> =
        values.iter().map(|value| decimal::raised(*value, scale)).collect();
    match raised {
        Some(raised) => Evaluated::Owned(
            masks.column(Data::Number { scale: scale as u8, values: narrowed(raised, scale) }),
        ),
        None => Evaluated::Decimals(Decimals { values, known: masks.known, faults: masks.faults }),
    }
}

/// Whole numbers in 64 bits where all fit.
pub(super) fn narrowed(values: Vec<i128>, scale: u32) -> Ints {
    let narrow: Result<Vec<i64>, _> = if scale <= NARROW_SCALE {
        values.iter().map(|value| i64::try_from(*value).map_err(drop)).collect()
    } else {
        Err(())
    };
    narrow.map_or(Ints::Wide(values), Ints::Narrow)
}
