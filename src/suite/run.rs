//! A case played over a program: for each date facts, what is done by hand, a pass.

use jiff::civil::Date;

use super::case::Case;
use super::compare::{Mismatch, compare};
use super::life::Life;
use super::seen::Seen;
use crate::coverage::Coverage;
use crate::program::Program;
use crate::source::Sources;

/// The slot of the case's own customer: the smallest id.
pub(super) const OWN: usize = 0;

/// How to play a case.
pub struct RunOptions<'a> {
    /// Whether the time is over; asked before every date and after the last.
    pub is_over: &'a dyn Fn() -> bool,
    /// Takes down what the case's own customer shows of the rules.
    pub coverage: Option<&'a mut Coverage>,
    /// Whether the first thing that differs is enough.
    pub first_only: bool,
}

/// What came of a case.
#[derive(Debug, Clone, Default)]
pub struct CaseResult {
    /// What differs from what is expected, in the order of the file.
    pub mismatches: Vec<Mismatch>,
    /// Why it could not be played to its end.
    pub stopped: Option<Stopped>,
}

/// Why a case was not played to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    #[error("the time was over before {0}")]
    TooLateFor(Date),
    #[error("the time was over after {0}, the last date")]
    TooLateAtTheEnd(Date),
    #[error("{on}: {why}")]
    Impossible { on: Date, why: String },
}

impl CaseResult {
    pub fn passed(&self) -> bool {
        self.mismatches.is_empty() && self.stopped.is_none()
    }
}

/// Plays a case over a program, which may be a mutant of the one that the case was read for.
/// `texts` are those that the program's and the case's places point into.
pub fn run_case(
    case: &Case,
    program: &Program,
    texts: &Sources,
    options: &mut RunOptions<'_>,
) -> CaseResult {
    let mut result = CaseResult::default();
    let mut life = Life::new(case, program);
    for (index, step) in case.steps.iter().enumerate() {
        if (options.is_over)() {
            result.stopped = Some(Stopped::TooLateFor(step.on));
            return result;
        }
        let outcome = match life.pass(step, index == 0, options.coverage.as_deref_mut()) {
            Ok(outcome) => outcome,
            Err(why) => {
                result.stopped = Some(Stopped::Impossible { on: step.on, why });
                return result;
            }
        };
        if let Some(coverage) = &mut options.coverage {
            coverage.observe(program, &life.before, &outcome, &[OWN]);
        }
        let (before, by_hand) = (&life.before, &life.by_hand[..]);
        let seen = Seen { program, texts, before, by_hand, outcome: &outcome };
        result.mismatches.extend(compare(step, &seen, options.first_only));
        if options.first_only && !result.mismatches.is_empty() {
            return result;
        }
        life.follow(outcome);
    }
    if let Some(last) = case.steps.last().filter(|_| (options.is_over)()) {
        result.stopped = Some(Stopped::TooLateAtTheEnd(last.on));
    }
    result
}

impl std::fmt::Debug for RunOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunOptions").field("first_only", &self.first_only).finish_non_exhaustive()
    }
}
