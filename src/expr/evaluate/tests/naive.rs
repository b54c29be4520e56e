//! The meaning of expressions, one row at a time, as plainly as it can be written. It shares
//! only the reference arithmetic with what it is held against.

use super::super::dates::{days_until_next, years_since};
use crate::expr::day::days_from_date;
use crate::expr::*;

type Outcome = Result<Value, Fault>;

pub fn value(expr: &Expr, inputs: &dyn Inputs, row: usize) -> Outcome {
    let of = |expr: &Expr| value(expr, inputs, row);
    Ok(match &expr.node {
        Node::Literal(value) | Node::Parameter(_, value) => value.clone(),
        Node::Input(input) => return inputs.input(*input).value(row),
        Node::AsOf => Value::Date(inputs.as_of()),
        Node::Cutoff(cutoff) => Value::Number(inputs.cutoff(*cutoff)?),
        Node::Not(a) => Value::Flag(of(a)? != Value::Flag(true)),
        Node::Negate(a) => match of(a)? {
            Value::Number(number) => Value::Number(-number),
            other => other,
        },
        Node::Arithmetic(op, a, b) => match both(of(a), of(b))? {
            (Value::Number(a), Value::Number(b)) => Value::Number(decimal::apply(*op, a, b)?),
            (Value::Text(a), Value::Text(b)) => Value::text(&format!("{a}{b}")),
            _ => Value::Null,
        },
        Node::Compare(op, a, b) => {
            let (a, b) = both(of(a), of(b))?;
            Value::Flag(compares(*op, &a, &b))
        }
        Node::And(a, b) => Value::Flag(of(a)? == Value::Flag(true) && of(b)? == Value::Flag(true)),
        Node::Or(a, b) => Value::Flag(of(a)? == Value::Flag(true) || of(b)? == Value::Flag(true)),
        Node::If(c, a, b) => return of(if of(c)? == Value::Flag(true) { a } else { b }),
        Node::In(needle, haystack) => match both(of(needle), of(haystack))? {
            (needle, Value::List(items)) => {
                Value::Flag(items.iter().any(|item| compares(CompareOp::Equal, &needle, item)))
            }
            (Value::Text(part), Value::Text(whole)) => Value::Flag(whole.contains(part.as_ref())),
            _ => Value::Flag(false),
        },
        Node::List(items) => Value::List(all(items.iter().map(of))?.into()),
        Node::Call(function, arguments) => call(*function, &all(arguments.iter().map(of))?, inputs),
        Node::Script { function, arguments } => {
            let arguments: Vec<Result<Option<Value>, Fault>> = arguments
                .iter()
                .map(|argument| match argument {
                    ScriptArgument::Value(expr) => of(expr).map(Some),
                    ScriptArgument::Customer => Ok(None),
                })
                .collect();
            let arguments: Vec<Option<Value>> = arguments.into_iter().collect::<Result<_, _>>()?;
            let result = inputs.call(*function, &arguments, row)?;
            if result.ty().is_some_and(|ty| ty != expr.ty) {
                return Err(Fault::ScriptType);
            }
            result
        }
    })
}

pub fn condition(
    condition: &Condition<Expr>,
    inputs: &dyn Inputs,
    row: usize,
) -> Result<bool, Fault> {
    let of = |part: &Condition<Expr>| self::condition(part, inputs, row);
    match condition {
        Condition::Always => Ok(true),
        Condition::Never => Ok(false),
        Condition::Expr(expr) => Ok(value(expr, inputs, row)? == Value::Flag(true)),
        Condition::All(list) => {
            for part in list {
                if !of(part)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Condition::Any { at_least, of: list } => {
            let mut count = 0;
            for part in list {
                if count >= *at_least {
                    return Ok(true);
                }
                count += usize::from(of(part)?);
            }
            Ok(count >= *at_least)
        }
        Condition::None(list) => {
            for part in list {
                if of(part)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// Both sides are asked before a fault of one counts, the left one's first.
fn both(a: Outcome, b: Outcome) -> Result<(Value, Value), Fault> {
    Ok((a?, b?))
}

fn all(outcomes: impl Iterator<Item = Outcome>) -> Result<Vec<Value>, Fault> {
    let outcomes: Vec<Outcome> = outcomes.collect();
    outcomes.into_iter().collect()
}

fn compares(op: CompareOp, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => op.holds(decimal::compare(*a, *b)),
        (Value::Text(a), Value::Text(b)) => op.holds(a.as_bytes().cmp(b.as_bytes())),
        (Value::Date(a), Value::Date(b)) => op.holds(a.cmp(b)),
        (Value::Flag(a), Value::Flag(b)) => op.holds(a.cmp(b)),
        _ => false,
    }
}

fn call(function: Function, arguments: &[Value], inputs: &dyn Inputs) -> Value {
    let known = !arguments.contains(&Value::Null);
    if function == Function::IsKnown {
        return Value::Flag(known);
    }
    if !known {
        return Value::Null;
    }
    let today = inputs.as_of();
    let extreme = |op: CompareOp| {
        let better = |a: Value, b: &Value| if compares(op, b, &a) { b.clone() } else { a };
        arguments[1..].iter().fold(arguments[0].clone(), better)
    };
    match (function, arguments) {
        (Function::Min, _) => extreme(CompareOp::Less),
        (Function::Max, _) => extreme(CompareOp::Greater),
        (Function::Abs, [Value::Number(x)]) => Value::Number(x.abs()),
        (Function::Round, [Value::Number(x), Value::Number(digits)]) => {
            let digits = digits.to_string().parse().expect("digits");
            Value::Number(decimal::round(*x, digits))
        }
        (Function::Floor, [Value::Number(x)]) => Value::Number(decimal::floor(*x)),
        (Function::Ceil, [Value::Number(x)]) => Value::Number(decimal::ceil(*x)),
        (Function::Between, [x, low, high]) => Value::Flag(
            compares(CompareOp::GreaterOrEqual, x, low)
                && compares(CompareOp::LessOrEqual, x, high),
        ),
        (Function::DaysSince, [Value::Date(date)]) => {
            Value::Number((days_from_date(today) - days_from_date(*date)).into())
        }
        (Function::DaysUntil, [Value::Date(date)]) => {
            Value::Number((days_from_date(*date) - days_from_date(today)).into())
        }
        (Function::DaysUntilNext, [Value::Date(date)]) => {
            Value::Number(days_until_next(*date, today).into())
        }
        (Function::YearsSince, [Value::Date(date)]) => {
            Value::Number(years_since(*date, today).into())
        }
        _ => panic!("{function:?} of {arguments:?}"),
    }
}
