//! Evaluation over columns is held against Rhai's interpreter: the same text over the same
//! values gives the same value, or the same fault, for every row.

use std::cell::Cell;
use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::Decimal;
use tierkeeper::diagnostic::Diagnostics;
use tierkeeper::expr::column::{Column, ColumnRef, Data, Dictionary, Ints};
use tierkeeper::expr::syntax::{Ast, AstKind};
use tierkeeper::expr::{
    CutoffId, Expr, Fault, Function, Input, Inputs, Node, ScriptFunctionId, Type, Unit, Value,
    evaluate, parse,
};
use tierkeeper::script::{CompiledExpression, Runner, Scripts};
use tierkeeper::source::{FileId, MappedText};

const AS_OF: Date = date(2026, 3, 21);
/// Expressions; each is evaluated over all rows of a block.
const EXPRESSIONS: u32 = 4_000;
const ROWS: usize = 24;

/// Names and types, in the order of the columns. Numbers have different scales.
const NAMES: [(&str, Type); 8] = [
    ("orders", Type::Number),
    ("spend", Type::Number),
    ("rate", Type::Number),
    ("total", Type::Number),
    ("consent", Type::Flag),
    ("vip", Type::Flag),
    ("channel", Type::Text),
    ("joined", Type::Date),
];

struct Block(Vec<Column>);

impl Inputs for Block {
    fn len(&self) -> usize {
        self.0[0].len()
    }

    fn as_of(&self) -> Date {
        AS_OF
    }

    fn input(&self, input: Input) -> ColumnRef<'_> {
        let Input::Metric(index) = input else { panic!("only metrics are named") };
        self.0[index].slice(0..self.len())
    }

    fn cutoff(&self, _: CutoffId) -> Result<Decimal, Fault> {
        Err(Fault::Overflow)
    }

    fn call(&self, _: ScriptFunctionId, _: &[Option<Value>], _: usize) -> Result<Value, Fault> {
        Err(Fault::Script)
    }
}

impl Block {
    fn value(&self, column: usize, row: usize) -> Value {
        self.0[column].slice(row..row + 1).value(0).expect("columns hold values")
    }

    fn row(&self, row: usize) -> Vec<(&'static str, Value)> {
        NAMES.iter().enumerate().map(|(index, (name, _))| (*name, self.value(index, row))).collect()
    }
}

/// The tree of an expression whose names are the columns.
fn typed(ast: &Ast) -> Expr {
    let both = |a: &Ast, b: &Ast| (Box::new(typed(a)), Box::new(typed(b)));
    let (node, ty) = match &ast.kind {
        AstKind::Number(number) => (Node::Literal(Value::Number(*number)), Type::Number),
        AstKind::Text(text) => (Node::Literal(Value::text(text)), Type::Text),
        AstKind::Flag(flag) => (Node::Literal(Value::Flag(*flag)), Type::Flag),
        AstKind::Name(name) if name == "as_of" => (Node::AsOf, Type::Date),
        AstKind::Name(name) => {
            let index = NAMES.iter().position(|(known, _)| known == name).expect("a known name");
            (Node::Input(Input::Metric(index)), NAMES[index].1)
        }
        AstKind::Not(inner) => (Node::Not(Box::new(typed(inner))), Type::Flag),
        AstKind::Negate(inner) => (Node::Negate(Box::new(typed(inner))), Type::Number),
        AstKind::Arithmetic(op, a, b) => {
            let (a, b) = both(a, b);
            (Node::Arithmetic(*op, a, b), Type::Number)
        }
        AstKind::Compare(op, a, b) => {
            let (a, b) = both(a, b);
            (Node::Compare(*op, a, b), Type::Flag)
        }
        AstKind::And(a, b) => {
            let (a, b) = both(a, b);
            (Node::And(a, b), Type::Flag)
        }
        AstKind::Or(a, b) => {
            let (a, b) = both(a, b);
            (Node::Or(a, b), Type::Flag)
        }
        AstKind::In(a, b) => {
            let (a, b) = both(a, b);
            (Node::In(a, b), Type::Flag)
        }
        AstKind::If(condition, then, otherwise) => {
            let (then, otherwise) = both(then, otherwise);
            let ty = then.ty;
            (Node::If(Box::new(typed(condition)), then, otherwise), ty)
        }
        AstKind::List(items) => (Node::List(items.iter().map(typed).collect()), Type::List),
        AstKind::Call { callee, arguments, .. } => call(callee, arguments),
    };
    Expr { node, ty, unit: Unit::Number, span: ast.span }
}

