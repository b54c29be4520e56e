//! Expressions: one typed tree with many uses.
//!
//! In: the text of an expression ([`parse`]), names from `check`. Out: a typed [`Expr`] that is
//! checked, run over columns, explained, analysed and read back to people.
//! Never: IO, a clock, or an interpreter.

mod append;
pub mod column;
mod day;
pub mod decimal;
mod evaluate;
mod inputs;
mod keywords;
mod lexer;
mod merge;
mod parser;
pub mod syntax;
mod tree;
mod value;
mod written;

pub use day::{date_from_days, days_from_date};
#[cfg(test)]
pub(crate) use evaluate::tests as samples;
pub use evaluate::{compare, dates, evaluate, holds};
pub use inputs::{Decimals, Evaluated, Inputs, Truth};
pub use keywords::KEYWORDS;
pub use lexer::digit;
pub use merge::{Merge, Table};
pub use parser::parse;
pub use syntax::{ArithmeticOp, CompareOp};
pub use tree::*;
pub use value::{Fault, NEVER_DAYS, NUMBER_SCALE, Type, Unit, Value};
pub use written::{is_currency, number_with_commas, without_currency};
