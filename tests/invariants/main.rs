//! The invariants of `docs/lifecycle.md` §5, over generated packs, rows, dates and deeds: against a
//! naive evaluator that knows the pages and shares no code with the program, and each by itself.
//!
//! `PROPTEST_CASES=2000 cargo test --test invariants` looks at more than the usual few.

mod agreement;
mod calendar;
mod case;
mod change;
mod generate;
mod history;
mod model;
mod monotony;
mod naive;
mod order;
mod periods;
mod shop;
mod touched;
mod written;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

type Outcome = Result<(), TestCaseError>;

/// As many cases as are asked for, or a few that a test run can wait for.
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        max_global_rejects: 100_000,
        max_shrink_iters: 4000,
        ..ProptestConfig::default()
    }
}

/// `check` finds an error in the rules: they contradict themselves, say.
fn reject() -> Outcome {
    Err(TestCaseError::reject("not a pack"))
}
