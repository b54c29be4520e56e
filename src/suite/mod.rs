//! A pack's own tests.
//!
//! In: a program, and what a pack's tests say. Out: rows in memory and values that are given
//! outright. Never: IO, a clock, or numbers that are another machine's or another run's.

mod compared_texts;
mod made_up;
mod people;
#[cfg(test)]
mod tests;

pub use made_up::made_up;
pub use people::{CsvFault, GivenTo, People, PeopleError};
