//! Divisions in conditions whose divisor may be zero.

use rust_decimal::Decimal;

use super::linear::Linear;
use super::literal::Literal;
use super::range::Range;
use super::terms::Terms;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::{ArithmeticOp, Condition, Expr, Node, ScriptArgument};

/// Reports the divisions of a condition that nothing before them guards.
pub(super) fn report(
    condition: &Condition<Expr>,
    terms: &mut Terms<'_>,
    findings: &mut Diagnostics,
) {
    Walk { terms, findings }.condition(condition, &[]);
}

/// Follows the order of evaluation; `known` holds where it has come to.
struct Walk<'t, 'a, 'f> {
    terms: &'t mut Terms<'a>,
    findings: &'f mut Diagnostics,
}

impl Walk<'_, '_, '_> {
    fn condition(&mut self, condition: &Condition<Expr>, known: &[Literal]) {
        match condition {
            Condition::Always | Condition::Never => {}
            Condition::Expr(expr) => self.expr(expr, known),
            Condition::All(of) => self.in_turn(of, known, Some(true)),
            Condition::None(of) => self.in_turn(of, known, Some(false)),
            // The first that holds decides, so the ones before did not.
            Condition::Any { at_least: 1, of } => self.in_turn(of, known, Some(false)),
            Condition::Any { of, .. } => self.in_turn(of, known, None),
        }
    }

    /// Parts of a list, each looked at where those before it were `truth`.
    fn in_turn(&mut self, of: &[Condition<Expr>], known: &[Literal], truth: Option<bool>) {
        let mut known = known.to_vec();
        for part in of {
            self.condition(part, &known);
            if let Some(truth) = truth {
                known.extend(self.terms.of_condition(part, truth).facts());
            }
        }
    }

    fn with(&mut self, expr: &Expr, known: &[Literal], guard: &Expr, truth: bool) {
        let mut known = known.to_vec();
        known.extend(self.terms.of_expr(guard, truth).facts());
        self.expr(expr, &known);
    }

    fn expr(&mut self, expr: &Expr, known: &[Literal]) {
        match &expr.node {
            Node::And(a, b) | Node::Or(a, b) => {
                self.expr(a, known);
                self.with(b, known, a, matches!(expr.node, Node::And(..)));
            }
            Node::If(condition, then, otherwise) => {
                self.expr(condition, known);
                self.with(then, known, condition, true);
                self.with(otherwise, known, condition, false);
            }
            Node::Arithmetic(op, a, b) => {
                self.expr(a, known);
                self.expr(b, known);
                if matches!(op, ArithmeticOp::Divide | ArithmeticOp::Remainder) {
                    self.divisor(expr, b, known);
                }
            }
            Node::Compare(_, a, b) | Node::In(a, b) => {
                self.expr(a, known);
                self.expr(b, known);
            }
            Node::Not(a) | Node::Negate(a) => self.expr(a, known),
            Node::Call(_, of) | Node::List(of) => of.iter().for_each(|part| self.expr(part, known)),
            Node::Script { arguments, .. } => {
                for argument in arguments {
                    if let ScriptArgument::Value(part) = argument {
                        self.expr(part, known);
                    }
                }
            }
            Node::Literal(_)
            | Node::Parameter(..)
            | Node::Input(_)
            | Node::AsOf
            | Node::Cutoff(_) => {}
        }
    }

    fn divisor(&mut self, division: &Expr, divisor: &Expr, known: &[Literal]) {
        let interval = self.terms.interval(divisor, known);
        if !interval.contains(Decimal::ZERO) || !self.may_be_zero(divisor, known) {
            return;
        }
        let name =
            self.terms.quoted(divisor.span).unwrap_or_else(|| "what it divides by".to_owned());
        let finding =
            |message: String| Diagnostic::new(Code::PossibleDivisionByZero, division.span, message);
        if interval.single().is_some() {
            self.findings.push(finding(format!("this divides by zero: {name} is 0")));
            return;
        }
        let guard = if interval.is_never_negative() { "> 0" } else { "!= 0" };
        let help = match divisor.node {
            Node::Input(_) => format!(
                "ask for `{} {guard}` before it, or make the quotient a metric, which has an `else`",
                name.trim_matches('`')
            ),
            _ => "make the quotient a metric, which has an `else`".to_owned(),
        };
        self.findings.push(finding(format!("this may divide by zero: {name} can be 0")).help(help));
    }

    fn may_be_zero(&mut self, divisor: &Expr, known: &[Literal]) -> bool {
        let sum = Linear::of(divisor);
        let Some((_, reduced)) = sum.reduced() else { return true };
        let term = self.terms.sum_term(&reduced);
        let about: Vec<&Literal> = known.iter().filter(|literal| literal.term == term).collect();
        // Where the literals leave nothing, nobody comes here.
        Range::of(self.terms.get(term), &about).is_ok_and(|range| range.may_be(-reduced.constant))
    }
}
