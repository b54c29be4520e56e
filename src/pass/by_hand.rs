//! What people do by hand to the standings of customers: holds, releases, tiers that are taken
//! over, reviews that are moved.

use jiff::civil::Date;

use super::outcome::Moved;
use super::{periods, standing_columns};
use crate::expr::{Fault, LadderId};
use crate::lifecycle::{Deed, Move, Standings, TierCode, Transition, by_hand};
use crate::metrics::population::{Population, map};
use crate::program::Program;
use crate::store::CustomerId;

/// Who did it, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    pub by: Option<String>,
    pub reason: Option<String>,
}

/// What is to be done for one customer in one ladder; each of them at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub slot: u32,
    pub deed: Deed,
    pub note: Note,
}

/// What was done in one ladder: events with their notes, in the order of customers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deeds {
    pub events: Vec<Moved>,
    pub notes: Vec<Note>,
}

/// What was done by hand on a date.
#[derive(Debug, Clone)]
pub struct ByHand {
    pub as_of: Date,
    pub customers: Vec<CustomerId>,
    /// As they are after it.
    pub standings: Standings,
    /// By `LadderId`.
    pub ladders: Vec<Deeds>,
}

/// Does what is wanted in each ladder. An error: the review period of that customer cannot be
/// computed.
pub fn do_by_hand(
    program: &Program,
    population: &Population,
    standings: &Standings,
    wanted: Vec<Vec<Wanted>>,
    threads: usize,
) -> Result<ByHand, (LadderId, CustomerId, Fault)> {
    let as_of = population.as_of;
    let customers = population.facts.customers.clone();
    let mut done = ByHand { as_of, customers, standings: standings.clone(), ladders: Vec::new() };
    for (ladder, mut wanted) in wanted.into_iter().enumerate() {
        wanted.sort_by_key(|wanted| wanted.slot);
        let before = &standings.ladders[ladder];
        let mut moves = Vec::new();
        let mut notes = Vec::new();
        for Wanted { slot, deed, note } in wanted {
            if let Some(chosen) = by_hand(&before.get(slot as usize), deed, as_of) {
                moves.push((slot, chosen));
                notes.push(note);
            }
        }
        let transitions = complete(program, population, standings, ladder, &moves, threads);
        let mut events = Vec::with_capacity(moves.len());
        let after = &mut done.standings.ladders[ladder];
        for ((slot, _), transition) in moves.iter().zip(transitions) {
            let customer = &done.customers[*slot as usize];
            let Transition { to, event } =
                transition.map_err(|fault| (ladder, customer.clone(), fault))?;
            let row = *slot as usize;
            let from = before.tier[row];
            // A tier that the pack no longer has stays as it is.
            let code = if to.tier.is_some() { TierCode::new(to.tier) } else { from };
            let tier = code.tier().map(|tier| &program.ladders[ladder].tiers[tier]);
            after.set(row, code, &to, tier.and_then(|tier| tier.review.tick()));
            let event = event.expect("a deed is an event");
            events.push(Moved { slot: *slot, event, from, to: code, fault: None });
        }
        done.ladders.push(Deeds { events, notes });
    }
    Ok(done)
}

/// The moves with the reviews of the periods that begin.
fn complete(
    program: &Program,
    population: &Population,
    standings: &Standings,
    ladder: LadderId,
    moves: &[(u32, Move)],
    threads: usize,
) -> Vec<Result<Transition, Fault>> {
    let columns = standing_columns(program, standings, population.as_of);
    let blocks = map(population.columns(program, &columns), population.len(), threads, |block| {
        let from = moves.partition_point(|(slot, _)| (*slot as usize) < block.rows.start);
        let to = moves.partition_point(|(slot, _)| (*slot as usize) < block.rows.end);
        let year_starts = program.settings.year_starts;
        periods::begin(
            &program.ladders[ladder],
            year_starts,
            block,
            &moves[from..to],
            population.as_of,
        )
    });
    blocks.into_iter().flatten().collect()
}
