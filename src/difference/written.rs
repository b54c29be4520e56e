//! Expressions as text, from the tree: layout and brackets that mean nothing are gone.

use super::side::Side;
use super::words::literal;
use crate::expr::{
    ArithmeticOp, CompareOp, CutoffId, Expr, Input, Node, ScriptArgument, SourceId, Value, decimal,
};
use crate::program::CutoffKind;

/// How parameters and what is computed from them alone are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Constants {
    /// As in the pack: `vip_spend * 0.8`.
    Named,
    /// By what they come to: `800`. Two expressions with the same such text mean the same.
    Valued,
}

/// How tightly operators bind, as in the parser.
mod binding {
    pub const OR: u8 = 30;
    pub const AND: u8 = 60;
    pub const EQUALITY: u8 = 90;
    pub const IN: u8 = 110;
    pub const COMPARISON: u8 = 130;
    pub const SUM: u8 = 150;
    pub const PRODUCT: u8 = 180;
    pub const SIGN: u8 = 210;
    pub const ATOM: u8 = u8::MAX;
}

/// The value of an expression that reads nothing but parameters.
pub(super) fn constant(expr: &Expr) -> Option<Value> {
    match &expr.node {
        Node::Literal(value) | Node::Parameter(_, value) => Some(value.clone()),
        Node::Negate(a) => Some(Value::Number(-constant(a)?.as_number()?)),
        Node::Arithmetic(op, a, b) => {
            let (a, b) = (constant(a)?.as_number()?, constant(b)?.as_number()?);
            decimal::apply(*op, a, b).ok().map(Value::Number)
        }
        Node::List(items) => {
            let items: Option<Vec<Value>> = items.iter().map(constant).collect();
            items.map(|items| Value::List(items.into()))
        }
        _ => None,
    }
}

impl Side<'_> {
    /// `rows`: the source whose rows the expression reads, if it does.
    pub fn expr(&self, expr: &Expr, rows: Option<SourceId>, constants: Constants) -> String {
        Writer { side: self, rows, constants }.expr(expr).0
    }

    /// `top_percent(5, margin)`, `average(spend)`
    pub fn cutoff(&self, id: CutoffId, constants: Constants) -> String {
        Writer { side: self, rows: None, constants }.cutoff(id)
    }
}

struct Writer<'s, 'r> {
    side: &'s Side<'r>,
    rows: Option<SourceId>,
    constants: Constants,
}

impl Writer<'_, '_> {
    /// The text, and how tightly its outermost operator binds.
    fn expr(&self, expr: &Expr) -> (String, u8) {
        if self.constants == Constants::Valued
            && let Some(value) = constant(expr)
        {
            return (literal(&value), binding::ATOM);
        }
        match &expr.node {
            Node::Literal(value) => (literal(value), binding::ATOM),
            Node::Parameter(id, _) => {
                (self.side.program.parameters[*id].name.clone(), binding::ATOM)
            }
            Node::Input(input) => (self.input(*input), binding::ATOM),
            Node::AsOf => ("as_of".to_owned(), binding::ATOM),
            Node::Cutoff(id) => (self.cutoff(*id), binding::ATOM),
            Node::Not(a) => (format!("!{}", self.within(a, binding::SIGN)), binding::SIGN),
            Node::Negate(a) => (format!("-{}", self.within(a, binding::SIGN)), binding::SIGN),
            Node::Arithmetic(op, a, b) => {
                let bound = match op {
                    ArithmeticOp::Add | ArithmeticOp::Subtract => binding::SUM,
                    _ => binding::PRODUCT,
                };
                self.binary(op.symbol(), bound, a, b)
            }
            Node::Compare(op, a, b) => {
                let bound = match op {
                    CompareOp::Equal | CompareOp::NotEqual => binding::EQUALITY,
                    _ => binding::COMPARISON,
                };
                self.binary(op.symbol(), bound, a, b)
            }
            Node::And(a, b) => self.binary("&&", binding::AND, a, b),
            Node::Or(a, b) => self.binary("||", binding::OR, a, b),
            Node::In(a, b) => self.binary("in", binding::IN, a, b),
            Node::If(condition, then, otherwise) => {
                let [condition, then, otherwise] =
                    [condition, then, otherwise].map(|part| self.expr(part).0);
                let text = format!("if {condition} {{ {then} }} else {{ {otherwise} }}");
                (text, binding::ATOM)
            }
            Node::List(items) => (format!("[{}]", self.list(items)), binding::ATOM),
            Node::Call(function, arguments) => {
                (format!("{}({})", function.name(), self.list(arguments)), binding::ATOM)
            }
            Node::Script { function, arguments } => {
                let function = &self.side.program.scripts.functions[*function];
                let arguments = arguments.iter().map(|argument| match argument {
                    ScriptArgument::Value(expr) => self.expr(expr).0,
                    ScriptArgument::Customer => "customer".to_owned(),
                });
                let arguments = arguments.collect::<Vec<_>>().join(", ");
                (format!("{}::{}({arguments})", function.module, function.name), binding::ATOM)
            }
        }
    }

