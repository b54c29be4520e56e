//! Standings of some customers, and those of some that go over those of everybody.

use super::standings::{LadderStandings, NO_DAY, Standings, TierCode};
use crate::expr::{Merge, Table};

impl Standings {
    /// Those of some customers; `slots` ascend.
    pub fn rows(&self, slots: &[usize]) -> Standings {
        Standings {
            ladders: self.ladders.iter().map(|ladder| ladder.rows(slots)).collect(),
            raised_on: self.raised_on.iter().map(|days| some(days, slots)).collect(),
            segments: self.segments.iter().map(|members| some(members, slots)).collect(),
            asked: self.asked.as_ref().map(|asked| Box::new(asked.rows(slots))),
        }
    }

    /// These, and those of other customers or newer ones of the same, which win; of the same
    /// program, after passes of the same date. `merge` is that of their customers.
    pub fn merged(&self, over: &Standings, merge: &Merge) -> Standings {
        let columns = |below: &[Vec<i32>], over: &[Vec<i32>]| merged(below, over, merge, &NO_DAY);
        let ladders = self.ladders.iter().zip(&over.ladders);
        // What is asked of those who are not asked otherwise is how they are.
        let asked = (self.asked.is_some() || over.asked.is_some()).then(|| {
            let asked = |of: &Standings| match &of.asked {
                Some(asked) => Standings::clone(asked),
                None => of.clone(),
            };
            Box::new(asked(self).merged(&asked(over), merge))
        });
        Standings {
            ladders: ladders.map(|(below, over)| below.merged(over, merge)).collect(),
            raised_on: columns(&self.raised_on, &over.raised_on),
            segments: merged(&self.segments, &over.segments, merge, &false),
            asked,
        }
    }
}

impl LadderStandings {
    fn rows(&self, slots: &[usize]) -> LadderStandings {
        let holds = self.holds.iter().filter_map(|(slot, hold)| {
            let row = slots.binary_search(&(*slot as usize)).ok()?;
            Some((row as u32, *hold))
        });
        LadderStandings {
            last_pass: self.last_pass,
            tier: some(&self.tier, slots),
            since: some(&self.since, slots),
            review_on: some(&self.review_on, slots),
            grace_until: some(&self.grace_until, slots),
            warned_for: some(&self.warned_for, slots),
            left_on: self.left_on.iter().map(|days| some(days, slots)).collect(),
            gone: self.gone.clone(),
            holds: holds.collect(),
            review_now: self.review_now.clone(),
        }
    }

    fn merged(&self, over: &LadderStandings, merge: &Merge) -> LadderStandings {
        let mut gone = self.gone.clone();
        let codes: Vec<TierCode> = over
            .gone
            .iter()
            .map(|name| {
                let known = gone.iter().position(|known| known == name);
                TierCode::gone(known.unwrap_or_else(|| {
                    gone.push(name.clone());
                    gone.len() - 1
                }))
            })
            .collect();
        let tier = |code: &TierCode| code.gone_index().map_or(*code, |gone| codes[gone]);
        let tiers: Vec<TierCode> = over.tier.iter().map(tier).collect();
        let mut holds = Vec::new();
        for (of, from) in [(self, Table::Below), (over, Table::Over)] {
            if of.holds.is_empty() {
                continue;
            }
            let places = merge.places(from);
            let own = of.holds.iter();
            holds.extend(
                own.filter_map(|(slot, hold)| Some((places[*slot as usize]? as u32, *hold))),
            );
        }
        holds.sort_unstable_by_key(|(slot, _)| *slot);
        LadderStandings {
            last_pass: self.last_pass.max(over.last_pass),
            tier: merge.values(&self.tier, &tiers),
            since: merge.values(&self.since, &over.since),
            review_on: merge.values(&self.review_on, &over.review_on),
            grace_until: merge.values(&self.grace_until, &over.grace_until),
            warned_for: merge.values(&self.warned_for, &over.warned_for),
            left_on: merged(&self.left_on, &over.left_on, merge, &NO_DAY),
            gone,
            holds,
            review_now: self.review_now.clone(),
        }
    }
}

fn some<T: Copy>(values: &[T], slots: &[usize]) -> Vec<T> {
    // A column without values says the same of everybody.
    if values.is_empty() { Vec::new() } else { slots.iter().map(|&slot| values[slot]).collect() }
}

