/// Start and end of the tag that stands before the value at `start`, if there is one.
/// `same_line`: look no further back than the line of `start` (keys).
pub(super) fn before(text: &str, start: usize, same_line: bool) -> Option<(usize, usize)> {
    let mut end = start;
    loop {
        let before = &text[..end];
        let blanks: &[char] = if same_line { &[' ', '\t'] } else { &[' ', '\t', '\r', '\n'] };
        end = before.trim_end_matches(blanks).len();
        let word_start = text[..end]
            .rfind(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | '{'))
            .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
        let word = &text[word_start..end];
        if word.starts_with('&') {
            end = word_start;
            continue;
        }
        return (word.starts_with('!') && !in_comment(text, word_start))
            .then_some((word_start, end));
    }
}

fn in_comment(text: &str, at: usize) -> bool {
    let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line_start..at];
    before.starts_with('#') || before.contains(" #")
}

/// The text in the quotes that YAML needs for it.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}
