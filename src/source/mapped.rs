use std::ops::Range;

use super::{FileId, Span};

/// Text that was decoded from a file (YAML quoting, indentation and folding removed), which
/// still knows where every byte of it stands in that file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedText {
    pub text: String,
    pub file: FileId,
    pieces: Vec<Piece>,
    whole: Span,
}

/// A run of decoded text. Verbatim runs have the same length in the file; an escape or a
/// folded line break stands for other bytes and maps as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    text_start: usize,
    text_len: usize,
    file_start: usize,
    file_len: usize,
}

impl MappedText {
    /// Text that stands verbatim in the file from `start` on.
    pub fn verbatim(text: &str, file: FileId, start: usize) -> Self {
        let mut builder = MappedTextBuilder::new(file);
        builder.push(text, start, text.len());
        builder.finish(Span::new(file, start, start + text.len()))
    }

    /// Where the whole scalar stands, quotes included.
    pub fn whole(&self) -> Span {
        self.whole
    }

    /// The place in the file of a range of the decoded text. An empty range is a point.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.file_start(start);
        let to = if end > start { self.file_end(end) } else { from };
        Span::new(self.file, from, to.max(from))
    }

    /// The text with parts of it replaced, in order. What is new stands for the place of what it
    /// replaces.
    #[must_use]
    pub fn edited(&self, edits: &[(Range<usize>, String)]) -> MappedText {
        let mut builder = MappedTextBuilder::new(self.file);
        let mut at = 0;
        for (range, new) in edits {
            self.copy(at..range.start, &mut builder);
            let place = self.span(range.start, range.end);
            builder.push(new, place.start as usize, (place.end - place.start) as usize);
            at = range.end;
        }
        self.copy(at..self.text.len(), &mut builder);
        builder.finish(self.whole)
    }

    fn copy(&self, range: Range<usize>, builder: &mut MappedTextBuilder) {
        for piece in &self.pieces {
            let start = range.start.max(piece.text_start);
            let end = range.end.min(piece.text_start + piece.text_len);
            if start >= end {
                continue;
            }
            let text = &self.text[start..end];
            if piece.text_len == piece.file_len {
                builder.push(text, piece.file_start + start - piece.text_start, text.len());
            } else {
                builder.push(text, piece.file_start, piece.file_len);
            }
        }
    }

    fn file_start(&self, offset: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.text_start <= offset);
        let Some(piece) = index.checked_sub(1).map(|index| self.pieces[index]) else {
            return self.whole.start as usize;
        };
        let into = offset - piece.text_start;
        if into >= piece.text_len {
            piece.file_start + piece.file_len
        } else if piece.text_len == piece.file_len {
            piece.file_start + into
        } else {
            piece.file_start
        }
    }

    fn file_end(&self, offset: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.text_start < offset);
        let Some(piece) = index.checked_sub(1).map(|index| self.pieces[index]) else {
            return self.whole.end as usize;
        };
        let into = offset - piece.text_start;
        if piece.text_len == piece.file_len && into <= piece.text_len {
            piece.file_start + into
        } else {
            piece.file_start + piece.file_len
        }
    }
}

/// Puts a [`MappedText`] together piece by piece, in text order.
#[derive(Debug)]
pub struct MappedTextBuilder {
    text: String,
    file: FileId,
    pieces: Vec<Piece>,
}

impl MappedTextBuilder {
    pub fn new(file: FileId) -> Self {
        Self { text: String::new(), file, pieces: Vec::new() }
    }

    /// Adds decoded `text` that stands for `file_len` bytes of the file from `file_start` on.
    pub fn push(&mut self, text: &str, file_start: usize, file_len: usize) {
        if text.is_empty() {
            return;
        }
        let text_start = self.text.len();
        self.text.push_str(text);
        let verbatim = text.len() == file_len;
        if let Some(last) = self.pieces.last_mut() {
            let adjoins = last.file_start + last.file_len == file_start;
            if verbatim && adjoins && last.text_len == last.file_len {
                last.text_len += text.len();
                last.file_len += file_len;
                return;
            }
        }
        self.pieces.push(Piece { text_start, text_len: text.len(), file_start, file_len });
    }

    pub fn finish(self, whole: Span) -> MappedText {
        MappedText { text: self.text, file: self.file, pieces: self.pieces, whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_over_removed_indentation_and_escapes() {
        let file = FileId(0);
        let mut builder = MappedTextBuilder::new(file);
        builder.push("ab\n", 10, 3);
        builder.push("cd", 15, 2);
        builder.push("é", 17, 6);
        builder.push("z", 23, 1);
        let text = builder.finish(Span::new(file, 8, 24));
        assert_eq!(text.text, "ab\ncdéz");
        assert_eq!(text.span(0, 2), Span::new(file, 10, 12));
        assert_eq!(text.span(3, 5), Span::new(file, 15, 17));
        assert_eq!(text.span(5, 7), Span::new(file, 17, 23));
        assert_eq!(text.span(4, 8), Span::new(file, 16, 24));
        assert_eq!(text.span(8, 8), Span::new(file, 24, 24));
    }

    #[test]
    fn edits_stand_for_what_they_replace() {
        let file = FileId(0);
        let mut builder = MappedTextBuilder::new(file);
        builder.push("a >= 10", 20, 7);
        builder.push(" ", 27, 5);
        builder.push("&& b", 32, 4);
        let text = builder.finish(Span::new(file, 20, 36));
        let edited = text.edited(&[(2..4, ">".to_owned()), (7..7, " + 0.5".to_owned())]);
        assert_eq!(edited.text, "a > 10 + 0.5 && b");
        assert_eq!(edited.whole(), text.whole());
        // What was left alone is where it was: `10` and `b`.
        assert_eq!(edited.span(4, 6), Span::new(file, 25, 27));
        assert_eq!(edited.span(16, 17), Span::new(file, 35, 36));
        // What is new is where the old was, or at the point where it was put in.
        assert_eq!(edited.span(2, 3), Span::new(file, 22, 24));
        assert_eq!(edited.span(9, 12), Span::new(file, 27, 27));
        assert_eq!(edited.span(0, 12), Span::new(file, 20, 27));
        assert_eq!(text.edited(&[(0..7, String::new())]).text, " && b");
    }
}
