use super::accumulators::Parts;
use super::finish::Outcome;
use super::kept::{Kept, kept_value};
use crate::expr::column::Column;
use crate::expr::{NEVER_DAYS, Type};
use crate::program::Aggregate;

/// Customers whose words are in the cache while all metrics take theirs.
const BLOCK_ROWS: usize = 1024;

impl Parts {
    /// The columns of those metrics whose words are their values, without any that did not
    /// fit. Block by block: a customer's words come from memory once for all metrics.
    pub(super) fn narrow_columns(
        &self,
        outcomes: &[Outcome],
        customers: usize,
        slot: impl Fn(usize) -> usize,
    ) -> Vec<Option<Column>> {
        let mut columns: Vec<Option<(u8, Vec<i64>)>> = outcomes
            .iter()
            .enumerate()
            .map(|(metric, outcome)| {
                let scale = self.narrow_scale(metric, outcome)?;
                Some((scale, Vec::with_capacity(customers)))
            })
            .collect();
        for start in (0..customers).step_by(BLOCK_ROWS) {
            let rows = start..customers.min(start + BLOCK_ROWS);
            for (metric, (column, outcome)) in columns.iter_mut().zip(outcomes).enumerate() {
                let Some((_, values)) = column else { continue };
                let Kept { aggregate, offset, .. } = self.kept[metric];
                let words = rows.clone().map(|row| &self.words[slot(row) * self.width + offset..]);
                let kept = |words| kept_value(aggregate, words);
                let days = |day: i64| i64::from(outcome.as_of) - day;
                match aggregate {
                    Aggregate::Count | Aggregate::Sum(_) => {
                        values.extend(words.map(|words| words[0]));
                    }
                    Aggregate::DaysSinceLast | Aggregate::DaysSinceFirst => {
                        values.extend(words.map(|words| kept(words).map_or(NEVER_DAYS, days)));
                    }
                    _ => values.extend(words.map(|words| kept(words).unwrap_or(0))),
                }
            }
        }
        columns
            .into_iter()
            .map(|column| column.map(|(scale, values)| Column::narrow(scale, values)))
            .collect()
    }

    /// The decimal places of a metric whose words are its values; `None` for another.
    fn narrow_scale(&self, metric: usize, outcome: &Outcome) -> Option<u8> {
        let is_wide = self.wide.keys().any(|(of, _)| *of as usize == metric);
        if is_wide || outcome.ty != Type::Number {
            return None;
        }
        match self.kept[metric].aggregate {
            Aggregate::Count | Aggregate::DaysSinceLast | Aggregate::DaysSinceFirst => Some(0),
            Aggregate::Sum(_)
            | Aggregate::Min(_)
            | Aggregate::Max(_)
            | Aggregate::First(_)
            | Aggregate::Last(_) => Some(outcome.scale),
            _ => None,
        }
    }
}
