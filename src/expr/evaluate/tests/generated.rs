//! Generated trees and columns: the same value, the same fault and the same script calls as
//! one row at a time.

use proptest::prelude::*;

use super::columns::{ROWS, samples};
use super::naive;
use super::sample::Sample;
use super::trees::{conditions, levels};
use crate::expr::*;

/// The script calls so far, in an order that does not tell how they were made.
fn calls(sample: &Sample) -> Vec<(usize, usize)> {
    let mut calls = sample.calls.take();
    calls.sort_unstable();
    calls
}

fn agrees(sample: &Sample, expr: &Expr, active: &[bool]) -> Result<(), TestCaseError> {
    let outcome = evaluate(expr, sample, Some(active));
    let found = calls(sample);
    for row in (0..ROWS).filter(|row| active[*row]) {
        let expected = naive::value(expr, sample, row);
        prop_assert_eq!(outcome.value(row), expected, "row {}", row);
    }
    prop_assert_eq!(found, calls(sample), "script calls");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_agree(
        sample in samples(), expr in levels().number, active in prop::collection::vec(any::<bool>(), ROWS),
    ) {
        agrees(&sample, &expr, &active)?;
    }

    #[test]
    fn flags_agree(
        sample in samples(), expr in levels().flag, active in prop::collection::vec(any::<bool>(), ROWS),
    ) {
        agrees(&sample, &expr, &active)?;
    }

    #[test]
    fn texts_and_dates_agree(
        sample in samples(), text in levels().text, date in levels().date,
    ) {
        agrees(&sample, &text, &[true; ROWS])?;
        agrees(&sample, &date, &[true; ROWS])?;
    }

    #[test]
    fn conditions_agree(
        sample in samples(), condition in conditions(), active in prop::collection::vec(any::<bool>(), ROWS),
    ) {
        let truth = holds(&condition, &sample, Some(&active));
        let found = calls(&sample);
        for row in (0..ROWS).filter(|row| active[*row]) {
            let fault = truth.faults.as_ref().and_then(|faults| Fault::from_byte(faults[row]));
            let outcome = fault.map_or(Ok(truth.holds[row]), Err);
            prop_assert_eq!(outcome, naive::condition(&condition, &sample, row), "row {}", row);
            prop_assert!(fault.is_none() || !truth.holds[row]);
        }
        prop_assert_eq!(found, calls(&sample), "script calls");
    }

    #[test]
    fn rescaled_numbers_are_rounded_once(sample in samples(), expr in levels().number) {
        let column = evaluate(&expr, &sample, None).into_scaled(ROWS, 6);
        for row in 0..ROWS {
            let expected = naive::value(&expr, &sample, row).map(|value| match value {
                Value::Number(number) => Value::Number(decimal::round(number, 6)),
                other => other,
            });
            prop_assert_eq!(column.value(row), expected, "row {}", row);
        }
    }
}
