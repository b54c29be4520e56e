//! Calls of script functions, one per active row.

use super::logic::is_active;
use super::outcome::Builder;
use super::{Active, evaluate};
use crate::expr::decimal;
use crate::expr::inputs::{Evaluated, Inputs};
use crate::expr::tree::{Expr, Node, ScriptArgument, ScriptFunctionId};
use crate::expr::value::{Fault, Type, Value};

/// An argument before it is taken row by row.
enum Argument<'a> {
    Customer,
    One(Evaluated<'a>),
    List(Vec<Evaluated<'a>>),
}

pub(super) fn call<'a>(
    function: ScriptFunctionId,
    arguments: &[ScriptArgument],
    ty: Type,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
) -> Evaluated<'a> {
    let rows = inputs.len();
    let arguments: Vec<Argument<'a>> =
        arguments.iter().map(|argument| prepare(argument, inputs, active)).collect();
    let mut results = Builder::new(ty, rows);
    let mut values: Vec<Option<Value>> = Vec::with_capacity(arguments.len());
    for row in 0..rows {
        if !is_active(active, row) {
            results.push(Ok(Value::Null));
            continue;
        }
        values.clear();
        let result = arguments
            .iter()
            .try_for_each(|argument| {
                values.push(argument.value(row)?);
                Ok(())
            })
            .and_then(|()| inputs.call(function, &values, row));
        // Where text is wanted, a number is its digits: a period is days or `12 months`.
        results.push(match result {
            Ok(Value::Number(number)) if ty == Type::Text => {
                Ok(Value::text(&decimal::plain(number)))
            }
            result => result,
        });
    }
    results.finish()
}

fn prepare<'a>(
    argument: &ScriptArgument,
    inputs: &'a dyn Inputs,
    active: Active<'_>,
) -> Argument<'a> {
    let outcome = |expr: &Expr| evaluate(expr, inputs, active);
    match argument {
        ScriptArgument::Customer => Argument::Customer,
        ScriptArgument::Value(expr) => match &expr.node {
            Node::List(items) => Argument::List(items.iter().map(outcome).collect()),
            _ => Argument::One(outcome(expr)),
        },
    }
}

impl Argument<'_> {
    fn value(&self, row: usize) -> Result<Option<Value>, Fault> {
        match self {
            Argument::Customer => Ok(None),
            Argument::One(outcome) => outcome.value(row).map(Some),
            Argument::List(items) => {
                let items: Result<Vec<Value>, Fault> =
                    items.iter().map(|item| item.value(row)).collect();
                Ok(Some(Value::List(items?.into())))
            }
        }
    }
}
