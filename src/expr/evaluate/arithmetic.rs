//! `+ - * / %` and signs. First in 64 bits, all rows at once; where one row does not fit, in
//! 128; where that is not enough either, row by row with the reference.

use rust_decimal::Decimal;

use super::masks::{Masks, View, ViewData};
use super::numbers::{NARROW_SCALE, Numbers, Pair, Side, align, from_decimals, narrowed, zip};
use super::text;
use crate::expr::column::{Column, Data, DataRef, Ints};
use crate::expr::decimal::{self, MANTISSA_END, MAX_SCALE};
use crate::expr::inputs::Evaluated;
use crate::expr::syntax::ArithmeticOp;
use crate::expr::value::{Fault, NUMBER_SCALE, Value};

pub(super) fn arithmetic<'a>(
    op: ArithmeticOp,
    a: &Evaluated<'_>,
    b: &Evaluated<'_>,
    rows: usize,
) -> Evaluated<'a> {
    let (a, b) = (a.view(), b.view());
    if let (Some(Value::Number(a)), Some(Value::Number(b))) = (a.constant(), b.constant()) {
        return match decimal::apply(op, *a, *b) {
            Ok(number) => Evaluated::Constant(Value::Number(number)),
            Err(fault) => Evaluated::Fault(fault),
        };
    }
    if is_text(&a) || is_text(&b) {
        return text::concatenate(&a, &b, rows);
    }
    let masks = Masks::of(&[a, b], rows);
    if a.is_void() || b.is_void() {
        return masks.no_numbers(rows);
    }
    let (a, b) = (Numbers::of(&a), Numbers::of(&b));
    let values = match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => sum(op, &a, &b, rows),
        ArithmeticOp::Multiply => product(&a, &b, rows),
        ArithmeticOp::Divide => return quotient(&a, &b, masks, rows),
        ArithmeticOp::Remainder => return remainder(&a, &b, masks, rows),
    };
    match values {
        Some((scale, values)) => {
            Evaluated::Owned(masks.column(Data::Number { scale: scale as u8, values }))
        }
        None => row_by_row(op, &a, &b, masks, rows),
    }
}

fn is_text(view: &View<'_>) -> bool {
    matches!(view.data, ViewData::Constant(Value::Text(_)) | ViewData::Rows(DataRef::Text { .. }))
}

fn sum(op: ArithmeticOp, a: &Numbers<'_>, b: &Numbers<'_>, rows: usize) -> Option<(u32, Ints)> {
    let subtract = op == ArithmeticOp::Subtract;
    match align(a, b) {
        Pair::Narrow(scale, a, b) => {
            let narrow = if subtract {
                all_fit(&a, &b, rows, i64::overflowing_sub)
            } else {
                all_fit(&a, &b, rows, i64::overflowing_add)
            };
            if let Some(values) = narrow {
                return Some((scale, Ints::Narrow(values)));
            }
            // Two 64-bit numbers always have a 128-bit sum.
            let wide = zip(&a, &b, rows, |a, b| {
                let (a, b) = (i128::from(a), i128::from(b));
                if subtract { a - b } else { a + b }
            });
            Some((scale, Ints::Wide(wide)))
        }
        Pair::Wide(scale, a, b) => {
            let wide = if subtract {
                all_fit(&a, &b, rows, i128::overflowing_sub)
            } else {
                all_fit(&a, &b, rows, i128::overflowing_add)
            }?;
            mantissas(scale, wide)
        }
        Pair::Exact(..) => None,
    }
}

fn product(a: &Numbers<'_>, b: &Numbers<'_>, rows: usize) -> Option<(u32, Ints)> {
    if let (Numbers::Narrow(a_scale, a), Numbers::Narrow(b_scale, b)) = (a, b) {
        let scale = a_scale + b_scale;
        if scale <= NARROW_SCALE
            && let Some(values) = all_fit(a, b, rows, i64::overflowing_mul)
        {
            return Some((scale, Ints::Narrow(values)));
        }
    }
    let ((a_scale, a), (b_scale, b)) = (a.widened()?, b.widened()?);
    mantissas(a_scale + b_scale, all_fit(&a, &b, rows, i128::overflowing_mul)?)
}

/// Wide values as they are, if every one of them is certainly a decimal.
fn mantissas(scale: u32, values: Vec<i128>) -> Option<(u32, Ints)> {
    let fit = scale <= MAX_SCALE && values.iter().all(|v| v.unsigned_abs() < MANTISSA_END);
    fit.then(|| (scale, narrowed(values, scale)))
}

/// Row by row without branches; `None` if any row overflowed.
fn all_fit<T: Copy>(
    a: &Side<'_, T>,
    b: &Side<'_, T>,
    rows: usize,
    op: impl Fn(T, T) -> (T, bool),
) -> Option<Vec<T>> {
    let overflowed = std::cell::Cell::new(false);
    let values = zip(a, b, rows, |a, b| {
        let (value, over) = op(a, b);
        overflowed.set(overflowed.get() | over);
        value
    });
    (!overflowed.get()).then_some(values)
}

