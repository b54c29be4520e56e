//! The pack's mutants, and which of them no case notices.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tierkeeper::mutation::{Mutant, Mutations};
use tierkeeper::program::Program;
use tierkeeper::suite::{RunOptions, Suite, run_case};

use super::rules::Tested;
use crate::progress;

/// What became of the mutants.
#[derive(Debug)]
pub struct Mutants {
    /// The mutants, and the texts that they point into.
    pub all: Mutations,
    /// Those that were played: their index, and whether a case noticed.
    pub played: Vec<(usize, bool)>,
    /// Those that are an error of the pack.
    pub not_viable: usize,
    /// Those that are the same program as another one.
    pub same: usize,
}

impl Mutants {
    /// Plays the cases on every mutant until one fails. The programs of the pack and of all sets of
    /// parameters are built already, so there are mutants of each.
    pub fn play(
        tested: &Tested,
        suite: &Suite,
        asked: &[bool],
        clock: &(dyn Fn() -> Duration + Sync),
        limit: Duration,
    ) -> Self {
        let all = Mutations::new(tested.bound.clone()).expect("the pack was built");
        let sets: Vec<Option<Mutations>> = suite
            .parameters
            .iter()
            .enumerate()
            .map(|(set, values)| match set {
                0 => None,
                _ => Some(all.under(values).expect("the pack was built with them")),
            })
            .collect();
        let bar = progress::bar("{bar:30} {pos} of {len} mutants");
        bar.set_length(all.mutants().len() as u64);
        let order = Mutex::new(
            (0..suite.cases.len())
                .filter(|case| asked[*case] && suite.cases[*case].skip.is_none())
                .collect::<Vec<_>>(),
        );
        let cases = Cases { tested, suite, sets: &sets, order: &order, clock, limit };
        let survey = all.examine(0, |mutant, program| {
            let killed = cases.kill(mutant, program);
            bar.inc(1);
            killed
        });
        bar.finish_and_clear();
        Self {
            played: survey.examined.iter().map(|it| (it.mutant, it.found)).collect(),
            not_viable: survey.not_viable.len(),
            same: survey.same.len(),
            all,
        }
    }

    pub fn killed(&self) -> usize {
        self.played.iter().filter(|(_, killed)| *killed).count()
    }

    /// Those that no case notices, in the order of files and lines.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        let left = self.played.iter().filter(|(_, killed)| !killed);
        left.map(|(mutant, _)| &self.all.mutants()[*mutant])
    }
}

/// The cases, to be played on one mutant after the other.
struct Cases<'a> {
    tested: &'a Tested,
    suite: &'a Suite,
    /// By set of parameters; `None`: the pack's own.
    sets: &'a [Option<Mutations>],
    /// Those that are played. A case that has noticed a mutant comes first for the next one:
    /// mutants of the same place are noticed by the same cases.
    order: &'a Mutex<Vec<usize>>,
    clock: &'a (dyn Fn() -> Duration + Sync),
    limit: Duration,
}

impl Cases<'_> {
    /// Whether a case finds something else on a mutant than it expects.
    fn kill(&self, mutant: &Mutant, program: &Program) -> bool {
        let order = self.order.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut programs: Vec<Option<Option<Program>>> = vec![None; self.sets.len()];
        let found = order.into_iter().find(|&case| {
            let case = &self.suite.cases[case];
            let program = match &self.sets[case.parameters] {
                None => Some(program),
                Some(under) => {
                    programs[case.parameters].get_or_insert_with(|| under.program(mutant)).as_ref()
                }
            };
            // With these parameters the mutant may be no other program.
            let Some(program) = program else { return false };
            let begun = (self.clock)();
            let mut options = RunOptions {
                is_over: &|| (self.clock)().saturating_sub(begun) > self.limit,
                coverage: None,
                first_only: true,
            };
            // A case that only stops has not said what is right: it may be the machine that is
            // slow, or a value given for something that the mutant counts otherwise.
            !run_case(case, program, &self.tested.texts, &mut options).mismatches.is_empty()
        });
        if let Some(case) = found {
            let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
            order.retain(|other| *other != case);
            order.insert(0, case);
        }
        found.is_some()
    }
}
