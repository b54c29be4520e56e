//! Where a `{` or `[` that begins a value is still open: what a comma, a colon or a bracket
//! means there is not what it means in a line of its own.

/// How many lines above a fault its opening bracket is looked for.
const MOST_LINES: usize = 40;

/// The offset of the innermost bracket that is open at `at`, if a value before it began with one.
pub(super) fn innermost(text: &str, at: usize) -> Option<usize> {
    let mut line_end = at;
    for _ in 0..MOST_LINES {
        let line_start = text[..line_end].rfind('\n').map_or(0, |newline| newline + 1);
        if let Some(value) = value_start(&text[line_start..line_end]) {
            let begins_here = line_start + value;
            if text[begins_here..].starts_with(['{', '[']) {
                return open_bracket(text, begins_here, at);
            }
            // The fault's own line may be a further line of what opened above.
            if line_end != at {
                return None;
            }
        }
        line_end = line_start.checked_sub(1)?;
    }
    None
}

/// Where the value of a line begins, after its dashes and its key.
fn value_start(line: &str) -> Option<usize> {
    let mut start = line.len() - line.trim_start().len();
    while line[start..].starts_with("- ") {
        start += 2;
        start += line[start..].len() - line[start..].trim_start().len();
    }
    if line[start..].starts_with(['{', '[']) {
        return Some(start);
    }
    let colon = start + line[start..].find(": ")?;
    let value = &line[colon + 1..];
    Some(colon + 1 + (value.len() - value.trim_start().len()))
}

fn open_bracket(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut quote: Option<char> = None;
    let mut before = ' ';
    for (offset, c) in text[from..to].char_indices() {
        match (quote, c) {
            (Some(own), _) if own == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',' | '\n') => quote = Some(c),
            (None, '{' | '[') => open.push(from + offset),
            (None, '}' | ']') => drop(open.pop()),
            _ => {}
        }
        before = c;
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_open() {
        let text = "a: { b: x in [1, 2] }\nc: { d: 1\ne: 2\nf: x[1\n";
        assert_eq!(innermost(text, 13), Some(3));
        assert_eq!(innermost(text, 14), Some(13));
        assert_eq!(innermost(text, 21), None);
        assert_eq!(innermost(text, text.find("e:").unwrap() + 1), Some(25));
        assert_eq!(innermost(text, text.len() - 1), None);
    }
}
