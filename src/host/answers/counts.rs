//! How many are in each tier and segment.

use super::Layer;
use crate::lifecycle::Standings;
use crate::program::Program;

/// By ladder and tier; the last of each ladder are those without a tier.
pub(super) fn tiers(program: &Program, standings: &Standings) -> Vec<Vec<u64>> {
    let empty = program.ladders.iter().map(|ladder| vec![0; ladder.tiers.len() + 1]);
    let mut counts: Vec<Vec<u64>> = empty.collect();
    for (ladder, counts) in standings.ladders.iter().zip(&mut counts) {
        let none = counts.len() - 1;
        for code in &ladder.tier {
            counts[code.tier().unwrap_or(none)] += 1;
        }
    }
    counts
}

/// The counts by tier and by segment where some customers are shadowed.
pub(super) fn with_touched(everybody: &Layer, touched: &Layer) -> (Vec<Vec<u64>>, Vec<u64>) {
    let mut tiers = everybody.tiers.clone();
    let shadowed: Vec<usize> = touched
        .customers()
        .iter()
        .chain(&touched.gone)
        .filter_map(|customer| everybody.population.facts.slot(customer))
        .collect();
    let below = &everybody.after.standings.ladders;
    for ((counts, below), above) in tiers.iter_mut().zip(below).zip(&touched.tiers) {
        let none = counts.len() - 1;
        for &slot in &shadowed {
            counts[below.tier[slot].tier().unwrap_or(none)] -= 1;
        }
        counts.iter_mut().zip(above).for_each(|(count, above)| *count += above);
    }
    let segments = everybody.after.segments.iter().zip(&touched.after.segments);
    let segments = segments.map(|(below, above)| {
        let hidden = shadowed.iter().filter(|&&slot| below.holds[slot]).count() as u64;
        below.count - hidden + above.count
    });
    (tiers, segments.collect())
}
