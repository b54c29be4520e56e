use std::collections::BTreeMap;
use std::mem;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock::Clock;
use super::ids::{Ids, MOST_CUSTOMERS, Who};
use super::plan::SourcePlan;
use super::relation::Reading;
use super::roster::CustomerTable;
use super::rows::{Roster, RowReader};
use super::scan::Scan;
use super::scripts::RowScripts;
use super::work::{Job, Read, Worker, lock};
use super::{Facts, ReadOptions};
use crate::expr::column::{Column, Dictionary};
use crate::expr::{MetricId, days_from_date};
use crate::metrics::Accumulators;
use crate::program::{AtUnit, Program};
use crate::store::StoreError;
use crate::store::snapshot::Snapshot;

/// How often to read anew when a store that seemed to be at rest was not.
const ATTEMPTS: u32 = 3;

/// More connections gain nothing: the memory's speed is the limit by then.
const MOST_THREADS: usize = 8;

/// Reads everything that a program wants to know from a store, as of a date.
pub fn read_facts(
    program: &Program,
    store: &Path,
    as_of: Date,
    options: &ReadOptions,
) -> Result<Facts, StoreError> {
    for _ in 0..ATTEMPTS {
        let snapshot = Snapshot::take(store, threads(options))?;
        let file = snapshot.file.clone();
        let facts = read_snapshot(program, snapshot, as_of, options);
        if file.is_unchanged() {
            return facts;
        }
    }
    Err(StoreError::Unsteady { path: store.to_owned() })
}

fn threads(options: &ReadOptions) -> usize {
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    let asked = if options.threads == 0 { processors() } else { options.threads };
    asked.min(MOST_THREADS)
}

fn read_snapshot(
    program: &Program,
    snapshot: Snapshot,
    as_of: Date,
    options: &ReadOptions,
) -> Result<Facts, StoreError> {
    let Snapshot { file, connections, schema } = snapshot;
    let zone_name = &program.settings.timezone;
    let zone = TimeZone::get(zone_name)
        .map_err(|_| StoreError::UnknownZone { name: zone_name.clone() })?;
    let clock = |unit| Clock::new(zone.clone(), unit);
    let mut table = match &program.customers {
        Some(customers) => {
            let store = (&file, &schema, &connections[0]);
            let (clock, skip) = (clock(AtUnit::Seconds), options.skip_bad_rows);
            Some(CustomerTable::read(program, customers, store, &clock, as_of, skip)?)
        }
        None => None,
    };
    let plans: Vec<SourcePlan> = (0..program.sources.len())
        .filter_map(|source| SourcePlan::new(program, source, as_of))
        .collect();
    let readings = plans
        .iter()
        .map(|plan| Reading::of_source(&connections[0], &schema, plan))
        .collect::<Result<Vec<_>, _>>()?;
    let starts: Vec<_> = plans
        .iter()
        .map(|plan| match &table {
            Some(table) => table.starts(plan, options.tier_since),
            None => vec![Arc::default(); plan.windows.len()],
        })
        .collect();
    let known = table.as_mut().map(|table| Arc::new(mem::take(&mut table.ids)));
    let job = Job::new(&file, &plans, &readings, connections.len(), options);
    let workers = thread::scope(|scope| {
        let running: Vec<_> = connections
            .into_iter()
            .map(|guarded| {
                let roster = known.clone().map_or_else(Roster::default, Roster::Known);
                let sources = plans.iter().zip(&readings).zip(&starts);
                let sources = sources.map(|((plan, reading), starts)| {
                    let decimals = program.settings.money_decimals;
                    let clock = clock(plan.source.at_unit);
                    let rows =
                        RowReader::new(plan, reading, days_from_date(as_of), decimals, clock);
                    let scripts = RowScripts::new(&program.scripts, as_of);
                    let scan = Scan::new(plan, as_of, decimals, starts.clone(), scripts);
                    Read { scan, rows: Arc::new(Mutex::new(rows)) }
                });
                let worker = Worker::new(roster, sources.collect());
                let job = &job;
                scope.spawn(move || worker.run(job, &guarded))
            })
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().expect("a reading thread panicked"))
            .collect()
    });
    let mut facts = gather(program, &plans, workers, table.as_ref(), known.as_deref())?;
    if let (Some(table), Some(ids)) = (table, known) {
        facts.attributes = table.attributes;
        facts.customers = Arc::unwrap_or_clone(ids).list;
    }
    Ok(facts)
}