fn call(callee: &str, arguments: &[Ast]) -> (Node, Type) {
    if let ("date", [Ast { kind: AstKind::Text(text), .. }]) = (callee, arguments) {
        return (Node::Literal(Value::Date(text.parse().expect("a date"))), Type::Date);
    }
    let function = Function::ALL.iter().find(|f| f.name() == callee).expect("a function");
    let arguments: Vec<Expr> = arguments.iter().map(typed).collect();
    let ty = match function {
        Function::Between | Function::IsKnown => Type::Flag,
        Function::Min | Function::Max => arguments[0].ty,
        _ => Type::Number,
    };
    (Node::Call(*function, arguments), ty)
}

fn over_columns(text: &str, block: &Block) -> Vec<Result<Value, Fault>> {
    let mut findings = Diagnostics::default();
    let mapped = MappedText::verbatim(text, FileId(0), 0);
    let ast = parse(&mapped, &mut findings);
    let ast = ast.unwrap_or_else(|| panic!("{text}: {:?}", findings.into_sorted()));
    let expr = typed(&ast);
    let evaluated = evaluate(&expr, block, None);
    (0..block.len()).map(|row| evaluated.value(row)).collect()
}

fn interpreted(text: &str, block: &Block, runner: &mut Runner) -> Vec<Result<Value, Fault>> {
    let expression = CompiledExpression::new(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    (0..block.len())
        .map(|row| runner.evaluate(&expression, &block.row(row)).map_err(|fault| fault.fault))
        .collect()
}

fn runner() -> Runner {
    Runner::new(&Arc::new(Scripts::default()), AS_OF)
}

// Values.

fn column(data: Data, known: Vec<bool>) -> Column {
    Column { data, known: Some(known), faults: None }
}

/// Mostly small numbers, so that they meet each other and the literals; some extreme.
fn numbers(scale: u8, largest: i64) -> impl Strategy<Value = Column> {
    let number = prop_oneof![
        6 => -20..20_i64,
        3 => Just(10_i64.pow(scale.into())).prop_map(|one| one * 2),
        2 => -largest..largest,
        1 => Just(largest),
    ];
    prop::collection::vec((number, known()), ROWS).prop_map(move |rows| {
        let (values, known): (Vec<i64>, Vec<bool>) =
            rows.into_iter().map(|(value, known)| (if known { value } else { 0 }, known)).unzip();
        column(Data::Number { scale, values: Ints::Narrow(values) }, known)
    })
}

fn wide_numbers() -> impl Strategy<Value = Column> {
    let largest = 10_i128.pow(27);
    let number = prop_oneof![-20..20_i128, -largest..largest];
    prop::collection::vec((number, known()), ROWS).prop_map(|rows| {
        let (values, known): (Vec<i128>, Vec<bool>) =
            rows.into_iter().map(|(value, known)| (if known { value } else { 0 }, known)).unzip();
        column(Data::Number { scale: 6, values: Ints::Wide(values) }, known)
    })
}

fn known() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.85)
}

fn flags() -> impl Strategy<Value = Column> {
    prop::collection::vec((any::<bool>(), known()), ROWS).prop_map(|rows| {
        let (values, known): (Vec<bool>, Vec<bool>) =
            rows.into_iter().map(|(value, known)| (value && known, known)).unzip();
        column(Data::Flag(values), known)
    })
}

fn texts() -> impl Strategy<Value = Column> {
    let text = prop::sample::select(vec!["", "a", "b", "partner", "é"]);
    prop::collection::vec((text, known()), ROWS).prop_map(|rows| {
        let mut dictionary = Dictionary::default();
        let codes = rows.iter().map(|(text, _)| dictionary.intern(text)).collect();
        let known = rows.iter().map(|(_, known)| *known).collect();
        column(Data::Text { codes, dictionary: Arc::new(dictionary) }, known)
    })
}

