//! The things that conditions compare with constants, each once, whatever its layout.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::interval::Interval;
use crate::expr::{Expr, MetricId, SourceId};
use crate::program::Program;
use crate::source::Sources;

pub(super) type TermId = usize;

/// What kind of value a term has; texts, dates and flags are numbers to the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    /// Days since 1970-01-01.
    Date,
    /// 0 or 1.
    Flag,
    /// The number of the text in [`Terms::text`].
    Text,
    /// The place in a ranking that a top cuts, as percent or count: a member of
    /// `top_percent(5, …)` is at 5 or below.
    Rank,
    /// How two values compare: −1, 0 or 1.
    Order,
}

#[derive(Debug, Clone)]
pub(super) struct Term {
    pub kind: Kind,
    /// What it can be by its nature.
    pub interval: Interval,
    /// It is a whole multiple of 10^-places.
    pub places: Option<u32>,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// As a person writes it; `None` where several names are in it.
    pub name: Option<String>,
}

/// The terms of the conditions that are held against each other.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    pub program: &'a Program,
    pub texts: &'a Sources,
    /// Whose rows the conditions read; `None`: customers.
    pub source: Option<SourceId>,
    list: Vec<Term>,
    ids: HashMap<String, TermId>,
    words: Vec<String>,
    /// `if`s around the one that is being unfolded.
    pub(super) unfolding: usize,
    /// What metrics can be; formulas on formulas are looked at once.
    pub(super) metrics: HashMap<MetricId, Interval>,
}

impl<'a> Terms<'a> {
    pub fn new(program: &'a Program, texts: &'a Sources, source: Option<SourceId>) -> Self {
        Self {
            program,
            texts,
            source,
            list: Vec::new(),
            ids: HashMap::new(),
            words: Vec::new(),
            unfolding: 0,
            metrics: HashMap::new(),
        }
    }

    pub fn get(&self, id: TermId) -> &Term {
        &self.list[id]
    }

    /// The id of a term: the same one for the same key.
    pub fn intern(&mut self, key: String, make: impl FnOnce(&mut Self) -> Term) -> TermId {
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let term = make(self);
        let id = self.list.len();
        self.list.push(term);
        self.ids.insert(key, id);
        id
    }

    /// The number that stands for a text.
    pub fn number_of(&mut self, text: &str) -> Decimal {
        let known = self.words.iter().position(|word| word == text);
        let index = known.unwrap_or_else(|| {
            self.words.push(text.to_owned());
            self.words.len() - 1
        });
        Decimal::from(index)
    }

    /// The text of a number that [`Terms::number_of`] gave.
    pub fn text(&self, number: Decimal) -> &str {
        usize::try_from(number).ok().and_then(|index| self.words.get(index)).map_or("", |word| word)
    }

    /// The text of an expression on one line.
    pub fn written(&self, expr: &Expr) -> String {
        self.texts.text(expr.span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The identity of an expression: its tree without places.
pub(super) fn key(expr: &Expr) -> String {
    serde_json::to_string(&expr.node).expect("an expression is plain data")
}
