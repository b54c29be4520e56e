//! What is wrong with a whole line: its colon, its dash or its brackets.

use super::faults::Fault;
use super::open;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

impl Fault<'_> {
    fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// A line that is no `key: value`.
    pub(super) fn missing_colon(&self, line: Span) -> Diagnostic {
        let written = self.slice(line);
        let finding = self.finding(line, format!("`{written}` has no `: ` after its key"));
        match with_colon(written) {
            Some(fixed) => finding.help(format!("write `{fixed}`")),
            None => finding
                .help("write it as `key: value`, or indent it if it belongs to the line above"),
        }
    }

    /// The line above the fault, where it stands at the same depth and has no `: `.
    pub(super) fn line_without_colon(&self) -> Option<Span> {
        let own_start = self.line_start(self.at);
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let own = indent(&self.text[own_start..]);
        let above = self.text[..own_start].trim_end();
        let start = self.line_start(above.len());
        let line = self.rest_of_line(start + indent(&above[start..]));
        let text = self.slice(line);
        let is_key = text.starts_with(|c: char| c.is_alphabetic());
        (is_key && indent(&above[start..]) == own && !text.contains(": ") && !text.ends_with(':'))
            .then_some(line)
    }

    /// A fault that comes from a `{` or `[` before it.
    pub(super) fn in_brackets(&self) -> Option<Diagnostic> {
        let is_structural = [
            "did not find expected",
            "mapping values",
            "illegal placement",
            "while parsing a flow",
        ]
        .iter()
        .any(|words| self.says(words));
        if !is_structural {
            return None;
        }
        let Some(opened) = open::innermost(self.text, self.at) else {
            return self.text_after_bracket();
        };
        if self.text[opened..self.at].contains('\n') {
            return Some(self.unclosed_bracket(opened));
        }
        let item_start = opened
            + self.text[opened..self.at].rfind(['{', '[', ',']).map_or(0, |before| before + 1);
        let item_start = self.text[item_start..self.at]
            .find(": ")
            .map_or(item_start, |colon| item_start + colon + 2);
        let item = item_end(&self.text[item_start..]);
        let lead = item.len() - item.trim_start().len();
        let item = item.trim();
        let start = item_start + lead;
        let message = "inside `{ }` and `[ ]` an expression with brackets or a colon needs quotes";
        Some(self.finding(self.here(), message).help(format!(
            "{}, or write it in block form",
            self.quote(self.span(start, start + item.len())).replacen(
                "quote the text",
                "quote it",
                1
            )
        )))
    }

    /// `message: {customer} is quiet`: text that begins with a bracket.
    fn text_after_bracket(&self) -> Option<Diagnostic> {
        let value = self.value_start()?;
        let is_after = self.text[value..self.at].starts_with(['{', '['])
            && self.text[value..self.at].trim_end().ends_with(['}', ']']);
        is_after.then(|| {
            self.finding(self.here(), "text after a closing bracket")
                .help(self.quote(self.rest_of_line(value)))
        })
    }

    pub(super) fn unclosed_bracket(&self, opened: usize) -> Diagnostic {
        let bracket = &self.text[opened..opened + 1];
        let partner = if bracket == "{" { "}" } else { "]" };
        self.finding(self.unexpected_end(opened), format!("`{bracket}` is never closed"))
            .help(format!("close it with `{partner}`"))
            .related(self.span(opened, opened + 1), "opened here")
    }

    /// `* x` or `+ x` where a list has `- x`.
    pub(super) fn wrong_bullet(&self) -> Option<Diagnostic> {
        let line = self.rest_of_line(self.at);
        let start = self.line_start(self.at);
        let item = self.slice(line).strip_prefix(['*', '+'])?.trim_start();
        let is_first = self.text[start..self.at].trim().is_empty();
        is_first.then(|| {
            self.finding(self.here(), "an item of a list begins with a dash and a blank")
                .help(format!("write `- {item}`"))
        })
    }

    /// `>= 1000` as a condition, where the left side is missing.
    pub(super) fn half_comparison(&self) -> Option<String> {
        let before = self.text[self.line_start(self.at)..self.at].trim_start_matches([' ', '-']);
        if !["", "enter: ", "keep: ", "when: ", "where: "].contains(&before) {
            return None;
        }
        let whole = self.rest_of_line(self.at);
        let written = self.slice(whole);
        let rest = written.strip_prefix('>')?.trim_start_matches('=').trim_start();
        let is_value = rest.starts_with(|c: char| c.is_alphanumeric());
        is_value.then(|| format!("write what is compared too, as in `spend {written}`"))
    }

    /// What to do about `key: word: value`.
    pub(super) fn quote_or_nest(&self, value: Span) -> String {
        let written = self.slice(value);
        let inner = written.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
        let pair = inner.unwrap_or(written).trim();
        let key = pair.split(": ").next().unwrap_or("");
        let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if is_key && pair.matches(": ").count() == 1 {
            format!("write `{{ {pair} }}`, or {}", self.quote(value))
        } else {
            self.quote(value)
        }
    }
}

/// `key:value`, `key = value`, `key; value` or `key value` as it is meant.
fn with_colon(written: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let key_end = written.find(|c: char| !is_part(c)).unwrap_or(written.len());
    let (key, rest) = written.split_at(key_end);
    if key.is_empty() {
        return None;
    }
    let value = rest.trim_start().trim_start_matches([':', '=', ';']).trim_start();
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return Some(format!("{key}: {inner}"));
    }
    let separated = rest.starts_with([' ', ':', '=', ';']);
    match value {
        "" => Some(format!("{key}:")),
        _ if separated && value.starts_with(|c: char| c.is_alphanumeric() || c == '"') => {
            Some(format!("{key}: {value}"))
        }
        _ => None,
    }
}

/// The item at the start of a text, up to the comma or bracket that ends it.
fn item_end(text: &str) -> &str {
    let mut depth = 0usize;
    let mut in_text = false;
    for (offset, c) in text.char_indices() {
        match c {
            '"' => in_text = !in_text,
            '\n' | '\r' => return &text[..offset],
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ')' | ']' | '}' => return &text[..offset],
            ',' if depth == 0 => return &text[..offset],
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_get_their_colon() {
        for (written, fixed) in [
            ("within 12 months", "within: 12 months"),
            ("within:12 months", "within: 12 months"),
            ("enter = spend >= 5", "enter: spend >= 5"),
            ("enter; spend >= 5", "enter: spend >= 5"),
            ("member", "member:"),
        ] {
            assert_eq!(with_colon(written).as_deref(), Some(fixed), "{written}");
        }
        assert_eq!(with_colon("spend >= 5"), None);
        assert_eq!(with_colon("üye"), None);
    }

    #[test]
    fn items_end_at_their_comma_or_bracket() {
        assert_eq!(item_end("a in [\"x, y\", 1], b }"), "a in [\"x, y\", 1]");
        assert_eq!(item_end("a in [1] }"), "a in [1] ");
    }
}
