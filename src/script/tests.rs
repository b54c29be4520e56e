//! Scripts from file to value: what they mean, what is found in them, and that nothing they do
//! hangs, grows without end or brings the process down.

use std::sync::Arc;

use jiff::civil::date;
use rust_decimal::Decimal;

use super::*;
use crate::diagnostic::{Code, Diagnostics};
use crate::expr::{Fault, Value};
use crate::source::Sources;

const AS_OF: jiff::civil::Date = date(2026, 3, 21);

fn number(text: &str) -> Value {
    Value::Number(text.parse::<Decimal>().expect("a number"))
}

fn compiled(files: &[(&str, &str)]) -> (Scripts, Vec<(Code, String, String)>) {
    let mut sources = Sources::default();
    let modules: Vec<_> = files
        .iter()
        .map(|(name, text)| {
            let file = sources.add(format!("scripts/{name}.rhai"), *text);
            (name.to_string(), file)
        })
        .collect();
    let mut findings = Diagnostics::default();
    let scripts = compile(&modules, &sources, &mut findings);
    let findings = findings
        .into_sorted()
        .into_iter()
        .map(|finding| (finding.code, sources.text(finding.span).to_string(), finding.message))
        .collect();
    (scripts, findings)
}

fn run_with(text: &str, arguments: Vec<Argument<'_>>) -> Result<Value, ScriptFault> {
    let (scripts, findings) = compiled(&[("m", text)]);
    assert_eq!(findings, []);
    let scripts = Arc::new(scripts);
    let plain = Runner::new(&scripts, AS_OF).call(0, arguments.clone());
    // Counting the lines changes neither a value nor a fault, its words or its place.
    let counted = Runner::new(&Arc::new(scripts.counted().0), AS_OF).call(0, arguments);
    assert_eq!(counted, plain, "{text}");
    plain
}

fn run(text: &str) -> Result<Value, ScriptFault> {
    run_with(text, Vec::new())
}

fn value(body: &str) -> Value {
    run(&format!("fn f() {{ {body} }}")).expect("a value")
}

fn fault(body: &str) -> Fault {
    run(&format!("fn f() {{ {body} }}")).expect_err("a fault").fault
}

#[test]
fn numbers_are_exact() {
    assert_eq!(value("7 / 2"), number("3.5"));
    assert_eq!(value("6 / 2"), number("3"));
    assert_eq!(value("1 / 3"), number("0.333333"));
    assert_eq!(value("0.1 + 0.2 == 0.3"), Value::Flag(true));
    assert_eq!(value("let x = 7; x /= 2; x"), number("3.5"));
    assert_eq!(value("let x = 1; x += 0.5; x *= 2; x -= 1; x %= 2; x"), number("0"));
    assert_eq!(value("-7 % 3"), number("-1"));
    assert_eq!(value("9223372036854775807 + 1"), number("9223372036854775808"));
    assert_eq!(value("1.05 ** 2"), number("1.1025"));
    assert_eq!(value("round(2.345, 2)"), number("2.34"));
    assert_eq!(value("floor(-1.5) + ceil(1.2) + abs(-3)"), number("3"));
    assert_eq!(value("min(3, 1.5, 2) + max(1, 2)"), number("3.5"));
    assert_eq!(value("switch 5.0 - 3 { 2 => \"two\", _ => \"other\" }"), Value::text("two"));
    assert_eq!(value("let l = [10, 20]; l[4 / 4]"), number("20"));
}

#[test]
fn arithmetic_that_cannot_be_is_a_fault() {
    assert_eq!(fault("1 / 0"), Fault::DivisionByZero);
    assert_eq!(fault("1.5 % 0"), Fault::DivisionByZero);
    assert_eq!(fault("let x = 10; for i in 0..40 { x *= 10; } x"), Fault::Overflow);
    assert_eq!(fault("79228162514264337593543950335 + 1"), Fault::Overflow);
}

#[test]
fn what_cannot_be_compared_is_a_fault() {
    assert_eq!(fault("\"a\" >= 1"), Fault::Script);
    assert_eq!(fault("1 == \"1\""), Fault::Script);
    assert_eq!(fault("true > false"), Fault::Script);
    assert_eq!(fault("date(\"2026-01-01\") < 5"), Fault::Script);
    assert_eq!(fault("#{}.x > 3"), Fault::Script);
    assert_eq!(fault("[1] + 1"), Fault::Script);
    assert_eq!(fault("\"x\" * 1000000000"), Fault::Script);
}

