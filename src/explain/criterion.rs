use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Measure;
use crate::criteria::{Asked, Direction, Joined, Leaf, Sides};
use crate::expr::{CutoffId, Expr, Fault, Input, MetricId, Node, TierId, Unit, Value, decimal};
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
    /// Since when what it asks of the population has been as it is: of several the earliest.
    pub taken_on: Option<Date>,
    /// Why there is no answer.
    pub fault: Option<Fault>,
    /// How it is joined to the criterion before it.
    pub joined: Joined,
}

impl Criterion {
    /// What a customer measured in one comparison; as the first of its condition.
    pub fn of(
        leaf: Leaf<'_>,
        program: &Program,
        texts: &Sources,
        (tier, slot): (TierId, Slot),
        customer: &dyn Measure,
    ) -> Criterion {
        let (holds, mut fault) = match customer.value(leaf.expr) {
            Ok(value) => (value == Value::Flag(true), None),
            Err(fault) => (false, Some(fault)),
        };
        let sides = leaf.sides(program);
        let measured = customer.value(sides.measured);
        let (asked, direction) = asked(&sides, &measured, customer);
        let mut side = |value: Result<Value, Fault>| match value {
            Ok(value) => value,
            Err(of_side) => {
                fault.get_or_insert(of_side);
                Value::Null
            }
        };
        let (measured, asked) = (side(measured), side(asked));
        let numbers = measured.as_number().zip(asked.as_number());
        Criterion {
            tier,
            slot,
            text: leaf.text(program, texts),
            met: fault.is_none() && holds != leaf.negated,
            gap: numbers.and_then(|(measured, asked)| direction.gap(measured, asked)),
            unit: sides.measured.unit,
            direction,
            metric: match sides.measured.node {
                Node::Input(Input::Metric(metric)) => Some(metric),
                _ => None,
            },
            subject: sides.subject(program, texts),
            top: match sides.asked {
                Asked::Top(cutoff) => Some(cutoff),
                _ => None,
            },
            taken_on: taken_on(leaf.expr, customer),
            measured,
            asked,
            fault,
            joined: Joined::And,
        }
    }
}

/// What is asked of this customer, and how.
pub(super) fn asked(
    sides: &Sides<'_>,
    measured: &Result<Value, Fault>,
    customer: &dyn Measure,
) -> (Result<Value, Fault>, Direction) {
    let asked = match sides.asked {
        Asked::Compared(_, asked) | Asked::In(asked) => customer.value(asked),
        Asked::Between(low, high) => {
            let high = customer.value(high);
            if matches!((measured, &high), (Ok(x), Ok(high)) if is_more(x, high)) {
                return (high, Direction::AtMost);
            }
            customer.value(low)
        }
        Asked::Top(cutoff) => customer.border(cutoff).map(Value::Number),
        Asked::Items(items) => {
            let items = items.iter().map(|item| customer.value(item));
            items.collect::<Result<Vec<Value>, Fault>>().map(|items| Value::List(items.into()))
        }
        Asked::Lists => Ok(Value::Null),
        Asked::Flag(flag) => Ok(Value::Flag(flag)),
    };
    (asked, sides.direction)
}

/// When the cutoffs were taken that an expression reads.
fn taken_on(expr: &Expr, customer: &dyn Measure) -> Option<Date> {
    let mut earliest = None;
    expr.visit(&mut |part| {
        if let Node::Cutoff(cutoff) | Node::Input(Input::Top(cutoff)) = part.node {
            let taken_on = customer.taken_on(cutoff);
            earliest = earliest.into_iter().chain(taken_on).min();
        }
    });
    earliest
}

fn is_more(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => decimal::compare(*a, *b).is_gt(),
        (Value::Date(a), Value::Date(b)) => a > b,
        _ => false,
    }
}