/// Puts together what the threads have read.
fn gather(
    program: &Program,
    plans: &[SourcePlan],
    mut workers: Vec<Worker>,
    table: Option<&CustomerTable>,
    known: Option<&Ids>,
) -> Result<Facts, StoreError> {
    // The first in storage order, for any number of threads.
    let faults = workers.iter_mut().filter_map(|worker| worker.fault.take());
    if let Some((_, error)) = faults.min_by_key(|(task, _)| *task) {
        return Err(error);
    }
    let mut facts = Facts {
        attributes: vec![None; program.attributes.len()],
        metrics: vec![None; program.metrics.len()],
        ..Facts::default()
    };
    let mut bad_rows = table.map(|table| table.bad_rows.clone()).unwrap_or_default();
    let mut counted = [("no customer", 0), ("unknown customer", 0), ("customer without id", 0)];
    counted[2].1 = table.map_or(0, |table| table.nameless);
    let mut reads: Vec<Vec<Read>> = plans.iter().map(|_| Vec::new()).collect();
    let mut found = None;
    // For every thread, the slot in the common list of each of its customers.
    let mut slots: Vec<Option<Vec<u32>>> = Vec::new();
    for worker in workers {
        for (source, read) in worker.sources.into_iter().enumerate() {
            let left = mem::take(&mut lock(&read.rows).left);
            bad_rows.absorb(left.bad_rows);
            counted[0].1 += left.no_customer;
            counted[1].1 += left.unknown_customer;
            reads[source].push(read);
        }
        slots.push(match (worker.roster, &mut found) {
            (Roster::Known(_), _) => None,
            (Roster::Found(ids), None) => {
                found = Some(ids);
                None
            }
            (Roster::Found(ids), Some(found)) => Some(add_all(found, &ids)?),
        });
    }
    let customers = found.as_ref().or(known).map_or(0, |ids| ids.list.len());
    let order = found.map(|ids| {
        let (customers, order) = ids.sorted();
        facts.customers = customers;
        order
    });
    for (plan, reads) in plans.iter().zip(reads) {
        let money_decimals = program.settings.money_decimals;
        for (metric, column) in
            finish(plan, reads, &slots, customers, order.as_deref(), money_decimals)
        {
            facts.metrics[metric] = Some(column);
        }
    }
    facts.bad_rows = bad_rows.count;
    facts.bad_row_examples = bad_rows.examples();
    facts.bad_row_reasons = bad_rows.reasons;
    let some = counted.into_iter().filter(|(_, rows)| *rows > 0);
    facts.skipped_rows = some.map(|(why, rows)| (why.to_owned(), rows)).collect::<BTreeMap<_, _>>();
    Ok(facts)
}

/// Adds the customers that one thread has found to those of another.
fn add_all(found: &mut Ids, others: &Ids) -> Result<Vec<u32>, StoreError> {
    let slots = others.list.iter().map(|id| found.find_or_add(Who::from(id)));
    slots.collect::<Option<_>>().ok_or(StoreError::TooManyCustomers { limit: MOST_CUSTOMERS })
}

/// The metrics of one source, from what each thread has added up.
fn finish(
    plan: &SourcePlan,
    reads: Vec<Read>,
    slots: &[Option<Vec<u32>>],
    customers: usize,
    order: Option<&[u32]>,
    money_decimals: u8,
) -> Vec<(MetricId, Column)> {
    let mut outcomes = plan.outcomes(money_decimals);
    let mut all = Accumulators::new(&plan.aggregates());
    for (Read { mut scan, rows }, slots) in reads.into_iter().zip(slots) {
        let theirs = mem::replace(&mut scan.accumulators, Accumulators::new(&[]));
        let rows = lock(&rows);
        let codes: Vec<Option<Vec<u32>>> = plan
            .metrics
            .iter()
            .zip(&mut outcomes)
            .map(|(metric, outcome)| {
                let theirs = metric.column.and_then(|column| scan.dictionary(&rows, column))?;
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
    let columns = all.finish(customers, order, &outcomes);
    plan.metrics.iter().map(|metric| metric.metric).zip(columns).collect()
}

/// Adds one dictionary's texts to another; gives their codes there.
fn add_texts(texts: &mut Arc<Dictionary>, others: &Dictionary) -> Vec<u32> {
    let texts = Arc::make_mut(texts);
    (0..others.len() as u32).map(|code| texts.intern(others.text(code))).collect()
}