#[test]
fn unknown_values_are_neither_more_nor_less() {
    for comparison in ["() >= 3", "() == 3", "let x = (); x != 3", "3 < ()", "!(() > 1) == false"] {
        assert_eq!(value(comparison.trim()), Value::Flag(false), "{comparison}");
    }
    assert_eq!(value("let x = (); x == ()"), Value::Flag(true));
    assert_eq!(value("let x = 1; x != ()"), Value::Flag(true));
    assert_eq!(value("let x = (); let y = (); x == y"), Value::Flag(false));
    assert_eq!(value("() + 1"), Value::Null);
    assert_eq!(value("-(() * 2)"), Value::Null);
    assert_eq!(value("abs(())"), Value::Null);
    assert_eq!(value("is_known(())"), Value::Flag(false));
    assert_eq!(value("let x = (); if x { 1 } else { 2 }"), number("2"));
    assert_eq!(value("let x = (); x && true"), Value::Flag(false));
    assert_eq!(value("let x = (); x || 1 > 0"), Value::Flag(true));
    assert_eq!(value("let x = (); !x"), Value::Flag(true));
    assert_eq!(value("() in [1, 2]"), Value::Flag(false));
    assert_eq!(value("let n = 0; let x = (); while x { n += 1; } n"), number("0"));
}

#[test]
fn dates_have_the_functions_of_expressions() {
    assert_eq!(value("as_of"), Value::Date(AS_OF));
    assert_eq!(value("days_since(date(\"2026-03-01\"))"), number("20"));
    assert_eq!(value("days_until(date(\"2026-03-01\"))"), number("-20"));
    assert_eq!(value("days_until_next(date(\"1990-03-20\"))"), number("364"));
    assert_eq!(value("days_until_next(date(\"1990-03-21\"))"), number("0"));
    assert_eq!(value("years_since(date(\"1990-03-22\"))"), number("35"));
    assert_eq!(value("as_of.year() * 100 + as_of.month()"), number("202603"));
    assert_eq!(value("as_of > date(\"2026-03-20\")"), Value::Flag(true));
    assert_eq!(value("between(as_of, date(\"2026-01-01\"), as_of)"), Value::Flag(true));
}

#[test]
fn a_customer_is_a_view_of_properties() {
    let view = [
        ("spend", number("1200.50")),
        ("rfm", number("12")),
        ("rfm.r", number("5")),
        ("joined", Value::Null),
    ];
    let text = "fn f(customer, factor) {\n  let c = customer;\n  if customer.joined == () { c.spend * factor + customer.rfm.r + c.rfm } else { 0 }\n}";
    let result = run_with(text, vec![Argument::Customer(&view), Argument::Value(number("2"))]);
    assert_eq!(result, Ok(number("2418")));
    let missing = run_with("fn f(c) {\n  c.spent\n}", vec![Argument::Customer(&view)]);
    let missing = missing.expect_err("no such property");
    assert_eq!((missing.fault, missing.line, missing.column), (Fault::Script, 2, 5));
}

#[test]
fn constants_and_other_modules_are_in_reach() {
    let rates = "const BASE = 0.1;\nconst TWICE = BASE * 2;\nfn rate(x) { helper(x) * TWICE }\nprivate fn helper(x) { [x].map(|y| y + BASE)[0] }";
    let (scripts, findings) =
        compiled(&[("a", "fn f(x) { rates::rate(x) + 1 }"), ("rates", rates)]);
    assert_eq!(findings, []);
    assert_eq!(scripts.functions[0].calls, [1]);
    assert_eq!(scripts.functions[1].calls, [2]);
    assert!(scripts.functions[2].private);
    let mut runner = Runner::new(&Arc::new(scripts), AS_OF);
    let result = runner.call(0, vec![Argument::Value(number("4.9"))]);
    assert_eq!(result, Ok(number("2")));
}

#[test]
fn faults_say_where_they_are() {
    let (scripts, findings) = compiled(&[
        ("a", "fn f(x) {\n  b::g(x)\n}"),
        ("b", "fn g(x) {\n  if x > 1 && x < 9 { 10 / (x - x) } else { 0 }\n}"),
    ]);
    assert_eq!(findings, []);
    let file = scripts.modules[1].file;
    let mut runner = Runner::new(&Arc::new(scripts), AS_OF);
    let fault = runner.call(0, vec![Argument::Value(number("5"))]).expect_err("a fault");
    assert_eq!(fault.fault, Fault::DivisionByZero);
    assert_eq!((fault.file, fault.line, fault.column), (Some(file), 2, 26));
}

