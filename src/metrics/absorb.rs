use std::cmp::Ordering;

use super::accumulators::Accumulators;
use super::kept::{NONE_LARGEST, NONE_SMALLEST, Wide, add_wide_best, add_wide_sum, earlier, later};
use crate::program::Aggregate;

impl Accumulators {
    /// Takes over what another has added up. `slots` translates its slots, `codes` a metric's
    /// text codes; `dictionaries` are those that the codes are translated to.
    pub fn absorb(
        &mut self,
        other: Accumulators,
        slots: impl Fn(u32) -> u32,
        codes: impl Fn(usize, i64) -> i64,
        order: impl Fn(usize, i64, i64) -> Ordering,
    ) {
        let width = self.template.len();
        for (from, theirs) in other.words.chunks_exact(width.max(1)).enumerate() {
            if theirs == self.template {
                continue;
            }
            let to = slots(from as u32);
            self.grow(to as usize + 1);
            let ours = &mut self.words[to as usize * width..][..width];
            for (metric, kept) in self.kept.iter().enumerate() {
                let order = |a, b| order(metric, a, b);
                let (ours, theirs) = (&mut ours[kept.offset..], &theirs[kept.offset..]);
                match kept.aggregate {
                    Aggregate::Count => ours[0] += theirs[0],
                    Aggregate::Percent => {
                        ours[0] += theirs[0];
                        ours[1] += theirs[1];
                    }
                    Aggregate::Sum(_) | Aggregate::Average(_) => {
                        match ours[0].checked_add(theirs[0]) {
                            Some(sum) => ours[0] = sum,
                            None => add_wide_sum(
                                &mut self.wide,
                                (metric as u32, to),
                                Some(i128::from(theirs[0])),
                            ),
                        }
                        if matches!(kept.aggregate, Aggregate::Average(_)) {
                            ours[1] += theirs[1];
                        }
                    }
                    Aggregate::DaysSinceLast => ours[0] = ours[0].max(theirs[0]),
                    Aggregate::DaysSinceFirst => ours[0] = ours[0].min(theirs[0]),
                    Aggregate::Min(_) if theirs[0] != NONE_SMALLEST => {
                        let theirs = codes(metric, theirs[0]);
                        if ours[0] == NONE_SMALLEST || order(theirs, ours[0]).is_lt() {
                            ours[0] = theirs;
                        }
                    }
                    Aggregate::Max(_) if theirs[0] != NONE_LARGEST => {
                        let theirs = codes(metric, theirs[0]);
                        if ours[0] == NONE_LARGEST || order(theirs, ours[0]).is_gt() {
                            ours[0] = theirs;
                        }
                    }
                    Aggregate::First(_) if theirs[0] != NONE_SMALLEST => {
                        let found = (theirs[0], codes(metric, theirs[1]));
                        if earlier(found, (ours[0], ours[1]), order) {
                            (ours[0], ours[1]) = found;
                        }
                    }
                    Aggregate::Last(_) if theirs[0] != NONE_LARGEST => {
                        let found = (theirs[0], codes(metric, theirs[1]));
                        if later(found, (ours[0], ours[1]), order) {
                            (ours[0], ours[1]) = found;
                        }
                    }
                    _ => {}
                }
            }
        }
        for ((metric, slot), wide) in other.wide {
            let key = (metric, slots(slot));
            match wide {
                Wide::Sum(sum) => add_wide_sum(&mut self.wide, key, sum),
                Wide::Best { time, value } => {
                    let aggregate = self.kept[metric as usize].aggregate;
                    add_wide_best(&mut self.wide, key, aggregate, (time, value));
                }
            }
        }
        for ((metric, slot), fault) in other.faults {
            self.add_fault(metric as usize, slots(slot), fault);
        }
        for (metric, (ours, theirs)) in self.kept.iter_mut().zip(other.kept).enumerate() {
            ours.days.absorb(theirs.days, &slots, |day| day);
            ours.numbers.absorb(theirs.numbers, &slots, |value| codes(metric, value));
            ours.wide_numbers.absorb(theirs.wide_numbers, &slots, |value| value);
        }
    }
}
