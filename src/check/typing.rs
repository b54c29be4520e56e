//! From the syntax tree to the typed tree: every name resolved, every type and unit known.

use rust_decimal::Decimal;

use super::checker::Checker;
use super::scope::{Found, Scope};
use super::units::{self};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{Expr, Node, Type, Unit, Value};
use crate::source::Span;

impl Checker<'_> {
    /// Types a node; `want` only helps where the node itself cannot tell (script calls).
    pub fn typed_expr(&mut self, ast: &Ast, scope: Scope<'_>, want: Option<Type>) -> Option<Expr> {
        let span = ast.span;
        let flag = |node| Some(Expr { node, ty: Type::Flag, unit: Unit::Number, span });
        match &ast.kind {
            AstKind::Number(number) => Some(Expr {
                node: Node::Literal(Value::Number(number.normalize())),
                ty: Type::Number,
                unit: Unit::Number,
                span,
            }),
            AstKind::Text(text) => Some(Expr {
                node: Node::Literal(Value::text(text)),
                ty: Type::Text,
                unit: Unit::Number,
                span,
            }),
            AstKind::Flag(value) => flag(Node::Literal(Value::Flag(*value))),
            AstKind::Name(name) => self.typed_name(name, span, scope, want),
            AstKind::Not(inner) => {
                let inner = self.operand(inner, scope, Type::Flag)?;
                flag(Node::Not(Box::new(inner)))
            }
            AstKind::Negate(inner) => {
                let inner = self.operand(inner, scope, Type::Number)?;
                let unit = inner.unit;
                if let Node::Literal(Value::Number(number)) = inner.node {
                    let node = Node::Literal(Value::Number(-number));
                    return Some(Expr { node, ty: Type::Number, unit, span });
                }
                Some(Expr { node: Node::Negate(Box::new(inner)), ty: Type::Number, unit, span })
            }
            AstKind::And(a, b) => {
                let (a, b) = self.both(a, b, scope, Type::Flag)?;
                flag(Node::And(a, b))
            }
            AstKind::Or(a, b) => {
                let (a, b) = self.both(a, b, scope, Type::Flag)?;
                flag(Node::Or(a, b))
            }
            AstKind::Arithmetic(op, a, b) => self.typed_arithmetic(*op, a, b, span, scope),
            AstKind::Compare(op, a, b) => {
                let (a, b) = self.pair(a, b, scope)?;
                if a.ty == Type::List {
                    self.error(Code::WrongType, a.span, "lists cannot be compared; use `in`");
                    return None;
                }
                self.same_type("compare", &a, &b, span)?;
                self.same_unit(&a, &b, span);
                self.money_literals(&[&a, &b])?;
                flag(Node::Compare(*op, Box::new(a), Box::new(b)))
            }
            AstKind::In(item, list) => self.typed_in(item, list, span, scope),
            AstKind::If(condition, then, otherwise) => {
                let condition = self.operand(condition, scope, Type::Flag);
                let then = self.typed_expr(then, scope, want);
                let want = want.or(then.as_ref().map(|then| then.ty));
                let otherwise = self.typed_expr(otherwise, scope, want);
                let (condition, then, otherwise) = (condition?, then?, otherwise?);
                self.same_type("choose between", &then, &otherwise, span)?;
                self.same_unit(&then, &otherwise, span);
                let unit = units::either(then.unit, otherwise.unit);
                let ty = then.ty;
                let node = Node::If(Box::new(condition), Box::new(then), Box::new(otherwise));
                Some(Expr { node, ty, unit, span })
            }
            AstKind::List(items) => {
                let items: Vec<Option<Expr>> = items
                    .iter()
                    .map(|item| self.typed_expr(item, scope, Some(Type::Text)))
                    .collect();
                let items: Vec<Expr> = items.into_iter().collect::<Option<_>>()?;
                for item in &items {
                    if !matches!(item.node, Node::Literal(_) | Node::Parameter(..)) {
                        self.report(
                            Diagnostic::new(
                                Code::NotConstant,
                                item.span,
                                "a list holds constants only",
                            )
                            .help("write numbers, texts in quotation marks or parameters"),
                        );
                        return None;
                    }
                    if item.ty != items[0].ty {
                        self.error(Code::WrongType, item.span, "a list holds values of one type");
                        return None;
                    }
                }
                Some(Expr { node: Node::List(items), ty: Type::List, unit: Unit::Number, span })
            }
            AstKind::Call { callee, callee_span, arguments } => {
                self.typed_call(callee, *callee_span, arguments, span, scope, want)
            }
        }
    }

    /// `want`: where a condition stands `always` may be meant, where a text does, the text.
    fn typed_name(
        &mut self,
        name: &str,
        span: Span,
        scope: Scope<'_>,
        want: Option<Type>,
    ) -> Option<Expr> {
        let message = match self.look_up(name, span, scope) {
            Found::Expr(expr) => return Some(expr),
            Found::Broken => return None,
            Found::Duration => {
                let message =
                    format!("`{name}` is a duration: it can stand for a period, not in a formula");
                self.error(Code::WrongType, span, message);
                return None;
            }
            Found::Unknown if name == "customer" => {
                "`customer` is for script functions: write the metric's own name".to_owned()
            }
            Found::Unknown if name == "value" => {
                "`value` has a meaning only in a benefit's `cost`".to_owned()
            }
            Found::Unknown if !scope.is_customer() && self.names.contains_key(name) => {
                format!("`{name}` is no column: rows see their own columns and parameters only")
            }
            Found::Unknown => match scope {
                Scope::Customer { .. } => {
                    format!("there is no metric, attribute or parameter `{name}`")
                }
                _ => format!("there is no column or parameter `{name}`"),
            },
        };
        let mut candidates = self.candidates(scope);
        if want == Some(Type::Flag) {
            candidates.extend(["always".to_owned(), "never".to_owned()]);
        }
        let help = did_you_mean(name, candidates.iter().map(String::as_str));
        let help = help.or_else(|| self.name_help(name, scope, want));
        self.report(Diagnostic::new(Code::UnknownName, span, message).maybe_help(help));
        None
    }

    /// What may be meant by a name that is like no other.
    fn name_help(&self, name: &str, scope: Scope<'_>, want: Option<Type>) -> Option<String> {
        if let Some(truth) = super::parameters::truth(name) {
            return Some(format!("write `{truth}`"));
        }
        if want == Some(Type::Text) {
            return Some(format!("text has quotation marks: write `\"{name}\"`"));
        }
        if want == Some(Type::Flag) && matches!(name, "everybody" | "everyone" | "all" | "nobody") {
            let word = if name == "nobody" { "never" } else { "always" };
            return Some(format!("write `{word}`"));
        }
        let (owner, own) = name.split_once('.')?;
        let is_column = !scope.is_customer()
            && self.pack.sources.iter().any(|source| source.name.value == owner);
        if is_column {
            return Some(format!("columns stand without their source: write `{own}`"));
        }
        let is_source = self.pack.sources.iter().any(|source| source.name.value == owner);
        is_source.then(|| {
            format!("a column has a value for each row: make a metric of it, as in `sum: {name}`")
        })
    }

    /// An operand that must have a type.
    pub fn operand(&mut self, ast: &Ast, scope: Scope<'_>, want: Type) -> Option<Expr> {
        let expr = self.typed_expr(ast, scope, Some(want))?;
        self.wanted(expr, want)
    }

    fn both(
        &mut self,
        a: &Ast,
        b: &Ast,
        scope: Scope<'_>,
        want: Type,
    ) -> Option<(Box<Expr>, Box<Expr>)> {
        let a = self.operand(a, scope, want);
        let b = self.operand(b, scope, want);
        Some((Box::new(a?), Box::new(b?)))
    }

    /// The value of an expression that no row or customer changes.
    pub fn constant(&mut self, expr: &Expr) -> Option<Decimal> {
        match &expr.node {
            Node::Literal(Value::Number(number)) | Node::Parameter(_, Value::Number(number)) => {
                Some(*number)
            }
            Node::Arithmetic(op, a, b) => {
                let (a, b) = (self.constant(a)?, self.constant(b)?);
                crate::expr::decimal::apply(*op, a, b).ok()
            }
            Node::Negate(inner) => self.constant(inner).map(|number| -number),
            _ => None,
        }
    }
}
