//! The steps of one ladder as columns of numbers.

use tierkeeper::explain::Words;
use tierkeeper::simulate::{LadderStep, Step};

use super::replay::Replay;
use crate::output::money;

/// What a column is of. Tiers of two packs are the same where their ids are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Tier(String),
    NoTier,
    Entered,
    Up,
    Down,
    Flapping,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub key: Key,
    pub title: String,
    /// By step.
    pub numbers: Vec<u64>,
}

impl Column {
    pub fn last(&self) -> u64 {
        self.numbers.last().copied().unwrap_or(0)
    }

    pub fn sum(&self) -> u64 {
        self.numbers.iter().sum()
    }
}

/// The columns of a ladder, tiers first. `None`: the pack does not have it.
pub fn columns(replay: &Replay, ladder: &str, locale: Option<&str>) -> Option<Vec<Column>> {
    let program = &replay.rules.program;
    let words = Words::new(program, locale);
    let id = program.ladders.iter().position(|known| known.name == ladder)?;
    let column = |key: Key, title: &str, number: &dyn Fn(&LadderStep) -> u64| {
        let numbers = replay.steps.iter().map(|step| number(&step.ladders[id])).collect();
        Column { key, title: title.to_owned(), numbers }
    };
    let tiers = program.ladders[id].tiers.iter().enumerate();
    let mut columns: Vec<Column> = tiers
        .map(|(tier, of)| {
            let title = words.title(&of.title, &of.name);
            column(Key::Tier(of.name.clone()), title, &|step| step.tiers[tier])
        })
        .collect();
    columns.extend([
        column(Key::NoTier, "no tier", &|step| step.none),
        column(Key::Entered, "entered", &|step| step.moves.entered),
        column(Key::Up, "up", &|step| step.moves.upgraded),
        column(Key::Down, "down", &|step| step.moves.downgraded + step.moves.left),
        column(Key::Flapping, "flapping", &|step| step.flapping),
    ]);
    Some(columns)
}

/// A column of each of two packs; one of them may not have it.
#[derive(Debug)]
pub struct Pair {
    pub current: Option<Column>,
    pub against: Option<Column>,
}

impl Pair {
    /// The column that is there.
    pub fn any(&self) -> Option<&Column> {
        self.current.as_ref().or(self.against.as_ref())
    }

    pub fn both(&self) -> impl Iterator<Item = &Column> {
        self.current.iter().chain(&self.against)
    }
}

/// The columns of a ladder in both packs: tiers first, in the order of the current pack.
pub fn pairs(current: Option<Vec<Column>>, against: Option<Vec<Column>>) -> Vec<Pair> {
    let is_tier = |pair: &Pair| pair.any().is_some_and(|column| matches!(column.key, Key::Tier(_)));
    let mut against = against.unwrap_or_default();
    let mut pairs = Vec::new();
    for column in current.unwrap_or_default() {
        let place = against.iter().position(|other| other.key == column.key);
        let against = place.map(|place| against.remove(place));
        pairs.push(Pair { current: Some(column), against });
    }
    pairs.extend(against.into_iter().map(|column| Pair { current: None, against: Some(column) }));
    // Those that only the other pack has came last; a tier belongs to the tiers.
    pairs.sort_by_key(|pair| !is_tier(pair));
    let is_empty =
        |pair: &Pair| pair.both().all(|column| column.key == Key::NoTier && column.sum() == 0);
    pairs.retain(|pair| !is_empty(pair));
    pairs
}

/// What benefits cost a year, as people read it: `None` where none declares a cost.
pub fn cost(replay: &Replay, step: &Step) -> Option<String> {
    let program = &replay.rules.program;
    let places = u32::from(program.settings.money_decimals);
    step.cost().map(|cost| match cost {
        Ok(cost) => money(cost, places),
        Err(_) => "too large".to_owned(),
    })
}
