//! What a script may use up. All limits are set here, so that debug and release are the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine};

/// Steps of the interpreter in one call: a loop over a thousand items with some arithmetic.
pub const OPERATIONS: u64 = 100_000;
/// Wall-clock time of one call: the last resort, for natives that take long within few operations.
/// So long that a sound script never meets it on a busy machine: what decides a fault is the
/// number of operations, which is the same everywhere.
pub const TIME: Duration = Duration::from_secs(2);
/// The clock is read once in so many operations: reading it costs more than an operation.
const OPERATIONS_BETWEEN_CLOCK_READS: u64 = 64;
/// What the interpreter counts for the call that counts a line, in a statement of its own and
/// beside an expression.
pub(super) const OPERATIONS_OF_A_COUNT: u64 = 4;
/// Calls within calls. Small, because every level of an expression also uses the thread's stack.
pub const CALL_LEVELS: usize = 16;
/// Operators, brackets and blocks within each other.
pub const EXPRESSION_DEPTH: usize = 32;
/// Variables of one function.
pub const VARIABLES: usize = 64;
/// Functions of one module.
pub const FUNCTIONS: usize = 256;
/// Bytes of one text, and of all texts within one list or map.
pub const TEXT_BYTES: usize = 10_000;
/// Items of a list, those of lists within it included.
pub const LIST_ITEMS: usize = 1_000;
/// Entries of a map, those of maps within it included.
pub const MAP_ENTRIES: usize = 1_000;

/// Sets every limit, and lets `budget` end calls that take too long.
pub(super) fn apply(engine: &mut Engine, budget: &Arc<Budget>) {
    engine
        .set_max_operations(OPERATIONS)
        .set_max_call_levels(CALL_LEVELS)
        .set_max_expr_depths(EXPRESSION_DEPTH, EXPRESSION_DEPTH)
        .set_max_variables(VARIABLES)
        .set_max_functions(FUNCTIONS)
        .set_max_modules(0)
        .set_max_string_size(TEXT_BYTES)
        .set_max_array_size(LIST_ITEMS)
        .set_max_map_size(MAP_ENTRIES);
    let budget = budget.clone();
    engine.on_progress(move |_| budget.spend().then_some(Dynamic::UNIT));
}

/// Leaves the end of a call to `budget` alone, to which the operations of counts are given back.
/// Until then they may lie over the limit, so that is asked once more when a call has ended.
pub(super) fn leave_to(engine: &mut Engine, budget: &Arc<Budget>) {
    engine.set_max_operations(0);
    let budget = budget.clone();
    // The interpreter tells of too many operations and too much time in the same way.
    engine.on_progress(move |_| {
        budget.spend_more(OPERATIONS_OF_A_COUNT).then(|| budget.is_spent().into())
    });
}

/// Counts one call's operations and time. Its own count, because the interpreter's begins
/// anew in functions that natives call back.
#[derive(Debug)]
pub(super) struct Budget {
    origin: Instant,
    /// Nanoseconds after `origin` at which the call must have ended.
    deadline: AtomicU64,
    operations: AtomicU64,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            origin: Instant::now(),
            deadline: AtomicU64::new(u64::MAX),
            operations: AtomicU64::new(0),
        }
    }

    /// Begins a call.
    pub(super) fn begin(&self) {
        let deadline = self.elapsed() + TIME.as_nanos() as u64;
        self.deadline.store(deadline, Ordering::Relaxed);
        self.operations.store(0, Ordering::Relaxed);
    }

    /// One more operation; `true` where the call must end.
    fn spend(&self) -> bool {
        self.spend_more(0)
    }

    fn spend_more(&self, allowance: u64) -> bool {
        let operations = self.operations.fetch_add(1, Ordering::Relaxed) + 1;
        operations > OPERATIONS + allowance
            || (operations.is_multiple_of(OPERATIONS_BETWEEN_CLOCK_READS)
                && self.elapsed() > self.deadline.load(Ordering::Relaxed))
    }

    /// Whether more operations were made than a call may.
    pub(super) fn is_spent(&self) -> bool {
        self.operations.load(Ordering::Relaxed) > OPERATIONS
    }

    /// Takes operations back that are not the script's own.
    pub(super) fn give_back(&self, operations: u64) {
        self.operations.fetch_sub(operations, Ordering::Relaxed);
    }

    fn elapsed(&self) -> u64 {
        self.origin.elapsed().as_nanos() as u64
    }
}
