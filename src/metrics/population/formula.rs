//! Metrics that are expressions of other metrics.

use rust_decimal::Decimal;

use super::evaluate::map;
use super::fixed::{divide_half_even, power, rescale};
use super::join::{join, own};
use super::view::Columns;
use crate::expr::column::{Column, Data, Ints};
use super::pending::evaluate;
use crate::expr::{Expr, Fault, Type};
use crate::program::Metric;

/// The column of a formula: numbers rounded once, half to even, to the metric's scale, and
/// `otherwise` where it is undefined (a division by zero, or NULL).
pub(crate) fn column(
    metric: &Metric,
    expr: &Expr,
    otherwise: Decimal,
    columns: Columns<'_>,
    rows: usize,
    threads: usize,
) -> Column {
    let blocks = map(columns, rows, threads, |block| {
        let column = own(evaluate(expr, block, None), expr.ty, block.rows.len());
        match expr.ty {
            Type::Number => defined(round(column, metric.scale), otherwise, metric.scale),
            _ => column,
        }
    });
    join(blocks, expr.ty)
}

/// The same numbers at another scale, half to even; what does not fit is an overflow.
pub(super) fn round(column: Column, to: u8) -> Column {
    let rows = column.len();
    let Column { data: Data::Number { scale, values }, known, mut faults } = column else {
        return column;
    };
    if scale == to {
        return Column { data: Data::Number { scale, values }, known, faults };
    }
    let mut overflow = |row: usize| {
        faults.get_or_insert_with(|| vec![0; rows])[row] = Fault::Overflow as u8;
        0
    };
    let values = match values {
        Ints::Narrow(values) => round_narrow(values, scale, to),
        Ints::Wide(values) => {
            let rounded = values.iter().enumerate().map(|(row, &value)| {
                rescale(value, scale, to).unwrap_or_else(|_| overflow(row))
            });
            Ints::Wide(rounded.collect())
        }
    };
    Column { data: Data::Number { scale: to, values: narrowed(values) }, known, faults }
}

fn round_narrow(values: Vec<i64>, from: u8, to: u8) -> Ints {
    let factor = power(u32::from(from.abs_diff(to))).unwrap_or(i128::MAX);
    if to < from {
        // Rounding makes a number smaller, so it still fits.
        let rounded = values.iter().map(|&value| divide_half_even(value.into(), factor) as i64);
        return Ints::Narrow(rounded.collect());
    }
    let multiplied: Option<Vec<i64>> = i64::try_from(factor)
        .ok()
        .and_then(|factor| values.iter().map(|value| value.checked_mul(factor)).collect());
    match multiplied {
        Some(values) => Ints::Narrow(values),
        // 19 digits and at most 19 more: within the 38 that 128 bits hold.
        None => Ints::Wide(values.iter().map(|&value| i128::from(value) * factor).collect()),
    }
}

/// 64 bits where all values fit.
pub(super) fn narrowed(values: Ints) -> Ints {
    match values {
        Ints::Wide(wide) => {
            let narrow: Result<Vec<i64>, _> = wide.iter().map(|&value| value.try_into()).collect();
            narrow.map_or(Ints::Wide(wide), Ints::Narrow)
        }
        narrow => narrow,
    }
}

fn defined(mut column: Column, otherwise: Decimal, scale: u8) -> Column {
    if column.known.is_none() && column.faults.is_none() {
        return column;
    }
    let known = column.known.take();
    let mut undefined: Vec<usize> = Vec::new();
    for row in 0..column.len() {
        let fault = column.fault(row);
        let is_null = fault.is_none() && known.as_ref().is_some_and(|known| !known[row]);
        if is_null || fault == Some(Fault::DivisionByZero) {
            undefined.push(row);
        }
    }
    let value = rescale(otherwise.mantissa(), otherwise.scale() as u8, scale);
    if let Some(faults) = &mut column.faults {
        let byte = value.err().map_or(0, |fault| fault as u8);
        undefined.iter().for_each(|&row| faults[row] = byte);
        if faults.iter().all(|fault| *fault == 0) {
            column.faults = None;
        }
    }
    if let (Data::Number { values, .. }, Ok(value)) = (&mut column.data, value) {
        match (&mut *values, i64::try_from(value)) {
            (Ints::Narrow(values), Ok(value)) => {
                undefined.into_iter().for_each(|row| values[row] = value);
            }
            (Ints::Wide(values), _) => undefined.into_iter().for_each(|row| values[row] = value),
            (Ints::Narrow(narrow), Err(_)) => {
                let mut wide: Vec<i128> = narrow.iter().map(|&value| value.into()).collect();
                undefined.into_iter().for_each(|row| wide[row] = value);
                *values = Ints::Wide(wide);
            }
        }
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_once_to_six_places() {
        let eight = Column::narrow(8, vec![150, 250, 251, -150, 1_00]);
        assert_eq!(round(eight, 6), Column::narrow(6, vec![2, 2, 3, -2, 1]));
        assert_eq!(round(Column::narrow(2, vec![125]), 6), Column::narrow(6, vec![1_250_000]));
        let large = round(Column::narrow(0, vec![i64::MAX]), 6);
        let wide = Ints::Wide(vec![i128::from(i64::MAX) * 1_000_000]);
        assert_eq!(large, Column::new(Data::Number { scale: 6, values: wide }));
    }

    #[test]
    fn undefined_is_the_else_and_an_overflow_stays_a_fault() {
        let column = Column {
            known: Some(vec![true, false, true, true]),
            faults: Some(vec![0, 0, Fault::DivisionByZero as u8, Fault::Overflow as u8]),
            ..Column::narrow(6, vec![5, 0, 0, 0])
        };
        let defined = defined(column, Decimal::new(15, 1), 6);
        let faults = Some(vec![0, 0, 0, Fault::Overflow as u8]);
        let values = vec![5, 1_500_000, 1_500_000, 0];
        assert_eq!(defined, Column { faults, ..Column::narrow(6, values) });
    }
}
