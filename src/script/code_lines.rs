//! Code line by line, as it is held against other code and shown.

use super::tokens::tokens;
use super::{Function, Module, Scripts};
use crate::source::{SourceFile, Sources};

/// A line with code in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLine {
    /// From 1, in its file.
    pub number: usize,
    /// Without comments and layout. A text over several lines belongs to its first.
    pub tokens: Vec<String>,
    /// As it stands, without what surrounds the code.
    pub text: String,
}

impl Function {
    /// The lines from `fn` to the end of the body. `texts`: those it was compiled from.
    pub fn code_lines(&self, texts: &Sources) -> Vec<CodeLine> {
        let body = self.body.start as usize..self.body.end as usize;
        lines(texts.file(self.body.file), |at| body.contains(&at))
    }
}

impl Module {
    /// The lines outside of functions: constants. `scripts`: those it is one of.
    pub fn constant_lines(&self, scripts: &Scripts, texts: &Sources) -> Vec<CodeLine> {
        let functions = scripts.functions.iter().filter(|function| function.module == self.name);
        let bodies: Vec<_> =
            functions.map(|it| it.body.start as usize..it.body.end as usize).collect();
        lines(texts.file(self.file), |at| !bodies.iter().any(|body| body.contains(&at)))
    }
}

/// The lines of the tokens that begin at such places.
fn lines(file: &SourceFile, is_wanted: impl Fn(usize) -> bool) -> Vec<CodeLine> {
    let mut lines: Vec<(CodeLine, std::ops::Range<usize>)> = Vec::new();
    for token in tokens(&file.text).into_iter().filter(|token| is_wanted(token.start)) {
        let (number, _) = file.line_column(token.start);
        let text = token.text(&file.text).to_owned();
        match lines.last_mut() {
            Some((line, range)) if line.number == number => {
                line.tokens.push(text);
                range.end = token.end;
            }
            _ => {
                let line = CodeLine { number, tokens: vec![text], text: String::new() };
                lines.push((line, token.start..token.end));
            }
        }
    }
    let finished = lines.into_iter().map(|(mut line, range)| {
        line.text = file.text[range].to_owned();
        line
    });
    finished.collect()
}
