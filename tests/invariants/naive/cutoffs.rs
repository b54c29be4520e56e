//! Values over the population, and for how long a ladder holds them.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::look::{Look, Numbers};
use super::review::first_after;
use crate::model::{Condition, Cutoffs as Cadence, Ladder, Metric, Pack, Window, Won};

/// Every value that was ever taken to be held, and those of this pass.
#[derive(Debug, Clone, Default)]
pub struct Cutoffs {
    held: Vec<HeldValue>,
    now: Vec<HeldValue>,
}

#[derive(Debug, Clone)]
pub struct HeldValue {
    pub of: Definition,
    pub taken_on: Date,
    pub until: Option<Date>,
    counted_from: Date,
    pub value: Value,
}

/// What a value is of: where this is the same, it is the same value.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub ladder: &'static str,
    pub what: What,
    cadence: Cadence,
    exclude_ties: bool,
    population: Option<i64>,
    windows: Vec<Window>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    TopPercent(i64, Vec<Metric>),
    TopCount(i64, Vec<Metric>),
    Average(Metric),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A top: the lowest that was in it.
    Border(Option<Vec<i64>>),
    /// A top of everybody who counts.
    Everybody,
    /// In millionths of what is measured.
    Number(i128),
}

/// The ladder, when a value was taken, until when it is held, of a top whether somebody was in it,
/// and the value: of a top the lowest measure, 0 where nobody was.
pub type Told = (String, Date, Date, Option<bool>, String);

impl HeldValue {
    /// `None` for what is of one pass only.
    pub fn told(&self) -> Option<Told> {
        let (inside, value, millionths) = match (&self.value, &self.of.what) {
            (Value::Number(number), _) => (None, *number, 1),
            (Value::Border(border), What::TopPercent(_, by) | What::TopCount(_, by)) => {
                let lowest = border.as_ref().map_or(0, |border| border[0]);
                (Some(border.is_some()), i128::from(lowest), millionths(by[0]))
            }
            _ => return None,
        };
        let value = Decimal::from_i128_with_scale(value * millionths, 6).normalize();
        Some((self.of.ladder.to_owned(), self.taken_on, self.until?, inside, value.to_string()))
    }
}

impl Cutoffs {
    /// What is in force in the pass.
    pub fn now(&self) -> &[HeldValue] {
        &self.now
    }

    /// Takes the values that a pass needs, or keeps those that are held.
    pub fn take(&mut self, pack: &Pack, numbers: &[Numbers], as_of: Date) {
        self.now.clear();
        for ladder in &pack.ladders {
            for what in wanted(ladder) {
                let of = definition(pack, ladder, what);
                if self.now.iter().any(|value| value.of == of) {
                    continue;
                }
                let before = self.held.iter().rev().find(|held| held.of == of).cloned();
                let in_force =
                    before.clone().filter(|held| held.until.is_some_and(|it| as_of < it));
                let value = in_force.unwrap_or_else(|| {
                    let counted_from = before.map_or(as_of, |before| before.counted_from);
                    let value = value(pack, ladder, &of.what, numbers);
                    let until = match ladder.cutoffs {
                        _ if value == Value::Everybody => None,
                        Cadence::Daily => None,
                        Cadence::Tick(crate::model::Tick::Daily) => None,
                        Cadence::Tick(tick) => Some(tick.after(as_of)),
                        Cadence::Every(length) => Some(first_after(counted_from, length, as_of)),
                    };
                    HeldValue { of, taken_on: as_of, until, counted_from, value }
                });
                if value.until.is_some() && value.taken_on == as_of {
                    self.held.push(value.clone());
                }
                self.now.push(value);
            }
        }
    }

    pub fn holds(&self, look: &Look<'_>, ladder: &Ladder, condition: &Condition) -> bool {
        what_of(condition).is_some_and(|what| self.decides(look, ladder, what))
    }

    /// Whether somebody is in a tier's share.
    pub fn in_share(&self, look: &Look<'_>, ladder: &Ladder, tier: usize) -> bool {
        self.decides(look, ladder, share(ladder, tier))
    }

    fn decides(&self, look: &Look<'_>, ladder: &Ladder, what: What) -> bool {
        let of = definition(look.pack, ladder, what);
        let value = &self.now.iter().find(|value| value.of == of).expect("it was taken").value;
        let own = look.own();
        match (value, &of.what) {
            (Value::Number(average), What::Average(metric)) => {
                i128::from(own.of(*metric)) * millionths(*metric) >= *average
            }
            (Value::Everybody, _) => counts(look.pack, own),
            (Value::Border(Some(border)), What::TopPercent(_, by) | What::TopCount(_, by)) => {
                counts(look.pack, own) && measure(own, by) >= *border
            }
            _ => false,
        }
    }
}