fn dates() -> impl Strategy<Value = Column> {
    // From 1960 to 2050, around the date of the pass too.
    let day = prop_oneof![-3_650..29_220_i32, 20_520..20_540_i32];
    prop::collection::vec((day, known()), ROWS).prop_map(|rows| {
        let (values, known): (Vec<i32>, Vec<bool>) =
            rows.into_iter().map(|(day, known)| (if known { day } else { 0 }, known)).unzip();
        column(Data::Date(values), known)
    })
}

fn block() -> impl Strategy<Value = Block> {
    (
        numbers(0, i64::MAX / 4),
        numbers(2, 10_i64.pow(15)),
        numbers(6, i64::MAX / 2),
        wide_numbers(),
        flags(),
        flags(),
        texts(),
        dates(),
    )
        .prop_map(|(a, b, c, d, e, f, g, h)| Block(vec![a, b, c, d, e, f, g, h]))
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

// Texts. Operators join their sides without parentheses wherever the types allow it, so that
// both sides must agree about how tightly they bind.

fn literal() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["0", "1", "2", "3", "7", "10", "0.1", "2.5", "0.000001", "100.25"])
        .prop_map(String::from)
}

fn number_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["orders", "spend", "rate", "total"]).prop_map(String::from)
}

fn a_date() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["joined", "as_of", "date(\"2026-03-21\")", "date(\"2024-02-29\")"])
        .prop_map(String::from)
}

fn comparison() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="])
}

