//! What a date of a case left behind: what happened to its own customer, and why.

use super::run::OWN;
use crate::criteria::Requirement;
use crate::explain::{Explanation, explain};
use crate::expr::LadderId;
use crate::lifecycle::{Event, Standings};
use crate::pass::{About, After, Moved, PassOutcome, columns_before};
use crate::program::Program;
use crate::source::Sources;

/// What a pass of a case left behind.
pub(super) struct Seen<'a> {
    pub program: &'a Program,
    pub texts: &'a Sources,
    pub before: &'a Standings,
    /// What was done by hand on that date.
    pub by_hand: &'a [(LadderId, Moved)],
    pub outcome: &'a PassOutcome,
}

impl<'a> Seen<'a> {
    /// What happened to the customer in ladders, by hand first.
    pub fn moves(&self) -> impl Iterator<Item = (LadderId, &Moved)> {
        let by_hand = self.by_hand.iter().map(|(ladder, moved)| (*ladder, moved));
        let ladders = self.outcome.ladders.iter().enumerate();
        let passed =
            ladders.flat_map(|(ladder, it)| it.events.iter().map(move |moved| (ladder, moved)));
        by_hand.chain(passed).filter(|(_, moved)| moved.slot as usize == OWN)
    }

    /// Every event of the customer, and the name of what it is about.
    pub fn events(&self) -> Vec<(Event, &'a str)> {
        let program = self.program;
        let mut events: Vec<(Event, &str)> = self
            .moves()
            .map(|(ladder, moved)| (moved.event, program.ladders[ladder].name.as_str()))
            .collect();
        let noticed = self.outcome.noticed.events.iter().filter(|it| it.slot as usize == OWN);
        events.extend(noticed.map(|it| {
            let about = match it.about {
                About::Segment(segment) => &program.segments[segment].name,
                About::Alert(alert) => &program.alerts[alert].name,
            };
            (it.event, about.as_str())
        }));
        events
    }

    /// The comparisons that decided what happened in a ladder: what each measures, and its text.
    pub fn because(&self, ladder: LadderId) -> Vec<(String, String)> {
        let outcome = &self.outcome.ladders[ladder];
        let mut decided = Vec::new();
        for (at, moved) in outcome.events.iter().enumerate() {
            if moved.slot as usize != OWN {
                continue;
            }
            let Some((grounds, measured)) = outcome.because.get(at) else { continue };
            let condition = outcome.because.grounds()[grounds].condition(self.program);
            let requirement = Requirement::of(condition);
            let leaves = requirement.leaves();
            for place in requirement.deciding(&met(measured)) {
                let (leaf, _) = &leaves[place];
                let subject = leaf.sides(self.program).subject(self.program, self.texts);
                decided.push((subject, leaf.text(self.program, self.texts)));
            }
        }
        decided
    }

    /// The customer as the criteria saw them: with the standings before the pass.
    pub fn explain(&self) -> Explanation<'a> {
        let PassOutcome { population, after, .. } = self.outcome;
        let columns = columns_before(self.program, self.before, population.as_of);
        let after = After { columns, ..after.clone() };
        explain(self.program, self.texts, population, &after, OWN)
    }
}

/// Whether each comparison is met, of what [`Comparisons::record`](crate::criteria::Comparisons::record) wrote.
fn met(measured: &str) -> Vec<bool> {
    let parsed: Vec<serde_json::Value> = serde_json::from_str(measured).unwrap_or_default();
    parsed.iter().map(|comparison| comparison[0] == 1).collect()
}
