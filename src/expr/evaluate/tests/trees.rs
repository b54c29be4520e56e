//! Typed trees of every kind of expression.

use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::columns::{DATE_COLUMN, FLAG_COLUMN, NUMBER_COLUMNS, TEXT_COLUMNS, TEXTS};
use super::sample::{SCRIPTS, typed};
use crate::expr::*;

/// Expressions of one depth, by type.
pub struct Level {
    pub number: BoxedStrategy<Expr>,
    pub flag: BoxedStrategy<Expr>,
    pub text: BoxedStrategy<Expr>,
    pub date: BoxedStrategy<Expr>,
}

fn literal(value: Value) -> Expr {
    let ty = value.ty().unwrap_or(Type::Number);
    typed(Node::Literal(value), ty)
}

fn column(index: usize, ty: Type) -> Expr {
    typed(Node::Input(Input::Metric(index)), ty)
}

fn number_literals() -> impl Strategy<Value = Value> {
    let mantissa = prop_oneof![
        4 => -5i128..10,
        2 => -2_000i128..2_000,
        1 => -(1i128 << 96) + 1..1i128 << 96,
        1 => Just(i128::from(i64::MAX) + 1),
    ];
    let scale = prop_oneof![3 => Just(0u32), 3 => 0u32..4, 1 => 0u32..=28];
    (mantissa, scale).prop_map(|(m, s)| Value::Number(Decimal::from_i128_with_scale(m, s)))
}

fn leaves() -> Level {
    let number = prop_oneof![
        4 => NUMBER_COLUMNS.prop_map(|index| column(index, Type::Number)),
        3 => number_literals().prop_map(literal),
        1 => Just(typed(Node::Literal(Value::Null), Type::Number)),
        1 => (0usize..2).prop_map(|cutoff| typed(Node::Cutoff(cutoff), Type::Number)),
    ];
    let flag = prop_oneof![
        Just(column(FLAG_COLUMN, Type::Flag)),
        any::<bool>().prop_map(|flag| literal(Value::Flag(flag))),
    ];
    let text = prop_oneof![
        3 => TEXT_COLUMNS.prop_map(|index| column(index, Type::Text)),
        1 => prop::sample::select(TEXTS).prop_map(|text| literal(Value::text(text))),
        1 => Just(literal(Value::text("unheard of"))),
    ];
    let date = prop_oneof![
        2 => Just(column(DATE_COLUMN, Type::Date)),
        1 => Just(literal(Value::Date(date(2025, 7, 1)))),
        1 => Just(typed(Node::AsOf, Type::Date)),
    ];
    Level { number: number.boxed(), flag: flag.boxed(), text: text.boxed(), date: date.boxed() }
}

fn call(function: Function, ty: Type, arguments: Vec<Expr>) -> Expr {
    typed(Node::Call(function, arguments), ty)
}

fn script(function: usize, argument: Expr) -> Expr {
    let arguments = vec![ScriptArgument::Value(argument)];
    typed(Node::Script { function, arguments }, SCRIPTS[function].1)
}

fn chosen(ty: Type) -> impl Fn((Expr, Expr, Expr)) -> Expr + Clone {
    move |(c, a, b)| typed(Node::If(Box::new(c), Box::new(a), Box::new(b)), ty)
}

fn compared(side: &BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    use CompareOp::*;
    let op =
        prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]);
    (op, side.clone(), side.clone())
        .prop_map(|(op, a, b)| typed(Node::Compare(op, a.into(), b.into()), Type::Flag))
        .boxed()
}

fn membership(side: &BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    (side.clone(), prop::collection::vec(side.clone(), 0..4))
        .prop_map(|(needle, items)| {
            let list = typed(Node::List(items), Type::List);
            typed(Node::In(needle.into(), list.into()), Type::Flag)
        })
        .boxed()
}

