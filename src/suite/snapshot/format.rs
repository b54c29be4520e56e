//! The format of `insta`: a header between two lines of `---`, then the text.
//!
//! ```text
//! ---
//! source: tests/vip.yaml
//! expression: five hundred made-up customers
//! info:
//!   tierkeeper: 1
//! ---
//! ```
//!
//! The header is read line by line, not as YAML: `insta` writes it anew when it takes a change, in
//! its own order and with keys of its own, and whoever comes after us may add more.

use serde_json::Value as Json;

/// The version of the text below the header.
pub(super) const VERSION: u32 = 1;

const FENCE: &str = "---";

/// The keys whose lines are written anew; others are kept.
const OWN_KEYS: [&str; 4] = ["source", "expression", "info", "assertion_line"];

/// A snapshot as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// Where its header names the version of its text.
    pub version: Option<Version>,
    /// The test's name.
    pub expression: Option<String>,
    /// Lines of the header with keys that are not ours.
    pub others: Vec<String>,
    /// Without line breaks at its end.
    pub body: String,
}

/// The version of a snapshot's text, and the line that says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    pub number: u32,
    pub line: usize,
}

/// What is wrong with a header, and in which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BrokenHeader {
    pub line: usize,
    pub reason: String,
}

impl BrokenHeader {
    fn new(line: usize, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

/// A snapshot as a file has it. `others`: lines of the header that stood there before.
pub(super) fn write(source: &str, name: &str, others: &[String], body: &str) -> String {
    let mut text = format!(
        "{FENCE}\nsource: {}\nexpression: {}\ninfo:\n  tierkeeper: {VERSION}\n",
        scalar(source),
        scalar(name)
    );
    for line in others {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(FENCE);
    text.push('\n');
    text.push_str(body.trim_end());
    text.push('\n');
    text
}

/// Reads a file as we or `insta` wrote it; line ends may be those of Windows.
pub(super) fn read(text: &str) -> Result<Stored, BrokenHeader> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut lines = text.split_inclusive('\n').enumerate();
    if lines.next().is_none_or(|(_, line)| line.trim_end() != FENCE) {
        return Err(BrokenHeader::new(1, "a snapshot begins with a line of `---`"));
    }
    let mut stored =
        Stored { version: None, expression: None, others: Vec::new(), body: String::new() };
    let mut length = FENCE.len() + 1;
    let mut key = None;
    for (at, line) in lines {
        let number = at + 1;
        length += line.len();
        let line = line.trim_end();
        if line == FENCE {
            stored.body = text.get(length..).unwrap_or_default().trim_end().to_owned();
            return Ok(stored);
        }
        if !line.is_empty() && !line.starts_with([' ', '\t', '#', '-']) {
            let Some((next, value)) = line.split_once(':') else {
                let reason = format!("`{line}` is not a key with a value");
                return Err(BrokenHeader::new(number, reason));
            };
            key = Some(next.to_owned());
            if next == "expression" {
                stored.expression = Some(plain(value.trim()));
            }
        }
        match key.as_deref() {
            Some("info") => {
                if let Some(version) = version(line, number)? {
                    stored.version = Some(version);
                }
            }
            Some(key) if OWN_KEYS.contains(&key) => {}
            Some(_) => stored.others.push(line.to_owned()),
            None if line.is_empty() || line.starts_with('#') => {}
            None => {
                let reason = format!("`{}` belongs to no key", line.trim());
                return Err(BrokenHeader::new(number, reason));
            }
        }
    }
    Err(BrokenHeader::new(
        text.lines().count(),
        "the header does not end: a line of `---` is missing",
    ))
}

/// `tierkeeper: 1`, in a line of its own or in braces.
fn version(line: &str, number: usize) -> Result<Option<Version>, BrokenHeader> {
    const KEY: &str = "tierkeeper:";
    let Some(at) = line.find(KEY) else { return Ok(None) };
    let value = line[at + KEY.len()..].split([',', '}', '#']).next().unwrap_or_default();
    let value = value.trim().trim_matches('"');
    match value.parse() {
        Ok(version) => Ok(Some(Version { number: version, line: number })),
        Err(_) => Err(BrokenHeader::new(
            number,
            format!("`{value}` is not the version of a snapshot; this tierkeeper writes {VERSION}"),
        )),
    }
}

/// Words that are more than a text to YAML.
const WORDS_OF_YAML: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// A text as a value of the header: as it is where that can be nothing else, or in quotes.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " _-/.()".contains(c);
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_plain)
        && !text.ends_with(' ')
        && !WORDS_OF_YAML.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { Json::from(text).to_string() }
}

