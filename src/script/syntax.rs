//! Syntax errors of scripts in friendly words, with the token that they are about.

use rhai::{LexError, ParseError, ParseErrorType};

use super::place::Script;
use crate::diagnostic::{Code, Diagnostic};

/// Symbols that are no operators, and what to write instead.
const SYMBOLS: &[(char, &str)] =
    &[('≥', ">="), ('≤', "<="), ('≠', "!="), ('×', "*"), ('÷', "/"), ('−', "-"), ('–', "-")];

const QUOTES: &[char] = &['“', '”', '„', '‟', '«', '»', '‘', '’'];

/// Words that are no operators, and what to write instead.
const WORDS: &[(&str, &str)] = &[("and", "&&"), ("or", "||"), ("not", "!")];

/// The finding for a syntax error.
pub(super) fn finding(script: &Script<'_>, error: &ParseError) -> Diagnostic {
    let span = script.span(error.position());
    let at_end = script.offset(error.position()).is_none();
    let text = &script.text[span.start as usize..span.end as usize];
    let new = |code, message: String| Diagnostic::new(code, span, message);
    if !at_end {
        let first = text.chars().next().unwrap_or(' ');
        if let Some((symbol, operator)) = SYMBOLS.iter().find(|(symbol, _)| *symbol == first) {
            return new(Code::UnicodeOperator, format!("`{symbol}` is no operator"))
                .help(format!("write `{operator}`"));
        }
        if QUOTES.contains(&first) {
            return new(Code::TypographicQuotes, "typographic quotation marks".into())
                .help("write `\"` around text");
        }
        if first.is_numeric() && !first.is_ascii() {
            return new(Code::ForeignDigits, format!("`{text}` is no number here"))
                .help("write the digits 0 to 9");
        }
        if let Some((word, operator)) = WORDS.iter().find(|(word, _)| *word == text) {
            return new(Code::WordOperator, format!("`{word}` is no operator"))
                .help(format!("write `{operator}`"));
        }
        if text == "=" {
            return new(Code::SingleEquals, "`=` gives a variable a value".into())
                .help("write `==` to compare");
        }
        if text.starts_with('\'') {
            return new(Code::SingleQuotes, "text stands in double quotation marks".into())
                .help(format!("write `\"{}\"`", text.trim_matches('\'')));
        }
    }
    let finding = new(Code::ScriptSyntax, words(error.err_type(), text, at_end));
    finding.help(help(error.err_type(), at_end))
}

/// What to look for; the parser stops at the first thing that does not fit.
fn help(error: &ParseErrorType, at_end: bool) -> String {
    use ParseErrorType as E;
    match error {
        _ if at_end => "close every `{` with `}` and every `(` with `)`".into(),
        E::UnexpectedEOF => "close every `{` with `}` and every `(` with `)`".into(),
        E::BadInput(LexError::UnterminatedString) => "close it with `\"`".into(),
        E::BadInput(LexError::MalformedNumber(_)) => "write digits and at most one point".into(),
        E::MissingToken(expected, _) => format!("write `{expected}` there"),
        E::FnDuplicatedDefinition(..) | E::FnDuplicatedParam(..) => {
            "give one of them another name".into()
        }
        E::Reserved(word) => format!("choose another name, as in `my_{word}`"),
        E::ExprTooDeep | E::TooManyFunctions | E::LiteralTooLarge(..) => "make it smaller".into(),
        E::WrongFnDefinition => "write it outside of the other function".into(),
        _ => "a statement ends with `;`, and a block stands in `{ }`: look just before this".into(),
    }
}

fn words(error: &ParseErrorType, token: &str, at_end: bool) -> String {
    use ParseErrorType as E;
    match error {
        _ if at_end => "the script ends too early; something is not closed".into(),
        E::UnexpectedEOF => "the script ends too early; something is not closed".into(),
        E::BadInput(LexError::UnterminatedString) => "a text without its closing quote".into(),
        E::BadInput(LexError::MalformedNumber(_)) => format!("`{token}` is no number"),
        E::BadInput(_) => format!("`{token}` cannot stand here"),
        E::MissingToken(expected, _) => format!("`{expected}` is missing before `{token}`"),
        E::FnDuplicatedDefinition(name, count) => {
            format!("`{name}` with {count} parameters is defined twice")
        }
        E::FnDuplicatedParam(name, parameter) => {
            format!("`{name}` has the parameter `{parameter}` twice")
        }
        E::WrongFnDefinition => "a function cannot be defined within another".into(),
        E::Reserved(word) => format!("`{word}` is a reserved word"),
        E::ExprTooDeep => "this is nested too deeply".into(),
        E::TooManyFunctions => "the script has too many functions".into(),
        E::LiteralTooLarge(..) => "this value is too large".into(),
        E::AssignmentToConstant(name) => format!("`{name}` is a constant"),
        E::AssignmentToInvalidLHS(_) => "nothing can be assigned to this".into(),
        E::LoopBreak => format!("`{token}` stands outside of a loop"),
        _ => format!("`{token}` cannot stand here"),
    }
}
