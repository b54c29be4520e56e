//! Calls of script functions: one runner per thread, with its own engine.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use rhai::{CallFnOptions, Dynamic, Engine, EvalAltResult, Identifier, Map, Position, Scope};

use super::Scripts;
use super::limits::Budget;
use super::{engine, numbers, values};
use crate::expr::{Fault, ScriptFunctionId, Value};
use crate::source::FileId;

/// What a function is called with.
#[derive(Debug, Clone)]
pub enum Argument<'a> {
    Value(Value),
    /// The view of a customer: the properties that the function reads, by name. A part of a
    /// score has its dotted name, `rfm.r`.
    Customer(&'a [(&'a str, Value)]),
}

/// Why a call has no value, and where it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFault {
    pub fault: Fault,
    /// In the reader's words, lower case, without the place.
    pub message: String,
    /// The script file; `None` where the call itself failed.
    pub file: Option<FileId>,
    /// Line and column from 1, in characters; 0 where they are not known.
    pub line: usize,
    pub column: usize,
}

impl std::error::Error for ScriptFault {}

impl fmt::Display for ScriptFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Runs the functions of a pack's scripts, as of one date. Not shared between threads: each
/// has its own, and its limits count one call at a time.
pub struct Runner {
    scripts: Arc<Scripts>,
    pub(super) engine: Engine,
    pub(super) budget: Arc<Budget>,
    pub(super) scope: Scope<'static>,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("scripts", &self.scripts).finish_non_exhaustive()
    }
}

impl Runner {
    pub fn new(scripts: &Arc<Scripts>, as_of: Date) -> Runner {
        let budget = Arc::new(Budget::new());
        let mut engine = engine::sandboxed(as_of, &budget);
        if let Some(counting) = &scripts.counting {
            counting.register(&mut engine, &budget);
        }
        for (module, code) in scripts.modules.iter().zip(&scripts.code) {
            engine.register_static_module(&module.name, code.functions.clone());
        }
        Runner { scripts: scripts.clone(), engine, budget, scope: Scope::new() }
    }

    /// Calls a function. The arguments are as many as it has parameters.
    pub fn call(
        &mut self,
        function: ScriptFunctionId,
        arguments: Vec<Argument<'_>>,
    ) -> Result<Value, ScriptFault> {
        let arguments: Vec<Dynamic> = arguments.into_iter().map(argument).collect();
        let definition = &self.scripts.functions[function];
        let module = self.scripts.modules.iter().position(|m| m.name == definition.module);
        let Some(code) = module.and_then(|module| self.scripts.code.get(module)) else {
            return Err(ScriptFault {
                fault: Fault::Script,
                message: format!("there is no module `{}`", definition.module),
                file: None,
                line: 0,
                column: 0,
            });
        };
        self.budget.begin();
        let options = CallFnOptions::new().eval_ast(false);
        self.scope.clear();
        let result = self.engine.call_fn_with_options::<Dynamic>(
            options,
            &mut self.scope,
            &code.ast,
            &definition.name,
            arguments,
        );
        match result {
            Ok(_) if self.scripts.counting.is_some() && self.budget.is_spent() => {
                let error = EvalAltResult::ErrorTooManyOperations(Position::NONE);
                Err(self.fault(&definition.module, error))
            }
            Ok(value) => {
                values::from_dynamic(&value).ok_or_else(|| self.wrong_type(function, &value))
            }
            Err(error) => Err(self.fault(&definition.module, *error)),
        }
    }

    fn wrong_type(&self, function: ScriptFunctionId, value: &Dynamic) -> ScriptFault {
        let definition = &self.scripts.functions[function];
        ScriptFault {
            fault: Fault::ScriptType,
            message: format!(
                "`{}::{}` gave {}",
                definition.module,
                definition.name,
                super::operators::words(value)
            ),
            file: Some(definition.span.file),
            line: 0,
            column: 0,
        }
    }

    pub(super) fn fault(&self, module: &str, error: EvalAltResult) -> ScriptFault {
        let mut module = module.to_string();
        let mut error = error;
        while let EvalAltResult::ErrorInFunctionCall(_, source, inner, _) = error {
            if !source.is_empty() {
                module = source;
            }
            error = *inner;
        }
        let position = error.position();
        let (fault, message) = explain(error);
        let module = self.scripts.modules.iter().position(|m| m.name == module);
        let place = |module: usize| self.scripts.code[module].edited.original_place(position);
        let (line, column) = module.map_or((0, 0), place);
        ScriptFault {
            fault,
            message,
            file: module.map(|module| self.scripts.modules[module].file),
            line,
            column,
        }
    }
}

fn argument(argument: Argument<'_>) -> Dynamic {
    match argument {
        Argument::Value(value) => values::to_dynamic(&value),
        Argument::Customer(properties) => {
            let mut view = Map::new();
            for (name, value) in properties {
                view.insert(Identifier::from(*name), values::to_dynamic(value));
            }
            view.into()
        }
    }
}

/// What kind of fault an error is, in words.
pub(super) fn explain(error: EvalAltResult) -> (Fault, String) {
    use EvalAltResult as E;
    match error {
        E::ErrorArithmetic(words, _) => {
            let fault = if words == numbers::DIVISION_BY_ZERO {
                Fault::DivisionByZero
            } else {
                Fault::Overflow
            };
            (fault, words)
        }
        E::ErrorTooManyOperations(_) => (Fault::ScriptLimit, "it takes too many steps".into()),
        E::ErrorTerminated(too_many, _) if too_many.as_bool().is_ok_and(|too_many| too_many) => {
            (Fault::ScriptLimit, "it takes too many steps".into())
        }
        E::ErrorTerminated(..) => {
            (Fault::ScriptLimit, "it takes too many steps or too much time".into())
        }
        E::ErrorStackOverflow(_) => (Fault::ScriptLimit, "its calls are nested too deeply".into()),
        E::ErrorTooManyVariables(_) => (Fault::ScriptLimit, "it has too many variables".into()),
        E::ErrorTooManyModules(_) => (Fault::ScriptLimit, "it uses too many modules".into()),
        E::ErrorDataTooLarge(..) => {
            (Fault::ScriptLimit, "a text, list or map grows too large".into())
        }
        E::ErrorRuntime(value, _) => (Fault::Script, thrown(&value)),
        E::ErrorPropertyNotFound(name, _) => (Fault::Script, format!("there is no `{name}`")),
        E::ErrorVariableNotFound(name, _) => (Fault::Script, format!("`{name}` is not known")),
        E::ErrorFunctionNotFound(signature, _) => {
            (Fault::Script, format!("there is no function `{signature}`"))
        }
        E::ErrorArrayBounds(length, index, _) => {
            (Fault::Script, format!("there is no item {index} in a list of {length}"))
        }
        mut other => {
            other.set_position(Position::NONE);
            (Fault::Script, other.to_string())
        }
    }
}

fn thrown(value: &Dynamic) -> String {
    match value.as_immutable_string_ref() {
        Ok(text) => text.to_string(),
        Err(_) => format!("it threw {value}"),
    }
}