#[test]
fn values_that_no_expression_has_are_faults_of_type() {
    assert_eq!(fault("#{ a: 1 }"), Fault::ScriptType);
    assert_eq!(fault("0..3"), Fault::ScriptType);
    assert_eq!(
        value("[1, \"a\", true]"),
        Value::List([number("1"), Value::text("a"), Value::Flag(true)].into())
    );
}

#[test]
fn properties_are_found_through_calls() {
    let (scripts, findings) = compiled(&[(
        "m",
        "fn f(customer) { let c = customer; g(1, c) + customer.rfm.f }\nfn g(x, y) { y.spend + y[\"orders\"] + y.joined.year() }",
    )]);
    assert_eq!(findings, []);
    let names = |function: usize| {
        let mut names: Vec<_> = scripts.functions[function]
            .properties
            .iter()
            .map(|(parameter, name, _)| (*parameter, name.as_str()))
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(0), [(0, "joined"), (0, "orders"), (0, "rfm.f"), (0, "spend")]);
    assert_eq!(names(1), [(1, "joined"), (1, "orders"), (1, "spend")]);
}

#[test]
fn what_is_wrong_is_found_where_it_is() {
    let cases: &[(&str, Code, &str)] = &[
        ("fn f(x) { x + }", Code::ScriptSyntax, "}"),
        ("fn f(x) { x", Code::ScriptSyntax, "x"),
        ("fn f(x) { x ≥ 3 }", Code::UnicodeOperator, "≥"),
        ("fn f(x) { x == “a” }", Code::TypographicQuotes, "“"),
        ("fn f(x) { x == 'abc' }", Code::SingleQuotes, "'abc'"),
        ("fn f(x) { x > 1 and x < 3 }", Code::WordOperator, "and"),
        ("fn f(x) { if x = 1 { 2 } }", Code::SingleEquals, "="),
        ("fn f(x) { import \"a\" as b; x }", Code::ScriptForbidden, "import"),
        ("import \"a\" as b;", Code::ScriptForbidden, "import"),
        ("fn f() { eval(\"1\") }", Code::ScriptForbidden, "eval"),
        ("fn f() { sleep(1) }", Code::ScriptForbidden, "sleep"),
        ("fn f() { print(1) }", Code::ScriptForbidden, "print"),
        ("fn f() { timestamp() }", Code::ScriptForbidden, "timestamp"),
        ("fn f() { Fn(\"f\") }", Code::ScriptForbidden, "Fn"),
        ("let x = 1;", Code::ScriptForbidden, "let"),
        ("export const X = 1;", Code::ScriptForbidden, "export"),
        ("fn f() { let a = 1; [1].filter(|x| x > a) }", Code::ScriptForbidden, "a"),
        ("fn f(spend) { spent > 1 }", Code::UnknownName, "spent"),
        ("fn f() { [1].filter(|x| x > foo) }", Code::UnknownName, "foo"),
        ("fn f() { rond(1.5) }", Code::UnknownFunction, "rond"),
        ("fn f() { \"a\".to_uper() }", Code::UnknownFunction, "to_uper"),
        ("fn f() { other::g() }", Code::UnknownFunction, "other"),
        ("fn f() { m::g() }", Code::UnknownFunction, "g"),
        ("fn f(x) { f(1, 2) }", Code::WrongArgumentCount, "f"),
    ];
    for (text, code, place) in cases {
        let (_, findings) = compiled(&[("m", text)]);
        let found: Vec<_> =
            findings.iter().map(|(code, place, _)| (*code, place.as_str())).collect();
        assert_eq!(found, [(*code, *place)], "{text}: {findings:?}");
    }
}

