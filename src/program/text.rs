use serde::Serialize;

/// Words for people, in one or several languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LocalText {
    /// Language tag (`None`: written without one) and text, in the order of the file.
    pub texts: Vec<(Option<String>, String)>,
}

impl LocalText {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { texts: vec![(None, text.into())] }
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text for a locale: exactly that tag, its language, English, or the first.
    pub fn get(&self, locale: Option<&str>) -> Option<&str> {
        let find = |wanted: &str| {
            self.texts
                .iter()
                .find(|(tag, _)| tag.as_deref().is_some_and(|tag| tag.eq_ignore_ascii_case(wanted)))
                .map(|(_, text)| text.as_str())
        };
        let language = |locale: &str| locale.split(['-', '_', '.']).next().map(str::to_owned);
        locale
            .and_then(|locale| {
                find(&locale.replace('_', "-"))
                    .or_else(|| language(locale).and_then(|language| find(&language)))
            })
            .or_else(|| find("en"))
            .or_else(|| self.texts.first().map(|(_, text)| text.as_str()))
    }
}

/// The `{name}`s of a message: byte offset of the name, and the name.
pub fn placeholders(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find('{') {
        let start = from + open + 1;
        let Some(length) = text[start..].find('}') else { break };
        let name = &text[start..start + length];
        let blanks = name.len() - name.trim_start().len();
        found.push((start + blanks, name.trim()));
        from = start + length + 1;
    }
    found
}
