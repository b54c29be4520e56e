//! Texts compare by bytes; `+` puts them together; `in` looks for a part.

use std::sync::Arc;

use super::compare::sides;
use super::masks::{Masks, View, ViewData};
use super::numbers::Side;
use crate::expr::column::{Data, DataRef, Dictionary};
use crate::expr::inputs::Evaluated;
use crate::expr::syntax::CompareOp;
use crate::expr::value::Value;

/// The texts of an outcome.
#[derive(Debug, Clone, Copy)]
pub(super) enum Texts<'e> {
    One(&'e str),
    Each(&'e [u32], &'e Arc<Dictionary>),
}

impl<'e> Texts<'e> {
    /// What is no text counts as empty and is masked by its kin.
    pub fn of(view: &View<'e>) -> Texts<'e> {
        match view.data {
            ViewData::Constant(Value::Text(text)) => Texts::One(text),
            ViewData::Rows(DataRef::Text { codes, dictionary }) => Texts::Each(codes, dictionary),
            _ => Texts::One(""),
        }
    }

    /// Rows without a value have code 0, which an empty dictionary does not know.
    pub fn get(&self, row: usize) -> &'e str {
        match self {
            Texts::One(text) => text,
            Texts::Each(_, dictionary) if dictionary.is_empty() => "",
            Texts::Each(codes, dictionary) => dictionary.text(codes[row]),
        }
    }
}

pub(super) fn compare(op: CompareOp, a: &View<'_>, b: &View<'_>, rows: usize) -> Vec<bool> {
    match (Texts::of(a), Texts::of(b)) {
        (Texts::Each(codes, dictionary), Texts::One(text)) => {
            with_literal(op, codes, dictionary, text)
        }
        (Texts::One(text), Texts::Each(codes, dictionary)) => {
            with_literal(op.flipped(), codes, dictionary, text)
        }
        (Texts::Each(a, a_dictionary), Texts::Each(b, b_dictionary))
            if is_equality(op) && Arc::ptr_eq(a_dictionary, b_dictionary) =>
        {
            sides(op, &Side::Each(a.into()), &Side::Each(b.into()), rows)
        }
        (a, b) => (0..rows).map(|row| op.holds(a.get(row).cmp(b.get(row)))).collect(),
    }
}

fn with_literal(op: CompareOp, codes: &[u32], dictionary: &Dictionary, text: &str) -> Vec<bool> {
    if is_equality(op) {
        return match dictionary.code(text) {
            Some(code) => sides(op, &Side::Each(codes.into()), &Side::One(code), codes.len()),
            None => vec![op == CompareOp::NotEqual; codes.len()],
        };
    }
    of_codes(codes, dictionary, |own| op.holds(own.cmp(text)))
}

fn is_equality(op: CompareOp) -> bool {
    matches!(op, CompareOp::Equal | CompareOp::NotEqual)
}

/// A question about each text, asked once per text where there are fewer texts than rows.
pub(super) fn of_codes(
    codes: &[u32],
    dictionary: &Dictionary,
    holds: impl Fn(&str) -> bool,
) -> Vec<bool> {
    if dictionary.is_empty() {
        return vec![false; codes.len()];
    }
    if dictionary.len() > codes.len() {
        return codes.iter().map(|code| holds(dictionary.text(*code))).collect();
    }
    let answers: Vec<bool> =
        (0..dictionary.len()).map(|code| holds(dictionary.text(code as u32))).collect();
    codes.iter().map(|code| answers[*code as usize]).collect()
}

pub(super) fn concatenate<'a>(a: &View<'_>, b: &View<'_>, rows: usize) -> Evaluated<'a> {
    if let (Some(Value::Text(a)), Some(Value::Text(b))) = (a.constant(), b.constant()) {
        return Evaluated::Constant(Value::text(&format!("{a}{b}")));
    }
    let masks = Masks::of(&[*a, *b], rows);
    let (a, b) = (Texts::of(a), Texts::of(b));
    let mut texts = TextBuilder::default();
    let mut text = String::new();
    for row in 0..rows {
        text.clear();
        if masks.has_value(row) {
            text.push_str(a.get(row));
            text.push_str(b.get(row));
        }
        texts.push(&text);
    }
    Evaluated::Owned(masks.column(texts.finish()))
}

/// `part in whole`, for each row.
pub(super) fn contains(part: &View<'_>, whole: &View<'_>, rows: usize) -> Vec<bool> {
    match (Texts::of(part), Texts::of(whole)) {
        (Texts::One(part), Texts::Each(codes, dictionary)) => {
            of_codes(codes, dictionary, |whole| whole.contains(part))
        }
        (Texts::Each(codes, dictionary), Texts::One(whole)) => {
            of_codes(codes, dictionary, |part| whole.contains(part))
        }
        (part, whole) => (0..rows).map(|row| whole.get(row).contains(part.get(row))).collect(),
    }
}

/// A text column in the making.
#[derive(Debug, Default)]
pub(super) struct TextBuilder {
    codes: Vec<u32>,
    dictionary: Dictionary,
}

impl TextBuilder {
    pub fn push(&mut self, text: &str) {
        let code = self.dictionary.intern(text);
        self.codes.push(code);
    }

    pub fn finish(self) -> Data {
        Data::Text { codes: self.codes, dictionary: Arc::new(self.dictionary) }
    }
}
