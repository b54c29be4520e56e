use std::collections::HashMap;

use serde_saphyr::{Location, Spanned};

use super::raw::Raw;
use super::scalar::{self, Style};
use super::{Entry, Kind, Node, Scalar, flow, tag};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Loc, MappedText, Span};

/// Makes nodes with places of what the library read.
pub(super) struct Builder<'a> {
    text: &'a str,
    file: FileId,
    findings: &'a mut Diagnostics,
}

/// Start and end of a location in bytes.
fn range(location: Location) -> (usize, usize) {
    let span = location.span();
    let start = span.byte_offset().map_or(0, |offset| offset as usize);
    (start, start + span.byte_len().map_or(0, |len| len as usize))
}

/// Whether an alias stands for this node, or for one that it is part of.
fn is_aliased(raw: &Spanned<Raw>) -> bool {
    raw.referenced != raw.defined
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str, file: FileId, findings: &'a mut Diagnostics) -> Self {
        Self { text, file, findings }
    }

    pub(super) fn document(&mut self, root: &Spanned<Raw>) -> Option<Node> {
        match root.value {
            Raw::Null => None,
            _ => Some(self.node(root, Span::new(self.file, 0, 0), false)),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    /// `before`: what stands before the value; where it is empty, that is its place.
    fn node(&mut self, raw: &Spanned<Raw>, before: Span, in_alias: bool) -> Node {
        let (start, end) = range(raw.defined);
        let in_alias = in_alias || is_aliased(raw);
        let mut node = match &raw.value {
            Raw::Null if start == end => Node { kind: Kind::Null, span: before },
            Raw::Null => Node { kind: Kind::Null, span: self.span(start, end) },
            Raw::Verbatim => {
                let text = MappedText::verbatim(&self.text[start..end], self.file, start);
                Node { span: text.whole(), kind: Kind::Scalar(Scalar { text, quoted: false }) }
            }
            Raw::Text(value) => {
                let (text, style) = scalar::decode(self.text, self.file, (start, end), value);
                let quoted = style != Style::Plain;
                Node { span: text.whole(), kind: Kind::Scalar(Scalar { text, quoted }) }
            }
            Raw::Seq(items) => self.seq(items, (start, end), in_alias),
            Raw::Map(entries) => self.map(entries, (start, end), in_alias),
        };
        let is_block_map = start == end && matches!(raw.value, Raw::Map(_));
        let look_from = if is_block_map { self.line_start(start) } else { Some(start) };
        let tag = look_from.and_then(|from| tag::before(self.text, from, false));
        if let Some(tag) = tag {
            let value_end = if start == end { tag.1 } else { node.span.end as usize };
            self.report_tag(tag, value_end);
            node.kind = Kind::Broken;
        }
        node
    }

    /// The start of the line where nothing but blanks stands between it and `at`.
    fn line_start(&self, at: usize) -> Option<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        self.text[start..at].trim().is_empty().then_some(start)
    }

    fn report_tag(&mut self, (start, end): (usize, usize), value_end: usize) {
        let tag = &self.text[start..end];
        let value = &self.text[start..value_end.max(end)];
        let value = value.lines().next().unwrap_or(value).trim_end();
        self.findings.push(
            Diagnostic::new(
                Code::YamlTag,
                self.span(start, end),
                format!("`{tag}` is a tag to YAML, not part of the value"),
            )
            .help(format!("quote it: {}", tag::quoted(value))),
        );
    }

    fn seq(&mut self, raw: &[Spanned<Raw>], (start, end): (usize, usize), in_alias: bool) -> Node {
        let mut items = Vec::with_capacity(raw.len());
        let mut last = end;
        for item in raw {
            let before = self.last_visible(range(item.defined).0);
            let node = self.node(item, before, in_alias);
            last = last.max(self.place_end(item, &node, in_alias));
            items.push(node);
        }
        if self.text[start..end].starts_with('[') {
            last = flow::closing(self.text, last, ']');
            flow::join_items(self.text, &mut items, self.findings);
        }
        Node { kind: Kind::Seq(items), span: self.span(start, last) }
    }

    fn map(
        &mut self,
        raw: &[(Spanned<Raw>, Spanned<Raw>)],
        (start, end): (usize, usize),
        in_alias: bool,
    ) -> Node {
        let is_flow = self.text[start..end].starts_with('{');
        let mut entries: Vec<Entry> = Vec::with_capacity(raw.len());
        let mut keys: HashMap<String, Span> = HashMap::new();
        let mut last = end;
        for (raw_key, raw_value) in raw {
            let Some(key) = self.key(raw_key, is_flow) else { continue };
            let value = self.node(raw_value, key.span, in_alias);
            last = last.max(key.span.end as usize);
            last = last.max(self.place_end(raw_value, &value, in_alias));
            if is_flow && matches!(value.kind, Kind::Null) {
                if flow::is_rest_of_number(self.text, entries.last_mut(), &key, self.findings) {
                    continue;
                }
                if let Some(entry) = flow::glued(&key, self.findings) {
                    keys.insert(entry.key.value.clone(), entry.key.span);
                    entries.push(entry);
                    continue;
                }
            }
            if let Some(first) = keys.get(&key.value) {
                self.findings.push(
                    Diagnostic::new(
                        Code::DuplicateKey,
                        key.span,
                        format!("the key `{}` stands here twice", key.value),
                    )
                    .help("keep one of them")
                    .related(*first, "the first one"),
                );
                continue;
            }
            keys.insert(key.value.clone(), key.span);
            entries.push(Entry { key, value });
        }
        if is_flow {
            last = flow::closing(self.text, last, '}');
            flow::join_entries(self.text, &mut entries, self.findings);
        }
        Node { kind: Kind::Map(entries), span: self.span(start, last) }
    }

    /// Where the node ends in the text that holds it: an alias ends there, not where its
    /// anchor is.
    fn place_end(&self, raw: &Spanned<Raw>, node: &Node, in_alias: bool) -> usize {
        if is_aliased(raw) && !in_alias { range(raw.referenced).1 } else { node.span.end as usize }
    }

    fn key(&mut self, raw: &Spanned<Raw>, is_flow: bool) -> Option<Loc<String>> {
        let (start, end) = range(raw.defined);
        let text = match &raw.value {
            Raw::Text(text) => text.clone(),
            Raw::Null | Raw::Verbatim if start < end => self.text[start..end].to_owned(),
            _ => {
                let place = if start < end { self.span(start, end) } else { self.visible(start) };
                self.findings.push(
                    Diagnostic::new(Code::YamlSyntax, place, "a key must be a word")
                        .help("write it as `key: value`"),
                );
                return None;
            }
        };
        if let Some(tag) = tag::before(self.text, start, true) {
            self.report_tag(tag, end);
            return None;
        }
        if !is_flow
            && let Some(line) = self.line_start(start)
            && let Some(tab) = self.text[line..start].find('\t')
        {
            let place = self.span(line + tab, line + tab + 1);
            self.findings.push(super::faults::tab(place));
        }
        Some(Loc::new(text, self.span(start, end)))
    }

    /// The character at `at`, or the last one before it that is not blank.
    fn visible(&self, at: usize) -> Span {
        match self.text[at..].chars().next() {
            Some(c) if !c.is_whitespace() => self.span(at, at + c.len_utf8()),
            _ => self.last_visible(at),
        }
    }

    /// The last character before `at` that is not blank.
    fn last_visible(&self, at: usize) -> Span {
        let before = self.text[..at].trim_end();
        let width = before.chars().next_back().map_or(0, char::len_utf8);
        self.span(before.len() - width, before.len())
    }
}
