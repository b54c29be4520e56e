use crate::source::{FileId, MappedText, MappedTextBuilder, Span};

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// Decodes the scalar at `start..end` of the file's text, every piece with its place.
/// `value` is what the YAML library made of it: where both do not agree, its text is taken
/// and maps as a whole.
pub(super) fn decode(
    text: &str,
    file: FileId,
    (start, end): (usize, usize),
    value: &str,
) -> (MappedText, Style) {
    let (decoded, style) = pieces(text, file, (start, end), value);
    if decoded.text == value {
        return (decoded, style);
    }
    let whole = decoded.whole();
    let mut builder = MappedTextBuilder::new(file);
    builder.push(value, whole.start as usize, (whole.end - whole.start) as usize);
    (builder.finish(whole), style)
}

fn pieces(
    text: &str,
    file: FileId,
    (start, end): (usize, usize),
    value: &str,
) -> (MappedText, Style) {
    let style = style(text, start, end);
    let mut decoder = Decoder { text, builder: MappedTextBuilder::new(file) };
    let whole = match style {
        Style::Plain => {
            decoder.flow(start, end, style);
            (start, end)
        }
        Style::SingleQuoted | Style::DoubleQuoted => {
            decoder.flow(start + 1, end - 1, style);
            (start, end)
        }
        Style::Literal | Style::Folded => {
            decoder.block(start, end, style, value.len() - value.trim_end_matches('\n').len());
            (start, start + text[start..end].trim_end().len())
        }
    };
    let whole = Span::new(file, whole.0, whole.1);
    (decoder.builder.finish(whole), style)
}

fn style(text: &str, start: usize, end: usize) -> Style {
    if let Some(block) = block_header(text, start) {
        return block;
    }
    let slice = &text[start..end];
    let quoted = |quote| slice.len() >= 2 && slice.starts_with(quote) && slice.ends_with(quote);
    if quoted('"') {
        Style::DoubleQuoted
    } else if quoted('\'') {
        Style::SingleQuoted
    } else {
        Style::Plain
    }
}

/// The style of the block scalar whose content begins at `start`: its line begins with blanks
/// only, and the last line before it that is not blank ends with `|` or `>`.
fn block_header(text: &str, start: usize) -> Option<Style> {
    let line_start = line_start(text, start);
    if !text[line_start..start].bytes().all(|byte| byte == b' ') {
        return None;
    }
    let mut header = text[..line_start].trim_end().lines().next_back()?;
    if let Some(comment) = header.find(" #") {
        header = header[..comment].trim_end();
    }
    let word = header.rsplit([' ', '\t']).next()?;
    let style = match word.as_bytes().first()? {
        b'|' => Style::Literal,
        b'>' => Style::Folded,
        _ => return None,
    };
    let is_indicator = |byte: &u8| matches!(byte, b'+' | b'-' | b'0'..=b'9');
    (word.len() <= 3 && word.as_bytes()[1..].iter().all(is_indicator)).then_some(style)
}

struct Decoder<'a> {
    text: &'a str,
    builder: MappedTextBuilder,
}

