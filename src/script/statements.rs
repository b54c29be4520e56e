//! Where the statements of a script begin, seen from its tokens.

use super::tokens::{Token, tokens};

/// A statement, or the arm of a `switch` that is no block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement {
    /// The byte at which it begins.
    pub(super) start: usize,
    /// From 1.
    pub(super) line: usize,
    /// Of an arm without a block.
    pub(super) arm: Option<Arm>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arm {
    /// The byte after it.
    pub(super) end: usize,
    /// Whether it is nothing but an expression; otherwise it may stand in a block.
    pub(super) is_expression: bool,
}

/// The statements within the functions of a script without syntax errors, in the order in which
/// they are written. A block is none, only what stands in it; neither is the `if` of an `else if`.
pub(super) fn statements(source: &str) -> Vec<Statement> {
    let tokens = tokens(source);
    let mut reader = Reader { source, tokens: &tokens, at: 0, found: Vec::new() };
    while reader.at < tokens.len() {
        if reader.text() == "fn" {
            while !matches!(reader.text(), "{" | "") {
                reader.at += 1;
            }
            reader.block();
        } else {
            reader.at += 1;
        }
    }
    reader.found.sort_by_key(|statement| statement.start);
    reader.found
}

struct Reader<'a> {
    source: &'a str,
    tokens: &'a [Token],
    at: usize,
    found: Vec<Statement>,
}

impl<'a> Reader<'a> {
    /// The text of the next token; empty at the end.
    fn text(&self) -> &'a str {
        self.tokens.get(self.at).map_or("", |token| token.text(self.source))
    }

    fn note(&mut self, first: usize, arm: Option<Arm>) {
        let Some(token) = self.tokens.get(first) else { return };
        let line = self.source[..token.start].matches('\n').count() + 1;
        self.found.push(Statement { start: token.start, line, arm });
    }

    /// The arm that began with a token and ends before the next.
    fn arm_from(&self, first: usize) -> Option<Arm> {
        let tokens = self.tokens.get(first..self.at)?;
        let mut depth = 0_usize;
        let mut assigns = false;
        for token in tokens {
            match token.text(self.source) {
                "(" | "[" | "?[" | "#{" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                text => assigns |= depth == 0 && is_assignment(text),
            }
        }
        let is_statement = assigns || tokens.first().is_some_and(|it| begins(it.text(self.source)));
        Some(Arm { end: tokens.last()?.end, is_expression: !is_statement })
    }

    /// A block, from `{` on.
    fn block(&mut self) {
        if self.text() != "{" {
            return;
        }
        self.at += 1;
        loop {
            match self.text() {
                "" => return,
                "}" => {
                    self.at += 1;
                    return;
                }
                ";" => self.at += 1,
                "{" => self.block(),
                _ => {
                    self.note(self.at, None);
                    self.statement();
                }
            }
        }
    }

    /// A statement up to what separates it from the next.
    fn statement(&mut self) {
        let before = self.at;
        if !self.construct() {
            self.expression(false);
        }
        // A closing bracket of nothing: no script without syntax errors has one.
        self.at = self.at.max(before + 1);
    }

    /// What has blocks of its own; `false` where the next token begins nothing of the kind.
    fn construct(&mut self) -> bool {
        match self.text() {
            "if" => self.choice(),
            "switch" => self.switch(),
            "while" | "for" => {
                self.at += 1;
                self.expression(true);
                self.block();
            }
            "loop" => {
                self.at += 1;
                self.block();
            }
            "do" => {
                self.at += 1;
                self.block();
                // `while` or `until`.
                self.at += 1;
                self.expression(false);
            }
            "try" => {
                self.at += 1;
                self.block();
                while !matches!(self.text(), "{" | "") {
                    self.at += 1;
                }
                self.block();
            }
            _ => return false,
        }
        true
    }

    fn choice(&mut self) {
        while self.text() == "if" {
            self.at += 1;
            self.expression(true);
            self.block();
            if self.text() != "else" {
                return;
            }
            self.at += 1;
        }
        self.block();
    }

    fn switch(&mut self) {
        self.at += 1;
        self.expression(true);
        self.at += 1;
        loop {
            match self.text() {
                "" => return,
                "}" => {
                    self.at += 1;
                    return;
                }
                "," => self.at += 1,
                "=>" => {
                    self.at += 1;
                    if self.text() == "{" {
                        self.block();
                    } else {
                        let first = self.at;
                        self.statement();
                        self.note(first, self.arm_from(first));
                    }
                }
                // What it is compared with.
                _ => self.bracketed(),
            }
        }
    }

    /// An expression up to a separator, a closing bracket, or the block after it (`head`).
    fn expression(&mut self, head: bool) {
        loop {
            match self.text() {
                "" | ";" | "," | "}" | ")" | "]" | "=>" => return,
                "{" if head => return,
                "{" => self.block(),
                _ => {
                    if !self.construct() {
                        self.bracketed();
                    }
                }
            }
        }
    }

    /// A token, or all from an opening bracket to its partner.
    fn bracketed(&mut self) {
        let opens = matches!(self.text(), "(" | "[" | "?[" | "#{");
        self.at += 1;
        if !opens {
            return;
        }
        loop {
            match self.text() {
                "" => return,
                ")" | "]" | "}" => {
                    self.at += 1;
                    return;
                }
                "," | ";" | "=>" => self.at += 1,
                _ => self.expression(false),
            }
        }
    }
}

