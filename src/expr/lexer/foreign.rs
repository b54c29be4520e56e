//! Characters outside of ASCII: what keyboards and word processors make of operators, quotes
//! and digits.

use super::{Kind, Lexer, Scanned};
use crate::diagnostic::{Code, Diagnostic};

/// The zeros of the scripts whose digits people type; the other nine follow each.
const ZEROS: &[char] = &[
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}',
    '\u{1810}', '\u{ff10}',
];

const OPERATORS: &[(char, &str)] = &[
    ('≥', ">="),
    ('⩾', ">="),
    ('≤', "<="),
    ('⩽', "<="),
    ('≠', "!="),
    ('×', "*"),
    ('∗', "*"),
    ('·', "*"),
    ('⋅', "*"),
    ('÷', "/"),
    ('∕', "/"),
    ('⁄', "/"),
    ('−', "-"),
    ('–', "-"),
    ('—', "-"),
    ('＋', "+"),
    ('－', "-"),
    ('＊', "*"),
    ('／', "/"),
    ('＝', "=="),
    ('＜', "<"),
    ('＞', ">"),
    ('（', "("),
    ('）', ")"),
    ('，', ","),
    ('،', ","),
    ('∧', "&&"),
    ('∨', "||"),
    ('¬', "!"),
    ('∈', "in"),
    ('∉', "!in"),
];

/// Opening typographic quotes and what may close them.
const QUOTES: &[(char, &str)] = &[
    ('“', "”“"),
    ('”', "”"),
    ('„', "“”"),
    ('‟', "”“"),
    ('«', "»"),
    ('»', "«»"),
    ('‹', "›"),
    ('›', "‹›"),
    ('‘', "’‘"),
    ('’', "’"),
    ('‚', "‘’"),
    ('＂', "＂"),
    ('「', "」"),
];

/// "And", "or" and "not" in the languages of the packs' readers.
const WORDS: &[(&str, &str)] = &[
    ("و", "&&"),
    ("یا", "||"),
    ("أو", "||"),
    ("และ", "&&"),
    ("หรือ", "||"),
    ("ไม่", "!"),
    ("değil", "!"),
];

/// The value of a digit of another script.
pub fn digit(c: char) -> Option<u32> {
    ZEROS.iter().find_map(|&zero| (c as u32).checked_sub(zero as u32).filter(|value| *value < 10))
}

pub(super) fn is_quote(c: char) -> bool {
    QUOTES.iter().any(|(opening, closing)| *opening == c || closing.contains(c))
}

/// A letter, mark or the like that people would put into a name.
pub(super) fn is_letter(c: char) -> bool {
    !c.is_ascii() && digit(c).is_none() && (c.is_alphanumeric() || is_mark(c))
}

/// Combining accents and the vowel signs of Thai, and the joiners of Persian.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{200c}' | '\u{200d}')
}

impl Lexer<'_> {
    pub(super) fn foreign(&mut self, first: char) -> Scanned {
        let start = self.at;
        if digit(first).is_some() {
            return self.foreign_number(start);
        }
        if is_letter(first) {
            return self.foreign_name(start);
        }
        self.bump();
        if let Some((_, closing)) = QUOTES.iter().find(|(opening, _)| *opening == first) {
            return Err(self.wrongly_quoted(start, closing, Code::TypographicQuotes).into());
        }
        Err(self.foreign_symbol(first, start).into())
    }

    fn foreign_symbol(&self, symbol: char, start: usize) -> Diagnostic {
        if let Some((_, meant)) = OPERATORS.iter().find(|(operator, _)| *operator == symbol) {
            let message = format!("`{symbol}` is not an operator");
            return self
                .finding(Code::UnicodeOperator, start, self.at, message)
                .help(format!("write `{meant}`"));
        }
        if matches!(symbol, '٪' | '％') {
            return self
                .finding(Code::PercentSign, start, self.at, "a number has no percent sign")
                .help("percents are 0 to 100: write the number alone");
        }
        if crate::expr::is_currency(symbol.encode_utf8(&mut [0; 4])) {
            let message = format!("an amount has no currency: `{symbol}`");
            return self
                .finding(Code::ExpressionSyntax, start, self.at, message)
                .help("write the number alone");
        }
        let message = format!("`{symbol}` has no meaning in an expression");
        let finding = self.finding(Code::ExpressionSyntax, start, self.at, message);
        match symbol {
            '•' | '‣' | '▪' | '●' => finding.help("an item of a list begins with `- `"),
            _ => finding.help("remove it"),
        }
    }

    /// A number with digits of other scripts in it, from `start` on.
    pub(super) fn foreign_number(&mut self, start: usize) -> Scanned {
        self.at = start;
        self.take_while(|c| c.is_ascii_digit() || digit(c).is_some() || is_separator(c));
        let written = self.source[start..self.at].trim_end_matches(is_separator);
        self.at = start + written.len();
        let number: String = written
            .chars()
            .filter_map(|c| match digit(c) {
                Some(value) => char::from_digit(value, 10),
                None if c == '\u{66b}' => Some('.'),
                None => Some(c).filter(|c| c.is_ascii_digit() || *c == '.'),
            })
            .collect();
        Err(self
            .finding(
                Code::ForeignDigits,
                start,
                self.at,
                format!("`{written}` has digits of another script"),
            )
            .help(format!("write `{number}`"))
            .into())
    }

    /// A name with letters other than a to z, from `start` on.
    pub(super) fn foreign_name(&mut self, start: usize) -> Result<Kind, Box<Diagnostic>> {
        self.at = start;
        self.take_while(|c| c.is_alphanumeric() || c == '_' || is_mark(c));
        let written = &self.source[start..self.at];
        if let Some((_, operator)) = WORDS.iter().find(|(word, _)| *word == written) {
            return Err(self
                .finding(
                    Code::WordOperator,
                    start,
                    self.at,
                    format!("`{written}` is not an operator"),
                )
                .help(format!("write `{operator}`"))
                .into());
        }
        Err(self
            .finding(Code::InvalidName, start, self.at, format!("`{written}` cannot be a name"))
            .help("names are of the letters a to z, digits and `_`; other words go into `title:`")
            .into())
    }
}

/// What stands between the digits of a number: points, and the Arabic decimal and thousands
/// separators.
fn is_separator(c: char) -> bool {
    matches!(c, '.' | ',' | '_' | '\u{66b}' | '\u{66c}')
}
