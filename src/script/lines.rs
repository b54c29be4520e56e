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