/// A value of the header as a text.
fn plain(value: &str) -> String {
    match serde_json::from_str(value) {
        Ok(Json::String(text)) => text,
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = write("tests/vip.yaml", "made-up customers", &[], "as of: 2026-11-22\n\n");
        assert_eq!(
            text,
            "---\nsource: tests/vip.yaml\nexpression: made-up customers\ninfo:\n  tierkeeper: 1\n---\n\
             as of: 2026-11-22\n"
        );
        let stored = Stored {
            version: Some(Version { number: 1, line: 5 }),
            expression: Some("made-up customers".into()),
            others: vec![],
            body: "as of: 2026-11-22".into(),
        };
        assert_eq!(read(&text), Ok(stored.clone()));
        assert_eq!(read(&text.replace('\n', "\r\n")), Ok(stored.clone()));
        assert_eq!(read(&format!("\u{feff}{text}")), Ok(stored));
    }

    #[test]
    fn names_that_mean_something_to_yaml_stand_in_quotes() {
        for (name, written) in [
            ("a (b)", "a (b)"),
            ("no", "\"no\""),
            ("a: b # c", "\"a: b # c\""),
            ("müşteri \"5\"", "\"müşteri \\\"5\\\"\""),
            ("- x", "\"- x\""),
            ("two\nlines", "\"two\\nlines\""),
            ("7", "\"7\""),
        ] {
            let text = write("tests/a.yaml", name, &[], "");
            assert!(text.contains(&format!("\nexpression: {written}\n")), "{text}");
            assert_eq!(read(&text).unwrap().expression.as_deref(), Some(name));
        }
    }

    /// As insta 1.40 and others before and after it write it.
    #[test]
    fn headers_of_others_are_read_and_kept() {
        let text = "---\nexpression: \"a: b\"\ninfo: {tierkeeper: 1, by: us}\nsource: x.yaml\n\
                    snapshot_kind: text\ndescription: |\n  two\n  lines\nassertion_line: 7\n---\n\
                    a\n---\nb\n\n";
        let stored = read(text).unwrap();
        assert_eq!(stored.version, Some(Version { number: 1, line: 3 }));
        assert_eq!(stored.expression.as_deref(), Some("a: b"));
        assert_eq!(stored.others, ["snapshot_kind: text", "description: |", "  two", "  lines"]);
        assert_eq!(stored.body, "a\n---\nb");
        let again = read(&write("x.yaml", "a: b", &stored.others, &stored.body)).unwrap();
        assert_eq!((again.others, again.body), (stored.others, stored.body));
        assert_eq!(read("---\nsource: a.rs\n---\nx\n").unwrap().version, None);
        assert_eq!(read("---\n---\n").unwrap().body, "");
    }

    #[test]
    fn broken_headers_say_where() {
        let broken = |text: &str| {
            let BrokenHeader { line, reason } = read(text).unwrap_err();
            format!("{line}: {reason}")
        };
        let no_begin = "1: a snapshot begins with a line of `---`";
        assert_eq!(broken(""), no_begin);
        assert_eq!(broken("as of: 2026-11-22\n"), no_begin);
        let no_end = "the header does not end: a line of `---` is missing";
        assert_eq!(broken("---\nsource: a\nas of: b\n"), format!("3: {no_end}"));
        assert_eq!(
            broken("---\nsource: a\n<<<<<<< HEAD\ninfo:\n---\n"),
            "3: `<<<<<<< HEAD` is not a key with a value"
        );
        assert_eq!(broken("---\n  tierkeeper: 1\n---\n"), "2: `tierkeeper: 1` belongs to no key");
        assert_eq!(
            broken("---\ninfo:\n  tierkeeper: new\n---\n"),
            "3: `new` is not the version of a snapshot; this tierkeeper writes 1"
        );
    }
}
