//! Rhai scripts: the only place that knows Rhai.
//!
//! In: script files, and calls with values or with a view of a customer. Out: values or faults,
//! and findings with places in the script files.
//! Never: a clock that scripts can see, files, the network, or more than the limits allow.

mod adapt;
mod analysis;
mod catalog;
mod code_lines;
mod collections;
mod compile;
mod edits;
mod engine;
mod functions;
mod library;
mod limits;
mod lines;
#[cfg(test)]
mod lines_tests;
mod numbers;
mod operators;
mod outline;
mod place;
mod reference;
mod runner;
mod statements;
mod syntax;
mod tokens;
mod values;

pub use code_lines::CodeLine;
pub use compile::compile;
pub use lines::{LineCounts, ScriptLine};
pub use reference::{CompiledExpression, evaluate_text};
pub use runner::{Argument, Runner, ScriptFault};

use serde::Serialize;

use crate::source::FileId;

/// A script module: `scripts/NAME.rhai`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Module {
    pub name: String,
    #[serde(skip)]
    pub file: FileId,
    /// The code without comments and layout, for the program's hash.
    pub normalized: String,
}

/// A function that expressions can call as `module::name(…)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Function {
    pub module: String,
    pub name: String,
    pub parameters: Vec<String>,
    /// Only functions of the same module can call it.
    #[serde(skip)]
    pub private: bool,
    #[serde(skip)]
    pub span: crate::source::Span,
    /// From `fn` to the end of the body.
    #[serde(skip)]
    pub body: crate::source::Span,
    /// What the function (or a function it calls) reads of each parameter: `customer.spend`
    /// of parameter 0 is `(0, "spend", place)`.
    #[serde(skip)]
    pub properties: Vec<(usize, String, crate::source::Span)>,
    /// Functions it calls, by index; a private helper that is called is not unused.
    pub calls: Vec<usize>,
}

/// The compiled scripts of a pack.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Scripts {
    pub modules: Vec<Module>,
    pub functions: Vec<Function>,
    /// The code of each module, in their order.
    #[serde(skip)]
    code: Vec<compile::ModuleCode>,
    #[serde(skip)]
    counting: Option<lines::Counting>,
}

#[cfg(test)]
mod tests;
