//! The numbers and dates that comparisons ask for, and how near a customer comes to them.

use std::cmp::Ordering;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::grid::step;
use super::point::{Border, Side};
use crate::criteria::{Asked, Leaf};
use crate::expr::column::ColumnRef;
use crate::expr::{
    CompareOp, CutoffId, Expr, Fault, Input, Inputs, Node, ScriptFunctionId, Type, Value,
    days_from_date, decimal, evaluate,
};
use crate::program::Program;

/// A number or date that a comparison asks of what it measures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Threshold<'p> {
    pub border: Border,
    pub measured: &'p Expr,
    pub asked: Standard<'p>,
    /// How far away is still near.
    pub step: Decimal,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Standard<'p> {
    Expr(&'p Expr),
    /// The border of a top.
    Top(CutoffId),
}

/// The thresholds of a comparison: of an order of numbers or dates one, of `between` two, of a top
/// its border. `==` and `!=` have none.
pub(super) fn thresholds<'p>(program: &'p Program, leaf: Leaf<'p>) -> Vec<Threshold<'p>> {
    // What is measured is the same where the comparison must not hold.
    let sides = Leaf { negated: false, ..leaf }.sides(program);
    let measured = sides.measured;
    let threshold =
        |border, asked| Threshold { border, measured, asked, step: step(program, measured) };
    let ordered = matches!(measured.ty, Type::Number | Type::Date);
    match sides.asked {
        Asked::Compared(CompareOp::Equal | CompareOp::NotEqual, _) => Vec::new(),
        Asked::Compared(_, asked) if ordered => {
            vec![threshold(Border::Only, Standard::Expr(asked))]
        }
        Asked::Between(low, high) if ordered => vec![
            threshold(Border::Low, Standard::Expr(low)),
            threshold(Border::High, Standard::Expr(high)),
        ],
        Asked::Top(cutoff) => vec![threshold(Border::Only, Standard::Top(cutoff))],
        _ => Vec::new(),
    }
}

impl Threshold<'_> {
    /// Where the value of the one customer of `customer` lies; `None` where it is not near, or
    /// where there is no value.
    pub fn side(&self, customer: &dyn Inputs) -> Option<Side> {
        let value = |expr: &Expr| evaluate(expr, customer, None).value(0).ok();
        let asked = match self.asked {
            Standard::Expr(expr) => value(expr)?,
            Standard::Top(cutoff) => Value::Number(customer.cutoff(cutoff).ok()?),
        };
        let (measured, asked) = match (value(self.measured)?, asked) {
            (Value::Number(measured), Value::Number(asked)) => (measured, asked),
            (Value::Date(measured), Value::Date(asked)) => {
                (days_from_date(measured).into(), days_from_date(asked).into())
            }
            _ => return None,
        };
        match decimal::compare(measured, asked) {
            Ordering::Equal => Some(Side::At),
            order => {
                let apart = decimal::subtract(measured, asked).ok()?.abs();
                let near = apart <= self.step;
                near.then_some(if order == Ordering::Less { Side::Below } else { Side::Above })
            }
        }
    }

    /// What is asked, where it is the same for everybody on every date.
    pub fn constant(&self) -> Option<Value> {
        match self.asked {
            Standard::Expr(expr) => constant(expr),
            Standard::Top(_) => None,
        }
    }
}

/// The value of an expression that nothing about a customer, a date or the population changes.
pub(super) fn constant(expr: &Expr) -> Option<Value> {
    let mut depends = expr.reads_as_of();
    expr.visit(&mut |part| depends |= matches!(part.node, Node::Input(_) | Node::Cutoff(_)));
    if depends {
        return None;
    }
    evaluate(expr, &Nothing, None).value(0).ok().filter(|value| *value != Value::Null)
}

/// A number where it is one.
pub(super) fn number(value: &Value) -> Option<Decimal> {
    value.as_number().map(|number| number.normalize())
}

/// What expressions read that read nothing.
struct Nothing;

impl Inputs for Nothing {
    fn len(&self) -> usize {
        1
    }

    fn as_of(&self) -> Date {
        // Functions are given it whether they read it or not.
        Date::ZERO
    }

    fn input(&self, _: Input) -> ColumnRef<'_> {
        unreachable!("an expression that reads an input is not constant")
    }

    fn cutoff(&self, _: CutoffId) -> Result<Decimal, Fault> {
        unreachable!("an expression that reads a cutoff is not constant")
    }

    fn call(&self, _: ScriptFunctionId, _: &[Option<Value>], _: usize) -> Result<Value, Fault> {
        unreachable!("an expression that calls a script is not constant")
    }
}
