//! A pass as if everybody were reviewed now.

use jiff::civil::Date;

use crate::expr::days_from_date;
use crate::lifecycle::{NO_DAY, Standings};
use crate::program::Program;

/// The program without time to catch up.
pub(super) fn without_graces(program: &Program) -> Program {
    let mut program = program.clone();
    for ladder in &mut program.ladders {
        ladder.tiers.iter_mut().for_each(|tier| tier.grace = None);
    }
    program
}

/// Makes everybody's review due, and ends the graces that run.
pub(super) fn make_due(program: &Program, standings: &mut Standings, as_of: Date) {
    let today = days_from_date(as_of);
    for (ladder, standings) in program.ladders.iter().zip(&mut standings.ladders) {
        standings.review_now = vec![true; ladder.tiers.len()];
        for until in standings.grace_until.iter_mut().filter(|until| **until != NO_DAY) {
            *until = today.min(*until);
        }
    }
}
