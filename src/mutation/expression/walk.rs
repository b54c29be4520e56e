use std::ops::Range;

use super::{Edit, range};
use crate::expr::syntax::{ArithmeticOp, Ast, AstKind, CompareOp};
use crate::expr::{Type, Unit};
use crate::mutation::Operator;
use crate::mutation::known::Known;
use crate::pack::ExprText;

/// The variant of a negation that is dropped; those of a chain's operands are below it.
const POSITIVE: u32 = 1000;

/// A walk over the tree of an expression that gathers what can be changed in its text.
pub(super) struct Walk<'a> {
    pub text: &'a ExprText,
    pub known: &'a Known<'a>,
    pub formula: bool,
    pub edits: Vec<Edit>,
}

impl Walk<'_> {
    pub fn all(mut self, ast: &Ast) -> Vec<Edit> {
        self.node(ast);
        self.edits
    }

    pub fn node(&mut self, ast: &Ast) {
        match &ast.kind {
            AstKind::Compare(op, a, b) => {
                let symbol = neighbour(*op);
                self.swap(Operator::Comparison, ast, (a, b), (op.symbol(), symbol));
                self.compared(ast, a, b);
                self.each([&**a, &**b]);
            }
            AstKind::And(..) | AstKind::Or(..) => self.chain(ast),
            AstKind::Not(inner) => {
                self.negation(ast, inner);
                self.node(inner);
            }
            AstKind::Arithmetic(op, a, b) => {
                if let (true, Some(other)) = (self.formula, counterpart(*op))
                    && self.kind(ast).is_none_or(|(ty, _)| ty == Type::Number)
                {
                    self.swap(Operator::Formula, ast, (a, b), (op.symbol(), other));
                }
                self.each([&**a, &**b]);
            }
            AstKind::In(a, b) => self.each([&**a, &**b]),
            AstKind::If(a, b, c) => self.each([&**a, &**b, &**c]),
            AstKind::Negate(inner) => self.node(inner),
            AstKind::Call { callee, arguments, .. } => {
                self.asked_in_call(ast, callee, arguments);
                self.each(arguments);
            }
            AstKind::Number(_)
            | AstKind::Text(_)
            | AstKind::Flag(_)
            | AstKind::Name(_)
            | AstKind::List(_) => {}
        }
    }

    fn each<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Ast>) {
        nodes.into_iter().for_each(|node| self.node(node));
    }

    /// Type and unit of a part.
    pub fn kind(&self, ast: &Ast) -> Option<(Type, Unit)> {
        let Range { start, end } = range(ast);
        self.known.kind(self.text.span(start, end))
    }

    pub fn push(
        &mut self,
        operator: Operator,
        variant: u32,
        shown: &Ast,
        changes: Vec<(Range<usize>, String)>,
    ) {
        self.edits.push(Edit { operator, variant, shown: range(shown), changes });
    }

    /// The place of an operator between its operands.
    pub fn between(&self, a: &Ast, b: &Ast, symbol: &str) -> Option<Range<usize>> {
        let (start, end) = (range(a).end, range(b).start);
        let at = self.text.text.get(start..end)?.find(symbol)? + start;
        Some(at..at + symbol.len())
    }

    fn swap(
        &mut self,
        operator: Operator,
        shown: &Ast,
        (a, b): (&Ast, &Ast),
        (symbol, other): (&str, &str),
    ) {
        if let Some(place) = self.between(a, b, symbol) {
            self.push(operator, 0, shown, vec![(place, other.to_owned())]);
        }
    }

    /// `!x` to `x`, `a !in b` to `a in b`.
    fn negation(&mut self, ast: &Ast, inner: &Ast) {
        let change = match &inner.kind {
            AstKind::In(a, b) if inner.span == ast.span => {
                self.between(a, b, "!in").map(|place| (place, "in".to_owned()))
            }
            _ => {
                let (start, end) = (range(ast).start, range(inner).start);
                let sign = self.text.text.get(start..end).and_then(|text| text.find('!'));
                sign.map(|at| (start + at..end, String::new()))
            }
        };
        if let Some(change) = change {
            self.push(Operator::Criterion, POSITIVE, ast, vec![change]);
        }
    }
}

fn neighbour(op: CompareOp) -> &'static str {
    match op {
        CompareOp::GreaterOrEqual => ">",
        CompareOp::Greater => ">=",
        CompareOp::LessOrEqual => "<",
        CompareOp::Less => "<=",
        CompareOp::Equal => "!=",
        CompareOp::NotEqual => "==",
    }
}

fn counterpart(op: ArithmeticOp) -> Option<&'static str> {
    match op {
        ArithmeticOp::Add => Some("-"),
        ArithmeticOp::Subtract => Some("+"),
        ArithmeticOp::Multiply => Some("/"),
        ArithmeticOp::Divide => Some("*"),
        ArithmeticOp::Remainder => None,
    }
}
