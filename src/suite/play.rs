//! All cases over their programs, on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::read::Suite;
use super::run::{CaseResult, RunOptions, run_case};
use crate::coverage::Coverage;
use crate::metrics::population::thread_count;
use crate::program::Program;
use crate::source::Sources;

/// How to play the cases of a suite.
pub struct PlayOptions<'a> {
    /// By case whether it is asked for.
    pub asked: &'a [bool],
    /// The time since some moment; the library has no clock.
    pub clock: &'a (dyn Fn() -> Duration + Sync),
    /// How long one case may take.
    pub limit: Duration,
    /// Whether the first case that fails is enough.
    pub fail_fast: bool,
    /// 0: as many as there are processors.
    pub threads: usize,
}

/// A case that was played.
#[derive(Debug, Clone)]
pub struct Played {
    /// An index into [`Suite::cases`].
    pub case: usize,
    pub result: CaseResult,
    pub took: Duration,
}

impl Suite {
    /// Plays the cases that are asked for and not to be skipped, each over the program of its
    /// parameters. In the order of cases; after a failure that is enough, those before it. What
    /// they show of the rules is added to `coverage`.
    pub fn play(
        &self,
        programs: &[Program],
        texts: &Sources,
        options: &PlayOptions<'_>,
        coverage: Option<&mut Coverage>,
    ) -> Vec<Played> {
        let next = AtomicUsize::new(0);
        let is_observed = coverage.is_some();
        let work = || {
            let mut played = Vec::new();
            let mut seen = is_observed.then(Coverage::default);
            loop {
                let id = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = self.cases.get(id) else { return (played, seen) };
                if !options.asked[id] || case.skip.is_some() {
                    continue;
                }
                let begun = (options.clock)();
                let took = || (options.clock)().saturating_sub(begun);
                let mut run = RunOptions {
                    is_over: &|| took() > options.limit,
                    coverage: seen.as_mut(),
                    first_only: false,
                };
                let result = run_case(case, &programs[case.parameters], texts, &mut run);
                let failed = !result.passed();
                played.push(Played { case: id, result, took: took() });
                if failed && options.fail_fast {
                    next.store(self.cases.len(), Ordering::Relaxed);
                }
            }
        };
        let threads = thread_count(options.threads).min(self.cases.len().max(1));
        let parts: Vec<(Vec<Played>, Option<Coverage>)> = thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let joined = running.into_iter().map(|thread| thread.join());
            joined.map(|part| part.expect("a thread that plays cases panicked")).collect()
        });
        let (mut all, mut coverage) = (Vec::new(), coverage);
        for (played, seen) in parts {
            all.extend(played);
            if let (Some(coverage), Some(seen)) = (coverage.as_deref_mut(), &seen) {
                coverage.merge(seen);
            }
        }
        all.sort_by_key(|played| played.case);
        if options.fail_fast
            && let Some(failed) = all.iter().position(|played| !played.result.passed())
        {
            all.truncate(failed + 1);
        }
        all
    }
}

impl std::fmt::Debug for PlayOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlayOptions")
            .field("asked", &self.asked)
            .field("limit", &self.limit)
            .field("fail_fast", &self.fail_fast)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}
