//! What a function reads and calls, found by walking its tree.

mod calls;
mod chains;

use std::collections::HashMap;

use rhai::{AST, ASTNode, Expr, Position, Stmt, StmtBlock};

use super::adapt::AS_OF;
use super::edits::Edit;
use super::place::Script;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::source::Span;

/// Names that a module's code can mean.
#[derive(Debug)]
pub(super) struct Names<'a> {
    /// The functions of the pack: module, name, number of parameters, private.
    pub(super) functions: &'a [(String, String, usize, bool)],
    pub(super) modules: &'a [String],
    pub(super) module: &'a str,
    /// The module's constants, as written.
    pub(super) constants: &'a HashMap<String, String>,
}

impl Names<'_> {
    /// The function that a call in this module means.
    fn function(&self, module: &str, name: &str, arguments: usize) -> Option<usize> {
        self.functions.iter().position(|(in_module, known, parameters, private)| {
            in_module == module
                && known == name
                && *parameters == arguments
                && (!private || module == self.module)
        })
    }

    fn of_module<'s>(&'s self, module: &'s str) -> impl Iterator<Item = &'s str> {
        let functions = self.functions.iter().filter(move |(in_module, ..)| in_module == module);
        functions.map(|(_, name, ..)| name.as_str())
    }
}

/// What one function reads, passes on and calls.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// A parameter's property and its place.
    pub(super) reads: Vec<(usize, String, Span)>,
    /// Parameter, the function that it is passed to, and as which argument.
    pub(super) passes: Vec<(usize, usize, usize)>,
    pub(super) calls: Vec<usize>,
    pub(super) edits: Vec<Edit>,
}

/// The statements of the only function of a tree, or of the tree itself.
pub(super) fn statements(ast: &AST) -> Vec<Stmt> {
    let mut statements = Vec::new();
    ast.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            statements.push((*statement).clone());
        }
        true
    });
    statements
}

