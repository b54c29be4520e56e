//! How many are in each tier and segment.

use super::{Answers, Layer};
use crate::program::Program;

/// By ladder and tier; the last of each ladder are those without a tier.
pub(super) fn tiers(program: &Program, everybody: &Layer) -> Vec<Vec<u64>> {
    let mut counts: Vec<Vec<u64>> =
        program.ladders.iter().map(|ladder| vec![0; ladder.tiers.len() + 1]).collect();
    add(&mut counts, everybody, 0..everybody.customers().len(), 1);
    counts
}

/// The counts by tier and by segment with other customers touched than those of the answers. The
/// cost is that of the touched: everybody is not counted again.
pub(super) fn with_touched(answers: &Answers, touched: &Layer) -> (Vec<Vec<u64>>, Vec<u64>) {
    let below = &answers.everybody;
    let mut counts = answers.tiers.clone();
    if let Some(earlier) = &answers.touched {
        add(&mut counts, below, shadowed(below, earlier), 1);
        add(&mut counts, earlier, 0..earlier.customers().len(), -1);
    }
    add(&mut counts, below, shadowed(below, touched), -1);
    add(&mut counts, touched, 0..touched.customers().len(), 1);
    let segments = below.after.segments.iter().zip(&touched.after.segments);
    let segments = segments.map(|(below_members, above)| {
        let hidden = shadowed(below, touched).filter(|&slot| below_members.holds[slot]).count();
        below_members.count - hidden as u64 + above.count
    });
    (counts, segments.collect())
}

/// The rows of a layer that another hides.
fn shadowed<'a>(below: &'a Layer, above: &'a Layer) -> impl Iterator<Item = usize> + Clone + 'a {
    above.customers().iter().filter_map(|customer| below.population.facts.slot(customer))
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
