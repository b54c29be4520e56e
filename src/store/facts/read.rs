use std::mem;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::customer::CustomerId;
use super::found::Found;
use super::gather::{Gathered, Reader, Whose, at_rest};
use super::ids::{Ids, MOST_CUSTOMERS, Who};
use super::left::LeftByDay;
use super::plan::SourcePlan;
use super::roster::window_spans;
use super::scan::{Adding, Scan, TakerScan};
use super::scripts::RowScripts;
use super::shared::{Taker, share_a_reading, shared_sources};
use super::work::Read;
use super::{Facts, ReadOptions};
use crate::expr::column::Column;
use crate::expr::{LadderId, days_from_date};
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
    let facts = at_rest(store, options, |reader| read(reader, &asking, as_of, None))?;
    Ok(facts.into_iter().next().expect("one program gets its facts"))
}

/// Reads what [`read_facts`] would give some customers: sorted, each once. Those who are not there
/// for it are left out. Rows without a place to count are not counted.
///
/// Where a table has an index by customer, only their rows are read.
pub fn read_facts_of(
    program: &Program,
    store: &Path,
    as_of: Date,
    options: &ReadOptions,
    customers: &[CustomerId],
) -> Result<Facts, StoreError> {
    let asking = [Asking { program, tier_since: options.tier_since }];
    let mut only = Ids::default();
    for id in customers {
        only.find_or_add(Who::from(id))
            .ok_or(StoreError::TooManyCustomers { limit: MOST_CUSTOMERS })?;
    }
    let only = Arc::new(only);
    let read = |reader: &mut Reader| read(reader, &asking, as_of, Some(&only));
    let facts = at_rest(store, options, read)?.into_iter().next();
    Ok(facts.expect("one program gets its facts"))
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
            match read(reader, programs, as_of, None) {
                Ok(facts) if facts.iter().all(|facts| facts.bad_rows == 0) => return Ok(facts),
                Ok(_) | Err(StoreError::UnreadableRow { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let mut facts = Vec::new();
        for asking in programs {
            facts.extend(read(reader, &[*asking], as_of, None)?);
        }
        Ok(facts)
    })
}

/// The facts of programs that share a reading, or of some customers only.
fn read(
    reader: &mut Reader,
    asking: &[Asking],
    as_of: Date,
    only: Option<&Arc<Ids>>,
) -> Result<Vec<Facts>, StoreError> {
    let programs: Vec<&Program> = asking.iter().map(|asking| asking.program).collect();
    let mut table = reader.table(&programs, only.map(|only| &**only))?;
    let (sources, in_common) = shared_sources(&programs, as_of);
    let readings: Vec<SourcePlan> = sources.iter().map(|source| source.reading()).collect();
    let listed = table.as_mut().map(|table| Arc::new(mem::take(&mut table.ids)));
    let is_listed = listed.is_some();
    let whose = match (listed, only) {
        (Some(ids), None) => Whose::Known(ids),
        (Some(ids), Some(_)) => Whose::Only(ids),
        (None, Some(ids)) => Whose::Only(ids.clone()),
        (None, None) => Whose::Anybody,
    };
    let known = whose.ids();
    // Without a table it is their rows that make customers.
    let to_meet = known.filter(|_| !is_listed).map_or(0, |ids| ids.list.len());
    let attributes = |(place, program): (usize, &&Program)| match &table {
        Some(table) => table.attributes(place, program, as_of),
        None => vec![None; program.attributes.len()],
    };
    let mut attributes: Vec<_> = programs.iter().enumerate().map(attributes).collect();
    let spans = |taker: &Taker| match known {
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
        Adding::new(&readings[place], scans.collect()).meeting(to_meet)
    };
    let last_day = days_from_date(as_of);
    let Some(settings) = programs.first() else { return Ok(Vec::new()) };
    let gathered = reader.scan(settings, &readings, last_day, &whose, take)?;
    let Gathered { found, mut reads, slots, left } = gathered;
    let slots_found = found.as_ref().map_or(0, |(customers, _)| customers.len());
    let slots_known = known.map_or(slots_found, |ids| ids.list.len());
    let (customers, order) = match (found, whose.into_ids()) {
        (Some((customers, order)), _) => (customers, Some(order)),
        (None, Some(ids)) if !is_listed => {
            let met = met(&reads, ids.list.len());
            let customers = met.iter().map(|&slot| ids.list[slot as usize].clone());
            (customers.collect(), Some(met))
        }
        (None, Some(ids)) => (Arc::unwrap_or_clone(ids).list, None),
        (None, None) => (Vec::new(), None),
    };
    let found = Found { customers: slots_known, order: order.as_deref(), slots: &slots };
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
        if only.is_none() {
            of_rows.until(last_day).tell(&mut facts);
        }
        all.push(facts);
    }
    if let Some((last, others)) = all.split_last_mut() {
        others.iter_mut().for_each(|facts| facts.customers.clone_from(&customers));
        last.customers = customers;
    }
    Ok(all)
}

/// The slots of those who have a row, in order.
fn met(reads: &[Vec<Read<Adding>>], customers: usize) -> Vec<u32> {
    let threads = || reads.iter().flatten();
    let is_met = |slot: &u32| threads().any(|read| read.taken.met[*slot as usize]);
    (0..customers as u32).filter(is_met).collect()
}

impl std::fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asking").field("program", &self.program.name).finish_non_exhaustive()
    }
}