fn numbers_above(below: &Level) -> BoxedStrategy<Expr> {
    use ArithmeticOp::*;
    let Level { number, flag, date, .. } = below;
    let two = (number.clone(), number.clone());
    let op = prop::sample::select(vec![Add, Subtract, Multiply, Divide, Remainder]);
    let one = prop::sample::select(vec![Function::Abs, Function::Floor, Function::Ceil]);
    let of_date = prop::sample::select(vec![
        Function::DaysSince,
        Function::DaysUntil,
        Function::DaysUntilNext,
        Function::YearsSince,
    ]);
    let extremes = prop::sample::select(vec![Function::Min, Function::Max]);
    prop_oneof![
        6 => (op, two.clone()).prop_map(|(op, (a, b))| {
            typed(Node::Arithmetic(op, a.into(), b.into()), Type::Number)
        }),
        1 => number.clone().prop_map(|a| typed(Node::Negate(a.into()), Type::Number)),
        1 => (one, number.clone()).prop_map(|(f, a)| call(f, Type::Number, vec![a])),
        1 => (number.clone(), 0u32..8).prop_map(|(a, digits)| {
            call(Function::Round, Type::Number, vec![a, literal(Value::Number(digits.into()))])
        }),
        1 => (extremes, prop::collection::vec(number.clone(), 2..4))
            .prop_map(|(f, list)| call(f, Type::Number, list)),
        1 => (of_date, date.clone()).prop_map(|(f, a)| call(f, Type::Number, vec![a])),
        1 => (prop::sample::select(vec![0usize, 3, 4]), number.clone())
            .prop_map(|(f, a)| script(f, a)),
        2 => (flag.clone(), number.clone(), number.clone()).prop_map(chosen(Type::Number)),
        1 => number.clone(),
    ]
    .boxed()
}

fn flags_above(below: &Level) -> BoxedStrategy<Expr> {
    let Level { number, flag, text, date } = below;
    let binary = |node: fn(Box<Expr>, Box<Expr>) -> Node, side: &BoxedStrategy<Expr>| {
        (side.clone(), side.clone())
            .prop_map(move |(a, b)| typed(node(a.into(), b.into()), Type::Flag))
    };
    prop_oneof![
        4 => compared(number),
        2 => compared(text),
        1 => compared(date),
        1 => compared(flag),
        3 => binary(Node::And, flag),
        3 => binary(Node::Or, flag),
        1 => binary(Node::In, text),
        1 => membership(number),
        1 => membership(text),
        1 => membership(date),
        1 => flag.clone().prop_map(|a| typed(Node::Not(a.into()), Type::Flag)),
        1 => (number.clone(), number.clone(), number.clone())
            .prop_map(|(x, a, b)| call(Function::Between, Type::Flag, vec![x, a, b])),
        1 => (date.clone(), date.clone(), date.clone())
            .prop_map(|(x, a, b)| call(Function::Between, Type::Flag, vec![x, a, b])),
        1 => number.clone().prop_map(|a| call(Function::IsKnown, Type::Flag, vec![a])),
        1 => text.clone().prop_map(|a| call(Function::IsKnown, Type::Flag, vec![a])),
        1 => number.clone().prop_map(|a| script(1, a)),
        1 => (flag.clone(), flag.clone(), flag.clone()).prop_map(chosen(Type::Flag)),
    ]
    .boxed()
}

fn above(below: &Level) -> Level {
    let Level { number, flag, text, date } = below;
    let texts = prop_oneof![
        2 => (text.clone(), text.clone()).prop_map(|(a, b)| {
            typed(Node::Arithmetic(ArithmeticOp::Add, a.into(), b.into()), Type::Text)
        }),
        1 => (flag.clone(), text.clone(), text.clone()).prop_map(chosen(Type::Text)),
        1 => number.clone().prop_map(|a| script(2, a)),
        2 => text.clone(),
    ];
    let dates = prop_oneof![
        (flag.clone(), date.clone(), date.clone()).prop_map(chosen(Type::Date)),
        (date.clone(), date.clone()).prop_map(|(a, b)| call(Function::Max, Type::Date, vec![a, b])),
        date.clone(),
    ];
    Level {
        number: numbers_above(below),
        flag: flags_above(below),
        text: texts.boxed(),
        date: dates.boxed(),
    }
}

pub fn levels() -> Level {
    above(&above(&above(&leaves())))
}

pub fn conditions() -> impl Strategy<Value = Condition<Expr>> {
    let leaf = prop_oneof![
        1 => Just(Condition::Always),
        1 => Just(Condition::Never),
        8 => above(&above(&leaves())).flag.prop_map(Condition::Expr),
    ];
    leaf.prop_recursive(2, 12, 4, |part| {
        let list = prop::collection::vec(part, 0..4);
        prop_oneof![
            list.clone().prop_map(Condition::All),
            (1usize..4, list.clone()).prop_map(|(at_least, of)| Condition::Any { at_least, of }),
            list.prop_map(Condition::None),
        ]
    })
}
