use super::Direction;
use crate::expr::{CompareOp, CutoffId, Expr, Function, Input, Node, Type, Value};
use crate::program::Program;
use crate::source::Sources;

/// One comparison, or another expression that is true or false.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaf<'e> {
    pub expr: &'e Expr,
    /// The expression must be false.
    pub negated: bool,
}

/// The two sides of a comparison, turned so that the measured one comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sides<'e> {
    pub measured: &'e Expr,
    pub asked: Asked<'e>,
    /// Of [`Asked::Between`]: what the lower border asks for; the upper asks for at most that.
    pub direction: Direction,
}

/// What is asked of the measured value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked<'e> {
    /// To compare so with another value.
    Compared(CompareOp, &'e Expr),
    /// To lie between two values: the upper is asked of whoever is above it, of everybody else
    /// the lower.
    Between(&'e Expr, &'e Expr),
    /// To be in a top: its border is asked.
    Top(CutoffId),
    /// To be in a list of constants, or part of a text.
    In(&'e Expr),
    /// To be one of some values.
    Items(&'e [Expr]),
    /// To be in one of several lists: no one value is asked.
    Lists,
    /// To be this itself.
    Flag(bool),
}

impl<'e> Leaf<'e> {
    pub fn sides(self, program: &'e Program) -> Sides<'e> {
        match &self.expr.node {
            Node::Compare(op, a, b) => {
                let (measured, op, asked) = match !varies(a) && varies(b) {
                    true => (b, op.flipped(), a),
                    false => (a, *op, b),
                };
                Sides {
                    measured,
                    asked: Asked::Compared(op, asked),
                    direction: Direction::of(op, measured.ty, self.negated),
                }
            }
            Node::Call(Function::Between, parts) if parts.len() == 3 && !self.negated => Sides {
                measured: &parts[0],
                asked: Asked::Between(&parts[1], &parts[2]),
                direction: Direction::AtLeast,
            },
            Node::Input(Input::Top(cutoff)) => Sides {
                measured: &program.cutoffs[*cutoff].measure,
                asked: Asked::Top(*cutoff),
                direction: match self.negated {
                    true => Direction::LessThan,
                    false => Direction::AtLeast,
                },
            },
            Node::In(value, list) => {
                let asked = match &list.node {
                    Node::List(items) if !items.iter().all(is_constant) => Asked::Items(items),
                    Node::If(..) if list.ty == Type::List => Asked::Lists,
                    _ => Asked::In(list),
                };
                Sides { measured: value, asked, direction: Direction::Other }
            }
            _ => Sides {
                measured: self.expr,
                asked: Asked::Flag(!self.negated),
                direction: Direction::Other,
            },
        }
    }

    /// As written in the pack.
    pub fn text(self, program: &Program, texts: &Sources) -> String {
        match self.expr.node {
            Node::Input(Input::Top(cutoff)) => program.cutoffs[cutoff].text.clone(),
            _ => written(self.expr, program, texts),
        }
    }
}

impl Sides<'_> {
    /// What is measured, as written.
    pub fn subject(&self, program: &Program, texts: &Sources) -> String {
        written(self.measured, program, texts)
    }
}

impl Asked<'_> {
    /// The value where it is the same for every customer in every pass.
    pub fn constant(&self) -> Option<Value> {
        match self {
            Asked::Flag(flag) => Some(Value::Flag(*flag)),
            Asked::Compared(_, asked) | Asked::In(asked) => constant(asked),
            _ => None,
        }
    }
}

fn constant(expr: &Expr) -> Option<Value> {
    match &expr.node {
        Node::Literal(Value::Null) | Node::Parameter(_, Value::Null) => None,
        Node::Literal(value) | Node::Parameter(_, value) => Some(value.clone()),
        Node::List(items) => {
            let items: Option<Vec<Value>> = items.iter().map(constant).collect();
            items.map(|items| Value::List(items.into()))
        }
        _ => None,
    }
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr.node, Node::Literal(_) | Node::Parameter(..))
}

/// Whether an expression differs from customer to customer.
fn varies(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| {
        found |= matches!(part.node, Node::Input(_) | Node::Script { .. });
    });
    found
}

/// The text of an expression, on one line.
fn written(expr: &Expr, program: &Program, texts: &Sources) -> String {
    match expr.node {
        Node::Input(Input::Metric(metric)) => program.metrics[metric].name.clone(),
        Node::Input(Input::Attribute(attribute)) => program.attributes[attribute].name.clone(),
        _ => texts.text(expr.span).split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
