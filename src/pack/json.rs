//! JSON as the tree that YAML gives, so that one reader reads both.
//!
//! In: a text. Out: a [`Node`] in which every value knows its place, with findings.
//! Never: what YAML has and JSON has not.

use serde::de::IgnoredAny;

use super::yaml::{Entry, Kind, Node, Scalar, Unreadable};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Loc, MappedTextBuilder, Span};

/// Levels of nesting that are read, as many as of YAML.
const DEEPEST: usize = 32;

/// Reads one JSON value.
pub(crate) fn parse(
    text: &str,
    file: FileId,
    findings: &mut Diagnostics,
) -> Result<Node, Unreadable> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        findings.push(fault(&error, text, file));
        return Err(Unreadable);
    }
    Tree { text, file, at: 0, findings }.value(0)
}

/// The library's error in plain words, at its place.
fn fault(error: &serde_json::Error, text: &str, file: FileId) -> Diagnostic {
    let lines = text.split_inclusive('\n');
    let start: usize = lines.take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (start + error.column().saturating_sub(1)).min(text.len());
    let at = text.floor_char_boundary(at);
    let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let said = error.to_string();
    let said = match said.split(" at line ").next().unwrap_or_default() {
        _ if text[at..].starts_with(['}', ']']) && text[..at].trim_end().ends_with(',') => {
            "trailing comma"
        }
        said => said,
    };
    let (message, help) = if error.is_eof() {
        ("the JSON ends too early".to_owned(), "close what is open: `\"`, `]` or `}`")
    } else {
        let help = match said {
            "trailing comma" => "remove the comma",
            "key must be a string" => "put the key into double quotes",
            "trailing characters" => "send one JSON value and nothing after it",
            "expected value" => {
                "write a number, `true`, `false`, `null`, a text in double quotes, a list or an object"
            }
            said if said.starts_with("control character") => {
                "write `\\n` for a line break in a text, `\\t` for a tab"
            }
            said if said.starts_with("expected `,`") => {
                "put a comma between two entries, or close the list or object"
            }
            _ => "write it as JSON has it",
        };
        (format!("this is no JSON: {said}"), help)
    };
    Diagnostic::new(Code::YamlSyntax, Span::new(file, at, end), message).help(help)
}

/// Makes nodes of a text that is known to be JSON.
struct Tree<'a, 'f> {
    text: &'a str,
    file: FileId,
    at: usize,
    findings: &'f mut Diagnostics,
}

impl Tree<'_, '_> {
    fn value(&mut self, depth: usize) -> Result<Node, Unreadable> {
        self.blanks();
        let start = self.at;
        let kind = match self.byte() {
            Some(b'{' | b'[') if depth == DEEPEST => {
                let span = Span::new(self.file, start, start + 1);
                let message = "the JSON is nested too deep";
                let finding = Diagnostic::new(Code::YamlLimit, span, message);
                self.findings.push(finding.help("write it flatter"));
                return Err(Unreadable);
            }
            Some(b'{') => Kind::Map(self.entries(depth)?),
            Some(b'[') => {
                let mut items = Vec::new();
                while self.goes_on(b']') {
                    items.push(self.value(depth + 1)?);
                }
                Kind::Seq(items)
            }
            Some(b'"') => {
                let text = self.string()?;
                let span = self.since(start);
                let mut builder = MappedTextBuilder::new(self.file);
                // Without the quotes.
                builder.push(&text, start + 1, self.at - start - 2);
                Kind::Scalar(Scalar { text: builder.finish(span), quoted: true })
            }
            _ => self.word(),
        };
        Ok(Node { kind, span: self.since(start) })
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<Entry>, Unreadable> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut known = std::collections::HashMap::new();
        while self.goes_on(b'}') {
            let start = self.at;
            let key = self.string()?;
            let span = self.since(start);
            self.blanks();
            // The colon.
            self.at += 1;
            let value = self.value(depth + 1)?;
            if let Some(first) = known.insert(key.clone(), span) {
                let message = format!("the key `{key}` stands here twice");
                let finding = Diagnostic::new(Code::DuplicateKey, span, message);
                self.findings
                    .push(finding.help("keep one of them").related(first, "the first one"));
                continue;
            }
            entries.push(Entry { key: Loc::new(key, span), value });
        }
        Ok(entries)
    }

    /// Steps over the bracket that opens or the comma, to the next item; false behind the bracket
    /// that closes.
    fn goes_on(&mut self, closing: u8) -> bool {
        self.blanks();
        if self.byte() != Some(closing) {
            self.at += 1;
            self.blanks();
        }
        let goes_on = self.byte() != Some(closing);
        self.at += usize::from(!goes_on);
        goes_on
    }

