//! Plain expressions in Rhai's interpreter.
//!
//! Packs run over columns. This is what that is held against: the property test asks both for
//! the same value, the benchmarks for the time.

use jiff::civil::Date;
use rhai::{AST, Dynamic};

use super::edits::{Edit, Edited};
use super::tokens::tokens;
use super::{Runner, ScriptFault, Scripts, adapt, engine, values};
use crate::expr::{Fault, Value};

/// Evaluates the text of an expression over named values, from nothing.
pub fn evaluate_text(
    text: &str,
    names: &[(&str, Value)],
    as_of: Date,
) -> Result<Value, ScriptFault> {
    let expression = CompiledExpression::new(text)?;
    Runner::new(&Scripts::default().into(), as_of).evaluate(&expression, names)
}

/// An expression, compiled once, for evaluation row after row.
#[derive(Debug, Clone)]
pub struct CompiledExpression {
    ast: AST,
}

impl CompiledExpression {
    /// With the meaning that expressions have in packs.
    pub fn new(text: &str) -> Result<Self, ScriptFault> {
        let tokens = tokens(text);
        let mut edits = adapt::edits(text, &tokens);
        for token in tokens.iter().filter(|token| token.text(text) == "as_of") {
            edits.push(Edit::replace(token.start, token.end, adapt::AS_OF));
        }
        Self::plain(&Edited::new(text, edits).text)
    }

    /// As the interpreter is at its best: conditions are known to be true or false.
    pub fn plain(text: &str) -> Result<Self, ScriptFault> {
        match engine::parser().compile_expression(text) {
            Ok(ast) => Ok(Self { ast }),
            Err(error) => Err(nowhere(Fault::Script, error.to_string())),
        }
    }
}

fn nowhere(fault: Fault, message: String) -> ScriptFault {
    ScriptFault { fault, message, file: None, line: 0, column: 0 }
}

impl Runner {
    /// Runs a plain expression over named values. The scope is used again: names that it has
    /// are given new values, so an expression costs no allocation for them.
    pub fn evaluate(
        &mut self,
        expression: &CompiledExpression,
        names: &[(&str, Value)],
    ) -> Result<Value, ScriptFault> {
        for (index, (name, value)) in names.iter().enumerate() {
            let value = values::to_dynamic(value);
            if self.scope.iter_raw().nth(index).is_some_and(|(known, ..)| known == *name) {
                self.scope.set_value(*name, value);
            } else {
                self.scope.rewind(index);
                self.scope.push_dynamic(*name, value);
            }
        }
        self.scope.rewind(names.len());
        self.budget.begin();
        let result = self.engine.eval_ast_with_scope::<Dynamic>(&mut self.scope, &expression.ast);
        self.scope.rewind(names.len());
        let value = result.map_err(|error| self.fault("", *error))?;
        let wrong = || format!("it gave {}", super::operators::words(&value));
        values::from_dynamic(&value).ok_or_else(|| nowhere(Fault::ScriptType, wrong()))
    }
}
