use super::Lower;
use super::fields::{in_backticks, shape};
use super::meant::meant;
use crate::pack::names;
use crate::pack::yaml::{Kind, Node, Scalar};
use crate::pack::{ExprText, ParsedText};
use crate::source::{Loc, MappedText};

impl Lower<'_> {
    /// One value, as written. `what`: "the table", as messages call it.
    pub(crate) fn scalar<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Scalar> {
        match &node.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Broken => None,
            Kind::Null => {
                let help = "write the value after the `:`, or leave the line out".to_owned();
                self.wrong_shape(node.span, format!("{what} has no value"), Some(help));
                None
            }
            Kind::Seq(_) | Kind::Map(_) => {
                let message = format!("{what} is a single value, not {}", shape(node));
                let help = match &node.kind {
                    Kind::Seq(items) if items.len() == 1 => "take the brackets or the dash away",
                    _ => "write one value after the `:`",
                };
                self.wrong_shape(node.span, message, Some(help.to_owned()));
                None
            }
        }
    }

    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<MappedText> {
        let text = self.scalar(node, what)?.text.clone();
        if text.text.trim().is_empty() {
            self.invalid_value(node.span, format!("{what} is empty"), None);
            return None;
        }
        Some(text)
    }

    pub(crate) fn word(&mut self, node: &Node, what: &str) -> Option<Loc<String>> {
        let text = self.text(node, what)?;
        Some(Loc::new(text.text.trim().to_owned(), node.span))
    }

    pub(crate) fn expr(&mut self, node: &Node, what: &str) -> Option<ExprText> {
        self.text(node, what)
    }

    /// A list, or one value that stands for a list of it.
    pub(crate) fn items<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.kind {
            Kind::Seq(items) => items,
            _ => std::slice::from_ref(node),
        }
    }

    /// One of some fixed words.
    pub(crate) fn choice<T: Clone>(
        &mut self,
        node: &Node,
        what: &str,
        choices: &[(&'static str, T)],
    ) -> Option<Loc<T>> {
        let word = self.word(node, what)?;
        let found = choices.iter().find(|(name, _)| *name == word.value);
        if found.is_none() {
            let names: Vec<&'static str> = choices.iter().map(|(name, _)| *name).collect();
            let help = match meant(&word.value, &names) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("write one of {}", in_backticks(names)),
            };
            let message = format!("`{}` is not {what}", word.value);
            self.invalid_value(word.span, message, Some(help));
        }
        found.map(|(_, value)| Loc::new(value.clone(), word.span))
    }

    /// People's words: text, or a map of languages.
    pub(crate) fn title(&mut self, node: Option<&Node>, what: &str) -> ParsedText {
        let mut parsed = ParsedText::default();
        let Some(node) = node else { return parsed };
        if matches!(node.kind, Kind::Seq(_)) {
            let help = "write one text, or one for each language: `{ en: …, tr: … }`".to_owned();
            self.wrong_shape(node.span, format!("{what} is one text, not a list"), Some(help));
            return parsed;
        }
        let Kind::Map(entries) = &node.kind else {
            parsed.texts.extend(self.text(node, what).map(|text| (None, text)));
            return parsed;
        };
        for entry in entries {
            let tag = &entry.key.value;
            if !names::is_language(tag) {
                let message = format!("`{tag}` is not the tag of a language");
                let help = "write tags like `en`, `tr` or `pt-BR`".to_owned();
                self.invalid_value(entry.key.span, message, Some(help));
                continue;
            }
            let text = self.text(&entry.value, what);
            parsed.texts.extend(text.map(|text| (Some(tag.clone()), text)));
        }
        parsed
    }
}
