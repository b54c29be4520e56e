//! Conditions in the form that is reasoned about: opposites are pushed down to the literals.

use super::literal::Literal;
use super::terms::Terms;
use crate::expr::{Condition, Expr, Function, Node, Value};
use crate::source::Span;

/// `if`s within each other that are looked into; deeper ones are flags that may be anything.
const UNFOLDED_CHOICES: usize = 6;

/// A condition as literals and what holds them together.
#[derive(Debug, Clone)]
pub(super) enum Formula {
    /// Known without looking at anybody. `false` through a parameter's value is a switch that
    /// somebody has turned off, and no contradiction.
    Constant(bool),
    Literal(Literal),
    All(Vec<Formula>),
    Any {
        at_least: usize,
        of: Vec<Formula>,
        /// Whether the alternatives are written as such, and not the opposite of something.
        written: bool,
    },
}

impl Formula {
    /// The text from its first literal to its last.
    pub fn span(&self) -> Option<Span> {
        match self {
            Formula::Constant(_) => None,
            Formula::Literal(literal) => Some(literal.span),
            Formula::All(of) | Formula::Any { of, .. } => {
                of.iter().filter_map(Formula::span).reduce(Span::to)
            }
        }
    }

    /// The literals that hold wherever it holds.
    pub fn facts(&self) -> Vec<Literal> {
        match self {
            Formula::Literal(literal) => vec![literal.clone()],
            Formula::All(of) => of.iter().flat_map(Formula::facts).collect(),
            Formula::Any { at_least, of, .. } if *at_least >= of.len() => {
                of.iter().flat_map(Formula::facts).collect()
            }
            Formula::Constant(_) | Formula::Any { .. } => Vec::new(),
        }
    }

    /// The literals that it asks for, in the order they are written; not what an `if` or the
    /// opposite of something leaves open.
    pub fn asked(&self) -> Vec<&Literal> {
        match self {
            Formula::Literal(literal) => vec![literal],
            Formula::All(of) | Formula::Any { of, written: true, .. } => {
                of.iter().flat_map(Formula::asked).collect()
            }
            Formula::Constant(_) | Formula::Any { .. } => Vec::new(),
        }
    }
}

impl Terms<'_> {
    /// What must be true where a condition holds (`truth`) or does not.
    pub fn of_condition(&mut self, condition: &Condition<Expr>, truth: bool) -> Formula {
        let mut each = |of: &[Condition<Expr>], truth| -> Vec<Formula> {
            of.iter().map(|part| self.of_condition(part, truth)).collect()
        };
        match condition {
            Condition::Always => Formula::Constant(truth),
            Condition::Never => Formula::Constant(!truth),
            Condition::Expr(expr) => self.of_expr(expr, truth),
            Condition::All(of) if truth => Formula::All(each(of, true)),
            Condition::None(of) if truth => Formula::All(each(of, false)),
            Condition::All(of) => opposite_any(each(of, false), 1),
            Condition::None(of) => opposite_any(each(of, true), 1),
            Condition::Any { at_least, of } if truth => {
                Formula::Any { at_least: *at_least, of: each(of, true), written: true }
            }
            // Fewer than n of m hold: at least m − n + 1 do not.
            Condition::Any { at_least, of } => {
                opposite_any(each(of, false), (of.len() + 1).saturating_sub(*at_least))
            }
        }
    }

    /// The same for an expression that is true or false; one that is NULL is not true.
    pub fn of_expr(&mut self, expr: &Expr, truth: bool) -> Formula {
        match &expr.node {
            Node::Literal(Value::Flag(value)) | Node::Parameter(_, Value::Flag(value)) => {
                Formula::Constant(*value == truth)
            }
            Node::Not(inner) => match self.of_expr(inner, !truth) {
                Formula::Literal(literal) => {
                    Formula::Literal(Literal { span: expr.span, ..literal })
                }
                formula => formula,
            },
            Node::And(a, b) | Node::Or(a, b) => {
                let all = matches!(&expr.node, Node::And(..)) == truth;
                let mut of = Vec::new();
                for side in [a, b] {
                    match self.of_expr(side, truth) {
                        // `a && b && c` is one list of three.
                        Formula::All(parts) if all => of.extend(parts),
                        Formula::Any { at_least: 1, of: parts, written }
                            if !all && written == truth =>
                        {
                            of.extend(parts);
                        }
                        part => of.push(part),
                    }
                }
                match all {
                    true => Formula::All(of),
                    false => Formula::Any { at_least: 1, of, written: truth },
                }
            }
            // Each choice is unfolded to both its ways, so nested ones double.
            Node::If(condition, then, otherwise) if self.unfolding < UNFOLDED_CHOICES => {
                self.unfolding += 1;
                let then = vec![self.of_expr(condition, true), self.of_expr(then, truth)];
                let otherwise =
                    vec![self.of_expr(condition, false), self.of_expr(otherwise, truth)];
                self.unfolding -= 1;
                opposite_any(vec![Formula::All(then), Formula::All(otherwise)], 1)
            }
            Node::Call(Function::Between, arguments) if arguments.len() == 3 => {
                let [value, low, high] = &arguments[..] else { unreachable!("three arguments") };
                use crate::expr::CompareOp::{GreaterOrEqual, LessOrEqual};
                let ends = vec![
                    self.comparison(GreaterOrEqual, value, low, expr.span, truth),
                    self.comparison(LessOrEqual, value, high, expr.span, truth),
                ];
                if truth { Formula::All(ends) } else { opposite_any(ends, 1) }
            }
            Node::Compare(op, a, b) => self.comparison(*op, a, b, expr.span, truth),
            Node::In(item, list) => self.membership(item, list, expr, truth),
            _ => self.flag(expr, truth),
        }
    }
}

fn opposite_any(of: Vec<Formula>, at_least: usize) -> Formula {
    Formula::Any { at_least, of, written: false }
}
