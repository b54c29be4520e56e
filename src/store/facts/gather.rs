//! Reading all sources in parallel, and putting together whom the threads have met.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::{mem, thread};

use jiff::tz::TimeZone;

use super::ReadOptions;
use super::clock::Clock;
use super::customer::CustomerId;
use super::ids::{Ids, MOST_CUSTOMERS, Who};
use super::job::{Job, Lookups};
use super::left::LeftByDay;
use super::plan::SourcePlan;
use super::relation::Reading;
use super::roster::CustomerTable;
use super::rows::{Roster, RowReader};
use super::work::{Read, TakeBlock, Worker, lock};
use crate::expr::column::Dictionary;
use crate::program::{AtUnit, Program};
use crate::store::StoreError;
use crate::store::snapshot::Snapshot;

/// How often to read anew when a store that seemed to be at rest was not.
const ATTEMPTS: u32 = 3;

/// More connections gain nothing: the memory's speed is the limit by then.
const MOST_THREADS: usize = 8;

/// Whose rows are read.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    /// Whoever has one.
    Anybody,
    /// Those of a customers table.
    Known(Arc<Ids>),
    /// Some of them; by an index where there is one.
    Only(Arc<Ids>),
}

impl Whose {
    pub(super) fn ids(&self) -> Option<&Arc<Ids>> {
        match self {
            Whose::Known(ids) | Whose::Only(ids) => Some(ids),
            Whose::Anybody => None,
        }
    }

    pub(super) fn into_ids(self) -> Option<Arc<Ids>> {
        match self {
            Whose::Known(ids) | Whose::Only(ids) => Some(ids),
            Whose::Anybody => None,
        }
    }
}

/// A store that can be read, at one moment of it.
pub(super) struct Reader<'a> {
    pub(super) options: &'a ReadOptions<'a>,
    snapshot: Snapshot,
}

/// What the threads have read.
pub(super) struct Gathered<T> {
    /// Without a customers table: who was found, sorted, and for each the slot in the common
    /// list.
    pub(super) found: Option<(Vec<CustomerId>, Vec<u32>)>,
    /// By plan, then by thread.
    pub(super) reads: Vec<Vec<Read<T>>>,
    /// For every thread the slot in the common list of each of its customers; `None`: the same.
    pub(super) slots: Vec<Option<Vec<u32>>>,
    /// By plan.
    pub(super) left: Vec<LeftByDay>,
}

/// Reads a store, anew if it did not stay as it was.
pub(super) fn at_rest<T>(
    store: &Path,
    options: &ReadOptions,
    read: impl Fn(&mut Reader) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    for _ in 0..ATTEMPTS {
        let snapshot = Snapshot::take(store, threads(options), &options.stop)?;
        let mut reader = Reader { options, snapshot };
        let outcome = read(&mut reader);
        // Whatever SQLite made of being interrupted.
        if options.stop.load(Ordering::Relaxed) {
            return Err(StoreError::Stopped);
        }
        if reader.snapshot.file.is_unchanged() {
            return outcome;
        }
    }
    Err(StoreError::Unsteady { path: store.to_owned() })
}

fn zone(program: &Program) -> Result<TimeZone, StoreError> {
    let name = &program.settings.timezone;
    TimeZone::get(name).map_err(|_| StoreError::UnknownZone { name: name.clone() })
}

pub(super) fn threads(options: &ReadOptions) -> usize {
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    let asked = if options.threads == 0 { processors() } else { options.threads };
    asked.min(MOST_THREADS)
}

