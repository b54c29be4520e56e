//! Metrics that are expressions of other metrics.

use rust_decimal::Decimal;

use super::evaluate::map;
use super::join::join;
use super::view::Columns;
use crate::expr::column::{Column, Data, Ints};
use crate::expr::{Expr, Fault, Type, evaluate};
use crate::metrics::exact::rescale;
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
        let (rows, value) = (block.rows.len(), evaluate(expr, block, None));
        match expr.ty {
            Type::Number => defined(value.into_scaled(rows, metric.scale), otherwise, metric.scale),
            ty => value.into_column(rows, ty),
        }
    });
    join(blocks, expr.ty)
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
        let byte = if value.is_some() { 0 } else { Fault::Overflow as u8 };
        undefined.iter().for_each(|&row| faults[row] = byte);
        if faults.iter().all(|fault| *fault == 0) {
            column.faults = None;
        }
    }
    if let (Data::Number { values, .. }, Some(value)) = (&mut column.data, value) {
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
