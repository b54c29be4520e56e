//! Functions on one customer's or row's values. A function of NULL is NULL; `is_known` asks.

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::arithmetic::map_narrow;
use super::compare::rows_compare;
use super::dates::{days_until_next, map_days, years_since};
use super::masks::{Masks, View, ViewData};
use super::rounding;
use super::select::select;
use crate::expr::column::{Column, Data, DataRef};
use crate::expr::day::{date_from_days, days_from_date};
use crate::expr::decimal;
use crate::expr::inputs::{Evaluated, Truth};
use crate::expr::syntax::CompareOp;
use crate::expr::tree::Function;
use crate::expr::value::{Type, Value};

pub(super) fn call<'a>(
    function: Function,
    arguments: &[Evaluated<'a>],
    as_of: Date,
    rows: usize,
) -> Evaluated<'a> {
    let Some(first) = arguments.first() else {
        // `check` refuses a call without arguments.
        return Evaluated::Constant(Value::Null);
    };
    let today = i64::from(days_from_date(as_of));
    match function {
        Function::Min => extreme(CompareOp::LessOrEqual, arguments, rows),
        Function::Max => extreme(CompareOp::GreaterOrEqual, arguments, rows),
        Function::Abs => {
            map_narrow(first, rows, |value, _| value.checked_abs(), |number| number.abs())
        }
        Function::Round => rounded(first, arguments.get(1), rows),
        Function::Floor => map_narrow(first, rows, rounding::floor, decimal::floor),
        Function::Ceil => map_narrow(first, rows, rounding::ceil, decimal::ceil),
        Function::Between => between(arguments, rows),
        Function::DaysSince => map_days(first, rows, |day| today - i64::from(day)),
        Function::DaysUntil => map_days(first, rows, |day| i64::from(day) - today),
        Function::DaysUntilNext => {
            map_days(first, rows, |day| days_until_next(date_from_days(day), as_of))
        }
        Function::YearsSince => {
            map_days(first, rows, |day| years_since(date_from_days(day), as_of))
        }
        Function::IsKnown => is_known(first, rows),
    }
}

/// The digits are a constant; none and negative ones round to whole numbers.
fn rounded<'a>(
    number: &Evaluated<'_>,
    digits: Option<&Evaluated<'_>>,
    rows: usize,
) -> Evaluated<'a> {
    let digits = digits.and_then(|digits| digits.view().constant()?.as_number());
    let digits = digits.unwrap_or_default().clamp(Decimal::ZERO, decimal::MAX_SCALE.into());
    let digits = digits.to_u32().unwrap_or_default();
    let narrow = |value, scale| rounding::half_even(value, scale, digits);
    map_narrow(number, rows, narrow, |number| decimal::round(number, digits))
}

/// The first argument wins where `op` holds between it and the second, and so on.
fn extreme<'a>(op: CompareOp, arguments: &[Evaluated<'a>], rows: usize) -> Evaluated<'a> {
    let Some((first, others)) = arguments.split_first() else {
        return Evaluated::Constant(Value::Null);
    };
    others.iter().fold(first.clone(), |best, other| better(op, &best, other, rows))
}

fn better<'a>(
    op: CompareOp,
    best: &Evaluated<'_>,
    other: &Evaluated<'_>,
    rows: usize,
) -> Evaluated<'a> {
    let (a, b) = (best.view(), other.view());
    let holds = if a.is_void() || b.is_void() {
        vec![false; rows]
    } else if let (Some(a), Some(b)) = (a.constant(), b.constant()) {
        let first = matches!(
            super::compare::compare(op, best, other, rows),
            Evaluated::Constant(Value::Flag(true))
        );
        return Evaluated::Constant(if first { a } else { b }.clone());
    } else {
        rows_compare(op, &a, &b, rows)
    };
    let ty = match (is_date(&a.data), is_date(&b.data)) {
        (false, false) => Type::Number,
        _ => Type::Date,
    };
    let chosen = select(&Truth { holds, faults: None }, best, other, ty, rows);
    // A NULL or fault on either side is one of both.
    let masks = Masks::of(&[a, b], rows);
    match chosen {
        Evaluated::Owned(column) => Evaluated::Owned(masks.column(column.data)),
        Evaluated::Decimals(mut decimals) => {
            (decimals.known, decimals.faults) = (masks.known, masks.faults);
            Evaluated::Decimals(decimals)
        }
        other => other,
    }
}

fn is_date(data: &ViewData<'_>) -> bool {
    matches!(data, ViewData::Constant(Value::Date(_)) | ViewData::Rows(DataRef::Date(_)))
}

fn between<'a>(arguments: &[Evaluated<'_>], rows: usize) -> Evaluated<'a> {
    let [x, low, high] = arguments else {
        // `check` refuses any other number of arguments.
        return Evaluated::Constant(Value::Null);
    };
    let views = [x.view(), low.view(), high.view()];
    let masks = Masks::of(&views, rows);
    let flags = if views.iter().any(|view| view.is_void()) {
        vec![false; rows]
    } else {
        let [x, low, high] = &views;
        let above = compared(CompareOp::GreaterOrEqual, x, low, rows);
        let below = compared(CompareOp::LessOrEqual, x, high, rows);
        above.iter().zip(below).map(|(above, below)| *above && below).collect()
    };
    Evaluated::Owned(masks.column(Data::Flag(flags)))
}

fn compared(op: CompareOp, a: &View<'_>, b: &View<'_>, rows: usize) -> Vec<bool> {
    if let (Some(Value::Date(a)), Some(Value::Date(b))) = (a.constant(), b.constant()) {
        return vec![op.holds(a.cmp(b)); rows];
    }
    rows_compare(op, a, b, rows)
}

fn is_known<'a>(argument: &Evaluated<'_>, rows: usize) -> Evaluated<'a> {
    let view = argument.view();
    if let Some(value) = view.constant() {
        return Evaluated::Constant(Value::Flag(*value != Value::Null));
    }
    if let Some(fault) = view.fault {
        return Evaluated::Fault(fault);
    }
    let mut flags = view.known.map_or_else(|| vec![true; rows], <[bool]>::to_vec);
    if let Some(faults) = view.faults {
        flags.iter_mut().zip(faults).for_each(|(flag, fault)| *flag &= *fault == 0);
    }
    let faults = view.faults.map(<[u8]>::to_vec);
    Evaluated::Owned(Column { data: Data::Flag(flags), known: None, faults })
}