impl Reader<'_> {
    /// The customers table, where the programs have one: all the same, with the same settings.
    /// `only`: of these customers.
    pub(super) fn table(
        &self,
        programs: &[&Program],
        only: Option<&Ids>,
    ) -> Result<Option<CustomerTable>, StoreError> {
        let Some(program) = programs.first() else { return Ok(None) };
        let Some(customers) = &program.customers else { return Ok(None) };
        let Snapshot { file, connections, schema } = &self.snapshot;
        let store = (file, schema, &connections[0]);
        let clock = Clock::new(zone(program)?, AtUnit::Seconds);
        let skip = self.options.skip_bad_rows;
        CustomerTable::read(programs, customers, store, &clock, (skip, only)).map(Some)
    }

    /// Reads the rows of all sources up to a day, with a program's settings. `take` makes, by
    /// place among the plans, what a thread does with them.
    pub(super) fn scan<T: TakeBlock + Send>(
        &mut self,
        program: &Program,
        plans: &[SourcePlan],
        last_day: i32,
        whose: &Whose,
        take: impl Fn(usize) -> T,
    ) -> Result<Gathered<T>, StoreError> {
        let zone = zone(program)?;
        let Snapshot { file, connections, schema } = &mut self.snapshot;
        let readings = plans
            .iter()
            .map(|plan| Reading::of_source(&connections[0], schema, plan))
            .collect::<Result<Vec<_>, _>>()?;
        let guarded = &connections[0];
        let lookup = |(plan, reading): (&SourcePlan, &Reading), customers: &[CustomerId]| {
            let faster = reading.is_lookup_faster(customers.len());
            let lookup = faster.then(|| reading.lookup(guarded, &plan.source.customer));
            lookup.transpose().map(Option::flatten)
        };
        let lookups = match whose {
            Whose::Only(ids) => {
                let sources = plans.iter().zip(&readings);
                let by_plan = sources.map(|source| lookup(source, &ids.list));
                Some((&*ids.list, by_plan.collect::<Result<Vec<_>, StoreError>>()?))
            }
            Whose::Anybody | Whose::Known(_) => None,
        };
        let lookups = lookups.as_ref().map(|(customers, by_plan)| Lookups { customers, by_plan });
        let threads = connections.len();
        let job = Job::new(file, plans, &readings, lookups, threads, self.options);
        let workers: Vec<Worker<T>> = thread::scope(|scope| {
            let running: Vec<_> = connections
                .iter_mut()
                .map(|guarded| {
                    let known = whose.ids().cloned();
                    let roster = known.map_or_else(Roster::default, Roster::Known);
                    let sources = plans.iter().zip(&readings).enumerate();
                    let sources = sources.map(|(place, (plan, reading))| {
                        let decimals = program.settings.money_decimals;
                        let clock = Clock::new(zone.clone(), plan.source.at_unit);
                        let rows = RowReader::new(plan, reading, last_day, decimals, clock);
                        Read { taken: take(place), rows: Arc::new(Mutex::new(rows)) }
                    });
                    let worker = Worker::new(roster, sources.collect());
                    let job = &job;
                    scope.spawn(move || worker.run(job, guarded))
                })
                .collect();
            running
                .into_iter()
                .map(|thread| thread.join().expect("a reading thread panicked"))
                .collect()
        });
        gather(plans.len(), workers)
    }
}

fn gather<T>(plans: usize, mut workers: Vec<Worker<T>>) -> Result<Gathered<T>, StoreError> {
    // The first in storage order, for any number of threads.
    let faults = workers.iter_mut().filter_map(|worker| worker.fault.take());
    if let Some((_, error)) = faults.min_by_key(|(task, _)| *task) {
        return Err(error);
    }
    let mut left: Vec<LeftByDay> = (0..plans).map(|_| LeftByDay::default()).collect();
    let mut reads: Vec<Vec<Read<T>>> = (0..plans).map(|_| Vec::new()).collect();
    let mut found = None;
    let mut slots = Vec::new();
    for worker in workers {
        for (source, read) in worker.sources.into_iter().enumerate() {
            left[source].absorb(mem::take(&mut lock(&read.rows).left));
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
    Ok(Gathered { found: found.map(Ids::sorted), reads, slots, left })
}

/// Adds the customers that one thread has found to those of another.
fn add_all(found: &mut Ids, others: &Ids) -> Result<Vec<u32>, StoreError> {
    let slots = others.list.iter().map(|id| found.find_or_add(Who::from(id)));
    slots.collect::<Option<_>>().ok_or(StoreError::TooManyCustomers { limit: MOST_CUSTOMERS })
}

/// Adds one dictionary's texts to another; gives their codes there.
pub(super) fn add_texts(texts: &mut Arc<Dictionary>, others: &Dictionary) -> Vec<u32> {
    let texts = Arc::make_mut(texts);
    (0..others.len() as u32).map(|code| texts.intern(others.text(code))).collect()
}
