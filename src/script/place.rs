//! From Rhai's positions to places in a file.

use rhai::Position;

use super::tokens::{Token, tokens};
use crate::source::{FileId, SourceFile, Span};

/// One script file, its tokens, and where its lines begin.
#[derive(Debug)]
pub(super) struct Script<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    line_starts: Vec<usize>,
}

impl<'a> Script<'a> {
    pub(super) fn new(file: FileId, source: &'a SourceFile) -> Self {
        let text = source.text.as_str();
        let line_starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, text, tokens: tokens(text), line_starts }
    }

    /// The byte that a position means; `None` for the end of the file.
    pub(super) fn offset(&self, position: Position) -> Option<usize> {
        let start = *self.line_starts.get(position.line()?.checked_sub(1)?)?;
        let column = position.position().unwrap_or(1).saturating_sub(1);
        let line = &self.text[start..];
        let (into, _) = line.char_indices().nth(column)?;
        Some(start + into)
    }

    /// The token at a position, or the last character of the code where there is none.
    pub(super) fn span(&self, position: Position) -> Span {
        match self.offset(position).and_then(|offset| self.token_at(offset)) {
            Some(token) => self.token_span(token),
            None => self.end(),
        }
    }

    pub(super) fn token_span(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    /// The first token that ends after an offset.
    pub(super) fn token_at(&self, offset: usize) -> Option<Token> {
        let index = self.tokens.partition_point(|token| token.end <= offset);
        self.tokens.get(index).copied()
    }

    /// The last token that begins before an offset.
    pub(super) fn token_before(&self, offset: usize) -> Option<Token> {
        let index = self.tokens.partition_point(|token| token.start < offset);
        index.checked_sub(1).map(|index| self.tokens[index])
    }

    /// The last character that is not blank.
    pub(super) fn end(&self) -> Span {
        let end = self.text.trim_end().len();
        let start = self.text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        Span::new(self.file, start, end)
    }
}
