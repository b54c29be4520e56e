//! A script's text, changed where Rhai means something else than the pack language does, and
//! the way back to the places that the author sees.
//!
//! Rhai does not let the body of a function be changed after it is parsed; its text can be.

use rhai::Position;

/// A range of the text and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Among edits at one place: outer brackets before inner ones.
    pub(super) order: u8,
    pub(super) text: String,
}

impl Edit {
    pub(super) fn replace(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { start, end, order: 1, text: text.into() }
    }

    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { start: at, end: at, order: 1, text: text.into() }
    }

    /// Before whatever else stands at a place: the beginning of a statement.
    pub(super) fn before(at: usize, text: impl Into<String>) -> Self {
        Self { start: at, end: at, order: 0, text: text.into() }
    }

    /// After whatever else stands at a place: the end of a statement.
    pub(super) fn after(at: usize, text: impl Into<String>) -> Self {
        Self { start: at, end: at, order: 2, text: text.into() }
    }
}

/// A text after its edits.
#[derive(Debug, Clone, Default)]
pub(super) struct Edited {
    pub(super) text: String,
    original: String,
    /// Pairs of offsets, edited and original, from which on both go in step.
    steps: Vec<(usize, usize)>,
}

impl Edited {
    /// Applies edits; of those that overlap, the first counts.
    pub(super) fn new(original: &str, mut edits: Vec<Edit>) -> Self {
        edits.sort();
        let mut edited = Self { original: original.into(), ..Self::default() };
        let mut at = 0;
        for edit in edits {
            if edit.start < at {
                continue;
            }
            edited.text.push_str(&original[at..edit.start]);
            // The new text stands for the beginning of what it replaces.
            edited.steps.push((edited.text.len(), edit.start));
            edited.text.push_str(&edit.text);
            edited.steps.push((edited.text.len(), edit.end));
            at = edit.end;
        }
        edited.text.push_str(&original[at..]);
        edited
    }

    pub(super) fn original(&self) -> &str {
        &self.original
    }

    /// Line and column in the original of a position in the edited text; 0 where unknown.
    pub(super) fn original_place(&self, position: Position) -> (usize, usize) {
        let Some(offset) = offset(&self.text, position) else {
            return (0, 0);
        };
        let step = self.steps.partition_point(|(edited, _)| *edited <= offset);
        let original = match step.checked_sub(1).map(|index| self.steps[index]) {
            None => offset,
            // Within a new text, which ends with the next step.
            Some((_, original)) if step % 2 == 1 => original,
            Some((edited, original)) => original + (offset - edited),
        };
        // Steps lie between characters, and both texts are the same after one.
        let before = self.original.get(..original).unwrap_or(&self.original);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// The byte that a position means.
fn offset(text: &str, position: Position) -> Option<usize> {
    let line = position.line()?.checked_sub(1)?;
    let column = position.position().unwrap_or(1).saturating_sub(1);
    let start = match line {
        0 => 0,
        _ => text.match_indices('\n').nth(line - 1)?.0 + 1,
    };
    let (into, _) = text[start..].char_indices().nth(column)?;
    Some(start + into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_author() {
        let edits = vec![Edit::insert(3, "long("), Edit::insert(4, ")"), Edit::replace(5, 7, "z")];
        let edited = Edited::new("if a bb c\nd", edits);
        assert_eq!(edited.text, "if long(a) z c\nd");
        assert_eq!(edited.original_place(Position::new(1, 9)), (1, 4));
        assert_eq!(edited.original_place(Position::new(1, 5)), (1, 4));
        assert_eq!(edited.original_place(Position::new(1, 12)), (1, 6));
        assert_eq!(edited.original_place(Position::new(1, 14)), (1, 9));
        assert_eq!(edited.original_place(Position::new(2, 1)), (2, 1));
    }
}
