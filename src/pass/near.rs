//! Criteria made easier by a percent: who is near a tier.

use rust_decimal::Decimal;

use super::After;
use super::outcome::Membership;
use super::segments::only;
use crate::expr::{
    ArithmeticOp, CompareOp, Condition, Expr, Function, Input, LadderId, Node, TierId, Truth, Type,
    Unit, Value,
};
use crate::lifecycle::Standings;
use crate::metrics::population::{Columns, Population, truth};
use crate::program::Program;

/// A condition that holds for those who are at most `short_by` percent short of every number
/// that `condition` asks for; whatever is not a number must be met. What is asked is the right
/// side of a comparison, or the left one where only the right is about the customer.
pub fn relaxed(
    program: &Program,
    population: &Population,
    condition: &Condition<Expr>,
    short_by: Decimal,
) -> Condition<Expr> {
    let relax = Relax { program, population, short_by };
    relax.condition(condition)
}

/// Who is near a tier: does not hold it or a higher one, and would meet what it asks to enter if
/// every number asked for were so many percent easier.
pub fn near_holders(
    program: &Program,
    population: &Population,
    after: &After,
    (ladder, tier): (LadderId, TierId),
    short_by: Decimal,
    threads: usize,
) -> Membership {
    let columns = population.columns(program, &after.columns);
    let near =
        truth_of_near(columns, population, &after.standings, (ladder, tier), short_by, threads);
    Membership::new(near.holds)
}

/// The same with the faults of those who do not hold the tier.
pub(super) fn truth_of_near(
    columns: Columns<'_>,
    population: &Population,
    standings: &Standings,
    (ladder, tier): (LadderId, TierId),
    short_by: Decimal,
    threads: usize,
) -> Truth {
    let program = columns.program;
    let enter = &program.ladders[ladder].tiers[tier].enter;
    let relaxed = relaxed(program, population, enter, short_by);
    let held = standings.ladders[ladder].tier.iter();
    let asked: Vec<bool> = held.map(|held| held.tier().is_none_or(|held| held > tier)).collect();
    only(truth(columns, &relaxed, Some(&asked), asked.len(), threads), &asked)
}

struct Relax<'a> {
    program: &'a Program,
    population: &'a Population,
    short_by: Decimal,
}