#[test]
fn nothing_runs_for_ever_or_grows_without_end() {
    let hostile = [
        "while true {}",
        "loop {}",
        "loop { let x = 1; }",
        "for i in 0..9000000000 {}",
        "for i in range(0, 9000000000) { i; }",
        "f()",
        "1 + f()",
        "[1].map(|x| f())",
        "let s = \"x\"; loop { s += s; }",
        "let s = \"x\"; loop { s = `${s}${s}`; }",
        "let s = \"x\"; s.pad(1000000000, 'y'); s",
        "let s = \"x\"; s.pad(1000000000, \"yy\"); s",
        "let s = \"\"; s.pad(9000, 'y'); s.replace(\"\", s); s.len()",
        "let s = \"\"; s.pad(9000, 'y'); s.replace('y', s); s.len()",
        "let a = []; loop { a.push(1); }",
        "let a = [1]; loop { a += a; }",
        "let a = []; a.pad(1000000000, 0); a",
        "let a = [1]; loop { a.splice(0..0, a); }",
        "let a = [1]; loop { a[0] = a; }",
        "let a = [1]; loop { a = [a, a]; }",
        "let m = #{}; let i = 0; loop { m[`k${i}`] = i; i += 1; }",
        "let m = #{}; loop { m.a = m; m.b = m; }",
        "let m = #{}; let i = 0; loop { m += #{ a: m }; }",
        "let a = [3, 1, 2]; loop { a.sort(|x, y| f()); }",
        "try { loop {} } catch { 1 }",
        "loop { try { loop {} } catch { 1 } }",
        "let x = 1; loop { x *= 3; }",
        "let a = []; a.pad(900, 1); loop { a.map(|x| a_sum(x)); }",
        "let m = #{ s: \"x\" }; loop { m.s += m.s; }",
        "let a = [\"x\"]; loop { a[0] += a[0]; }",
        "let g = f; g.call()",
        "[1, 2].reduce(|sum, x| f())",
        "let m = #{ n: #{} }; let i = 0; loop { m.n[`k${i}`] = i; i += 1; }",
        "let s = \"a b \"; loop { s = s + s; s.split(); }",
        "let m = #{ a: [1] }; loop { m.a += m.a; }",
    ];
    for body in hostile {
        let text = format!("fn f() {{ {body} }}\nfn a_sum(x) {{ while true {{}} }}");
        let (scripts, findings) = compiled(&[("m", &text)]);
        assert_eq!(findings, [], "{body}");
        let mut runner = Runner::new(&Arc::new(scripts), AS_OF);
        let fault = runner.call(0, Vec::new()).expect_err(body);
        assert!(matches!(fault.fault, Fault::ScriptLimit | Fault::Overflow), "{body}: {fault:?}");
    }
}

#[test]
fn a_runner_goes_on_after_a_fault() {
    let (scripts, findings) = compiled(&[("m", "fn f(x) { while x > 1 {} x }")]);
    assert_eq!(findings, []);
    let mut runner = Runner::new(&Arc::new(scripts), AS_OF);
    for _ in 0..3 {
        let fault = runner.call(0, vec![Argument::Value(number("2"))]).expect_err("a fault");
        assert_eq!(fault.fault, Fault::ScriptLimit);
        assert_eq!(runner.call(0, vec![Argument::Value(number("1"))]), Ok(number("1")));
    }
}

#[test]
fn deep_nesting_ends_before_the_stack_does() {
    let nested = format!("{}f(x){}", "(1 + ".repeat(13), ")".repeat(13));
    let (scripts, findings) = compiled(&[("m", &format!("fn f(x) {{ {nested} }}"))]);
    assert_eq!(findings, []);
    let mut runner = Runner::new(&Arc::new(scripts), AS_OF);
    let fault = runner.call(0, vec![Argument::Value(number("1"))]).expect_err("a fault");
    assert_eq!(fault.fault, Fault::ScriptLimit);
    let (_, findings) =
        compiled(&[("m", &format!("fn f(x) {{ {}x{} }}", "(".repeat(5000), ")".repeat(5000)))]);
    assert_eq!(findings[0].0, Code::ScriptSyntax);
}

#[test]
fn built_in_operators_and_functions_cannot_be_replaced() {
    // A function of its own name is the module's; what is built in still has its meaning.
    let (scripts, findings) = compiled(&[
        ("m", "fn f(x) { max(x, 1) }\nfn max(a, b) { 100 }"),
        ("n", "fn g(x) { max(x, 1) }"),
    ]);
    assert_eq!(findings, []);
    let mut runner = Runner::new(&Arc::new(scripts), AS_OF);
    assert_eq!(runner.call(0, vec![Argument::Value(number("5"))]), Ok(number("100")));
    assert_eq!(runner.call(2, vec![Argument::Value(number("5"))]), Ok(number("5")));
}

#[test]
fn expressions_run_over_a_scope_that_is_used_again() {
    let scripts = Arc::new(Scripts::default());
    let mut runner = Runner::new(&scripts, AS_OF);
    let expression =
        CompiledExpression::new("if vip && spend >= 100 { spend / 3 } else { days_since(as_of) }")
            .expect("compiles");
    for (vip, spend, expected) in [
        (Value::Flag(true), "100", "33.333333"),
        (Value::Null, "100", "0"),
        (Value::Flag(true), "99.99", "0"),
    ] {
        let names = [("vip", vip), ("spend", number(spend))];
        assert_eq!(runner.evaluate(&expression, &names), Ok(number(expected)));
    }
    assert_eq!(evaluate_text("1 + a", &[("a", number("0.5"))], AS_OF), Ok(number("1.5")));
}
