use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Mutant, Mutations};
use crate::metrics::population::thread_count;
use crate::program::Program;

/// What became of the mutants of a pack.
#[derive(Debug, Clone)]
pub struct Survey<R> {
    /// Those that are programs of their own, in order: their index and what was found of them.
    pub examined: Vec<Examined<R>>,
    /// Those that are an error of the pack, by index.
    pub not_viable: Vec<usize>,
    /// Those that are the same program as the original or as one before them.
    pub same: Vec<usize>,
}

/// What was found of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined<R> {
    /// Into [`Mutations::mutants`].
    pub mutant: usize,
    pub found: R,
}

/// A mutant that was checked.
enum Checked {
    NotViable,
    Program { generation: String, program: Box<Program> },
}

/// Programs that are kept at once.
const BATCH: usize = 128;

impl Mutations {
    /// Makes the program of every mutant, leaves out those that mean nothing new, and lets `run`
    /// examine the others. `threads` 0: as many as there are processors. The answer does not
    /// depend on their number.
    pub fn examine<R: Send>(
        &self,
        threads: usize,
        run: impl Fn(&Mutant, &Program) -> R + Sync,
    ) -> Survey<R> {
        let mutants = self.mutants();
        let mut survey = Survey { examined: Vec::new(), not_viable: Vec::new(), same: Vec::new() };
        let mut known = HashSet::from([self.original().generation()]);
        for first in (0..mutants.len()).step_by(BATCH) {
            let batch = first..mutants.len().min(first + BATCH);
            let checked =
                each(batch.len(), threads, |at| match self.program(&mutants[first + at]) {
                    None => Checked::NotViable,
                    Some(program) => {
                        let (generation, program) = (program.generation(), Box::new(program));
                        Checked::Program { generation, program }
                    }
                });
            let mut new = Vec::new();
            for (mutant, checked) in batch.zip(checked) {
                match checked {
                    Checked::NotViable => survey.not_viable.push(mutant),
                    Checked::Program { generation, program } => {
                        if known.insert(generation) {
                            new.push((mutant, program));
                        } else {
                            survey.same.push(mutant);
                        }
                    }
                }
            }
            let found = each(new.len(), threads, |at| {
                let (mutant, program) = &new[at];
                run(&mutants[*mutant], program)
            });
            let found = new.iter().zip(found);
            survey
                .examined
                .extend(found.map(|((mutant, _), found)| Examined { mutant: *mutant, found }));
        }
        survey
    }
}

/// Does a piece of work for each number below `count`; the answers in order.
fn each<T: Send>(count: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread_count(threads);
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return done;
            }
            done.push((at, work(at)));
        }
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let handles: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(run)).collect();
        let mut done = run();
        for handle in handles {
            match handle.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}
