//! Calls: of the pack's functions, of what is built in, and of what a script may not call.

use rhai::{Expr, FnCallExpr, Position};

use super::Walk;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::script::catalog;

impl Walk<'_> {
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) {
        if call.name == "curry" && call.args.first().is_some_and(Expr::is_constant) {
            // What the parser makes of captured variables: they were looked at already.
            return;
        }
        call.args.iter().for_each(|argument| self.expression(argument));
        if call.is_operator_call() || !is_name(&call.name) {
            return;
        }
        let module = if call.namespace.is_empty() {
            self.names.module.to_string()
        } else {
            call.namespace.to_string()
        };
        let name = call.name.as_str();
        if let Some(function) = self.names.function(&module, name, call.args.len()) {
            self.facts.calls.push(function);
            for (index, argument) in call.args.iter().enumerate() {
                if let Some(parameter) = self.parameter(argument) {
                    self.facts.passes.push((parameter, function, index));
                }
            }
            return;
        }
        if call.namespace.is_empty() {
            self.plain_call(call, position);
        } else {
            self.unknown_in_module(call, &module, position);
        }
    }

    fn plain_call(&mut self, call: &FnCallExpr, position: Position) {
        let name = call.name.as_str();
        if let Some(reason) = catalog::forbidden(name) {
            self.forbidden(position, reason);
        } else if self.names.of_module(self.names.module).any(|own| own == name) {
            let module = self.names.module;
            self.wrong_count(module, name, call.args.len(), position);
        } else if !catalog::is_known(name) && !self.scope.iter().any(|(known, _)| known == name) {
            let elsewhere = self.names.functions.iter().find(|f| f.1 == name && !f.3);
            let help = match elsewhere {
                Some((module, name, ..)) => Some(format!("did you mean `{module}::{name}`?")),
                None => {
                    let own = self.names.of_module(self.names.module);
                    did_you_mean(name, own.chain(catalog::names()))
                }
            };
            self.unknown_function(name, position, help);
        }
    }

    fn unknown_in_module(&mut self, call: &FnCallExpr, module: &str, position: Position) {
        let name = call.name.as_str();
        if !self.names.modules.iter().any(|known| known == module) {
            let help = did_you_mean(module, self.names.modules.iter().map(String::as_str));
            let span = self.script.span(call.namespace.position());
            let message = format!("there is no script `{module}.rhai`");
            let finding = Diagnostic::new(Code::UnknownFunction, span, message).maybe_help(help);
            self.findings.push(finding);
        } else if self.names.of_module(module).any(|known| known == name) {
            self.wrong_count(module, name, call.args.len(), position);
        } else {
            let help = did_you_mean(name, self.names.of_module(module));
            self.unknown_function(&format!("{module}::{name}"), position, help);
        }
    }

    fn unknown_function(&mut self, name: &str, position: Position, help: Option<String>) {
        let message = format!("there is no function `{name}`");
        let span = self.script.span(position);
        self.findings.push(Diagnostic::new(Code::UnknownFunction, span, message).maybe_help(help));
    }

    fn wrong_count(&mut self, module: &str, name: &str, given: usize, position: Position) {
        let function = self.names.functions.iter().find(|f| f.0 == module && f.1 == name);
        let Some((_, _, parameters, private)) = function else { return };
        if *private && module != self.names.module {
            self.forbidden(position, &format!("`{module}::{name}` is private"));
            return;
        }
        let message = format!("`{name}` takes {parameters} arguments, not {given}");
        let span = self.script.span(position);
        self.findings.push(Diagnostic::new(Code::WrongArgumentCount, span, message));
    }

    pub(super) fn method(&mut self, call: &FnCallExpr, position: Position) {
        call.args.iter().for_each(|argument| self.expression(argument));
        let name = call.name.as_str();
        if let Some(reason) = catalog::forbidden(name) {
            self.forbidden(position, reason);
        } else if !catalog::is_known(name) {
            let help = if self.names.of_module(self.names.module).any(|own| own == name) {
                Some(format!("write `{name}(…)` with what is before the dot as an argument"))
            } else {
                did_you_mean(name, catalog::names())
            };
            self.unknown_function(name, position, help);
        }
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_alphabetic())
}
