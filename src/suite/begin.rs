//! The standings with which people begin.

use jiff::civil::Date;

use super::case::Person;
use crate::expr::{Fault, LadderId};
use crate::lifecycle::{Deed, NO_DAY, Standings, TierCode, optional};
use crate::metrics::population::Population;
use crate::pass::{Note, Wanted, do_by_hand, remembered_tiers};
use crate::program::Program;
use crate::store::CustomerId;

/// Nobody holds anything; tiers whose past is asked for are remembered.
pub fn nobody(program: &Program, customers: usize) -> Standings {
    let mut standings = Standings::empty(customers, program.ladders.len(), program.alerts.len());
    let remembered = remembered_tiers(program);
    for (id, ladder) in standings.ladders.iter_mut().enumerate() {
        let column = |tier| match remembered.contains(&(id, tier)) {
            true => vec![NO_DAY; customers],
            false => Vec::new(),
        };
        ladder.left_on = (0..program.ladders[id].tiers.len()).map(column).collect();
    }
    standings
}

/// Since when each of the people, in the order of their slots, holds their tiers.
pub fn tier_since<'a>(
    people: &'a [Person],
    standings: &'a Standings,
) -> impl Fn(LadderId, &CustomerId) -> Option<Date> + Sync + 'a {
    |ladder, customer| {
        let slot = people.iter().position(|person| person.id == *customer)?;
        optional(standings.ladders[ladder].since[slot])
    }
}

/// A review that cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the review of customer {customer} in `{ladder}` cannot be computed: {}",
    fault.words()
)]
pub struct NoReview {
    pub customer: CustomerId,
    pub ladder: String,
    pub fault: Fault,
}

/// What people hold already, taken over as of the population's date. They are in the order of
/// slots; `before`: their standings without it.
pub fn take_over(
    program: &Program,
    people: &[Person],
    population: &Population,
    before: &Standings,
) -> Result<Standings, NoReview> {
    let mut wanted = vec![Vec::new(); program.ladders.len()];
    for (slot, person) in (0..).zip(people) {
        for held in &person.standings {
            let since = held.since.unwrap_or(population.as_of);
            let deed = Deed::Adopt { tier: held.tier, since, review_on: held.review_on };
            wanted[held.ladder].push(Wanted { slot, deed, note: Note::default() });
        }
    }
    let done = do_by_hand(program, population, before, wanted, 1);
    let done =
        done.map_err(|(ladder, customer, fault)| no_review(program, ladder, customer, fault));
    let mut standings = done?.standings;
    for (slot, person) in people.iter().enumerate() {
        for held in person.standings.iter().filter(|held| held.grace_until.is_some()) {
            let ladder = &mut standings.ladders[held.ladder];
            let mut standing = ladder.get(slot);
            standing.grace_until = held.grace_until;
            ladder.set(slot, TierCode::new(standing.tier), &standing, None);
        }
    }
    Ok(standings)
}

pub(super) fn no_review(
    program: &Program,
    ladder: LadderId,
    customer: CustomerId,
    fault: Fault,
) -> NoReview {
    NoReview { customer, ladder: program.ladders[ladder].name.clone(), fault }
}
