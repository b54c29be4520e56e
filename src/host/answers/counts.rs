//! How many are in each tier and segment.

use super::Layer;
use crate::program::Program;

/// By ladder and tier; the last of each ladder are those without a tier.
pub(super) fn tiers(program: &Program, everybody: &Layer) -> Vec<Vec<u64>> {
    let mut counts: Vec<Vec<u64>> =
        program.ladders.iter().map(|ladder| vec![0; ladder.tiers.len() + 1]).collect();
    add(&mut counts, everybody, 0..everybody.customers().len(), 1);
    counts
}

/// The counts by tier and by segment where some customers are shadowed.
pub(super) fn with_touched(
    program: &Program,
    everybody: &Layer,
    touched: &Layer,
) -> (Vec<Vec<u64>>, Vec<u64>) {
    let mut counts = tiers(program, everybody);
    let shadowed: Vec<usize> = touched
        .customers()
        .iter()
        .filter_map(|customer| everybody.population.facts.slot(customer))
        .collect();
    add(&mut counts, everybody, shadowed.iter().copied(), -1);
    add(&mut counts, touched, 0..touched.customers().len(), 1);
    let segments = everybody.after.segments.iter().zip(&touched.after.segments);
    let segments = segments.map(|(below, above)| {
        let hidden = shadowed.iter().filter(|&&slot| below.holds[slot]).count() as u64;
        below.count - hidden + above.count
    });
    let segments = segments.collect();
    (counts, segments)
}

fn add(
    counts: &mut [Vec<u64>],
    layer: &Layer,
    slots: impl Iterator<Item = usize> + Clone,
    sign: i64,
) {
    for (ladder, counts) in layer.after.standings.ladders.iter().zip(counts) {
        let none = counts.len() - 1;
        for slot in slots.clone() {
            let count = &mut counts[ladder.tier[slot].tier().unwrap_or(none)];
            *count = count.strict_add_signed(sign);
        }
    }
}
