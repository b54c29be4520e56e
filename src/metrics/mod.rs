//! Metrics: one value per customer, from rows.
//!
//! In: what a metric counts, its window, and blocks of rows that were read. Out: columns.
//! Never: SQL, a clock, or an answer that depends on the order of rows.

mod absorb;
mod accumulators;
mod add;
pub mod exact;
mod finish;
mod given;
mod kept;
mod narrow;
mod pairs;
pub mod population;
mod window;

pub use accumulators::{Accumulators, Taken};
pub use finish::Outcome;
pub use given::{GiveError, GivenMetric};
pub use window::{Days, days_of, last_anniversary, membership_year_before, period_start};
