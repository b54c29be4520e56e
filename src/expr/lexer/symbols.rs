use super::{Kind, Lexer, Scanned};
use crate::diagnostic::Code;

/// Longest first. Besides the operators: symbols of Rhai that have no place in an expression
/// of a pack, and what people write for others; the parser says what to write instead.
const SYMBOLS: &[&str] = &[
    "===", "!==", "**=", "<<=", ">>=", "..=", "#{", "&&", "||", "==", "!=", "<=", ">=", "=>", "=<",
    "<>", "??", "?.", "::", "->", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>",
    "..", ":=", "++", "--", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ".", ":",
    ";", "=", "<", ">", "!", "&", "|", "^", "~", "?", "@", "#", "$", "\\",
];

impl Lexer<'_> {
    pub(super) fn symbol(&mut self) -> Scanned {
        if self.at_not_in() {
            self.at += "!in".len();
            return Ok(Kind::Symbol("!in"));
        }
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
            self.at += symbol.len();
            return Ok(Kind::Symbol(symbol));
        }
        let start = self.at;
        match self.bump() {
            Some('\'') => Err(self.wrongly_quoted(start, "'", Code::SingleQuotes).into()),
            Some('`') => Err(self.wrongly_quoted(start, "`", Code::ExpressionSyntax).into()),
            _ => Err(self
                .finding(
                    Code::ExpressionSyntax,
                    start,
                    self.at,
                    "a character that has no meaning here",
                )
                .into()),
        }
    }

    /// `!in`, but not the beginning of `!in_tier(…)`.
    fn at_not_in(&self) -> bool {
        self.rest()
            .strip_prefix("!in")
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    }
}
