//! Arithmetic, comparison and `in`: what may stand on their two sides.

use super::checker::Checker;
use super::scope::Scope;
use super::units::{self, Combined};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{ArithmeticOp, Expr, Node, Type, Unit, Value};
use crate::source::Span;

impl Checker<'_> {
    /// Two operands of one type, whichever it is: a script's value takes the other's type.
    pub fn pair(&mut self, a: &Ast, b: &Ast, scope: Scope<'_>) -> Option<(Expr, Expr)> {
        if is_script_call(a) && !is_script_call(b) {
            let b = self.typed_expr(b, scope, None);
            let a = self.typed_expr(a, scope, b.as_ref().map(|b| b.ty));
            return Some((a?, b?));
        }
        let a = self.typed_expr(a, scope, None);
        let b = self.typed_expr(b, scope, a.as_ref().map(|a| a.ty));
        Some((a?, b?))
    }

    pub fn same_type(&mut self, verb: &str, a: &Expr, b: &Expr, span: Span) -> Option<()> {
        if a.ty == b.ty {
            return Some(());
        }
        let message = format!("cannot {verb} {} and {}", a.ty.words(), b.ty.words());
        let help = match (a.ty, b.ty) {
            (Type::Date, Type::Text | Type::Number) => Some(self.as_date(b)),
            (Type::Text | Type::Number, Type::Date) => Some(self.as_date(a)),
            (Type::Text | Type::Number, Type::List) => {
                let (a, b) = (self.texts.text(a.span), self.texts.text(b.span));
                Some(format!("ask whether it is in the list: `{a} in {b}`"))
            }
            (Type::Number, Type::Text) => self.number_or_text(a, b),
            (Type::Text, Type::Number) => self.number_or_text(b, a),
            (Type::Flag, _) | (_, Type::Flag) => {
                Some("true or false needs no comparison: write the name alone".to_owned())
            }
            _ => None,
        };
        self.report(Diagnostic::new(Code::WrongType, span, message).maybe_help(help));
        None
    }

    /// How the date is written that a text or `2026-03-21` without quotes means.
    fn as_date(&self, expr: &Expr) -> String {
        let written = self.texts.text(expr.span).trim_matches('"').replace(' ', "");
        let is_date = written.len() == 10 && written.parse::<jiff::civil::Date>().is_ok();
        let example = if is_date { &written } else { "2026-03-21" };
        format!("write a date as `date(\"{example}\")`")
    }

    /// Which of a number and a text is written the wrong way, where one of them is a literal.
    fn number_or_text(&self, number: &Expr, text: &Expr) -> Option<String> {
        if let Node::Literal(Value::Text(written)) = &text.node {
            return match super::literal::decimal(written) {
                Some(_) => Some(format!("a number has no quotation marks: write `{written}`")),
                None => Some("a number has no quotation marks".to_owned()),
            };
        }
        let written = self.texts.text(number.span);
        matches!(number.node, Node::Literal(_))
            .then(|| format!("text has quotation marks: write `\"{written}\"`"))
    }

    /// Warns where two numbers count different things.
    pub fn same_unit(&mut self, a: &Expr, b: &Expr, span: Span) {
        if a.ty == Type::Number && !units::fit(a.unit, b.unit) {
            let (a, b) = (self.counted_as(a), self.counted_as(b));
            self.report(
                Diagnostic::new(Code::UnitMismatch, span, format!("{a}, {b}"))
                    .help("use two conditions, or numbers that count the same thing"),
            );
        }
    }

    /// "`spend` is money".
    fn counted_as(&self, expr: &Expr) -> String {
        let written = self.texts.text(expr.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let what = match expr.unit {
            Unit::Money => "money",
            Unit::Count => "a count",
            Unit::Percent => "a percent",
            Unit::Days => "days",
            Unit::Number => "a number",
        };
        let verb = if expr.unit == Unit::Days { "counts" } else { "is" };
        format!("`{written}` {verb} {what}")
    }

    /// In a comparison with money, a literal may not have more decimals than the money.
    pub fn money_literals(&mut self, sides: &[&Expr]) -> Option<()> {
        if !sides.iter().any(|side| side.unit == Unit::Money) {
            return Some(());
        }
        let mut fits = Some(());
        for side in sides {
            if let Node::Literal(Value::Number(number)) = &side.node {
                // The digits as written: `1.000` has three decimals.
                let written = self.texts.text(side.span).trim_start_matches(['-', ' ']).to_owned();
                let decimals = super::literal::decimal(&written).map_or(0, |n| n.scale() as usize);
                if decimals > usize::from(self.settings.money_decimals) {
                    self.money_decimals(&written, *number, side.span);
                    fits = None;
                }
            }
        }
        fits
    }

    pub fn typed_arithmetic(
        &mut self,
        op: ArithmeticOp,
        a: &Ast,
        b: &Ast,
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Expr> {
        let first = self.typed_expr(a, scope, None);
        if let Some(a) = &first
            && a.ty == Type::Text
            && op == ArithmeticOp::Add
        {
            let b = self.operand(b, scope, Type::Text)?;
            let node = Node::Arithmetic(op, Box::new(first?), Box::new(b));
            return Some(Expr { node, ty: Type::Text, unit: Unit::Number, span });
        }
        let a = first.and_then(|a| self.number_operand(a, op));
        let b = self.typed_expr(b, scope, Some(Type::Number));
        let b = b.and_then(|b| self.number_operand(b, op));
        let (a, b) = (a?, b?);
        if op == ArithmeticOp::Divide
            && !scope.is_metric()
            && matches!(&b.node, Node::Literal(Value::Number(n)) if n.is_zero())
        {
            self.error(Code::Contradiction, span, "a division by zero has no value");
            return None;
        }
        let unit = match units::combine(op, a.unit, b.unit) {
            Combined::Unit(unit) => unit,
            Combined::Mismatch => {
                let (first, second) = (self.counted_as(&a), self.counted_as(&b));
                let message =
                    format!("`{}` joins what does not fit: {first}, {second}", op.symbol());
                let help = "use numbers that count the same thing, or set `unit:` on one of them";
                self.report(Diagnostic::new(Code::UnitMismatch, span, message).help(help));
                Unit::Number
            }
        };
        if let Some(folded) = fold(op, &a, &b) {
            return Some(Expr { node: folded, ty: Type::Number, unit, span });
        }
        let node = Node::Arithmetic(op, Box::new(a), Box::new(b));
        Some(Expr { node, ty: Type::Number, unit, span })
    }

    fn number_operand(&mut self, expr: Expr, op: ArithmeticOp) -> Option<Expr> {
        if expr.ty == Type::Number {
            return Some(expr);
        }
        let message = format!("`{}` needs numbers; this is {}", op.symbol(), expr.ty.words());
        let help = (expr.ty == Type::Date)
            .then(|| "count days with `days_since(date)` or `days_until(date)`".to_owned());
        self.report(Diagnostic::new(Code::WrongType, expr.span, message).maybe_help(help));
        None
    }

    pub fn typed_in(
        &mut self,
        item: &Ast,
        list: &Ast,
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Expr> {
        let item = self.typed_expr(item, scope, None);
        let list = self.typed_expr(list, scope, Some(Type::List));
        let (item, list) = (item?, list?);
        let element = match &list.node {
            Node::List(items) => items.first().map(|item| item.ty),
            Node::Parameter(_, Value::List(items)) => items.first().and_then(Value::ty),
            _ if list.ty == Type::Text => Some(Type::Text),
            _ => {
                let message = format!("`in` needs a list; this is {}", list.ty.words());
                self.report(
                    Diagnostic::new(Code::WrongType, list.span, message)
                        .help("write a list, as in `[\"coats\", \"bags\"]`, or a list parameter"),
                );
                return None;
            }
        };
        if let Some(element) = element
            && element != item.ty
        {
            let message =
                format!("the list holds {}; this is {}", plural(element), item.ty.words());
            self.error(Code::WrongType, item.span, message);
            return None;
        }
        let node = Node::In(Box::new(item), Box::new(list));
        Some(Expr { node, ty: Type::Flag, unit: Unit::Number, span })
    }
}

fn is_script_call(ast: &Ast) -> bool {
    matches!(&ast.kind, AstKind::Call { callee, .. } if callee.contains("::"))
}

fn plural(ty: Type) -> &'static str {
    match ty {
        Type::Number => "numbers",
        Type::Text => "texts",
        Type::Date => "dates",
        Type::Flag => "flags",
        Type::List => "lists",
    }
}

/// Two literals are one literal; a parameter stays itself, so that explanations can name it.
fn fold(op: ArithmeticOp, a: &Expr, b: &Expr) -> Option<Node> {
    let (Node::Literal(Value::Number(a)), Node::Literal(Value::Number(b))) = (&a.node, &b.node)
    else {
        return None;
    };
    crate::expr::decimal::apply(op, *a, *b).ok().map(|number| Node::Literal(Value::Number(number)))
}
