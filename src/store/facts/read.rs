use std::mem;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::gather::{Gathered, Reader, add_texts, at_rest};
use super::plan::{SourcePlan, plans};
use super::roster::window_spans;
use super::scan::{Adding, Scan};
use super::scripts::RowScripts;
use super::work::{Read, lock};
use super::{Facts, ReadOptions};
use crate::expr::column::Column;
use crate::expr::{MetricId, days_from_date};
use crate::metrics::Accumulators;
use crate::program::Program;
use crate::store::StoreError;

/// Reads everything that a program wants to know from a store, as of a date.
pub fn read_facts(
    program: &Program,
    store: &Path,
    as_of: Date,
    options: &ReadOptions,
) -> Result<Facts, StoreError> {
    at_rest(program, store, options, |reader| read(reader, as_of))
}

fn read(reader: Reader, as_of: Date) -> Result<Facts, StoreError> {
    let (program, options) = (reader.program, reader.options);
    let mut table = reader.table()?;
    let plans = plans(program, as_of);
    let known = table.as_mut().map(|table| Arc::new(mem::take(&mut table.ids)));
    let (mut left, mut attributes) = (None, vec![None; program.attributes.len()]);
    if let Some(mut table) = table {
        left = Some(mem::take(&mut table.left));
        attributes = table.into_attributes(program, as_of);
    }
    let spans: Vec<_> = plans
        .iter()
        .map(|plan| match &known {
            Some(ids) => window_spans(plan, &ids.list, &attributes, options.tier_since),
            None => vec![Arc::default(); plan.windows.len()],
        })
        .collect();
    let take = |place: usize| {
        let scripts = Arc::new(RowScripts::new(&program.scripts, as_of));
        let scan = Scan::new(program, &plans[place], as_of, spans[place].clone(), scripts);
        Adding::new(scan, options.tier_since)
    };
    let last_day = days_from_date(as_of);
    let gathered = reader.scan(&plans, last_day, known.clone(), take)?;
    let Gathered { found, reads, slots, left: mut of_rows } = gathered;
    let (customers, order) = match (found, known) {
        (Some((customers, order)), _) => (customers, Some(order)),
        (None, Some(ids)) => (Arc::unwrap_or_clone(ids).list, None),
        (None, None) => (Vec::new(), None),
    };
    let mut metrics = vec![None; program.metrics.len()];
    for (plan, reads) in plans.iter().zip(reads) {
        for (metric, column) in
            finish(program, plan, reads, &slots, customers.len(), order.as_deref())
        {
            metrics[metric] = Some(column);
        }
    }
    let mut facts = Facts { customers, attributes, metrics, ..Facts::default() };
    if let Some(left) = left {
        of_rows.absorb_left(left);
    }
    of_rows.until(last_day).tell(&mut facts);
    Ok(facts)
}

/// The metrics of one source, from what each thread has added up.
pub(super) fn finish(
    program: &Program,
    plan: &SourcePlan,
    reads: Vec<Read<Adding<'_>>>,
    slots: &[Option<Vec<u32>>],
    customers: usize,
    order: Option<&[u32]>,
) -> Vec<(MetricId, Column)> {
    let mut outcomes = plan.outcomes(program.settings.money_decimals);
    let mut all = Accumulators::new(&plan.aggregates());
    for (Read { taken: Adding { mut scan, .. }, rows }, slots) in reads.into_iter().zip(slots) {
        let theirs = mem::replace(&mut scan.accumulators, Accumulators::new(&[]));
        let rows = lock(&rows);
        let codes: Vec<Option<Vec<u32>>> = plan
            .metrics
            .iter()
            .zip(&mut outcomes)
            .map(|(metric, outcome)| {
                let column = metric.column?;
                let theirs =
                    rows.stored_texts(plan, column).or_else(|| scan.computed.texts(column))?;
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
    all.grow(customers);
    let columns = all.finish(order, &outcomes);
    plan.metrics.iter().map(|metric| metric.metric).zip(columns).collect()
}