/// Columns by something that both have; where one has none yet, it is the usual value.
fn merged<T: Clone>(below: &[Vec<T>], over: &[Vec<T>], merge: &Merge, usual: &T) -> Vec<Vec<T>> {
    let ids = 0..below.len().max(over.len());
    let none = Vec::new();
    let column = |id: usize| {
        let (below, over) = (below.get(id).unwrap_or(&none), over.get(id).unwrap_or(&none));
        merge.values_or(below, over, usual)
    };
    ids.map(column).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::expr::days_from_date;
    use crate::lifecycle::{Hold, Standing, Tick};

    const HOLD: Hold = Hold { tier: Some(0), pins: true, until: None };

    /// Customers 1 to 4: the first two have a tier, the last a hold, the third one that is gone.
    fn everybody() -> Standings {
        let mut all = Standings::empty(4, 1, 1);
        let club = &mut all.ladders[0];
        club.last_pass = days_from_date(date(2026, 2, 4));
        let monthly =
            Standing { tier: Some(0), review_on: Some(date(2026, 3, 1)), ..Standing::default() };
        club.set(0, TierCode::new(Some(0)), &monthly, Some(Tick::Monthly));
        club.set(1, TierCode::new(Some(1)), &Standing { tier: Some(1), ..monthly }, None);
        club.gone = vec!["old".to_owned(), "older".to_owned()];
        club.tier[2] = TierCode::gone(1);
        club.set_hold(3, Some(HOLD));
        club.left_on = vec![vec![10, 11, 12, 13], Vec::new()];
        all.segments = vec![vec![true, false, true, false]];
        all
    }

    #[test]
    fn of_some_customers() {
        let some = everybody().rows(&[1, 3]);
        let club = &some.ladders[0];
        assert_eq!((club.len(), club.last_pass), (2, everybody().ladders[0].last_pass));
        assert_eq!(club.get(0).tier, Some(1));
        assert_eq!((club.hold(0), club.hold(1)), (None, Some(HOLD)));
        assert_eq!(club.left_on, [vec![11, 13], Vec::new()]);
        assert_eq!(some.segments, [[false, false]]);
        // Nobody has an alert yet.
        assert_eq!(some.raised_on, [Vec::<i32>::new()]);
        assert_eq!(everybody().rows(&[0, 1, 2, 3]), everybody());
        assert_eq!(everybody().rows(&[0]).ladders[0].tick(0), Some(Tick::Monthly));
    }

    #[test]
    fn newer_ones_win() {
        let all = everybody();
        // Customer 3 came to a tier, 4 is free, and 5 is new, in a tier that is gone, with a hold.
        let mut newer = Standings::empty(3, 1, 1);
        let club = &mut newer.ladders[0];
        club.last_pass = all.ladders[0].last_pass;
        club.gone = vec!["other".to_owned(), "old".to_owned()];
        club.tier = vec![TierCode::new(Some(1)), TierCode::gone(0), TierCode::gone(1)];
        club.left_on = vec![Vec::new(), vec![20, 21, 22]];
        club.set_hold(2, Some(HOLD));
        newer.raised_on = vec![vec![7, NO_DAY, 7]];
        let merge = Merge::of(&[1, 2, 3, 4], &[3, 4, 5]);
        let both = all.merged(&newer, &merge);
        let club = &both.ladders[0];
        assert_eq!(club.gone, ["old", "older", "other"]);
        let gone = TierCode::gone;
        let tiers = [TierCode::new(Some(0)), TierCode::new(Some(1)), TierCode::new(Some(1))];
        assert_eq!(club.tier, [&tiers[..], &[gone(2), gone(0)]].concat());
        assert_eq!((club.tick(0), club.tick(2)), (Some(Tick::Monthly), None));
        assert_eq!(club.holds, [(4, HOLD)]);
        let none = NO_DAY;
        assert_eq!(club.left_on, [[10, 11, none, none, none], [none, none, 20, 21, 22]]);
        assert_eq!(both.raised_on, [[none, none, 7, none, 7]]);
        assert_eq!(both.segments, [[true, false, false, false, false]]);
        assert_eq!(both.asked, None);
    }

    #[test]
    fn what_is_asked_is_merged_too() {
        let mut all = everybody();
        let newer = all.rows(&[0]);
        all.asked = Some(Box::new(Standings::empty(4, 1, 1)));
        let merge = Merge::of(&[1, 2, 3, 4], &[1]);
        let asked = all.merged(&newer, &merge).asked.expect("somebody is asked otherwise");
        assert_eq!(asked.ladders[0].tier[..2], [TierCode::new(Some(0)), TierCode::NONE]);
        assert_eq!(all.rows(&[0]).asked.map(|asked| asked.ladders[0].len()), Some(1));
    }
}
