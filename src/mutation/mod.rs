//! Mutants: a pack changed one small step at a time, to see whether its tests notice.
//!
//! In: a pack as read, with the parameter values in effect. Out: [`Mutant`]s with their places, and
//! the program of each, or that it is none. Never: IO, or YAML that is read again: a mutant is the
//! parsed pack with one part of it changed, checked like any pack.
//!
//! 1. `known` takes from the sound program what its expressions count and what its parameters are.
//! 2. `expression`, `condition` and `literal` change what stands in one place; `column`, `metric`,
//!    `ladder`, `benefit` and `treatment` do so for every place of a part of the pack.
//! 3. [`Mutations`] checks mutants, and sorts out those that mean nothing new.

mod benefit;
mod column;
mod condition;
mod draft;
mod expression;
mod flow;
mod known;
mod ladder;
mod literal;
mod metric;
mod mutant;
mod mutations;
mod operator;
mod step;
mod survey;
mod treatment;

#[cfg(test)]
mod tests;

pub use mutant::Mutant;
pub use mutations::Mutations;
pub use operator::Operator;
pub use survey::{Examined, Survey};
