//! From script files to code: everything that can be wrong is found here.

use std::collections::HashMap;

use rhai::{AST, ASTFlags, Engine, Scope, Shared, Stmt};

use super::analysis::{Facts, Names, Walk, statements};
use super::edits::{Edit, Edited};
use super::outline::{self, Definition};
use super::place::Script;
use super::{Function, Module, Scripts, adapt, engine, limits, syntax, tokens};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};

/// The code of a module as it runs, with the way back to its text.
#[derive(Debug, Clone)]
pub(super) struct ModuleCode {
    pub(super) ast: AST,
    /// What other modules call, made once: there is a runner for every pass.
    pub(super) functions: Shared<rhai::Module>,
    pub(super) edited: Edited,
    /// What makes the edited text of the original.
    edits: Vec<Edit>,
}

/// A script on its way.
struct Draft<'a> {
    name: &'a str,
    script: Script<'a>,
    definitions: Vec<Definition>,
    constants: HashMap<String, String>,
    /// Without syntax errors.
    ast: Option<AST>,
}

/// Compiles the script modules of a pack, each with its name and file. A module with faults has
/// no code; its functions are known all the same.
pub fn compile(
    modules: &[(String, FileId)],
    sources: &Sources,
    findings: &mut Diagnostics,
) -> Scripts {
    let parser = engine::parser();
    let drafts: Vec<Draft<'_>> =
        modules.iter().map(|(name, file)| draft(&parser, name, *file, sources, findings)).collect();
    let names: Vec<String> = modules.iter().map(|(name, _)| name.clone()).collect();
    let known: Vec<_> = drafts
        .iter()
        .flat_map(|draft| draft.definitions.iter().map(|definition| (draft.name, definition)))
        .map(|(module, d)| (module.to_string(), d.name.clone(), d.parameters.len(), d.private))
        .collect();

    let mut scripts = Scripts::default();
    let mut passes = Vec::new();
    for draft in &drafts {
        let names = Names {
            functions: &known,
            modules: &names,
            module: draft.name,
            constants: &draft.constants,
        };
        let mut found = Diagnostics::default();
        let facts = examine(draft, &names, &mut found);
        let mut edits = adapt::edits(draft.script.text, &draft.script.tokens);
        for (definition, facts) in draft.definitions.iter().zip(facts) {
            edits.extend(facts.edits);
            passes.push(facts.passes);
            scripts.functions.push(Function {
                module: draft.name.into(),
                name: definition.name.clone(),
                parameters: definition.parameters.clone(),
                private: definition.private,
                span: definition.span,
                body: Span::new(draft.script.file, definition.range.start, definition.range.end),
                properties: facts.reads,
                calls: facts.calls,
            });
        }
        let faulty = found.has_errors() || draft.ast.is_none();
        findings.extend(found);
        scripts.modules.push(Module {
            name: draft.name.into(),
            file: draft.script.file,
            normalized: tokens::normalized(draft.script.text),
        });
        scripts.code.push(if faulty { ModuleCode::empty() } else { code(draft, edits) });
    }
    pass_on(&mut scripts.functions, &passes);
    scripts
}

impl ModuleCode {
    fn empty() -> Self {
        Self {
            ast: AST::empty(),
            functions: Shared::default(),
            edited: Edited::default(),
            edits: Vec::new(),
        }
    }

    /// `None` where the edits nest it deeper than scripts may.
    fn new(name: &str, source: &str, edits: Vec<Edit>, depth: usize) -> Option<Self> {
        let edited = Edited::new(source, edits.clone());
        let mut reader = engine::parser();
        reader.set_max_expr_depths(depth, depth);
        let mut ast = reader.compile(&edited.text).ok()?.clone_functions_only();
        ast.set_source(name);
        // Code without statements gives a module without running anything.
        let functions = rhai::Module::eval_ast_as_new(Scope::new(), &ast, &reader);
        let mut functions = functions.unwrap_or_default();
        // Otherwise every engine makes a copy to do so.
        functions.build_index();
        Some(Self { ast, functions: functions.into(), edited, edits })
    }

    /// The text as the author wrote it.
    pub(super) fn source(&self) -> &str {
        self.edited.original()
    }

    /// The same module with more edits, which may put a block around each of its blocks; `None`
    /// where it is nested too deeply for that.
    pub(super) fn with(&self, name: &str, mut edits: Vec<Edit>) -> Option<Self> {
        edits.extend(self.edits.iter().cloned());
        Self::new(name, self.source(), edits, 3 * limits::EXPRESSION_DEPTH)
    }
}

fn draft<'a>(
    parser: &Engine,
    name: &'a str,
    file: FileId,
    sources: &'a Sources,
    findings: &mut Diagnostics,
) -> Draft<'a> {
    let script = Script::new(file, sources.file(file));
    let ast = match parser.compile(script.text) {
        Ok(ast) => Some(ast),
        Err(error) => {
            findings.push(syntax::finding(&script, &error));
            None
        }
    };
    let definitions = outline::functions(&script, findings);
    let constants = outline::constants(&script, &definitions);
    Draft { name, script, definitions, constants, ast }
}