fn wanted(ladder: &Ladder) -> Vec<What> {
    let mut wanted = Vec::new();
    for (rank, tier) in ladder.tiers.iter().enumerate() {
        let mut conditions: Vec<&Condition> = tier.keep.iter().collect();
        match &tier.won {
            Won::Enter(enter) => conditions.push(enter),
            Won::Share(_) => wanted.push(share(ladder, rank)),
        }
        let parts = conditions.into_iter().flat_map(Condition::parts);
        wanted.extend(parts.filter_map(what_of));
    }
    wanted
}

pub fn what_of(condition: &Condition) -> Option<What> {
    match condition {
        Condition::TopPercent(percent, metric) => Some(What::TopPercent(*percent, vec![*metric])),
        Condition::TopCount(count, metric) => Some(What::TopCount(*count, vec![*metric])),
        Condition::AboveAverage(metric) => Some(What::Average(*metric)),
        _ => None,
    }
}

/// `share: s` is the top of the sum of the shares down to this tier.
pub fn share(ladder: &Ladder, rank: usize) -> What {
    let share = |tier: &crate::model::Tier| match tier.won {
        Won::Share(share) => share,
        Won::Enter(_) => Some(0),
    };
    let shares: Option<Vec<i64>> = ladder.tiers[..=rank].iter().map(share).collect();
    let percent = shares.map_or(100, |shares| shares.iter().sum());
    What::TopPercent(percent, ladder.rank_by.clone())
}

fn definition(pack: &Pack, ladder: &Ladder, what: What) -> Definition {
    let metrics: &[Metric] = match &what {
        What::TopPercent(_, by) | What::TopCount(_, by) => by,
        What::Average(metric) => std::slice::from_ref(metric),
    };
    let counted = pack.population.map(|_| pack.order_count);
    let window = |metric: &Metric| match metric {
        Metric::Spend => pack.spend,
        Metric::OrderCount => pack.order_count,
        Metric::Visits => pack.visits,
        Metric::DaysAway => Window::Lifetime,
    };
    Definition {
        ladder: ladder.name,
        cadence: ladder.cutoffs,
        exclude_ties: ladder.exclude_ties,
        population: pack.population,
        windows: metrics.iter().map(window).chain(counted).collect(),
        what,
    }
}

fn counts(pack: &Pack, numbers: &Numbers) -> bool {
    pack.population.is_none_or(|orders| numbers.order_count >= orders)
}

fn measure(numbers: &Numbers, by: &[Metric]) -> Vec<i64> {
    by.iter().map(|metric| numbers.of(*metric)).collect()
}

fn millionths(metric: Metric) -> i128 {
    if metric == Metric::Spend { 10_000 } else { 1_000_000 }
}

fn value(pack: &Pack, ladder: &Ladder, what: &What, numbers: &[Numbers]) -> Value {
    let members: Vec<&Numbers> = numbers.iter().filter(|it| counts(pack, it)).collect();
    let size = members.len() as i64;
    let (wanted, by) = match what {
        What::Average(metric) => {
            let sum: i128 = members.iter().map(|it| i128::from(it.of(*metric))).sum();
            return Value::Number(half_even(sum * millionths(*metric), i128::from(size)));
        }
        What::TopPercent(100, _) => return Value::Everybody,
        What::TopPercent(percent, by) => ((size * percent + 99) / 100, by),
        What::TopCount(count, by) => (size.min(*count), by),
    };
    let mut ranked: Vec<Vec<i64>> = members.iter().map(|it| measure(it, by)).collect();
    ranked.sort_by(|a, b| b.cmp(a));
    let wanted = usize::try_from(wanted).expect("a number of customers");
    let inside: Vec<&Vec<i64>> = match wanted.checked_sub(1) {
        None => Vec::new(),
        Some(_) if ladder.exclude_ties => {
            let next = ranked.get(wanted);
            ranked.iter().filter(|it| next.is_none_or(|next| *it > next)).collect()
        }
        Some(last) => ranked.iter().filter(|it| **it >= ranked[last]).collect(),
    };
    Value::Border(inside.last().map(|last| (*last).clone()))
}

fn half_even(numerator: i128, denominator: i128) -> i128 {
    if denominator == 0 {
        return 0;
    }
    let floor = numerator.div_euclid(denominator);
    let twice = 2 * numerator.rem_euclid(denominator);
    let up = twice > denominator || twice == denominator && floor % 2 != 0;
    floor + i128::from(up)
}