/// The reference for each row that has operands.
fn row_by_row<'a>(
    op: ArithmeticOp,
    a: &Numbers<'_>,
    b: &Numbers<'_>,
    mut masks: Masks,
    rows: usize,
) -> Evaluated<'a> {
    let (a, b) = (a.exact(), b.exact());
    let values = (0..rows)
        .map(|row| {
            if !masks.has_value(row) {
                return Decimal::ZERO;
            }
            decimal::apply(op, a.get(row), b.get(row)).unwrap_or_else(|fault| {
                masks.fail(row, rows, fault);
                Decimal::ZERO
            })
        })
        .collect();
    from_decimals(values, masks)
}

fn quotient<'a>(a: &Numbers<'_>, b: &Numbers<'_>, mut masks: Masks, rows: usize) -> Evaluated<'a> {
    let (Numbers::Narrow(a_scale, a_side), Numbers::Narrow(b_scale, b_side)) = (a, b) else {
        return row_by_row(ArithmeticOp::Divide, a, b, masks, rows);
    };
    let places = u32::from(NUMBER_SCALE) + b_scale;
    if places.abs_diff(*a_scale) > NARROW_SCALE {
        return row_by_row(ArithmeticOp::Divide, a, b, masks, rows);
    }
    // One of the two is 1: what has more places than the quotient is divided by more.
    let raise = 10i128.pow(places.saturating_sub(*a_scale));
    let lower = 10i128.pow(a_scale.saturating_sub(places));
    let divided = zip(a_side, b_side, rows, |a, b| {
        divide_half_even(i128::from(a) * raise, i128::from(b) * lower)
    });
    for (row, quotient) in divided.iter().enumerate() {
        if quotient.is_none() {
            masks.fail(row, rows, Fault::DivisionByZero);
        }
    }
    let values = divided.into_iter().map(Option::unwrap_or_default).collect();
    match mantissas(NUMBER_SCALE.into(), values) {
        Some((scale, values)) => {
            Evaluated::Owned(masks.column(Data::Number { scale: scale as u8, values }))
        }
        None => row_by_row(ArithmeticOp::Divide, a, b, masks, rows),
    }
}

/// `None`: by zero.
fn divide_half_even(dividend: i128, divisor: i128) -> Option<i128> {
    if divisor == 0 {
        return None;
    }
    // 64-bit division is several times faster, and mostly enough.
    let (quotient, rest) = match (i64::try_from(dividend), i64::try_from(divisor)) {
        (Ok(dividend), Ok(divisor)) if divisor != -1 => {
            (i128::from(dividend / divisor), i128::from(dividend % divisor))
        }
        _ => (dividend / divisor, dividend % divisor),
    };
    let twice = rest.unsigned_abs() * 2;
    let size = divisor.unsigned_abs();
    if twice < size || (twice == size && quotient % 2 == 0) {
        return Some(quotient);
    }
    let away = if (dividend < 0) == (divisor < 0) { 1 } else { -1 };
    Some(quotient + away)
}

fn remainder<'a>(a: &Numbers<'_>, b: &Numbers<'_>, mut masks: Masks, rows: usize) -> Evaluated<'a> {
    let Pair::Narrow(scale, a_side, b_side) = align(a, b) else {
        return row_by_row(ArithmeticOp::Remainder, a, b, masks, rows);
    };
    let rests = zip(&a_side, &b_side, rows, |a, b| (b != 0).then(|| a.wrapping_rem(b)));
    for (row, rest) in rests.iter().enumerate() {
        if rest.is_none() {
            masks.fail(row, rows, Fault::DivisionByZero);
        }
    }
    let values = Ints::Narrow(rests.into_iter().map(Option::unwrap_or_default).collect());
    Evaluated::Owned(masks.column(Data::Number { scale: scale as u8, values }))
}

pub(super) fn negate<'a>(inner: &Evaluated<'_>, rows: usize) -> Evaluated<'a> {
    map_narrow(inner, rows, |value, _| value.checked_neg(), |number| -number)
}

/// A function of one number that is always representable.
pub(super) fn map_numbers<'a>(
    inner: &Evaluated<'_>,
    rows: usize,
    f: impl Fn(Decimal) -> Decimal,
) -> Evaluated<'a> {
    let view = inner.view();
    if let Some(Value::Number(number)) = view.constant() {
        return Evaluated::Constant(Value::Number(f(*number).normalize()));
    }
    let masks = Masks::of(&[view], rows);
    if view.is_void() {
        return masks.no_numbers(rows);
    }
    from_decimals(Numbers::of(&view).exact().map(f).into_rows(rows), masks)
}

/// As [`map_numbers`], with a way for whole numbers of 64 bits and their scale; it gives `None`
/// where a value does not fit.
pub(super) fn map_narrow<'a>(
    inner: &Evaluated<'_>,
    rows: usize,
    narrow: impl Fn(i64, u32) -> Option<i64>,
    f: impl Fn(Decimal) -> Decimal,
) -> Evaluated<'a> {
    let view = inner.view();
    if let ViewData::Rows(DataRef::Narrow { scale, values }) = view.data
        && let Some(values) = values.iter().map(|value| narrow(*value, scale.into())).collect()
    {
        let data = Data::Number { scale, values: Ints::Narrow(values) };
        let Masks { known, faults } = Masks::of(&[view], rows);
        return Evaluated::Owned(Column { data, known, faults });
    }
    map_numbers(inner, rows, f)
}
