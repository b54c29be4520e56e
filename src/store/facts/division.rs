//! Kept rows are divided by customer.
//!
//! A part is so small that what its customers add up to stays near the processor, and belongs to
//! one thread, so that nothing has to be put together afterwards. Within it rows are in blocks
//! in the order in which they were read: where that is the order of time, most blocks lie
//! outside of a date's windows.

use std::mem;
use std::sync::Arc;

use super::ids::NOWHERE;
use super::kept::Kept;
use super::rows::BLOCK_ROWS;
use crate::expr::ColumnId;
use crate::expr::column::{Column, Data, Dictionary};

/// The codes of one thread's texts, among all texts.
#[derive(Debug)]
pub(super) struct Codes {
    pub(super) column: ColumnId,
    pub(super) texts: Arc<Dictionary>,
    /// `None`: the same.
    pub(super) codes: Option<Vec<u32>>,
}

/// How customers are divided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Division {
    /// Customers in a part; the last may have fewer.
    pub(super) size: usize,
    pub(super) parts: usize,
}

/// Customers in a part at most: so that a hundred bytes for each fit the processor's own cache.
const MOST_IN_PART: usize = 4096;

/// Parts at least, so that no thread waits long for the last.
const FEWEST_PARTS: usize = 16;

impl Division {
    pub(super) fn of(customers: usize) -> Self {
        let size = customers.div_ceil(FEWEST_PARTS).clamp(1, MOST_IN_PART);
        Self { size, parts: customers.div_ceil(size).max(1) }
    }

    /// Divides the rows of one source that a thread has read. `slot` says who a slot of that
    /// thread is among all customers; `met` is called for every row with that and its day.
    pub(super) fn divide(
        self,
        blocks: Vec<Kept>,
        codes: &[Codes],
        slot: impl Fn(u32) -> u32,
        mut met: impl FnMut(u32, i32),
    ) -> Vec<Vec<Kept>> {
        let mut done: Vec<Vec<Kept>> = (0..self.parts).map(|_| Vec::new()).collect();
        let mut open: Vec<Kept> = (0..self.parts).map(|_| Kept::default()).collect();
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); self.parts];
        for mut block in blocks {
            for codes in codes {
                codes.put_into(&mut block.columns[codes.column]);
            }
            let happened = block.slots.iter_mut().zip(&block.days);
            for ((of, &day), row) in happened.zip(0..).filter(|((of, _), _)| **of != NOWHERE) {
                *of = slot(*of);
                met(*of, day);
                rows[*of as usize / self.size].push(row);
            }
            for (part, rows) in rows.iter_mut().enumerate().filter(|(_, rows)| !rows.is_empty()) {
                let kept = &mut open[part];
                kept.append(&block, rows, (part * self.size) as u32);
                if kept.slots.len() >= BLOCK_ROWS {
                    done[part].push(mem::take(kept).closed());
                }
                rows.clear();
            }
        }
        for (done, open) in done.iter_mut().zip(open) {
            if !open.slots.is_empty() {
                done.push(open.closed());
            }
        }
        done
    }
}

impl Codes {
    fn put_into(&self, column: &mut Option<Column>) {
        if let Some(Column { data: Data::Text { codes, dictionary }, .. }) = column {
            *dictionary = self.texts.clone();
            if let Some(known) = &self.codes {
                // Code 0 may stand where no text is known.
                let common = |code: u32| known.get(code as usize).copied().unwrap_or(0);
                codes.iter_mut().for_each(|code| *code = common(*code));
            }
        }
    }
}