/// Walks the functions and constants of a script. The facts are in the functions' order.
fn examine(draft: &Draft<'_>, names: &Names<'_>, findings: &mut Diagnostics) -> Vec<Facts> {
    let mut facts: Vec<Facts> = draft.definitions.iter().map(|_| Facts::default()).collect();
    let Some(ast) = &draft.ast else { return facts };
    for statement in ast.statements() {
        outside(statement, draft, names, findings);
    }
    for metadata in ast.iter_functions() {
        let (name, count) = (metadata.name.to_string(), metadata.params.len());
        let mut alone = ast.clone_functions_only();
        alone.retain_functions(|_, _, n, c| n == name && c == count);
        let body = statements(&alone);
        let anonymous = name.starts_with("anon$");
        // Constants that an anonymous function uses come as parameters; they are none.
        let captured = |p: &str| anonymous && (p == "as_of" || draft.constants.contains_key(p));
        let parameters: Vec<String> =
            metadata.params.iter().filter(|p| !captured(p)).map(ToString::to_string).collect();
        let owner = if anonymous {
            let place = body.first().map(Stmt::position);
            let place = place.and_then(|place| draft.script.offset(place));
            draft.definitions.iter().position(|d| place.is_some_and(|at| d.range.contains(&at)))
        } else {
            draft.definitions.iter().position(|d| d.name == name && d.parameters.len() == count)
        };
        let mut found = Walk::new(&draft.script, names, findings).function(&parameters, &body);
        let Some(owner) = owner else { continue };
        let all = &mut facts[owner];
        all.calls.append(&mut found.calls);
        all.edits.append(&mut found.edits);
        if !anonymous {
            all.reads.append(&mut found.reads);
            all.passes.append(&mut found.passes);
        }
    }
    for facts in &mut facts {
        facts.calls.sort_unstable();
        facts.calls.dedup();
        facts.reads.sort_by_key(|(parameter, _, span)| (*span, *parameter));
    }
    facts
}

/// Outside of functions only constants may stand.
fn outside(statement: &Stmt, draft: &Draft<'_>, names: &Names<'_>, findings: &mut Diagnostics) {
    let message = match statement {
        Stmt::Noop(_) => return,
        Stmt::Var(_, flags, _) if flags.contains(ASTFlags::EXPORTED) => {
            "a script exports nothing; its functions are public"
        }
        Stmt::Var(_, flags, _) if flags.contains(ASTFlags::CONSTANT) => {
            // Its edits are made where it is used.
            Walk::new(&draft.script, names, findings)
                .function(&[], std::slice::from_ref(statement));
            return;
        }
        Stmt::Var(..) => "only functions and `const` stand outside of functions",
        Stmt::Import(..) | Stmt::Export(..) | Stmt::FnCall(..) | Stmt::Expr(_) => {
            let before = findings.iter().count();
            Walk::new(&draft.script, names, findings)
                .function(&[], std::slice::from_ref(statement));
            if findings.iter().count() > before {
                return;
            }
            "only functions and `const` stand outside of functions"
        }
        _ => "only functions and `const` stand outside of functions",
    };
    let mut span = draft.script.span(statement.position());
    if let Some(before) = draft.script.token_before(span.start as usize)
        && before.text(draft.script.text) == "export"
    {
        span = draft.script.token_span(before);
    }
    findings.push(Diagnostic::new(Code::ScriptForbidden, span, message));
}

/// The code as it runs.
fn code(draft: &Draft<'_>, edits: Vec<Edit>) -> ModuleCode {
    // The edits put calls around conditions. Deeper than any condition nests: the function is not
    // found when it is called.
    let depth = 2 * limits::EXPRESSION_DEPTH;
    ModuleCode::new(draft.name, draft.script.text, edits, depth).unwrap_or_else(ModuleCode::empty)
}

/// What a function reads of a parameter, so does who passes a parameter on to it.
fn pass_on(functions: &mut [Function], passes: &[Vec<(usize, usize, usize)>]) {
    loop {
        let mut news = Vec::new();
        for (caller, passes) in passes.iter().enumerate() {
            for &(parameter, callee, argument) in passes {
                for (read, name, span) in &functions[callee].properties {
                    let read_here = (parameter, name.clone(), *span);
                    if *read == argument && !functions[caller].properties.contains(&read_here) {
                        news.push((caller, read_here));
                    }
                }
            }
        }
        if news.is_empty() {
            return;
        }
        for (caller, read) in news {
            if !functions[caller].properties.contains(&read) {
                functions[caller].properties.push(read);
            }
        }
    }
}
