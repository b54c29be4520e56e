//! Columns with names, and expressions over them from text.

use std::cell::RefCell;

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use crate::diagnostic::Diagnostics;
use crate::expr::column::{Column, ColumnRef};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::*;
use crate::source::{FileId, MappedText, Span};

pub const AS_OF: Date = date(2026, 3, 21);

/// Cutoff 0 is 250.5, cutoff 1 overflowed.
#[derive(Debug, Default)]
pub struct Sample {
    pub rows: usize,
    pub columns: Vec<(&'static str, Column)>,
    /// Function and row of every script call.
    pub calls: RefCell<Vec<(usize, usize)>>,
}

/// What `s::NAME` gives; the index is the function's.
pub const SCRIPTS: &[(&str, Type)] = &[
    ("echo", Type::Number),
    ("odd", Type::Flag),
    ("fails", Type::Text),
    ("wrong", Type::Number),
    ("nothing", Type::Number),
];

impl Inputs for Sample {
    fn len(&self) -> usize {
        self.rows
    }

    fn as_of(&self) -> Date {
        AS_OF
    }

    fn input(&self, input: Input) -> ColumnRef<'_> {
        let Input::Metric(index) = input else { panic!("{input:?}") };
        self.columns[index].1.slice(0..self.rows)
    }

    fn cutoff(&self, cutoff: CutoffId) -> Result<Decimal, Fault> {
        if cutoff == 0 { Ok(Decimal::new(2505, 1)) } else { Err(Fault::Overflow) }
    }

    fn call(
        &self,
        function: ScriptFunctionId,
        arguments: &[Option<Value>],
        row: usize,
    ) -> Result<Value, Fault> {
        self.calls.borrow_mut().push((function, row));
        match (function, arguments) {
            (0, [Some(value)]) => Ok(value.clone()),
            (0, _) => Ok(Value::Number(arguments.len().into())),
            (1, _) => Ok(Value::Flag(row % 2 == 1)),
            (2, _) if row.is_multiple_of(3) => Err(Fault::Script),
            (2, _) => Ok(Value::text(&format!("row {row}"))),
            (3, _) => Ok(Value::text("no number")),
            _ => Ok(Value::Null),
        }
    }
}

impl Sample {
    pub fn new(rows: usize, columns: Vec<(&'static str, Column)>) -> Self {
        Self { rows, columns, calls: RefCell::default() }
    }

    /// A typed expression from text; every name is a column.
    pub fn expr(&self, text: &str) -> Expr {
        let mut findings = Diagnostics::default();
        let ast = parse(&MappedText::verbatim(text, FileId(0), 0), &mut findings);
        self.lower(&ast.unwrap_or_else(|| panic!("{text}: {findings:?}")))
    }

    pub fn values(&self, text: &str) -> Vec<Result<Value, Fault>> {
        let expr = self.expr(text);
        let outcome = evaluate(&expr, self, None);
        (0..self.rows).map(|row| outcome.value(row)).collect()
    }

    fn lower(&self, ast: &Ast) -> Expr {
        let boxed = |ast: &Ast| Box::new(self.lower(ast));
        let (node, ty) = match &ast.kind {
            AstKind::Number(number) => (Node::Literal(Value::Number(*number)), Type::Number),
            AstKind::Text(text) => (Node::Literal(Value::text(text)), Type::Text),
            AstKind::Flag(flag) => (Node::Literal(Value::Flag(*flag)), Type::Flag),
            AstKind::Name(name) => self.name(name),
            AstKind::Not(a) => (Node::Not(boxed(a)), Type::Flag),
            AstKind::Negate(a) => (Node::Negate(boxed(a)), Type::Number),
            AstKind::Arithmetic(op, a, b) => {
                let a = boxed(a);
                let ty = a.ty;
                (Node::Arithmetic(*op, a, boxed(b)), ty)
            }
            AstKind::Compare(op, a, b) => (Node::Compare(*op, boxed(a), boxed(b)), Type::Flag),
            AstKind::And(a, b) => (Node::And(boxed(a), boxed(b)), Type::Flag),
            AstKind::Or(a, b) => (Node::Or(boxed(a), boxed(b)), Type::Flag),
            AstKind::In(a, b) => (Node::In(boxed(a), boxed(b)), Type::Flag),
            AstKind::If(c, a, b) => {
                let a = boxed(a);
                let ty = a.ty;
                (Node::If(boxed(c), a, boxed(b)), ty)
            }
            AstKind::List(items) => {
                (Node::List(items.iter().map(|item| self.lower(item)).collect()), Type::List)
            }
            AstKind::Call { callee, arguments, .. } => self.call_node(callee, arguments),
        };
        typed(node, ty)
    }

    fn name(&self, name: &str) -> (Node, Type) {
        match name {
            "as_of" => (Node::AsOf, Type::Date),
            "cutoff" => (Node::Cutoff(0), Type::Number),
            "overflowed" => (Node::Cutoff(1), Type::Number),
            "unknown" => (Node::Literal(Value::Null), Type::Number),
            _ => {
                let index = self.columns.iter().position(|(own, _)| *own == name).expect(name);
                (Node::Input(Input::Metric(index)), self.columns[index].1.ty())
            }
        }
    }

    fn call_node(&self, callee: &str, arguments: &[Ast]) -> (Node, Type) {
        if let ("date", [Ast { kind: AstKind::Text(text), .. }]) = (callee, arguments) {
            return (Node::Literal(Value::Date(text.parse().expect(text))), Type::Date);
        }
        if let Some(name) = callee.strip_prefix("s::") {
            let function = SCRIPTS.iter().position(|(own, _)| *own == name).expect(name);
            let arguments = arguments
                .iter()
                .map(|argument| match &argument.kind {
                    AstKind::Name(name) if name == "customer" => ScriptArgument::Customer,
                    _ => ScriptArgument::Value(self.lower(argument)),
                })
                .collect();
            return (Node::Script { function, arguments }, SCRIPTS[function].1);
        }
        let function = *Function::ALL.iter().find(|own| own.name() == callee).expect(callee);
        let arguments: Vec<Expr> = arguments.iter().map(|argument| self.lower(argument)).collect();
        let ty = match function {
            Function::Min | Function::Max => arguments[0].ty,
            Function::Between | Function::IsKnown => Type::Flag,
            _ => Type::Number,
        };
        (Node::Call(function, arguments), ty)
    }
}

pub fn typed(node: Node, ty: Type) -> Expr {
    Expr { node, ty, unit: Unit::Number, span: Span::default() }
}
