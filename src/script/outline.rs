//! What a script file defines, seen from its tokens: functions and constants.

use std::collections::HashMap;

use super::place::Script;
use super::tokens::{Kind, Token};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;

/// A function, as it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) private: bool,
    /// The name.
    pub(super) span: Span,
    /// From `fn` to the end of the body, in bytes.
    pub(super) range: std::ops::Range<usize>,
}

/// The functions of a script in their order. Works on files with syntax errors too, so that
/// calls from other files are not called unknown.
pub(super) fn functions(script: &Script<'_>, findings: &mut Diagnostics) -> Vec<Definition> {
    let text = |index: usize| script.tokens.get(index).map_or("", |t| t.text(script.text));
    let mut definitions = Vec::new();
    for (index, token) in script.tokens.iter().enumerate() {
        if text(index) != "fn" {
            continue;
        }
        let Some(name) = script.tokens.get(index + 1) else { continue };
        if text(index + 2) == "." {
            let span = script.token_span(*name);
            let message = "functions belong to no type; pass the value as an argument";
            findings.push(Diagnostic::new(Code::ScriptForbidden, span, message));
            continue;
        }
        if name.kind != Kind::Word || !matches!(text(index + 2), "(" | "()") {
            continue;
        }
        let parameters = parameters(script, index + 2);
        let end = body_end(script, index + 2);
        definitions.push(Definition {
            name: text(index + 1).into(),
            parameters,
            private: index > 0 && text(index - 1) == "private",
            span: script.token_span(*name),
            range: token.start..end,
        });
    }
    definitions
}

fn parameters(script: &Script<'_>, open: usize) -> Vec<String> {
    if script.tokens[open].text(script.text) == "()" {
        return Vec::new();
    }
    let inside = script.tokens[open + 1..].iter();
    inside
        .take_while(|token| token.text(script.text) != ")")
        .filter(|token| token.kind == Kind::Word)
        .map(|token| token.text(script.text).to_string())
        .collect()
}

/// The end of the first block after a token.
fn body_end(script: &Script<'_>, from: usize) -> usize {
    let mut depth = 0_usize;
    for token in &script.tokens[from..] {
        match token.text(script.text) {
            "{" | "#{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return token.end;
                }
            }
            _ => {}
        }
    }
    script.text.len()
}

/// The constants of a script: name and expression, those before it put in.
pub(super) fn constants(script: &Script<'_>, functions: &[Definition]) -> HashMap<String, String> {
    let outside = |token: &&Token| !functions.iter().any(|f| f.range.contains(&token.start));
    let tokens: Vec<&Token> = script.tokens.iter().filter(outside).collect();
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text(script.text));
    let mut constants: HashMap<String, String> = HashMap::new();
    for index in 0..tokens.len() {
        if text(index) != "const" || text(index + 2) != "=" {
            continue;
        }
        let mut value = String::new();
        let mut at = index + 3;
        while at < tokens.len() && text(at) != ";" {
            match constants.get(text(at)) {
                Some(earlier) => value.push_str(&format!("({earlier}) ")),
                None => value.push_str(&format!("{} ", text(at))),
            }
            at += 1;
        }
        constants.insert(text(index + 1).into(), value.trim_end().into());
    }
    constants
}
