//! tierkeeper: a rules host for customer tiers.
//!
//! Two one-way streams:
//!
//! ```text
//! pack files → parsed pack → checked pack → program            (rules; immutable once built)
//! store rows → metric columns → decisions → transitions → state (facts; one pass)
//! ```
//!
//! The first: [`pack`] reads, [`check`] finds faults and lowers, [`program`] is the result.
//! The second: [`store`] reads facts into [`metrics`], [`pass`] decides with [`lifecycle`],
//! and [`store`] writes the state. [`explain`] puts decisions into words. [`evaluation`] joins both
//! streams, and [`host`] keeps doing so.

pub mod analysis;
pub mod build;
pub mod check;
pub mod coverage;
pub mod criteria;
pub mod demo;
pub mod diagnostic;
pub mod difference;
pub mod evaluation;
pub mod explain;
pub mod expr;
pub mod host;
pub mod import;
pub mod lifecycle;
pub mod limits;
pub mod metrics;
pub mod mutation;
pub mod pack;
pub mod pass;
pub mod plan;
pub mod program;
mod random;
pub mod script;
pub mod simulate;
pub mod source;
pub mod store;
pub mod suite;
