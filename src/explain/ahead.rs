//! The next date on which something can change, and what happens then if no further fact comes.

use jiff::civil::Date;

use super::{Explanation, LadderExplanation};
use crate::lifecycle::{Event, Standing};
use crate::pass::PassOutcome;

/// What a pass brings on the next date on which a standing can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextChange {
    pub on: Date,
    /// `None`: nothing that is worth an event.
    pub event: Option<Event>,
    /// The standing after it.
    pub to: Standing,
}

impl Explanation<'_> {
    /// Finds out what comes next in each ladder. `pass` decides everybody as of a later date from
    /// the stored standings and the facts that there are today.
    pub fn look_ahead<E>(
        &mut self,
        slot: usize,
        pass: impl Fn(Date) -> Result<PassOutcome, E>,
    ) -> Result<(), E> {
        let mut passes: Vec<(Date, PassOutcome)> = Vec::new();
        for ladder in &mut self.ladders {
            let Some(on) = next_date(&ladder.standing, self.as_of) else { continue };
            if !passes.iter().any(|(date, _)| *date == on) {
                passes.push((on, pass(on)?));
            }
            let outcome = passes.iter().find(|(date, _)| *date == on);
            ladder.next_change = outcome.map(|(_, outcome)| ladder.comes_to(slot, on, outcome));
        }
        Ok(())
    }
}

/// The first date on which the standing itself says that something can change.
fn next_date(standing: &Standing, as_of: Date) -> Option<Date> {
    let hold_until = standing.hold.and_then(|hold| hold.until);
    let dates = [standing.review_on, standing.grace_until, hold_until];
    dates.into_iter().flatten().filter(|date| *date > as_of).min()
}

impl LadderExplanation {
    fn comes_to(&self, slot: usize, on: Date, outcome: &PassOutcome) -> NextChange {
        let events = outcome.ladders[self.ladder].events.iter();
        let own = events.filter(|moved| moved.slot as usize == slot).map(|moved| moved.event);
        NextChange {
            on,
            // That a hold ends says less than what it leads to.
            event: own.max_by_key(|event| *event != Event::HoldEnded),
            to: outcome.after.standings.get(self.ladder, slot),
        }
    }
}
