//! What a condition asks, comparison by comparison: what each measures, what it asks of it, and
//! how much is missing.
//!
//! In: a checked condition and the program it belongs to; a block of customers for
//! [`Comparisons::record`]. Out: the condition as [`Requirement`], its comparisons as [`Leaf`]s,
//! and what they measured as exact JSON text, a row at a time. Never: deciding a condition, or a
//! word that is shown to people.

mod cell;
mod comparisons;
mod deciding;
mod direction;
mod json;
mod leaf;
mod numeral;
mod recorded;
mod requirement;
#[cfg(test)]
mod tests;

pub use comparisons::Comparisons;
pub use direction::Direction;
pub use json::{number_json, value_json};
pub use leaf::{Asked, Leaf, Sides};
pub use recorded::Recorded;
pub use requirement::{Joined, Requirement};