impl Relax<'_> {
    fn condition(&self, condition: &Condition<Expr>) -> Condition<Expr> {
        let list = |list: &[Condition<Expr>]| list.iter().map(|one| self.condition(one)).collect();
        match condition {
            Condition::Always => Condition::Always,
            Condition::Never => Condition::Never,
            Condition::Expr(expr) => self.expr(expr),
            Condition::All(all) => Condition::All(list(all)),
            Condition::Any { at_least, of } => Condition::Any { at_least: *at_least, of: list(of) },
            Condition::None(none) => {
                Condition::All(none.iter().map(|one| self.not_condition(one)).collect())
            }
        }
    }

    /// For a condition that must not hold.
    fn not_condition(&self, condition: &Condition<Expr>) -> Condition<Expr> {
        match condition {
            Condition::Expr(expr) => self.not(expr),
            other => Condition::None(vec![other.clone()]),
        }
    }

    fn expr(&self, expr: &Expr) -> Condition<Expr> {
        match &expr.node {
            Node::And(a, b) => Condition::All(vec![self.expr(a), self.expr(b)]),
            Node::Or(a, b) => any(vec![self.expr(a), self.expr(b)]),
            Node::Not(inner) => self.not(inner),
            Node::Compare(op, a, b) => match self.compare(*op, a, b) {
                Some(near) => any(vec![Condition::Expr(expr.clone()), near]),
                None => Condition::Expr(expr.clone()),
            },
            Node::Call(Function::Between, arguments) => match &arguments[..] {
                [x, low, high] if x.ty == Type::Number => Condition::All(vec![
                    Condition::Expr(self.at_least(x, low)),
                    Condition::Expr(self.at_most(x, high)),
                ]),
                _ => Condition::Expr(expr.clone()),
            },
            Node::Input(Input::Top(cutoff)) => {
                let top = &self.program.cutoffs[*cutoff];
                let somebody = self.population.cutoff(*cutoff).is_some_and(|taken| taken.count > 0);
                if !somebody {
                    return Condition::Expr(expr.clone());
                }
                let border = number(Node::Cutoff(*cutoff), expr);
                let near = Condition::All(vec![
                    self.program.settings.population.clone(),
                    Condition::Expr(self.at_least(&top.measure, &border)),
                ]);
                any(vec![Condition::Expr(expr.clone()), near])
            }
            _ => Condition::Expr(expr.clone()),
        }
    }

    /// `!expr`
    fn not(&self, expr: &Expr) -> Condition<Expr> {
        let exactly = Condition::None(vec![Condition::Expr(expr.clone())]);
        match &expr.node {
            Node::And(a, b) => any(vec![exactly, self.not(a), self.not(b)]),
            Node::Or(a, b) => Condition::All(vec![self.not(a), self.not(b)]),
            Node::Not(inner) => self.expr(inner),
            Node::Compare(op, a, b) => match self.compare(negated(*op), a, b) {
                Some(near) => any(vec![exactly, near]),
                None => exactly,
            },
            _ => exactly,
        }
    }

    fn compare(&self, op: CompareOp, a: &Expr, b: &Expr) -> Option<Condition<Expr>> {
        if a.ty != Type::Number || b.ty != Type::Number {
            return None;
        }
        if !about_the_customer(a) && about_the_customer(b) {
            return self.compare(op.flipped(), b, a);
        }
        Some(match op {
            CompareOp::Greater | CompareOp::GreaterOrEqual => Condition::Expr(self.at_least(a, b)),
            CompareOp::Less | CompareOp::LessOrEqual => Condition::Expr(self.at_most(a, b)),
            CompareOp::Equal => Condition::All(vec![
                Condition::Expr(self.at_least(a, b)),
                Condition::Expr(self.at_most(a, b)),
            ]),
            CompareOp::NotEqual => return None,
        })
    }

    /// 100 × measured + percent × |asked| ≥ 100 × asked: exact, without a division.
    fn at_least(&self, measured: &Expr, asked: &Expr) -> Expr {
        let eased = arithmetic(ArithmeticOp::Add, hundred(measured), self.slack(asked));
        flag(CompareOp::GreaterOrEqual, eased, hundred(asked))
    }

    /// 100 × measured ≤ 100 × asked + percent × |asked|
    fn at_most(&self, measured: &Expr, asked: &Expr) -> Expr {
        let eased = arithmetic(ArithmeticOp::Add, hundred(asked), self.slack(asked));
        flag(CompareOp::LessOrEqual, hundred(measured), eased)
    }

    fn slack(&self, asked: &Expr) -> Expr {
        let size = number(Node::Call(Function::Abs, vec![asked.clone()]), asked);
        arithmetic(ArithmeticOp::Multiply, size, literal(self.short_by, asked))
    }
}

fn any(of: Vec<Condition<Expr>>) -> Condition<Expr> {
    Condition::Any { at_least: 1, of }
}

fn negated(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
    }
}

/// Whether an expression differs from customer to customer.
fn about_the_customer(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |expr| {
        found |= matches!(expr.node, Node::Input(_) | Node::Script { .. });
    });
    found
}

fn number(node: Node, like: &Expr) -> Expr {
    Expr { node, ty: Type::Number, unit: like.unit, span: like.span }
}

fn literal(value: Decimal, like: &Expr) -> Expr {
    number(Node::Literal(Value::Number(value)), like)
}

fn hundred(expr: &Expr) -> Expr {
    arithmetic(ArithmeticOp::Multiply, expr.clone(), literal(Decimal::ONE_HUNDRED, expr))
}

fn arithmetic(op: ArithmeticOp, a: Expr, b: Expr) -> Expr {
    let (unit, span) = (a.unit, a.span);
    Expr { node: Node::Arithmetic(op, Box::new(a), Box::new(b)), ty: Type::Number, unit, span }
}

fn flag(op: CompareOp, a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr {
        node: Node::Compare(op, Box::new(a), Box::new(b)),
        ty: Type::Flag,
        unit: Unit::Number,
        span,
    }
}
