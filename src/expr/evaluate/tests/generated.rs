//! Generated trees and columns: the same value, the same fault and the same script calls as
//! one row at a time.

use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::naive;
use super::sample::{SCRIPTS, Sample, typed};
use crate::expr::column::{Column, Data, Dictionary, Ints};
use crate::expr::*;

const ROWS: usize = 9;
const TEXTS: &[&str] = &["", "a", "ab", "b", "İ"];

/// Columns by name; their order is the order of `columns` below.
const NUMBER_COLUMNS: std::ops::Range<usize> = 0..6;
const FLAG_COLUMN: usize = 6;
const TEXT_COLUMNS: std::ops::Range<usize> = 7..10;
const DATE_COLUMN: usize = 10;

fn masked(data: impl Strategy<Value = Data>) -> impl Strategy<Value = Column> {
    let known = prop::option::weighted(0.4, prop::collection::vec(any::<bool>(), ROWS));
    let fault = prop_oneof![6 => Just(0u8), 1 => 1u8..=4];
    let faults = prop::option::weighted(0.3, prop::collection::vec(fault, ROWS));
    (data, known, faults).prop_map(|(data, known, faults)| Column { data, known, faults })
}

fn narrow(scale: u8, value: impl Strategy<Value = i64>) -> impl Strategy<Value = Column> {
    masked(
        prop::collection::vec(value, ROWS)
            .prop_map(move |values| Data::Number { scale, values: Ints::Narrow(values) }),
    )
}

fn wide(scale: u8) -> impl Strategy<Value = Column> {
    let value = prop_oneof![-500i128..500, -(1i128 << 96) + 1..1i128 << 96];
    masked(
        prop::collection::vec(value, ROWS)
            .prop_map(move |values| Data::Number { scale, values: Ints::Wide(values) }),
    )
}

fn dictionary() -> Arc<Dictionary> {
    let mut dictionary = Dictionary::default();
    for text in TEXTS {
        dictionary.intern(text);
    }
    Arc::new(dictionary)
}

fn texts(dictionary: Arc<Dictionary>) -> impl Strategy<Value = Column> {
    let codes = prop::collection::vec(0..TEXTS.len() as u32, ROWS);
    masked(codes.prop_map(move |codes| Data::Text { codes, dictionary: dictionary.clone() }))
}

fn samples() -> impl Strategy<Value = Sample> {
    let large = || prop_oneof![-3i64..4, any::<i64>(), Just(i64::MAX), Just(i64::MIN)];
    let shared = dictionary();
    let numbers = (
        narrow(0, -3i64..8),
        narrow(2, -300i64..300),
        narrow(6, -3_000_000i64..3_000_000),
        narrow(9, large()),
        wide(6),
        wide(28),
    );
    let others = (
        masked(prop::collection::vec(any::<bool>(), ROWS).prop_map(Data::Flag)),
        texts(shared.clone()),
        texts(shared),
        texts(dictionary()),
        masked(prop::collection::vec(20_000i32..20_800, ROWS).prop_map(Data::Date)),
    );
    (numbers, others).prop_map(|((a, b, c, d, e, f), (g, h, i, j, k))| {
        let columns = [a, b, c, d, e, f, g, h, i, j, k];
        Sample::new(ROWS, columns.into_iter().map(|column| ("", column)).collect())
    })
}

/// Expressions of one depth, by type.
struct Level {
    number: BoxedStrategy<Expr>,
    flag: BoxedStrategy<Expr>,
    text: BoxedStrategy<Expr>,
    date: BoxedStrategy<Expr>,
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

fn levels() -> Level {
    above(&above(&above(&leaves())))
}

fn conditions() -> impl Strategy<Value = Condition<Expr>> {
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

/// The script calls so far, in an order that does not tell how they were made.
fn calls(sample: &Sample) -> Vec<(usize, usize)> {
    let mut calls = sample.calls.take();
    calls.sort_unstable();
    calls
}

fn agrees(sample: &Sample, expr: &Expr, active: &[bool]) -> Result<(), TestCaseError> {
    let outcome = evaluate(expr, sample, Some(active));
    let found = calls(sample);
    for row in (0..ROWS).filter(|row| active[*row]) {
        let expected = naive::value(expr, sample, row);
        prop_assert_eq!(outcome.value(row), expected, "row {}", row);
    }
    prop_assert_eq!(found, calls(sample), "script calls");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_agree(
        sample in samples(), expr in levels().number, active in prop::collection::vec(any::<bool>(), ROWS),
    ) {
        agrees(&sample, &expr, &active)?;
    }

    #[test]
    fn flags_agree(
        sample in samples(), expr in levels().flag, active in prop::collection::vec(any::<bool>(), ROWS),
    ) {
        agrees(&sample, &expr, &active)?;
    }

    #[test]
    fn texts_and_dates_agree(
        sample in samples(), text in levels().text, date in levels().date,
    ) {
        agrees(&sample, &text, &[true; ROWS])?;
        agrees(&sample, &date, &[true; ROWS])?;
    }

    #[test]
    fn conditions_agree(
        sample in samples(), condition in conditions(), active in prop::collection::vec(any::<bool>(), ROWS),
    ) {
        let truth = holds(&condition, &sample, Some(&active));
        let found = calls(&sample);
        for row in (0..ROWS).filter(|row| active[*row]) {
            let fault = truth.faults.as_ref().and_then(|faults| Fault::from_byte(faults[row]));
            let outcome = fault.map_or(Ok(truth.holds[row]), Err);
            prop_assert_eq!(outcome, naive::condition(&condition, &sample, row), "row {}", row);
            prop_assert!(fault.is_none() || !truth.holds[row]);
        }
        prop_assert_eq!(found, calls(&sample), "script calls");
    }

    #[test]
    fn rescaled_numbers_are_rounded_once(sample in samples(), expr in levels().number) {
        let column = evaluate(&expr, &sample, None).into_scaled(ROWS, 6);
        for row in 0..ROWS {
            let expected = naive::value(&expr, &sample, row).map(|value| match value {
                Value::Number(number) => Value::Number(decimal::round(number, 6)),
                other => other,
            });
            prop_assert_eq!(column.value(row), expected, "row {}", row);
        }
    }
}
