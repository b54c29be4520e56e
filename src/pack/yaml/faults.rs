use serde_saphyr::Error;

use super::tag;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Bytes of a text that a finding repeats in quotes.
const LONGEST_QUOTED: usize = 200;

/// The library's error as a finding in plain words.
pub(super) fn translate(error: &Error, text: &str, file: FileId) -> Diagnostic {
    let message = error.to_string();
    let at = error.location().map_or(0, |location| {
        let characters = location.span().offset() as usize;
        text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
    });
    let fault = Fault { message: &message, text, file, at };
    fault.tag().or_else(|| fault.limit()).or_else(|| fault.known()).unwrap_or_else(|| {
        let words = message.split(" at line ").next().unwrap_or(&message);
        fault.finding(fault.here(), words.to_lowercase())
    })
}

/// A tab that indents.
pub(super) fn tab(span: Span) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, span, "a tab cannot indent YAML").help("use spaces")
}

pub(super) struct Fault<'a> {
    message: &'a str,
    pub(super) text: &'a str,
    file: FileId,
    pub(super) at: usize,
}

impl Fault<'_> {
    pub(super) fn says(&self, words: &str) -> bool {
        self.message.contains(words)
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    pub(super) fn finding(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::YamlSyntax, span, message)
    }

    /// The character where the library stopped; at an end, the last one that is not blank.
    pub(super) fn here(&self) -> Span {
        match self.text[self.at..].chars().next() {
            Some(c) if !c.is_whitespace() => self.span(self.at, self.at + c.len_utf8()),
            _ => self.last_visible(self.at),
        }
    }

    fn last_visible(&self, before: usize) -> Span {
        let visible = self.text[..before].trim_end();
        let width = visible.chars().next_back().map_or(0, char::len_utf8);
        self.span(visible.len() - width, visible.len())
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |at| at + 1)
    }

    /// From `at` to the end of its line, without a comment and blanks.
    pub(super) fn rest_of_line(&self, at: usize) -> Span {
        let rest = self.text[at..].lines().next().unwrap_or("");
        let rest = rest.find(" #").map_or(rest, |comment| &rest[..comment]).trim_end();
        self.span(at, at + rest.len())
    }

    pub(super) fn quote(&self, span: Span) -> String {
        let text = &self.text[span.start as usize..span.end as usize];
        if text.len() > LONGEST_QUOTED {
            return "quote the text".to_owned();
        }
        format!("quote the text: {}", tag::quoted(text))
    }

    /// Where the value of the key in this line begins, if it does before `at`.
    pub(super) fn value_start(&self) -> Option<usize> {
        let start = self.line_start(self.at);
        let line = &self.text[start..self.at];
        line.find(": ").map(|colon| {
            let value = &line[colon + 2..];
            start + colon + 2 + (value.len() - value.trim_start().len())
        })
    }

    fn tag(&self) -> Option<Diagnostic> {
        let (start, end) = tag::before(self.text, self.at, true)?;
        let tag = &self.text[start..end];
        let whole = self.rest_of_line(start);
        let message = format!("`{tag}` is a tag to YAML, not part of the value");
        Some(
            Diagnostic::new(Code::YamlTag, self.span(start, end), message)
                .help(self.quote(whole).replacen("quote the text", "quote it", 1)),
        )
    }

    fn limit(&self) -> Option<Diagnostic> {
        let limits = [
            "budget breached",
            "recursion limit",
            "recursive references",
            "alias replay",
            "alias expansion",
        ];
        limits.iter().any(|words| self.says(words)).then(|| {
            Diagnostic::new(
                Code::YamlLimit,
                self.here(),
                "the YAML is nested too deep, or its aliases repeat too much",
            )
            .help("write it flatter, and without aliases")
        })
    }

    fn known(&self) -> Option<Diagnostic> {
        if let Some(finding) = self.in_brackets() {
            return Some(finding);
        }
        Some(if self.says("multiple YAML documents") {
            self.finding(self.here(), "a second document begins here; a file is one document")
                .help("remove the `---` or `...` before it, or make it a file of its own")
        } else if self.says("tab") && self.tab_indent().is_some() {
            tab(self.tab_indent()?)
        } else if self.says("unclosed bracket") {
            self.unclosed_bracket(self.at)
        } else if self.says("unclosed quote") {
            self.unclosed_quote(self.unexpected_end(self.at)).related(self.here(), "opened here")
        } else if self.says("invalid indentation in multiline quoted") {
            self.unclosed_quote(self.last_visible(self.at))
        } else if self.says("mapping values are not allowed") {
            self.second_colon()
        } else if self.says("block scalar") {
            let whole = self.rest_of_line(self.at);
            let finding =
                self.finding(self.here(), "a value that begins with `>` or `|` is a block of text");
            match self.half_comparison() {
                Some(help) => finding.help(help),
                None => finding.help(self.quote(whole)),
            }
        } else if self.says("unexpected character") {
            self.bad_start()
        } else if self.says("unknown anchor") {
            let whole = self.rest_of_line(self.at);
            self.finding(self.here(), "`*` begins an alias, and nothing has that name")
                .help(self.quote(whole))
        } else if self.says("simple key expected") || self.says("could not find expected ':'") {
            let whole = self.rest_of_line(self.at);
            self.missing_colon(whole)
        } else if let Some(finding) = self.wrong_bullet() {
            finding
        } else if self.says("did not find expected") {
            self.finding(self.here(), "this line does not fit the lines above it")
                .help("indent it like the other entries of its list or map")
        } else if self.says("misplaced bracket") {
            self.finding(self.here(), "a closing bracket without its partner")
                .help("remove it, or quote the text")
        } else if self.says("trailing content") {
            let message = "text after the closing quote";
            let finding = self.finding(self.here(), message);
            match self.value_start() {
                Some(start) => finding.help(self.quote(self.rest_of_line(start))),
                None => finding.help("quote the whole text"),
            }
        } else if self.says("escape") {
            self.finding(self.here(), "an escape that YAML does not know")
                .help("use single quotes around the text, or `\\\\` for a backslash")
        } else {
            return None;
        })
    }

    /// The first tab that indents the line of the fault, or one next to it.
    fn tab_indent(&self) -> Option<Span> {
        let mut start = self.line_start(self.line_start(self.at).saturating_sub(1));
        for line in self.text[start..].split_inclusive('\n').take(3) {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line[..indent].find('\t') {
                return Some(self.span(start + tab, start + tab + 1));
            }
            start += line.len();
        }
        None
    }

    /// Where something that opened at an offset should have ended by now: before the next line
    /// that is not indented deeper than its own, or at the end of the file.
    pub(super) fn unexpected_end(&self, opened: usize) -> Span {
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let own = indent(&self.text[self.line_start(opened)..]);
        let mut end = opened;
        for (index, line) in self.text[opened..].split_inclusive('\n').enumerate() {
            if index > 0 && !line.trim().is_empty() && indent(line) <= own {
                break;
            }
            end += line.len();
        }
        self.last_visible(end)
    }

    fn unclosed_quote(&self, place: Span) -> Diagnostic {
        self.finding(place, "the quoted text does not end")
            .help("close the quote, and indent further lines deeper than the key")
    }

    fn second_colon(&self) -> Diagnostic {
        match self.value_start() {
            Some(start) => self
                .finding(self.here(), "a second `: ` in one value")
                .help(self.quote_or_nest(self.rest_of_line(start))),
            None => match self.line_without_colon() {
                Some(line) => self.missing_colon(line),
                None => self
                    .finding(
                        self.here(),
                        "the line above has a value already, so nothing can be below it",
                    )
                    .help("indent this line like the one above, or remove that value"),
            },
        }
    }

    fn bad_start(&self) -> Diagnostic {
        let here = self.here();
        match self.text[self.at..].chars().next() {
            Some('`') => self
                .finding(here, "a backtick cannot begin a value in YAML")
                .help(self.quote(self.rest_of_line(self.at))),
            Some(c) if !c.is_control() => self
                .finding(here, format!("`{c}` cannot begin a value in YAML"))
                .help(self.quote(self.rest_of_line(self.at))),
            _ => self
                .finding(here, "a control character that cannot stand in YAML")
                .help("remove it"),
        }
    }
}
