use super::Operator;
use super::draft::{DROPPED, Draft};
use crate::pack::{
    Literal, ParsedAlert, ParsedBenefit, ParsedColumn, ParsedCondition, ParsedMetric, ParsedPack,
    ParsedPolicy, ParsedSegment, ParsedTier,
};
use crate::source::{Sources, Span};

/// A pack with one small change.
#[derive(Debug, Clone)]
pub struct Mutant {
    pub operator: Operator,
    /// What it belongs to: `` `enter` of tier `club.vip` ``.
    pub place: String,
    /// What is changed, in the texts of the pack.
    pub span: Span,
    /// As it stands in the file, on one line: `spend >= vip_spend`.
    pub before: String,
    /// What it is changed to: `spend > vip_spend`; `(dropped)` where nothing is left.
    pub after: String,
    pub(super) variant: u32,
    pub(super) part: Part,
}

/// What tells a mutant apart, also from those of the same pack with other parameter values.
pub(super) type Key = (Span, Operator, u32, String);

impl Mutant {
    /// What was changed, in one line.
    pub fn description(&self) -> String {
        if self.after == DROPPED {
            return format!("{}: dropped `{}`", self.place, self.before);
        }
        format!("{}: `{}` became `{}`", self.place, self.before, self.after)
    }

    /// File, place, operator and a number that tells mutants at one place apart. The same for the
    /// same texts.
    pub fn id(&self, texts: &Sources) -> String {
        let file = &texts.file(self.span.file).name;
        let at = texts.position(self.span);
        let (from, to) = ((at.line, at.column), (at.end_line, at.end_column));
        let operator = self.operator.name();
        format!("{file}:{}:{}-{}:{}:{operator}:{}", from.0, from.1, to.0, to.1, self.variant)
    }

    pub(super) fn key(&self) -> Key {
        (self.span, self.operator, self.variant, self.place.clone())
    }
}

/// A part of a pack, changed.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Population(ParsedCondition),
    Attribute(usize, Box<ParsedColumn>),
    /// Of a source.
    Column(usize, usize, Box<ParsedColumn>),
    Metric(usize, Box<ParsedMetric>),
    Warn(usize, Literal),
    Defaults(usize, Box<ParsedPolicy>),
    /// Of a ladder.
    Tier(usize, usize, Box<ParsedTier>),
    Benefit(usize, Box<ParsedBenefit>),
    Segment(usize, Box<ParsedSegment>),
    Alert(usize, Box<ParsedAlert>),
}

impl Part {
    /// Puts it where it belongs.
    pub fn put_into(&self, pack: &mut ParsedPack) {
        match self {
            Part::Population(new) => pack.settings.population = Some(new.clone()),
            Part::Attribute(id, new) => {
                if let Some(customers) = &mut pack.customers {
                    customers.columns[*id] = (**new).clone();
                }
            }
            Part::Column(source, id, new) => pack.sources[*source].columns[*id] = (**new).clone(),
            Part::Metric(id, new) => pack.metrics[*id] = (**new).clone(),
            Part::Warn(ladder, new) => pack.ladders[*ladder].warn = Some(new.clone()),
            Part::Defaults(ladder, new) => pack.ladders[*ladder].defaults = (**new).clone(),
            Part::Tier(ladder, id, new) => pack.ladders[*ladder].tiers[*id] = (**new).clone(),
            Part::Benefit(id, new) => pack.benefits[*id] = (**new).clone(),
            Part::Segment(id, new) => pack.segments[*id] = (**new).clone(),
            Part::Alert(id, new) => pack.alerts[*id] = (**new).clone(),
        }
    }
}

/// Gathers the mutants of a pack.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub list: Vec<Mutant>,
}

impl Found {
    /// Adds those of one place; `grow` makes them parts of the pack.
    pub fn add<T>(&mut self, place: &str, drafts: Vec<Draft<T>>, grow: impl Fn(T) -> Part) {
        self.list.extend(drafts.into_iter().map(|draft| {
            let Draft { operator, variant, span, before, after, new: part } = draft.map(&grow);
            Mutant { operator, place: place.to_owned(), span, before, after, variant, part }
        }));
    }
}