    /// A text in quotes, decoded.
    fn string(&mut self) -> Result<String, Unreadable> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.byte().filter(|byte| *byte != b'"') {
            self.at += if byte == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        serde_json::from_str(&self.text[start..self.at]).map_err(|_| {
            let message = "an escape in this text stands for no character";
            let finding = Diagnostic::new(Code::YamlSyntax, self.since(start), message);
            self.findings.push(finding.help("write the characters themselves"));
            Unreadable
        })
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Kind {
        let start = self.at;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.byte().is_some_and(is_part) {
            self.at += 1;
        }
        match &self.text[start..self.at] {
            "null" => Kind::Null,
            word => {
                let mut builder = MappedTextBuilder::new(self.file);
                builder.push(word, start, word.len());
                Kind::Scalar(Scalar { text: builder.finish(self.since(start)), quoted: false })
            }
        }
    }

    fn blanks(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn since(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// The tree as JSON writes it, with the place of every value in front.
    fn shown(node: &Node) -> String {
        let Span { start, end, .. } = node.span;
        let inner = match &node.kind {
            Kind::Null => "null".to_owned(),
            Kind::Broken => "broken".to_owned(),
            Kind::Scalar(Scalar { text, quoted: true }) => format!("{:?}", text.text),
            Kind::Scalar(Scalar { text, quoted: false }) => text.text.clone(),
            Kind::Seq(items) => {
                format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" "))
            }
            Kind::Map(entries) => {
                let entry = |entry: &Entry| format!("{}={}", entry.key.value, shown(&entry.value));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
            }
        };
        format!("{start}-{end}:{inner}")
    }

    fn read(text: &str) -> (Option<String>, Vec<String>) {
        let mut texts = Sources::default();
        let file = texts.add("body", text);
        let mut findings = Diagnostics::default();
        let node = parse(text, file, &mut findings).ok();
        let findings = findings.into_sorted().into_iter().map(|finding| {
            let at = texts.position(finding.span);
            let help = finding.help.unwrap_or_default();
            format!("{}:{} {}; {help}", at.line, at.column, finding.message)
        });
        (node.as_ref().map(shown), findings.collect())
    }

    #[test]
    fn every_value_has_its_place() {
        let (tree, findings) =
            read("{\"a\": [1, -2.50e3 , true],\n\t\"b\" : {}, \"c\":null,\"ş\":\"é\"}");
        let wanted =
            "0-57:{a=6-25:[7-8:1 10-17:-2.50e3 20-24:true] b=34-36:{} c=42-46:null ş=52-56:\"é\"}";
        assert_eq!(tree.as_deref(), Some(wanted));
        assert_eq!(findings, [""; 0]);
    }

    #[test]
    fn escapes_are_decoded_and_pairs_are_one_character() {
        let (tree, _) = read(r#"["\u00e9\n\/\"", "\ud83d\ude00"]"#);
        assert_eq!(tree.as_deref(), Some("0-32:[1-15:\"é\\n/\\\"\" 17-31:\"😀\"]"));
        let (tree, findings) = read(r#"["a", "\ud83d"]"#);
        assert_eq!(tree, None);
        assert_eq!(
            findings,
            ["1:7 an escape in this text stands for no character; write the characters themselves"]
        );
    }

    #[test]
    fn what_is_no_json_is_told_at_its_place() {
        for (text, wanted) in [
            ("", "1:1 the JSON ends too early"),
            ("{\"a\": 1", "1:7 the JSON ends too early"),
            ("{\"a\": 1,}", "1:9 this is no JSON: trailing comma; remove the comma"),
            ("{\"é\": 1, a: 2}", "1:10 this is no JSON: key must be a string; put the key"),
            ("{\n  'a': 1}", "2:3 this is no JSON: key must be a string"),
            ("{\"a\": x}", "1:7 this is no JSON: expected value; write a number"),
            ("{\"a\": 1 \"b\": 2}", "1:9 this is no JSON: expected `,` or `}`; put a comma"),
            ("{} {}", "1:4 this is no JSON: trailing characters; send one"),
            ("{\"a\": NaN}", "1:7 this is no JSON: expected value"),
            ("{\"a\": 01}", "1:8 this is no JSON: invalid number"),
            ("[\"a\nb\"]", "this is no JSON: control character"),
        ] {
            let (tree, findings) = read(text);
            assert_eq!(tree, None, "{text}");
            assert_eq!(findings.len(), 1, "{text}");
            assert!(findings[0].contains(wanted), "{text}: {findings:?}");
        }
    }

    #[test]
    fn a_key_counts_once_and_the_first_time() {
        let (tree, findings) = read("{\"a\": 1, \"a\": 2}");
        assert_eq!(tree.as_deref(), Some("0-16:{a=6-7:1}"));
        assert_eq!(findings, ["1:10 the key `a` stands here twice; keep one of them"]);
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&nested(32)).1.is_empty());
        let deep = "the JSON is nested too deep; write it flatter";
        assert_eq!(read(&nested(33)).1, [format!("1:33 {deep}")]);
        assert_eq!(read(&nested(200_000)).1, [format!("1:33 {deep}")]);
    }
}