impl Decoder<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn verbatim(&mut self, start: usize, end: usize) {
        self.builder.push(&self.text[start..end], start, end - start);
    }

    /// Plain and quoted scalars: a line break is a space, blank lines are line breaks, blanks
    /// around them vanish.
    fn flow(&mut self, start: usize, end: usize, style: Style) {
        let mut at = start;
        let mut run = start;
        while at < end {
            match (self.text.as_bytes()[at], style) {
                (b' ' | b'\t' | b'\r' | b'\n', _) => {
                    let (next, breaks) = self.skip_space(at, end);
                    if breaks > 0 {
                        self.verbatim(run, at);
                        let folded =
                            if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
                        self.builder.push(&folded, at, next - at);
                        run = next;
                    }
                    at = next;
                }
                (b'\'', Style::SingleQuoted) => {
                    self.verbatim(run, at);
                    self.builder.push("'", at, 2);
                    at += 2;
                    run = at;
                }
                (b'\\', Style::DoubleQuoted) => {
                    self.verbatim(run, at);
                    at = self.escape(at, end);
                    run = at;
                }
                _ => at += 1,
            }
        }
        self.verbatim(run.min(end), end);
    }

    /// The end of the blanks and line breaks at `at`, and how many line breaks they hold.
    fn skip_space(&self, mut at: usize, end: usize) -> (usize, usize) {
        let mut breaks = 0;
        while at < end {
            match self.text.as_bytes()[at] {
                b' ' | b'\t' => {}
                b'\r' if self.byte(at + 1) == Some(b'\n') => {}
                b'\n' | b'\r' => breaks += 1,
                _ => break,
            }
            at += 1;
        }
        (at, breaks)
    }

    /// An escape of double quotes; the offset after it.
    fn escape(&mut self, at: usize, end: usize) -> usize {
        let Some(letter) = self.text[at + 1..end].chars().next() else { return end };
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '\r' | '\n' => {
                let (next, breaks) = self.skip_space(at + 1, end);
                self.builder.push(&"\n".repeat(breaks - 1), at, next - at);
                return next;
            }
            _ => 0,
        };
        let next = at + 1 + letter.len_utf8() + digits;
        let hex = || self.text.get(at + 2..next).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let meant = match letter {
            '0' => Some('\0'),
            'a' => Some('\u{7}'),
            'b' => Some('\u{8}'),
            't' => Some('\t'),
            'n' => Some('\n'),
            'v' => Some('\u{b}'),
            'f' => Some('\u{c}'),
            'r' => Some('\r'),
            'e' => Some('\u{1b}'),
            'N' => Some('\u{85}'),
            '_' => Some('\u{a0}'),
            'L' => Some('\u{2028}'),
            'P' => Some('\u{2029}'),
            'x' | 'u' | 'U' => hex().and_then(char::from_u32),
            other => Some(other),
        };
        if let Some(meant) = meant {
            self.builder.push(meant.encode_utf8(&mut [0; 4]), at, next - at);
        }
        next.min(end)
    }

    /// Literal and folded blocks: the indentation is not part of the text. `last_breaks` line
    /// breaks end it (that is what `-` and `+` decide).
    fn block(&mut self, start: usize, end: usize, style: Style, last_breaks: usize) {
        let line_start = line_start(self.text, start);
        let header_end = self.text[..line_start].trim_end().len();
        // Blank lines may stand before the first one with text, where `start` is.
        let body = self.text[header_end..].find('\n').map_or(start, |at| header_end + at + 1);
        let lines = self.block_lines(body, end, start - line_start);
        let start = body;
        let bytes = self.text.as_bytes();
        let is_more = |line: &(usize, usize)| matches!(bytes.get(line.0), Some(b' ' | b'\t'));
        let written = lines.iter().rposition(|(from, to)| from < to).map_or(0, |last| last + 1);
        let mut previous: Option<(usize, usize)> = None;
        let mut blank = 0;
        for line in &lines[..written] {
            if line.0 == line.1 {
                blank += 1;
                continue;
            }
            let gap_start = previous.map_or(start, |previous| previous.1);
            let folds =
                style == Style::Folded && !is_more(line) && !previous.as_ref().is_some_and(is_more);
            let gap = match (previous, folds) {
                (None, _) => "\n".repeat(blank),
                (Some(_), true) if blank == 0 => " ".to_owned(),
                (Some(_), true) => "\n".repeat(blank),
                (Some(_), false) => "\n".repeat(blank + 1),
            };
            self.builder.push(&gap, gap_start, line.0 - gap_start);
            self.verbatim(line.0, line.1);
            previous = Some(*line);
            blank = 0;
        }
        let content_end = previous.map_or(start, |previous| previous.1);
        self.builder.push(&"\n".repeat(last_breaks), content_end, end - content_end);
    }

    /// Start and end of each line's text, indentation and line break taken away.
    fn block_lines(&self, start: usize, end: usize, indent: usize) -> Vec<(usize, usize)> {
        let mut lines = Vec::new();
        let mut line = start;
        while line < end {
            let next = self.text[line..end].find('\n').map_or(end, |at| line + at + 1);
            let content = self.text[line..next].trim_end_matches(['\r', '\n']);
            let spaces = content.bytes().take_while(|byte| *byte == b' ').count();
            lines.push((line + spaces.min(indent), line + content.len()));
            line = next;
        }
        lines
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pack::yaml::raw::{self, Raw};

    const HEADERS: &[&str] =
        &["|", ">", "|-", ">-", "|+", ">+", "| # c", "|2", ">2-", "\"", "'", ""];
    const LINES: &[&str] = &[
        "a", "é b", "", "  c", " \td", "ü  ", "''", "\\\\", "\\u00e9", "\\", "# x", "  ", "x: y",
        "\\n",
    ];

    proptest! {
        /// The pieces give the text that the library reads, for whatever it reads.
        #[test]
        fn pieces_agree_with_the_library(
            header in 0..HEADERS.len(),
            lines in prop::collection::vec(0..LINES.len(), 1..7),
            windows in any::<bool>(),
            list in any::<bool>(),
        ) {
            let line_break = if windows { "\r\n" } else { "\n" };
            let header = HEADERS[header];
            let mut text = format!("é: 1{line_break}k:{}{header}", if list { "\n- " } else { " " });
            let quote = if matches!(header, "\"" | "'") { header } else { "" };
            for (index, line) in lines.iter().enumerate() {
                if index > 0 || quote.is_empty() {
                    text.push_str(line_break);
                    text.push_str("  ");
                }
                text.push_str(LINES[*line]);
            }
            text.push_str(quote);
            text.push_str(line_break);
            let Ok(root) = raw::read(&text) else { return Ok(()) };
            let Raw::Map(entries) = &root.value else { return Ok(()) };
            let mut node = &entries[1].1;
            if let Raw::Seq(items) = &node.value {
                node = &items[0];
            }
            let Raw::Text(value) = &node.value else { return Ok(()) };
            // An empty block has no place of its own.
            prop_assume!(!value.trim().is_empty());
            let span = node.defined.span();
            let start = span.byte_offset().unwrap() as usize;
            let end = start + span.byte_len().unwrap() as usize;
            let (decoded, _) = pieces(&text, FileId(0), (start, end), value);
            prop_assert_eq!(&decoded.text, value, "{:?}", text);
        }
    }
}
