//! The pack's mutants, and which of them no case notices.

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
    /// Those that were played: their index, and whether a case failed.
    pub played: Vec<(usize, bool)>,
    /// Those that are an error of the pack.
    pub not_viable: usize,
    /// Those that are the same program as another one.
    pub same: usize,
}

impl Mutants {
    /// Plays the cases on every mutant until one fails. `None` where the pack is no program.
    pub fn play(
        tested: &Tested,
        suite: &Suite,
        asked: &[bool],
        clock: &(dyn Fn() -> Duration + Sync),
        limit: Duration,
    ) -> Option<Self> {
        let all = Mutations::new(tested.bound.clone())?;
        let sets: Option<Vec<Option<Mutations>>> = suite
            .parameters
            .iter()
            .enumerate()
            .map(|(set, values)| match set {
                0 => Some(None),
                _ => all.under(values).map(Some),
            })
            .collect();
        let sets = sets?;
        let bar = progress::bar("{bar:30} {pos} of {len} mutants");
        bar.set_length(all.mutants().len() as u64);
        let survey = all.examine(0, |mutant, program| {
            let killed = killed(tested, suite, asked, (mutant, program), &sets, clock, limit);
            bar.inc(1);
            killed
        });
        bar.finish_and_clear();
        Some(Self {
            played: survey.examined.iter().map(|it| (it.mutant, it.found)).collect(),
            not_viable: survey.not_viable.len(),
            same: survey.same.len(),
            all,
        })
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

/// Whether a case fails on a mutant.
fn killed(
    tested: &Tested,
    suite: &Suite,
    asked: &[bool],
    (mutant, program): (&Mutant, &Program),
    sets: &[Option<Mutations>],
    clock: &(dyn Fn() -> Duration + Sync),
    limit: Duration,
) -> bool {
    let mut programs: Vec<Option<Option<Program>>> = vec![None; sets.len()];
    let cases = suite.cases.iter().zip(asked);
    cases.filter(|(case, asked)| **asked && case.skip.is_none()).any(|(case, _)| {
        let program = match &sets[case.parameters] {
            None => Some(program),
            Some(under) => {
                programs[case.parameters].get_or_insert_with(|| under.program(mutant)).as_ref()
            }
        };
        // With these parameters the mutant is no other program.
        let Some(program) = program else { return false };
        let begun = clock();
        let mut options = RunOptions {
            is_over: &|| clock().saturating_sub(begun) > limit,
            coverage: None,
            first_only: true,
        };
        !run_case(case, program, &tested.texts, &mut options).passed()
    })
}
