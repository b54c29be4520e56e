//! From tokens to the syntax tree: a subset of Rhai's expressions, with Rhai's precedences.
//!
//! In: the text of one expression. Out: an [`Ast`], or one finding that says what to write
//! instead. Never: knowing what a name means.

mod operators;
mod primary;
mod typos;

#[cfg(test)]
mod tests;

use super::lexer::{self, Kind, Token};
use super::syntax::{Ast, AstKind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{MappedText, Span};

/// Bytes of an expression. A pack has lists of names; nobody writes more.
const MAX_LENGTH: usize = 16 * 1024;
/// Levels of parentheses, arguments, branches and signs.
const MAX_DEPTH: usize = 64;
/// Binary operators; a chain of them is as deep a tree as it is long.
const MAX_OPERATORS: usize = 256;

/// Parses one expression. Without a tree there is exactly one new finding.
pub fn parse(text: &MappedText, findings: &mut Diagnostics) -> Option<Ast> {
    match Parser::new(text).and_then(|mut parser| parser.whole()) {
        Ok(ast) => Some(ast),
        Err(finding) => {
            findings.push(*finding);
            None
        }
    }
}

type Parsed<T = Ast> = Result<T, Box<Diagnostic>>;

struct Parser<'a> {
    text: &'a MappedText,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    operators: usize,
    /// Within the parentheses of a call or the brackets of a list, where commas separate.
    separated: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &'a MappedText) -> Parsed<Self> {
        if text.text.trim().is_empty() {
            let message = "an expression is missing";
            return Err(Diagnostic::new(Code::ExpressionSyntax, text.whole(), message).into());
        }
        if text.text.len() > MAX_LENGTH {
            let message = format!("an expression has at most {MAX_LENGTH} bytes");
            return Err(Diagnostic::new(Code::ExpressionSyntax, text.whole(), message).into());
        }
        let tokens = lexer::tokens(text);
        Ok(Self { text, tokens, at: 0, depth: 0, operators: 0, separated: false })
    }

    fn whole(&mut self) -> Parsed {
        let ast = self.expression()?;
        match self.peek().kind {
            Kind::End => Ok(ast),
            _ => Err(self.unexpected_after_operand()),
        }
    }

    fn expression(&mut self) -> Parsed {
        self.binary(0)
    }

    /// Runs a part one level deeper.
    fn nested<T>(&mut self, part: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} levels inside each other");
            return Err(self.here(Code::ExpressionSyntax, message).into());
        }
        self.depth += 1;
        let parsed = part(self);
        self.depth -= 1;
        parsed
    }

    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    /// A token further on; behind the last, the last.
    fn peek_at(&self, ahead: usize) -> &Token {
        let index = (self.at + ahead).min(self.tokens.len() - 1);
        &self.tokens[index]
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    /// The place of the last token that was read.
    fn previous_end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |index| self.tokens[index].end)
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.peek().is(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        let token = self.peek_at(ahead);
        token.kind == Kind::Name && self.source(token) == word
    }

    fn source(&self, token: &Token) -> &'a str {
        &self.text.text[token.start..token.end]
    }

    fn span(&self, token: &Token) -> Span {
        self.text.span(token.start, token.end)
    }

    /// A node from `start` up to the last token that was read.
    fn node(&self, kind: AstKind, start: usize) -> Ast {
        Ast { kind, span: self.text.span(start, self.previous_end()) }
    }

    /// A finding at the next token; at the end, at the last character that is not blank.
    fn here(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        let token = self.peek();
        let span = match token.kind {
            Kind::End => self.end_span(),
            _ => self.span(token),
        };
        Diagnostic::new(code, span, message)
    }

    /// The last character that is neither blank nor comment.
    fn end_span(&self) -> Span {
        let (start, end) = lexer::last_character(&self.text.text[..self.previous_end()]);
        self.text.span(start, end)
    }
}
