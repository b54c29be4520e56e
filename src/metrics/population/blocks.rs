//! Work over blocks of rows, in parallel, with answers in the order of the rows.

use std::num::NonZero;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Rows that are evaluated at a time: their intermediate columns stay in the cache.
pub const BLOCK_ROWS: usize = 4096;

/// Threads to use where 0 asks for as many as there are processors.
pub fn thread_count(asked: usize) -> usize {
    if asked > 0 { asked } else { thread::available_parallelism().map_or(1, NonZero::get) }
}

/// Calls `work` for every block of `rows`. `worker` makes what one thread needs for all of its
/// blocks (a script engine, say).
pub fn in_blocks<W, T: Send>(
    rows: usize,
    threads: usize,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&W, Range<usize>) -> T + Sync,
) -> Vec<T> {
    let blocks = rows.div_ceil(BLOCK_ROWS);
    let threads = thread_count(threads).min(blocks);
    let range = |block: usize| block * BLOCK_ROWS..rows.min((block + 1) * BLOCK_ROWS);
    if threads <= 1 {
        let own = worker();
        return (0..blocks).map(|block| work(&own, range(block))).collect();
    }
    let next = AtomicUsize::new(0);
    let run = || {
        let own = worker();
        let mut done = Vec::new();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks {
                return done;
            }
            done.push((block, work(&own, range(block))));
        }
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let handles: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut done = run();
        for handle in handles {
            match handle.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(block, _)| *block);
    done.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_rows() {
        let rows = 5 * BLOCK_ROWS + 7;
        for threads in [1, 3] {
            let ranges = in_blocks(rows, threads, || (), |(), range| range);
            assert_eq!(ranges.len(), 6);
            assert_eq!(ranges[5], 5 * BLOCK_ROWS..rows);
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
        assert!(in_blocks(0, 4, || (), |(), range| range).is_empty());
    }
}
