//! Conditions and expressions as a pack writes them.

use super::checker::{Checker, Meaning};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::expr::{Condition, Expr, Type};
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
}
