//! What the summary of a pass warns of, in words.

use rust_decimal::Decimal;

use super::faults::{FaultCount, FaultPlace};
use crate::lifecycle::Standings;
use crate::metrics::population::Population;
use crate::program::Program;

pub(super) fn all(
    program: &Program,
    population: &Population,
    standings: &Standings,
    faults: &[FaultCount],
) -> Vec<String> {
    let mut warnings = crowded(program, population, standings);
    warnings.extend(faults.iter().map(|fault| faulty(program, population, fault)));
    warnings
}

/// Tiers that hold more of the population than the pack wants.
fn crowded(program: &Program, population: &Population, standings: &Standings) -> Vec<String> {
    let mut warnings = Vec::new();
    for (ladder, standings) in program.ladders.iter().zip(&standings.ladders) {
        let mut counts = vec![0_u64; ladder.tiers.len()];
        for (held, counted) in standings.tier.iter().zip(&population.counts) {
            if let (Some(tier), true) = (held.tier(), counted) {
                counts[tier] += 1;
            }
        }
        for (tier, count) in ladder.tiers.iter().zip(counts) {
            let Some(limit) = tier.warn_over else { continue };
            let size = Decimal::from(population.size);
            if Decimal::from(count) * Decimal::ONE_HUNDRED > size * limit {
                let share = (Decimal::from(count) * Decimal::ONE_HUNDRED / size).round_dp(1);
                warnings.push(format!(
                    "`{}.{}` holds {} % of the population ({}), more than {} %",
                    ladder.name,
                    tier.name,
                    share.normalize(),
                    customers(count),
                    limit.normalize(),
                ));
            }
        }
    }
    warnings
}

fn faulty(program: &Program, population: &Population, fault: &FaultCount) -> String {
    let (what, then) = match fault.place {
        FaultPlace::Metric(id) => {
            (format!("metric `{}`", program.metrics[id].name), "has no value")
        }
        FaultPlace::Population => ("`population`".to_owned(), "does not count them"),
        FaultPlace::Ladder(id) => {
            (format!("ladder `{}`", program.ladders[id].name), "keeps their tier")
        }
        FaultPlace::Segment(id) => {
            (format!("segment `{}`", program.segments[id].name), "is without them")
        }
        FaultPlace::Alert(id) => {
            (format!("alert `{}`", program.alerts[id].name), "is without them")
        }
        FaultPlace::Benefit(id) => {
            (format!("the cost of benefit `{}`", program.benefits[id].name), "is without them")
        }
    };
    format!(
        "{what} {then} for {}: {} (customer `{}`, for example)",
        customers(fault.count),
        fault.fault.words(),
        population.facts.customers[fault.example as usize],
    )
}

fn customers(count: u64) -> String {
    format!("{count} {}", if count == 1 { "customer" } else { "customers" })
}
