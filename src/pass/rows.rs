use super::After;
use crate::expr::LadderId;
use crate::lifecycle::Standing;
use crate::metrics::population::Population;
use crate::store::CustomerId;

/// One customer in one ladder, as lists show them.
#[derive(Debug, Clone, Copy)]
pub struct ListRow<'a> {
    pub customer: &'a CustomerId,
    /// The row of the population's columns: its metrics.
    pub slot: usize,
    pub ladder: LadderId,
    pub standing: Standing,
}

/// Everybody in the given ladders, by customer and then by ladder.
pub fn list_rows<'a>(
    population: &'a Population,
    after: &'a After,
    ladders: &'a [LadderId],
) -> impl Iterator<Item = ListRow<'a>> {
    population.facts.customers.iter().enumerate().flat_map(move |(slot, customer)| {
        ladders.iter().map(move |&ladder| ListRow {
            customer,
            slot,
            ladder,
            standing: after.standings.get(ladder, slot),
        })
    })
}
