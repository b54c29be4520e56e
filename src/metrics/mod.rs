//! Metrics: one value per customer, from rows.
//!
//! In: what a metric counts, its window, and rows that were read. Out: columns.
//! Never: SQL, a clock, or an answer that depends on the order of rows.

mod window;

pub use window::{Days, days_of, last_anniversary, period_start};
