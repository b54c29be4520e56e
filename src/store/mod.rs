//! SQLite: the only place that knows SQL.
//!
//! In: a store's path and a program. Out: [`Facts`], columns of one row per customer.
//! Never: writing to a store, or an answer that depends on the order of its rows.

mod changes;
mod error;
mod facts;
mod guard;
pub mod import;
mod open;
mod schema;
mod snapshot;
mod state;
pub mod tracking;

pub use changes::{Following, How, StoreMarks, StoreWatch, Touched, following};
pub use error::StoreError;
pub use facts::{
    Asking, CustomerId, Facts, History, MemoryError, MemoryRow, MemoryStore, ReadOptions,
    facts_in_common, read_facts, read_facts_of, read_facts_together, read_memory,
};
pub use guard::QUERY_TIME_LIMIT;
pub use open::open_read_only;
pub use schema::{Schema, SchemaColumn, Table, TableKind, query_columns, schema};
pub use state::{
    Decision, FeedEvent, Moment, Owner, PastEvent, PastHold, State, StateError, StateLock,
    StateReader, StoredPass, StoredStandings, TierSince, Written,
};
