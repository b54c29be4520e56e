//! The typed tree: one expression, every name resolved, every type known.

use serde::Serialize;

use super::syntax::{ArithmeticOp, CompareOp};
use super::value::{Type, Unit, Value};
use crate::source::Span;

/// Indexes into the vectors of a [`crate::program::Program`].
pub type ParameterId = usize;
pub type AttributeId = usize;
pub type SourceId = usize;
/// A column of the source whose rows are being read.
pub type ColumnId = usize;
pub type MetricId = usize;
pub type CutoffId = usize;
pub type LadderId = usize;
/// A tier within its ladder, 0 the highest.
pub type TierId = usize;
pub type SegmentId = usize;
pub type ScriptFunctionId = usize;

/// A typed expression.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expr {
    pub node: Node,
    pub ty: Type,
    /// `Unit::Number` for whatever is not a number.
    pub unit: Unit,
    /// Layout is not part of a program's identity.
    #[serde(skip)]
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    Literal(Value),
    /// A parameter and the value in effect; evaluated as a literal.
    Parameter(ParameterId, Value),
    Input(Input),
    AsOf,
    /// A value over the population: the same for every customer of a pass.
    Cutoff(CutoffId),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Call(Function, Vec<Expr>),
    Script {
        function: ScriptFunctionId,
        arguments: Vec<ScriptArgument>,
    },
}

/// Something that has a value per row (of a source) or per customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Row: a column of the source.
    Column(ColumnId),
    /// Row: the civil date of the fact.
    At,
    Metric(MetricId),
    Attribute(AttributeId),
    /// Whether the customer is in the top that a cutoff describes (a flag).
    Top(CutoffId),
    /// Benefits' `cost`: the value that the customer gets.
    BenefitValue,
    /// Flags and days from standings.
    InTier(LadderId, TierId),
    Holds(LadderId, TierId),
    DaysHeld(LadderId, TierId),
    DaysSinceHeld(LadderId, TierId),
    InGrace(LadderId),
    InSegment(SegmentId),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptArgument {
    Value(Expr),
    /// The read-only view of the customer.
    Customer,
}

/// Functions on one customer's (or row's) values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    Min,
    Max,
    Abs,
    /// The digits are a constant.
    Round,
    Floor,
    Ceil,
    Between,
    /// `date("2026-03-21")` with a text that is not a constant does not exist: constants fold.
    DaysSince,
    DaysUntil,
    DaysUntilNext,
    YearsSince,
    IsKnown,
}

impl Function {
    pub const ALL: &'static [Function] = &[
        Function::Min,
        Function::Max,
        Function::Abs,
        Function::Round,
        Function::Floor,
        Function::Ceil,
        Function::Between,
        Function::DaysSince,
        Function::DaysUntil,
        Function::DaysUntilNext,
        Function::YearsSince,
        Function::IsKnown,
    ];

    /// Whether its value depends on the as-of date besides its arguments.
    pub fn reads_as_of(self) -> bool {
        match self {
            Function::DaysSince
            | Function::DaysUntil
            | Function::DaysUntilNext
            | Function::YearsSince => true,
            Function::Min
            | Function::Max
            | Function::Abs
            | Function::Round
            | Function::Floor
            | Function::Ceil
            | Function::Between
            | Function::IsKnown => false,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Function::Min => "min",
            Function::Max => "max",
            Function::Abs => "abs",
            Function::Round => "round",
            Function::Floor => "floor",
            Function::Ceil => "ceil",
            Function::Between => "between",
            Function::DaysSince => "days_since",
            Function::DaysUntil => "days_until",
            Function::DaysUntilNext => "days_until_next",
            Function::YearsSince => "years_since",
            Function::IsKnown => "is_known",
        }
    }
}

/// A condition over expressions, as a pack nests them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition<E> {
    Always,
    Never,
    Expr(E),
    All(Vec<Condition<E>>),
    Any { at_least: usize, of: Vec<Condition<E>> },
    None(Vec<Condition<E>>),
}

impl<E> Condition<E> {
    /// The expressions in it, in the order they are written.
    pub fn visit<'a>(&'a self, each: &mut impl FnMut(&'a E)) {
        match self {
            Condition::Always | Condition::Never => {}
            Condition::Expr(expr) => each(expr),
            Condition::All(list) | Condition::None(list) | Condition::Any { of: list, .. } => {
                for condition in list {
                    condition.visit(each);
                }
            }
        }
    }
}

impl Expr {
    /// Whether its value may differ from one as-of date to another over the same inputs. A
    /// script may ask for the date, so every one counts.
    pub fn reads_as_of(&self) -> bool {
        let mut found = false;
        self.visit(&mut |expr| {
            found |= match &expr.node {
                Node::AsOf | Node::Script { .. } => true,
                Node::Call(function, _) => function.reads_as_of(),
                _ => false,
            };
        });
        found
    }

    /// Calls `each` for this node and everything below it, parents first.
    pub fn visit<'a>(&'a self, each: &mut impl FnMut(&'a Expr)) {
        each(self);
        match &self.node {
            Node::Literal(_)
            | Node::Parameter(..)
            | Node::Input(_)
            | Node::AsOf
            | Node::Cutoff(_) => {}
            Node::Not(a) | Node::Negate(a) => a.visit(each),
            Node::Arithmetic(_, a, b)
            | Node::Compare(_, a, b)
            | Node::And(a, b)
            | Node::Or(a, b)
            | Node::In(a, b) => {
                a.visit(each);
                b.visit(each);
            }
            Node::If(a, b, c) => {
                a.visit(each);
                b.visit(each);
                c.visit(each);
            }
            Node::List(list) | Node::Call(_, list) => list.iter().for_each(|e| e.visit(each)),
            Node::Script { arguments, .. } => {
                for argument in arguments {
                    if let ScriptArgument::Value(expr) = argument {
                        expr.visit(each);
                    }
                }
            }
        }
    }
}
