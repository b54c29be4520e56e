//! What a function reads and calls, found by walking its tree.

use std::collections::HashMap;

use rhai::{AST, ASTFlags, ASTNode, BinaryExpr, Expr, FnCallExpr, Position, Stmt, StmtBlock};

use super::adapt::{self, AS_OF, GROWN, PART};
use super::catalog;
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

    fn call(&mut self, call: &FnCallExpr, position: Position) {
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

    fn method(&mut self, call: &FnCallExpr, position: Position) {
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

    /// `root.property.property`, `root[index].method()` and so on.
    fn chain(&mut self, pair: &BinaryExpr, indexed: bool, options: ASTFlags) {
        self.expression(&pair.lhs);
        let links = links(&pair.rhs, indexed, options);
        for link in &links {
            match link {
                Link::Index(index) => self.expression(index),
                Link::Name(Expr::MethodCall(call, position)) => self.method(call, *position),
                Link::Name(_) => {}
            }
        }
        let path = self.path(&links);
        let (Some(parameter), Some(first)) = (self.parameter(&pair.lhs), path.first()) else {
            return;
        };
        let (name, span) = match path.get(1).filter(|(part, _)| adapt::is_part(part)) {
            Some((part, span)) => (format!("{}.{part}", first.0), first.1.to(*span)),
            None => (first.0.clone(), first.1),
        };
        if let Some((part, span)) = path.get(1)
            && path.len() == 2
            && links.len() == 2
            && adapt::is_part(part)
            && let Expr::Variable(variable, _, position) = &pair.lhs
        {
            let start = self.script.span(*position).start as usize;
            let call = format!("{PART}({}, \"{}\", \"{part}\")", variable.1, first.0);
            self.facts.edits.push(Edit::replace(start, span.end as usize, call));
        }
        self.facts.reads.push((parameter, name, span));
    }

    /// The properties with which a chain begins.
    fn path(&self, links: &[Link<'_>]) -> Vec<(String, Span)> {
        let property = |link: &Link<'_>| match link {
            Link::Name(Expr::Property(property, position)) => {
                Some((property.2.to_string(), self.script.span(*position)))
            }
            Link::Index(Expr::StringConstant(text, position)) => {
                Some((text.to_string(), self.script.span(*position)))
            }
            _ => None,
        };
        links.iter().map_while(property).collect()
    }

    /// What is assigned to. Every index and property first looks at the size of the whole.
    fn target(&mut self, target: &Expr) {
        let (pair, indexed, options) = match target {
            Expr::Dot(pair, options, _) => (pair, false, *options),
            Expr::Index(pair, options, _) => (pair, true, *options),
            other => return self.expression(other),
        };
        let Expr::Variable(root, ..) = &pair.lhs else {
            return self.expression(target);
        };
        self.expression(&pair.lhs);
        let links = links(&pair.rhs, indexed, options);
        for link in &links {
            match link {
                Link::Index(index) => {
                    self.expression(index);
                    self.grown_index(root.1.as_str(), index);
                }
                Link::Name(Expr::Property(property, position)) => {
                    self.grown_property(root.1.as_str(), &property.2, *position);
                }
                Link::Name(other) => self.expression(other),
            }
        }
    }

    /// `m[k] = …` becomes `m[__grown(m, k)] = …`.
    fn grown_index(&mut self, root: &str, index: &Expr) {
        let start = self.script.span(index.start_position()).start as usize;
        let tokens = &self.script.tokens;
        // From the bracket that opens before the index to its partner.
        let first = tokens.partition_point(|token| token.start < start);
        let mut depth = 1_usize;
        let Some(open) = tokens[..first].iter().rposition(|t| t.text(self.script.text) == "[")
        else {
            return;
        };
        for token in &tokens[open + 1..] {
            match token.text(self.script.text) {
                "[" | "?[" => depth += 1,
                "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let edits = &mut self.facts.edits;
                edits.push(Edit::insert(tokens[open].end, format!("{GROWN}({root}, ")));
                edits.push(Edit::insert(token.start, ")"));
                return;
            }
        }
    }

    /// `m.k = …` becomes `m[__grown(m, "k")] = …`.
    fn grown_property(&mut self, root: &str, property: &str, position: Position) {
        let span = self.script.span(position);
        let Some(dot) = self.script.token_before(span.start as usize) else { return };
        let index = format!("[{GROWN}({root}, \"{property}\")]");
        self.facts.edits.push(Edit::replace(dot.start, span.end as usize, index));
    }
}

/// A step of a chain: a property or method, or what stands in brackets.
enum Link<'a> {
    Name(&'a Expr),
    Index(&'a Expr),
}

fn links(mut rest: &Expr, mut indexed: bool, mut options: ASTFlags) -> Vec<Link<'_>> {
    let link = |expr, indexed| if indexed { Link::Index(expr) } else { Link::Name(expr) };
    let mut links = Vec::new();
    loop {
        let ends = options.contains(ASTFlags::BREAK);
        match rest {
            Expr::Dot(pair, next, _) if !ends => {
                links.push(link(&pair.lhs, indexed));
                (rest, indexed, options) = (&pair.rhs, false, *next);
            }
            Expr::Index(pair, next, _) if !ends => {
                links.push(link(&pair.lhs, indexed));
                (rest, indexed, options) = (&pair.rhs, true, *next);
            }
            last => {
                links.push(link(last, indexed));
                return links;
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_alphabetic())
}
