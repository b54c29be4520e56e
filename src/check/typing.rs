//! From the syntax tree to the typed tree: every name resolved, every type and unit known.

use rust_decimal::Decimal;

use super::checker::{Checker, Meaning};
use super::scope::{Found, Scope};
use super::units::{self, Combined};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, nearest};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{ArithmeticOp, Condition, Expr, Node, Type, Unit, Value};
use crate::pack::{ExprText, ParsedCondition};
use crate::source::Span;

impl Checker<'_> {
    /// A condition as written, with every expression in it true or false.
    pub fn condition(&mut self, parsed: &ParsedCondition, scope: Scope<'_>) -> Condition<Expr> {
        self.lower_condition(&parsed.value, scope)
    }

    fn lower_condition(
        &mut self,
        condition: &Condition<ExprText>,
        scope: Scope<'_>,
    ) -> Condition<Expr> {
        let mut each = |list: &[Condition<ExprText>]| -> Vec<Condition<Expr>> {
            list.iter().map(|item| self.lower_condition(item, scope)).collect()
        };
        match condition {
            Condition::Always => Condition::Always,
            Condition::Never => Condition::Never,
            Condition::All(list) => Condition::All(each(list)),
            Condition::None(list) => Condition::None(each(list)),
            Condition::Any { at_least, of } => Condition::Any { at_least: *at_least, of: each(of) },
            Condition::Expr(text) => match self.expression(text, scope, Some(Type::Flag)) {
                Some(expr) => Condition::Expr(expr),
                // It has a finding, so there will be no program.
                None => Condition::Never,
            },
        }
    }

    /// An expression as written, of the wanted type where one is wanted.
    pub fn expression(
        &mut self,
        text: &ExprText,
        scope: Scope<'_>,
        want: Option<Type>,
    ) -> Option<Expr> {
        let before = self.findings.len();
        let ast = crate::expr::parse(text, &mut self.findings);
        let expr = ast.and_then(|ast| self.typed_expr(&ast, scope, want));
        let expr = match want {
            Some(want) => expr.and_then(|expr| self.wanted(expr, want)),
            None => expr,
        };
        if expr.is_none() {
            if let Some(finding) = self.glued_dash(text, want) {
                self.findings.truncate(before);
                self.report(finding);
            }
            self.suppose_used(&text.text, scope);
        }
        expr
    }

    /// The lines of a list that YAML read as one text, because a dash has no blank after it or
    /// stands deeper than the others.
    fn glued_dash(&self, text: &ExprText, want: Option<Type>) -> Option<Diagnostic> {
        let span = text.whole();
        let written = self.texts.text(span);
        if want != Some(Type::Flag) || !written.contains('\n') || written.starts_with(['"', '\'']) {
            return None;
        }
        if let Some(item) = written.strip_prefix(['•', '–', '—', '−', '·', '‣', '▪', '●'])
        {
            let width = (written.len() - item.len()) as u32;
            let bullet = Span { end: span.start + width, ..span };
            let message = "an item of a list begins with a dash and a blank";
            let item = item.lines().next().unwrap_or(item).trim();
            return Some(
                Diagnostic::new(Code::ExpressionSyntax, bullet, message)
                    .help(format!("write `- {item}`")),
            );
        }
        let mut start = 0;
        for line in written.split_inclusive('\n') {
            let lead = line.len() - line.trim_start().len();
            if let Some(item) = line.trim().strip_prefix('-') {
                let at = span.start + (start + lead) as u32;
                let dash = Span { start: at, end: at + 1, ..span };
                let finding =
                    |message: &str| Diagnostic::new(Code::ExpressionSyntax, dash, message);
                return Some(if item.starts_with(' ') {
                    finding("this dash begins no item: it stands deeper than the one above")
                        .help("put the dashes of a list exactly below each other")
                } else {
                    finding("an item of a list begins with a dash and a blank")
                        .help(format!("write `- {item}`"))
                });
            }
            start += line.len();
        }
        None
    }

    /// What an expression with a finding names, or seems to mean, does not count as unused.
    fn suppose_used(&mut self, text: &str, scope: Scope<'_>) {
        let candidates = self.candidates(scope);
        let words = text.split(|c: char| !c.is_alphanumeric() && !"_.:".contains(c));
        for word in words.filter(|word| word.starts_with(char::is_alphabetic)) {
            if let Some(function) = self
                .scripts
                .functions
                .iter()
                .position(|function| word == format!("{}::{}", function.module, function.name))
            {
                self.usage.functions.insert(function);
            }
            let near = nearest(word, candidates.iter().map(String::as_str));
            match near.and_then(|name| self.names.get(name)).map(|(meaning, _)| *meaning) {
                Some(Meaning::Metric(id)) => _ = self.usage.metrics.insert(id),
                Some(Meaning::Parameter(id)) => _ = self.usage.parameters.insert(id),
                Some(Meaning::Attribute(_)) | None => {}
            }
        }
    }

    /// The expression, or a finding that it is not of the wanted type.
    pub fn wanted(&mut self, expr: Expr, want: Type) -> Option<Expr> {
        if expr.ty == want {
            return Some(expr);
        }
        let message = format!("this is {}; {} is wanted here", expr.ty.words(), want.words());
        let help = (want == Type::Flag && expr.ty == Type::Number)
            .then(|| format!("compare it, as in `{} >= 10`", self.texts.text(expr.span)));
        self.report(Diagnostic::new(Code::WrongType, expr.span, message).maybe_help(help));
        None
    }

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

    /// Two operands of one type, whichever it is: a script's value takes the other's type.
    fn pair(&mut self, a: &Ast, b: &Ast, scope: Scope<'_>) -> Option<(Expr, Expr)> {
        if is_script_call(a) && !is_script_call(b) {
            let b = self.typed_expr(b, scope, None);
            let a = self.typed_expr(a, scope, b.as_ref().map(|b| b.ty));
            return Some((a?, b?));
        }
        let a = self.typed_expr(a, scope, None);
        let b = self.typed_expr(b, scope, a.as_ref().map(|a| a.ty));
        Some((a?, b?))
    }

    fn same_type(&mut self, verb: &str, a: &Expr, b: &Expr, span: Span) -> Option<()> {
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

    fn typed_arithmetic(
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

    fn typed_in(&mut self, item: &Ast, list: &Ast, span: Span, scope: Scope<'_>) -> Option<Expr> {
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
