//! The steps in which a value can change.

use rust_decimal::Decimal;

use crate::expr::{ArithmeticOp, Expr, Function, Input, Node, Type, Unit, Value, decimal};
use crate::program::{ColumnKind, CutoffKind, MetricKind, Program};

/// Percents and plain numbers have six decimals; nobody means the last of them by "just".
const NUMBER_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// How far from what is asked a value is "just" below or above: the smallest unit of what is
/// measured. For money its decimals, for counts and days 1, for percents and other numbers 0.01;
/// more where the value cannot change in such small steps.
pub(super) fn step(program: &Program, measured: &Expr) -> Decimal {
    if measured.ty == Type::Date {
        return Decimal::ONE;
    }
    let unit = match measured.unit {
        Unit::Money => Decimal::new(1, u32::from(program.settings.money_decimals)),
        Unit::Count | Unit::Days => Decimal::ONE,
        Unit::Percent | Unit::Number => NUMBER_STEP,
    };
    grid(program, measured).unwrap_or_default().max(unit)
}

/// A number of which an expression is always a whole multiple; 0 where it is always 0. `None`
/// where nothing is known.
pub(super) fn grid(program: &Program, expr: &Expr) -> Option<Decimal> {
    let of = |expr: &Expr| grid(program, expr);
    let six = || Some(Decimal::new(1, 6));
    let all = |exprs: &[&Expr]| {
        exprs.iter().try_fold(Decimal::ZERO, |common, expr| common_measure(common, of(expr)?))
    };
    match &expr.node {
        Node::Literal(Value::Number(number)) | Node::Parameter(_, Value::Number(number)) => {
            Some(number.abs())
        }
        Node::Input(input) => of_input(program, *input),
        Node::Cutoff(cutoff) => {
            let cutoff = &program.cutoffs[*cutoff];
            match cutoff.kind {
                CutoffKind::Average | CutoffKind::Median | CutoffKind::StdDev => six(),
                _ => of(&cutoff.measure),
            }
        }
        Node::Negate(inner) => of(inner),
        Node::Arithmetic(op, a, b) => match op {
            ArithmeticOp::Add | ArithmeticOp::Subtract | ArithmeticOp::Remainder => all(&[a, b]),
            ArithmeticOp::Multiply => decimal::multiply(of(a)?, of(b)?).ok(),
            ArithmeticOp::Divide => six(),
        },
        Node::If(_, a, b) => all(&[a, b]),
        Node::Call(function, arguments) => match function {
            Function::Min | Function::Max => all(&arguments.iter().collect::<Vec<_>>()),
            Function::Abs => of(&arguments[0]),
            Function::Floor | Function::Ceil => rounded(of(&arguments[0]), 0),
            Function::Round => match &arguments[1].node {
                Node::Literal(Value::Number(digits)) => {
                    rounded(of(&arguments[0]), u32::try_from(*digits).ok()?)
                }
                _ => of(&arguments[0]),
            },
            Function::DaysSince
            | Function::DaysUntil
            | Function::DaysUntilNext
            | Function::YearsSince => Some(Decimal::ONE),
            Function::Between | Function::IsKnown => None,
        },
        _ => None,
    }
}

/// Whether a number can be a value on a grid.
pub(super) fn lies_on(number: Decimal, grid: Decimal) -> bool {
    match grid.is_zero() {
        true => number.is_zero(),
        false => decimal::remainder(number, grid).is_ok_and(|rest| rest.is_zero()),
    }
}

fn of_input(program: &Program, input: Input) -> Option<Decimal> {
    match input {
        Input::Metric(id) => {
            let metric = &program.metrics[id];
            let places = u32::from(metric.scale);
            match &metric.kind {
                MetricKind::Formula { expr, otherwise } => {
                    let inner = grid(program, expr);
                    rounded(inner.and_then(|grid| common_measure(grid, *otherwise)), places)
                }
                MetricKind::Score(lines) => {
                    let lines = lines.iter().try_fold(Decimal::ZERO, |common, line| {
                        let common = common_measure(common, grid(program, &line.add)?)?;
                        common_measure(common, line.cap.unwrap_or_default())
                    });
                    rounded(lines, places)
                }
                _ => Some(Decimal::new(1, places)),
            }
        }
        Input::Attribute(id) => {
            let kind: ColumnKind = program.attributes[id].kind;
            Some(Decimal::new(1, u32::from(kind.scale(program.settings.money_decimals))))
        }
        Input::DaysHeld(..) | Input::DaysSinceHeld(..) => Some(Decimal::ONE),
        _ => None,
    }
}

/// The grid of a value that is rounded to so many places.
fn rounded(grid: Option<Decimal>, places: u32) -> Option<Decimal> {
    let least = Decimal::new(1, places);
    Some(grid.filter(|grid| lies_on(*grid, least)).unwrap_or(least))
}

/// The largest number of which both are whole multiples.
fn common_measure(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (mut a, mut b) = (a.abs(), b.abs());
    while !b.is_zero() {
        (a, b) = (b, decimal::remainder(a, b).ok()?);
    }
    Some(a.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::fixture;

    #[test]
    fn values_change_in_steps() {
        let metrics = "
  share: { percent: orders, where: amount > 5, within: 12 months }
  average: { avg: orders.amount, within: 12 months }
  dozens: { expr: orders_made * 12 }
  half: { expr: orders_made / 2 }
  points:
    score:
      - { when: spend > 5, add: 15 }
      - { when: spend > 9, add: 'min(orders_made, 4) * 10', cap: 25 }
  mixed: { score: [ { when: spend > 5, add: spend } ] }
  fit: { rfm: { recency: days_away, frequency: orders_made, monetary: spend } }
";
        // Grid, and how near "just" is.
        let cases = [
            ("spend", "0.01", "0.01"),
            ("orders_made", "1", "1"),
            ("days_away", "1", "1"),
            ("share", "0.000001", "0.01"),
            ("average", "0.000001", "0.01"),
            ("dozens", "12", "12"),
            ("half", "0.000001", "1"),
            ("points", "5", "5"),
            ("mixed", "0.01", "0.01"),
            ("fit", "1", "1"),
            ("fit.r", "1", "1"),
            ("spend * 3 - orders_made", "0.01", "0.01"),
            ("years_since(joined)", "1", "1"),
            ("floor(average)", "1", "1"),
            ("round(average, 1)", "0.1", "0.1"),
            ("if consent { 6 } else { 9 }", "3", "3"),
        ];
        for (text, grid_wanted, step_wanted) in cases {
            let ladder =
                format!("ladders:\n  l:\n    tiers:\n      t:\n        enter: {text} >= 4");
            let program = fixture::program("", metrics, &ladder);
            let enter = &program.ladders[0].tiers[0].enter;
            let crate::expr::Condition::Expr(Expr { node: Node::Compare(_, measured, _), .. }) =
                enter
            else {
                panic!("{enter:?}");
            };
            let found = (grid(&program, measured), step(&program, measured));
            let wanted: [Decimal; 2] =
                [grid_wanted, step_wanted].map(|text| text.parse().expect("a number"));
            assert_eq!(found, (Some(wanted[0]), wanted[1]), "{text}");
        }
    }

    #[test]
    fn currencies_without_decimals_have_whole_steps() {
        let enter = "ladders: { l: { tiers: { t: { enter: spend >= 7 } } } }";
        let program = fixture::program("  money_decimals: 0", "", enter);
        let measured = fixture::metric(&program, "spend");
        assert_eq!(of_input(&program, Input::Metric(measured)), Some(Decimal::ONE));
    }
}
