/// Texts one behind the other in one string: what a million rows measured has no allocation of
/// its own for each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    pub(super) texts: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Recorded {
    /// Texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of an index.
    pub fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[start..self.ends[index]]
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Adds the texts of another behind the own.
    pub fn append(&mut self, other: &Recorded) {
        let start = self.texts.len();
        self.texts.push_str(&other.texts);
        self.ends.extend(other.ends.iter().map(|end| start + end));
    }

    /// Ends the text that was written since the last.
    pub(super) fn end(&mut self) {
        self.ends.push(self.texts.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_in_their_order() {
        let of = |texts: &[&str]| {
            let mut recorded = Recorded::default();
            for text in texts {
                recorded.texts.push_str(text);
                recorded.end();
            }
            recorded
        };
        let mut all = of(&["[1]", "[]"]);
        all.append(&of(&["", "[2]"]));
        assert_eq!(all.iter().collect::<Vec<_>>(), ["[1]", "[]", "", "[2]"]);
        assert_eq!(all, of(&["[1]", "[]", "", "[2]"]));
    }
}
