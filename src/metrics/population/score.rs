//! Scorecards: points that lines add where their condition holds.

use rust_decimal::Decimal;

use super::evaluate::map;
use super::join::{join, scale_of};
use super::view::{Columns, Customers};
use crate::expr::column::{Column, Data, Ints};
use crate::expr::{Evaluated, Fault, Truth, Type, evaluate, holds};
use crate::metrics::exact::rescale;
use crate::program::ScoreLine;

/// The sum of what the lines add, rounded once to `scale`. A line without a value (NULL) adds 0.
/// `cap` is the most that its line adds. A fault in a line is the score's fault.
pub(crate) fn column(
    lines: &[ScoreLine],
    scale: u8,
    columns: Columns<'_>,
    rows: usize,
    threads: usize,
) -> Column {
    let blocks = map(columns, rows, threads, |block| {
        Evaluated::Owned(of_block(lines, block)).into_scaled(block.rows.len(), scale)
    });
    join(blocks, Type::Number)
}

fn of_block(lines: &[ScoreLine], block: &Customers<'_>) -> Column {
    let rows = block.rows.len();
    let evaluated: Vec<(Truth, Column, Option<Decimal>)> = lines
        .iter()
        .map(|line| {
            let truth = holds(&line.when, block, None);
            let points =
                evaluate(&line.add, block, Some(&truth.holds)).into_column(rows, Type::Number);
            (truth, points, line.cap)
        })
        .collect();
    let scales = evaluated
        .iter()
        .map(|(_, points, cap)| scale_of(points).max(cap.map_or(0, |cap| cap.scale() as u8)));
    let scale = scales.max().unwrap_or(0);
    let mut sums = vec![0_i128; rows];
    let mut faults = vec![0_u8; rows];
    for (truth, points, cap) in &evaluated {
        let cap: Option<Option<i128>> =
            cap.map(|cap| rescale(cap.mantissa(), cap.scale() as u8, scale));
        for row in 0..rows {
            if faults[row] != 0 {
                continue;
            }
            match addition(truth, points, cap, scale, row) {
                Ok(points) => match sums[row].checked_add(points) {
                    Some(sum) => sums[row] = sum,
                    None => faults[row] = Fault::Overflow as u8,
                },
                Err(fault) => faults[row] = fault as u8,
            }
        }
    }
    let faulty = faults.iter().any(|fault| *fault != 0);
    Column {
        data: Data::Number { scale, values: narrow(sums) },
        known: None,
        faults: faulty.then_some(faults),
    }
}

/// 64 bits where all values fit.
fn narrow(wide: Vec<i128>) -> Ints {
    let narrow: Result<Vec<i64>, _> = wide.iter().map(|&value| value.try_into()).collect();
    narrow.map_or(Ints::Wide(wide), Ints::Narrow)
}

fn addition(
    truth: &Truth,
    points: &Column,
    cap: Option<Option<i128>>,
    scale: u8,
    row: usize,
) -> Result<i128, Fault> {
    if let Some(fault) = truth.faults.as_ref().and_then(|faults| Fault::from_byte(faults[row])) {
        return Err(fault);
    }
    if !truth.holds[row] {
        return Ok(0);
    }
    if let Some(fault) = points.fault(row) {
        return Err(fault);
    }
    let value = match &points.data {
        Data::Number { values: Ints::Narrow(values), .. } => i128::from(values[row]),
        Data::Number { values: Ints::Wide(values), .. } => values[row],
        _ => 0,
    };
    if !points.is_known(row) {
        return Ok(0);
    }
    let points = rescale(value, scale_of(points), scale).ok_or(Fault::Overflow);
    match cap {
        // A cap that does not fit at this scale is above whatever does.
        Some(Some(cap)) => points.map(|points| points.min(cap)),
        _ => points,
    }
}
