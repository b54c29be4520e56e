use rust_decimal::Decimal;

use super::Measure;
use super::requirement::{Joined, Leaf};
use crate::expr::{
    CompareOp, CutoffId, Expr, Fault, Function, Input, MetricId, Node, TierId, Type, Unit, Value,
};
use crate::program::Program;
use crate::source::Sources;

/// Whether a criterion is asked to enter a tier or to keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    Enter,
    Keep,
}

impl Slot {
    pub fn name(self) -> &'static str {
        match self {
            Slot::Enter => "enter",
            Slot::Keep => "keep",
        }
    }
}

/// What a criterion asks of the value that it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
    Exactly,
    AnythingBut,
    /// No comparison of numbers or dates.
    Other,
}

impl Direction {
    /// Whether less is asked for.
    pub fn is_upper(self) -> bool {
        matches!(self, Direction::AtMost | Direction::LessThan)
    }
}

/// One comparison of a tier's condition, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    pub tier: TierId,
    pub slot: Slot,
    /// As written in the pack.
    pub text: String,
    /// Whether the tier's condition has what it asks for here.
    pub met: bool,
    pub measured: Value,
    pub asked: Value,
    /// What is missing: positive is short (or too much, where less is asked for), negative to
    /// spare. `None` where nothing can be subtracted.
    pub gap: Option<Decimal>,
    /// Of what is measured.
    pub unit: Unit,
    pub direction: Direction,
    /// The metric that is measured, where it is a metric alone.
    pub metric: Option<MetricId>,
    /// What is measured, as written.
    pub subject: String,
    /// The top that it asks to be in.
    pub top: Option<CutoffId>,
    /// Why there is no answer.
    pub fault: Option<Fault>,
    /// How it is joined to the criterion before it.
    pub joined: Joined,
}

/// The two sides of a comparison, turned so that the measured one comes first.
struct Sides<'e> {
    measured: Result<Value, Fault>,
    asked: Result<Value, Fault>,
    direction: Direction,
    /// What is measured; `None`: the whole expression.
    subject: Option<&'e Expr>,
}

impl Leaf<'_> {
    pub fn measure(
        self,
        program: &Program,
        texts: &Sources,
        tier: TierId,
        slot: Slot,
        customer: &dyn Measure,
    ) -> Criterion {
        let (holds, mut fault) = match customer.value(self.expr) {
            Ok(value) => (value == Value::Flag(true), None),
            Err(fault) => (false, Some(fault)),
        };
        let sides = self.sides(program, customer);
        let mut side = |value: Result<Value, Fault>| match value {
            Ok(value) => value,
            Err(of_side) => {
                fault.get_or_insert(of_side);
                Value::Null
            }
        };
        let (measured, asked) = (side(sides.measured), side(sides.asked));
        let subject = sides.subject.unwrap_or(self.expr);
        let metric = match subject.node {
            Node::Input(Input::Metric(metric)) => Some(metric),
            _ => None,
        };
        Criterion {
            tier,
            slot,
            text: self.text(program, texts),
            met: fault.is_none() && holds != self.negated,
            gap: gap(sides.direction, &measured, &asked),
            unit: subject.unit,
            direction: sides.direction,
            metric,
            subject: match metric {
                Some(metric) => program.metrics[metric].name.clone(),
                None => written(subject, program, texts),
            },
            top: match self.expr.node {
                Node::Input(Input::Top(cutoff)) => Some(cutoff),
                _ => None,
            },
            measured,
            asked,
            fault,
            joined: Joined::And,
        }
    }

    fn text(self, program: &Program, texts: &Sources) -> String {
        match self.expr.node {
            Node::Input(Input::Top(cutoff)) => program.cutoffs[cutoff].text.clone(),
            _ => written(self.expr, program, texts),
        }
    }

    fn sides<'a>(&'a self, program: &'a Program, customer: &dyn Measure) -> Sides<'a> {
        let number = |value: Result<Decimal, Fault>| value.map(Value::Number);
        match &self.expr.node {
            Node::Compare(op, a, b) => {
                let (measured, op, asked) = match !varies(a) && varies(b) {
                    true => (b, op.flipped(), a),
                    false => (a, *op, b),
                };
                Sides {
                    measured: customer.value(measured),
                    asked: customer.value(asked),
                    direction: direction(op, measured.ty, self.negated),
                    subject: Some(measured),
                }
            }
            Node::Call(Function::Between, parts) if parts.len() == 3 && !self.negated => {
                let (x, low, high) = (
                    customer.value(&parts[0]),
                    customer.value(&parts[1]),
                    customer.value(&parts[2]),
                );
                let above = matches!((&x, &high), (Ok(x), Ok(high)) if is_more(x, high));
                let direction = if above { Direction::AtMost } else { Direction::AtLeast };
                Sides {
                    measured: x,
                    asked: if above { high } else { low },
                    direction,
                    subject: Some(&parts[0]),
                }
            }
            Node::Input(Input::Top(cutoff)) => {
                let measure = &program.cutoffs[*cutoff].measure;
                Sides {
                    measured: customer.value(measure),
                    asked: number(customer.border(*cutoff)),
                    direction: match self.negated {
                        true => Direction::LessThan,
                        false => Direction::AtLeast,
                    },
                    subject: Some(measure),
                }
            }
            Node::In(value, list) => Sides {
                measured: customer.value(value),
                asked: customer.value(list),
                direction: Direction::Other,
                subject: Some(value),
            },
            _ => Sides {
                measured: customer.value(self.expr),
                asked: Ok(Value::Flag(!self.negated)),
                direction: Direction::Other,
                subject: None,
            },
        }
    }
}

