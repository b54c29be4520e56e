//! Sums of terms with constant factors: `spend * 2 - 100` and `100 > spend` speak of `spend`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::terms::key;
use crate::expr::{ArithmeticOp, Expr, Function, Node, Value, decimal};

/// Σ factor × part + constant, exactly.
#[derive(Debug, Clone)]
pub(super) struct Linear<'e> {
    /// By the part's key.
    pub parts: BTreeMap<String, (Decimal, &'e Expr)>,
    pub constant: Decimal,
    /// Whether a parameter is in the constant or a factor.
    pub parameters: bool,
}

impl<'e> Linear<'e> {
    pub fn of(expr: &'e Expr) -> Linear<'e> {
        sum(expr).unwrap_or_else(|| Linear::part(expr))
    }

    fn part(expr: &'e Expr) -> Linear<'e> {
        Linear {
            parts: BTreeMap::from([(key(expr), (Decimal::ONE, expr))]),
            constant: Decimal::ZERO,
            parameters: false,
        }
    }

    fn number(number: Decimal, parameters: bool) -> Linear<'e> {
        Linear { parts: BTreeMap::new(), constant: number, parameters }
    }

    /// The value, where no part is in it.
    pub fn constant(&self) -> Option<Decimal> {
        self.parts.is_empty().then_some(self.constant)
    }

    pub fn scale(mut self, factor: Decimal) -> Option<Linear<'e>> {
        if factor.is_zero() {
            return None;
        }
        for (own, _) in self.parts.values_mut() {
            *own = decimal::multiply(*own, factor).ok()?;
        }
        self.constant = decimal::multiply(self.constant, factor).ok()?;
        Some(self)
    }

    pub fn add(mut self, other: Linear<'e>) -> Option<Linear<'e>> {
        for (key, (factor, expr)) in other.parts {
            let entry = self.parts.entry(key).or_insert((Decimal::ZERO, expr));
            entry.0 = decimal::add(entry.0, factor).ok()?;
        }
        self.constant = decimal::add(self.constant, other.constant).ok()?;
        self.parameters |= other.parameters;
        Some(self)
    }

    /// The first factor that divides all factors and the constant exactly, or its sign: what is
    /// left after dividing by it is the same for `2 * a > 10` and `a > 5`.
    pub fn reduced(&self) -> Option<(Decimal, Linear<'e>)> {
        let (first, _) = self.parts.values().next()?;
        let sign = if first.is_sign_negative() { -Decimal::ONE } else { Decimal::ONE };
        [*first, sign].into_iter().find_map(|factor| Some((factor, self.divided(factor)?)))
    }

    fn divided(&self, factor: Decimal) -> Option<Linear<'e>> {
        let exact = |number: Decimal| {
            let quotient = decimal::divide(number, factor).ok()?;
            (decimal::multiply(quotient, factor).ok()? == number).then_some(quotient)
        };
        let mut divided = self.clone();
        for (own, _) in divided.parts.values_mut() {
            *own = exact(*own)?;
        }
        divided.constant = exact(divided.constant)?;
        Some(divided)
    }
}

fn sum(expr: &Expr) -> Option<Linear<'_>> {
    match &expr.node {
        Node::Literal(Value::Number(number)) => Some(Linear::number(*number, false)),
        Node::Parameter(_, Value::Number(number)) => Some(Linear::number(*number, true)),
        Node::Negate(inner) => Linear::of(inner).scale(-Decimal::ONE),
        Node::Arithmetic(op, a, b) => {
            let (a, b) = (Linear::of(a), Linear::of(b));
            let parameters = a.parameters || b.parameters;
            if let (Some(a), Some(b)) = (a.constant(), b.constant()) {
                return decimal::apply(*op, a, b).ok().map(|n| Linear::number(n, parameters));
            }
            let linear = match op {
                ArithmeticOp::Add => a.add(b),
                ArithmeticOp::Subtract => a.add(b.scale(-Decimal::ONE)?),
                ArithmeticOp::Multiply => match (a.constant(), b.constant()) {
                    (Some(factor), _) => b.scale(factor),
                    (_, Some(factor)) => a.scale(factor),
                    _ => None,
                },
                ArithmeticOp::Divide | ArithmeticOp::Remainder => None,
            };
            linear.map(|linear| Linear { parameters, ..linear })
        }
        Node::Call(function, arguments) => {
            let linear: Vec<Linear<'_>> = arguments.iter().map(Linear::of).collect();
            let parameters = linear.iter().any(|argument| argument.parameters);
            let numbers: Vec<Decimal> =
                linear.iter().map(Linear::constant).collect::<Option<_>>()?;
            let number = match (function, &numbers[..]) {
                (Function::Min, numbers) => *numbers.iter().min()?,
                (Function::Max, numbers) => *numbers.iter().max()?,
                (Function::Abs, [number]) => number.abs(),
                (Function::Floor, [number]) => decimal::floor(*number),
                (Function::Ceil, [number]) => decimal::ceil(*number),
                _ => return None,
            };
            Some(Linear::number(number, parameters))
        }
        _ => None,
    }
}
