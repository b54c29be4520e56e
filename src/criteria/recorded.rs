/// Texts one behind the other in one string: what thousands of rows measured has no allocation of
/// its own for each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    texts: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

/// Texts while they are written, as the bytes of UTF-8.
#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) bytes: Vec<u8>,
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
}

impl Recording {
    /// Ends the text that was written since the last.
    pub(super) fn end(&mut self) {
        self.ends.push(self.bytes.len());
    }

    pub(super) fn done(mut self) -> Recorded {
        self.bytes.shrink_to_fit();
        // Asked once for all texts, and not for every number in them.
        let texts = String::from_utf8(self.bytes).expect("only texts were written");
        Recorded { texts, ends: self.ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_in_their_order() {
        let mut recording = Recording::default();
        for text in ["[1]", "[\"ğ\"]", "", "[2]"] {
            recording.bytes.extend(text.as_bytes());
            recording.end();
        }
        let recorded = recording.done();
        assert_eq!(recorded.iter().collect::<Vec<_>>(), ["[1]", "[\"ğ\"]", "", "[2]"]);
        assert_eq!((recorded.len(), recorded.get(3)), (4, "[2]"));
    }
}
