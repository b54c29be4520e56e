//! Expressions over blocks of rows, without an interpreter.
//!
//! In: a checked [`Expr`] and the columns it reads. Out: [`Evaluated`] or [`Truth`]; faults and
//! NULLs are per row. Every number equals what [`super::decimal`] gives for that row.
//! Never: IO; and script functions run for active rows only.

mod arithmetic;
mod calls;
mod compare;
mod condition;
pub mod dates;
mod logic;
mod masks;
mod membership;
mod numbers;
mod outcome;
mod rounding;
mod scripts;
mod select;
mod text;

#[cfg(test)]
pub(crate) mod tests;

pub use compare::compare;
pub use condition::holds;

use super::inputs::{Evaluated, Inputs};
use super::tree::{Expr, Node};
use super::value::{Fault, Value};

/// The rows that are asked about; `None`: all. Others may get any outcome.
type Active<'m> = Option<&'m [bool]>;

/// An expression over a block of rows. `active`: the rows that matter; the others may hold
/// anything, and no script is called for them.
pub fn evaluate<'a>(expr: &Expr, inputs: &'a dyn Inputs, active: Option<&[bool]>) -> Evaluated<'a> {
    let each = |expr: &Expr| evaluate(expr, inputs, active);
    let rows = inputs.len();
    match &expr.node {
        Node::Literal(value) | Node::Parameter(_, value) => Evaluated::Constant(value.clone()),
        Node::Input(input) => Evaluated::Borrowed(inputs.input(*input)),
        Node::AsOf => Evaluated::Constant(Value::Date(inputs.as_of())),
        Node::Cutoff(cutoff) => match inputs.cutoff(*cutoff) {
            Ok(number) => Evaluated::Constant(Value::Number(number)),
            Err(fault) => Evaluated::Fault(fault),
        },
        Node::Not(inner) => logic::not(&each(inner), rows),
        Node::Negate(inner) => arithmetic::negate(&each(inner), rows),
        Node::Arithmetic(op, a, b) => arithmetic::arithmetic(*op, &each(a), &each(b), rows),
        Node::Compare(op, a, b) => compare::compare(*op, &each(a), &each(b), rows),
        Node::And(a, b) => logic::both(a, b, inputs, active),
        Node::Or(a, b) => logic::either(a, b, inputs, active),
        Node::In(needle, haystack) => membership::contains(needle, haystack, inputs, active),
        Node::If(condition, then, otherwise) => logic::choose(
            condition,
            inputs,
            active,
            |inputs, active, which| evaluate(if which { then } else { otherwise }, inputs, active),
            expr.ty,
        ),
        Node::List(items) => constant_list(items),
        Node::Call(function, arguments) => {
            let arguments: Vec<Evaluated<'a>> = arguments.iter().map(each).collect();
            calls::call(*function, &arguments, inputs.as_of(), rows)
        }
        Node::Script { function, arguments } => {
            scripts::call(*function, arguments, expr.ty, inputs, active)
        }
    }
}

/// Lists of constants are values. Other lists stand only where they are taken apart: behind
/// `in` and as arguments of scripts.
fn constant_list<'a>(items: &[Expr]) -> Evaluated<'a> {
    let values: Option<Vec<Value>> = items
        .iter()
        .map(|item| match &item.node {
            Node::Literal(value) | Node::Parameter(_, value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    match values {
        Some(values) => Evaluated::Constant(Value::List(values.into())),
        None => Evaluated::Fault(Fault::ScriptType),
    }
}
