//! Conditions at random.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::combinations::{CHANNEL, CONSENT, LEVEL, ORDER_COUNT};
use crate::expr::{ArithmeticOp, CompareOp, Condition, Expr, Function, Node, Type, Unit, Value};
use crate::source::{FileId, Span};

fn of(node: Node, ty: Type) -> Expr {
    Expr { node, ty, unit: Unit::Number, span: Span::default() }
}

fn flag(node: Node) -> Expr {
    of(node, Type::Flag)
}

fn constant(number: i64) -> Expr {
    of(Node::Literal(Value::Number(Decimal::new(number, 1))), Type::Number)
}

fn number(with_division: bool) -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        3 => Just(of(Node::Input(ORDER_COUNT), Type::Number)),
        3 => Just(of(Node::Input(LEVEL), Type::Number)),
        4 => (-3i64..8).prop_map(|n| constant(n * 10)),
        1 => (-30i64..80).prop_map(constant),
    ];
    leaf.prop_recursive(2, 6, 2, move |inner| {
        let operators = prop_oneof![
            Just(ArithmeticOp::Add),
            Just(ArithmeticOp::Subtract),
            Just(ArithmeticOp::Multiply),
            Just(if with_division { ArithmeticOp::Divide } else { ArithmeticOp::Add }),
        ];
        let calls = prop_oneof![Just(Function::Min), Just(Function::Max)];
        prop_oneof![
            3 => (operators, inner.clone(), inner.clone()).prop_map(|(op, a, b)| {
                of(Node::Arithmetic(op, a.into(), b.into()), Type::Number)
            }),
            1 => (calls, inner.clone(), inner.clone())
                .prop_map(|(call, a, b)| of(Node::Call(call, vec![a, b]), Type::Number)),
            1 => inner.prop_map(|a| of(Node::Call(Function::Abs, vec![a]), Type::Number)),
        ]
    })
}

fn comparison() -> impl Strategy<Value = CompareOp> {
    use CompareOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn texts() -> impl Strategy<Value = Vec<Expr>> {
    prop::sample::subsequence(vec!["a", "b", "c", "d"], 1..3).prop_map(|texts| {
        let text = |text: &str| of(Node::Literal(Value::text(text)), Type::Text);
        texts.into_iter().map(text).collect()
    })
}

fn expression() -> impl Strategy<Value = Expr> {
    let channel = || of(Node::Input(CHANNEL), Type::Text);
    let leaf = prop_oneof![
        6 => (comparison(), number(true), number(true))
            .prop_map(|(op, a, b)| flag(Node::Compare(op, a.into(), b.into()))),
        2 => (prop::bool::ANY, texts()).prop_map(move |(equal, mut texts)| {
            let op = if equal { CompareOp::Equal } else { CompareOp::NotEqual };
            flag(Node::Compare(op, channel().into(), texts.remove(0).into()))
        }),
        1 => texts().prop_map(move |texts| {
            flag(Node::In(channel().into(), of(Node::List(texts), Type::List).into()))
        }),
        2 => Just(flag(Node::Input(CONSENT))),
        1 => (number(false), number(false), number(false))
            .prop_map(|(a, b, c)| flag(Node::Call(Function::Between, vec![a, b, c]))),
        1 => number(false).prop_map(|a| flag(Node::Call(Function::IsKnown, vec![a]))),
    ];
    leaf.prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            2 => inner.clone().prop_map(|a| flag(Node::Not(a.into()))),
            4 => (inner.clone(), inner.clone()).prop_map(|(a, b)| flag(Node::And(a.into(), b.into()))),
            3 => (inner.clone(), inner.clone()).prop_map(|(a, b)| flag(Node::Or(a.into(), b.into()))),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| flag(Node::If(a.into(), b.into(), c.into()))),
        ]
    })
}

pub(super) fn condition() -> impl Strategy<Value = Condition<Expr>> {
    let leaf = expression().prop_map(Condition::Expr);
    leaf.prop_recursive(2, 8, 3, |inner| {
        let list = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            3 => list().prop_map(Condition::All),
            1 => list().prop_map(Condition::None),
            2 => (1usize..4, list()).prop_map(|(at_least, of)| Condition::Any { at_least, of }),
        ]
    })
    .prop_map(|mut condition| {
        let mut at = 0;
        place(&mut condition, &mut at);
        condition
    })
}

/// Gives every expression a place of its own, as a pack does.
fn place(condition: &mut Condition<Expr>, at: &mut usize) {
    match condition {
        Condition::Always | Condition::Never => {}
        Condition::Expr(expr) => place_expr(expr, at),
        Condition::All(of) | Condition::None(of) | Condition::Any { of, .. } => {
            of.iter_mut().for_each(|part| place(part, at));
        }
    }
}

fn place_expr(expr: &mut Expr, at: &mut usize) {
    let start = *at;
    *at += 1;
    match &mut expr.node {
        Node::Not(a) | Node::Negate(a) => place_expr(a, at),
        Node::Arithmetic(_, a, b)
        | Node::Compare(_, a, b)
        | Node::And(a, b)
        | Node::Or(a, b)
        | Node::In(a, b) => {
            place_expr(a, at);
            place_expr(b, at);
        }
        Node::If(a, b, c) => {
            place_expr(a, at);
            place_expr(b, at);
            place_expr(c, at);
        }
        Node::Call(_, of) | Node::List(of) => of.iter_mut().for_each(|part| place_expr(part, at)),
        _ => {}
    }
    expr.span = Span::new(FileId(0), start, *at);
}