/// Walks the body of one function.
pub(super) struct Walk<'a> {
    script: &'a Script<'a>,
    names: &'a Names<'a>,
    findings: &'a mut Diagnostics,
    /// Names in reach, inner ones last, each with the parameter that it is another name of.
    scope: Vec<(String, Option<usize>)>,
    facts: Facts,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        script: &'a Script<'a>,
        names: &'a Names<'a>,
        findings: &'a mut Diagnostics,
    ) -> Self {
        Self { script, names, findings, scope: Vec::new(), facts: Facts::default() }
    }

    pub(super) fn function(mut self, parameters: &[String], body: &[Stmt]) -> Facts {
        for (index, parameter) in parameters.iter().enumerate() {
            self.scope.push((parameter.clone(), Some(index)));
        }
        self.body(body);
        self.facts
    }

    fn body(&mut self, statements: &[Stmt]) {
        let known = self.scope.len();
        for statement in statements {
            self.statement(statement);
        }
        self.scope.truncate(known);
    }

    fn block(&mut self, block: &StmtBlock) {
        self.body(block.statements());
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::If(flow, _) | Stmt::While(flow, _) | Stmt::Do(flow, ..) => {
                self.expression(&flow.expr);
                self.block(&flow.body);
                self.block(&flow.branch);
            }
            Stmt::Switch(switch, _) => {
                self.expression(&switch.0);
                for case in &switch.1.expressions {
                    self.expression(&case.lhs);
                    self.expression(&case.rhs);
                }
            }
            Stmt::For(parts, _) => {
                self.expression(&parts.2.expr);
                let known = self.scope.len();
                self.scope.push((parts.0.name.to_string(), None));
                if let Some(counter) = &parts.1 {
                    self.scope.push((counter.name.to_string(), None));
                }
                self.block(&parts.2.body);
                self.scope.truncate(known);
            }
            Stmt::Var(definition, ..) => {
                self.expression(&definition.1);
                let alias = self.parameter(&definition.1);
                self.scope.push((definition.0.name.to_string(), alias));
            }
            Stmt::Assignment(parts) => {
                self.expression(&parts.1.rhs);
                self.target(&parts.1.lhs);
            }
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => self.block(block),
            Stmt::TryCatch(flow, _) => {
                self.block(&flow.body);
                let known = self.scope.len();
                if let Expr::Variable(variable, ..) = &flow.expr {
                    self.scope.push((variable.1.to_string(), None));
                }
                self.block(&flow.branch);
                self.scope.truncate(known);
            }
            Stmt::Expr(expr) => self.expression(expr),
            Stmt::BreakLoop(Some(value), ..) | Stmt::Return(Some(value), ..) => {
                self.expression(value);
            }
            Stmt::Import(_, position) => {
                self.forbidden(*position, "a script cannot import; `module::function` is enough");
            }
            Stmt::Export(_, position) => {
                self.forbidden(*position, "a script exports nothing; its functions are public");
            }
            Stmt::Share(captured) => {
                for (variable, _) in captured.iter() {
                    self.captured(variable.as_str(), variable.pos);
                }
            }
            _ => {}
        }
    }

    /// Shared variables could wait for each other for ever.
    fn captured(&mut self, name: &str, position: Position) {
        if self.scope.iter().any(|(known, _)| known == name) {
            self.forbidden(
                position,
                &format!(
                    "an anonymous function cannot use `{name}` from around it; write a `for` loop"
                ),
            );
        } else if name != "as_of" && !self.names.constants.contains_key(name) {
            self.unknown_name(name, self.script.span(position));
        }
    }

    fn forbidden(&mut self, position: Position, reason: &str) {
        let span = self.script.span(position);
        self.findings.push(Diagnostic::new(Code::ScriptForbidden, span, reason));
    }

    fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::Variable(..) => self.variable(expr),
            Expr::And(operands, _) | Expr::Or(operands, _) | Expr::Coalesce(operands, _) => {
                operands.iter().for_each(|operand| self.expression(operand));
            }
            Expr::InterpolatedString(items, _) | Expr::Array(items, _) => {
                items.iter().for_each(|item| self.expression(item));
            }
            Expr::Map(map, _) => map.0.iter().for_each(|(_, value)| self.expression(value)),
            Expr::Stmt(block) => self.block(block),
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::MethodCall(call, position) => self.method(call, *position),
            Expr::Dot(pair, options, _) => self.chain(pair, false, *options),
            Expr::Index(pair, options, _) => self.chain(pair, true, *options),
            Expr::DynamicConstant(value, _) if value.is_fnptr() => {}
            Expr::ThisPtr(position) => {
                self.forbidden(*position, "a script has no `this`; pass it as an argument");
            }
            _ => {}
        }
    }

    /// The parameter that an expression is, if it is one.
    fn parameter(&self, expr: &Expr) -> Option<usize> {
        let Expr::Variable(variable, ..) = expr else { return None };
        if !variable.2.is_empty() {
            return None;
        }
        self.scope.iter().rev().find(|(known, _)| *known == variable.1.as_str())?.1
    }

    fn variable(&mut self, expr: &Expr) {
        let Expr::Variable(variable, _, position) = expr else { return };
        let name = variable.1.as_str();
        let global = variable.2.path.len() == 1 && variable.2.root() == "global";
        if !global && !variable.2.is_empty() {
            let start = variable.2.position();
            self.forbidden(start, "only the functions of another module can be used");
            return;
        }
        if !global && self.scope.iter().any(|(known, _)| known == name) {
            return;
        }
        let span = self.script.span(*position);
        let start = if global { self.script.span(variable.2.position()) } else { span };
        let (start, end) = (start.start as usize, span.end as usize);
        if let Some(value) = self.names.constants.get(name) {
            self.facts.edits.push(Edit::replace(start, end, format!("({value})")));
        } else if name == "as_of" {
            self.facts.edits.push(Edit::replace(start, end, AS_OF));
        } else if let Some(function) =
            self.names.functions.iter().position(|f| f.0 == self.names.module && f.1 == name)
        {
            // The function itself as a value: `list.map(double)`.
            self.facts.calls.push(function);
        } else {
            self.unknown_name(name, span);
        }
    }

    fn unknown_name(&mut self, name: &str, span: Span) {
        let local = self.scope.iter().map(|(known, _)| known.as_str());
        let constants = self.names.constants.keys().map(String::as_str);
        let help = did_you_mean(name, local.chain(constants).chain(["as_of"]));
        let message = format!("`{name}` is not known here; a function sees its parameters");
        self.findings.push(Diagnostic::new(Code::UnknownName, span, message).maybe_help(help));
    }
}
