//! What events rest on: the comparisons of a condition, with what each measured.

use super::outcome::Moved;
use super::{About, LadderOutcome, Noticed};
use crate::criteria::{Comparisons, Recorded};
use crate::expr::{Condition, Expr, LadderId, SegmentId, TierId};
use crate::lifecycle::Event;
use crate::metrics::population::{BLOCK_ROWS, Population, StandingColumns, map};
use crate::program::{Program, SegmentRule};

/// The condition that an event rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grounds {
    Enter(LadderId, TierId),
    Keep(LadderId, TierId),
    Segment(SegmentId),
    /// An index into the program's alerts.
    Alert(usize),
}

/// What each of a list of events rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Because {
    /// Every condition that an event rests on, once.
    grounds: Vec<Grounds>,
    /// By event; `None`: on nothing of the pack's.
    of: Vec<Option<Place>>,
    /// As they were recorded, block by block.
    texts: Vec<Recorded>,
}

/// Where it stands what an event rests on: indices of its grounds, of a block of texts, and of the
/// text in it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    grounds: u32,
    block: u32,
    text: u32,
}

impl Grounds {
    pub fn condition(self, program: &Program) -> &Condition<Expr> {
        let tier = |ladder: LadderId, tier: TierId| &program.ladders[ladder].tiers[tier];
        match self {
            Grounds::Enter(ladder, id) => &tier(ladder, id).enter,
            Grounds::Keep(ladder, id) => {
                let tier = tier(ladder, id);
                tier.keep.as_ref().unwrap_or(&tier.enter)
            }
            Grounds::Alert(alert) => &program.alerts[alert].when,
            Grounds::Segment(segment) => match &program.segments[segment].rule {
                SegmentRule::When(when) => when,
                SegmentRule::Near { ladder, tier, .. } => {
                    &program.ladders[*ladder].tiers[*tier].enter
                }
            },
        }
    }
}

impl Because {
    /// The grounds of an event, as an index into [`Because::grounds`], and what was measured as
    /// [`Comparisons::record`] writes it.
    pub fn get(&self, event: usize) -> Option<(usize, &str)> {
        let Place { grounds, block, text } = (*self.of.get(event)?)?;
        Some((grounds as usize, self.texts[block as usize].get(text as usize)))
    }

    /// Every condition that an event rests on, once.
    pub fn grounds(&self) -> &[Grounds] {
        &self.grounds
    }

    /// `events`: customers (ascending where the grounds are the same) and their grounds.
    fn of(
        program: &Program,
        population: &Population,
        columns: &StandingColumns,
        events: &[(u32, Option<Grounds>)],
        threads: usize,
    ) -> Self {
        let mut lists: Vec<(Grounds, Vec<(u32, usize)>)> = Vec::new();
        for (event, (slot, grounds)) in events.iter().enumerate() {
            let Some(grounds) = grounds else { continue };
            match lists.iter_mut().find(|(known, _)| known == grounds) {
                Some((_, list)) => list.push((*slot, event)),
                None => lists.push((*grounds, vec![(*slot, event)])),
            }
        }
        let mut because = Self { of: vec![None; events.len()], ..Self::default() };
        for (grounds, list) in lists {
            let comparisons = Comparisons::of(program, grounds.condition(program));
            if comparisons.is_empty() {
                continue;
            }
            let columns = population.columns(program, columns);
            let blocks = map(columns, population.len(), threads, |block| {
                let from = list.partition_point(|(slot, _)| (*slot as usize) < block.rows.start);
                let to = list.partition_point(|(slot, _)| (*slot as usize) < block.rows.end);
                let mut asked = vec![false; block.rows.len()];
                for (slot, _) in &list[from..to] {
                    asked[*slot as usize - block.rows.start] = true;
                }
                comparisons.record(block, &asked)
            });
            let first = because.texts.len();
            let mut last: Option<(u32, Place)> = None;
            for (slot, event) in list {
                let block = (first + slot as usize / BLOCK_ROWS) as u32;
                let text = match last {
                    // One text for a customer, however many events rest on it.
                    Some((before, place)) if before == slot => place.text,
                    Some((_, place)) if place.block == block => place.text + 1,
                    _ => 0,
                };
                let place = Place { grounds: because.grounds.len() as u32, block, text };
                because.of[event] = Some(place);
                last = Some((slot, place));
            }
            because.texts.extend(blocks);
            because.grounds.push(grounds);
        }
        because
    }

    /// What the moves in a ladder rest on.
    pub(super) fn moved(
        program: &Program,
        population: &Population,
        before: &StandingColumns,
        (ladder, outcome): (LadderId, &LadderOutcome),
        threads: usize,
    ) -> Self {
        let grounds = |moved: &Moved| grounds(program, ladder, outcome, moved);
        let events: Vec<_> =
            outcome.events.iter().map(|moved| (moved.slot, grounds(moved))).collect();
        Self::of(program, population, before, &events, threads)
    }

    /// What segments and alerts rest on.
    pub(super) fn noticed(
        program: &Program,
        population: &Population,
        after: &StandingColumns,
        noticed: &[Noticed],
        threads: usize,
    ) -> Self {
        let grounds = |noticed: &Noticed| match noticed.about {
            About::Segment(segment) => Grounds::Segment(segment),
            About::Alert(alert) => Grounds::Alert(alert),
        };
        let events: Vec<_> =
            noticed.iter().map(|noticed| (noticed.slot, Some(grounds(noticed)))).collect();
        Self::of(program, population, after, &events, threads)
    }
}

/// What decided a move. Nothing of the pack's where a hold did, or where there is a fault.
fn grounds(
    program: &Program,
    ladder: LadderId,
    outcome: &LadderOutcome,
    moved: &Moved,
) -> Option<Grounds> {
    let earned = outcome.earned[moved.slot as usize].tier();
    let (from, to) = (moved.from.tier(), moved.to.tier());
    match moved.event {
        Event::Entered | Event::Upgraded | Event::Migrated => {
            to.filter(|_| earned == to).map(|tier| Grounds::Enter(ladder, tier))
        }
        Event::Retained | Event::GraceRecovered => match (to?, earned) {
            (held, Some(earned)) if earned <= held => Some(Grounds::Enter(ladder, earned)),
            (held, _) => {
                let has_keep = program.ladders[ladder].tiers[held].keep.is_some();
                has_keep.then_some(Grounds::Keep(ladder, held))
            }
        },
        Event::Downgraded | Event::Left | Event::GraceStarted | Event::Expiring => {
            from.map(|tier| match program.ladders[ladder].tiers[tier].keep {
                Some(_) => Grounds::Keep(ladder, tier),
                None => Grounds::Enter(ladder, tier),
            })
        }
        _ => None,
    }
}
