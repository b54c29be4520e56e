//! Calls: functions on one customer, over the population, on standings, and scripts.

use super::checker::Checker;
use super::scope::Scope;
use super::units;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{Expr, Function, Input, Node, Type, Unit, Value};
use crate::source::Span;

/// The functions that are not on one customer's values.
pub(super) const POPULATION: [&str; 8] = [
    "top_percent",
    "top_count",
    "makes_percent",
    "percentile",
    "average",
    "median",
    "total",
    "stddev",
];
const STANDINGS: [&str; 6] =
    ["in_tier", "holds", "days_held", "days_since_held", "in_grace", "in_segment"];

impl Checker<'_> {
    pub fn typed_call(
        &mut self,
        callee: &str,
        callee_span: Span,
        arguments: &[Ast],
        span: Span,
        scope: Scope<'_>,
        want: Option<Type>,
    ) -> Option<Expr> {
        if callee.contains("::") {
            return self.script_call(callee, callee_span, arguments, span, scope, want);
        }
        if let Some(function) = Function::ALL.iter().find(|function| function.name() == callee) {
            return self.customer_function(*function, arguments, span, scope);
        }
        match callee {
            "date" => return self.date_call(arguments, span),
            "previous" => return self.previous_call(callee_span, arguments, span, scope),
            _ if POPULATION.contains(&callee) => {
                return self.population_call(callee, callee_span, arguments, span, scope);
            }
            _ if STANDINGS.contains(&callee) => {
                return self.standing_call(callee, callee_span, arguments, span, scope);
            }
            _ => {}
        }
        let known = Function::ALL.iter().map(|function| function.name());
        let known: Vec<&str> =
            known.chain(POPULATION).chain(STANDINGS).chain(["date", "previous"]).collect();
        let script = self.scripts.functions.iter().find(|function| function.name == callee);
        let help = match script {
            Some(function) => Some(format!("write `{}::{callee}(…)`", function.module)),
            None if self.names.contains_key(callee) => {
                Some(format!("`{callee}` is a value, not a function: write it without `( )`"))
            }
            None => did_you_mean(callee, known),
        };
        self.report(
            Diagnostic::new(
                Code::UnknownFunction,
                callee_span,
                format!("there is no function `{callee}`"),
            )
            .maybe_help(help),
        );
        None
    }

    /// Reports a wrong number of arguments; `form` shows how the call is written.
    pub fn counted(
        &mut self,
        name: &str,
        span: Span,
        found: usize,
        wanted: std::ops::RangeInclusive<usize>,
        form: &str,
    ) -> Option<()> {
        if wanted.contains(&found) {
            return Some(());
        }
        let number = match (*wanted.start(), *wanted.end()) {
            (low, high) if low == high => low.to_string(),
            (low, usize::MAX) => format!("{low} or more"),
            (low, high) => format!("{low} to {high}"),
        };
        let plural = if number == "1" { "" } else { "s" };
        self.report(
            Diagnostic::new(
                Code::WrongArgumentCount,
                span,
                format!("`{name}` takes {number} argument{plural}, not {found}"),
            )
            .help(format!("write `{form}`")),
        );
        None
    }

    fn customer_function(
        &mut self,
        function: Function,
        arguments: &[Ast],
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Expr> {
        let name = function.name();
        let (count, form) = match function {
            Function::Min | Function::Max => (2..=usize::MAX, format!("{name}(a, b)")),
            Function::Round => (2..=2, "round(x, 2)".to_owned()),
            Function::Between => (3..=3, "between(x, low, high)".to_owned()),
            Function::DaysSince
            | Function::DaysUntil
            | Function::DaysUntilNext
            | Function::YearsSince => (1..=1, format!("{name}(joined)")),
            Function::Abs | Function::Floor | Function::Ceil | Function::IsKnown => {
                (1..=1, format!("{name}(x)"))
            }
        };
        self.counted(name, span, arguments.len(), count, &form)?;
        let typed: Vec<Option<Expr>> =
            arguments.iter().map(|argument| self.typed_expr(argument, scope, None)).collect();
        let typed: Vec<Expr> = typed.into_iter().collect::<Option<_>>()?;
        let number = |unit| (Type::Number, unit);
        let (ty, unit) = match function {
            Function::IsKnown => (Type::Flag, Unit::Number),
            Function::DaysSince | Function::DaysUntil | Function::DaysUntilNext => {
                self.all_of_type(name, &typed, Type::Date)?;
                number(Unit::Days)
            }
            Function::YearsSince => {
                self.all_of_type(name, &typed, Type::Date)?;
                number(Unit::Number)
            }
            Function::Min | Function::Max | Function::Between => {
                let ty = if typed[0].ty == Type::Date { Type::Date } else { Type::Number };
                self.all_of_type(name, &typed, ty)?;
                let mut unit = typed[0].unit;
                for other in &typed[1..] {
                    self.same_unit(&typed[0], other, span);
                    unit = units::either(unit, other.unit);
                }
                self.money_literals(&typed.iter().collect::<Vec<_>>())?;
                if function == Function::Between { (Type::Flag, Unit::Number) } else { (ty, unit) }
            }
            Function::Abs | Function::Floor | Function::Ceil => {
                self.all_of_type(name, &typed, Type::Number)?;
                number(typed[0].unit)
            }
            Function::Round => {
                self.all_of_type(name, &typed, Type::Number)?;
                let digits = self.constant(&typed[1]);
                let whole = digits
                    .filter(|digits| digits.is_integer())
                    .and_then(|digits| u32::try_from(digits).ok())
                    .filter(|digits| *digits <= u32::from(crate::expr::NUMBER_SCALE));
                if whole.is_none() {
                    self.report(
                        Diagnostic::new(
                            Code::NotConstant,
                            typed[1].span,
                            "the digits of `round` are a whole number from 0 to 6",
                        )
                        .help("write it as in `round(x, 2)`"),
                    );
                    return None;
                }
                number(typed[0].unit)
            }
        };
        Some(Expr { node: Node::Call(function, typed), ty, unit, span })
    }

    fn all_of_type(&mut self, name: &str, arguments: &[Expr], ty: Type) -> Option<()> {
        let mut fits = true;
        for argument in arguments {
            if argument.ty != ty {
                fits = false;
                let message =
                    format!("`{name}` needs {}; this is {}", ty.words(), argument.ty.words());
                let help = (ty == Type::Date && argument.ty == Type::Text)
                    .then(|| format!("write `date({})`", self.texts.text(argument.span)));
                self.report(
                    Diagnostic::new(Code::WrongType, argument.span, message).maybe_help(help),
                );
            }
        }
        fits.then_some(())
    }

    /// The day that stands without quotation marks, or an example of one.
    fn day_in(&self, span: Span) -> String {
        let written = self.texts.text(span).replace(' ', "");
        let is_day = written.starts_with(|c: char| c.is_ascii_digit()) && written.len() == 10;
        if is_day { written } else { "2026-03-21".to_owned() }
    }

    fn date_call(&mut self, arguments: &[Ast], span: Span) -> Option<Expr> {
        self.counted("date", span, arguments.len(), 1..=1, "date(\"2026-03-21\")")?;
        let AstKind::Text(text) = &arguments[0].kind else {
            self.report(
                Diagnostic::new(
                    Code::NotConstant,
                    arguments[0].span,
                    "`date` needs a text that says the day",
                )
                .help(format!("write `date(\"{}\")`", self.day_in(arguments[0].span))),
            );
            return None;
        };
        let date = self.date(text, arguments[0].span)?;
        let node = Node::Literal(Value::Date(date));
        Some(Expr { node, ty: Type::Date, unit: Unit::Number, span })
    }

    fn previous_call(
        &mut self,
        callee_span: Span,
        arguments: &[Ast],
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Expr> {
        self.counted("previous", span, arguments.len(), 1..=1, "previous(spend_this_year)")?;
        if !scope.is_customer() {
            self.error(Code::NotAllowedHere, callee_span, "`previous` has no meaning for a row");
            return None;
        }
        let argument = self.typed_expr(&arguments[0], scope, None)?;
        let Node::Input(Input::Metric(metric)) = argument.node else {
            self.error(Code::WrongType, argument.span, "`previous` needs the name of a metric");
            return None;
        };
        let id = self.previous_metric(metric, argument.span)?;
        let node = Node::Input(Input::Metric(id));
        Some(Expr { node, ty: argument.ty, unit: argument.unit, span })
    }
}
