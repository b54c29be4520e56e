//! The lines of scripts that run, counted.
//!
//! A call stands before every statement of a script that counts. Scripts that do not count have
//! none of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rhai::{Engine, INT};

use super::compile::ModuleCode;
use super::edits::Edit;
use super::limits::Budget;
use super::statements::{Arm, statements};
use super::{Scripts, limits};

/// Stands before a statement.
const LINE: &str = "__line";

/// A line of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptLine {
    /// An index into the scripts' modules.
    pub module: usize,
    /// From 1.
    pub line: usize,
}

/// How often the statements of scripts began. Shared by all who run the scripts.
#[derive(Debug)]
pub struct LineCounts {
    /// By statement.
    lines: Vec<ScriptLine>,
    counts: Vec<AtomicU64>,
}

/// What scripts need that count their lines.
#[derive(Debug, Clone)]
pub(super) struct Counting {
    counts: Arc<LineCounts>,
    /// The same scripts as they are otherwise.
    plain: Arc<Scripts>,
}

impl LineCounts {
    fn count(&self, statement: INT) {
        let count = usize::try_from(statement).ok().and_then(|index| self.counts.get(index));
        if let Some(count) = count {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// For each line with a statement how often it ran: as often as the busiest of its
    /// statements began.
    pub fn lines(&self) -> BTreeMap<ScriptLine, u64> {
        let mut lines = BTreeMap::new();
        for (line, count) in self.lines.iter().zip(&self.counts) {
            let most = lines.entry(*line).or_insert(0);
            *most = count.load(Ordering::Relaxed).max(*most);
        }
        lines
    }
}

impl Scripts {
    /// The same scripts, counting the lines that run. They give the same values and faults.
    ///
    /// A module that is nested too deeply to be counted in is left as it is; then it has no lines.
    pub fn counted(self: &Arc<Self>) -> (Scripts, Arc<LineCounts>) {
        let plain = self.plain();
        let mut lines = Vec::new();
        let mut counted = Scripts::clone(plain);
        for (module, code) in counted.code.iter_mut().enumerate() {
            if let Some((with_counts, own)) = counting(plain, module, lines.len()) {
                *code = with_counts;
                lines.extend(own.into_iter().map(|line| ScriptLine { module, line }));
            }
        }
        let counts = lines.iter().map(|_| AtomicU64::new(0)).collect();
        let counts = Arc::new(LineCounts { lines, counts });
        counted.counting = Some(Counting { counts: counts.clone(), plain: plain.clone() });
        (counted, counts)
    }

    /// The lines that can be counted, in order.
    pub fn lines(self: &Arc<Self>) -> Vec<ScriptLine> {
        self.counted().1.lines().into_keys().collect()
    }

    /// The scripts as they are where nothing is counted.
    pub(crate) fn plain(self: &Arc<Self>) -> &Arc<Scripts> {
        self.counting.as_ref().map_or(self, |counting| &counting.plain)
    }
}

/// The code of a module with a count before every statement, numbered from `first`, and the line
/// of each.
fn counting(scripts: &Scripts, module: usize, first: usize) -> Option<(ModuleCode, Vec<usize>)> {
    let code = &scripts.code[module];
    let found = statements(code.source());
    let mut edits = Vec::new();
    for (number, statement) in (first..).zip(&found) {
        let (before, after) = match statement.arm {
            None => (format!("{LINE}({number});"), None),
            Some(Arm { end, is_expression: true }) => {
                // It gives nothing, in place of which the expression is taken.
                (format!("{LINE}({number}) ?? ("), Some((end, ")")))
            }
            Some(Arm { end, is_expression: false }) => {
                (format!("{{ {LINE}({number}); "), Some((end, " }")))
            }
        };
        edits.push(Edit::before(statement.start, before));
        edits.extend(after.map(|(end, text)| Edit::after(end, text)));
    }
    let code = code.with(&scripts.modules[module].name, edits)?;
    Some((code, found.into_iter().map(|statement| statement.line).collect()))
}

impl Counting {
    pub(super) fn register(&self, engine: &mut Engine, budget: &Arc<Budget>) {
        limits::leave_to(engine, budget);
        let (counts, budget) = (self.counts.clone(), budget.clone());
        engine.register_fn(LINE, move |number: INT| {
            budget.give_back(limits::OPERATIONS_OF_A_COUNT);
            counts.count(number);
        });
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::expr::Value;
    use crate::script::{Argument, Runner, ScriptFault, compile};
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
        let plain =
            scripts(&[("a", "fn f(x) { b::g(x) }"), ("b", "\nfn g(x) { x }\nfn h() { 1 }")]);
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
}
