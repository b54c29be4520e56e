//! Whom an alert is about after a pass, and for whom it is raised.

use super::After;
use super::faults::{FaultPlace, Faults};
use super::outcome::Membership;
use super::segments::only;
use crate::expr::Truth;
use crate::expr::{date_from_days, days_from_date};
use crate::lifecycle::{Duration, NO_DAY};
use crate::metrics::population::{Population, truth};
use crate::program::{Alert, Program};

/// An alert after a pass.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertOutcome {
    /// For whom its condition holds.
    pub members: Membership,
    /// For whom it is raised in this pass: `every` keeps it quiet for a while.
    pub raised: Membership,
    /// Slots whose stored day of raising differs from the one before, in order.
    pub changed: Vec<u32>,
}

/// For whom the condition of an alert holds.
pub fn holders(
    program: &Program,
    population: &Population,
    after: &After,
    alert: usize,
    threads: usize,
) -> Membership {
    Membership::new(found(program, population, after, &program.alerts[alert], threads).holds)
}

/// All alerts; the days on which they were raised go into the standings.
pub(super) fn all(
    program: &Program,
    population: &Population,
    after: &mut After,
    faults: &mut Faults,
    threads: usize,
) -> Vec<AlertOutcome> {
    let today = days_from_date(population.as_of);
    let mut outcomes = Vec::with_capacity(program.alerts.len());
    after.standings.raised_on.resize(program.alerts.len(), Vec::new());
    for (id, alert) in program.alerts.iter().enumerate() {
        let truth = found(program, population, after, alert, threads);
        faults.truth(FaultPlace::Alert(id), &truth);
        let members = Membership::new(truth.holds);
        let raised_on = &mut after.standings.raised_on[id];
        raised_on.resize(members.holds.len(), NO_DAY);
        let (raised, changed) = raise(&members.holds, raised_on, alert.every, today);
        outcomes.push(AlertOutcome { members, raised: Membership::new(raised), changed });
    }
    outcomes
}

/// Raises an alert where its condition holds and it was not raised within `every` (without one:
/// not on this day yet). Where the condition has ended, it begins anew the next time.
fn raise(
    holds: &[bool],
    raised_on: &mut [i32],
    every: Option<Duration>,
    today: i32,
) -> (Vec<bool>, Vec<u32>) {
    let mut changed = Vec::new();
    let mut raised = Vec::with_capacity(holds.len());
    for (slot, (holds, on)) in holds.iter().zip(raised_on).enumerate() {
        let next = if !*holds {
            NO_DAY
        } else if *on == NO_DAY || again_on(*on, every) <= today {
            today
        } else {
            *on
        };
        if next != *on {
            changed.push(slot as u32);
            *on = next;
        }
        raised.push(*holds && next == today);
    }
    (raised, changed)
}

fn again_on(raised_on: i32, every: Option<Duration>) -> i32 {
    let every = every.unwrap_or(Duration::days(1));
    every.after(date_from_days(raised_on), 1).map_or(i32::MAX, days_from_date)
}

fn found(
    program: &Program,
    population: &Population,
    after: &After,
    alert: &Alert,
    threads: usize,
) -> Truth {
    let columns = population.columns(program, &after.columns);
    let rows = population.len();
    let Some((ladder, tier)) = alert.holders else {
        return truth(columns, &alert.when, None, rows, threads);
    };
    let held = after.standings.ladders[ladder].tier.iter();
    let asked: Vec<bool> = held.map(|held| held.tier() == Some(tier)).collect();
    only(truth(columns, &alert.when, Some(&asked), rows, threads), &asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keeps_it_quiet_while_it_goes_on() {
        let every = Some("14 days".parse().expect("a duration"));
        let mut on = vec![NO_DAY];
        let mut day = |holds, today| raise(&[holds], &mut on, every, today).0[0];
        assert!(day(true, 100));
        // The same pass again raises it again and stores nothing new.
        assert!(day(true, 100));
        assert!(!day(true, 113));
        assert!(day(true, 114));
        // It ended and began anew.
        assert!(!day(false, 115));
        assert!(day(true, 116));
        assert_eq!(on, [116]);
    }
}
