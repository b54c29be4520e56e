use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;

use super::lines::ScriptLine;
use super::{Argument, Runner, ScriptFault, Scripts, compile};
use crate::diagnostic::Diagnostics;
use crate::expr::Value;
use crate::source::Sources;

fn scripts(modules: &[(&str, &str)]) -> Arc<Scripts> {
    let mut sources = Sources::default();
    let modules: Vec<_> = modules
        .iter()
        .map(|(name, text)| (name.to_string(), sources.add(format!("{name}.rhai"), *text)))
        .collect();
    let mut findings = Diagnostics::default();
    let scripts = compile(&modules, &sources, &mut findings);
    assert!(!findings.has_errors(), "{findings:?}");
    Arc::new(scripts)
}

fn call(scripts: &Arc<Scripts>, function: usize, x: i64) -> Result<Value, ScriptFault> {
    let mut runner = Runner::new(scripts, date(2026, 3, 21));
    runner.call(function, vec![Argument::Value(Value::Number(x.into()))])
}

/// Calls the first function once for each number, beside the plain scripts; then the counts
/// of the first module's lines.
#[track_caller]
fn counts(text: &str, numbers: &[i64]) -> Vec<(usize, u64)> {
    let plain = scripts(&[("m", text)]);
    let (counted, counts) = plain.counted();
    let counted = Arc::new(counted);
    for number in numbers {
        assert_eq!(call(&counted, 0, *number), call(&plain, 0, *number));
    }
    counts.lines().into_iter().map(|(line, count)| (line.line, count)).collect()
}

#[test]
fn a_line_counts_as_often_as_its_busiest_statement() {
    let text = "\
fn f(x) {
    if x > 2 { return g(x); }
    let sum = 0;
    for i in 0..x { sum += i; }

    // Nothing runs here.
    sum
}
fn g(x) { x * 2 }
fn unused() {
    1
}
fn i() { 2 } fn j() { 3 }
";
    let expected = [(2, 3), (3, 2), (4, 3), (7, 2), (9, 1), (11, 0), (13, 0)];
    // 1: a loop of one, 2: of two, 3: the early return.
    assert_eq!(counts(text, &[1, 2, 3]), expected);
}

#[test]
fn every_arm_is_a_line_of_its_own() {
    let text = "\
fn f(x) {
    switch x {
        1 if x > 0 && x < 2 => \"one\",
        2 => { let y = x; y }
        9 => return \"nine\",
        3..5 => if x == 3 || x == 9 {
            [x].map(|v| v + 1)
        } else { as_of },
        _ => switch x { 7 => (), _ => throw \"no\" }
    }
}
";
    let lines = counts(text, &[1, 1, 2, 3, 4, 4, 7, 8, 9]);
    assert_eq!(lines, [(2, 9), (3, 2), (4, 1), (5, 1), (6, 3), (7, 1), (8, 2), (9, 2)]);
}

#[test]
fn faults_stand_where_they_stood() {
    let text = "fn f(x) {\n    let y = 10 / x; switch x { 1 => 1 / (x - 1), _ => y }\n}";
    assert_eq!(counts(text, &[0, 1, 5]), [(2, 3)]);
}