fn number(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![1 => literal(), 3 => number_name()];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = move || number(depth - 1);
    let op = prop::sample::select(vec!["+", "-", "*", "/", "%"]);
    let one = prop::sample::select(vec!["abs", "floor", "ceil"]);
    let day =
        prop::sample::select(vec!["days_since", "days_until", "days_until_next", "years_since"]);
    prop_oneof![
        1 => leaf,
        6 => (inner(), op, inner()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        2 => inner().prop_map(|a| format!("({a})")),
        1 => number_name().prop_map(|a| format!("-{a}")),
        1 => (one, inner()).prop_map(|(f, a)| format!("{f}({a})")),
        1 => (prop::sample::select(vec!["min", "max"]), inner(), inner(), inner())
            .prop_map(|(f, a, b, c)| format!("{f}({a}, {b}, {c})")),
        1 => (inner(), 0..5_u32).prop_map(|(a, digits)| format!("round({a}, {digits})")),
        1 => (day, a_date()).prop_map(|(f, a)| format!("{f}({a})")),
        1 => (flag(depth - 1), inner(), inner())
            .prop_map(|(c, a, b)| format!("(if {c} {{ {a} }} else {{ {b} }})")),
    ]
    .boxed()
}

fn flag(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec!["consent", "vip", "true", "false", "!vip"])
        .prop_map(String::from);
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = move || flag(depth - 1);
    let values = move || number(depth - 1);
    let text = || prop::sample::select(vec!["channel", "\"a\"", "\"partner\"", "\"\""]);
    prop_oneof![
        1 => leaf,
        5 => (values(), comparison(), values()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (text(), comparison(), text()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (a_date(), comparison(), a_date()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        4 => (inner(), prop::sample::select(vec!["&&", "||"]), inner())
            .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => inner().prop_map(|a| format!("({a})")),
        1 => inner().prop_map(|a| format!("!({a})")),
        1 => (inner(), prop::sample::select(vec!["==", "!="]), inner())
            .prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
        1 => (values(), prop::collection::vec(literal(), 1..4))
            .prop_map(|(a, list)| format!("{a} in [{}]", list.join(", "))),
        1 => text().prop_map(|a| format!("{a} in [\"a\", \"b\"]")),
        1 => (values(), values(), values()).prop_map(|(a, b, c)| format!("between({a}, {b}, {c})")),
        1 => values().prop_map(|a| format!("is_known({a})")),
        1 => (inner(), inner(), inner())
            .prop_map(|(c, a, b)| format!("(if {c} {{ {a} }} else {{ {b} }})")),
    ]
    .boxed()
}

#[test]
fn columns_and_interpreter_agree() {
    let mut property = TestRunner::new(Config {
        cases: EXPRESSIONS,
        failure_persistence: None,
        ..Config::default()
    });
    let (cases, faults, unknown) = (Cell::new(0_u64), Cell::new(0_u64), Cell::new(0_u64));
    let text = prop_oneof![number(3), flag(3)];
    let result = property.run(&(text, block()), |(text, block)| {
        let columns = over_columns(&text, &block);
        let rows = interpreted(&text, &block, &mut runner());
        for (row, (ours, theirs)) in columns.iter().zip(&rows).enumerate() {
            prop_assert_eq!(ours, theirs, "{} with {:?}", text, block.row(row));
            cases.set(cases.get() + 1);
            faults.set(faults.get() + u64::from(ours.is_err()));
            unknown.set(unknown.get() + u64::from(*ours == Ok(Value::Null)));
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(cases.get() >= 10_000, "{} cases", cases.get());
    // Both kinds of agreement were seen.
    assert!(faults.get() > 100 && unknown.get() > 100, "{faults:?} {unknown:?}");
}

#[test]
fn examples_have_the_values_of_the_language() {
    let known = |data| Column::new(data);
    let null = |data| column(data, vec![false]);
    let mut dictionary = Dictionary::default();
    let codes = vec![dictionary.intern("partner")];
    let block = Block(vec![
        known(Data::Number { scale: 0, values: Ints::Narrow(vec![7]) }),
        known(Data::Number { scale: 2, values: Ints::Narrow(vec![12_050]) }),
        null(Data::Number { scale: 6, values: Ints::Narrow(vec![0]) }),
        known(Data::Number { scale: 6, values: Ints::Wide(vec![10_i128.pow(26)]) }),
        null(Data::Flag(vec![false])),
        known(Data::Flag(vec![true])),
        known(Data::Text { codes, dictionary: Arc::new(dictionary) }),
        known(Data::Date(vec![20_513])),
    ]);
    let number = |text: &str| Ok(Value::Number(text.parse().expect("a number")));
    let flag = |flag| Ok(Value::Flag(flag));
    let cases = [
        ("7 / 2 == 3.5", flag(true)),
        ("0.1 + 0.2 == 0.3", flag(true)),
        ("orders / 2", number("3.5")),
        ("spend - 0.5 * 2", number("119.5")),
        ("1 / 3", number("0.333333")),
        ("-7 % 3", number("-1")),
        // `in` binds tighter than `==` and less than `<` and `+`.
        ("5 + 2 in [7] == true", flag(true)),
        ("vip == orders in [7]", flag(true)),
        ("1 + 2 * 3 - 4 / 2", number("5")),
        ("true || vip && false", flag(true)),
        // NULL: comparisons are false, arithmetic is NULL, conditions are false.
        ("rate == 0", flag(false)),
        ("rate != 0", flag(false)),
        ("rate == rate", flag(false)),
        ("rate + 1", Ok(Value::Null)),
        ("max(rate, 1)", Ok(Value::Null)),
        ("is_known(rate)", flag(false)),
        ("rate in [0]", flag(false)),
        ("!consent", flag(true)),
        ("consent || vip", flag(true)),
        ("if consent { 1 } else { 2 }", number("2")),
        // What is not needed cannot fail.
        ("vip || 1 / 0 > 1", flag(true)),
        ("consent && 1 / 0 > 1", flag(false)),
        ("if vip { 1 } else { 1 / 0 }", number("1")),
        ("1 / 0 > 1 || vip", Err(Fault::DivisionByZero)),
        ("orders % 0", Err(Fault::DivisionByZero)),
        ("total * total * total", Err(Fault::Overflow)),
        ("channel == \"partner\"", flag(true)),
        ("channel in [\"a\", \"partner\"]", flag(true)),
        ("days_since(joined)", number("20")),
        ("joined < as_of && as_of == date(\"2026-03-21\")", flag(true)),
    ];
    for (text, expected) in cases {
        assert_eq!(over_columns(text, &block), std::slice::from_ref(&expected), "columns: {text}");
        assert_eq!(interpreted(text, &block, &mut runner()), [expected], "interpreter: {text}");
    }
}
