//! Calls of script functions, with values and with the customer.

use super::checker::Checker;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{Expr, Node, ScriptArgument, Type, Unit};
use crate::source::Span;

impl Checker<'_> {
    pub fn script_call(
        &mut self,
        callee: &str,
        callee_span: Span,
        arguments: &[Ast],
        span: Span,
        scope: Scope<'_>,
        want: Option<Type>,
    ) -> Option<Expr> {
        let (module, name) = callee.split_once("::").unwrap_or(("", callee));
        let found = self
            .scripts
            .functions
            .iter()
            .position(|function| function.module == module && function.name == name);
        let Some(id) = found else {
            self.unknown_script_function(module, name, callee_span);
            return None;
        };
        self.usage.functions.insert(id);
        let function = self.scripts.functions[id].clone();
        let count = function.parameters.len();
        let form = format!("{callee}({})", function.parameters.join(", "));
        self.counted(callee, span, arguments.len(), count..=count, &form)?;
        let mut typed = Vec::with_capacity(count);
        for (index, argument) in arguments.iter().enumerate() {
            if matches!(&argument.kind, AstKind::Name(name) if name == "customer") {
                if !scope.is_customer() {
                    self.error(
                        Code::NotAllowedHere,
                        argument.span,
                        "a row has no `customer`: pass the columns that the function needs",
                    );
                    return None;
                }
                for (parameter, property, place) in &function.properties {
                    if *parameter == index {
                        self.script_property(property, *place, scope);
                    }
                }
                typed.push(ScriptArgument::Customer);
            } else {
                typed.push(ScriptArgument::Value(self.typed_expr(argument, scope, None)?));
            }
        }
        let ty = want.unwrap_or(Type::Number);
        let node = Node::Script { function: id, arguments: typed };
        Some(Expr { node, ty, unit: Unit::Number, span })
    }

    /// A name that a script reads of its customer: it must exist, and is used.
    fn script_property(&mut self, property: &str, place: Span, scope: Scope<'_>) {
        match self.look_up(property, place, scope) {
            super::scope::Found::Unknown => {
                let candidates = self.candidates(scope);
                let help = did_you_mean(property, candidates.iter().map(String::as_str));
                self.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        place,
                        format!("a customer has no metric, attribute or parameter `{property}`"),
                    )
                    .maybe_help(help),
                );
            }
            super::scope::Found::Duration => self.error(
                Code::WrongType,
                place,
                format!("`{property}` is a duration, which scripts cannot read"),
            ),
            super::scope::Found::Expr(_) | super::scope::Found::Broken => {}
        }
    }

    fn unknown_script_function(&mut self, module: &str, name: &str, span: Span) {
        // A script that could not be read has its own finding; its functions are not unknown.
        let file_exists = self.pack.scripts.iter().any(|(file, _)| file == module);
        let compiled = self.scripts.modules.iter().any(|compiled| compiled.name == module);
        if file_exists && !compiled {
            return;
        }
        let functions = &self.scripts.functions;
        let diagnostic = if file_exists {
            let in_module = functions.iter().filter(|function| function.module == module);
            let help = did_you_mean(name, in_module.map(|function| function.name.as_str()));
            Diagnostic::new(
                Code::UnknownFunction,
                span,
                format!("`scripts/{module}.rhai` has no function `{name}`"),
            )
            .maybe_help(help)
        } else {
            let modules = self.pack.scripts.iter().map(|(module, _)| module.as_str());
            let help = did_you_mean(module, modules);
            Diagnostic::new(
                Code::UnknownFunction,
                span,
                format!("there is no script `scripts/{module}.rhai`"),
            )
            .maybe_help(help)
        };
        self.report(diagnostic);
    }
}
