use std::mem;

use super::gather::add_texts;
use super::plan::SourcePlan;
use super::scan::{Adding, TakerScan};
use super::work::{Read, lock};
use crate::expr::MetricId;
use crate::expr::column::Column;
use crate::metrics::Accumulators;
use crate::program::Program;

/// Whom the threads have met.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) customers: usize,
    /// For each in the order of ids the slot in the common list; `None`: the same.
    pub(super) order: Option<&'a [u32]>,
    /// By thread the slots in the common list of each of its customers; `None`: the same.
    pub(super) slots: &'a [Option<Vec<u32>>],
}

impl Found<'_> {
    /// The metrics that one taker wants of one source, from what each thread has added up.
    pub(super) fn finish(
        self,
        program: &Program,
        plan: &SourcePlan,
        (taker, reading): (usize, &SourcePlan),
        reads: &mut [Read<Adding<'_>>],
    ) -> Vec<(MetricId, Column)> {
        let mut outcomes = plan.outcomes(program.settings.money_decimals);
        let mut all = Accumulators::new(&plan.aggregates());
        for (Read { taken, rows }, slots) in reads.iter_mut().zip(self.slots) {
            let TakerScan { scan, columns, .. } = &mut taken.scans[taker];
            let theirs = mem::replace(&mut scan.accumulators, Accumulators::new(&[]));
            let rows = lock(rows);
            let codes: Vec<Option<Vec<u32>>> = plan
                .metrics
                .iter()
                .zip(&mut outcomes)
                .map(|(metric, outcome)| {
                    let column = metric.column?;
                    let stored = columns[column].and_then(|read| rows.stored_texts(reading, read));
                    let theirs = stored.or_else(|| scan.computed.texts(column))?;
                    match &mut outcome.dictionary {
                        Some(texts) => Some(add_texts(texts, theirs)),
                        None => {
                            outcome.dictionary = Some(theirs.clone());
                            None
                        }
                    }
                })
                .collect();
            if all.is_empty() && slots.is_none() && codes.iter().all(Option::is_none) {
                all = theirs;
                continue;
            }
            all.absorb(
                theirs,
                |slot| slots.as_ref().map_or(slot, |slots| slots[slot as usize]),
                |metric, code| match &codes[metric] {
                    Some(codes) => i64::from(codes[code as usize]),
                    None => code,
                },
                |metric, a, b| match &outcomes[metric].dictionary {
                    Some(texts) => texts.text(a as u32).cmp(texts.text(b as u32)),
                    None => a.cmp(&b),
                },
            );
        }
        all.grow(self.customers);
        let columns = all.finish(self.order, &outcomes);
        plan.metrics.iter().map(|metric| metric.metric).zip(columns).collect()
    }
}
