//! How a history is made: rows are read, kept, and divided by customer.

use std::sync::Arc;
use std::{mem, thread};

use jiff::civil::Date;

use super::computed::ComputedColumns;
use super::division::{Codes, Division};
use super::gather::{Gathered, Reader, Whose, add_texts, threads};
use super::history::{History, KeptSource};
use super::kept::{Keeper, Kept};
use super::left::LeftByDay;
use super::plan::{SourcePlan, plans};
use super::scripts::RowScripts;
use super::steady::Steady;
use super::work::{Read, lock};
use crate::expr::column::Dictionary;
use crate::expr::{ColumnId, days_from_date};
use crate::program::Program;
use crate::store::StoreError;

pub(super) fn read(
    reader: &mut Reader,
    program: &Program,
    until: Date,
) -> Result<History, StoreError> {
    let options = reader.options;
    let mut table = reader.table(&[program], None)?;
    let plans = plans(program, until);
    let steady: Vec<Steady> = plans.iter().map(Steady::of).collect();
    let known = table.as_mut().map(|table| Arc::new(mem::take(&mut table.ids)));
    let keep = |place: usize| {
        let scripts = Arc::new(RowScripts::new(&program.scripts, until));
        let computed = ComputedColumns::new(program, &plans[place], until, scripts);
        Keeper::new(&plans[place], &steady[place], computed)
    };
    let whose = known.clone().map_or(Whose::Anybody, Whose::Known);
    let gathered = reader.scan(program, &plans, days_from_date(until), &whose, keep)?;
    let Gathered { found, reads, slots, left: of_sources } = gathered;
    let mut left = LeftByDay::default();
    of_sources.into_iter().for_each(|of_source| left.absorb(of_source));
    if let Some(table) = &mut table {
        left.absorb_left(mem::take(&mut table.left));
    }
    let (customers, rows) = match (found, known) {
        (Some((customers, order)), _) => {
            let mut rows = vec![0; order.len()];
            (0..).zip(&order).for_each(|(row, &slot)| rows[slot as usize] = row);
            (customers, Some(rows))
        }
        (None, Some(ids)) => (Arc::unwrap_or_clone(ids).list, None),
        (None, None) => (Vec::new(), None),
    };
    let division = Division::of(customers.len());
    let mut first_days = vec![i32::MAX; if table.is_some() { 0 } else { customers.len() }];
    let mut sources = Vec::new();
    for (plan, reads) in plans.iter().zip(reads) {
        let (texts, reads) = common_texts(plan, reads);
        let parts: Vec<Divided> = thread::scope(|scope| {
            let threads = reads.into_iter().zip(&slots);
            let running: Vec<_> = threads
                .map(|((blocks, codes), slots)| {
                    let slots = Slots { of_thread: slots.as_deref(), rows: rows.as_deref() };
                    let first_days = vec![i32::MAX; first_days.len()];
                    scope.spawn(move || divide(division, blocks, &codes, slots, first_days))
                })
                .collect();
            running
                .into_iter()
                .map(|thread| thread.join().expect("a thread that divides rows panicked"))
                .collect()
        });
        let mut all: Vec<Vec<Kept>> = (0..division.parts).map(|_| Vec::new()).collect();
        for Divided { parts, first_days: days } in parts {
            first_days.iter_mut().zip(days).for_each(|(first, day)| *first = day.min(*first));
            all.iter_mut().zip(parts).for_each(|(all, part)| all.extend(part));
        }
        if plan.metrics.is_empty() {
            all.clear();
        }
        sources.push((texts, all));
    }
    let sources = steady
        .into_iter()
        .zip(sources)
        .map(|(steady, (texts, parts))| KeptSource { steady, texts, parts })
        .collect();
    let threads = threads(options);
    Ok(History { threads, customers, table, first_days, left, division, sources })
}

/// What a thread has read of a source, and where its texts are among all.
type Blocks = (Vec<Kept>, Vec<Codes>);

/// The texts of each kept column of texts, over all threads.
fn common_texts(
    plan: &SourcePlan,
    reads: Vec<Read<Keeper<'_>>>,
) -> (Vec<Option<Arc<Dictionary>>>, Vec<Blocks>) {
    let mut common: Vec<Option<Arc<Dictionary>>> = vec![None; plan.source.columns.len()];
    let mut codes: Vec<Vec<(ColumnId, Option<Vec<u32>>)>> = Vec::new();
    for read in &reads {
        let rows = lock(&read.rows);
        let mut of_thread = Vec::new();
        for (column, common) in common.iter_mut().enumerate() {
            let Some(theirs) = read.taken.texts(&rows, column) else { continue };
            of_thread.push(match common {
                Some(texts) => (column, Some(add_texts(texts, theirs))),
                None => {
                    *common = Some(theirs.clone());
                    (column, None)
                }
            });
        }
        codes.push(of_thread);
    }
    let texts = |column: ColumnId| common[column].clone().unwrap_or_default();
    let all = |(column, codes)| Codes { column, texts: texts(column), codes };
    let codes = codes.into_iter().map(|of_thread| of_thread.into_iter().map(all).collect());
    let blocks = reads.into_iter().map(|read| read.taken.into_blocks());
    let blocks = blocks.zip(codes).collect();
    (common, blocks)
}

/// Who the slots of a thread are.
#[derive(Debug, Clone, Copy)]
struct Slots<'a> {
    /// In the common list; `None`: the same.
    of_thread: Option<&'a [u32]>,
    /// By slot in the common list the place in the order of ids; `None`: the same.
    rows: Option<&'a [u32]>,
}

/// What a thread has divided of a source.
struct Divided {
    parts: Vec<Vec<Kept>>,
    first_days: Vec<i32>,
}

/// `first_days` are those of customers whose first day is asked for.
fn divide(
    division: Division,
    blocks: Vec<Kept>,
    codes: &[Codes],
    slots: Slots<'_>,
    mut first_days: Vec<i32>,
) -> Divided {
    let slot = |slot: u32| {
        let slot = slots.of_thread.map_or(slot, |slots| slots[slot as usize]);
        slots.rows.map_or(slot, |rows| rows[slot as usize])
    };
    let met = |customer: u32, day: i32| {
        if let Some(first) = first_days.get_mut(customer as usize) {
            *first = day.min(*first);
        }
    };
    Divided { parts: division.divide(blocks, codes, slot, met), first_days }
}
