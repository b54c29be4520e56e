use super::sample::Sample;
use crate::expr::column::Column;
use crate::expr::{Condition, Expr, Fault, holds};

fn sample() -> Sample {
    Sample::new(3, vec![("orders", Column::narrow(0, vec![4, 0, 1]))])
}

fn parts(sample: &Sample, texts: &[&str]) -> Vec<Condition<Expr>> {
    texts.iter().map(|text| Condition::Expr(sample.expr(text))).collect()
}

#[track_caller]
fn decides(sample: &Sample, condition: &Condition<Expr>, expected: [Result<bool, Fault>; 3]) {
    let truth = holds(condition, sample, None);
    let found: Vec<Result<bool, Fault>> = (0..3)
        .map(|row| {
            let byte = truth.faults.as_ref().map_or(0, |faults| faults[row]);
            Fault::from_byte(byte).map_or(Ok(truth.holds[row]), Err)
        })
        .collect();
    assert_eq!(found, expected);
}

const ZERO: Result<bool, Fault> = Err(Fault::DivisionByZero);

#[test]
fn lists_are_decided_in_written_order() {
    let sample = sample();
    let guarded = parts(&sample, &["orders > 0", "8 / orders > 3"]);
    let unguarded = parts(&sample, &["8 / orders > 3", "orders > 0"]);
    decides(&sample, &Condition::All(guarded.clone()), [Ok(false), Ok(false), Ok(true)]);
    decides(&sample, &Condition::All(unguarded.clone()), [Ok(false), ZERO, Ok(true)]);
    let any = |of: &[Condition<Expr>]| Condition::Any { at_least: 1, of: of.to_vec() };
    decides(&sample, &any(&guarded), [Ok(true), ZERO, Ok(true)]);
    decides(&sample, &any(&unguarded), [Ok(true), ZERO, Ok(true)]);
    decides(&sample, &Condition::None(guarded), [Ok(false), ZERO, Ok(false)]);
    decides(&sample, &Condition::None(unguarded), [Ok(false), ZERO, Ok(false)]);
}

#[test]
fn any_stops_as_soon_as_enough_hold() {
    let sample = sample();
    let of = parts(&sample, &["orders >= 0", "orders < 4", "1 / orders > 5"]);
    decides(
        &sample,
        &Condition::Any { at_least: 2, of: of.clone() },
        [Ok(false), Ok(true), Ok(true)],
    );
    decides(&sample, &Condition::Any { at_least: 3, of: of.clone() }, [Ok(false), ZERO, Ok(false)]);
    decides(&sample, &Condition::Any { at_least: 4, of }, [Ok(false), ZERO, Ok(false)]);
    decides(&sample, &Condition::All(vec![Condition::Always, Condition::Never]), [Ok(false); 3]);
    decides(&sample, &Condition::All(vec![]), [Ok(true); 3]);
    decides(&sample, &Condition::Any { at_least: 1, of: vec![] }, [Ok(false); 3]);
}

#[test]
fn scripts_are_asked_for_survivors_only() {
    let sample = sample();
    holds(
        &Condition::All(parts(&sample, &["orders > 0", "s::odd()", "s::echo(1) == 1"])),
        &sample,
        None,
    );
    assert_eq!(*sample.calls.borrow(), [(1, 0), (1, 2)]);
}
