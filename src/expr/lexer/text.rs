use super::{Kind, Lexer, Scanned, foreign};
use crate::diagnostic::{Code, Diagnostic};

impl Lexer<'_> {
    /// `"text"` with Rhai's escapes; a doubled quote is one quote.
    pub(super) fn quoted_text(&mut self) -> Scanned {
        let start = self.at;
        self.bump();
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.bump() {
                None | Some('\n') => return Err(self.unclosed(start).into()),
                Some('"') if self.peek() == Some('"') => {
                    self.bump();
                    text.push('"');
                }
                Some('"') => return Ok(Kind::Text(text)),
                Some('\\') => match self.escape() {
                    Some(c) => text.push(c),
                    None => {
                        let written = &self.source[at..self.at];
                        let message = format!("`{written}` is not an escape");
                        let finding = self.finding(Code::ExpressionSyntax, at, self.at, message);
                        return Err(finding.help("write `\\\\` for a backslash").into());
                    }
                },
                Some(c) => text.push(c),
            }
        }
    }

    /// The character that an escape stands for; the backslash is read already.
    fn escape(&mut self) -> Option<char> {
        let digits = match self.bump()? {
            'n' => return Some('\n'),
            'r' => return Some('\r'),
            't' => return Some('\t'),
            c @ ('\\' | '"') => return Some(c),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let mut code = 0u32;
        for _ in 0..digits {
            let digit = self.peek()?.to_digit(16)?;
            self.bump();
            code = code.checked_mul(16)? + digit;
        }
        char::from_u32(code)
    }

    fn unclosed(&self, start: usize) -> Diagnostic {
        let inside = &self.source[start + 1..];
        if let Some((at, quote)) = inside.char_indices().find(|(_, c)| foreign::is_quote(*c)) {
            let at = start + 1 + at;
            let message = format!("`{quote}` does not end a text");
            return self
                .finding(Code::TypographicQuotes, at, at + quote.len_utf8(), message)
                .help("write `\"`");
        }
        self.at_end("a text is not closed")
            .help("close it with `\"`")
            .related(self.text.span(start, start + 1), "the text begins here")
    }

    /// Text in quotes that are not `"`; the opening quote is read already.
    pub(super) fn wrongly_quoted(&mut self, start: usize, closing: &str, code: Code) -> Diagnostic {
        let content = self.at;
        let Some(length) = self.rest().find(|c| closing.contains(c)) else {
            return self
                .finding(code, start, content, "text stands in straight double quotes")
                .help("write `\"`");
        };
        let inside = self.source[content..content + length].replace('"', "\\\"");
        self.at = content + length;
        self.bump();
        self.finding(code, start, self.at, "text stands in straight double quotes")
            .help(format!("write `\"{inside}\"`"))
    }
}
