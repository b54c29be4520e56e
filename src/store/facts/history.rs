use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::civil::Date;

use super::customer::CustomerId;
use super::division::Division;
use super::gather::at_rest;
use super::keep::read;
use super::kept::Kept;
use super::left::LeftByDay;
use super::plan::{SourcePlan, plans};
use super::roster::{CustomerTable, WindowSpan, window_spans};
use super::scan::Scan;
use super::scripts::RowScripts;
use super::steady::Steady;
use super::{Facts, ReadOptions};
use crate::expr::column::{Column, Dictionary};
use crate::expr::{LadderId, days_from_date};
use crate::program::Program;
use crate::store::StoreError;

/// The rows of a store, read once, for facts as of many dates.
///
/// It belongs to the program that it was read with.
#[derive(Debug)]
pub struct History {
    pub(super) threads: usize,
    /// Everybody up to the last date, sorted.
    pub(super) customers: Vec<CustomerId>,
    pub(super) table: Option<CustomerTable>,
    /// By customer; empty with a customers table, which has everybody from the beginning.
    pub(super) first_days: Vec<i32>,
    pub(super) left: LeftByDay,
    pub(super) division: Division,
    /// By place among the plans.
    pub(super) sources: Vec<KeptSource>,
}

/// The rows of one source.
#[derive(Debug)]
pub(super) struct KeptSource {
    pub(super) steady: Steady,
    /// By column, of those that are kept.
    pub(super) texts: Vec<Option<Arc<Dictionary>>>,
    /// By part of the customers; without any where no metric asks for them.
    pub(super) parts: Vec<Vec<Kept>>,
}

/// Asks since when a customer has held the tier they are in.
type TierSince<'a> = &'a (dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync);

impl History {
    /// Reads all rows up to a date. A row that cannot be read stops it, or is skipped and
    /// counted, as if the facts were read as of that date; `options.tier_since` is not asked.
    pub fn read(
        program: &Program,
        store: &Path,
        until: Date,
        options: &ReadOptions,
    ) -> Result<Self, StoreError> {
        at_rest(store, options, |reader| read(reader, program, until))
    }

    /// The facts as of a date: the same that a reading of the store as of it would give. After
    /// the last date that was read nothing more comes.
    pub fn facts(&self, program: &Program, as_of: Date, tier_since: TierSince<'_>) -> Facts {
        let plans = plans(program, as_of);
        let attributes = match &self.table {
            Some(table) => table.attributes(0, program, as_of),
            None => vec![None; program.attributes.len()],
        };
        let spans: Vec<_> = plans
            .iter()
            .map(|plan| window_spans(plan, &self.customers, &attributes, tier_since))
            .collect();
        let date = AsOf { program, as_of, plans: &plans, spans: &spans };
        let mut facts = Facts {
            customers: self.customers_until(days_from_date(as_of)),
            attributes,
            metrics: vec![None; program.metrics.len()],
            ..Facts::default()
        };
        self.left.until(days_from_date(as_of)).tell(&mut facts);
        for (plan, columns) in plans.iter().zip(self.all_parts(date)) {
            for (metric, column) in plan.metrics.iter().zip(columns) {
                facts.metrics[metric.metric] = Some(column);
            }
        }
        facts
    }

    fn customers_until(&self, day: i32) -> Vec<CustomerId> {
        if self.table.is_some() {
            return self.customers.clone();
        }
        let known = self.customers.iter().zip(&self.first_days);
        known.filter(|(_, first)| **first <= day).map(|(id, _)| id.clone()).collect()
    }

    /// The metrics by plan, of all customers that there are as of a date.
    fn all_parts(&self, date: AsOf<'_>) -> Vec<Vec<Column>> {
        let next = AtomicUsize::new(0);
        let work = || {
            let scripts = Arc::new(RowScripts::new(&date.program.scripts, date.as_of));
            let mut done = Vec::new();
            loop {
                let part = next.fetch_add(1, Ordering::Relaxed);
                if part >= self.division.parts {
                    return done;
                }
                done.push((part, self.part(date, part, &scripts)));
            }
        };
        let mut parts: Vec<(usize, Vec<Vec<Column>>)> = thread::scope(|scope| {
            let running: Vec<_> = (0..self.threads).map(|_| scope.spawn(work)).collect();
            running
                .into_iter()
                .flat_map(|thread| thread.join().expect("a thread that adds up panicked"))
                .collect()
        });
        parts.sort_unstable_by_key(|(part, _)| *part);
        let mut parts = parts.into_iter().map(|(_, columns)| columns);
        let mut all = parts.next().unwrap_or_default();
        for part in parts {
            let columns = all.iter_mut().flatten().zip(part.into_iter().flatten());
            let mut rows = Vec::new();
            for (all, column) in columns {
                rows.extend(rows.len() as u32..column.len() as u32);
                all.append(&column, &rows);
            }
        }
        all
    }

    /// The metrics by plan, of the customers of one part.
    fn part(&self, date: AsOf<'_>, part: usize, scripts: &Arc<RowScripts>) -> Vec<Vec<Column>> {
        let first = part * self.division.size;
        let end = self.customers.len().min(first + self.division.size);
        let order: Option<Vec<u32>> = self.table.is_none().then(|| {
            let last_day = days_from_date(date.as_of);
            let days = self.first_days[first..end].iter().zip(0..);
            days.filter(|(day, _)| **day <= last_day).map(|(_, slot)| slot).collect()
        });
        let sources = date.plans.iter().zip(date.spans).zip(&self.sources);
        sources
            .map(|((plan, spans), source)| {
                let of_part = |spans: &Arc<Vec<WindowSpan>>| {
                    Arc::new(spans.get(first..end).unwrap_or_default().to_vec())
                };
                let spans = spans.iter().map(of_part).collect();
                let mut scan = Scan::new(date.program, plan, date.as_of, spans, scripts.clone());
                scan.accumulators.grow(end - first);
                for block in source.parts.get(part).into_iter().flatten() {
                    let moving = &source.steady.moving;
                    scan.add(block.happened(), block.columns(), moving, block.truths());
                }
                let mut outcomes = plan.outcomes(date.program.settings.money_decimals);
                for (metric, outcome) in plan.metrics.iter().zip(&mut outcomes) {
                    let texts = metric.column.and_then(|column| {
                        source.texts[column].as_ref().or_else(|| scan.computed.texts(column))
                    });
                    outcome.dictionary = texts.cloned();
                }
                scan.accumulators.finish(order.as_deref(), &outcomes)
            })
            .collect()
    }
}

/// What is asked for one date.
#[derive(Debug, Clone, Copy)]
struct AsOf<'a> {
    program: &'a Program,
    as_of: Date,
    plans: &'a [SourcePlan<'a>],
    /// By plan and window.
    spans: &'a [Vec<Arc<Vec<WindowSpan>>>],
}