    /// All operators lean to the left.
    fn binary(&self, symbol: &str, bound: u8, a: &Expr, b: &Expr) -> (String, u8) {
        let (a, b) = (self.within(a, bound), self.within(b, bound + 1));
        (format!("{a} {symbol} {b}"), bound)
    }

    /// In brackets where it binds less tightly than its place needs.
    fn within(&self, expr: &Expr, least: u8) -> String {
        match self.expr(expr) {
            (text, bound) if bound < least => format!("({text})"),
            (text, _) => text,
        }
    }

    fn list(&self, items: &[Expr]) -> String {
        items.iter().map(|item| self.expr(item).0).collect::<Vec<_>>().join(", ")
    }

    fn cutoff(&self, id: CutoffId) -> String {
        let cutoff = &self.side.program.cutoffs[id];
        // What is measured reads customers, wherever the value is used.
        let measure = Writer { rows: None, ..*self }.expr(&cutoff.measure).0;
        let (name, number) = match &cutoff.kind {
            CutoffKind::TopPercent(percent) => ("top_percent", Some(percent.normalize())),
            CutoffKind::TopCount(count) => ("top_count", Some((*count).into())),
            CutoffKind::MakesPercent(percent) => ("makes_percent", Some(percent.normalize())),
            CutoffKind::Percentile(percent) => ("percentile", Some(percent.normalize())),
            CutoffKind::Average => ("average", None),
            CutoffKind::Median => ("median", None),
            CutoffKind::Total => ("total", None),
            CutoffKind::StdDev => ("stddev", None),
        };
        match number {
            Some(number) => format!("{name}({number}, {measure})"),
            None => format!("{name}({measure})"),
        }
    }

    fn input(&self, input: Input) -> String {
        let (side, program) = (self.side, self.side.program);
        match input {
            Input::Column(column) => {
                let source = self.rows.expect("only rows have columns");
                program.sources[source].columns[column].name.clone()
            }
            Input::At => "at".to_owned(),
            Input::Metric(metric) => program.metrics[metric].name.clone(),
            Input::Attribute(attribute) => program.attributes[attribute].name.clone(),
            Input::Top(cutoff) => self.cutoff(cutoff),
            Input::BenefitValue => "value".to_owned(),
            Input::InTier(ladder, tier) => format!("in_tier({})", side.tier(ladder, tier)),
            Input::Holds(ladder, tier) => format!("holds({})", side.tier(ladder, tier)),
            Input::DaysHeld(ladder, tier) => format!("days_held({})", side.tier(ladder, tier)),
            Input::DaysSinceHeld(ladder, tier) => {
                format!("days_since_held({})", side.tier(ladder, tier))
            }
            Input::InGrace(ladder) => format!("in_grace({})", program.ladders[ladder].name),
            Input::InSegment(segment) => format!("in_segment({})", program.segments[segment].name),
        }
    }
}
