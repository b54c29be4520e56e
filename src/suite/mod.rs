//! A pack's own tests: cases with a virtual clock, and snapshots of populations.
//!
//! In: a program, the texts of its pack, the files of `tests/`. Out: the cases with everything
//! that is wrong with how they are written; what came of each over a program.
//! Never: a store of somebody's, a clock, or a verdict that depends on the order of cases.
//!
//! 1. [`TestFiles`] takes the bytes from the directory.
//! 2. [`read`] resolves them against a program: a [`Suite`], and findings.
//! 3. [`run_case`] plays a [`Case`] and compares.

mod begin;
mod case;
mod compare;
mod compared_texts;
mod files;
mod life;
mod made_up;
mod people;
mod play;
mod read;
mod run;
mod seen;
mod shown;
pub mod snapshot;
#[cfg(test)]
mod tests;

pub use begin::{NoReview, nobody, take_over, tier_since};
pub use case::{
    Case, Expectation, Expected, ExpectedBenefit, Fact, GivenCutoff, Held, Parameters, Person, Step,
};
pub use compare::Mismatch;
pub use files::{TestFiles, TestFilesError};
pub use made_up::made_up;
pub use people::{CsvFault, GivenTo, People, PeopleError};
pub use play::{PlayOptions, Played};
pub use read::{Alone, Population, SnapshotCase, Suite, read, read_alone};
pub use run::{CaseResult, RunOptions, Stopped, run_case};
