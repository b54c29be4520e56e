//! Held against brute force: conditions over few values, tried on every combination.

use std::sync::Arc;

use jiff::civil::Date;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::formula::Formula;
use super::solve::conflict;
use super::terms::Terms;
use crate::diagnostic::Diagnostics;
use crate::expr::column::{Column, ColumnRef, Data, Dictionary};
use crate::expr::{
    ArithmeticOp, CompareOp, Condition, CutoffId, Expr, Fault, Function, Input, Inputs, Node,
    ScriptFunctionId, Type, Unit, Value, holds,
};
use crate::pack::{PackFiles, parse};
use crate::program::Program;
use crate::source::{FileId, Sources, Span};

const PACK: &str = "
pack: few
version: 1.0.0
settings: { currency: EUR }
customers:
  table: customers
  id: id
  columns: { level: count, channel: text, consent: flag }
sources:
  orders: { table: orders, customer: customer_id, at: at }
metrics:
  order_count: { count: orders }
ladders:
  club: { tiers: { vip: { enter: order_count > 3 && level > 1 && consent && is_known(channel) } } }
";
const ORDER_COUNT: Input = Input::Metric(0);
const LEVEL: Input = Input::Attribute(0);
const CHANNEL: Input = Input::Attribute(1);
const CONSENT: Input = Input::Attribute(2);

fn program() -> (Program, Sources) {
    let parsed = parse(&PackFiles::embedded([("pack.yaml", PACK)]));
    let (program, findings) =
        crate::check::check(&parsed.pack, &parsed.sources, &[], parsed.findings);
    (program.unwrap_or_else(|| panic!("{findings:?}")), parsed.sources)
}

/// Every combination of a few values: counts 0 to 6, levels −2 to 5 or NULL, three channels or
/// NULL, a consent or NULL.
struct Combinations {
    order_count: Column,
    level: Column,
    channel: Column,
    consent: Column,
}

impl Combinations {
    fn new() -> Self {
        let mut dictionary = Dictionary::default();
        let codes: Vec<u32> = ["a", "b", "c"].iter().map(|text| dictionary.intern(text)).collect();
        let (mut counts, mut levels, mut channels, mut consents) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for count in 0..=6 {
            for level in (-2..=5).map(Some).chain([None]) {
                for channel in codes.iter().copied().map(Some).chain([None]) {
                    for consent in [Some(true), Some(false), None] {
                        counts.push(count);
                        levels.push(level);
                        channels.push(channel);
                        consents.push(consent);
                    }
                }
            }
        }
        let known = |data, known: Vec<bool>| Column { known: Some(known), ..Column::new(data) };
        let level_values = levels.iter().map(|level| level.unwrap_or_default()).collect();
        Self {
            order_count: Column::narrow(0, counts),
            level: Column {
                known: Some(levels.iter().map(Option::is_some).collect()),
                ..Column::narrow(0, level_values)
            },
            channel: known(
                Data::Text {
                    codes: channels.iter().map(|code| code.unwrap_or_default()).collect(),
                    dictionary: Arc::new(dictionary),
                },
                channels.iter().map(Option::is_some).collect(),
            ),
            consent: known(
                Data::Flag(consents.iter().map(|consent| consent.unwrap_or_default()).collect()),
                consents.iter().map(Option::is_some).collect(),
            ),
        }
    }
}

impl Inputs for Combinations {
    fn len(&self) -> usize {
        self.order_count.len()
    }

    fn as_of(&self) -> Date {
        jiff::civil::date(2026, 3, 21)
    }

    fn input(&self, input: Input) -> ColumnRef<'_> {
        let column = match input {
            ORDER_COUNT => &self.order_count,
            LEVEL => &self.level,
            CHANNEL => &self.channel,
            CONSENT => &self.consent,
            _ => panic!("no such input"),
        };
        column.slice(0..self.len())
    }

    fn cutoff(&self, _: CutoffId) -> Result<Decimal, Fault> {
        panic!("no cutoffs here")
    }

    fn call(&self, _: ScriptFunctionId, _: &[Option<Value>], _: usize) -> Result<Value, Fault> {
        panic!("no scripts here")
    }
}

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

fn condition() -> impl Strategy<Value = Condition<Expr>> {
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

/// A text to point into that is longer than any generated condition.
fn paper() -> Sources {
    let mut sources = Sources::default();
    sources.add("pack.yaml", "x".repeat(10_000));
    sources
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is called impossible holds for nobody; a division that is not reported never
    /// divides by zero.
    #[test]
    fn findings_are_certain(condition in condition()) {
        let ((program, _), texts) = (program_once(), paper());
        let truth = holds(&condition, combinations(), None);
        let mut terms = Terms::new(program, &texts, None);
        let formula = terms.of_condition(&condition, true);
        if conflict(&formula, &terms).is_some() {
            prop_assert!(truth.holds.iter().all(|holds| !holds), "{:?}", formula);
        }
        let mut findings = Diagnostics::default();
        super::contradiction::report(&condition, &mut terms, &mut findings);
        let mut findings = Diagnostics::default();
        super::division::report(&condition, &mut terms, &mut findings);
        if findings.is_empty() {
            let by_zero = |faults: Vec<u8>| faults.contains(&(Fault::DivisionByZero as u8));
            prop_assert!(!truth.faults.is_some_and(by_zero), "{:?}", condition);
        }
    }

    /// Where one condition implies another, everybody who meets the one meets the other.
    #[test]
    fn implications_are_certain(from in condition(), to in condition()) {
        let ((program, _), texts) = (program_once(), paper());
        let mut terms = Terms::new(program, &texts, None);
        if terms.implies(&from, &to) {
            let (from, to) = (holds(&from, combinations(), None), holds(&to, combinations(), None));
            // A fault in the higher condition is a fault of the decision: nobody is taken.
            let fault = |row: usize| to.faults.as_ref().is_some_and(|faults| faults[row] != 0);
            for row in 0..from.holds.len() {
                prop_assert!(!from.holds[row] || to.holds[row] || fault(row));
            }
        }
    }
}

fn program_once() -> &'static (Program, Sources) {
    static PROGRAM: std::sync::OnceLock<(Program, Sources)> = std::sync::OnceLock::new();
    PROGRAM.get_or_init(program)
}

fn combinations() -> &'static Combinations {
    static ALL: std::sync::OnceLock<Combinations> = std::sync::OnceLock::new();
    ALL.get_or_init(Combinations::new)
}

/// The property above would pass with a solver that never finds anything.
#[test]
fn most_impossible_conditions_are_found() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let ((program, _), texts) = (program_once(), paper());
    let mut runner = TestRunner::deterministic();
    let (mut impossible, mut found) = (0, 0);
    for _ in 0..2000 {
        let condition = condition().new_tree(&mut runner).expect("a condition").current();
        if holds(&condition, combinations(), None).holds.iter().any(|holds| *holds) {
            continue;
        }
        impossible += 1;
        let mut terms = Terms::new(program, &texts, None);
        let formula: Formula = terms.of_condition(&condition, true);
        found += usize::from(conflict(&formula, &terms).is_some());
    }
    assert!(impossible > 100 && found * 2 > impossible, "{found} of {impossible}");
}