#[test]
fn other_modules_are_counted_too() {
    let plain = scripts(&[("a", "fn f(x) { b::g(x) }"), ("b", "\nfn g(x) { x }\nfn h() { 1 }")]);
    let (counted, counts) = plain.counted();
    let counted = Arc::new(counted);
    assert_eq!(call(&counted, 0, 4), Ok(Value::Number(4.into())));
    // Counting once more begins anew, with the plain scripts.
    let (again, none) = counted.counted();
    assert_eq!(call(&Arc::new(again), 0, 4), Ok(Value::Number(4.into())));
    assert!(call(counted.plain(), 0, 4).is_ok());
    let line = |module, line| ScriptLine { module, line };
    let expected = [(line(0, 1), 1), (line(1, 2), 1), (line(1, 3), 0)];
    assert_eq!(counts.lines().into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(none.lines()[&line(0, 1)], 1);
}

#[test]
fn counting_takes_nothing_from_the_limits() {
    let bodies = [
        "for i in 0..x { y += 1; y -= 1; }",
        "for i in 0..x { switch i { 0 => y = 1, _ => { y = 2 } } }",
        "for i in 0..x { let z = switch i { 0 => 1, 1 => max(i, 2), _ => i }; }",
        "for i in 0..x { switch i { 0 => y += 1, _ => if i > 3 { y = 4 } } }",
        "for i in 0..x { y += switch i % 3 { 0 => i + 1, 1 => 4, _ => [i][0] }; }",
        "for i in 0..x { if i > 3 && y < 9 { y = 5; } else if i == 2 { y = 4 } }",
        "while y < x { y += g(1); }",
    ];
    for body in bodies {
        let text = format!("fn f(x) {{ let y = 0; {body} y }} fn g(a) {{ let b = a; b }}");
        let plain = scripts(&[("m", &text)]);
        let counted = Arc::new(plain.counted().0);
        let ends = |scripts: &Arc<Scripts>, x: i64| call(scripts, 0, x).is_ok();
        let (mut good, mut bad) = (0, 100_000);
        assert!(ends(&plain, good) && !ends(&plain, bad));
        while bad - good > 1 {
            let middle = (good + bad) / 2;
            if ends(&plain, middle) { good = middle } else { bad = middle }
        }
        assert_eq!((ends(&counted, good), ends(&counted, bad)), (true, false), "{body}");
        assert_eq!(call(&counted, 0, bad), call(&plain, 0, bad), "{body}");
    }
}

/// `counts` of the text with the line ends of another system, too.
#[track_caller]
fn counts_with_both_line_ends(text: &str, numbers: &[i64]) -> Vec<(usize, u64)> {
    let found = counts(text, numbers);
    assert_eq!(counts(&text.replace('\n', "\r\n"), numbers), found);
    found
}

#[test]
fn whatever_is_a_statement_is_counted() {
    let text = "\
fn f(x) {
    let y = 0;
    do { y += 1; } until y >= x;
    let add = |a| {
        a + 1
    };
    try {
        throw `no ${x + 1}: { ; }`;
    } catch (error) {
        y += 1; /* no
        line */
    }
    loop {
        y -= 1;
        if y < 0 { break; }
    }
    let z = [
        1,
        add.call(x),
    ];
    z.map(|v| v
        + 1)
}
fn empty() { }
";
    // y is 2 after the `do`, 3 after the `catch`, and -1 after four rounds.
    let expected = [
        (2, 1),
        (3, 2),
        (4, 1),
        (5, 1),
        (7, 1),
        (8, 1),
        (10, 1),
        (13, 1),
        (14, 4),
        (15, 4),
        (17, 1),
        (21, 1),
    ];
    assert_eq!(counts_with_both_line_ends(text, &[2]), expected);
}

/// All scripts that come with the program or its tests and are sound.
fn shipped() -> Vec<Arc<Scripts>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for below in ["rules", "fixtures/cases", "fixtures/timelines"] {
        for pack in fs::read_dir(root.join(below)).expect("a folder") {
            let folder = pack.expect("an entry").path().join("scripts");
            let Ok(files) = fs::read_dir(folder) else { continue };
            let files = files.map(|file| file.expect("an entry").path());
            let modules: Vec<(String, String)> = files
                .map(|path| {
                    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
                    (name, fs::read_to_string(&path).expect("a script"))
                })
                .collect();
            let modules: Vec<_> = modules.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            found.push(scripts(&modules));
        }
    }
    assert!(found.len() > 5);
    found
}

#[test]
fn shipped_scripts_give_the_same_counted_and_plain() {
    for plain in shipped() {
        let (counted, counts) = plain.counted();
        let counted = Arc::new(counted);
        for (id, function) in plain.functions.iter().enumerate() {
            for x in [-3, 0, 1, 2, 7, 30, 400, 5000] {
                let number = Value::Number(x.into());
                let view = |parameter: usize| {
                    let reads = function.properties.iter().filter(|read| read.0 == parameter);
                    reads.map(|read| (read.1.as_str(), number.clone())).collect::<Vec<_>>()
                };
                let views: Vec<_> = (0..function.parameters.len()).map(view).collect();
                let call = |scripts: &Arc<Scripts>| {
                    let arguments = views.iter().map(|view| match view.is_empty() {
                        true => Argument::Value(number.clone()),
                        false => Argument::Customer(view),
                    });
                    Runner::new(scripts, date(2026, 3, 21)).call(id, arguments.collect())
                };
                assert_eq!(call(&counted), call(&plain), "{} of {x}", function.name);
            }
        }
        assert!(counts.lines().values().any(|count| *count > 0));
    }
}
