//! From comparisons, `in` and flags to literals.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::formula::Formula;
use super::interval::{End, Interval};
use super::linear::Linear;
use super::literal::{Literal, Test};
use super::terms::{Kind, Term, TermId, Terms, key};
use crate::expr::{CompareOp, CutoffId, Expr, Input, Node, Type, Value, days_from_date};
use crate::program::CutoffKind;
use crate::source::Span;

impl Terms<'_> {
    pub fn comparison(
        &mut self,
        op: CompareOp,
        a: &Expr,
        b: &Expr,
        span: Span,
        truth: bool,
    ) -> Formula {
        if a.ty == Type::Number {
            return self.number_comparison(op, a, b, span, truth);
        }
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if a.ty != Type::Date && !equality {
            return self.order(op, a, b, span, truth);
        }
        let (term_side, constant, op) = match (self.constant(a), self.constant(b)) {
            (Some(a), Some(b)) => return Formula::Constant(op.holds(a.cmp(&b)) == truth),
            (None, Some(constant)) => (a, constant, op),
            (Some(constant), None) => (b, constant, op.flipped()),
            (None, None) => return self.order(op, a, b, span, truth),
        };
        let term = self.plain_term(term_side);
        let other = if std::ptr::eq(term_side, a) { b } else { a };
        let parameters = matches!(other.node, Node::Parameter(..)).then_some(other.span);
        literal(term, test(op, constant), span, parameters, truth)
    }

    fn number_comparison(
        &mut self,
        op: CompareOp,
        a: &Expr,
        b: &Expr,
        span: Span,
        truth: bool,
    ) -> Formula {
        let (left, right) = (Linear::of(a), Linear::of(b));
        let parameters = match (left.constant(), right.constant()) {
            (_, Some(_)) if right.parameters => Some(b.span),
            (Some(_), _) if left.parameters => Some(a.span),
            _ => None,
        };
        let by_parameter = left.parameters || right.parameters;
        let difference = right.scale(-Decimal::ONE).and_then(|right| left.add(right));
        let Some(difference) = difference else { return self.order(op, a, b, span, truth) };
        if let Some(constant) = difference.constant() {
            if !by_parameter && op.holds(constant.cmp(&Decimal::ZERO)) != truth {
                // Two written numbers that do not compare so: nobody meant that.
                let term = self.nothing();
                let never = Test::NoneOf(BTreeSet::from([Decimal::ZERO]));
                return literal(term, never, span, None, true);
            }
            return Formula::Constant(op.holds(constant.cmp(&Decimal::ZERO)) == truth);
        }
        let Some((factor, reduced)) = difference.reduced() else {
            return self.order(op, a, b, span, truth);
        };
        let op = if factor.is_sign_negative() { op.flipped() } else { op };
        let term = self.sum_term(&reduced);
        let parameters = parameters.or(by_parameter.then_some(span));
        literal(term, test(op, -reduced.constant), span, parameters, truth)
    }

    /// `item in list`.
    pub fn membership(&mut self, item: &Expr, list: &Expr, expr: &Expr, truth: bool) -> Formula {
        let (values, parameters): (Vec<Option<Decimal>>, bool) = match &list.node {
            Node::List(items) => (
                items.iter().map(|item| self.constant(item)).collect(),
                items.iter().any(|item| matches!(item.node, Node::Parameter(..))),
            ),
            Node::Parameter(_, Value::List(items)) => {
                (items.iter().map(|value| self.constant_value(value)).collect(), true)
            }
            _ => return self.flag(expr, truth),
        };
        let Some(values) = values.into_iter().collect::<Option<BTreeSet<Decimal>>>() else {
            return self.flag(expr, truth);
        };
        // A list that a client has left empty.
        if values.is_empty() && parameters {
            return Formula::Constant(!truth);
        }
        if let Some(constant) = self.constant(item) {
            return Formula::Constant(values.contains(&constant) == truth);
        }
        if item.ty == Type::Number {
            let Some((factor, reduced)) = Linear::of(item).reduced() else {
                return self.flag(expr, truth);
            };
            if factor != Decimal::ONE || !reduced.constant.is_zero() {
                return self.flag(expr, truth);
            }
        }
        let term = self.plain_term(item);
        literal(term, Test::OneOf(values), expr.span, parameters.then_some(list.span), truth)
    }

    /// An expression that is true or false by itself.
    pub fn flag(&mut self, expr: &Expr, truth: bool) -> Formula {
        if let Node::Input(Input::Top(id)) = expr.node
            && let Some((term, size)) = self.rank(id)
        {
            return literal(term, Test::Below(End::closed(size)), expr.span, None, truth);
        }
        let term = self.plain_term(expr);
        literal(term, Test::is(Decimal::ONE), expr.span, None, truth)
    }

    /// The ranking that a top cuts, and where it cuts. Tops of one ranking hold each other.
    fn rank(&mut self, id: CutoffId) -> Option<(TermId, Decimal)> {
        let cutoff = self.program.cutoffs.get(id)?;
        let (kind, size) = match cutoff.kind {
            CutoffKind::TopPercent(percent) => ("percent", percent),
            CutoffKind::TopCount(count) => ("count", Decimal::from(count)),
            CutoffKind::MakesPercent(percent) => ("makes", percent),
            _ => return None,
        };
        let ranking = (kind, &cutoff.measure, &cutoff.ties, &cutoff.held_by);
        let ranking = serde_json::to_string(&ranking).expect("a cutoff is plain data");
        let make = |_: &mut Self| Term {
            kind: Kind::Rank,
            interval: Interval::ALL,
            places: None,
            nullable: false,
            name: None,
        };
        Some((self.intern(format!("rank {ranking}"), make), size))
    }

    /// Two values of which neither is constant, or that have no order of their own.
    fn order(&mut self, op: CompareOp, a: &Expr, b: &Expr, span: Span, truth: bool) -> Formula {
        let (a_key, b_key) = (key(a), key(b));
        let (op, pair) = if a_key <= b_key {
            (op, format!("order {a_key} {b_key}"))
        } else {
            (op.flipped(), format!("order {b_key} {a_key}"))
        };
        let nullable = self.nullable(a) || self.nullable(b);
        let term = self.intern(pair, |_| Term {
            kind: Kind::Order,
            interval: Interval::between(-1, 1),
            places: Some(0),
            nullable,
            name: None,
        });
        literal(term, test(op, Decimal::ZERO), span, None, truth)
    }

    /// The term that one expression is.
    fn plain_term(&mut self, expr: &Expr) -> TermId {
        self.intern(key(expr), |terms| {
            let (kind, interval, places) = match expr.ty {
                Type::Number => (Kind::Number, terms.interval(expr, &[]), terms.places(expr)),
                Type::Date => (Kind::Date, Interval::ALL, Some(0)),
                Type::Flag => (Kind::Flag, Interval::between(0, 1), Some(0)),
                Type::Text | Type::List => (Kind::Text, Interval::ALL, None),
            };
            let nullable = terms.nullable(expr);
            Term { kind, interval, places, nullable, name: Some(terms.written(expr)) }
        })
    }

    /// A term that is 0, for what is false by itself.
    fn nothing(&mut self) -> TermId {
        self.intern("nothing".to_owned(), |_| Term {
            kind: Kind::Order,
            interval: Interval::point(Decimal::ZERO),
            places: None,
            nullable: false,
            name: None,
        })
    }

    /// The term that a sum without its constant is.
    pub fn sum_term(&mut self, sum: &Linear<'_>) -> TermId {
        let mut parts = sum.parts.iter();
        if let (Some((_, (factor, expr))), None) = (parts.next(), parts.next())
            && *factor == Decimal::ONE
        {
            return self.plain_term(expr);
        }
        let key = sum.parts.iter().fold(String::from("sum"), |key, (part, (factor, _))| {
            format!("{key} {} × {part}", factor.normalize())
        });
        self.intern(key, |terms| {
            let mut interval = Interval::point(Decimal::ZERO);
            let mut places = Some(0);
            let mut nullable = false;
            for (factor, expr) in sum.parts.values() {
                interval = interval.add(terms.interval(expr, &[]).scale(*factor));
                let own = terms.places(expr).map(|own| own + factor.normalize().scale());
                places = places.zip(own).map(|(a, b)| a.max(b)).filter(|places| *places <= 20);
                nullable |= terms.nullable(expr);
            }
            Term { kind: Kind::Number, interval, places, nullable, name: None }
        })
    }

    fn constant(&mut self, expr: &Expr) -> Option<Decimal> {
        match &expr.node {
            Node::Literal(value) | Node::Parameter(_, value) => self.constant_value(value),
            _ if expr.ty == Type::Number => Linear::of(expr).constant(),
            _ => None,
        }
    }

    fn constant_value(&mut self, value: &Value) -> Option<Decimal> {
        match value {
            Value::Number(number) => Some(*number),
            Value::Flag(flag) => Some(Decimal::from(u8::from(*flag))),
            Value::Text(text) => Some(self.number_of(text)),
            Value::Date(date) => Some(Decimal::from(days_from_date(*date))),
            Value::Null | Value::List(_) => None,
        }
    }
}

fn test(op: CompareOp, constant: Decimal) -> Test {
    match op {
        CompareOp::Equal => Test::is(constant),
        CompareOp::NotEqual => Test::NoneOf(BTreeSet::from([constant])),
        CompareOp::Less => Test::Below(End::open(constant)),
        CompareOp::LessOrEqual => Test::Below(End::closed(constant)),
        CompareOp::Greater => Test::Above(End::open(constant)),
        CompareOp::GreaterOrEqual => Test::Above(End::closed(constant)),
    }
}

fn literal(term: TermId, test: Test, span: Span, parameters: Option<Span>, truth: bool) -> Formula {
    let literal = Literal { term, test, needs_value: true, span, parameters };
    Formula::Literal(if truth { literal } else { literal.opposite() })
}
