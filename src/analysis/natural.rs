//! What values an expression can have at all: counts are never negative, percents of rows are
//! 0 to 100, and sums can be anything, because returns take money back.

use rust_decimal::Decimal;

use super::interval::{End, Interval};
use super::linear::Linear;
use super::literal::Literal;
use super::range::Range;
use super::terms::Terms;
use crate::expr::{ArithmeticOp, CutoffId, Expr, Function, Input, MetricId, Node, Type, Value};
use crate::program::{Aggregate, ColumnKind, CutoffKind, Metric, MetricKind};

/// The next birthday is at most a leap year away.
const LONGEST_YEAR_DAYS: i64 = 366;

impl Terms<'_> {
    /// The numbers that an expression can be, where some literals are known to hold.
    pub fn interval(&mut self, expr: &Expr, facts: &[Literal]) -> Interval {
        let own = match &expr.node {
            Node::Literal(Value::Number(number)) | Node::Parameter(_, Value::Number(number)) => {
                Interval::point(*number)
            }
            Node::Input(input) => self.input_interval(*input),
            Node::Cutoff(id) => self.cutoff_interval(*id),
            Node::Negate(inner) => self.interval(inner, facts).negate(),
            Node::Arithmetic(op, a, b) => {
                let (a, b) = (self.interval(a, facts), self.interval(b, facts));
                match op {
                    ArithmeticOp::Add => a.add(b),
                    ArithmeticOp::Subtract => a.add(b.negate()),
                    ArithmeticOp::Multiply => a.multiply(b),
                    ArithmeticOp::Divide => a.divide(b),
                    ArithmeticOp::Remainder if a.is_never_negative() => Interval::at_least(0),
                    ArithmeticOp::Remainder => Interval::ALL,
                }
            }
            Node::If(condition, then, otherwise) => {
                let with = |terms: &mut Self, truth, branch: &Expr| {
                    let mut known = facts.to_vec();
                    known.extend(terms.of_expr(condition, truth).facts());
                    terms.interval(branch, &known)
                };
                with(self, true, then).hull(with(self, false, otherwise))
            }
            Node::Call(function, arguments) => self.call_interval(*function, arguments, facts),
            _ => Interval::ALL,
        };
        own.intersect(self.known_interval(expr, facts))
    }

    /// What the literals say of a sum, or of the single term that it is.
    fn known_interval(&mut self, expr: &Expr, facts: &[Literal]) -> Interval {
        if facts.is_empty() {
            return Interval::ALL;
        }
        let linear = Linear::of(expr);
        let Some((factor, reduced)) = linear.reduced() else { return Interval::ALL };
        let term = self.sum_term(&reduced);
        let about: Vec<&Literal> = facts.iter().filter(|fact| fact.term == term).collect();
        match Range::of(self.get(term), &about) {
            Ok(range) => range.interval.add(Interval::point(reduced.constant)).scale(factor),
            Err(_) => Interval::ALL,
        }
    }

    fn input_interval(&mut self, input: Input) -> Interval {
        match input {
            Input::Metric(id) => {
                if let Some(known) = self.metrics.get(&id) {
                    return *known;
                }
                let interval = self.metric_interval(id);
                self.metrics.insert(id, interval);
                interval
            }
            Input::DaysHeld(..) | Input::DaysSinceHeld(..) => Interval::at_least(0),
            _ => Interval::ALL,
        }
    }

    fn metric_interval(&mut self, id: MetricId) -> Interval {
        let program = self.program;
        let Some(Metric { kind, ty, .. }) = program.metrics.get(id) else { return Interval::ALL };
        match kind {
            MetricKind::Rows(row) => match row.aggregate {
                Aggregate::Count
                | Aggregate::Distinct(_)
                | Aggregate::DistinctDays
                | Aggregate::DaysSinceLast
                | Aggregate::DaysSinceFirst => Interval::at_least(0),
                Aggregate::Percent => Interval::between(0, 100),
                // Between two different days; 36 500 without two.
                Aggregate::DaysBetween => Interval::at_least(1),
                _ => Interval::ALL,
            },
            MetricKind::Formula { expr, otherwise } if *ty == Type::Number => {
                // Rounded to six places, half to even: an open end may be reached.
                let rounded = self.interval(expr, &[]).divide(Interval::point(Decimal::ONE));
                rounded.hull(Interval::point(*otherwise))
            }
            MetricKind::Rfm { bins, .. } => Interval::between(3, 3 * i64::from(*bins)),
            MetricKind::RfmPart { of, .. } => match &program.metrics.get(*of).map(|m| &m.kind) {
                Some(MetricKind::Rfm { bins, .. }) => Interval::between(1, i64::from(*bins)),
                _ => Interval::ALL,
            },
            MetricKind::Formula { .. } | MetricKind::Score(_) => Interval::ALL,
        }
    }

    /// Over an empty population every value is 0.
    fn cutoff_interval(&mut self, id: CutoffId) -> Interval {
        let program = self.program;
        let Some(cutoff) = program.cutoffs.get(id) else { return Interval::ALL };
        let zero = Interval::point(Decimal::ZERO);
        match cutoff.kind {
            CutoffKind::Percentile(_) => self.interval(&cutoff.measure, &[]).hull(zero),
            CutoffKind::Average | CutoffKind::Median => {
                let rounded = self.interval(&cutoff.measure, &[]);
                rounded.divide(Interval::point(Decimal::ONE)).hull(zero)
            }
            CutoffKind::StdDev => Interval::at_least(0),
            _ => Interval::ALL,
        }
    }

    fn call_interval(
        &mut self,
        function: Function,
        arguments: &[Expr],
        facts: &[Literal],
    ) -> Interval {
        if function == Function::DaysUntilNext {
            return Interval::between(0, LONGEST_YEAR_DAYS);
        }
        if arguments.first().is_none_or(|argument| argument.ty != Type::Number) {
            return Interval::ALL;
        }
        let of: Vec<Interval> =
            arguments.iter().map(|argument| self.interval(argument, facts)).collect();
        let closed = |end: Option<End>| end.map(|end| End::closed(end.value));
        let first = of[0];
        match function {
            Function::Min | Function::Max => of[1..].iter().fold(first, |a, b| {
                let hull = a.hull(*b);
                // The larger of two is at least what either is at least.
                match function {
                    Function::Max => Interval { low: a.intersect_low(*b), high: hull.high },
                    _ => Interval { low: hull.low, high: a.intersect_high(*b) },
                }
            }),
            Function::Abs if first.is_never_negative() => first,
            Function::Abs => Interval::at_least(0),
            Function::Round => {
                let Some(digits) = of[1].single().and_then(|digits| u32::try_from(digits).ok())
                else {
                    return Interval::ALL;
                };
                let round = |end: Option<End>| {
                    end.map(|end| End::closed(crate::expr::decimal::round(end.value, digits)))
                };
                Interval { low: round(first.low), high: round(first.high) }
            }
            Function::Floor => Interval {
                low: first.low.map(|end| End::closed(end.value.floor())),
                high: closed(first.high),
            },
            Function::Ceil => Interval {
                low: closed(first.low),
                high: first.high.map(|end| End::closed(end.value.ceil())),
            },
            _ => Interval::ALL,
        }
    }

    /// Decimal places of a number, where it has so many at most.
    pub fn places(&self, expr: &Expr) -> Option<u32> {
        let of_column =
            |kind: ColumnKind| u32::from(kind.scale(self.program.settings.money_decimals));
        match &expr.node {
            Node::Input(Input::Metric(id)) => {
                self.program.metrics.get(*id).map(|metric| u32::from(metric.scale))
            }
            Node::Input(Input::Attribute(id)) => {
                self.program.attributes.get(*id).map(|attribute| of_column(attribute.kind))
            }
            Node::Input(Input::Column(id)) => {
                let source = self.program.sources.get(self.source?)?;
                source.columns.get(*id).map(|column| of_column(column.kind))
            }
            Node::Input(Input::DaysHeld(..) | Input::DaysSinceHeld(..)) => Some(0),
            Node::Call(Function::DaysSince | Function::DaysUntil | Function::DaysUntilNext, _)
            | Node::Call(Function::Floor | Function::Ceil, _) => Some(0),
            _ => None,
        }
    }

    /// Whether an expression may be NULL.
    pub fn nullable(&self, expr: &Expr) -> bool {
        match &expr.node {
            Node::Literal(value) | Node::Parameter(_, value) => *value == Value::Null,
            Node::AsOf
            | Node::Cutoff(_)
            | Node::Not(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::Compare(..)
            | Node::In(..)
            | Node::List(_)
            | Node::Call(Function::IsKnown, _) => false,
            Node::Input(Input::Metric(id)) => match self.program.metrics.get(*id) {
                // An undefined number has its `else`; other values do not.
                Some(Metric { kind: MetricKind::Formula { .. }, ty, .. }) => *ty != Type::Number,
                metric => metric.is_none(),
            },
            Node::Input(
                Input::At
                | Input::Top(_)
                | Input::InTier(..)
                | Input::Holds(..)
                | Input::InGrace(_)
                | Input::InSegment(_),
            ) => false,
            Node::Input(_) | Node::Script { .. } => true,
            Node::Negate(inner) => self.nullable(inner),
            Node::Arithmetic(_, a, b) | Node::If(_, a, b) => self.nullable(a) || self.nullable(b),
            Node::Call(_, arguments) => arguments.iter().any(|argument| self.nullable(argument)),
        }
    }
}
