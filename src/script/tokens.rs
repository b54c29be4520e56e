//! The words and symbols of a script file, each with its end: Rhai's positions have none.

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// `"…"`, `` `…` ``, `'…'`.
    Text,
    Symbol,
}

/// A token and its range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    pub(super) fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.start..self.end]
    }
}

/// Symbols of more than one character, longer ones first.
const SYMBOLS: &[&str] = &[
    "<<=", ">>=", "**=", "..=", "==", "!=", "<=", ">=", "&&", "||", "::", "=>", "+=", "-=", "*=",
    "/=", "%=", "**", "..", "??", "?.", "?[", "<<", ">>", "|=", "&=", "^=", "#{", "()",
];

/// The tokens of a script without comments and layout. Never fails: what is not understood is
/// a symbol of one character, and a text without an end goes to the end of the file.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(character) = source[at..].chars().next() {
        let rest = &source[at..];
        let start = at;
        if character.is_whitespace() {
            at += character.len_utf8();
            continue;
        }
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with("/*") {
            at += block_comment(rest);
            continue;
        }
        let (kind, length) = if let Some(length) = raw_text(rest) {
            (Kind::Text, length)
        } else if matches!(character, '"' | '`' | '\'') {
            (Kind::Text, quoted(rest, character))
        } else if is_word(character) {
            (Kind::Word, word(rest))
        } else {
            let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
            (Kind::Symbol, symbol.map_or(character.len_utf8(), |symbol| symbol.len()))
        };
        at += length;
        tokens.push(Token { kind, start, end: at });
    }
    tokens
}

/// The code without comments and layout, for the hash of a program.
pub(super) fn normalized(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    for token in tokens(source) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text(source));
    }
    text
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn word(rest: &str) -> usize {
    let end = |from: usize| {
        rest[from..].find(|c: char| !is_word(c)).map_or(rest.len(), |length| from + length)
    };
    let whole = end(0);
    let number = rest.starts_with(|c: char| c.is_ascii_digit());
    let fraction = rest[whole..]
        .strip_prefix('.')
        .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    if number && fraction { end(whole + 1) } else { whole }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// `#"…"#` with any number of `#`.
fn raw_text(rest: &str) -> Option<usize> {
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    if hashes == 0 || !rest[hashes..].starts_with('"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let body = hashes + 1;
    Some(rest[body..].find(&close).map_or(rest.len(), |at| body + at + close.len()))
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == quote {
            return at + quote.len_utf8();
        }
        if character == '\\' {
            characters.next();
        } else if character == '\n' && quote == '\'' {
            return at;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|token| token.text(source)).collect()
    }

    #[test]
    fn layout_and_comments_are_no_tokens() {
        let source = "// twice\nfn twice(x) { /* a /* b */ c */ x*2.5 }";
        assert_eq!(texts(source), ["fn", "twice", "(", "x", ")", "{", "x", "*", "2.5", "}"]);
        assert_eq!(normalized("fn f ( )  {1}"), normalized("fn f (\n) { 1 } // one"));
        assert_ne!(normalized("fn f() { 1 }"), normalized("fn f() { 2 }"));
    }

    #[test]
    fn texts_keep_what_looks_like_code() {
        assert_eq!(texts(r#"x == "a // \" b""#), ["x", "==", r#""a // \" b""#]);
        assert_eq!(texts("`a ${b}`+#\"c\"\"#"), ["`a ${b}`", "+", "#\"c\"\"#"]);
    }
}
