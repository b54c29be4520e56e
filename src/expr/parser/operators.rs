//! Operators and how tightly they bind (the table of Rhai's tokenizer).

use super::{MAX_OPERATORS, Parsed, Parser};
use crate::diagnostic::Code;
use crate::expr::lexer::Kind;
use crate::expr::syntax::{ArithmeticOp, Ast, AstKind, CompareOp};

#[derive(Debug, Clone, Copy)]
enum Operator {
    Or,
    And,
    Compare(CompareOp),
    In,
    NotIn,
    Arithmetic(ArithmeticOp),
}

impl Operator {
    fn binding(self) -> u8 {
        match self {
            Operator::Or => 30,
            Operator::And => 60,
            Operator::Compare(CompareOp::Equal | CompareOp::NotEqual) => 90,
            Operator::In | Operator::NotIn => 110,
            Operator::Compare(_) => 130,
            Operator::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract) => 150,
            Operator::Arithmetic(_) => 180,
        }
    }

    fn from_symbol(symbol: &str) -> Option<Operator> {
        Some(match symbol {
            "||" => Operator::Or,
            "&&" => Operator::And,
            "==" => Operator::Compare(CompareOp::Equal),
            "!=" => Operator::Compare(CompareOp::NotEqual),
            "<" => Operator::Compare(CompareOp::Less),
            "<=" => Operator::Compare(CompareOp::LessOrEqual),
            ">" => Operator::Compare(CompareOp::Greater),
            ">=" => Operator::Compare(CompareOp::GreaterOrEqual),
            "!in" => Operator::NotIn,
            "+" => Operator::Arithmetic(ArithmeticOp::Add),
            "-" => Operator::Arithmetic(ArithmeticOp::Subtract),
            "*" => Operator::Arithmetic(ArithmeticOp::Multiply),
            "/" => Operator::Arithmetic(ArithmeticOp::Divide),
            "%" => Operator::Arithmetic(ArithmeticOp::Remainder),
            _ => return None,
        })
    }
}

impl Parser<'_> {
    /// Operators that bind at least as tightly as `least`; all of them to the left.
    pub(super) fn binary(&mut self, least: u8) -> Parsed {
        let start = self.peek().start;
        let mut left = self.unary()?;
        while let Some(operator) = self.peek_operator().filter(|op| op.binding() >= least) {
            if let Some(finding) = self.percent_sign(start) {
                return Err(finding);
            }
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                let message = format!("more than {MAX_OPERATORS} operators in one expression");
                return Err(self.here(Code::ExpressionSyntax, message).into());
            }
            self.advance();
            let right = self.binary(operator.binding() + 1)?;
            left = self.node(combine(operator, left, right), start);
            if let AstKind::Not(inner) = &mut left.kind {
                inner.span = left.span;
            }
        }
        Ok(left)
    }

    fn peek_operator(&self) -> Option<Operator> {
        match self.peek().kind {
            Kind::Symbol(symbol) => Operator::from_symbol(symbol),
            Kind::Name if self.is_word(0, "in") => Some(Operator::In),
            _ => None,
        }
    }

    pub(super) fn unary(&mut self) -> Parsed {
        let start = self.peek().start;
        if self.eat("-") {
            let operand = self.nested(Self::unary)?;
            // As in Rhai, a sign before a number is part of the number.
            let kind = match operand.kind {
                AstKind::Number(number) => AstKind::Number(-number),
                _ => AstKind::Negate(Box::new(operand)),
            };
            return Ok(self.node(kind, start));
        }
        if self.eat("!") {
            let operand = self.nested(Self::unary)?;
            return Ok(self.node(AstKind::Not(Box::new(operand)), start));
        }
        if self.peek().is("+") {
            return self.plus(start);
        }
        self.primary()
    }

    /// A plus sign says nothing about a number, and must not stand before anything else.
    fn plus(&mut self, start: usize) -> Parsed {
        let sign = self.here(Code::ExpressionSyntax, "`+` stands before a number only");
        self.advance();
        let operand = self.nested(Self::unary)?;
        match operand.kind {
            AstKind::Text(_) | AstKind::Flag(_) | AstKind::List(_) | AstKind::Not(_) => {
                Err(sign.into())
            }
            kind => Ok(self.node(kind, start)),
        }
    }
}

fn combine(operator: Operator, left: Ast, right: Ast) -> AstKind {
    let span = left.span.to(right.span);
    let (left, right) = (Box::new(left), Box::new(right));
    match operator {
        Operator::Or => AstKind::Or(left, right),
        Operator::And => AstKind::And(left, right),
        Operator::Compare(op) => AstKind::Compare(op, left, right),
        Operator::In => AstKind::In(left, right),
        Operator::NotIn => AstKind::Not(Box::new(Ast { kind: AstKind::In(left, right), span })),
        Operator::Arithmetic(op) => AstKind::Arithmetic(op, left, right),
    }
}
