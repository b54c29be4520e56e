use std::mem;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::customer::CustomerId;
use super::gather::{Gathered, Reader, add_texts, at_rest};
use super::left::LeftByDay;
use super::plan::SourcePlan;
use super::roster::window_spans;
use super::scan::{Adding, Scan, TakerScan};
use super::scripts::RowScripts;
use super::shared::{Taker, share_a_reading, shared_sources};
use super::work::{Read, lock};
use super::{Facts, ReadOptions};
use crate::expr::column::Column;
use crate::expr::{LadderId, MetricId, days_from_date};
use crate::metrics::Accumulators;
use crate::program::Program;
use crate::store::StoreError;

/// A program that asks for facts.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    pub program: &'a Program,
    /// Since when a customer has held the tier they are in, for `within: tier LADDER`.
    pub tier_since: &'a (dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync),
}

/// Reads everything that a program wants to know from a store, as of a date.
pub fn read_facts(
    program: &Program,
    store: &Path,
    as_of: Date,
    options: &ReadOptions,
) -> Result<Facts, StoreError> {
    let asking = [Asking { program, tier_since: options.tier_since }];
    let facts = at_rest(store, options, |reader| read(reader, &asking, as_of))?;
    Ok(facts.into_iter().next().expect("one program gets its facts"))
}

/// Reads what several programs want to know of one moment of a store, by program: what
/// [`read_facts`] gives each of them. `options.tier_since` is not asked.
///
/// Rows are read once for all of them, and what metrics of the first come to is not added up again
/// for others of the same definition. Only where that could tell one of them something else, each
/// has a reading of its own: where they have another time zone, other decimals of money or another
/// customers table; without such a table, where they have other sources, for then whoever has a row
/// in one is a customer; and where rows cannot be read, for only those that read a bad column skip
/// its row.
pub fn read_facts_together(
    programs: &[Asking],
    store: &Path,
    as_of: Date,
    options: &ReadOptions,
) -> Result<Vec<Facts>, StoreError> {
    let all: Vec<&Program> = programs.iter().map(|asking| asking.program).collect();
    let together = share_a_reading(&all);
    at_rest(store, options, |reader| {
        if together {
            match read(reader, programs, as_of) {
                Ok(facts) if facts.iter().all(|facts| facts.bad_rows == 0) => return Ok(facts),
                Ok(_) | Err(StoreError::UnreadableRow { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let mut facts = Vec::new();
        for asking in programs {
            facts.extend(read(reader, &[*asking], as_of)?);
        }
        Ok(facts)
    })
}

/// The facts of programs that share a reading.
fn read(reader: &mut Reader, asking: &[Asking], as_of: Date) -> Result<Vec<Facts>, StoreError> {
    let programs: Vec<&Program> = asking.iter().map(|asking| asking.program).collect();
    let mut table = reader.table(&programs)?;
    let (sources, in_common) = shared_sources(&programs, as_of);
    let readings: Vec<SourcePlan> = sources.iter().map(|source| source.reading()).collect();
    let known = table.as_mut().map(|table| Arc::new(mem::take(&mut table.ids)));
    let attributes = |(place, program): (usize, &&Program)| match &table {
        Some(table) => table.attributes(place, program, as_of),
        None => vec![None; program.attributes.len()],
    };
    let mut attributes: Vec<_> = programs.iter().enumerate().map(attributes).collect();
    let spans = |taker: &Taker| match &known {
        Some(ids) => {
            let Taker { program, plan, .. } = taker;
            window_spans(plan, &ids.list, &attributes[*program], asking[*program].tier_since)
        }
        None => vec![Arc::default(); taker.plan.windows.len()],
    };
    // By source and taker.
    let spans: Vec<Vec<_>> =
        sources.iter().map(|source| source.takers.iter().map(spans).collect()).collect();
    let take = |place: usize| {
        let takers = sources[place].takers.iter().zip(&spans[place]);
        let scans = takers.map(|(taker, spans)| {
            let Asking { program, tier_since } = asking[taker.program];
            let scripts = Arc::new(RowScripts::new(&program.scripts, as_of));
            let scan = Scan::new(program, &taker.plan, as_of, spans.clone(), scripts);
            TakerScan { scan, columns: &taker.columns, tier_since }
        });
        Adding::new(&readings[place], scans.collect())
    };
    let last_day = days_from_date(as_of);
    let Some(settings) = programs.first() else { return Ok(Vec::new()) };
    let gathered = reader.scan(settings, &readings, last_day, known.clone(), take)?;
    let Gathered { found, mut reads, slots, left } = gathered;
    let (customers, order) = match (found, known) {
        (Some((customers, order)), _) => (customers, Some(order)),
        (None, Some(ids)) => (Arc::unwrap_or_clone(ids).list, None),
        (None, None) => (Vec::new(), None),
    };
    let found = Found { customers: customers.len(), order: order.as_deref(), slots: &slots };
    let mut all: Vec<Facts> = Vec::new();
    for (place, program) in programs.iter().enumerate() {
        let mut metrics: Vec<Option<Column>> = vec![None; program.metrics.len()];
        let mut of_rows = LeftByDay::default();
        if let Some(table) = &table {
            of_rows.absorb_left(table.left.clone());
        }
        for (number, source) in sources.iter().enumerate() {
            let taker = source.takers.iter().position(|taker| taker.program == place);
            let Some(taker) = taker else { continue };
            of_rows.absorb(left[number].clone());
            let plan = &source.takers[taker].plan;
            let reads = &mut reads[number];
            let columns = found.finish(program, plan, (taker, &readings[number]), reads);
            for (metric, column) in columns {
                metrics[metric] = Some(column);
            }
        }
        for (metric, of_first) in metrics.iter_mut().zip(&in_common[place]) {
            if let Some(of_first) = *of_first {
                metric.clone_from(&all[0].metrics[of_first]);
            }
        }
        let attributes = mem::take(&mut attributes[place]);
        let mut facts = Facts { attributes, metrics, ..Facts::default() };
        of_rows.until(last_day).tell(&mut facts);
        all.push(facts);
    }
    if let Some((last, others)) = all.split_last_mut() {
        others.iter_mut().for_each(|facts| facts.customers.clone_from(&customers));
        last.customers = customers;
    }
    Ok(all)
}

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

impl std::fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asking").field("program", &self.program.name).finish_non_exhaustive()
    }
}
