//! From the text of an expression to tokens.
//!
//! In: text. Out: [`Token`]s with byte ranges of that text; the first thing that is no token
//! becomes [`Kind::Bad`] with its finding and ends the list.
//! Never: knowing what may follow what.

mod foreign;
mod number;
mod symbols;
mod text;

pub use foreign::digit;

use rust_decimal::Decimal;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::MappedText;

/// A token and the bytes of the text that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Number(Decimal),
    Text(String),
    /// A name or keyword: the text of the range.
    Name,
    Symbol(&'static str),
    /// What was wrong with the text from here on.
    Bad(Box<Diagnostic>),
    /// After the last token.
    End,
}

impl Token {
    pub fn is(&self, symbol: &str) -> bool {
        matches!(self.kind, Kind::Symbol(own) if own == symbol)
    }
}

/// The tokens of an expression; the last is [`Kind::End`] or [`Kind::Bad`].
pub fn tokens(text: &MappedText) -> Vec<Token> {
    let mut lexer = Lexer { text, source: &text.text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next();
        let last = matches!(token.kind, Kind::End | Kind::Bad(_));
        tokens.push(token);
        if last {
            return tokens;
        }
    }
}

type Scanned = Result<Kind, Box<Diagnostic>>;

struct Lexer<'a> {
    text: &'a MappedText,
    source: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self) -> Token {
        let blank = self.skip_blanks_and_comments();
        let start = self.at;
        let scanned = blank.and_then(|()| self.scan());
        let kind = scanned.unwrap_or_else(Kind::Bad);
        Token { kind, start, end: self.at }
    }

    fn scan(&mut self) -> Scanned {
        let Some(first) = self.peek() else {
            return Ok(Kind::End);
        };
        match first {
            '0'..='9' => self.number(),
            '"' => self.quoted_text(),
            'a'..='z' | 'A'..='Z' | '_' => self.name(),
            _ if first.is_ascii() => self.symbol(),
            _ => self.foreign(first),
        }
    }

    fn name(&mut self) -> Scanned {
        let start = self.at;
        self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.peek().is_some_and(foreign::is_letter) {
            return self.foreign_name(start);
        }
        Ok(Kind::Name)
    }

    fn skip_blanks_and_comments(&mut self) -> Result<(), Box<Diagnostic>> {
        loop {
            self.take_while(|c| c.is_whitespace());
            if self.rest().starts_with("//") {
                self.take_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                self.block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// Block comments nest, as in Rhai.
    fn block_comment(&mut self) -> Result<(), Box<Diagnostic>> {
        let start = self.at;
        let mut depth = 0usize;
        loop {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Ok(());
                }
            } else if self.bump().is_none() {
                return Err(self
                    .at_end("a comment is not closed")
                    .help("close it with `*/`")
                    .related(self.text.span(start, start + 2), "the comment begins here")
                    .into());
            }
        }
    }

    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    }

    fn finding(
        &self,
        code: Code,
        start: usize,
        end: usize,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, self.text.span(start, end), message)
    }

    /// An unexpected end: at the last character that is not blank.
    fn at_end(&self, message: &str) -> Diagnostic {
        let (start, end) = last_character(self.source);
        self.finding(Code::ExpressionSyntax, start, end, message)
    }
}

/// The range of the last character that is not blank.
pub fn last_character(text: &str) -> (usize, usize) {
    let trimmed = text.trim_end();
    let start = trimmed.char_indices().next_back().map_or(0, |(start, _)| start);
    (start, trimmed.len())
}