fn is_assignment(text: &str) -> bool {
    let compares = matches!(text, "==" | "!=" | "<=" | ">=");
    text.ends_with('=') && !compares
}

/// Whether a word begins a statement that is no expression, or has blocks of its own.
fn begins(word: &str) -> bool {
    matches!(
        word,
        "if" | "switch"
            | "while"
            | "for"
            | "loop"
            | "do"
            | "try"
            | "return"
            | "throw"
            | "break"
            | "continue"
            | "let"
            | "const"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of each statement and its text up to the end of its first word, or of its arm.
    fn found(source: &str) -> Vec<(usize, &str)> {
        let words = |statement: Statement| {
            let rest = &source[statement.start..];
            let end = rest.find([' ', ';', '\n']).unwrap_or(rest.len());
            let text = match statement.arm {
                Some(arm) => &source[statement.start..arm.end],
                None => &rest[..end],
            };
            (statement.line, text)
        };
        statements(source).into_iter().map(words).collect()
    }

    #[test]
    fn choices_and_loops() {
        let source = "\
const LIMIT = 3;
fn f(x) {
    let y = 0; // one
    if x > LIMIT && y == 0 {
        return 1;
    } else if x == 2 { y = 2 } else {
        y = 3;
        y += 1;
    }
    for i in [1, 2] { y += i; }
    while y > 0 { y -= 1 }
    do { y += 1; } while y < 3;
    loop { break; }
    { y = 5 }
    y
}
fn g() {}
fn h(a, b) { a + b } fn i() { 7 }";
        let expected = [
            (3, "let"),
            (4, "if"),
            (5, "return"),
            (6, "y"),
            (7, "y"),
            (8, "y"),
            (10, "for"),
            (10, "y"),
            (11, "while"),
            (11, "y"),
            (12, "do"),
            (12, "y"),
            (13, "loop"),
            (13, "break"),
            (14, "y"),
            (15, "y"),
            (18, "a"),
            (18, "7"),
        ];
        assert_eq!(found(source), expected);
    }

    #[test]
    fn arms_end_where_the_next_begins() {
        let source = "\
fn f(x) {
    let m = #{ a: 1, b: [2, 3] };
    switch x {
        1 | 2 if m.a == 1 => max(1, 2),
        3 => { m.b }
        4..6 => if x == 4 { 1 } else { 2 }
        7 => switch m { 8 => 9, _ => 10 },
        _ => m.b.map(|v| { v + 1 })
    }
}";
        let expected = [
            (2, "let"),
            (3, "switch"),
            (4, "max(1, 2)"),
            (5, "m.b"),
            (6, "if x == 4 { 1 } else { 2 }"),
            (6, "1"),
            (6, "2"),
            (7, "switch m { 8 => 9, _ => 10 }"),
            (7, "9"),
            (7, "10"),
            (8, "m.b.map(|v| { v + 1 })"),
            (8, "v"),
        ];
        assert_eq!(found(source), expected);
    }

    #[test]
    fn blocks_as_values() {
        let source = "\
fn f(x) {
    let y = if x { 1 } else { 2 };
    let z = { let a = y; a } + g(|v| v + 1, [{ 3 }]);
    try { throw \"no\"; } catch (e) { z = 4; }
    z
}";
        let expected = [
            (2, "let"),
            (2, "1"),
            (2, "2"),
            (3, "let"),
            (3, "let"),
            (3, "a"),
            (3, "3"),
            (4, "try"),
            (4, "throw"),
            (4, "z"),
            (5, "z"),
        ];
        assert_eq!(found(source), expected);
    }
}