/// Whether an expression differs from customer to customer.
fn varies(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| {
        found |= matches!(part.node, Node::Input(_) | Node::Script { .. });
    });
    found
}

fn is_more(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a > b,
        (Value::Date(a), Value::Date(b)) => a > b,
        _ => false,
    }
}

fn direction(op: CompareOp, ty: Type, negated: bool) -> Direction {
    if !matches!(ty, Type::Number | Type::Date) {
        return Direction::Other;
    }
    match (op, negated) {
        (CompareOp::GreaterOrEqual, false) | (CompareOp::Less, true) => Direction::AtLeast,
        (CompareOp::Greater, false) | (CompareOp::LessOrEqual, true) => Direction::MoreThan,
        (CompareOp::LessOrEqual, false) | (CompareOp::Greater, true) => Direction::AtMost,
        (CompareOp::Less, false) | (CompareOp::GreaterOrEqual, true) => Direction::LessThan,
        (CompareOp::Equal, false) | (CompareOp::NotEqual, true) => Direction::Exactly,
        (CompareOp::NotEqual, false) | (CompareOp::Equal, true) => Direction::AnythingBut,
    }
}

/// How much is missing.
fn gap(direction: Direction, measured: &Value, asked: &Value) -> Option<Decimal> {
    let (measured, asked) = (measured.as_number()?, asked.as_number()?);
    let short = asked.checked_sub(measured)?.normalize();
    match direction {
        Direction::AtLeast | Direction::MoreThan => Some(short),
        Direction::AtMost | Direction::LessThan => Some((-short).normalize()),
        Direction::Exactly => Some(short.abs()),
        Direction::AnythingBut | Direction::Other => None,
    }
}

/// The text of an expression, on one line.
fn written(expr: &Expr, program: &Program, texts: &Sources) -> String {
    match expr.node {
        Node::Input(Input::Metric(metric)) => program.metrics[metric].name.clone(),
        Node::Input(Input::Attribute(attribute)) => program.attributes[attribute].name.clone(),
        _ => texts.text(expr.span).split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    #[test]
    fn a_positive_gap_is_short() {
        let gap = |direction, measured, asked| {
            gap(direction, &number(measured), &number(asked)).map(|gap| gap.to_string())
        };
        assert_eq!(gap(Direction::AtLeast, "812.40", "1000.00").as_deref(), Some("187.6"));
        assert_eq!(gap(Direction::AtLeast, "1200", "1000").as_deref(), Some("-200"));
        assert_eq!(gap(Direction::LessThan, "25", "20").as_deref(), Some("5"));
        assert_eq!(gap(Direction::AtMost, "15", "20").as_deref(), Some("-5"));
        assert_eq!(gap(Direction::Exactly, "15", "20").as_deref(), Some("5"));
        assert_eq!(gap(Direction::AnythingBut, "15", "20"), None);
    }

    #[test]
    fn a_negated_comparison_asks_for_the_opposite() {
        assert_eq!(direction(CompareOp::Less, Type::Number, true), Direction::AtLeast);
        assert_eq!(direction(CompareOp::Equal, Type::Text, false), Direction::Other);
    }
}
