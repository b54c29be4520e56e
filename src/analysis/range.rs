use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::interval::Interval;
use super::literal::{Literal, Test};
use super::terms::Term;

/// Up to so many values are tried one by one.
const FEW_VALUES: i64 = 64;

/// What a term can be where some literals on it hold together.
#[derive(Debug, Clone)]
pub(super) struct Range {
    pub interval: Interval,
    excluded: BTreeSet<Decimal>,
    allowed: Option<BTreeSet<Decimal>>,
}

impl Range {
    /// The range, or the literals (by index) that leave nothing of it.
    pub fn of(term: &Term, literals: &[&Literal]) -> Result<Range, Vec<usize>> {
        let known = !term.nullable || literals.iter().any(|literal| literal.needs_value);
        let mut interval = term.interval;
        let (mut lowest, mut highest) = (None, None);
        let mut allowed: Option<BTreeSet<Decimal>> = None;
        let mut excluded = BTreeSet::new();
        for (index, literal) in literals.iter().enumerate() {
            match &literal.test {
                Test::OneOf(values) => {
                    allowed = Some(match allowed {
                        Some(before) => before.intersection(values).copied().collect(),
                        None => values.clone(),
                    });
                }
                Test::NoneOf(values) => excluded.extend(values.iter().copied()),
                Test::Above(_) | Test::Below(_) => {
                    let tighter = interval.intersect(literal.test.interval());
                    if tighter.low != interval.low {
                        lowest = Some(index);
                    }
                    if tighter.high != interval.high {
                        highest = Some(index);
                    }
                    interval = tighter;
                }
            }
        }
        if let Some(places) = term.places {
            interval = interval.on_grid(places);
        }
        let range = Range { interval, excluded, allowed };
        let ends: Vec<usize> = [lowest, highest].into_iter().flatten().collect();
        if !known {
            return Ok(range);
        }
        if interval.is_empty() {
            return Err(ends);
        }
        if range.allowed.is_some() || range.is_excluded(term.places) {
            range.pick(term, literals, &ends)?;
        }
        Ok(range)
    }

    pub fn may_be(&self, value: Decimal) -> bool {
        self.interval.contains(value)
            && !self.excluded.contains(&value)
            && self.allowed.as_ref().is_none_or(|allowed| allowed.contains(&value))
    }

    /// Whether each of the few values that the ends leave is excluded.
    fn is_excluded(&self, places: Option<u32>) -> bool {
        let (Some(low), Some(high)) = (self.interval.low, self.interval.high) else { return false };
        if let Some(single) = self.interval.single() {
            return self.excluded.contains(&single);
        }
        let Some(places) = places else { return false };
        let step = Decimal::new(1, places);
        let count = ((high.value - low.value) / step).to_i64();
        if self.excluded.is_empty() || !count.is_some_and(|count| (0..FEW_VALUES).contains(&count))
        {
            return false;
        }
        let mut value = low.value;
        while value <= high.value {
            if !self.excluded.contains(&value) {
                return false;
            }
            value += step;
        }
        true
    }

    /// Whether a listed value is left; otherwise the literals that take them all away.
    fn pick(&self, term: &Term, literals: &[&Literal], ends: &[usize]) -> Result<(), Vec<usize>> {
        let fits =
            |value: Decimal| term.places.is_none_or(|places| value.round_dp(places) == value);
        if let Some(allowed) = &self.allowed
            && allowed.iter().any(|value| self.may_be(*value) && fits(*value))
        {
            return Ok(());
        }
        let blamed = |index: &usize| match &literals[*index].test {
            Test::OneOf(_) => true,
            Test::NoneOf(values) => match &self.allowed {
                Some(allowed) => !allowed.is_disjoint(values),
                None => true,
            },
            Test::Above(_) | Test::Below(_) => {
                let outside = literals[*index].test.interval();
                ends.contains(index)
                    && self.allowed.as_ref().is_none_or(|allowed| {
                        allowed.is_empty() || allowed.iter().any(|value| !outside.contains(*value))
                    })
            }
        };
        let mut culprits: Vec<usize> = (0..literals.len()).filter(|index| blamed(index)).collect();
        // Two lists without a common value need no end to be told.
        if self.allowed.as_ref().is_some_and(BTreeSet::is_empty) {
            culprits.retain(|index| matches!(literals[*index].test, Test::OneOf(_)));
        }
        Err(culprits)
    }
}
